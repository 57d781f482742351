"""
Join a tour and leave it: a place is given at once where the shipment fits as the tour now stands.

Acceptance never waits for the optimiser. Whether the tour sets out at all is known at its cut-off.
"""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import must_accept_cover
from pooling.desk.actor import Actor
from pooling.desk.carriers.assigning import CarrierNotActive, unfit
from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.market.agreeing import end_asking
from pooling.desk.market.rides import must_be_open
from pooling.desk.people.trust import must_ride_together
from pooling.desk.reasons import reason_json
from pooling.desk.tours.share_keeping import keep_terms
from pooling.desk.tours.thresholds import minimum_of, plan_at_threshold
from pooling.desk.tours.tour_books import agree_card, write_riding
from pooling.desk.tours.tour_places import Joining, placed
from pooling.desk.tours.tour_terms import Terms, hours_told, note_told, retell, terms_on, totals_of
from pooling.desk.tours.tour_world import TourWorld, is_of_its_day, payers_must_stand, stand_on, tour_world
from pooling.desk.tours.tours import must_be_in, turn_away, void_all
from pooling.desk.tours.waiting_list import Waiting, ask_waiting, end_waiting, place_waited_for, write_waiting
from pooling.money import Cents
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for
from pooling.store.market import shipment
from pooling.store.proposals import note_prices
from pooling.store.rows import added, changed
from pooling.store.shipments import find_shipment
from pooling.store.touring import sign_up
from pooling.store.tours import ABOARD, find_sign_up, find_tour, for_any_carrier, sign_ups_aboard
from pooling.store.trips import owners_of
from pooling.tours.minimum import Lack
from pooling.tours.newcomer import AddsMoreThanItPays
from routing.check import check
from routing.plan import Route


class OtherDay(Refusal):
    code = "other_day"
    reason = "Shipment {shipment} goes on {day}, the tour on {tour_day}."
    cure = "Choose a tour of that day, or change the shipment's day."


class CutoffPassed(Refusal):
    code = "cutoff_passed"
    reason = "The cut-off of tour {tour} has passed."
    cure = "Ask its operator, or choose another ride."


class ShareAboveMost(Refusal):
    code = "share_above_most"
    reason = "A place on the tour would cost {share} now, more than the {most} that you said."
    cure = "Say a higher amount, or none: nobody pays more than the tour's price for a crate, nor than alone."


def join_tour(
    desk: Desk,
    who: Actor,
    ask: Ask,
    tour_id: str,
    shipment_id: str,
    cover: str = "",
    *,
    most_cents: int | None = None,
    wait: bool = False,
) -> str:
    """
    Put an own open shipment on a proposed tour at the price shown; returns the sign-up.

    ``cover`` is the version of the cover terms that are accepted with it. Refused where the share would
    be above ``most_cents``; where none is said the tour's price and the payer's day alone bound it. Who adds
    more than it may pay is refused, or where it says ``wait`` is joined as soon as it fits.
    """

    def decide(view: View) -> Joining | Waiting:
        row, proposed = own_and_tour(view, who, tour_id, shipment_id)
        try:
            joining = placed(tour_world(desk, view, proposed, asking=[row]), row)
        except AddsMoreThanItPays as refusal:
            if not wait or proposed.state != "proposed":
                raise
            must_accept_cover(row.declared_value_cents, cover)
            return Waiting(proposed, row, reason_json(refusal), cover)
        if most_cents is not None and joining.share.share_cents > most_cents:
            raise ShareAboveMost(share=Cents(joining.share.share_cents), most=Cents(most_cents))
        must_accept_cover(joining.shipment.declared_value_cents, cover)
        return replace(joining, cover=cover)

    def save(tx: Tx, decided: Joining | Waiting) -> str:
        if isinstance(decided, Waiting):
            must_take_more(tx, decided.tour)
            return write_waiting(tx, decided)
        return write_joined(tx, decided, [decided.shipment])[0]

    return desk.once_decided(ask, decide, save)


