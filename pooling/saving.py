"""What a ride on a trip would spare its payer: the most that it could be worth to bid."""

from collections.abc import Iterable, Sequence

from pooling.award import TripBook
from pooling.baseline import Baseline
from pooling.shipment import Shipment


def saved_cents(
    baseline: Baseline, books: Iterable[TripBook], possible: Sequence[Shipment], shipment: Shipment
) -> int:
    """Return what a payer spares by this ride and those it has, less what it pays for those already."""
    payer = shipment.payer
    own = [one for one in possible if one.payer == payer]
    riding = [guest for book in books for guest in book.guests if guest.shipment.payer == payer]
    aboard = {shipment.id, *(guest.shipment.id for guest in riding)}
    rest = [one for one in own if one.id not in aboard]
    paid_cents = sum(guest.price_cents for guest in riding)
    return baseline.cents(payer, own) - baseline.cents(payer, rest) - paid_cents


def saved_still_cents(baseline: Baseline, left: Sequence[Shipment], shipment: Shipment) -> int:
    """Return what the ride spares of what its payer still drives alone, now that all else rides."""
    own = [one for one in left if one.payer == shipment.payer]
    rest = [one for one in own if one.id != shipment.id]
    return baseline.cents(shipment.payer, own) - baseline.cents(shipment.payer, rest)
