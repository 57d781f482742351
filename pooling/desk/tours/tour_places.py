"""
A place on a tour for one more shipment: the cheapest slot as the tour now stands, or what is in the way.

Nothing is written here: ``sign_ups`` and ``boarding`` do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.days.alternatives import Committed
from pooling.days.dayplan import HoursImpossible
from pooling.days.turned import tour_reason
from pooling.desk.market.rides import in_public
from pooling.desk.tours.shares import Share
from pooling.desk.tours.tour_terms import Terms, agreed_gap, late_terms, terms_on
from pooling.desk.tours.tour_world import TourWorld
from pooling.goods.freshness import too_late
from pooling.market.matching import NoPickupHourFits, PickupHoursMissed
from pooling.money import Cents
from pooling.shipment import Shipment
from pooling.tours.confirming import RidingDearerThanAlone, gap_cents
from pooling.tours.newcomer import Newcomer, must_pay_its_way
from pooling.week import common
from routing.check import check
from routing.construction import first_plan
from routing.cost import route_cost
from routing.insertion import Insertion, best_in_route, insert
from routing.plan import Plan
from routing.problem import Problem, Request, Vehicle, Window
from routing.task import Task


@dataclass(frozen=True)
class Joining:
    """
    Hold places that were found: the tour's plan with the shipments in it, and what all would be told.

    ``shipment`` is the last of them, ``slot`` how the tour goes with all. ``cover`` is the version of the
    cover terms that its payer accepted.
    """

    world: TourWorld
    shipment: Row[Any]
    slot: Insertion
    plan: Plan
    terms: Terms
    cover: str = ""

    @property
    def share(self) -> Share:
        return self.terms.parts[self.shipment.id]


def placed(world: TourWorld, row: Row[Any]) -> Joining:
    """
    Find the cheapest slot for one more shipment, or refuse with the rules of the road in its way.

    To find the rules and the smallest change that would do takes far longer than to find the slot.
    """
    return all_placed(world, [row])


def all_placed(world: TourWorld, rows: Sequence[Row[Any]]) -> Joining:
    """
    Find a place for each of these shipments, or refuse with what is in the way of the first that has none.

    Each is put in as those before it have left the tour; what they add to it is judged together.
    """
    found, left = _put_in(world, rows)
    if left is not None:
        raise _why_not(*left)
    return _joining(world, rows, found)


def place_of(world: TourWorld, row: Row[Any]) -> Joining | None:
    """
    Find the cheapest slot for one more shipment; ``None`` where the road has none, without its reason.

    Refuses one that adds more than it may pay, where that is held against it (``pooling.tours.newcomer``).
    Who rides, and whether the tour can be paid within everybody's caps, is decided at the cut-off.
    """
    return all_places_of(world, [row])


def all_places_of(world: TourWorld, rows: Sequence[Row[Any]]) -> Joining | None:
    """Find the same for several who join together; ``None`` where the road has no place for one of them."""
    found, left = _put_in(world, rows)
    return None if left is not None else _joining(world, rows, found)


@dataclass(frozen=True)
class _Slot:
    """Hold one shipment put in: what is asked then, the plan that answers it, and how the tour goes."""

    asked: Problem
    plan: Plan
    slot: Insertion


def _put_in(world: TourWorld, rows: Sequence[Row[Any]]) -> tuple[list[_Slot], tuple[TourWorld, str] | None]:
    """Put shipments in one after another; returns how, and the first that had no place with its world."""
    stands, found = world, list[_Slot]()
    for row in rows:
        one = _slot_of(stands, row)
        if one is None:
            return found, (stands, row.id)
        found.append(one)
        aboard: Any = SimpleNamespace(id="", shipment_id=row.id, payer_id=row.payer_id, pickup_from_at=None)
        stands = replace(stands, sign_ups=(*stands.sign_ups, aboard), planned=one.slot.route.tasks)
    return found, None


def _slot_of(world: TourWorld, row: Row[Any]) -> _Slot | None:
    """Put one shipment where it costs least, whatever it adds; ``None`` where the road has no place."""
    one = world.day.shipment_by_id[row.id]
    if world.payers.baseline.alone(one.payer, [one]) is None:
        raise HoursImpossible(shipment=one.id)
    _must_be_served(world, one)
    plan = world.committed[1]
    asked, vehicle, request = _asked(world, one.id)
    stands = plan.route(vehicle.id)
    may = world.holds.may(stands.tasks if stands else ())
    slot = best_in_route(asked, vehicle, stands, request, may=may) or _anew(world, asked, plan, request)
    if slot is None:
        return None
    joined = insert(plan, slot)
    violations = check(asked, joined)
    if violations:
        raise AssertionError(f"A place on a tour broke a rule: {violations}")
    if one.payer in world.payers.losers(joined):
        loss_cents = -world.payers.worth_cents(one.payer, world.payers.served(joined)[one.payer])
        raise RidingDearerThanAlone(shipment=one.id, tour=world.tour.id, loss=Cents(max(0, loss_cents)))
    return _Slot(asked, joined, slot)


def _joining(world: TourWorld, rows: Sequence[Row[Any]], found: Sequence[_Slot]) -> Joining:
    """Reckon what all would be told; refuse who join together and add more than they may pay."""
    last, row = found[-1], rows[-1]
    late = world.row.state == "confirmed"
    if late:
        terms = late_terms(world, last.asked, last.plan, world.day.shipment_by_id[row.id])
    else:
        terms = terms_on(world, last.asked, last.plan)
    joining = Joining(world, row, last.slot, last.plan, terms)
    names, always = ", ".join(one.id for one in rows), world.row.each_pays_its_way and not late
    must_pay_its_way(world.tour.id, names, _newcomer(joining, rows), always=always)
    return joining


def _newcomer(joining: Joining, rows: Sequence[Row[Any]]) -> Newcomer:
    """Measure those who join together against the tour without them, each at its ceiling."""
    world = joining.world
    problem, plan = world.committed
    terms, late = joining.terms, world.row.state == "confirmed"
    route, payers = plan.route(world.tour.id), {row.payer_id for row in rows}
    cost_cents = route_cost(problem.vehicle(world.tour.id), route).total_cents if route else 0
    before_cents = agreed_gap(world, problem, plan) if late else _uncovered(world, problem, plan)
    return Newcomer(
        gaps_cents=(before_cents, terms.gap_cents),
        account_cents=world.tour.gap_cents,
        adds_cents=terms.cost_cents - cost_cents,
        most_cents=sum(terms.parts[row.id].share_cents for row in rows),
        others=any(one.payer_id not in payers for one in world.sign_ups),
        crates=rows[0].crates if len(rows) == 1 and not late else 0,
        crate_cents=world.tour.crate_cents,
        spares_cents=_spared(joining, rows[0].payer_id),
    )


def _spared(joining: Joining, payer: str) -> int:
    """Return what riding spares a payer beyond what it may be asked."""
    world, route = joining.world, joining.slot.route
    claim = world.payers.caps(world.tour, joining.plan, route)[payer]
    return claim.alone_cents - claim.cap_cents


def _asked(world: TourWorld, shipment_id: str) -> tuple[Problem, Vehicle, Request]:
    """Ask for one more shipment beside those aboard, whatever it costs."""
    problem = world.committed[0]
    request = replace(world.problem.request(shipment_id), prize_cents=None)
    asked = replace(problem, requests=(*problem.requests, request))
    return asked, problem.vehicle(world.tour.id), request


def _why_not(world: TourWorld, shipment_id: str) -> Refusal:
    """Return the rules of the road in the way of a shipment that has no place."""
    problem, plan = world.committed
    _must_be_fresh(world, problem, plan, shipment_id)
    asked, _, _ = _asked(world, shipment_id)
    left = replace(plan, unserved=(*plan.unserved, shipment_id))
    committed = Committed(world.day, world.ground, (), asked, left, world.payers, ())
    return in_public(tour_reason(committed, world.day.shipment_by_id[shipment_id]))


def _uncovered(world: TourWorld, problem: Problem, plan: Plan) -> int:
    """Return what those aboard leave uncovered; of an empty tour more than any account takes."""
    route = plan.route(world.tour.id)
    if route is None:
        return world.tour.gap_cents + 1
    return gap_cents(world.day, problem, plan, route, world.payers)


def _must_be_served(world: TourWorld, one: Shipment) -> None:
    """Refuse a place outside the tour's or its carrier's area, and hours that no harvest could keep."""
    places = [world.day.sites[site].place for site in (one.from_site, one.to_site)]
    if world.goes_to is not None:
        world.goes_to.must_cover(places, world.tour.id)
    if world.area is not None and not world.row.carrier_open:
        world.area.must_serve(places, world.day.parties[world.tour.carrier].name)
    request = world.unhurried.request(one.id)
    if world.fresh.asked(request) is None:
        raise _not_in_harvest(world, one, request)


def _not_in_harvest(world: TourWorld, one: Shipment, request: Request) -> Refusal:
    """Say which of a shipment's hours lies outside the harvest's: it comes too late, or goes too early."""
    ready_s, by_s = world.fresh.ready_from_s, request.pickup.windows[-1].closes_s
    if ready_s is None or by_s >= ready_s:
        return too_late(world.tour.id, {one.id: world.fresh.least_late_s(request)})
    wall, carrier = world.clock.wall, world.day.parties[world.tour.carrier].name
    facts = {"ride": f"{world.tour.id} ({carrier})", "shipment": one.id}
    facts |= {"stands_from": wall(request.pickup.windows[0].opens_s), "stands_until": wall(by_s)}
    hours, (problem, plan) = world.day.sites[one.from_site].hours, world.committed
    if not hours or hours[-1].closes_s < ready_s:
        return NoPickupHourFits(**facts)
    waiting = replace(request.pickup, windows=common(hours, Window(ready_s, hours[-1].closes_s)))
    later = world.fresh.asked(replace(request, pickup=waiting, prize_cents=None))
    if later is None:
        return NoPickupHourFits(**facts)
    asked, vehicle = replace(problem, requests=(*problem.requests, later)), problem.vehicle(world.tour.id)
    slot = best_in_route(asked, vehicle, plan.route(vehicle.id), later)
    if slot is None:
        return NoPickupHourFits(**facts)
    begins = next(one.begins_s for one in slot.route.visits if one.task == Task("pickup", request.id))
    return PickupHoursMissed(**facts, would_do=wall(-(-begins // 60) * 60))


def _must_be_fresh(world: TourWorld, problem: Problem, plan: Plan, shipment_id: str) -> None:
    """Refuse by how much it would come too late what only the hard hours of a harvest keep off."""
    own = replace(world.unhurried.request(shipment_id), prize_cents=None)
    request = replace(world.fresh, fresh_by_s=None).asked(own) or own
    vehicle = problem.vehicle(world.tour.id)
    asked = replace(problem, requests=(*problem.requests, request))
    slot = best_in_route(asked, vehicle, plan.route(vehicle.id), request)
    late_s = world.fresh.late_s(slot.route) if slot is not None else {}
    if shipment_id in late_s:
        raise too_late(world.tour.id, {shipment_id: late_s[shipment_id]})


def _anew(world: TourWorld, asked: Problem, plan: Plan, request: Request) -> Insertion | None:
    """
    Put everybody aboard in another order where the newcomer fits into no gap of the one that stands.

    The order may change as long as everybody keeps the hours that it was told; nobody is left behind, and
    what the operator locked stays where it is. What the van could not even carry by itself fits in no order.
    """
    if best_in_route(asked, asked.vehicles[0], None, request) is None:
        return None
    everybody = first_plan(asked)
    route = next(iter(everybody.routes), None) if everybody is not None else None
    if everybody is None or route is None or everybody.unserved or not world.holds.keeps(route.tasks):
        return None
    before = plan.route(route.vehicle)
    vehicle = asked.vehicle(route.vehicle)
    before_cents = route_cost(vehicle, before).total_cents if before else 0
    return Insertion(
        request=request.id,
        vehicle=route.vehicle,
        route=route,
        added_cents=route_cost(vehicle, route).total_cents - before_cents,
        added_drive_s=route.drive_s - (before.drive_s if before else 0),
        added_m=route.distance_m - (before.distance_m if before else 0),
    )