def leave_tour(desk: Desk, who: Actor, ask: Ask, sign_up_id: str) -> str:
    """
    Take a shipment off a tour before its cut-off, or let it wait no more.

    A tour that was confirmed early is proposed again: what the others pay is settled anew.
    """

    def decide(view: View) -> tuple[Row[Any], TourWorld | None]:
        one = find_sign_up(view, sign_up_id)
        who.must_see("sign-up", sign_up_id, one.payer_id)
        who.must_act_for(one.payer_id, "whoever pays for it")
        row = find_tour(view, one.tour_id)
        must_be_in(row, "proposed", "confirmed")
        must_be_in_time(view, row)
        if one.state == "waiting":
            return one, None
        if one.state not in ABOARD:
            raise NotAboard(sign_up=one.id)
        return one, without(tour_world(desk, view, row), [one])

    def save(tx: Tx, decided: tuple[Row[Any], TourWorld | None]) -> str:
        leaver, world = decided
        if world is None:
            end_waiting(tx, leaver, state="left")
            return str(leaver.id)
        left(tx, [leaver], world, {leaver.payer_id})
        return str(leaver.id)

    return desk.once_decided(ask, decide, save)


class TourWithoutCarrier(Refusal):
    """Say no more than that: why a carrier may not drive is between it and the operator."""

    code = "tour_without_carrier"
    reason = "The carrier of tour {tour} may not drive at present."
    cure = "Choose another trip or tour, or ask its operator, who may name another carrier."


class NotAboard(Refusal):
    code = "not_aboard"
    reason = "This sign-up holds no place any more."
    cure = "Look at your list: it was turned away or has left before."


def own_and_tour(view: View, who: Actor, tour_id: str, shipment_id: str) -> tuple[Row[Any], Row[Any]]:
    """Return an own open shipment, and a tour of its day that still takes some."""
    row = find_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    who.must_act_for(row.payer_id, "whoever pays for the shipment")
    proposed = find_tour(view, tour_id)
    must_be_in(proposed, "proposed", "confirmed")
    must_take_more(view, proposed)
    must_be_taken(view, proposed, row)
    return row, proposed


def must_be_taken(view: View, proposed: Row[Any], row: Row[Any]) -> None:
    """Refuse a shipment that this tour may not carry, wherever it goes."""
    must_belong(view, proposed, row.payer_id)
    must_have_a_carrier(view, proposed)
    must_ride_with_carrier(view, proposed, row.payer_id)
    must_be_open(row)
    if not is_of_its_day(proposed, row):
        raise OtherDay(shipment=row.id, day=row.day, tour_day=proposed.day)


def must_have_a_carrier(view: View, proposed: Row[Any]) -> None:
    """Refuse a tour whose carrier is suspended; papers that lack may still come in time."""
    if isinstance(unfit(view, proposed), CarrierNotActive):
        raise TourWithoutCarrier(tour=proposed.id)


def must_ride_with_carrier(view: View, proposed: Row[Any], payer_id: str) -> None:
    """Refuse a tour whose carrier is chosen where the two do not ride together."""
    if not for_any_carrier(proposed):
        must_ride_together(view, proposed.carrier_id, [payer_id])


def write_joined(tx: Tx, joining: Joining, rows: Sequence[Row[Any]]) -> list[str]:
    """Write places that were found together; ``Moved`` where the tour is no more as it was read."""
    world, terms = joining.world, joining.terms
    payers = {row.payer_id for row in rows}
    must_take_more(tx, world.row)
    for payer in sorted(payers):
        must_belong(tx, world.row, payer)
        must_ride_with_carrier(tx, world.row, payer)
    payers_must_stand(tx, world, payers)
    plan_id = stand_on(tx, world, terms.route, terms.cost_cents, "insertion", {})
    sign_up_ids = [_write_place(tx, joining, row) for row in rows]
    if world.row.state == "confirmed":
        _write_late(tx, joining)
    else:
        retell(tx, world, terms, "others_joined", world.sign_ups, payers)
    keep_terms(tx, world, plan_id, terms, confirmed=world.row.state == "confirmed")
    plan_at_threshold(tx, world.tour.id)
    ask_waiting(tx, world.row)
    crates = sum(row.crates for row in rows)
    tx.tell("tour.joined", "tour", world.tour.id, {world.row.operator_id}, crates=crates)
    return sign_up_ids


def _write_late(tx: Tx, joining: Joining) -> None:
    """Write the books of a confirmed tour anew, with one more aboard: nobody's share or promise suffers."""
    world, terms = joining.world, joining.terms
    void_all(tx, world.tour.id)
    for one in sign_ups_aboard(tx, world.tour.id):
        write_riding(tx, world, joining.slot.route, one, terms.parts[one.shipment_id], late=True)
    note_told(tx, world, terms.parts, world.sign_ups, "others_joined", {joining.shipment.payer_id})
    agree_card(tx, world, joining.slot.route, terms.gap_cents, terms.cost_cents)


