"""
What a party is to pay others for a month, each as one bank transfer that is known again.

A transfer's end-to-end id follows from who pays whom for which month: a second file asks for the same
payment, not for one more.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from geodata.refusal import Refusal


class NothingToPay(Refusal):
    code = "nothing_to_pay"
    reason = "For {month} there is nothing left to pay by bank."
    cure = "Look at the statement: what is owed, and what was paid since."


class PayoutIncomplete(Refusal):
    code = "payout_incomplete"
    reason = "Of {count} of those to be paid no IBAN is known: {names}."
    cure = "Ask them to enter it, or ask for the file without them: they stay on your list."


class PayDayPast(Refusal):
    code = "pay_day_past"
    reason = "No bank pays on {day}: that day is over."
    cure = "Choose today or a later day."


@dataclass(frozen=True)
class Payout:
    """Hold one transfer; ``iban`` is empty where its payee gave none."""

    payee_id: str
    name: str
    cents: int
    iban: str
    end_to_end_id: str


def end_to_end_id(payer_id: str, payee_id: str, month: date) -> str:
    """Return by what a payment is known at both banks: 26 letters and digits, always the same."""
    told = hashlib.sha256(f"{payer_id} {payee_id} {month:%Y-%m}".encode()).hexdigest()
    return f"CA{month:%Y%m}{told[:18].upper()}"


def message_id(payer_id: str, payouts: tuple[Payout, ...], month: date) -> str:
    """Return by what a file is known: the same for the same payments of the same month."""
    words = "".join(f"{one.end_to_end_id} {one.cents};" for one in payouts)
    told = hashlib.sha256(f"{payer_id} {words}".encode()).hexdigest()
    return f"CA{month:%Y%m}M{told[:17].upper()}"
