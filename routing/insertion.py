"""
Where one more shipment fits: every legal slot in every route, with what it adds.

This is what proves that a bid can be accepted: the plan it gives is one that could be driven.
"""

from collections.abc import Callable
from dataclasses import dataclass

from routing.cost import route_cost
from routing.plan import Plan, Route
from routing.positions import bounded_pairs
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle
from routing.schedule import schedule_route
from routing.task import Task


@dataclass(frozen=True)
class Insertion:
    """
    Hold one slot for a request: the route it makes, and what that adds to the route before.

    ``added_drive_s`` is the detour in driving time; ``added_cents`` is by the vehicle's own costs.
    """

    request: str
    vehicle: str
    route: Route
    added_cents: int
    added_drive_s: int
    added_m: int

    @property
    def pickup_s(self) -> int:
        return self._begin("pickup")

    @property
    def drop_s(self) -> int:
        return self._begin("drop")

    def _begin(self, kind: str) -> int:
        return next(
            visit.begins_s
            for visit in self.route.visits
            if visit.task.id == self.request and visit.task.kind == kind
        )


def insertions(problem: Problem, plan: Plan, request: Request) -> tuple[Insertion, ...]:
    """
    List the best slot of each vehicle for one more request, cheapest first.

    Tries every pair of positions in every route: O(n²) pairs of the n visits already planned; only
    those whose bound could still win are scheduled, in O(n). Of vehicles that stand idle and differ
    in name only, the first speaks for all. The plan is not changed.
    """
    idle = {vehicle.id for vehicle in problem.vehicles} - {route.vehicle for route in plan.routes}
    spoken_for: set[str] = set()
    found: list[Insertion] = []
    for vehicle in problem.vehicles:
        twin = problem.first_twin[vehicle.id]
        if not may_carry(vehicle, request) or (vehicle.id in idle and twin in spoken_for):
            continue
        if vehicle.id in idle:
            spoken_for.add(twin)
        slot = best_in_route(problem, vehicle, plan.route(vehicle.id), request)
        if slot is not None:
            found.append(slot)
    return tuple(sorted(found, key=_preference))


def best_insertion(problem: Problem, plan: Plan, request: Request) -> Insertion | None:
    """Find the cheapest legal slot for one more request, or ``None`` where no pair of positions is legal."""
    return next(iter(insertions(problem, plan, request)), None)


def insert(plan: Plan, insertion: Insertion) -> Plan:
    """Return the plan with the request in its slot."""
    others = tuple(route for route in plan.routes if route.vehicle != insertion.vehicle)
    left = tuple(request_id for request_id in plan.unserved if request_id != insertion.request)
    return Plan((*others, insertion.route), left)


def empty_plan(problem: Problem) -> Plan | None:
    """
    Return the plan in which every vehicle makes only its announced stops.

    ``None`` where an announced trip cannot keep its own hours.
    """
    routes: list[Route] = []
    for vehicle in problem.vehicles:
        if vehicle.announced:
            route = schedule_route(problem, vehicle, [Task("announced", s.id) for s in vehicle.announced])
            if route is None:
                return None
            routes.append(route)
    return Plan(tuple(routes), tuple(request.id for request in problem.requests))


def insert_all(problem: Problem, plan: Plan) -> Plan:
    """
    Insert what is left behind, one after another, each where it costs least and less than its prize.

    What must be carried goes first, then the dearest prize; of equals, the earliest deadline. Each
    request is tried once: O(r · n²) for r requests and routes of n visits.
    """
    waiting = sorted((problem.request(one) for one in plan.unserved), key=_urgency)
    for request in waiting:
        slot = best_insertion(problem, plan, request)
        if slot is not None and (request.prize_cents is None or slot.added_cents < request.prize_cents):
            plan = insert(plan, slot)
    return plan


def _urgency(request: Request) -> tuple[bool, int, int, str]:
    optional = request.prize_cents is not None
    return optional, -(request.prize_cents or 0), request.drop.windows[-1].closes_s, request.id


def may_carry(vehicle: Vehicle, request: Request) -> bool:
    """Tell whether the vehicle is allowed to carry the request at all."""
    return request.skills <= vehicle.skills and (request.vehicles is None or vehicle.id in request.vehicles)


def best_in_route(
    problem: Problem,
    vehicle: Vehicle,
    route: Route | None,
    request: Request,
    *,
    may: Callable[[int, int], bool] | None = None,
) -> Insertion | None:
    """
    Find the cheapest legal slot in one route (``None`` for a vehicle that still stands).

    ``may`` forbids further pairs of positions: the pickup goes before the visit of the first number,
    the drop before that of the second.
    """
    tasks = route.tasks if route else ()
    if len(tasks) + 2 > STOPS_PER_ROUTE_LIMIT:
        return None
    before_cents = route_cost(vehicle, route).total_cents if route else 0
    best: Insertion | None = None
    for least_cents, pickup_at, drop_at in sorted(bounded_pairs(problem, vehicle, route, request)):
        if best is not None and least_cents > best.added_cents + before_cents:
            break
        if may is not None and not may(pickup_at, drop_at):
            continue
        order = [*tasks[:pickup_at], Task("pickup", request.id), *tasks[pickup_at:drop_at]]
        longer = schedule_route(problem, vehicle, [*order, Task("drop", request.id), *tasks[drop_at:]])
        if longer is None:
            continue
        slot = Insertion(
            request=request.id,
            vehicle=vehicle.id,
            route=longer,
            added_cents=route_cost(vehicle, longer).total_cents - before_cents,
            added_drive_s=longer.drive_s - (route.drive_s if route else 0),
            added_m=longer.distance_m - (route.distance_m if route else 0),
        )
        if best is None or _preference(slot) < _preference(best):
            best = slot
    return best


def _preference(slot: Insertion) -> tuple[int, int, int, str]:
    return (slot.added_cents, slot.added_drive_s, slot.drop_s, slot.vehicle)
