"""
Why a request does not fit, and the smallest change that makes it fit.

A reason is a smallest set of rules whose relaxation gives the request a legal slot in the plan as
it is committed; every set of that size is tried, so no smaller one exists and none is named
wrongly. The smallest change is found by halving, since fitting gets easier as a rule yields: at what
would do it fits, and one unit nearer to what stands it does not. Where several rules stand in the
way together, each change is the smallest beside those found before it, so that together they do.

Of a bundle each request is asked for by itself: where the rest of it does not ride in the vehicle,
that is a rule in the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import nsmallest
from itertools import combinations

from routing.changes import Change, Quantity, candidates
from routing.insertion import Insertion, asked_of, best_in_route, may_carry
from routing.least import LeastAdded, least_added_cents
from routing.plan import Plan
from routing.problem import ALWAYS, Problem, Request, Vehicle, Window
from routing.rules import Rule, relaxed, relaxed_request
from routing.slots import slots_in_route
from routing.task import Task

__all__ = ["Change", "Payable", "Rule", "WhyNot", "explain", "nearest_miss", "relaxed", "why_not"]


SIZE_PROBED = 2
"""Before sets of so many rules are tried, those without which nothing helps are found: all sets hold them."""

May = Callable[[int, int], bool]
Payable = Callable[[Insertion], bool]
"""Tell whether a slot would be paid, where no prize per request can say it."""


@dataclass(frozen=True)
class WhyNot:
    """
    Hold, for one vehicle, a smallest set of rules to relax, the slot that opens, the smallest changes.

    ``slot`` is legal but for ``rules``. ``rules`` is empty where the request fits as it is, and where
    no relaxation helps (the route has too many stops already): then there is no slot either.
    ``changes`` names one change for each rule that can yield by a quantity, ``change`` the only one of
    a single rule; ``changed`` is the slot once all of them are made, legal but for the other rules.
    """

    vehicle: str
    rules: tuple[Rule, ...]
    slot: Insertion | None
    change: Change | None
    changes: tuple[tuple[Rule, Change], ...] = ()
    changed: Insertion | None = None


@dataclass(frozen=True)
class _Case:
    """Hold the question: this request, on this vehicle of this plan, and whether a slot would be paid."""

    problem: Problem
    plan: Plan
    vehicle: Vehicle
    request: Request
    payable: Payable | None = None
    may: May | None = None


def explain(problem: Problem, plan: Plan, request: Request) -> tuple[WhyNot, ...]:
    """
    Say for each vehicle why the request does not fit: fewest rules first, then least cost.

    The request need not be one of the problem's. Raises ``ProblemNonsense`` where it makes no sense there,
    ``ValueError`` where it rides already.
    """
    problem = asked_of(problem, plan, request)
    reasons = [why_not(problem, plan, vehicle, request) for vehicle in problem.vehicles]
    return tuple(sorted(reasons, key=_nearness))


def nearest_miss(
    problem: Problem,
    plan: Plan,
    request: Request,
    *,
    tried: int | None = None,
    least: LeastAdded | None = None,
) -> WhyNot:
    """
    Say the same of the one vehicle that misses it least, as the first of ``explain``.

    ``tried`` looks only at so many vehicles, those whose way passes nearest; of vehicles that stand idle
    and differ in name only, at one. ``least`` is what was made for the routes of this plan already. Raises
    as ``explain`` does, and ``ValueError`` without a vehicle.
    """
    problem = asked_of(problem, plan, request)
    routes = {route.vehicle: route for route in plan.routes}
    vehicles = [one for one in problem.vehicles if one.id in routes or problem.first_twin[one.id] == one.id]
    added = (least or LeastAdded(problem, vehicles, routes)).cents(request)
    vehicles = nsmallest(tried or len(vehicles), vehicles, key=lambda one: (added[one.id], one.id))
    best: WhyNot | None = None
    for vehicle in vehicles:
        reason = _reason(
            _Case(problem, plan, vehicle, request), len(best.rules) if best and best.slot else None
        )
        best = min((one for one in (best, reason) if one is not None), key=_nearness)
    if best is None:
        raise ValueError("There is no vehicle to ask.")
    case = _Case(problem, plan, problem.vehicle(best.vehicle), request)
    return _with_changes(case, best) if best.slot else best


def why_not(
    problem: Problem,
    plan: Plan,
    vehicle: Vehicle,
    request: Request,
    *,
    payable: Payable | None = None,
    may: May | None = None,
) -> WhyNot:
    """
    Find a smallest set of rules whose relaxation lets this vehicle carry the request.

    Among sets of that size, the one that the asker can do most about (the order of ``Rule``). With
    ``payable`` the price is one of the rules: a slot that would not be paid is none. ``may`` forbids pairs
    of positions, as in ``best_in_route``; nothing relaxes it.
    """
    case = _Case(problem, plan, vehicle, request, payable, may)
    reason = _reason(case)
    return _with_changes(case, reason) if reason.slot else reason


def _reason(case: _Case, at_most: int | None = None) -> WhyNot:
    """Find the smallest set of rules, of ``at_most`` so many, without the changes that would do."""
    at_stake = _rules_at_stake(case)
    needed: frozenset[Rule] = frozenset()
    for size in range(len(at_stake) + 1 if at_most is None else at_most + 1):
        if size == SIZE_PROBED and case.payable is None:
            needed = frozenset(one for one in at_stake if not _has_slot(case, _without(at_stake, one)))
        for rules in combinations(at_stake, size):
            slot = _slot(case, rules) if needed <= set(rules) else None
            if slot is not None:
                return WhyNot(case.vehicle.id, rules, slot, None)
    return WhyNot(case.vehicle.id, (), None, None)


def _without(rules: Sequence[Rule], rule: Rule) -> tuple[Rule, ...]:
    return tuple(one for one in rules if one is not rule)


def _rules_at_stake(case: _Case) -> list[Rule]:
    """Leave out the rules that this vehicle and this request do not have."""
    vehicle, request = case.vehicle, case.request
    idle = {
        Rule.BUNDLE: _beside_its_mates(case),
        Rule.APART: not case.problem.foes_of(request),
        Rule.DURATION: vehicle.longest_s is None,
        Rule.HEAD: not vehicle.head,
        Rule.DETOUR: vehicle.longest_drive_s is None and vehicle.longest_m is None,
        Rule.RIDE: request.longest_ride_s is None,
        Rule.SKILLS: request.skills <= vehicle.skills,
        Rule.RESERVED: request.vehicles is None or vehicle.id in request.vehicles,
        Rule.PRICE: request.prize_cents is None and case.payable is None,
        Rule.COMPARTMENT: not _lacks_compartment(vehicle, request),
        Rule.SHIFT: vehicle.shift == Window(),
        Rule.PICKUP_HOURS: request.pickup.windows == ALWAYS,
        Rule.DROP_HOURS: request.drop.windows == ALWAYS,
    }
    return [rule for rule in Rule if not idle.get(rule, False)]


def _beside_its_mates(case: _Case) -> bool:
    """Tell whether all the rest of the request's bundle, if it has one, rides in this vehicle."""
    bundle = case.request.bundle
    route = case.plan.route(case.vehicle.id)
    aboard = {task.id for task in route.tasks if task.kind == "drop"} if route else set()
    mates = set() if bundle is None else set(case.problem.bundles.get(bundle, ()))
    return mates - {case.request.id} <= aboard


