"""
Settle who is kept, who is later and who rides elsewhere, on the rest of a day.

First with everything where it was, then, where a promise is broken so, with other vehicles allowed;
then what could not be kept is taken along later where that hurts nobody; and whoever was moved without
need is put back. Each step may only better what the one before it came to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from routing.engine import Engine
from routing.going_on import HERE
from routing.insertion import best_in_route, insert
from routing.mending import mended, plan_of
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle
from routing.rest import LATER, Rest, without_mark
from routing.schedule import schedule_route
from routing.solve import solve
from routing.task import Task

STEPS = 4
"""Searches that share the time: each may take its part of what is left."""


@dataclass(frozen=True)
class Means:
    """Hold how the searches are to be run, and until when."""

    until_s: float
    seed: int
    cancelled: Callable[[], bool] | None
    processes: int | None
    iterations: int | None
    engine: Engine | None

    def better(self, problem: Problem, start: Plan, steps_left: int) -> Plan:
        left_s = max(0.0, self.until_s - monotonic())
        return solve(
            problem,
            left_s / steps_left,
            start,
            seed=self.seed,
            cancelled=self.cancelled,
            processes=self.processes,
            iterations=self.iterations,
            engine=self.engine,
        ).plan

    def hurried(self) -> bool:
        return monotonic() > self.until_s


@dataclass(frozen=True)
class Settled:
    """Hold the rest of the day as it was settled: a problem and a legal plan, who is kept, who is later."""

    rest: Rest
    problem: Problem
    plan: Plan
    kept: frozenset[str]
    later: frozenset[str]


def settle(rest: Rest, means: Means) -> Settled:
    """Break as few promises as the searches find, then leave and move as few, then cost as little."""
    settled = _promised(rest, means, stay=True, steps_left=STEPS)
    if len(settled.kept) < len(rest.told):
        other = _promised(rest, means, stay=False, steps_left=STEPS - 1)
        settled = max(settled, other, key=lambda one: len(one.kept))
    problem = settled.rest.ask(settled.rest.settled(settled.kept, settled.later))
    plan = means.better(problem, _again(problem, settled.plan), steps_left=STEPS - 2)
    plan = _put_back(settled.rest, problem, plan)
    plan = means.better(_staying_put(problem, plan), plan, steps_left=1)
    return replace(settled, problem=problem, plan=on_board_first(settled.rest, problem, plan))


def _promised(rest: Rest, means: Means, *, stay: bool, steps_left: int) -> Settled:
    """
    Keep as many promises as can be.

    What is on board and found no drop at all stays there to the end: then all is asked again, with room
    for it.
    """
    while True:
        problem = rest.ask(rest.promised(stay=stay))
        plan = means.better(problem, _as_before(rest, problem, means), steps_left)
        plan = on_board_first(rest, problem, plan)
        served = plan.served
        kept = frozenset(one for one in rest.told if one in served)
        # A drop on the spot leaves time for both offers: then the better one holds.
        later = frozenset(one for one in rest.aboard if one + LATER in served) - kept
        stuck = frozenset(rest.aboard) - kept - later - rest.stuck
        if not stuck:
            return Settled(rest, problem, plan, kept, later)
        rest = replace(rest, stuck=rest.stuck | stuck)


def _as_before(rest: Rest, problem: Problem, means: Means) -> Plan:
    """Plan what was planned, in its order, each within its promise or else later; then mend it."""
    orders = {vehicle.id: _order_as_before(rest, problem, vehicle) for vehicle in problem.vehicles}
    plan = plan_of(problem, orders)
    if plan is None:
        raise AssertionError("What was planned before names only what is known.")
    return mended(problem, plan, means.hurried)


def _order_as_before(rest: Rest, problem: Problem, vehicle: Vehicle) -> tuple[Task, ...]:
    """Take all in the order that was planned, or else one request after another where hours allow it."""
    stands, known = rest.stands[vehicle.id], {request.id for request in problem.requests}
    ahead = [task for task in stands.ahead if task.kind == "drop"]
    everything = _order(rest, vehicle, {task.id: task.id for task in ahead if task.id in known})
    if schedule_route(problem, vehicle, everything) is not None:
        return everything
    versions: dict[str, str] = {}
    order = _order(rest, vehicle, versions)
    for one in dict.fromkeys(task.id for task in ahead):
        for name in (one, one + LATER):
            tried = _order(rest, vehicle, versions | {one: name})
            if name in known and schedule_route(problem, vehicle, tried) is not None:
                versions[one], order = name, tried
                break
    return order


def _order(rest: Rest, vehicle: Vehicle, versions: dict[str, str]) -> tuple[Task, ...]:
    """Return the planned order with these requests by these names, what is on board picked up at first."""
    stands = rest.stands[vehicle.id]
    made = {task.id for task in stands.ahead if task.kind == "announced"}
    first = [Task("announced", stop.id) for stop in vehicle.announced if stop.id not in made]
    pickups = [Task("pickup", versions[one]) for one in stands.aboard if one in versions]
    ahead = [
        Task(task.kind, versions.get(task.id, task.id))
        for task in stands.ahead
        if task.kind == "announced" or task.id in versions
    ]
    return (*first, *pickups, *ahead)


def _again(problem: Problem, plan: Plan) -> Plan:
    """Plan the same orders for another question, without what it no longer asks for."""
    known = {request.id for request in problem.requests}
    again = plan_of(
        problem,
        {
            route.vehicle: tuple(one for one in route.tasks if one.kind == "announced" or one.id in known)
            for route in plan.routes
        },
    )
    if again is None:
        raise AssertionError("What was settled is asked for.")
    return again


def _put_back(rest: Rest, problem: Problem, plan: Plan) -> Plan:
    """Put back whoever was moved to another vehicle, where that is still legal and nobody suffers."""
    for request_id in sorted(plan.served & rest.told.keys() & rest.waiting.keys()):
        request, home = problem.request(request_id), rest.home(request_id)
        away = next(route for route in plan.routes if Task("pickup", request_id) in route.tasks)
        if home in (None, away.vehicle) or request.bundle is not None:
            continue
        vehicle = problem.vehicle(str(home))
        slot = best_in_route(problem, vehicle, plan.route(vehicle.id), request)
        lighter = _without(problem, away, request_id)
        if slot is not None and lighter is not None:
            others = tuple(route for route in plan.routes if route is not away)
            plan = insert(Plan((*others, *lighter), plan.unserved), slot)
    return plan


def _without(problem: Problem, route: Route, request_id: str) -> tuple[Route, ...] | None:
    """Return the route without a request, nothing where it is then empty, ``None`` where it is not legal."""
    tasks = [task for task in route.tasks if task.kind == "announced" or task.id != request_id]
    if not tasks:
        return ()
    lighter = schedule_route(problem, problem.vehicle(route.vehicle), tasks)
    return None if lighter is None else (lighter,)


def _staying_put(problem: Problem, plan: Plan) -> Problem:
    """Ask for the same plan at less cost: whoever rides, rides on its vehicle."""
    rides = {task.id: route.vehicle for route in plan.routes for task in route.tasks if task.kind == "drop"}
    return replace(
        problem,
        requests=tuple(
            replace(one, prize_cents=None, vehicles=frozenset({rides[one.id]})) if one.id in rides else one
            for one in problem.requests
        ),
    )


def on_board_first(rest: Rest, problem: Problem, plan: Plan) -> Plan:
    """
    Begin each route with what is on board already.

    Where something takes no time, at the very place and second at which the vehicle is ready, a search
    may put it before that. What finds no room so was never carried.
    """
    routes = tuple(_begun_right(rest, problem, route) for route in plan.routes)
    served = Plan(routes, ()).served
    return Plan(routes, tuple(one.id for one in problem.requests if one.id not in served))


def _begun_right(rest: Rest, problem: Problem, route: Route) -> Route:
    stands, vehicle = rest.stands[route.vehicle], problem.vehicle(route.vehicle)
    first = [task for task in route.tasks if _is_begun(task, stands.aboard)]
    after = [task for task in route.tasks if task not in first]
    if not first or route.tasks == (*first, *after):
        return route
    last = max(route.tasks.index(task) for task in first)
    ahead_of_time = {task.id for task in route.tasks[:last] if task.kind == "pickup"}
    kept = [task for task in after if task.kind == "announced" or task.id not in ahead_of_time]
    tried = (schedule_route(problem, vehicle, [*first, *rest_of]) for rest_of in (after, kept))
    return next((found for found in tried if found is not None), route)


def _is_begun(task: Task, aboard: Sequence[str]) -> bool:
    """Tell whether a task of the rest of a day is only what is so already."""
    day = without_mark(task)
    return day == Task("announced", HERE) or (day.kind == "pickup" and day.id in aboard)
