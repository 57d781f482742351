"""
Where a van stands: at a stop that says so it stays until the next one, which is at the same site.

Between the two it goes nowhere: whoever comes there hands over or fetches crates without a detour, at any
hour of the stand. No guest's place elsewhere lies between them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pooling.trip import Trip
from routing.plan import Route
from routing.problem import Request

May = Callable[[int, int], bool]
"""Tell whether a pickup may go before one visit of a route and its drop before another."""


class Stop(Protocol):
    """What stands, or does not."""

    @property
    def stands(self) -> bool: ...


@dataclass(frozen=True)
class Block:
    """Hold the places of announced stops that are made as one: a stop alone, or both ends of a stand."""

    first: int
    last: int


def blocks_of(stops: Sequence[Stop]) -> list[Block]:
    """Return the stops with each stand as one."""
    found: list[Block] = []
    at = 0
    while at < len(stops):
        last = at + 1 if stops[at].stands and at + 1 < len(stops) else at
        found.append(Block(at, last))
        at = last + 1
    return found


def stays(trip: Trip, route: Route, request: Request) -> May | None:
    """Tell of each pair of positions whether the van stays where it stands; ``None`` where it never does."""
    if not any(stop.stands for stop in trip.stops):
        return None
    stood = _stood(trip, route)

    def may(pickup_at: int, drop_at: int) -> bool:
        ends = ((pickup_at, request.pickup.place), (drop_at, request.drop.place))
        return all(stood.get(at, place) == place for at, place in ends)

    return may


def _stood(trip: Trip, route: Route) -> dict[int, int]:
    """Return by position in the route the place at which the van stands when that visit is next."""
    found: dict[int, int] = {}
    announced, place = 0, None
    for at, visit in enumerate(route.visits):
        if place is not None:
            found[at] = place
        if visit.task.kind == "announced":
            place = visit.place if trip.stops[announced].stands else None
            announced += 1
    return found
