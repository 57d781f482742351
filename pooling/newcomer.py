"""
Who may still join a tour: a newcomer pays at least what it adds, once the tour pays for itself.

Whoever is aboard never pays more than it was told; so what a newcomer adds beyond what it pays would be
missing. Until a tour is paid that is not held against anybody: the first would carry it all, and so would the
first of every cluster that its way reaches later. Everybody pays its ceiling then.
"""

from geodata.refusal import Refusal
from pooling.money import Cents


class AddsMoreThanItPays(Refusal):
    code = "adds_more_than_it_pays"
    reason = "{shipment} would add {adds} to tour {tour}, which is paid, and may pay at most {most}."
    cure = "Join with crates that lie nearer to its way, or choose another trip or tour."


def must_pay_its_way(
    tour: str,
    shipment: str,
    *,
    gaps_cents: tuple[int, int],
    account_cents: int,
    adds_cents: int,
    most_cents: int,
) -> None:
    """
    Refuse a newcomer that would leave a paid tour unpaid.

    ``gaps_cents`` are what is uncovered before and after. What those aboard pay in full stays paid in
    full; what a named account completes stays within it.
    """
    before_cents, after_cents = gaps_cents
    if before_cents > account_cents:
        return
    if after_cents > (account_cents if before_cents else 0):
        raise AddsMoreThanItPays(
            shipment=shipment, tour=tour, adds=Cents(max(0, adds_cents)), most=Cents(most_cents)
        )
