"""
Hands on the wheel: what a tour comes to in an order that its operator chose, and which promises that breaks.

Pure: nothing is read or written. The order is judged by ``routing.check``; where it admits no legal hours
it is driven as if hours and room were open, so that all that breaks can be named at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from geodata.refusal import Refusal
from pooling.fair.charging import Charge, charge
from pooling.fair.sharing import Claimant, Split
from pooling.figures import ADDED_DELAY, EARLIER_ARRIVAL
from pooling.goods.freshness import Fresh, too_late
from pooling.hours import DayClock
from pooling.money import Cents
from pooling.phrases import Phrases, message
from pooling.tour import Tour
from pooling.tours.hand_breaks import (
    HandDearerThanAlone,
    HandHours,
    HandHoursPromised,
    HandLocked,
    HandNoRoom,
    HandNotPayable,
    HandOrderImpossible,
    HandRule,
    HandShift,
)
from pooling.tours.holds import Holds
from pooling.tours.payers import Payers
from routing.check import Violation, check
from routing.cost import RouteCost, route_cost, stop_count
from routing.insertion import best_in_route
from routing.plan import Plan, Route
from routing.problem import AMOUNT_LIMIT, FOREVER_S, Problem, Vehicle, Visit, Window
from routing.promise import Tolerance
from routing.schedule import schedule_route
from routing.task import Task

PROMISE = Tolerance(EARLIER_ARRIVAL.value, ADDED_DELAY.value)
WAYS = {"pickup": message("pickup"), "drop": message("drop")}
RULES = {
    "goods_together": message("goods that never travel together"),
    "longest_ride": message("too long on board"),
}
ANOTHER_RULE = message("another rule")
SHIFT = ("leaves_early", "ends_late", "longest_route", "longest_drive", "longest_distance")


@dataclass(frozen=True)
class Side:
    """
    Hold a tour in an order of visits: who is aboard must ride.

    ``agreed_cents`` are the shares told for each shipment, above which none may rise; ``told_s`` the hours
    promised, once the tour is confirmed.
    """

    tour: Tour
    confirmed: bool
    problem: Problem
    payers: Payers
    tasks: tuple[Task, ...]
    holds: Holds
    fresh: Fresh
    clock: DayClock
    agreed_cents: Mapping[str, int]
    told_s: Mapping[Task, int]

    @property
    def vehicle(self) -> Vehicle:
        return self.problem.vehicle(self.tour.id)


@dataclass(frozen=True)
class Figures:
    """
    Hold what a tour comes to: its route, card, and who would pay what; ``None`` where nobody rides.

    ``charged`` is how the shares were found, ``None`` where somebody would lose by riding.
    """

    route: Route | None
    card: RouteCost | None
    split: Split
    losers: tuple[str, ...] = ()
    charged: Charge | None = None

    @property
    def cost_cents(self) -> int:
        return self.split.cost_cents

    @property
    def distance_m(self) -> int:
        return self.route.distance_m if self.route else 0

    @property
    def duration_s(self) -> int:
        return self.route.duration_s if self.route else 0

    @property
    def stops(self) -> int:
        return stop_count(self.route) if self.route else 0

    @property
    def begins_s(self) -> Mapping[Task, int]:
        return {visit.task: visit.begins_s for visit in self.route.visits} if self.route else {}

    @property
    def plan(self) -> Plan:
        return Plan((self.route,) if self.route else (), ())


def figures(side: Side) -> Figures:
    """Return what a tour comes to in this order, legal or not."""
    if not side.tasks:
        return Figures(None, None, Split(0, {}, 0))
    route = schedule_route(side.problem, side.vehicle, side.tasks) or _anyway(side)
    card = route_cost(side.vehicle, route)
    plan = Plan((route,), ())
    losers = tuple(side.payers.losers(plan))
    if losers:
        return Figures(route, card, Split(card.total_cents, {}, card.total_cents), losers)
    aboard = chain.from_iterable(side.payers.aboard(route).values())
    found = charge(side.tour.sharing_rule, side.problem, route, aboard, _claims(side, plan, route))
    return Figures(route, card, found.split, losers, found)


def _claims(side: Side, plan: Plan, route: Route) -> dict[str, Claimant]:
    """Return what each party may pay: its cap, and nowhere more than it was told."""
    told: dict[str, int] = {}
    for party, group in side.payers.aboard(route).items():
        if all(one.id in side.agreed_cents for one in group):
            told[party] = sum(side.agreed_cents[one.id] for one in group)
    return {
        party: Claimant(one.alone_cents, min(one.cap_cents, told.get(party, one.cap_cents)))
        for party, one in side.payers.caps(side.tour, plan, route).items()
    }


def _anyway(side: Side) -> Route:
    """Drive an order that no legal hours admit, as if hours and room were open."""
    requests = tuple(
        replace(one, pickup=_open(one.pickup), drop=_open(one.drop), longest_ride_s=None, goods=frozenset())
        for one in side.problem.requests
    )
    vehicle = side.vehicle
    free = replace(
        vehicle,
        shift=Window(vehicle.shift.opens_s, FOREVER_S),
        capacity=(AMOUNT_LIMIT,) * len(vehicle.capacity),
        head=(),
    )
    route = schedule_route(side.problem.narrowed((free,), requests, frozenset()), free, side.tasks)
    if route is None:
        raise AssertionError("Without hours and room every order can be driven.")
    return route


def _open(visit: Visit) -> Visit:
    return replace(visit, windows=(Window(visit.windows[0].opens_s, FOREVER_S),))


def breaks(side: Side, found: Figures) -> tuple[Refusal, ...]:
    """List every promise that a tour in this order would break; the checker is the judge."""
    if found.route is None:
        return ()
    late_s = side.fresh.late_s(found.route)
    broken = [
        HandLocked(shipment=task.id, way=Phrases((WAYS[task.kind],)))
        for task in side.holds.broken(side.tasks)
    ]
    named = (
        *broken,
        *_unlockable(side, found),
        *([too_late(side.tour.id, late_s)] if late_s else ()),
        *_unripe(side, found),
        *_of_the_road(side, found, frozenset(late_s)),
        *_promised(side, found),
        *_paid(side, found),
    )
    once: dict[tuple[str, ...], Refusal] = {}
    for one in named:
        about = (str(one.facts.get(name, "")) for name in ("shipment", "way", "payer"))
        once.setdefault((one.code, *about), one)
    return tuple(once.values())


def _unlockable(side: Side, found: Figures) -> Iterable[Refusal]:
    """Name the visits locked into hours that are none of their own."""
    for task, window in side.holds.hours.items():
        if not window.opens_s <= found.begins_s.get(task, window.opens_s) <= window.closes_s:
            begins, way = side.clock.wall(window.opens_s), Phrases((WAYS[task.kind],))
            yield HandHours(shipment=task.id, way=way, begins=begins)


def _unripe(side: Side, found: Figures) -> Iterable[Refusal]:
    """Name the pickups before a harvest's first hour: what must be gone by then has no later one."""
    for one in side.fresh.early(found.route):
        begins, way = side.clock.wall(found.begins_s[Task("pickup", one)]), Phrases((WAYS["pickup"],))
        yield HandHours(shipment=one, way=way, begins=begins)


