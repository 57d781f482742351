"""
Cut a large plan into neighbourhoods of routes, each small enough to be searched well by itself.

Other seeds give other cuts, so that round by round every border falls inside some neighbourhood.
"""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from routing.part import Part
from routing.plan import Plan, Route
from routing.problem import Problem

Means = npt.NDArray[np.float64]

ROUTES_PER_PART = 10
"""A part has at least so many routes: with fewer there is too little to exchange."""

REQUESTS_PER_PART = 250
"""A part has no more routes than carry about so many requests, unless they are fewer than above."""


def parts(problem: Problem, plan: Plan, count: int, seed: int) -> tuple[Part, ...]:
    """
    Choose up to ``count`` neighbourhoods of routes; none where the plan has too few routes for one.

    The seed chooses the first route of each; the others are the nearest to it that no part has yet, by
    the mean seconds between their stops. What is left behind joins the part of the route nearest to it,
    and vehicles that stand idle are dealt out in turn.
    """
    routes = plan.routes
    if len(routes) < ROUTES_PER_PART or count < 1:
        return ()
    places = [[visit.place for visit in route.visits] for route in routes]
    from_route = _seconds_from(problem, places)
    apart = np.stack([from_route[:, stops].mean(axis=1) for stops in places], axis=1)
    groups = _groups(apart + apart.T, count, _size(plan, count), Random(seed))
    nearest = _nearest_routes(problem, plan, from_route)
    idle = _dealt(problem, plan, len(groups))
    return tuple(
        _part(problem, [routes[at] for at in group], vans, {r for r, at in nearest.items() if at in group})
        for group, vans in zip(groups, idle, strict=True)
    )


def _size(plan: Plan, count: int) -> int:
    per_route = max(1, len(plan.served) // len(plan.routes))
    return max(ROUTES_PER_PART, min(REQUESTS_PER_PART // per_route, len(plan.routes) // count))


def _seconds_from(problem: Problem, places: Sequence[Sequence[int]]) -> Means:
    """Return the mean seconds from the visits of each route to each place: a few sums of whole rows."""
    seconds = problem.matrix.durations_s
    return np.stack([seconds[stops].mean(axis=0) for stops in places])


def _groups(apart: Means, count: int, size: int, random: Random) -> list[set[int]]:
    free = list(range(len(apart)))
    groups: list[set[int]] = []
    while len(groups) < count and len(free) >= ROUTES_PER_PART:
        first = random.choice(free)
        # A route of scattered stops may have others nearer to it than it is to itself.
        near = sorted((at for at in free if at != first), key=lambda at: (float(apart[first, at]), at))
        group = {first, *near[: size - 1]}
        groups.append(group)
        free = [at for at in free if at not in group]
    return groups


def _nearest_routes(problem: Problem, plan: Plan, from_route: Means) -> dict[str, int]:
    """Map what is left behind to the route whose visits are nearest to its two ends."""
    left = [problem.request(one) for one in plan.unserved]
    ends = ((one, one.pickup.place, one.drop.place) for one in left)
    return {one.id: int((from_route[:, a] + from_route[:, b]).argmin()) for one, a, b in ends}


def _dealt(problem: Problem, plan: Plan, count: int) -> list[set[str]]:
    moving = {route.vehicle for route in plan.routes}
    idle = [vehicle.id for vehicle in problem.vehicles if vehicle.id not in moving]
    return [set(idle[at::count]) for at in range(count)]


def _part(problem: Problem, routes: Sequence[Route], idle: set[str], near: set[str]) -> Part:
    vehicles = {route.vehicle for route in routes} | idle
    carried = {task.id for route in routes for task in route.tasks if task.kind == "pickup"}
    joining = {one for group in _whole(problem, near) for one in group if _may_join(problem, group, vehicles)}
    return Part(frozenset(vehicles), frozenset(carried | joining))


def _may_join(problem: Problem, group: Sequence[str], vehicles: set[str]) -> bool:
    allowed = [problem.request(one).vehicles for one in group]
    return all(names is None or names & vehicles for names in allowed)


def _whole(problem: Problem, near: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield single requests, and those of one bundle together where all of them are near."""
    for request_id in near:
        bundle = problem.request(request_id).bundle
        mates = problem.bundles[bundle] if bundle is not None else (request_id,)
        if near.issuperset(mates):
            yield mates