def _too_far_for_its_price(case: _Case) -> bool:
    """Tell whether the longer way alone costs more than the request's prize: no hours could mend that."""
    prize = case.request.prize_cents
    if prize is None:
        return False
    route = case.plan.route(case.vehicle.id)
    return least_added_cents(case.problem, case.vehicle, route, case.request) >= prize


def _lacks_compartment(vehicle: Vehicle, request: Request) -> bool:
    return any(amount and not room for amount, room in zip(request.load, vehicle.capacity, strict=True))


def _slot(case: _Case, rules: tuple[Rule, ...]) -> Insertion | None:
    """Return the best slot without those rules, or ``None`` where there is none that is worth its price."""
    asked = _without_rules(case, rules)
    if asked is None:
        return None
    problem, vehicle, request = asked
    slot = best_in_route(problem, vehicle, case.plan.route(vehicle.id), request, may=case.may)
    if slot is None or (request.prize_cents is not None and slot.added_cents >= request.prize_cents):
        return None
    unpaid = case.payable is not None and Rule.PRICE not in rules and not case.payable(slot)
    return None if unpaid else slot


def _has_slot(case: _Case, rules: tuple[Rule, ...]) -> bool:
    """Tell whether there is a slot without those rules: where no price is asked, the first proves it."""
    asked = _without_rules(case, rules)
    if asked is None or asked[2].prize_cents is not None:
        return asked is not None and _slot(case, rules) is not None
    problem, vehicle, request = asked
    return any(True for _ in slots_in_route(problem, vehicle, case.plan.route(vehicle.id), request))


