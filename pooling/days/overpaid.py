"""Who pays more in all than its day alone: asked of a finished day, as the checker asks of a plan."""

from collections.abc import Mapping, Sequence

from pooling.costs.alone import NOTHING, Alone
from pooling.market.award import TripBook
from pooling.tours.confirming import TourBook
from routing.check import Violation


def overpaid(
    alone: Mapping[str, Alone],
    still_alone: Mapping[str, Alone],
    trips: Sequence[TripBook],
    tours: Sequence[TourBook],
) -> tuple[Violation, ...]:
    """List each payer whose rides, shares and what it still drives alone cost more than its day alone."""
    guests = [guest for book in trips for guest in book.guests]
    found = []
    for party, day in alone.items():
        paid_cents = sum(guest.price_cents for guest in guests if guest.shipment.payer == party)
        paid_cents += sum(book.split.shares_cents.get(party, 0) for book in tours)
        paid_cents += still_alone.get(party, NOTHING).cents
        if paid_cents > day.cents:
            detail = f"{paid_cents} cents in all, {day.cents} alone"
            found.append(Violation("pays_more_than_alone", None, party, detail))
    return tuple(found)
