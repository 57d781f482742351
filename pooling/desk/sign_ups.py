"""
Join a tour and leave it: a place is given at once where the shipment fits as the tour now stands.

Acceptance never waits for the optimiser. Whether the tour sets out at all is known at its cut-off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.alternatives import Committed
from pooling.confirming import RidingDearerThanAlone, gap_cents
from pooling.dayplan import HoursImpossible
from pooling.desk.actor import Actor
from pooling.desk.agreeing import end_asking
from pooling.desk.assigning import CarrierNotActive, unfit
from pooling.desk.belonging import must_belong
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.rides import in_public, must_be_open
from pooling.desk.shares import Share
from pooling.desk.tour_books import agree_card, write_riding
from pooling.desk.tour_terms import Terms, agreed_gap, hours_told, late_terms, retell, terms_on
from pooling.desk.tour_world import TourWorld, payers_must_stand, stand_on, tour_world
from pooling.desk.tours import must_be_in, turn_away, void_all
from pooling.freshness import too_late
from pooling.money import Cents
from pooling.newcomer import must_pay_its_way
from pooling.shipment import Shipment
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for
from pooling.store.market import shipment
from pooling.store.proposals import note_prices
from pooling.store.rows import added, changed
from pooling.store.shipments import find_shipment
from pooling.store.touring import sign_up
from pooling.store.tours import find_sign_up, find_tour, sign_ups_aboard
from pooling.store.trips import owners_of
from pooling.turned import tour_reason
from routing.check import check
from routing.construction import first_plan
from routing.cost import route_cost
from routing.insertion import Insertion, best_in_route, insert
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle


class OtherDay(Refusal):
    code = "other_day"
    reason = "Shipment {shipment} goes on {day}, the tour on {tour_day}."
    cure = "Choose a tour of that day, or change the shipment's day."


class CutoffPassed(Refusal):
    code = "cutoff_passed"
    reason = "The cut-off of tour {tour} has passed."
    cure = "Ask its operator, or choose another ride."


@dataclass(frozen=True)
class Joining:
    """
    Hold a place that was found: the tour's plan with the shipment in it, and what all would be told.

    ``moved`` is what changes of the shipment itself, where it goes on another day than it was entered for.
    """

    world: TourWorld
    shipment: Row[Any]
    slot: Insertion
    plan: Plan
    terms: Terms
    moved: Mapping[str, object] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        return self.terms.parts[self.shipment.id]


def join_tour(desk: Desk, who: Actor, ask: Ask, tour_id: str, shipment_id: str) -> str:
    """Put an own open shipment on a proposed tour at the price shown; returns the sign-up."""
    return desk.once_decided(
        ask,
        lambda view: _found_place(desk, view, who, tour_id, shipment_id),
        _joined,
    )


Move = Callable[[Row[Any], date, str], Mapping[str, object]]
"""Tell what changes of a shipment that goes on another day, by the tour's time zone."""


def join_tour_moved(desk: Desk, who: Actor, ask: Ask, tour_id: str, shipment_id: str, move: Move) -> str:
    """Put an own open shipment on a tour of another day, to which it moves; returns the sign-up."""

    def decide(view: View) -> Joining:
        row, proposed = _both(view, who, tour_id, shipment_id)
        moved = move(row, proposed.day, proposed.timezone)
        there: Any = SimpleNamespace(**{**row._asdict(), **moved})
        return replace(placed(tour_world(desk, view, proposed, asking=[there]), there), moved=moved)

    return desk.once_decided(ask, decide, _joined)


def leave_tour(desk: Desk, who: Actor, ask: Ask, sign_up_id: str) -> str:
    """
    Take a shipment off a tour before its cut-off.

    A tour that was confirmed early is proposed again: what the others pay is settled anew.
    """

    def decide(view: View) -> tuple[Row[Any], TourWorld]:
        one = find_sign_up(view, sign_up_id)
        who.must_see("sign-up", sign_up_id, one.payer_id)
        who.must_act_for(one.payer_id, "whoever pays for it")
        row = find_tour(view, one.tour_id)
        must_be_in(row, "proposed", "confirmed")
        must_be_in_time(view, row)
        if one.state not in ("joined", "riding"):
            raise NotAboard(sign_up=one.id)
        return one, without(tour_world(desk, view, row), [one])

    def save(tx: Tx, decided: tuple[Row[Any], TourWorld]) -> str:
        leaver, world = decided
        left(tx, [leaver], world)
        return str(leaver.id)

    return desk.once_decided(ask, decide, save)


