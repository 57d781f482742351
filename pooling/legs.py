"""
The room of a trip, leg by leg between its announced stops: what is kept, and never sold twice.

A guest occupies every leg on any part of whose drive its crates are aboard, from the first to the
last. This is coarser than the plan's own loads and can be kept by one conditional update.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pooling.load import Load, Temperature
from routing.plan import PlannedVisit, Route

Amounts = tuple[int, int, int, int]
"""Crates that are ambient, chilled and frozen, and kilos in all."""


@dataclass(frozen=True)
class LegRoom:
    """Hold one leg: the room that the owner gives, and what is sold of it."""

    cap: Amounts
    sold: Amounts = (0, 0, 0, 0)

    @property
    def free(self) -> Amounts:
        return _amounts(cap - sold for cap, sold in zip(self.cap, self.sold, strict=True))


@dataclass(frozen=True)
class Stretch:
    """Hold the legs of a trip that a guest rides, both ends included, counted from 0."""

    first: int
    last: int

    def within(self, legs: Sequence[LegRoom]) -> "Stretch":
        """Return the part of it that lies between announced stops."""
        first = min(max(self.first, 0), len(legs) - 1)
        return Stretch(first, min(max(self.last, first), len(legs) - 1))


def amounts_of(load: Load) -> Amounts:
    """Return a load in what legs are counted in."""
    crates = (load.crates if one is load.temperature else 0 for one in Temperature)
    return _amounts((*crates, load.kg))


def fits(legs: Sequence[LegRoom], stretch: Stretch, load: Load) -> bool:
    """Tell whether every leg of the stretch has room for the load."""
    return all(
        wanted <= free
        for leg in legs[stretch.first : stretch.last + 1]
        for wanted, free in zip(amounts_of(load), leg.free, strict=True)
    )


def crates_that_fit(leg: LegRoom, load: Load) -> int:
    """Return how many of the crates still fit on a leg, each with its part of the weight, rounded up."""
    at = list(Temperature).index(load.temperature)
    by_weight = leg.free[3] * load.crates // load.kg if load.kg else load.crates
    return max(0, min(load.crates, leg.free[at], by_weight))


def tightest(legs: Sequence[LegRoom], stretch: Stretch, load: Load) -> int:
    """Return the leg of the stretch on which fewest of the crates fit; of equals, the first."""
    return min(range(stretch.first, stretch.last + 1), key=lambda leg: crates_that_fit(legs[leg], load))


def sold_on(legs: Sequence[LegRoom], stretch: Stretch, load: Load) -> tuple[LegRoom, ...]:
    """Return the legs with a load sold on each of a stretch."""
    wanted = amounts_of(load)
    return tuple(
        replace(leg, sold=_amounts(a + b for a, b in zip(leg.sold, wanted, strict=True)))
        if stretch.first <= at <= stretch.last
        else leg
        for at, leg in enumerate(legs)
    )


def stretch_of(route: Route, shipment: str) -> Stretch:
    """Return the legs that a shipment rides in a route."""
    ends = [at for at, visit in enumerate(route.visits) if visit.task.id == shipment]
    between = route.visits[ends[0] + 1 : ends[1]]
    return _stretch(
        route.visits[: ends[0]], route.visits[ends[0]].place, between, route.visits[ends[1]].place
    )


def stretch_between(
    route: Route, pickup_at: int, pickup_place: int, drop_at: int, drop_place: int
) -> Stretch:
    """Return the legs of a ride that would board before one visit and leave before another."""
    return _stretch(route.visits[:pickup_at], pickup_place, route.visits[pickup_at:drop_at], drop_place)


def _stretch(
    before: Sequence[PlannedVisit], pickup: int, between: Sequence[PlannedVisit], drop: int
) -> Stretch:
    """Walk from pickup to drop, and note the leg of each piece that is driven."""
    leg, place = _announced(before) - 1, pickup
    driven: list[int] = []
    for visit in between:
        if visit.place != place:
            driven.append(leg)
        place = visit.place
        leg += int(visit.task.kind == "announced")
    if drop != place or not driven:
        driven.append(leg)
    return Stretch(driven[0], driven[-1])


def _announced(visits: Sequence[PlannedVisit]) -> int:
    return sum(1 for visit in visits if visit.task.kind == "announced")


def _amounts(amounts: Iterable[int]) -> Amounts:
    ambient, chilled, frozen, kg = amounts
    return ambient, chilled, frozen, kg
