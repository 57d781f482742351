"""Who owes whom at the end of the day: each transfer has two sides, and all add up to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pooling.market.award import TripBook
from pooling.tours.confirming import TourBook


class AccountKind(StrEnum):
    """Name whose account it is: a party's own, that of a tour, or the one that collects the fees."""

    PARTY = "party"
    TOUR = "tour"
    FEES = "fees"


@dataclass(frozen=True)
class Account:
    """Hold one side of a transfer; accounts of two kinds are never the same, whatever they are called."""

    kind: AccountKind
    name: str


@dataclass(frozen=True)
class Transfer:
    """Hold whole cents that one account owes another, and for what."""

    payer: Account
    payee: Account
    cents: int
    why: str


FEES = Account(AccountKind.FEES, "operator")
"""The operator's account for the fees of all tours; a party called ``operator`` has another one."""


def of_party(name: str) -> Account:
    return Account(AccountKind.PARTY, name)


def of_tour(name: str) -> Account:
    return Account(AccountKind.TOUR, name)


def transfers(trips: Sequence[TripBook], tours: Sequence[TourBook]) -> tuple[Transfer, ...]:
    """
    List what is owed: guests to owners of trips; shippers and gap account to the tour, it to its carrier.

    Each tour is an account of its own that ends at nothing: what enters it leaves it.
    """
    owed = [
        Transfer(
            of_party(guest.shipment.payer), of_party(book.trip.owner), guest.price_cents, guest.shipment.id
        )
        for book in trips
        for guest in book.guests
    ]
    for book in tours:
        owed += _of_tour(book)
    return tuple(transfer for transfer in owed if transfer.cents)


def balances(owed: Sequence[Transfer]) -> dict[Account, int]:
    """Add up what each account receives less what it pays."""
    sums: dict[Account, int] = {}
    for transfer in owed:
        sums[transfer.payer] = sums.get(transfer.payer, 0) - transfer.cents
        sums[transfer.payee] = sums.get(transfer.payee, 0) + transfer.cents
    return sums


def _of_tour(book: TourBook) -> list[Transfer]:
    tour, account = book.tour, of_tour(book.tour.id)
    shares = book.split.shares_cents.items()
    return [
        *(Transfer(of_party(party), account, cents, tour.id) for party, cents in shares),
        Transfer(of_party(tour.gap_account), account, book.split.gap_cents, "gap"),
        Transfer(account, of_party(tour.carrier), book.card.total_cents, "card"),
        Transfer(account, FEES, tour.fee_cents, "fee"),
    ]
