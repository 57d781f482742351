"""
A legal plan out of what a solver orders, whoever it was: what breaks a rule is put out, nothing is put in.

A solver that could not be told a rule, or holds another moment for the begin of a visit, may order what is
not legal. Then its route keeps its order, and of its shipments, in the order of their pickups, each one that
still fits; the others stay behind at their price.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from routing.insertion import may_carry
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle
from routing.schedule import schedule_route
from routing.task import Task


def legal_plan(problem: Problem, orders: Mapping[str, Sequence[Task]]) -> Plan:
    """Schedule the orders, less what breaks a rule; announced stops are put into their own order."""
    carried: set[str] = set()
    routes = []
    for vehicle in problem.vehicles:
        tasks = _clean(problem, vehicle, orders.get(vehicle.id, ()), carried)
        route = _scheduled(problem, vehicle, tasks)
        if route is not None:
            routes.append(route)
            carried |= {task.id for task in route.tasks if task.kind == "drop"}
    left = tuple(request.id for request in problem.requests if request.id not in carried)
    return Plan(tuple(routes), left)


def _clean(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task], carried: set[str]) -> list[Task]:
    """Leave out shipments that are not whole, stand twice or may not ride; put announced stops in order."""
    kept = {one for one in _whole(tasks) if one not in carried and may_carry(vehicle, problem.request(one))}
    own = iter(vehicle.announced)
    clean = []
    for task in tasks:
        if task.kind == "announced":
            stop = next(own, None)
            clean += [Task("announced", stop.id)] if stop else []
        elif task.id in kept:
            clean.append(task)
    return [*clean, *(Task("announced", stop.id) for stop in own)]


def _whole(tasks: Sequence[Task]) -> Iterator[str]:
    aboard: set[str] = set()
    for task in tasks:
        if task.kind == "pickup":
            aboard.add(task.id)
        elif task.kind == "drop" and task.id in aboard:
            yield task.id


def _scheduled(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> Route | None:
    if not tasks:
        return None
    route = schedule_route(problem, vehicle, tasks)
    if route is not None:
        return route
    kept: set[str] = set()
    for request in [task.id for task in tasks if task.kind == "pickup"]:
        longer = schedule_route(problem, vehicle, _only(tasks, {*kept, request}))
        if longer is not None:
            route, kept = longer, {*kept, request}
    return route or (schedule_route(problem, vehicle, _only(tasks, set())) if vehicle.announced else None)


def _only(tasks: Iterable[Task], requests: set[str]) -> list[Task]:
    return [task for task in tasks if task.kind == "announced" or task.id in requests]
