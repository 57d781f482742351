"""Requests that ride together or not at all: finding them, and putting them in a plan as one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations

from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle
from routing.slots import Insertion, best_in_route, may_carry

Hurried = Callable[[], bool]
"""Tells that time is up; asked between any two steps that take milliseconds."""

Group = tuple[Request, ...]
"""What waits together: the requests of one bundle, or a single one without a bundle."""

ORDERS_TRIED_UP_TO = 3
"""So many requests of a bundle are inserted in every order, more in two."""


def never() -> bool:
    return False


def groups(problem: Problem, request_ids: Sequence[str]) -> list[Group]:
    """
    Put what waits together, the most urgent first.

    What must be carried goes first, then the dearest prize; of equals, the earliest deadline.
    """
    found: dict[str | Request, Group] = {}
    for request in map(problem.request, request_ids):
        key = request if request.bundle is None else request.bundle
        found[key] = (*found.get(key, ()), request)
    return sorted(found.values(), key=_urgency)


def prize_cents(group: Group) -> int | None:
    """Return what leaving all of them behind costs; ``None`` where they must be carried."""
    prizes = [request.prize_cents for request in group]
    return None if None in prizes else sum(prize for prize in prizes if prize is not None)


def carriers(problem: Problem, routes: Mapping[str, Route], group: Group) -> Iterator[Vehicle]:
    """
    Yield the vehicles that may carry a group: where its mates ride, if any of them does already.

    Of vehicles that stand idle and differ in name only, the first speaks for all. What a head picks
    up is on board already, and nobody else may carry it.
    """
    if any(request.id in problem.locked_in for request in group):
        return
    beside = _mates_ride_in(problem, routes, group)
    spoken_for: set[str] = set()
    for vehicle in problem.vehicles:
        if (beside and beside != {vehicle.id}) or not all(may_carry(vehicle, one) for one in group):
            continue
        if vehicle.id not in routes:
            twin = problem.first_twin[vehicle.id]
            if twin in spoken_for:
                continue
            spoken_for.add(twin)
        yield vehicle


def _mates_ride_in(problem: Problem, routes: Mapping[str, Route], group: Group) -> set[str]:
    bundle = group[0].bundle
    if bundle is None:
        return set()
    mates = set(problem.bundles.get(bundle, ())) - {request.id for request in group}
    return {
        vehicle_id
        for vehicle_id, route in routes.items()
        if any(task.kind != "announced" and task.id in mates for task in route.tasks)
    }


def boarded(
    problem: Problem, plan: Plan, group: Group, hurried: Hurried = never, *, since: Plan | None = None
) -> Plan | None:
    """
    Return the plan with a whole group where it costs least, ``None`` where it fits nowhere or does not pay.

    A bundle is inserted one request after another into one route, in several orders; that is not
    every way to carry it. ``since`` is a plan into which the group fitted nowhere: only routes that
    are others now are tried.
    """
    routes = {route.vehicle: route for route in plan.routes}
    tried = {route.vehicle: route for route in since.routes} if since else {}
    best: tuple[tuple[int, int, int, str], Route] | None = None
    for vehicle in carriers(problem, routes, group):
        if hurried():
            break
        if since and routes.get(vehicle.id) is tried.get(vehicle.id):
            continue
        for order in _orders(group):
            slots = _one_after_another(problem, vehicle, routes.get(vehicle.id), order)
            if slots and (best is None or _preference(slots) < best[0]):
                best = _preference(slots), slots[-1].route
    prize = prize_cents(group)
    if best is None or (prize is not None and best[0][0] >= prize):
        return None
    longer, gone = best[1], {request.id for request in group}
    others = tuple(route for route in plan.routes if route.vehicle != longer.vehicle)
    return Plan((*others, longer), tuple(one for one in plan.unserved if one not in gone))


def _orders(group: Group) -> Iterator[Group]:
    if len(group) <= ORDERS_TRIED_UP_TO:
        yield from permutations(group)
    else:
        yield from (group, group[::-1])


def _one_after_another(
    problem: Problem, vehicle: Vehicle, route: Route | None, group: Group
) -> list[Insertion] | None:
    slots: list[Insertion] = []
    for request in group:
        slot = best_in_route(problem, vehicle, route, request)
        if slot is None:
            return None
        slots.append(slot)
        route = slot.route
    return slots


def _preference(slots: Sequence[Insertion]) -> tuple[int, int, int, str]:
    cents, drive_s = sum(slot.added_cents for slot in slots), sum(slot.added_drive_s for slot in slots)
    return cents, drive_s, slots[-1].drop_s, slots[-1].vehicle


def _urgency(group: Group) -> tuple[bool, int, int, str]:
    prize = prize_cents(group)
    deadline_s = min(request.drop.windows[-1].closes_s for request in group)
    return prize is not None, -(prize or 0), deadline_s, group[0].id
