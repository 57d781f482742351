"""
The checker by mutation: in a legal plan one rule is broken, and the checker must name that rule.

Each code of the checker has a mutation here. Each is tried on a named day of every feature, where all
must apply, and on random days, wherever it applies. Where a rule is made stricter, or a claim is
forged, no other rule may be named.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given

from routing.check import check
from routing.plan import Plan, Route
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing import test_check as edge
from tests.routing.many_worlds import Day, days
from tests.thorough import examples

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


# What is listed, and who drives.


@breaks("served_and_unserved")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.served:
        yield problem, replace(plan, unserved=(*plan.unserved, request_id))


@breaks("request_forgotten")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.unserved:
        yield problem, replace(plan, unserved=tuple(one for one in plan.unserved if one != request_id))


@breaks("unserved_twice")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for request_id in plan.unserved:
        yield problem, replace(plan, unserved=(*plan.unserved, request_id))


@breaks("unknown_unserved")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    yield problem, replace(plan, unserved=(*plan.unserved, "moon"))


@breaks("unknown_vehicle")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    yield problem, replace(plan, routes=(*plan.routes, Route("tram to the moon", 0, 0, (), 0, 0, ())))


@breaks("empty_route")
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for vehicle in problem.vehicles:
        stands = not vehicle.announced and plan.route(vehicle.id) is None
        route = schedule_route(problem, vehicle, ()) if stands else None
        if route is not None:
            yield problem, replace(plan, routes=(*plan.routes, route))


@breaks("vehicle_twice", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        yield problem, replace(plan, routes=(*plan.routes, route))


# Visits that are left out, repeated or moved.


@breaks("announced_missing", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        if task.kind == "announced":
            yield problem, with_route(plan, route, visits=_without(route, at))
            yield problem, replace(plan, routes=tuple(one for one in plan.routes if one is not route))


@breaks("announced_order", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route in plan.routes:
        stops = [at for at, task in enumerate(route.tasks) if task.kind == "announced"]
        for one, other in pairwise(stops):
            yield problem, _swapped(plan, route, one, other)


@breaks("task_twice", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, _ in every_visit(plan):
        yield problem, with_route(plan, route, visits=(*route.visits, route.visits[at]))


@breaks("unknown_task", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        yield problem, with_visit(plan, route, at, task=replace(task, id="moon"))


@breaks("pickup_without_drop", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        if task.kind == "drop":
            yield problem, with_route(plan, route, visits=_without(route, at))


@breaks("drop_without_pickup", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        if task.kind == "pickup":
            yield problem, with_route(plan, route, visits=_without(route, at))


@breaks("drop_before_pickup", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        if task.kind == "pickup":
            yield problem, _swapped(plan, route, at, where(route, Task("drop", task.id)))


@breaks("load_below_zero", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Something is dropped before anything is on board."""
    for route, at, task in every_visit(plan):
        if task.kind == "drop":
            load = problem.request(task.id).load
            if any(amount > own for amount, own in zip(load, route.load, strict=True)):
                yield problem, with_route(plan, route, visits=(route.visits[at], *_without(route, at)))


@breaks("other_vehicle", WITH_OTHERS)
def _(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for route, at, task in every_visit(plan):
        for other in plan.routes:
            if task.kind == "drop" and other is not route:
                shorter = with_route(plan, route, visits=_without(route, at))
                yield problem, with_route(shorter, other, visits=(*other.visits, route.visits[at]))


def _without(route: Route, at: int) -> tuple:
    return (*route.visits[:at], *route.visits[at + 1 :])


def _swapped(plan: Plan, route: Route, one: int, other: int) -> Plan:
    visits = list(route.visits)
    visits[one], visits[other] = visits[other], visits[one]
    return with_route(plan, route, visits=tuple(visits))


# A day of every feature.


def _rich() -> Broken:
    """
    Add a tram to the plan at the edge of every rule: it brings what its locked beginning picked up.

    Hay and milk are one bundle; the hay never meets the flowers that stay behind.
    """
    tram = Vehicle(
        id="tram",
        start=0,
        end=0,
        capacity=(5,),
        initial_load=(1,),
        announced=(AnnouncedStop("depot", Visit(1), (-1,)), AnnouncedStop("yard", Visit(4), (0,))),
        head=(Task("announced", "depot"), Task("pickup", "hay")),
        longest_s=5_000,
        cents_per_hour=1_000,
    )
    hay = Request("hay", Visit(2), Visit(3), (2,), goods=frozenset({"hay"}), bundle="farm")
    milk = Request("milk", Visit(2), Visit(4), (1,), goods=frozenset({"milk"}), bundle="farm")
    honey = replace(edge.HONEY, goods=frozenset({"flowers"}))
    problem = replace(
        edge.PROBLEM,
        vehicles=(*edge.PROBLEM.vehicles, tram),
        requests=(edge.CHEESE, edge.EGGS, honey, hay, milk),
        apart=frozenset({frozenset({"hay", "flowers"})}),
    )
    order = (*tram.head, Task("pickup", "milk"), Task("drop", "hay"), Task("announced", "yard"))
    route = schedule_route(problem, tram, (*order, Task("drop", "milk")))
    assert route is not None
    return problem, replace(edge.PLAN, routes=(edge.ROUTE, route))


RICH = _rich()
CODES = sorted({**ALONE, **WITH_OTHERS})


def _codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def test_the_day_of_every_feature_is_legal() -> None:
    assert check(*RICH) == ()


def test_every_code_of_the_checker_has_its_mutation() -> None:
    routing = Path(__file__).parents[2] / "routing"
    sources = [(routing / name).read_text(encoding="utf-8") for name in ("check.py", "check_route.py")]
    named = {code for source in sources for code in re.findall(r'Violation\(\s*"(\w+)"', source)}
    assert sum(source.count("Violation(") for source in sources) >= len(named)
    assert named == set(CODES)
    assert not set(ALONE) & set(WITH_OTHERS)


@pytest.mark.parametrize("code", CODES)
def test_a_broken_rule_is_named(code: str) -> None:
    """Wherever it can be broken in the day of every feature, and it can be somewhere."""
    assert _judged(code, *RICH) > 0


@examples(75)
@given(day=days())
def test_a_broken_rule_is_named_on_any_day(day: Day) -> None:
    for code in CODES:
        _judged(code, day.problem, day.plan)


def _judged(code: str, problem: Problem, plan: Plan) -> int:
    """Break one rule in every way and place there is; return how many there were."""
    before, count = _codes(problem, plan), 0
    mutation = ALONE.get(code) or WITH_OTHERS[code]
    for count, broken in enumerate(mutation(problem, plan), start=1):  # noqa: B007
        named = _codes(*broken)
        assert code in named
        if code in ALONE:
            assert named <= before | {code}
    return count
