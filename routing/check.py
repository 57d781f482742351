"""
The independent judge of a plan: it re-walks every route from the raw problem.

Nothing here is shared with a solver, so that one mistake cannot be made twice. Every answer of
every engine, and every plan that a bid is accepted on, passes here before anybody sees it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from routing.check_route import route_violations
from routing.plan import Plan
from routing.problem import Problem, Request, Vehicle
from routing.task import Task
from routing.violation import Violation

__all__ = ["Violation", "check"]


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """
    List every rule that a plan breaks; an empty answer means that it is legal.

    Linear in visits and requests. Waiting is allowed anywhere before handling begins. The setup
    of a visit is spent unless the visit before it, or the start, is at the same place.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    requests = {request.id: request for request in problem.requests}
    found = [*_fleet(plan, vehicles), *_pairs(plan, requests), *_promises(plan, requests)]
    found += _bundles(plan, problem.requests)
    for route in plan.routes:
        if route.vehicle in vehicles:
            found += route_violations(problem, requests, vehicles[route.vehicle], route)
    return tuple(found)


def _fleet(plan: Plan, vehicles: Mapping[str, Vehicle]) -> Iterator[Violation]:
    routes = Counter(route.vehicle for route in plan.routes)
    for vehicle_id, times in routes.items():
        if vehicle_id not in vehicles:
            yield Violation("unknown_vehicle", vehicle_id, vehicle_id, "the problem has no such vehicle")
        if times > 1:
            yield Violation("vehicle_twice", vehicle_id, vehicle_id, f"it has {times} routes")
    for vehicle in vehicles.values():
        if vehicle.id not in routes:
            for stop in vehicle.announced:
                yield Violation("announced_missing", vehicle.id, stop.id, "the vehicle has no route")
            if vehicle.head:
                yield Violation("head_changed", vehicle.id, "head", "the vehicle has no route")


def _pairs(plan: Plan, requests: Mapping[str, Request]) -> Iterator[Violation]:
    """Judge that each request is picked up once and dropped once, later, by the same vehicle."""
    seen: dict[Task, tuple[int, int]] = {}
    for number, route in enumerate(plan.routes):
        for position, task in enumerate(route.tasks):
            if task.kind == "announced" or task.id not in requests:
                continue
            if task in seen:
                yield Violation("task_twice", route.vehicle, task.id, f"its {task.kind} stands twice")
            seen.setdefault(task, (number, position))
    for request_id in requests:
        pickup, drop = seen.get(Task("pickup", request_id)), seen.get(Task("drop", request_id))
        yield from _pair(plan, request_id, pickup, drop)


def _pair(
    plan: Plan, request_id: str, pickup: tuple[int, int] | None, drop: tuple[int, int] | None
) -> Iterator[Violation]:
    if pickup is None and drop is not None:
        vehicle = plan.routes[drop[0]].vehicle
        yield Violation("drop_without_pickup", vehicle, request_id, "it is dropped but never picked up")
    if pickup is None:
        return
    vehicle = plan.routes[pickup[0]].vehicle
    if drop is None:
        yield Violation("pickup_without_drop", vehicle, request_id, "it is picked up but never dropped")
    elif drop[0] != pickup[0]:
        other = plan.routes[drop[0]].vehicle
        yield Violation("other_vehicle", vehicle, request_id, f"it is dropped by another one, {other}")
    elif drop[1] < pickup[1]:
        yield Violation("drop_before_pickup", vehicle, request_id, "it is dropped before it is picked up")


def _promises(plan: Plan, requests: Mapping[str, Request]) -> Iterator[Violation]:
    """Judge that each request is either carried or listed as left behind, and may be left."""
    left = Counter(plan.unserved)
    carried = {task.id for route in plan.routes for task in route.tasks if task.kind != "announced"}
    for request_id, times in left.items():
        if request_id not in requests:
            yield Violation("unknown_unserved", None, request_id, "the problem has no such request")
        if times > 1:
            yield Violation("unserved_twice", None, request_id, f"it is listed {times} times")
    for request in requests.values():
        if request.id in carried and request.id in left:
            yield Violation(
                "served_and_unserved", None, request.id, "it is carried and listed as left behind"
            )
        if request.id not in carried and request.id not in left:
            yield Violation("request_forgotten", None, request.id, "it is neither carried nor listed")
        if request.id not in carried and request.prize_cents is None:
            yield Violation("must_serve", None, request.id, "it must be carried")


def _bundles(plan: Plan, requests: tuple[Request, ...]) -> Iterator[Violation]:
    """Judge that the requests of one bundle ride in the same vehicle, all of them or none."""
    carriers: dict[str, set[str]] = {}
    for route in plan.routes:
        for task in route.tasks:
            if task.kind != "announced":
                carriers.setdefault(task.id, set()).add(route.vehicle)
    bundles: dict[str, list[Request]] = {}
    for request in requests:
        if request.bundle is not None:
            bundles.setdefault(request.bundle, []).append(request)
    for bundle, mates in bundles.items():
        where = [carriers.get(mate.id, set()) for mate in mates]
        if any(one != where[0] for one in where):
            rides = [
                f"{mate.id} in {', '.join(sorted(one)) or 'no vehicle'}"
                for mate, one in zip(mates, where, strict=True)
            ]
            yield Violation("bundle_split", None, bundle, "; ".join(rides))
