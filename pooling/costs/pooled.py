"""
A run that several parties could share: one small van from the first one's pickup and back, full cost shared.

An estimate before there is a vehicle: the van's kilometres and the driver's hours by the default figures, in
which each shipment has the part that it would have of the same van driving for it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pooling.figures import LABOUR_PER_HOUR
from pooling.ground import Ground
from pooling.load import LIFTING
from pooling.pricing import own_cents_per_km, own_van_room
from pooling.shipment import Shipment
from routing.cost import route_cost
from routing.insertion import Insertion, best_in_route
from routing.plan import Route
from routing.problem import Problem, Vehicle

VAN = "pooled"


@dataclass(frozen=True)
class Pooled:
    """Hold who shares the run, and one shipment's part of its cost and of its metres."""

    payers: frozenset[str]
    share_cents: int
    share_m: int


def pooled_run(ground: Ground, asked: Shipment, others: Sequence[Shipment]) -> Pooled | None:
    """
    Put others beside a shipment while each adds less than it would cost by itself.

    They are tried in the order given. ``None`` where no van serves the shipment, or nobody joins.
    """
    van = _van(ground, [asked, *others])
    problem = ground.problem((van,), tuple(ground.request(one) for one in (asked, *others)))
    first = _slot(problem, van, None, asked)
    if first is None:
        return None
    route, single = first.route, {asked.id: first}
    for one in others:
        alone, beside = _slot(problem, van, None, one), _slot(problem, van, route, one)
        if alone and beside and beside.added_cents < alone.added_cents:
            route, single[one.id] = beside.route, alone
    if len(single) == 1:
        return None
    payers = frozenset(one.payer for one in (asked, *others) if one.id in single)
    cents = sum(max(1, slot.added_cents) for slot in single.values())
    part = max(1, single[asked.id].added_cents)
    whole_cents = route_cost(van, route).total_cents
    return Pooled(payers, -(-whole_cents * part // cents), route.distance_m * part // cents)


def _slot(problem: Problem, van: Vehicle, route: Route | None, one: Shipment) -> Insertion | None:
    return best_in_route(problem, van, route, problem.request(one.id))


def _van(ground: Ground, shipments: Sequence[Shipment]) -> Vehicle:
    room = own_van_room(shipments[0].load.crates, shipments[0].load.kg)
    home = ground.row[shipments[0].from_site]
    return Vehicle(
        id=VAN,
        start=home,
        end=home,
        capacity=room.amounts,
        cents_per_km=own_cents_per_km(refrigerated=False),
        cents_per_hour=LABOUR_PER_HOUR.value,
        skills=LIFTING,
    )
