"""
Ways to break one rule of a legal plan, by the code of that rule: forged claims, and rules made stricter.

``mutated_orders`` adds to the same books what is left out, listed twice or moved.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle, Window
from routing.task import Task

Broken = tuple[Problem, Plan]
Mutation = Callable[[Problem, Plan], Iterator[Broken]]

ALONE: dict[str, Mutation] = {}
"""What breaks one rule and no other, by the code of that rule."""

WITH_OTHERS: dict[str, Mutation] = {}
"""What breaks a rule and may break others with it."""


def breaks(code: str, book: dict[str, Mutation] = ALONE) -> Callable[[Mutation], Mutation]:
    def kept(mutation: Mutation) -> Mutation:
        assert code not in book
        book[code] = mutation
        return mutation

    return kept


def with_route(plan: Plan, route: Route, **changes) -> Plan:
    new = replace(route, **changes)
    return replace(plan, routes=tuple(new if one is route else one for one in plan.routes))


def with_visit(plan: Plan, route: Route, at: int, **changes) -> Plan:
    visits = list(route.visits)
    visits[at] = replace(visits[at], **changes)
    return with_route(plan, route, visits=tuple(visits))


def with_vehicle(problem: Problem, vehicle_id: str, **changes) -> Problem:
    new = replace(problem.vehicle(vehicle_id), **changes)
    return replace(problem, vehicles=tuple(new if one.id == new.id else one for one in problem.vehicles))


def with_request(problem: Problem, request_id: str, **changes) -> Problem:
    new = replace(problem.request(request_id), **changes)
    return replace(problem, requests=tuple(new if one.id == new.id else one for one in problem.requests))


def every_visit(plan: Plan) -> Iterator[tuple[Route, int, Task]]:
    for route in plan.routes:
        for at, task in enumerate(route.tasks):
            yield route, at, task


def where(route: Route, task: Task) -> int:
    return route.tasks.index(task)


def single(problem: Problem, request_id: str) -> Request | None:
    """Return a request that is neither locked nor bundled, so that its words may change alone."""
    request = problem.request(request_id)
    return None if request.bundle or request_id in problem.locked_in else request


# Claims that are forged.


@breaks("start_load")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        yield problem, with_route(plan, route, load=tuple(amount + 1 for amount in route.load))


@breaks("load_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        load = route.visits[at].load
        yield problem, with_visit(plan, route, at, load=(*load[:-1], load[-1] + 1))


@breaks("arrival_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        yield problem, with_visit(plan, route, at, arrives_s=route.visits[at].arrives_s - 1)


@breaks("place_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        yield problem, with_visit(plan, route, at, place=route.visits[at].place + 1)


@breaks("end_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        yield problem, with_route(plan, route, ends_s=route.ends_s - 1)


@breaks("drive_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        yield problem, with_route(plan, route, drive_s=route.drive_s + 1)


@breaks("distance_wrong")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        yield problem, with_route(plan, route, distance_m=route.distance_m + 1)


@breaks("leave_wrong", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        yield problem, with_visit(plan, route, at, leaves_s=route.visits[at].leaves_s + 1)


@breaks("begins_early", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        yield problem, with_visit(plan, route, at, begins_s=route.visits[at].arrives_s - 1)


# Rules that are made stricter by one.


@breaks("leaves_early")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        shift = problem.vehicle(route.vehicle).shift
        if route.leaves_s < shift.closes_s:
            later = Window(route.leaves_s + 1, shift.closes_s)
            yield with_vehicle(problem, route.vehicle, shift=later), plan


@breaks("ends_late")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        opens_s = problem.vehicle(route.vehicle).shift.opens_s
        if opens_s < route.ends_s:
            yield with_vehicle(problem, route.vehicle, shift=Window(opens_s, route.ends_s - 1)), plan


@breaks("longest_route")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        if route.duration_s:
            yield with_vehicle(problem, route.vehicle, longest_s=route.duration_s - 1), plan


@breaks("longest_drive")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        if route.drive_s:
            yield with_vehicle(problem, route.vehicle, longest_drive_s=route.drive_s - 1), plan


@breaks("longest_distance")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        if route.distance_m:
            yield with_vehicle(problem, route.vehicle, longest_m=route.distance_m - 1), plan


@breaks("longest_ride")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        if task.kind == "drop":
            boarded = route.visits[where(route, Task("pickup", task.id))]
            ride_s = route.visits[at].begins_s - boarded.leaves_s
            if ride_s:
                yield with_request(problem, task.id, longest_ride_s=ride_s - 1), plan


@breaks("outside_window")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """The hour in which handling begins is cut out of the windows."""
    for route, at, task in every_visit(plan):
        if task.kind != "announced":
            begins_s = route.visits[at].begins_s
            visit = getattr(problem.request(task.id), task.kind)
            halves = [
                half
                for one in visit.windows
                for half in (
                    (one.opens_s, min(one.closes_s, begins_s - 1)),
                    (max(one.opens_s, begins_s + 1), one.closes_s),
                )
            ]
            hours = tuple(Window(*half) for half in halves if half[0] <= half[1])
            changed = replace(visit, windows=hours or (Window(begins_s + 1, begins_s + 1),))
            yield with_request(problem, task.id, **{task.kind: changed}), plan


@breaks("over_capacity")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """The room is one unit less than what is on board, if the owner's goods still fit."""
    for route in plan.routes:
        vehicle = problem.vehicle(route.vehicle)
        own = [vehicle.load_at_start(len(problem.dimensions))]
        for stop in vehicle.announced:
            own.append(tuple(a + b for a, b in zip(own[-1], stop.change, strict=True)))
        for at in range(len(problem.dimensions)):
            most = max(visit.load[at] for visit in route.visits)
            if most > max(load[at] for load in own):
                less = (*vehicle.capacity[:at], most - 1, *vehicle.capacity[at + 1 :])
                yield with_vehicle(problem, route.vehicle, capacity=less), plan


