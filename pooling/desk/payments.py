"""Money that changed hands outside: recorded by whoever received it. And what the clock settles."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.money import Cents
from pooling.store import Ask, Tx, View
from pooling.store.accounts import account_of, people_of
from pooling.store.ledger import Purpose, TransferSettled, expire, party_account, pay
from pooling.store.statements import Balance, balances_with, forgotten, hold_party, hold_payer

PENDING_KEPT_S = 60 * 24 * 3600
"""What was agreed is owed no more where its ride has not set out sixty days after its day."""
SETTLED_AT_ONCE = 100


class PaymentAboveDebt(Refusal):
    code = "payment_above_debt"
    reason = "{payer} owes {payee} {owes_cents}, pending included; {cents} would be more."
    cure = "Record at most what is owed; read the balance to see it."


@dataclass(frozen=True)
class PaymentWords:
    """Hold what is said of a payment; ``payee`` received it, ``payer`` is a party or a community."""

    payer: str
    payee: str
    cents: int
    note: str = ""


def record_payment(desk: Desk, who: Actor, ask: Ask, words: PaymentWords) -> str:
    """
    Record that one's own party received money; returns the transfer's id.

    The transfer runs against the debt: from who received the money to who paid it.
    """
    who.must_act_for(words.payee, "managers of the party that received the money")

    def save(tx: Tx) -> str:
        hold_payer(tx, words.payer)
        hold_party(tx, words.payee)
        must_be_owed(tx, words)
        return noted_payment(tx, words)

    return desk.once(ask, save)


def must_be_owed(view: View, words: PaymentWords) -> None:
    """Refuse a payment of more than its payer owes, pending included."""
    owes = balances_with(view, words.payee).get(words.payer, Balance())
    if words.cents > owes.together_cents:
        raise PaymentAboveDebt(
            payer=words.payer,
            payee=words.payee,
            owes_cents=Cents(max(0, owes.together_cents)),
            cents=Cents(words.cents),
        )


def noted_payment(tx: Tx, words: PaymentWords) -> str:
    """Write a payment that was made, and tell both; returns the transfer."""
    accounts = party_account(words.payee), account_of(words.payer)
    transfer_id = pay(tx, *accounts, words.cents, Purpose("payment", "", words.note))
    both, told = {"payer": words.payer, "payee": words.payee}, people_of(tx, accounts[1]) | {words.payee}
    tx.tell("payment.recorded", "transfer", transfer_id, told, **both, cents=words.cents)
    return transfer_id


def expire_forgotten(desk: Desk) -> None:
    """Expire what was agreed long ago and never settled."""
    with desk.store.view() as view:
        waiting = forgotten(view, view.now_at - PENDING_KEPT_S, SETTLED_AT_ONCE)
    for transfer_id in waiting:
        try:
            desk.store.change(lambda tx, transfer_id=transfer_id: expire(tx, transfer_id))  # type: ignore[misc]
        except (TransferSettled, IntegrityError):
            continue  # somebody settled it meanwhile
