"""
The port to a payment provider: it takes a payer's money to its payee, and tells us that it did.

We never hold other people's money: a provider is asked for a payment from one party to another, and what it
tells us, signed, is noted in the ledger like any payment that its receiver confirms. See
docs/decisions/0021-a-port-to-payments.md. No provider is built in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from geodata.refusal import Refusal
from pooling.money import Cents
from pooling.telling.partner_signature import SignatureWrong, must_be_signed

PAID = "payment.paid"
"""The one message of a provider that is noted; others are answered and change nothing."""


class NoPaymentProvider(Refusal):
    code = "no_payment_provider"
    reason = "This house has no payment provider."
    cure = "Pay by bank or in cash; whoever receives the money notes it."


class PaymentUnreadable(Refusal):
    code = "payment_unreadable"
    reason = "The message is no word of a payment: it needs type, and data with reference and cents."
    cure = "Send it as docs/ledger.md shows."


class PaymentDiffers(Refusal):
    code = "payment_differs"
    reason = "Payment {reference} was asked for as {asked}, and told as {told}."
    cure = "Look at both sides; nothing was noted."


@dataclass(frozen=True)
class PaymentRequest:
    """
    Hold what a provider is asked for. The same ``key`` asks for the same payment, never for a second one.

    ``payee_iban`` is where the money goes: never to the house.
    """

    key: str
    payer: str
    payee: str
    payee_iban: str
    cents: int
    note: str


@dataclass(frozen=True)
class PaymentAsked:
    """Hold a provider's answer: by what it knows the payment, and the address at which the payer pays."""

    reference: str
    pay_at: str


class PaymentProvider(Protocol):
    """Ask for a payment; the same key is answered alike however often it is asked."""

    def ask(self, request: PaymentRequest) -> PaymentAsked: ...


@dataclass(frozen=True)
class PaymentTold:
    """Hold what a provider told: that a payment was made, and of how much."""

    reference: str
    cents: int


def read_told(secret: str, headers: Mapping[str, str], body: bytes, now_at: int) -> PaymentTold | None:
    """
    Return the payment that a signed message tells of; ``None`` where it tells of something else.

    Signed as Standard Webhooks asks, with the secret that the provider and the house share, and new. Where
    no secret is shared nobody can have signed it.
    """
    if not secret:
        raise SignatureWrong
    text = body.decode("utf-8", "replace")
    must_be_signed(secret, headers, text, now_at)
    try:
        told = json.loads(text)
        kind, data = told["type"], told["data"]
        if kind != PAID:
            return None
        found = PaymentTold(data["reference"], data["cents"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PaymentUnreadable from error
    if not isinstance(found.reference, str) or type(found.cents) is not int:
        raise PaymentUnreadable
    return found


def must_be_as_asked(told: PaymentTold, asked_cents: int) -> None:
    """Refuse to note a payment of another amount than was asked for."""
    if told.cents != asked_cents:
        facts = {"asked": Cents(asked_cents), "told": Cents(told.cents)}
        raise PaymentDiffers(reference=told.reference, **facts)