def _write_place(tx: Tx, joining: Joining, row: Row[Any]) -> str:
    """Write a place on a tour and what it was told; the shipment asks nowhere else any more."""
    world = joining.world
    riding = {"state": "riding", "rides_kind": "tour", "rides_id": world.tour.id}
    moved_if_changed(lambda: changed(tx, shipment, row, riding))
    sign_up_id = signed_up(tx, world, row, joining.slot.route, joining.terms, joining.cover)
    asking = asking_for(tx, shipment_id=row.id)
    owners = owners_of(tx, [one.trip_id for one in asking])
    end_asking(tx, asking, "bid.withdrawn", owners, rides_elsewhere=True)
    return sign_up_id


def signed_up(tx: Tx, world: TourWorld, row: Row[Any], route: Route, terms: Terms, cover: str = "") -> str:
    """Write the sign-up of a shipment whose place was found, and tell who sends and pays for it."""
    share = terms.parts[row.id]
    values = {
        "crate_cents": world.tour.crate_cents,
        "share_cents": share.share_cents,
        "joined_cents": share.share_cents,
        "told_cents": share.share_cents,
        "alone_cents": share.alone_cents,
        **hours_told(world, route, row.id, terms.told[row.id]),
    }
    sign_up_id = place_waited_for(tx, world.row, row.id, values, cover) or added(
        tx,
        sign_up,
        "signup",
        tour_id=world.tour.id,
        shipment_id=row.id,
        payer_id=row.payer_id,
        cover_version=cover,
        **values,
    )
    total_cents = totals_of(world, terms.parts)[row.payer_id]
    note_prices(tx, [(sign_up_id, share.share_cents, "joined", total_cents)])
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


def left(tx: Tx, leavers: Sequence[Row[Any]], world: TourWorld, own: Container[str] = ()) -> None:
    """
    Let sign-ups of one tour go, or some of their crates, whose world is that without them.

    The shipments of those who leave are open again. ``own`` are the payers whose own act it is.
    """
    must_be_in_time(tx, world.row)
    problem, plan = world.committed
    violations = check(problem, plan)
    if violations:
        raise AssertionError(f"Leaving a tour broke a rule: {violations}")
    terms = terms_on(world, problem, plan)
    plan_id = stand_on(tx, world, terms.route, terms.cost_cents, "insertion", {"state": "proposed"})
    void_all(tx, world.tour.id)
    for leaver in leavers:
        turn_away(tx, find_sign_up(tx, leaver.id), "", state="left")
    aboard = world.sign_ups
    riding = [one for one in aboard if one.state == "riding"]
    retell(tx, world, terms, "other_left", aboard, own, state="joined", transfer_id="")
    keep_terms(tx, world, plan_id, terms)
    if world.row.state == "confirmed":  # who was told that it rides is told that this is open again
        told = {world.row.operator_id, world.row.carrier_id, *(one.payer_id for one in riding)}
        lack = _lacking(world, terms)
        facts = {"lacks": lack.kind, "missing": lack.number} if lack else {}
        tx.tell("tour.reopened", "tour", world.tour.id, told, until_at=world.row.cutoff_at, **facts)
    for leaver in leavers:
        tx.tell("tour.left", "sign_up", leaver.id, {leaver.payer_id}, tour=world.tour.id)
    if leavers:
        tx.tell("tour.left", "tour", world.tour.id, {world.row.operator_id})
    plan_at_threshold(tx, world.tour.id)
    ask_waiting(tx, world.row)


def _lacking(world: TourWorld, terms: Terms) -> Lack | None:
    """Return what keeps a tour from setting out as it now stands, if anything does."""
    crates = [world.day.shipment_by_id[one].load.crates for one in world.aboard]
    share_cents = sum(one.share_cents for one in terms.parts.values())
    lack = minimum_of(world.row).missing(crates=sum(crates), shipments=len(crates), share_cents=share_cents)
    uncovered_cents = terms.gap_cents - world.row.gap_cents
    return lack or (Lack("cost_cents", uncovered_cents) if uncovered_cents > 0 else None)
