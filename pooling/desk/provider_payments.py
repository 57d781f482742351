"""Payments by a provider: asked for by whoever owes, noted when the provider tells that they were made."""

import hashlib
from collections.abc import Mapping

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.payments import PaymentWords, must_be_owed, noted_payment
from pooling.desk.people.legal import firm_of
from pooling.ledger.invoice import LegalDataMissing
from pooling.ledger.paying import (
    NoPaymentProvider,
    PaymentAsked,
    PaymentProvider,
    PaymentRequest,
    must_be_as_asked,
    read_told,
)
from pooling.phrases import Phrases, message
from pooling.store import Ask, Tx, View
from pooling.store.parties import find_party
from pooling.store.payment_requests import payment_request, request_of
from pooling.store.rows import NotFound, added, changed, held

NO_IBAN = message("IBAN")


def ask_payment(
    desk: Desk, who: Actor, ask: Ask, provider: PaymentProvider | None, words: PaymentWords
) -> str:
    """
    Ask the provider for a payment of what one's own party owes another; returns our own request.

    The provider is asked before the change and outside of it, by a key that follows from the wish: asked
    again, it answers with the same payment.
    """
    who.must_act_for(words.payer, "managers of the party that pays")

    def decide(view: View) -> PaymentAsked:
        payer, payee = (find_party(view, one) for one in (words.payer, words.payee))
        if provider is None:
            raise NoPaymentProvider
        must_be_owed(view, words)
        iban = firm_of(view, payee).iban
        if not iban:
            raise LegalDataMissing(party=payee.name, missing=Phrases((NO_IBAN,)))
        key = hashlib.sha256(f"{ask.member_id}\n{ask.key}".encode()).hexdigest()
        return provider.ask(PaymentRequest(key, payer.name, payee.name, iban, words.cents, words.note))

    def save(tx: Tx, asked: PaymentAsked) -> str:
        sides = {"payer_id": words.payer, "payee_id": words.payee, "cents": words.cents}
        return added(tx, payment_request, "prq", **sides, reference=asked.reference, pay_at=asked.pay_at)

    return desk.once_decided(ask, decide, save)


def take_provider_message(desk: Desk, secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """
    Note a payment that the provider tells of, once however often it tells it; returns its request.

    The money has moved: it is noted though meanwhile less was owed, and the payee then owes the rest back.
    Returns nothing where the message tells of no payment.
    """
    told = read_told(secret, headers, body, desk.clock.now())
    if told is None:
        return ""

    def save(tx: Tx) -> str:
        row = request_of(tx, told.reference)
        if row is None:
            raise NotFound(kind="payment", id=told.reference[:40])
        held(tx, payment_request, row.id)
        row = request_of(tx, told.reference) or row
        must_be_as_asked(told, row.cents)
        if row.state != "paid":
            words = PaymentWords(row.payer_id, row.payee_id, row.cents, told.reference)
            transfer_id = noted_payment(tx, words)
            changed(tx, payment_request, row, {"state": "paid", "transfer_id": transfer_id})
        return str(row.id)

    return desk.store.change(save)
