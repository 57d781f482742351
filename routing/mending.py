"""
Turn an engine's orders of visits into a plan, and mend what the engine cannot weigh.

An engine may break the longest time on board, leave out what it should not, or carry at a loss.
What it says is never trusted: an order without legal hours falls back to the announced stops, and
what fell out is offered again wherever it fits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from routing.cost import route_cost
from routing.insertion import Insertion, best_in_route, insert, may_carry
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle
from routing.schedule import schedule_route
from routing.task import Task

Hurried = Callable[[], bool]
"""Tells that time is up; asked between any two steps that take milliseconds."""


def plan_of(problem: Problem, answer: object) -> Plan | None:
    """
    Schedule the orders of an answer; ``None`` where it is no answer to this problem.

    The plan may still be illegal: the checker has the last word.
    """
    sequences = _readable(problem, answer)
    if sequences is None:
        return None
    routes = []
    for vehicle in problem.vehicles:
        route = _route(problem, vehicle, sequences.get(vehicle.id, ()))
        if route is not None:
            routes.append(route)
    served = Plan(tuple(routes), ()).served
    return Plan(tuple(routes), tuple(r.id for r in problem.requests if r.id not in served))


def mended(problem: Problem, plan: Plan, hurried: Hurried) -> Plan:
    """Put out what costs more than its prize, then offer the unserved every slot that pays."""
    return _refilled(problem, _pruned(problem, plan, hurried), hurried)


def _readable(problem: Problem, answer: object) -> Mapping[str, Sequence[Task]] | None:
    if not isinstance(answer, Mapping):
        return None
    guests = {Task(kind, request.id) for request in problem.requests for kind in ("pickup", "drop")}
    own = {vehicle.id: set(_announced(vehicle)) for vehicle in problem.vehicles}
    for vehicle_id, tasks in answer.items():
        if vehicle_id not in own or not isinstance(tasks, list | tuple):
            return None
        if not all(isinstance(task, Task) and (task in guests or task in own[vehicle_id]) for task in tasks):
            return None
    return answer


def _announced(vehicle: Vehicle) -> tuple[Task, ...]:
    return tuple(Task("announced", stop.id) for stop in vehicle.announced)


def _route(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> Route | None:
    announced = _announced(vehicle)
    if tasks and tuple(task for task in tasks if task.kind == "announced") == announced:
        route = schedule_route(problem, vehicle, tasks)
        if route is not None:
            return route
    return schedule_route(problem, vehicle, announced) if announced else None


def _pruned(problem: Problem, plan: Plan, hurried: Hurried) -> Plan:
    requests = {request.id: request for request in problem.requests}
    routes = []
    for route in plan.routes:
        kept = _worth_driving(problem, requests, route, hurried)
        if kept is not None:
            routes.append(kept)
    served = Plan(tuple(routes), ()).served
    return Plan(tuple(routes), tuple(r.id for r in problem.requests if r.id not in served))


def _worth_driving(
    problem: Problem, requests: Mapping[str, Request], route: Route, hurried: Hurried
) -> Route | None:
    """Put guests out of a route, the greatest loss first, until each pays for its detour."""
    vehicle = problem.vehicle(route.vehicle)
    while not hurried():
        options = _without(problem, vehicle, requests, route, hurried)
        gain_cents, lighter = max(options, key=lambda option: option[0], default=(0, None))
        if gain_cents <= 0:
            break
        if lighter is None:
            return None
        route = lighter
    return route


def _without(
    problem: Problem, vehicle: Vehicle, requests: Mapping[str, Request], route: Route, hurried: Hurried
) -> Iterator[tuple[int, Route | None]]:
    """
    Yield what putting out one optional guest, or all of them, saves beyond their prizes.

    Beside it stands the route that is left, ``None`` where the vehicle then stays at home.
    """
    prizes = {task.id: requests[task.id].prize_cents for task in route.tasks if task.kind == "drop"}
    optional = {request_id: prize for request_id, prize in prizes.items() if prize is not None}
    before_cents = route_cost(vehicle, route).total_cents
    groups = [{request_id} for request_id in optional]
    for gone in groups if len(groups) < 2 else [*groups, set(optional)]:
        if hurried():
            return
        yield from _saved(problem, vehicle, route, gone, before_cents - sum(optional[one] for one in gone))


def _saved(
    problem: Problem, vehicle: Vehicle, route: Route, gone: set[str], purse_cents: int
) -> Iterator[tuple[int, Route | None]]:
    tasks = tuple(task for task in route.tasks if task.kind == "announced" or task.id not in gone)
    if not tasks:
        yield purse_cents, None
        return
    lighter = schedule_route(problem, vehicle, tasks)
    if lighter is not None:
        yield purse_cents - route_cost(vehicle, lighter).total_cents, lighter


def _refilled(problem: Problem, plan: Plan, hurried: Hurried) -> Plan:
    """Insert the unserved where it pays: first what must be carried, then the dearest."""
    waiting = [problem.request(request_id) for request_id in plan.unserved]
    waiting.sort(
        key=lambda request: (request.prize_cents is not None, -(request.prize_cents or 0), request.id)
    )
    for request in waiting:
        slot = _cheapest(problem, plan, request, hurried)
        if slot is not None and (request.prize_cents is None or slot.added_cents < request.prize_cents):
            plan = insert(plan, slot)
    return plan


def _cheapest(problem: Problem, plan: Plan, request: Request, hurried: Hurried) -> Insertion | None:
    best: Insertion | None = None
    for vehicle in problem.vehicles:
        if hurried():
            break
        if not may_carry(vehicle, request):
            continue
        slot = best_in_route(problem, vehicle, plan.route(vehicle.id), request)
        if slot is not None and (best is None or slot.added_cents < best.added_cents):
            best = slot
    return best
