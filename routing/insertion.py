"""
Where one more shipment fits: every legal slot in every route, with what it adds.

This is what proves that a bid can be accepted: the plan it gives is one that could be driven.
"""

from dataclasses import replace

from routing.bundles import Group, Hurried, boarded, carriers, groups, never
from routing.committed import committed_route, must_move
from routing.plan import Plan, Route
from routing.problem import Problem, Request
from routing.slots import Insertion, best_in_route, may_carry, preference, slots_in_route

__all__ = [
    "Insertion",
    "asked_of",
    "best_in_route",
    "best_insertion",
    "empty_plan",
    "insert",
    "insert_all",
    "insertions",
    "may_carry",
]


def insertions(
    problem: Problem, plan: Plan, request: Request, *, every: bool = False
) -> tuple[Insertion, ...]:
    """
    List the best slot of each vehicle for one more request, cheapest first; with ``every``, all slots.

    Tries every pair of positions in every route: O(n²) pairs of the n visits already planned; only
    those whose bound could still win are scheduled, in O(n), or all of them with ``every``. Of
    vehicles that stand idle and differ in name only, the first speaks for all. A request rides where
    its mates ride; the first of a bundle may ride anywhere, and its mates must follow. What a head
    picks up is on board already and has no other slot. The plan is not changed.

    The request need not be one of the problem's; where it has one of that name, this one takes its place.
    Raises ``ProblemNonsense`` where it makes no sense there, ``ValueError`` where it rides already.
    """
    problem = asked_of(problem, plan, request)
    routes = {route.vehicle: route for route in plan.routes}
    found: list[Insertion] = []
    for vehicle in carriers(problem, routes, (request,)):
        route = routes.get(vehicle.id)
        if every:
            found += slots_in_route(problem, vehicle, route, request)
        else:
            slot = best_in_route(problem, vehicle, route, request)
            found += [] if slot is None else [slot]
    return tuple(sorted(found, key=preference))


def asked_of(problem: Problem, plan: Plan, request: Request) -> Problem:
    """Return the problem with a request that is asked about; what is locked into a head may ride."""
    if request.id in plan.served and request.id not in problem.locked_in:
        raise ValueError(f"Request {request.id} rides already: take it out of the plan first.")
    if any(one == request for one in problem.requests):
        return problem
    others = tuple(one for one in problem.requests if one.id != request.id)
    return replace(problem, requests=(*others, request))


def best_insertion(problem: Problem, plan: Plan, request: Request) -> Insertion | None:
    """Find the cheapest legal slot for one more request, or ``None`` where no pair of positions is legal."""
    return next(iter(insertions(problem, plan, request)), None)


def insert(plan: Plan, insertion: Insertion) -> Plan:
    """Return the plan with the request in its slot."""
    others = tuple(route for route in plan.routes if route.vehicle != insertion.vehicle)
    left = tuple(request_id for request_id in plan.unserved if request_id != insertion.request)
    return Plan((*others, insertion.route), left)


def empty_plan(problem: Problem) -> Plan | None:
    """
    Return the plan in which every vehicle does only what it must: heads, their drops, announced stops.

    ``None`` where an announced trip, or what is locked, cannot keep its own hours.
    """
    routes: list[Route] = []
    for vehicle in problem.vehicles:
        if must_move(vehicle):
            route = committed_route(problem, vehicle)
            if route is None:
                return None
            routes.append(route)
    locked = problem.locked_in
    return Plan(tuple(routes), tuple(one.id for one in problem.requests if one.id not in locked))


def insert_all(problem: Problem, plan: Plan, hurried: Hurried = never) -> Plan:
    """
    Insert what is left behind, one after another, each where it costs least and less than its prize.

    What must be carried goes first, then the dearest prize; of equals, the earliest deadline. A
    bundle goes in whole or not at all. Who was left is tried again in what others have changed, until
    nobody is left who would pay: usually O(r · n²) for r requests and routes of n visits.
    """
    waiting, tried = groups(problem, plan.unserved), dict[str, Plan]()
    while waiting:
        left: list[Group] = []
        for group in waiting:
            if hurried():
                return plan
            fuller = boarded(problem, plan, group, hurried, since=tried.get(group[0].id))
            tried[group[0].id] = plan
            if fuller is None:
                left.append(group)
            else:
                plan = fuller
        if len(left) == len(waiting):
            break
        waiting = left
    return plan
