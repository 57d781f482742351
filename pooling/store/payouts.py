"""What a party is to pay each other for a month, read from the ledger."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pooling.ledger.payout import Payout, end_to_end_id
from pooling.store.legal import legal_by_party
from pooling.store.months import midnight_at, month_end, names_of
from pooling.store.statements import balances_with
from pooling.store.transaction import View


def payouts_of(view: View, payer_id: str, month: date, timezone: str) -> list[Payout]:
    """
    List whom a party is to pay for a month, by name: what it owed at its end, as far as it still owes it.

    What is pending is not paid yet.
    """
    until_at = midnight_at(month_end(month) + timedelta(days=1), ZoneInfo(timezone))
    then, now = balances_with(view, payer_id, until_at), balances_with(view, payer_id)
    owed = {
        other: min(-balance.posted_cents, -now[other].posted_cents) if other in now else 0
        for other, balance in then.items()
    }
    due = {other: cents for other, cents in owed.items() if cents > 0}
    names, legal = names_of(view, set(due)), legal_by_party(view, due)
    found = [
        Payout(
            other,
            names.get(other, ""),
            cents,
            legal[other].iban if other in legal else "",
            end_to_end_id(payer_id, other, month),
        )
        for other, cents in due.items()
    ]
    return sorted(found, key=lambda one: (one.name, one.payee_id))
