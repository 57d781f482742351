"""Ways to break a legal plan by its lists and orders: what is left out, repeated, moved or unknown."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from routing.plan import Plan, Route
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing.mutations import (
    ALONE,
    WITH_OTHERS,
    Broken,
    breaks,
    every_visit,
    where,
    with_route,
    with_visit,
)


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


CODES = sorted({**ALONE, **WITH_OTHERS})
"""All that can be broken, here and in ``mutations``."""