@breaks("skill_missing")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.served:
        if request_id not in problem.locked_in:
            skills = problem.request(request_id).skills | {"crane"}
            yield with_request(problem, request_id, skills=skills), plan


@breaks("vehicle_not_allowed")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.served:
        if single(problem, request_id):
            others = {one.id for one in problem.vehicles if Task("drop", request_id) not in _tasks(plan, one)}
            yield with_request(problem, request_id, vehicles=frozenset(others)), plan


def _tasks(plan: Plan, vehicle: Vehicle) -> tuple[Task, ...]:
    route = plan.route(vehicle.id)
    return route.tasks if route else ()


@breaks("must_serve")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.unserved:
        if single(problem, request_id) and problem.request(request_id).prize_cents is not None:
            yield with_request(problem, request_id, prize_cents=None), plan


@breaks("goods_together")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Two that are on board together hold goods that may not be."""
    apart = problem.apart | {frozenset({"acid", "bread"})}
    for route in plan.routes:
        aboard: list[str] = []
        for task in route.tasks:
            if task.kind == "pickup":
                for other in aboard:
                    one = with_request(problem, task.id, goods=frozenset({"acid"}))
                    yield replace(with_request(one, other, goods=frozenset({"bread"})), apart=apart), plan
                aboard.append(task.id)
            elif task.kind == "drop":
                aboard.remove(task.id)


@breaks("bundle_split")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Two that do not ride in one vehicle are bundled."""
    carrier = {task.id: route.vehicle for route in plan.routes for task in route.tasks if task.kind == "drop"}
    free = [one for one in problem.requests if single(problem, one.id)]
    for one, other in pairwise(free):
        alike = (one.prize_cents is None) == (other.prize_cents is None)
        if alike and carrier.get(one.id) != carrier.get(other.id):
            bundled = with_request(problem, one.id, bundle="new", vehicles=None)
            yield with_request(bundled, other.id, bundle="new", vehicles=None), plan


@breaks("head_changed")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """What comes later in the route, or the first announced stop, is locked to come first."""
    for route in plan.routes:
        vehicle = problem.vehicle(route.vehicle)
        if vehicle.head:
            continue
        if vehicle.announced and route.tasks[0] != (first := Task("announced", vehicle.announced[0].id)):
            yield with_vehicle(problem, vehicle.id, head=(first,)), plan
        for task in route.tasks[1:]:
            if task.kind == "pickup" and single(problem, task.id):
                must = with_request(problem, task.id, prize_cents=None)
                yield with_vehicle(must, vehicle.id, head=(task,)), plan
