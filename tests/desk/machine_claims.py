"""What goes wrong with crates, and what was posted wrongly: claimed, answered, decided, given back."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from pooling.desk.claims.deciding import Decision, answer_claim, decide_claim
from pooling.desk.claims.opening import ClaimWords, open_claim, withdraw_claim
from pooling.desk.corrections import CorrectionWords, correct_transfer
from pooling.store.claiming import claim
from pooling.store.market import shipment
from pooling.store.touring import handover
from pooling.store.work import transfer
from tests.desk.machine_town import ANY, TownMachine

KINDS = st.sampled_from(["missing", "damaged", "damaged", "late", "warm"])
ANSWERS = ("accept", "dispute", "withdraw", "decide", "decide", "silence")


class ClaimRules(TownMachine):
    """Claim for crates that were handed over, answer, decide, and give transfers back."""

    @rule(pick=ANY, kind=KINDS, crates=st.integers(1, 5), how=st.sampled_from(ANSWERS))
    def claim_and_answer(self, pick, kind, crates, how):
        """A payer claims; whoever held the crates, the operator or the payer has the next word."""
        handed = self.rows(shipment, shipment.c.id.in_(select(handover.c.shipment_id)))
        if not handed:
            return
        one = handed[pick % len(handed)]
        self.did(open_claim, self.payer(one), one.id, ClaimWords(kind, crates, "As I saw them"))
        self.have_a_word(pick, how)

    @rule(pick=ANY, how=st.sampled_from(ANSWERS))
    def have_a_word(self, pick, how):
        """The next word on any claim, whatever became of it before."""
        if not (one := self.row(claim, pick)):
            return
        if how == "withdraw":
            self.did(withdraw_claim, self.by_party[one.by_id], one.id, None)
        elif how in ("accept", "dispute") and one.fault_id:
            answers = partial(answer_claim, accepts=how == "accept", note="We looked")
            self.did(answers, self.by_party[one.fault_id], one.id, None)
        elif how == "decide":
            fault = ("", self.town.parties["farm"], self.town.parties["carrier"])[pick % 3]
            crates = None if pick % 2 else 1 + pick % 4
            paid = Decision("paid" if pick % 4 else "refused", "By the record", crates, fault)
            self.did(decide_claim, "operator", one.id, None, paid)

    @rule(pick=ANY, cents=st.sampled_from([None, 1, 90]))
    def give_back(self, pick, cents):
        """Any transfer between two parties; what was only agreed, or is given back already, is refused."""
        rows = self.rows(
            transfer, transfer.c.payer.startswith("party:"), transfer.c.payee.startswith("party:")
        )
        if rows:
            self.did(correct_transfer, "operator", rows[pick % len(rows)].id, CorrectionWords("Twice", cents))
