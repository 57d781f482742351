"""
Bids: the most a shipper would pay for room on a trip, and what becomes of it.

What could never be accepted is refused at once, with its true reason. A bid that stands waits for the
trip's owner, for so many waking hours and never beyond the trip's cut-off.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.award import TripBook
from pooling.clock import waking_hours_later
from pooling.desk.actor import Actor
from pooling.desk.agreeing import agree, end_asking
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.leaving_trips import leave, without
from pooling.desk.quotes import QuoteHolds, must_still_hold, price_held
from pooling.desk.reasons import reason_json
from pooling.desk.rides import Decided, decide_ride, must_take_guests
from pooling.desk.states import said
from pooling.desk.trip_books import StoredTrip, load_trip
from pooling.figures import ANSWER_TIME
from pooling.money import Cents
from pooling.store import Ask, Tx, View
from pooling.store.bids import ASKING, asking_for, count_asking, find_bid, overdue
from pooling.store.market import bid, shipment
from pooling.store.market import trip as trip_table
from pooling.store.people import party
from pooling.store.quotes import find_quote
from pooling.store.rows import added, at_revision, changed, held
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip, owners_of

OPEN_BIDS_LIMIT = 100
"""Bids that wait for an answer on one trip."""

EXPIRED_AT_ONCE = 500


class BidStands(Refusal):
    code = "bid_stands"
    reason = "Shipment {shipment} has a bid on this trip already."
    cure = "Wait for its answer, or withdraw it and bid anew."


class BidClosed(Refusal):
    code = "bid_closed"
    reason = "The bid is {state}."
    cure = "Look at the shipment: it may ride elsewhere, or bid anew."


class BidExpired(Refusal):
    code = "bid_expired"
    reason = "The time to answer this bid is over."
    cure = "Ask the shipper to bid anew."


class TooManyBids(Refusal):
    code = "too_many_bids"
    reason = "{limit} bids wait for an answer on this trip already."
    cure = "Try again when its owner has answered some, or choose another trip."


class NotCountered(Refusal):
    code = "not_countered"
    reason = "The owner has made no counter-offer on this bid."
    cure = "Wait for the owner's answer."


class RefusedByOwner(Refusal):
    code = "refused_by_owner"
    reason = "The trip's owner refused the bid."
    cure = "Choose another trip or tour."


@dataclass(frozen=True)
class _Asked:
    """Hold a bid as it was read, with the ride that was decided for it."""

    bid: Row[Any]
    ride: Decided


def place_bid(
    desk: Desk, who: Actor, ask: Ask, trip_id: str, shipment_id: str, most_cents: int, quote_id: str = ""
) -> str:
    """
    Bid for a shipment's room on a trip; on a trip that accepts at once it rides at once.

    By a quote that still holds it pays at most what was quoted, until the bid is answered.
    """

    def decide(view: View) -> tuple[Decided, int | None]:
        trip = find_trip(view, trip_id)
        row = find_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        held_cents = price_held(view, who, quote_id, trip_id, row) if quote_id else None
        return decide_ride(desk, view, trip, row, most_cents, held_cents), held_cents

    def save(tx: Tx, decided: tuple[Decided, int | None]) -> str:
        ride, held_cents = decided
        for table, one in ((party, ride.shipment.payer_id), (trip_table, trip_id), (shipment, shipment_id)):
            held(tx, table, one)
        must_take_guests(find_trip(tx, trip_id), tx.now_at)
        if quote_id:
            must_still_hold(find_quote(tx, quote_id), tx.now_at)
        if find_shipment(tx, shipment_id).revision != ride.shipment.revision:
            raise Moved
        if any(one.trip_id == trip_id for one in asking_for(tx, shipment_id=shipment_id)):
            raise BidStands(shipment=shipment_id)
        if count_asking(tx, trip_id) >= OPEN_BIDS_LIMIT:
            raise TooManyBids(limit=OPEN_BIDS_LIMIT)
        bid_id = _written(tx, ride, most_cents, quote_id=quote_id, held_cents=held_cents)
        owner = ride.stored.row.owner_id
        tx.tell("bid.placed", "bid", bid_id, (ride.shipment.payer_id, owner), most_cents=most_cents)
        if ride.stored.row.instant:
            agree(tx, ride, find_bid(tx, bid_id), most_cents)
        return bid_id

    return desk.once_decided(ask, decide, save)


def accept_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """Accept a bid on one's own trip: the guest rides at the hours promised, and pays at most its bid."""

    def decide(view: View) -> _Asked:
        asked = _asked(view, who, bid_id)
        at_revision(asked, revision, kind="bid")
        trip = find_trip(view, asked.trip_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        _must_wait(asked, view.now_at)
        row = find_shipment(view, asked.shipment_id)
        return _Asked(asked, decide_ride(desk, view, trip, row, asked.most_cents, asked.held_cents))

    def save(tx: Tx, asked: _Asked) -> str:
        _must_wait(asked.bid, tx.now_at)
        agree(tx, asked.ride, asked.bid, asked.bid.most_cents)
        return bid_id

    return desk.once_decided(ask, decide, save)


def counter_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None, cents: int) -> str:
    """
    Ask for another amount: the most that the payer should offer.

    It is tried like a bid of that amount, so that what is asked can be agreed. The bid itself stays
    as it is; only its payer can take the counter. Where a quote holds its price, no more can be asked.
    """

    def decide(view: View) -> _Asked:
        asked = _asked(view, who, bid_id)
        at_revision(asked, revision, kind="bid")
        trip = find_trip(view, asked.trip_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        _must_wait(asked, view.now_at)
        if asked.held_cents is not None and cents > asked.held_cents:
            raise QuoteHolds(held=Cents(asked.held_cents), cents=Cents(cents))
        row = find_shipment(view, asked.shipment_id)
        return _Asked(asked, decide_ride(desk, view, trip, row, cents, asked.held_cents))

    def save(tx: Tx, asked: _Asked) -> str:
        _must_wait(asked.bid, tx.now_at)
        trip = asked.ride.stored.row
        expires_at = _expiry(trip, tx.now_at)
        values = {"state": "countered", "counter_cents": cents, "expires_at": expires_at}
        moved_if_changed(lambda: changed(tx, bid, asked.bid, values))
        both = (asked.bid.payer_id, trip.owner_id)
        tx.tell("bid.countered", "bid", bid_id, both, counter_cents=cents, expires_at=expires_at)
        return bid_id

    return desk.once_decided(ask, decide, save)


def take_counter(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """Take the owner's counter: the ride is agreed, for at most the amount that was asked."""

    def decide(view: View) -> _Asked:
        asked = _asked(view, who, bid_id)
        at_revision(asked, revision, kind="bid")
        who.must_act_for(asked.payer_id, "who pays for the shipment")
        _must_wait(asked, view.now_at)
        if asked.state != "countered":
            raise NotCountered
        row, trip = find_shipment(view, asked.shipment_id), find_trip(view, asked.trip_id)
        return _Asked(asked, decide_ride(desk, view, trip, row, asked.counter_cents, asked.held_cents))

    def save(tx: Tx, asked: _Asked) -> str:
        _must_wait(asked.bid, tx.now_at)
        agree(tx, asked.ride, asked.bid, asked.bid.counter_cents)
        return bid_id

    return desk.once_decided(ask, decide, save)


def refuse_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """Refuse a bid on one's own trip."""

    def save(tx: Tx) -> str:
        asked = _asked(tx, who, bid_id)
        at_revision(asked, revision, kind="bid")
        owner = owners_of(tx, [asked.trip_id])[asked.trip_id]
        who.must_act_for(owner, "the trip's owner")
        _must_wait(asked, tx.now_at)
        changed(tx, bid, asked, {"state": "refused", "reason": reason_json(RefusedByOwner())})
        tx.tell("bid.refused", "bid", bid_id, (asked.payer_id, owner))
        return bid_id

    return desk.once(ask, save)


def withdraw_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """
    Withdraw one's own bid; after acceptance too, until the trip's cut-off.

    The room is given back, the transfer voided, the shipment open again. Whoever leaves others behind
    that rode only because it paid for the way owes the trip's owner that difference.
    """

    def decide(view: View) -> tuple[Row[Any], StoredTrip | None, TripBook | None]:
        asked = _asked(view, who, bid_id)
        at_revision(asked, revision, kind="bid")
        who.must_act_for(asked.payer_id, "who pays for the shipment")
        if asked.state != "accepted":
            return asked, None, None
        trip = find_trip(view, asked.trip_id)
        must_take_guests(trip, view.now_at)
        stored = load_trip(desk, view, trip)
        return asked, stored, without(stored, asked.shipment_id)

    def save(tx: Tx, decided: tuple[Row[Any], StoredTrip | None, TripBook | None]) -> str:
        asked, stored, left = decided
        if stored is not None and left is not None:
            leave(tx, stored, left, asked)
        elif asked.state in ASKING:
            end_asking(tx, [asked], "bid.withdrawn", owners_of(tx, [asked.trip_id]))
        else:
            raise BidClosed(state=said(asked.state))
        return bid_id

    return desk.once_decided(ask, decide, save)


def expire_due(desk: Desk) -> int:
    """
    End the bids whose time to be answered is up; returns how many.

    Called by the clock; calling it again changes nothing.
    """

    def work(tx: Tx) -> int:
        due = overdue(tx, tx.now_at, EXPIRED_AT_ONCE)
        end_asking(tx, due, "bid.expired", owners_of(tx, [one.trip_id for one in due]))
        return len(due)

    try:
        ended: int = desk.store.change(work)
    except Moved:
        return 0
    return ended


def _asked(view: View, who: Actor, bid_id: str) -> Row[Any]:
    """Return a bid that its payer, the trip's owner or an operator may see."""
    asked = find_bid(view, bid_id)
    who.must_see("bid", bid_id, asked.payer_id, owners_of(view, [asked.trip_id])[asked.trip_id])
    return asked


def _must_wait(asked: Row[Any], now_at: int) -> None:
    if asked.state not in ASKING:
        raise BidClosed(state=said(asked.state))
    if now_at >= asked.expires_at:
        raise BidExpired


def _expiry(trip: Row[Any], now_at: int) -> int:
    return min(waking_hours_later(now_at, ANSWER_TIME.value, trip.timezone), int(trip.cutoff_at))


def _written(tx: Tx, ride: Decided, most_cents: int, **quoted: object) -> str:
    return added(
        tx,
        bid,
        "bid",
        trip_id=ride.stored.row.id,
        shipment_id=ride.shipment.id,
        payer_id=ride.shipment.payer_id,
        most_cents=most_cents,
        expires_at=_expiry(ride.stored.row, tx.now_at),
        price_cents=ride.guest.price_cents,
        saved_cents=ride.saved_cents,
        detour_s=ride.guest.detour_s,
        first_leg=ride.stretch.first,
        last_leg=ride.stretch.last,
        **ride.promised(),
        **quoted,
    )
