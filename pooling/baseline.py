"""
Alone: what a producer would do without us, against which every saving is measured.

Its own shipments of the day in its own best tours, own van, full cost with labour, start and end at
the farm, found by the same search on the same matrix; never one round trip per shipment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from random import Random

from pooling.figures import LABOUR_PER_HOUR
from pooling.ground import Ground
from pooling.pricing import own_cents_per_km, own_van_room
from pooling.shipment import Shipment
from routing.cost import route_cost
from routing.insertion import best_insertion, empty_plan, insert
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle
from routing.schedule import schedule_route
from routing.solve import solve

ORDERS_TRIED_WHOLE = 4
"""Up to so many shipments of one party, every order of insertion is tried; above, some by a seed."""

ORDERS_TRIED_ABOVE = 24


@dataclass(frozen=True)
class Alone:
    """Hold one party's day alone: its routes and their full cost in whole cents."""

    cents: int
    routes: tuple[Route, ...]

    @property
    def distance_m(self) -> int:
        return sum(route.distance_m for route in self.routes)

    @property
    def duration_s(self) -> int:
        return sum(route.duration_s for route in self.routes)


NOTHING = Alone(0, ())


@dataclass(frozen=True)
class Baseline:
    """
    Answer what any party's shipments would cost alone; each question is searched once.

    ``homes`` tells at which site a party's own van stands.
    """

    ground: Ground
    homes: Mapping[str, str]
    known: dict[frozenset[str], Alone | None] = field(default_factory=dict, repr=False, compare=False)

    def alone(self, party: str, shipments: Sequence[Shipment]) -> Alone | None:
        """
        Find the cheapest own tours for these shipments; ``None`` where no own van keeps the hours.

        Tries the orders in which shipments are inserted: all of them up to four shipments, some
        above; and what is left of the tours of a longer day already known, so that fewer shipments
        do not cost more. The same questions always give the same answers.
        """
        key = frozenset(shipment.id for shipment in shipments)
        if key not in self.known:
            wider = [one for other, one in self.known.items() if one is not None and key < other]
            self.known[key] = _alone(self.ground, self.homes[party], shipments, wider)
        return self.known[key]

    def cents(self, party: str, shipments: Sequence[Shipment]) -> int:
        """Return the cost of the same; 0 where there is nothing that an own van could serve."""
        found = self.alone(party, shipments)
        return found.cents if found else 0

    def better(self, wishes: Mapping[str, Sequence[Shipment]], *, deadline_s: float) -> dict[str, Alone]:
        """
        Find everyone's whole day alone, by one more search over all own vans together.

        Each party keeps the cheaper of what the orders of insertion and what the search found, here
        and in later answers. Parties whose shipments no own van could serve are left out.
        """
        found = {party: one for party, group in wishes.items() for one in [self.alone(party, group)] if one}
        busy = {party: (self.homes[party], wishes[party]) for party, one in found.items() if one.routes}
        if not busy:
            return found
        problem = _own_problem(self.ground, busy)
        start = Plan(tuple(route for party in busy for route in _renamed(party, found[party])), ())
        better = solve(problem, start=start, deadline_s=deadline_s).plan
        for party in busy:
            routes = tuple(route for route in better.routes if _owner(route.vehicle) == party)
            cents = _cents(problem, routes)
            if cents < found[party].cents:
                found[party] = Alone(cents, routes)
                self.known[frozenset(shipment.id for shipment in wishes[party])] = found[party]
        return found


def spared_cents(
    baseline: Baseline, own: Sequence[Shipment], paid: Mapping[str, int], shipment: Shipment
) -> int:
    """
    Return what a payer spares by one more ride and those it has, less what it pays for those already.

    ``own`` is all that it sends that day; ``paid`` what it pays for each shipment that rides already.
    """
    aboard = {shipment.id, *paid}
    rest = [one for one in own if one.id not in aboard]
    whole_cents = baseline.cents(shipment.payer, own)
    return max(0, whole_cents - baseline.cents(shipment.payer, rest) - sum(paid.values()))


def _alone(ground: Ground, home: str, shipments: Sequence[Shipment], wider: Sequence[Alone]) -> Alone | None:
    if not shipments:
        return NOTHING
    problem = _own_problem(ground, {"own": (home, shipments)})
    plans = [_insert_in_order(problem, order) for order in _orders([s.id for s in shipments])]
    plans += [_left_of(problem, one) for one in wider]
    costs = [(_cents(problem, plan.routes), at, plan) for at, plan in enumerate(plans) if plan is not None]
    if not costs:
        return None
    cents, _, plan = min(costs, key=lambda cost: cost[:2])
    return Alone(cents, plan.routes)


def _left_of(problem: Problem, wider: Alone) -> Plan | None:
    """Drive the tours of a longer day for the shipments of this problem only."""
    ids = {request.id for request in problem.requests}
    orders = [[task for task in route.tasks if task.id in ids] for route in wider.routes]
    routes = [
        schedule_route(problem, vehicle, order)
        for vehicle, order in zip(problem.vehicles, filter(None, orders), strict=False)
    ]
    return Plan(tuple(route for route in routes if route), ()) if all(routes) else None


def _own_problem(ground: Ground, days: Mapping[str, tuple[str, Sequence[Shipment]]]) -> Problem:
    """Give each party as many own vans as it has shipments; an idle van costs nothing."""
    vehicles: list[Vehicle] = []
    requests = []
    for party, (home, shipments) in days.items():
        vans = [_own_van(ground, home, shipments, _van_id(party, at)) for at in range(len(shipments))]
        vehicles += vans
        names = frozenset(van.id for van in vans)
        requests += [replace(ground.request(shipment), vehicles=names) for shipment in shipments]
    return ground.problem(tuple(vehicles), tuple(requests))


def _own_van(ground: Ground, home: str, shipments: Sequence[Shipment], name: str) -> Vehicle:
    room = own_van_room(
        max(shipment.load.crates for shipment in shipments), max(shipment.load.kg for shipment in shipments)
    )
    return Vehicle(
        id=name,
        start=ground.row[home],
        end=ground.row[home],
        capacity=room.amounts,
        cents_per_km=own_cents_per_km(refrigerated=False),
        cents_per_hour=LABOUR_PER_HOUR.value,
    )


def _van_id(party: str, at: int) -> str:
    return f"{party}#{at}"


def _owner(vehicle: str) -> str:
    return vehicle.rpartition("#")[0]


def _renamed(party: str, one: Alone) -> list[Route]:
    return [replace(route, vehicle=_van_id(party, at)) for at, route in enumerate(one.routes)]


def _orders(ids: Sequence[str]) -> list[tuple[str, ...]]:
    if len(ids) <= ORDERS_TRIED_WHOLE:
        return list(permutations(ids))
    shuffler = Random(len(ids))
    return [tuple(ids), *(tuple(shuffler.sample(ids, len(ids))) for _ in range(ORDERS_TRIED_ABOVE - 1))]


def _insert_in_order(problem: Problem, order: Sequence[str]) -> Plan | None:
    plan = empty_plan(problem)
    for request_id in order:
        slot = best_insertion(problem, plan, problem.request(request_id)) if plan else None
        if plan is None or slot is None:
            return None
        plan = insert(plan, slot)
    return plan


def _cents(problem: Problem, routes: Sequence[Route]) -> int:
    return sum(route_cost(problem.vehicle(route.vehicle), route).total_cents for route in routes)
