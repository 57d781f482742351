"""
What would do: the nearest changes that put a shipment left behind on a ride of the day as it is committed.

Other hours, fewer crates, so much money more, or one van more. Each is decided by the code that takes
shipments along, on the crates as they would be: what is told here would be done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Literal

from pooling.days.alternatives import Committed, alternatives
from pooling.days.changed import asked_at_any_price, at_any_hour, at_any_price, at_hours, changed, of_crates
from pooling.market.allowing import permitted
from pooling.market.award import best_slot
from pooling.shipment import Shipment
from pooling.tours.confirming import least_gap, taken_along
from routing.insertion import may_carry
from routing.plan import Plan, Route
from routing.problem import Vehicle
from routing.slots import best_in_route
from routing.task import Task

TOURS_TRIED = 6
"""Of more tours, those whose way passes nearest are asked why they do not carry it, and what would do."""

HOURS_TRIED = 3
"""Of rides at other hours, so many of the nearest are held against the very hours that they need."""

Kind = Literal["hours", "size", "gap", "van"]


@dataclass(frozen=True)
class WouldDo:
    """
    Hold one change that would do, and the ride that the crates would have then, at these hours.

    On a trip a bid of ``price_cents`` is accepted; on a tour its payer pays at most that. What
    somebody else would have to put in besides is ``missing_cents``. One van more is one like that of the
    tour ``ride``, by the same card, for this shipment only.
    """

    kind: Kind
    ride: str
    crates: int
    pickup_s: int
    drop_s: int
    price_cents: int
    missing_cents: int = 0


def would_do(committed: Committed, shipment: Shipment) -> tuple[WouldDo, ...]:
    """List what would do for a shipment that nothing carries: at most one change of each kind."""
    as_it_is = changed(committed, shipment)
    gap, van = _more_money(as_it_is, shipment), _one_van_more(as_it_is, shipment)
    if gap is not None and van is not None and gap.missing_cents <= van.missing_cents:
        van = None
    found = (_other_hours(committed, shipment), _fewer_crates(committed, shipment), gap, van)
    return tuple(one for one in found if one is not None)


def _other_hours(committed: Committed, shipment: Shipment) -> WouldDo | None:
    """Look at every hour in which somebody is at both ends; told is what needs no more than it says."""
    wide = at_any_hour(committed, shipment)
    if wide == shipment or not _has_room(committed, wide):
        return None

    def moved_s(one: WouldDo) -> tuple[int, int, str]:
        pickup, drop = shipment.pickup, shipment.drop
        late_s = max(0, one.pickup_s - pickup.closes_s, one.drop_s - drop.closes_s)
        return max(late_s, drop.opens_s - one.drop_s), one.price_cents, one.ride

    rides = _rides(changed(committed, wide), wide, "hours")
    for ride in nsmallest(HOURS_TRIED, rides, key=moved_s):
        narrow = at_hours(shipment, ride.pickup_s, ride.drop_s)
        for one in _rides(changed(committed, narrow), narrow, "hours", ride.ride):
            return one
    return None


def _fewer_crates(committed: Committed, shipment: Shipment) -> WouldDo | None:
    """Look for the most crates that find room at their hours, where all of them find none."""
    few, many = 0, shipment.load.crates
    if _has_room(committed, shipment):
        return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if _has_room(committed, of_crates(shipment, middle)) else (few, middle)
    if not few:
        return None
    fewer = of_crates(shipment, few)
    rides = _rides(changed(committed, fewer), fewer, "size")
    return min(rides, key=lambda one: (one.price_cents, one.drop_s, one.ride), default=None)


def _more_money(after: Committed, shipment: Shipment) -> WouldDo | None:
    """Look for the tour that would carry it as it is, if somebody put in what its payers may not pay."""
    tours = [one.id for one in _nearest(after, shipment)]
    least = least_gap(
        after.day, at_any_price(after, shipment), after.tour_plan, after.payers, shipment, tours
    )
    if least is None:
        return None
    route, missing_cents = least
    return replace(_on_tour(after, shipment, route, "gap"), missing_cents=missing_cents)


def _one_van_more(after: Committed, shipment: Shipment) -> WouldDo | None:
    """Look for the van that would drive for it alone, beside all that drive, and lack least."""
    problem, plan = at_any_price(after, shipment), after.tour_plan
    request, found = problem.request(shipment.id), list[WouldDo]()
    if request.vehicles is not None:
        return None
    for vehicle in _nearest(after, shipment, idle=True):
        slot = best_in_route(problem, vehicle, None, request)
        if slot is None:
            continue
        van = replace(slot.route, vehicle=f"{vehicle.id}+")
        tour = after.day.tour_by_id[vehicle.id]
        caps = after.payers.caps(tour, Plan((*plan.routes, van), ()), van)
        missing_cents = max(0, slot.added_cents - caps[shipment.payer].cap_cents - tour.gap_cents)
        told = _on_tour(after, shipment, slot.route, "van")
        found.append(replace(told, missing_cents=missing_cents))
    return min(found, key=lambda one: (one.missing_cents, one.ride), default=None)


def _rides(after: Committed, shipment: Shipment, kind: Kind, only: str = "") -> Iterator[WouldDo]:
    """Yield the rides that would take a shipment as it would be: tours that stay paid, then trips."""
    tours = [only] if only in after.day.tour_by_id else None if not only else []
    stands = after.day, after.tour_problem, after.tour_plan, after.payers
    for route in taken_along(*stands, shipment, tours, after.least):
        yield _on_tour(after, shipment, route, kind)
    for one in alternatives(after, shipment):
        if only in ("", one.ride):
            crates = shipment.load.crates
            yield WouldDo(kind, one.ride, crates, one.pickup_s, one.drop_s, one.price_cents)


def _on_tour(after: Committed, shipment: Shipment, route: Route, kind: Kind) -> WouldDo:
    begins = {one.task: one.begins_s for one in route.visits}
    pickup_s, drop_s = (begins[Task(end, shipment.id)] for end in ("pickup", "drop"))
    shown_cents = after.payers.shown_cents(after.day.tour_by_id[route.vehicle].crate_cents, shipment)
    most_cents = min(shown_cents, after.payers.by_itself_cents(shipment))
    return WouldDo(kind, route.vehicle, shipment.load.crates, pickup_s, drop_s, most_cents)


def _has_room(committed: Committed, shipment: Shipment) -> bool:
    """Tell whether some ride has a slot for these crates at their hours, whatever it costs."""
    problem = asked_at_any_price(committed, shipment)
    request = problem.request(shipment.id)
    routes = {route.vehicle: route for route in committed.tour_plan.routes}
    if any(best_in_route(problem, one, routes.get(one.id), request) for one in _nearest(committed, shipment)):
        return True
    return any(
        permitted(committed.day, book.trip, shipment) and best_slot(committed.ground, book, shipment)
        for book in committed.trips
    )


def _nearest(committed: Committed, shipment: Shipment, *, idle: bool = False) -> Sequence[Vehicle]:
    """Return the tours that may carry it and pass nearest; with ``idle`` as if none drove yet."""
    problem, request = committed.tour_problem, committed.ground.request(shipment)
    stands = next((one for one in problem.requests if one.id == shipment.id), request)
    may = [one for one in problem.vehicles if may_carry(one, stands)]
    added = (committed.legs.of(problem, ()) if idle else committed.least).cents(request)
    return nsmallest(TOURS_TRIED, may, key=lambda one: (added[one.id], one.id))
