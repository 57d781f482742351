"""What was posted wrongly is given back by a transfer of its own: nothing that stands is ever changed."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.runs.correcting import CorrectionUnexplained
from pooling.ledger.ledger_proof import CORRECTION
from pooling.money import Cents
from pooling.store import Ask, Tx
from pooling.store.accounts import people_of
from pooling.store.ledger import Purpose, claim_account, left_cents, party_account, pay, transfer_state
from pooling.store.rows import found, held
from pooling.store.work import transfer


class TransferNotPosted(Refusal):
    code = "transfer_not_posted"
    reason = "This transfer is not owed: there is nothing to give back."
    cure = "What was only agreed is undone where it was agreed: cancel the ride."


class CorrectionAboveTransfer(Refusal):
    code = "correction_above_transfer"
    reason = "Of this transfer {left} are left; {cents} cannot be given back."
    cure = "Give back at most what is left; without an amount, all of it is."


class CorrectionOfClaim(Refusal):
    code = "correction_of_claim"
    reason = "This transfer pays a claim, which stands as it was decided."
    cure = "Whoever the claim pays may give it up: it notes the amount as received, and why."


class CorrectionInOwnFavour(Refusal):
    code = "correction_in_own_favour"
    reason = "Giving back this transfer would pay a party of your own."
    cure = (
        "Let an operator that has no part in it look at it. What your own party was paid, you may give back."
    )


@dataclass(frozen=True)
class CorrectionWords:
    """Hold why a transfer is given back, and how much of it; ``cents`` ``None``: all that is left."""

    reason: str
    cents: int | None = None


def correct_transfer(desk: Desk, who: Actor, ask: Ask, transfer_id: str, words: CorrectionWords) -> str:
    """
    Give back a posted transfer, or a part of it, by one that runs the other way; returns that one.

    For operators. Both sides are told with the reason, which the new transfer keeps. What pays a claim
    runs over the claim's own account: half of it given back would strand the other half there.
    """
    who.must_be_operator()

    def save(tx: Tx) -> str:
        held(tx, transfer, transfer_id)
        row = found(tx, transfer, transfer_id)
        if not words.reason:
            raise CorrectionUnexplained
        if any(side.startswith(claim_account("")) for side in (row.payer, row.payee)):
            raise CorrectionOfClaim(transfer=transfer_id)
        if row.payer in {party_account(one) for one in who.parties}:
            raise CorrectionInOwnFavour(transfer=transfer_id)
        if row.pending_id or transfer_state(tx, transfer_id) != "posted":
            raise TransferNotPosted(transfer=transfer_id)
        left = left_cents(tx, transfer_id)
        cents = left if words.cents is None else words.cents
        if not 0 < cents <= left:
            raise CorrectionAboveTransfer(transfer=transfer_id, left=Cents(left), cents=Cents(cents))
        about = Purpose(CORRECTION, transfer_id, words.reason)
        done = pay(tx, row.payee, row.payer, cents, about)
        told = people_of(tx, row.payer) | people_of(tx, row.payee)
        facts = {"corrects": transfer_id, "cents": cents, "reason": words.reason}
        tx.tell("transfer.corrected", "transfer", done, told, **facts)
        return done

    return desk.once(ask, save)
