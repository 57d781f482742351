"""
Turn an engine's orders of visits into a plan, and mend what the engine cannot weigh.

An engine may know nothing of what is locked, bundled or kept apart, break the longest time on board,
leave out what it should not, or carry at a loss. What it says is never trusted: of an order without
legal hours as much is kept as has some, and what fell out is offered again wherever it fits.
"""

from collections.abc import Iterator, Mapping, Sequence

from routing.bundles import Group, Hurried, groups, prize_cents
from routing.committed import announced_tasks, committed_route, must_move
from routing.cost import route_cost
from routing.insertion import insert_all
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle, open_drops
from routing.schedule import schedule_route
from routing.task import Task

__all__ = ["Hurried", "mended", "plan_of"]


def plan_of(problem: Problem, answer: object) -> Plan | None:
    """
    Schedule the orders of an answer; ``None`` where it is no answer to this problem.

    Heads are put back in front, and bundles that the answer splits are left behind whole. The plan
    may still be illegal: the checker has the last word.
    """
    sequences = _readable(problem, answer)
    if sequences is None:
        return None
    routes = []
    for vehicle in problem.vehicles:
        route = _route(problem, vehicle, sequences.get(vehicle.id, ()))
        if route is not None:
            routes.append(route)
    return _with_whole_bundles(problem, _plan(problem, routes))


def mended(problem: Problem, plan: Plan, hurried: Hurried) -> Plan:
    """Put out what costs more than its prize, then offer the unserved every slot that pays."""
    return insert_all(problem, _pruned(problem, plan, hurried), hurried)


def _plan(problem: Problem, routes: Sequence[Route]) -> Plan:
    served = Plan(tuple(routes), ()).served
    return Plan(tuple(routes), tuple(one.id for one in problem.requests if one.id not in served))


def _readable(problem: Problem, answer: object) -> Mapping[str, Sequence[Task]] | None:
    if not isinstance(answer, Mapping):
        return None
    guests = {Task(kind, request.id) for request in problem.requests for kind in ("pickup", "drop")}
    own = {vehicle.id: set(announced_tasks(vehicle)) for vehicle in problem.vehicles}
    for vehicle_id, tasks in answer.items():
        if vehicle_id not in own or not isinstance(tasks, list | tuple):
            return None
        if not all(isinstance(task, Task) and (task in guests or task in own[vehicle_id]) for task in tasks):
            return None
    return answer


def _route(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> Route | None:
    """Schedule an order, or as much of it as has legal hours, or what the vehicle must do alone."""
    order = _with_its_head(problem, vehicle, tasks)
    announced = tuple(task for task in order if task.kind == "announced")
    complete = announced == announced_tasks(vehicle) and set(open_drops(vehicle)) <= set(order)
    if order and complete:
        route = schedule_route(problem, vehicle, order) or _salvaged(problem, vehicle, order)
        if route is not None:
            return route
    return committed_route(problem, vehicle) if must_move(vehicle) else None


def _with_its_head(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Put the head in front, and leave out what rides in the head of another vehicle."""
    locked = problem.locked_in
    behind = [
        task
        for task in tasks
        if task not in vehicle.head
        and (task.kind == "announced" or locked.get(task.id, vehicle.id) == vehicle.id)
    ]
    return (*vehicle.head, *behind)


def _salvaged(problem: Problem, vehicle: Vehicle, order: Sequence[Task]) -> Route | None:
    """
    Keep of an order without legal hours as many guests as have some, the most urgent first.

    Nobody changes places. ``None`` where the order is not even legal without guests.
    """
    locked = problem.locked_in
    guests = list(dict.fromkeys(task.id for task in order if task.kind == "pickup" and task.id not in locked))
    kept = {task for task in order if task.kind == "announced" or task.id in locked}
    route = schedule_route(problem, vehicle, [task for task in order if task in kept]) if kept else None
    if kept and route is None:
        return None
    for group in groups(problem, guests):
        more = kept | {Task(kind, one.id) for one in group for kind in ("pickup", "drop")}
        longer = schedule_route(problem, vehicle, [task for task in order if task in more])
        if longer is not None:
            kept, route = more, longer
    return route


def _with_whole_bundles(problem: Problem, plan: Plan) -> Plan:
    """Put out what rides of a bundle that does not ride whole in one vehicle, but what is locked."""
    while gone := _split(problem, plan):
        routes = [_lighter(problem, route, gone) for route in plan.routes]
        plan = _plan(problem, [route for route in routes if route is not None])
    return plan


def _split(problem: Problem, plan: Plan) -> set[str]:
    carriers: dict[str, set[str]] = {}
    for route in plan.routes:
        for task in route.tasks:
            if task.kind != "announced":
                carriers.setdefault(task.id, set()).add(route.vehicle)
    found: set[str] = set()
    for mates in problem.bundles.values():
        where = [carriers.get(mate, set()) for mate in mates]
        if any(one != where[0] for one in where):
            found |= {mate for mate in mates if mate in carriers and mate not in problem.locked_in}
    return found


def _lighter(problem: Problem, route: Route, gone: set[str]) -> Route | None:
    if not any(task.kind != "announced" and task.id in gone for task in route.tasks):
        return route
    vehicle = problem.vehicle(route.vehicle)
    return _route(problem, vehicle, _without(route, gone))


def _without(route: Route, gone: set[str]) -> tuple[Task, ...]:
    return tuple(task for task in route.tasks if task.kind == "announced" or task.id not in gone)


def _pruned(problem: Problem, plan: Plan, hurried: Hurried) -> Plan:
    routes = [_worth_driving(problem, route, hurried) for route in plan.routes]
    return _plan(problem, [route for route in routes if route is not None])


def _worth_driving(problem: Problem, route: Route, hurried: Hurried) -> Route | None:
    """Put guests out of a route, the greatest loss first, until each pays for its detour."""
    vehicle = problem.vehicle(route.vehicle)
    while not hurried():
        options = _options(problem, vehicle, route, hurried)
        gain_cents, lighter = max(options, key=lambda option: option[0], default=(0, None))
        if gain_cents <= 0:
            break
        if lighter is None:
            return None
        route = lighter
    return route


def _options(
    problem: Problem, vehicle: Vehicle, route: Route, hurried: Hurried
) -> Iterator[tuple[int, Route | None]]:
    """
    Yield what putting out one optional guest or bundle, or all of them, saves beyond their prizes.

    Beside it stands the route that is left, ``None`` where the vehicle then stays at home.
    """
    guests = [task.id for task in route.tasks if task.kind == "drop"]
    optional = [(group, prize_cents(group)) for group in groups(problem, guests)]
    prizes = {_names(group): prize for group, prize in optional if prize is not None}
    if len(prizes) > 1:
        prizes[frozenset().union(*prizes)] = sum(prizes.values())
    before_cents = route_cost(vehicle, route).total_cents
    for gone, prize in prizes.items():
        if hurried():
            return
        yield from _saved(problem, vehicle, route, set(gone), before_cents - prize)


def _names(group: Group) -> frozenset[str]:
    return frozenset(request.id for request in group)


def _saved(
    problem: Problem, vehicle: Vehicle, route: Route, gone: set[str], purse_cents: int
) -> Iterator[tuple[int, Route | None]]:
    tasks = _without(route, gone)
    if not tasks:
        yield purse_cents, None
        return
    lighter = schedule_route(problem, vehicle, tasks)
    if lighter is not None:
        yield purse_cents - route_cost(vehicle, lighter).total_cents, lighter