class TourWithoutCarrier(Refusal):
    """Say no more than that: why a carrier may not drive is between it and the operator."""

    code = "tour_without_carrier"
    reason = "The carrier of tour {tour} may not drive at present."
    cure = "Choose another trip or tour, or ask its operator, who may name another carrier."


class NotAboard(Refusal):
    code = "not_aboard"
    reason = "Sign-up {sign_up} holds no place any more."
    cure = "Look at your list: it was turned away or has left before."


def _found_place(desk: Desk, view: View, who: Actor, tour_id: str, shipment_id: str) -> Joining:
    row, proposed = _both(view, who, tour_id, shipment_id)
    if row.day != proposed.day:
        raise OtherDay(shipment=row.id, day=row.day, tour_day=proposed.day)
    return placed(tour_world(desk, view, proposed, asking=[row]), row)


def _both(view: View, who: Actor, tour_id: str, shipment_id: str) -> tuple[Row[Any], Row[Any]]:
    """Return an own open shipment, and a tour that still takes some."""
    row = find_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    who.must_act_for(row.payer_id, "whoever pays for the shipment")
    proposed = find_tour(view, tour_id)
    must_belong(view, proposed, row.payer_id)
    must_be_in(proposed, "proposed", "confirmed")
    must_take_more(view, proposed)
    must_have_a_carrier(view, proposed)
    must_be_open(row)
    return row, proposed


def must_have_a_carrier(view: View, proposed: Row[Any]) -> None:
    """Refuse a tour whose carrier is suspended; papers that lack may still come in time."""
    if isinstance(unfit(view, proposed), CarrierNotActive):
        raise TourWithoutCarrier(tour=proposed.id)


def placed(world: TourWorld, row: Row[Any]) -> Joining:
    """
    Find the cheapest slot for one more shipment, or refuse with the rules of the road in its way.

    To find the rules and the smallest change that would do takes far longer than to find the slot.
    """
    joining = place_of(world, row)
    if joining is None:
        raise _why_not(world, row.id)
    return joining


def place_of(world: TourWorld, row: Row[Any]) -> Joining | None:
    """
    Find the cheapest slot for one more shipment; ``None`` where the road has none, without its reason.

    Until the tour is paid, what it adds to the way is not held against it: those who join later may
    share that way. A tour that is paid takes whom it stays paid with. Who rides, and whether the tour
    can be paid within everybody's caps, is decided at the cut-off.
    """
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
    return Joining(world, row, slot, joined, _terms(world, asked, joined, one, slot))


def _terms(world: TourWorld, asked: Problem, joined: Plan, one: Shipment, slot: Insertion) -> Terms:
    """Reckon what all would be told; refuse a newcomer with whom a paid tour would not stay paid."""
    problem, plan = world.committed
    late = world.row.state == "confirmed"
    terms = late_terms(world, asked, joined, one) if late else terms_on(world, asked, joined)
    before_cents = agreed_gap(world, problem, plan) if late else _uncovered(world, problem, plan)
    must_pay_its_way(
        world.tour.id,
        one.id,
        gaps_cents=(before_cents, terms.gap_cents),
        account_cents=world.tour.gap_cents,
        adds_cents=slot.added_cents,
        most_cents=terms.parts[one.id].share_cents,
    )
    return terms


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
        raise too_late(world.tour.id, {one.id: world.fresh.least_late_s(request)})


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


def _joined(tx: Tx, joining: Joining) -> str:
    world, row, terms = joining.world, joining.shipment, joining.terms
    must_take_more(tx, world.row)
    must_belong(tx, world.row, row.payer_id)
    payers_must_stand(tx, world, [row.payer_id])
    stand_on(tx, world, terms.route, terms.cost_cents, "insertion", {})
    sign_up_id = write_place(tx, joining)
    if world.row.state == "confirmed":
        _write_late(tx, joining)
    else:
        retell(tx, world, terms, "others_joined", list(world.sign_ups))
    tx.tell("tour.joined", "tour", world.tour.id, {world.row.operator_id}, crates=row.crates)
    return sign_up_id