def _of_the_road(side: Side, found: Figures, late: frozenset[str]) -> Iterable[Refusal]:
    aboard = {task.id for task in side.tasks}
    requests = tuple(one for one in side.problem.requests if one.id in aboard)
    asked = side.problem.narrowed((side.vehicle,), requests)
    named: dict[tuple[str, str], Refusal] = {}
    for violation in check(asked, found.plan):
        refusal = _named(side, found, violation, late)
        if refusal is not None:
            named.setdefault((refusal.code, str(refusal.facts.get("way", "")) + violation.subject), refusal)
    shifts = [one for one in named.values() if one.code == HandShift.code][:1]
    return chain((one for one in named.values() if one.code != HandShift.code), shifts)


def _named(side: Side, found: Figures, violation: Violation, late: frozenset[str]) -> Refusal | None:
    kind, _, shipment = violation.subject.partition(" ")
    if violation.code == "outside_window":
        task = Task("pickup" if kind == "pickup" else "drop", shipment)
        way = Phrases((WAYS[task.kind],))
        if task.kind == "drop" and shipment in late:
            return None
        return HandHours(shipment=shipment, way=way, begins=side.clock.wall(found.begins_s[task]))
    if violation.code == "over_capacity":
        return HandNoRoom(shipment=shipment, tour=side.tour.id)
    if violation.code in SHIFT and found.route is not None:
        wall, shift = side.clock.wall, side.vehicle.shift
        return HandShift(
            tour=side.tour.id,
            leaves=wall(found.route.leaves_s),
            ends=wall(found.route.ends_s),
            opens=wall(shift.opens_s),
            closes=wall(shift.closes_s),
        )
    rule = Phrases((RULES.get(violation.code, ANOTHER_RULE),))
    return HandRule(subject=violation.subject, tour=side.tour.id, rule=rule)


def _promised(side: Side, found: Figures) -> Iterable[Refusal]:
    for task, begins_s in found.begins_s.items():
        told_s = side.told_s.get(task)
        if not PROMISE.keeps(told_s, begins_s):
            yield HandHoursPromised(
                shipment=task.id,
                way=Phrases((WAYS[task.kind],)),
                promised=side.clock.wall(told_s or 0),
                begins=side.clock.wall(begins_s),
                earlier=PROMISE.earlier_s // 60,
                later=PROMISE.later_s // 60,
            )


def _paid(side: Side, found: Figures) -> Iterable[Refusal]:
    for payer in found.losers:
        yield HandDearerThanAlone(payer=payer, tour=side.tour.id)
    gap_cents = found.split.gap_cents - side.tour.gap_cents
    if side.confirmed and not found.losers and gap_cents > 0:
        yield HandNotPayable(tour=side.tour.id, gap=Cents(gap_cents))


def moved(tasks: Sequence[Task], task: Task, place: int) -> tuple[Task, ...]:
    """Put a visit at a place of the order, counted from 1; refuses a drop before its pickup."""
    rest = [one for one in tasks if one != task]
    at = max(0, min(place - 1, len(rest)))
    order = (*rest[:at], task, *rest[at:])
    if order.index(Task("pickup", task.id)) > order.index(Task("drop", task.id)):
        raise HandOrderImpossible(shipment=task.id)
    return order


def put_in(side: Side, newcomers: Iterable[str]) -> tuple[Task, ...]:
    """Put each newcomer where it costs least behind what is locked; last of all where it fits nowhere."""
    tasks = side.tasks
    for one in newcomers:
        route = schedule_route(side.problem, side.vehicle, tasks) if tasks else None
        slot = None
        if route is not None or not tasks:
            may = side.holds.may(tasks)
            slot = best_in_route(side.problem, side.vehicle, route, side.problem.request(one), may=may)
        tasks = slot.route.tasks if slot else (*tasks, Task("pickup", one), Task("drop", one))
    return tasks
