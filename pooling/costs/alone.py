"""
Alone: one party's own tours with its own van, how they are searched, and what a part of them costs.

The work of a search is bounded by how many slots it tries, never by a clock: the same question gets
the same answer on a slow machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from random import Random

from pooling.figures import LABOUR_PER_HOUR
from pooling.ground import Ground
from pooling.load import LIFTING
from pooling.pricing import own_cents_per_km, own_van_room
from pooling.shipment import Shipment
from pooling.week import without
from routing.cost import route_cost
from routing.insertion import best_insertion, empty_plan, insert
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle, Window
from routing.schedule import schedule_route

DAY_S = 24 * 3600

ORDERS_TRIED_WHOLE = 4
"""Up to so many shipments of one party, every order of insertion is tried; above, some by a seed."""

ORDERS_TRIED_ABOVE = 24

SLOTS_TRIED = 24_000
"""A search above that tries fewer orders where they would try more slots: n³ for n shipments."""


@dataclass(frozen=True)
class Alone:
    """
    Hold one party's day alone: its routes and their full cost in whole cents.

    The routes may be those of a longer day, hours and stops and all, where nothing cheaper was found.
    """

    cents: int
    routes: tuple[Route, ...]

    @property
    def distance_m(self) -> int:
        return sum(route.distance_m for route in self.routes)

    @property
    def duration_s(self) -> int:
        return sum(route.duration_s for route in self.routes)

    @property
    def shipments(self) -> frozenset[str]:
        return frozenset(task.id for route in self.routes for task in route.tasks)


NOTHING = Alone(0, ())


@dataclass(frozen=True)
class OwnDay:
    """Hold what one party's day alone is searched for: where its van stands, and its shipments."""

    home: str
    shipments: tuple[Shipment, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(shipment.id for shipment in self.shipments)


def slots_of_an_order(day: OwnDay) -> int:
    """Return how many slots inserting the shipments one after another tries, at most: n³."""
    return len(day.shipments) ** 3


def search_alone(ground: Ground, day: OwnDay, orders: int) -> Alone | None:
    """Find the cheapest of so many orders of insertion; every order where the shipments are few."""
    problem = own_problem(ground, {"own": (day, ())})
    tried = _orders([shipment.id for shipment in day.shipments], orders)
    plans = [plan for order in tried for plan in [_insert_in_order(problem, order)] if plan]
    return cheapest(Alone(own_cents(problem, plan.routes), plan.routes) for plan in plans)


def restricted(ground: Ground, wider: Alone, day: OwnDay) -> Alone:
    """
    Drive the tours of a longer day for some of its shipments only: never dearer than that day.

    Stops that fall away shorten a tour. Where they would not (waiting for goods, a stop that falls
    away can have paid for the setting up at the door), the van keeps the tour of the longer day, hours
    and stops and all, and stands idle where it would have worked.
    """
    problem = own_problem(ground, {"own": (day, wider.routes)})
    ids = day.ids
    needed = [route for route in wider.routes if any(task.id in ids for task in route.tasks)]
    routes = tuple(
        _shortened(problem, vehicle, route, ids)
        for vehicle, route in zip(problem.vehicles, needed, strict=False)
    )
    return Alone(own_cents(problem, routes), routes)


def _shortened(problem: Problem, vehicle: Vehicle, route: Route, ids: frozenset[str]) -> Route:
    """Drive a tour for these shipments only, or as it was where that is no dearer."""
    kept = replace(route, vehicle=vehicle.id)
    shorter = schedule_route(problem, vehicle, [task for task in route.tasks if task.id in ids])
    if shorter is None or own_cents(problem, [shorter]) > own_cents(problem, [kept]):
        return kept
    return shorter


def cheapest(found: Iterable[Alone]) -> Alone | None:
    """Return the cheapest, of equals the first; ``None`` where there is none."""
    return min(found, key=lambda one: one.cents, default=None)


def own_problem(ground: Ground, days: Mapping[str, tuple[OwnDay, Sequence[Route]]]) -> Problem:
    """
    Give each party as many own vans as it has shipments; an idle van costs nothing.

    The van is the one of the routes already known, if any: at least as large as they need.
    """
    vehicles: list[Vehicle] = []
    requests = []
    for party, (day, routes) in days.items():
        vans = [_own_van(ground, day, routes, _van_id(party, at)) for at in range(len(day.shipments))]
        vehicles += vans
        names = frozenset(van.id for van in vans)
        requests += [replace(_own_request(ground, shipment), vehicles=names) for shipment in day.shipments]
    return ground.problem(tuple(vehicles), tuple(requests))


def _own_request(ground: Ground, shipment: Shipment) -> Request:
    """
    Return a shipment as an own van carries it: what is handed over next day is collected then as well.

    Crates wait where they stand overnight, and nobody is paid to sit beside them: no dearer than its hours.
    """
    request = ground.request(shipment)
    if shipment.drop.opens_s < DAY_S:
        return request
    until_s = max(shipment.pickup.closes_s, shipment.drop.closes_s)
    longer = Window(shipment.pickup.opens_s, until_s)
    pickup = replace(request.pickup, windows=without(longer, shipment.pickup_shut))
    return replace(request, pickup=pickup)


def own_cents(problem: Problem, routes: Iterable[Route]) -> int:
    return sum(route_cost(problem.vehicle(route.vehicle), route).total_cents for route in routes)


def owner(vehicle: str) -> str:
    """Name the party whose own van this is."""
    return vehicle.rpartition("#")[0]


def renamed(party: str, one: Alone) -> list[Route]:
    """Return the routes in the vans of a party."""
    return [replace(route, vehicle=_van_id(party, at)) for at, route in enumerate(one.routes)]


def _own_van(ground: Ground, day: OwnDay, routes: Sequence[Route], name: str) -> Vehicle:
    loads = [shipment.load for shipment in day.shipments]
    room = own_van_room(max(load.crates for load in loads), max(load.kg for load in loads)).amounts
    aboard = [visit.load for route in routes for visit in route.visits]
    return Vehicle(
        id=name,
        start=ground.row[day.home],
        end=ground.row[day.home],
        capacity=tuple(max(amounts) for amounts in zip(room, *aboard, strict=True)),
        cents_per_km=own_cents_per_km(refrigerated=False),
        cents_per_hour=LABOUR_PER_HOUR.value,
        skills=LIFTING,
    )


def _van_id(party: str, at: int) -> str:
    return f"{party}#{at}"


def _orders(ids: Sequence[str], orders: int) -> list[tuple[str, ...]]:
    if len(ids) <= ORDERS_TRIED_WHOLE:
        return list(permutations(ids))
    shuffler = Random(len(ids))
    return [tuple(ids), *(tuple(shuffler.sample(ids, len(ids))) for _ in range(orders - 1))][:orders]


def _insert_in_order(problem: Problem, order: Sequence[str]) -> Plan | None:
    plan = empty_plan(problem)
    for request_id in order:
        slot = best_insertion(problem, plan, problem.request(request_id)) if plan else None
        if plan is None or slot is None:
            return None
        plan = insert(plan, slot)
    return plan