def _write_late(tx: Tx, joining: Joining) -> None:
    """Write the books of a confirmed tour anew, with one more aboard: nobody's share or promise suffers."""
    world, terms = joining.world, joining.terms
    void_all(tx, world.tour.id)
    for one in sign_ups_aboard(tx, world.tour.id):
        write_riding(tx, world, joining.slot.route, one, terms.parts[one.shipment_id], "others_joined")
    agree_card(tx, world, joining.slot.route, terms.gap_cents, terms.cost_cents)


def write_place(tx: Tx, joining: Joining) -> str:
    """Write a place on a tour and what it was told; the shipment asks nowhere else any more."""
    world, row = joining.world, joining.shipment
    riding = {"state": "riding", "rides_kind": "tour", "rides_id": world.tour.id, **joining.moved}
    moved_if_changed(lambda: changed(tx, shipment, row, riding))
    sign_up_id = signed_up(tx, world, row, joining.slot.route, joining.terms)
    asking = asking_for(tx, shipment_id=row.id)
    owners = owners_of(tx, [one.trip_id for one in asking])
    end_asking(tx, asking, "bid.withdrawn", owners, rides_elsewhere=True)
    return sign_up_id


def signed_up(tx: Tx, world: TourWorld, row: Row[Any], route: Route, terms: Terms) -> str:
    """Write the sign-up of a shipment whose place was found, and tell who sends and pays for it."""
    share = terms.parts[row.id]
    sign_up_id = added(
        tx,
        sign_up,
        "signup",
        tour_id=world.tour.id,
        shipment_id=row.id,
        payer_id=row.payer_id,
        crate_cents=world.tour.crate_cents,
        share_cents=share.share_cents,
        joined_cents=share.share_cents,
        told_cents=share.share_cents,
        alone_cents=share.alone_cents,
        **hours_told(world, route, row.id, terms.told[row.id]),
    )
    note_prices(tx, [(sign_up_id, share.share_cents, "joined")])
    tx.tell("tour.joined", "sign_up", sign_up_id, {row.payer_id}, tour=world.tour.id, shipment=row.id)
    sends = {row.shipper_id} - {row.payer_id}
    if sends:
        tx.tell("tour.joined", "shipment", row.id, sends, tour=world.tour.id)
    return sign_up_id


def without(world: TourWorld, leavers: Sequence[Row[Any]]) -> TourWorld:
    """Return a tour's world as it is once these have left."""
    gone = {one.id for one in leavers}
    return replace(world, sign_ups=tuple(one for one in world.sign_ups if one.id not in gone))


def must_be_in_time(view: View, row: Row[Any]) -> None:
    """Refuse after the cut-off; asked again as it is saved, for deciding takes a while."""
    if view.now_at >= row.cutoff_at:
        raise CutoffPassed(tour=row.id)


def must_take_more(view: View, row: Row[Any]) -> None:
    """
    Refuse who comes too late: while a tour waits to be planned, and once it sets out.

    A tour that is confirmed takes late shipments until its manifest is made.
    """
    until_at = row.opens_at if row.state == "confirmed" else row.cutoff_at
    if view.now_at >= until_at:
        raise CutoffPassed(tour=row.id)


def left(tx: Tx, leavers: Sequence[Row[Any]], world: TourWorld) -> None:
    """Let sign-ups of one tour go, whose world is that without them; their shipments are open again."""
    must_be_in_time(tx, world.row)
    problem, plan = world.committed
    violations = check(problem, plan)
    if violations:
        raise AssertionError(f"Leaving a tour broke a rule: {violations}")
    terms = terms_on(world, problem, plan)
    stand_on(tx, world, terms.route, terms.cost_cents, "insertion", {"state": "proposed"})
    void_all(tx, world.tour.id)
    for leaver in leavers:
        turn_away(tx, find_sign_up(tx, leaver.id), "", state="left")
    aboard = list(world.sign_ups)
    riding = [one for one in aboard if one.state == "riding"]
    retell(tx, world, terms, "other_left", aboard, state="joined", transfer_id="")
    if world.row.state == "confirmed":  # who was told that it rides is told that this is open again
        told = {world.row.carrier_id, *(one.payer_id for one in riding)}
        tx.tell("tour.changed", "tour", world.tour.id, told)
    for leaver in leavers:
        tx.tell("tour.left", "sign_up", leaver.id, {leaver.payer_id}, tour=world.tour.id)
    tx.tell("tour.left", "tour", world.tour.id, {world.row.operator_id})