def _without_rules(case: _Case, rules: tuple[Rule, ...]) -> tuple[Problem, Vehicle, Request] | None:
    """Return what is asked without those rules, or ``None`` where no slot need be looked for."""
    if not may_carry(case.vehicle, relaxed_request(case.request, rules)):
        return None
    if Rule.PRICE not in rules and _too_far_for_its_price(case):
        return None
    if Rule.BUNDLE not in rules and not _beside_its_mates(case):
        return None
    route = case.plan.route(case.vehicle.id)
    riding = frozenset(task.id for task in route.tasks if task.kind != "announced") if route else frozenset()
    return relaxed(case.problem, case.vehicle, case.request, rules, riding)


def _with_changes(case: _Case, reason: WhyNot) -> WhyNot:
    """Find each rule's smallest change, the price last: it is the price of what the others come to."""
    left = list(reason.rules)
    changes: list[tuple[Rule, Change]] = []
    for rule in sorted(reason.rules, key=lambda one: one is Rule.PRICE):
        others = tuple(one for one in left if one is not rule)
        found = _smallest_change(case, rule, others)
        if found is not None:
            change, case = found
            changes.append((rule, change))
            left.remove(rule)
    only = changes[0][1] if changes and len(reason.rules) == 1 else None
    unpriced = (*left, *([Rule.PRICE] if Rule.PRICE in reason.rules else []))
    changed = _slot(case, unpriced) if changes else reason.slot
    return replace(reason, change=only, changes=tuple(changes), changed=changed)


def _smallest_change(case: _Case, rule: Rule, others: tuple[Rule, ...]) -> tuple[Change, _Case] | None:
    """Find the smallest change of one quantity that does what relaxing the rule did, and make it."""
    enough: list[tuple[Change, _Case]] = []
    for change, change_vehicle, change_request in candidates(case.vehicle, case.request, rule):
        if change.stands != change.would_do:
            changed = partial(_changed, case, change_vehicle, change_request)
            found = _halve(change, partial(_enough_at, changed, others, change.quantity))
            if found is not None:
                enough.append((found, changed(found.would_do)))
    return min(enough, key=lambda one: abs(one[0].would_do - one[0].stands), default=None)


def _changed(
    case: _Case,
    change_vehicle: Callable[[int], Vehicle],
    change_request: Callable[[int], Request],
    value: int,
) -> _Case:
    return replace(case, vehicle=change_vehicle(value), request=change_request(value))


def _enough_at(
    changed: Callable[[int], _Case], others: tuple[Rule, ...], quantity: Quantity, value: int
) -> int | None:
    """Return what the slot that fits at a value makes use of, often less; ``None`` where none fits."""
    slot = _slot(changed(value), others)
    if slot is None:
        return None
    used = _used(slot, quantity)
    return value if used is None else used


def _used(slot: Insertion, quantity: Quantity) -> int | None:
    """Return at which value of a quantity this very slot would still fit, where that can be read off it."""
    route = slot.route
    if quantity == "drive_s":
        return route.drive_s
    if quantity == "route_s":
        return route.ends_s - route.leaves_s
    if quantity in ("drop_from_s", "drop_by_s"):
        return next(one.begins_s for one in route.visits if one.task == Task("drop", slot.request))
    if quantity in ("ready_s", "pickup_by_s"):
        return next(one.begins_s for one in route.visits if one.task == Task("pickup", slot.request))
    return None


def _halve(change: Change, enough_at: Callable[[int], int | None]) -> Change | None:
    """
    Find the value nearest to what stands that fits, between it (which does not) and the farthest.

    A value that was read off a slot is mostly the one looked for: that the next one does not fit proves it.
    """
    asked, near = change.would_do, change.stands
    far = enough_at(asked)
    if far is None:
        return None
    while abs(far - near) > 1:
        nearer = far + (1 if near > far else -1)
        asked = (near + far) // 2 if far == asked else nearer
        enough = enough_at(asked)
        if enough is not None:
            far = enough
        elif asked == nearer:
            break
        else:
            near, asked = asked, far
    return replace(change, would_do=far)


def _nearness(reason: WhyNot) -> tuple[bool, int, int, str]:
    cents = reason.slot.added_cents if reason.slot else 0
    return (reason.slot is None, len(reason.rules), cents, reason.vehicle)
