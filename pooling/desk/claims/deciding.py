"""
Answer a claim, decide it, and post what is paid: once, by the party at fault, by the claim's own account.

What is paid goes from the party at fault to the claim and from the claim to who is paid, so that the claim's
account ends at nothing. Nobody else aboard pays any of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.claims.evidence import holders_of, payee_for
from pooling.desk.claims.opening import ClaimClosed, must_be_undecided, seen_claim
from pooling.desk.claims.telling import sides_of, tell
from pooling.desk.claims.worth import amount_of
from pooling.desk.desk import Desk
from pooling.desk.states import said
from pooling.figures import CLAIM_DECISION
from pooling.store import Ask, Tx, market
from pooling.store.claiming import claim
from pooling.store.claims import find_claim, unanswered, undecided_in_time
from pooling.store.ledger import Purpose, claim_account, party_account, pay
from pooling.store.rows import at_revision, changed, held
from pooling.store.shipments import find_shipment

AT_ONCE = 100


class AnswerUnexplained(Refusal):
    code = "answer_unexplained"
    reason = "Whoever disputes a claim or decides on it says why."
    cure = "Write a word on it: both sides read it."


class AnswerAwaited(Refusal):
    code = "answer_awaited"
    reason = "Who held the crates is asked first, and may answer until {until}."
    cure = "Wait for its answer; without one the claim comes to the operator once that hour is over."


class DecisionAwaited(Refusal):
    code = "decision_awaited"
    reason = "The claim is with the operator, who is to decide until {until}."
    cure = "Wait for the decision; who held the crates may still accept the claim until then."


class MoreThanClaimed(Refusal):
    code = "more_than_claimed"
    reason = "Crates to be paid for: {crates}. Claimed for: {claimed}."
    cure = "Decide on at most as many as are claimed."


class NeverHeld(Refusal):
    code = "never_held"
    reason = "Whoever is to pay never held these crates, or is who would be paid, or nobody was named."
    cure = "Name one of those between whom they changed hands, or refuse the claim."


@dataclass(frozen=True)
class Decision:
    """Hold what an operator decides: for how many crates, and by whom where it is not who was asked."""

    outcome: Literal["paid", "refused"]
    note: str
    crates: int | None = None
    fault_id: str = ""


def answer_claim(
    desk: Desk, who: Actor, ask: Ask, claim_id: str, revision: int | None, *, accepts: bool, note: str = ""
) -> str:
    """Accept a claim as who held the crates, so that it is paid; or dispute it: an operator decides."""

    def save(tx: Tx) -> str:
        row = _asked(tx, who, claim_id, revision)
        if accepts:
            _pay(tx, row, row.crates, row.fault_id, row.payee_id, answer="accepted", answer_note=note)
            return claim_id
        if row.state == "with_operator":
            raise DecisionAwaited(until=_told(desk, row.decide_by_at))
        if not note:
            raise AnswerUnexplained
        _to_operator(tx, row, "disputed", note)
        return claim_id

    return desk.once(ask, save)


def decide_claim(
    desk: Desk, who: Actor, ask: Ask, claim_id: str, revision: int | None, decision: Decision
) -> str:
    """Decide a claim as an operator that has no part in it: refused, or paid for so many crates."""

    def save(tx: Tx) -> str:
        row = seen_claim(tx, who, claim_id)
        who.must_be_operator()
        if any(who.acts_for(one) for one in sides_of(row)):
            raise NotAllowed(who="an operator that has no part in it")
        at_revision(row, revision, kind="claim")
        if row.state == "opened":
            raise AnswerAwaited(until=_told(desk, row.answer_by_at))
        if row.state != "with_operator":
            raise ClaimClosed(state=said(row.state))
        if not decision.note:
            raise AnswerUnexplained
        if decision.outcome == "refused":
            values = {"state": "refused", "decided_at": tx.now_at, "decision_note": decision.note}
            changed(tx, claim, row, values)
            tell(tx, "claim.refused", row)
            return claim_id
        crates = row.crates if decision.crates is None else decision.crates
        if not 0 < crates <= row.crates:
            raise MoreThanClaimed(crates=crates, claimed=row.crates)
        fault_id, payee_id = _named(tx, row, decision.fault_id or row.fault_id or "")
        _pay(tx, row, crates, fault_id, payee_id, decision_note=decision.note)
        return claim_id

    return desk.once(ask, save)


def pass_unanswered(desk: Desk) -> int:
    """
    Pass claims that nobody answered in time to an operator; returns how many.

    Called by the clock; calling it again changes nothing.
    """
    with desk.store.view() as view:
        if not unanswered(view, AT_ONCE):
            return 0

    def work(tx: Tx) -> int:
        due = unanswered(tx, AT_ONCE)
        for row in due:
            _to_operator(tx, row, "unanswered", "")
        return len(due)

    return desk.store.change(work)


def remind_undecided(desk: Desk) -> int:
    """
    Remind who is to decide of claims whose time for that is over, once; returns how many.

    Called by the clock; calling it again changes nothing. Nothing is decided by itself.
    """
    with desk.store.view() as view:
        if not undecided_in_time(view, AT_ONCE):
            return 0

    def work(tx: Tx) -> int:
        due = undecided_in_time(tx, AT_ONCE)
        for row in due:
            changed(tx, claim, row, {"reminded_at": tx.now_at})
            tell(tx, "claim.overdue", row)
        return len(due)

    return desk.store.change(work)


def _told(desk: Desk, moment_at: int) -> str:
    return f"{datetime.fromtimestamp(moment_at, ZoneInfo(desk.timezone)):%Y-%m-%d %H:%M}"


def _asked(tx: Tx, who: Actor, claim_id: str, revision: int | None) -> Row[Any]:
    """Return a claim to the party that is asked for it, while nobody has decided."""
    row = seen_claim(tx, who, claim_id)
    who.must_act_for(row.fault_id or "", "who held the crates")
    at_revision(row, revision, kind="claim")
    must_be_undecided(row)
    if row.fault_id in (row.by_id, row.payee_id):
        raise NotAllowed(who="an operator")
    return row


def _to_operator(tx: Tx, row: Row[Any], answer: str, note: str) -> None:
    values = {"answer": answer, "answer_note": note, "decide_by_at": tx.now_at + CLAIM_DECISION.value}
    answered = {"answered_at": tx.now_at} if answer == "disputed" else {}
    changed(tx, claim, row, {"state": "with_operator", **values, **answered})
    tell(tx, "claim.with_operator", row)


def _named(tx: Tx, row: Row[Any], fault_id: str) -> tuple[str, str]:
    """Return who pays and who is paid; refuses whom the record does not know."""
    payee_id = payee_for(tx, find_shipment(tx, row.shipment_id), fault_id)
    if fault_id not in holders_of(tx, row.shipment_id) | {row.fault_id} or fault_id == payee_id:
        raise NeverHeld
    return fault_id, payee_id


def _pay(tx: Tx, row: Row[Any], crates: int, fault_id: str, payee_id: str, **said_of_it: object) -> None:
    """
    Post what is paid for so many crates; nothing where nothing is covered.

    Where another pays than was asked, the answer stands but not its deadline: the other was never asked.
    """
    held(tx, market.shipment, row.shipment_id)
    cents = amount_of(tx, row, crates)
    values = {"state": "paid", "fault_id": fault_id, "payee_id": payee_id, "decided_at": tx.now_at}
    counted = {"granted_crates": crates, "paid_cents": cents}
    answered = {"answered_at": tx.now_at} if "answer" in said_of_it else {}
    moved = {} if fault_id == row.fault_id else {"answer_by_at": None}
    changed(tx, claim, row, {**values, **counted, **answered, **moved, **said_of_it})
    if cents:
        purpose, account = Purpose("claim", row.id, row.kind), claim_account(row.id)
        pay(tx, party_account(fault_id), account, cents, purpose)
        pay(tx, account, party_account(payee_id), cents, purpose)
    tell(tx, "claim.paid", find_claim(tx, row.id), besides=sides_of(row))
