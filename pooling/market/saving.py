"""What a ride on a trip would spare its payer: the most that it could be worth to bid."""

from collections.abc import Iterable, Mapping, Sequence

from pooling.costs.baseline import Baseline
from pooling.market.award import TripBook
from pooling.shipment import Shipment


def saved_cents(
    baseline: Baseline, books: Iterable[TripBook], possible: Sequence[Shipment], shipment: Shipment
) -> int:
    """Return what a payer spares by this ride and those it has, less what it pays for those already."""
    own = [one for one in possible if one.payer == shipment.payer]
    guests = [guest for book in books for guest in book.guests if guest.shipment.payer == shipment.payer]
    return spared_cents(baseline, own, {one.shipment.id: one.price_cents for one in guests}, shipment)


def spared_cents(
    baseline: Baseline, own: Sequence[Shipment], paid: Mapping[str, int], shipment: Shipment
) -> int:
    """
    Return the same from what one payer sends that day and what it pays for each of them that rides.

    ``own`` holds every shipment of its payer's day, those that ride already among them.
    """
    return spared_together_cents(baseline, shipment.payer, own, paid, {shipment.id})


def spared_together_cents(
    baseline: Baseline, payer: str, own: Sequence[Shipment], paid: Mapping[str, int], riding: Iterable[str]
) -> int:
    """Return what a payer spares where several of its shipments ride besides those that do already."""
    aboard = {*riding, *paid}
    rest = [one for one in own if one.id not in aboard]
    return baseline.cents(payer, own) - baseline.cents(payer, rest) - sum(paid.values())


def spared_m(baseline: Baseline, own: Sequence[Shipment], shipment_id: str) -> int:
    """Return the metres that a payer's own van no longer drives where one shipment of its day rides."""
    possible = [one for one in own if baseline.alone(one.payer, [one]) is not None]
    rest = [one for one in possible if one.id != shipment_id]
    if len(rest) == len(possible):
        return 0
    payer = possible[0].payer
    whole, left = (baseline.alone(payer, group) for group in (possible, rest))
    return max(0, (whole.distance_m if whole else 0) - (left.distance_m if left else 0))


def saved_still_cents(baseline: Baseline, left: Sequence[Shipment], shipment: Shipment) -> int:
    """Return what the ride spares of what its payer still drives alone, now that all else rides."""
    own = [one for one in left if one.payer == shipment.payer]
    rest = [one for one in own if one.id != shipment.id]
    return baseline.cents(shipment.payer, own) - baseline.cents(shipment.payer, rest)
