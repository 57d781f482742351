"""
Where each load stands in the van: last out goes in first, compartment by compartment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import overload

from routing.plan import Plan, Route


@dataclass(frozen=True)
class Berth:
    """
    Hold one load's depth in its compartment: 1 stands at the bulkhead, the highest at the door.

    ``moved`` counts the loads that stand before it at its drop and must be lifted aside.
    """

    request: str
    compartment: str
    depth: int
    moved: int


@overload
def load_order(driven: Route, compartments: Mapping[str, str]) -> tuple[Berth, ...]: ...


@overload
def load_order(driven: Plan, compartments: Mapping[str, str]) -> dict[str, tuple[Berth, ...]]: ...


def load_order(
    driven: Route | Plan, compartments: Mapping[str, str]
) -> tuple[Berth, ...] | dict[str, tuple[Berth, ...]]:
    """
    Order the loads of each compartment from the bulkhead to the door; of a plan, for each vehicle.

    ``compartments`` tells where each request of the route belongs. The load dropped last stands
    deepest; loads dropped at the same halt keep the order of their drops. A load picked up later
    but dropped later still stands before one that leaves earlier: it is counted in ``moved``.
    """
    if isinstance(driven, Plan):
        return {route.vehicle: _berths(route, compartments) for route in driven.routes}
    return _berths(driven, compartments)


def _berths(route: Route, compartments: Mapping[str, str]) -> tuple[Berth, ...]:
    drops = _positions(route, "drop")
    pickups = _positions(route, "pickup")
    halts = _halts(route)
    berths: list[Berth] = []
    for compartment in sorted({compartments[request] for request in drops}):
        loads = [request for request in drops if compartments[request] == compartment]
        loads.sort(key=lambda request: -drops[request])
        berths += [
            Berth(request, compartment, depth, _moved(request, loads, pickups, drops, halts))
            for depth, request in enumerate(loads, start=1)
        ]
    return tuple(berths)


def _positions(route: Route, kind: str) -> dict[str, int]:
    return {visit.task.id: at for at, visit in enumerate(route.visits) if visit.task.kind == kind}


def _halts(route: Route) -> list[int]:
    """Number the halt of each visit: a place seen again later is another halt."""
    places = [visit.place for visit in route.visits]
    moved_on = [0, *(int(before != after) for before, after in pairwise(places))]
    return list(accumulate(moved_on[: len(places)]))


def _moved(
    request: str, loads: list[str], pickups: dict[str, int], drops: dict[str, int], halts: list[int]
) -> int:
    """Count the loads put in after this one (at another halt) that leave after it (at another halt)."""
    return sum(
        1
        for other in loads
        if pickups[request] < pickups[other] < drops[request] < drops[other]
        and halts[pickups[other]] != halts[pickups[request]]
        and halts[drops[other]] != halts[drops[request]]
    )
