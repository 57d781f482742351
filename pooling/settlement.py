"""Who owes whom at the end of the day: each transfer has two sides, and all add up to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from pooling.award import TripBook
from pooling.confirming import TourBook


@dataclass(frozen=True)
class Transfer:
    """Hold whole cents that one party owes another, and for what."""

    payer: str
    payee: str
    cents: int
    why: str


OPERATOR = "operator"
"""The operator's own account, which collects the fee of each tour."""


def transfers(trips: Sequence[TripBook], tours: Sequence[TourBook]) -> tuple[Transfer, ...]:
    """
    List what is owed: guests to owners of trips; shippers and gap account to the tour, it to its carrier.

    Each tour is an account of its own that ends at nothing: what enters it leaves it.
    """
    owed = [
        Transfer(guest.shipment.payer, book.trip.owner, guest.price_cents, guest.shipment.id)
        for book in trips
        for guest in book.guests
    ]
    for book in tours:
        owed += _of_tour(book)
    return tuple(transfer for transfer in owed if transfer.cents)


def balances(owed: Sequence[Transfer]) -> dict[str, int]:
    """Add up what each account receives less what it pays."""
    sums: dict[str, int] = {}
    for transfer in owed:
        sums[transfer.payer] = sums.get(transfer.payer, 0) - transfer.cents
        sums[transfer.payee] = sums.get(transfer.payee, 0) + transfer.cents
    return sums


def _of_tour(book: TourBook) -> list[Transfer]:
    tour = book.tour
    return [
        *(Transfer(party, tour.id, cents, tour.id) for party, cents in book.split.shares_cents.items()),
        Transfer(tour.gap_account or OPERATOR, tour.id, book.split.gap_cents, "gap"),
        Transfer(tour.id, tour.carrier, book.card.total_cents, "card"),
        Transfer(tour.id, OPERATOR, tour.fee_cents, "fee"),
    ]
