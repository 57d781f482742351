"""
Room reserved on a trip before its goods are named: a bid for crates that are not there yet.

It is decided, answered, paid and left like any bid, so that its room is sold once. Its shipment is only
a place (``reserved``) until the goods are named or the room is released.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import ShipmentWords, shipment_values
from pooling.desk.market.agreeing import agree
from pooling.desk.market.bids import withdraw_bid
from pooling.desk.market.placing import PLAIN, BidTerms, expiry, held_as_decided, must_have_place, put_down
from pooling.desk.market.rides import Asking, Decided, decide_ride, must_take_guests
from pooling.desk.trips.held_room import is_unnamed, must_be_in_time, name_by
from pooling.store import Ask, Tx, View
from pooling.store.bids import find_bid, paid_that_day
from pooling.store.people import party
from pooling.store.reservations import count_unnamed, find_reservation
from pooling.store.rows import held
from pooling.store.schema import fresh_id
from pooling.store.shipments import payers_day, write_shipment
from pooling.store.trips import find_trip, owners_of, stops_of

RESERVATIONS_LIMIT = 50
"""Reservations of one party whose goods are not named."""


class TooManyReservations(Refusal):
    code = "too_many_reservations"
    reason = "Your party has {limit} reservations whose goods are not named."
    cure = "Name the goods of some, or release what you do not need."


class ReservationClosed(Refusal):
    code = "reservation_closed"
    reason = "No room is held here any more: its goods are named, or it was given back."
    cure = "Look at the bid: it tells what became of it."


@dataclass(frozen=True)
class RoomWords:
    """
    Hold the room that is wanted; hours that are not said are those of the trip.

    ``kg`` is reckoned where it is not said.
    """

    party_id: str
    from_site_id: str
    to_site_id: str
    temperature: str
    crates: int
    kg: int | None = None
    ready_at: int | None = None
    pickup_by_at: int | None = None
    deliver_from_at: int | None = None
    deliver_by_at: int | None = None

    def on(self, opens_at: int, closes_at: int) -> ShipmentWords:
        """Return the same as crates that could be there as long as the trip is on its way."""
        return ShipmentWords(
            shipper_id=self.party_id,
            payer_id=self.party_id,
            from_site_id=self.from_site_id,
            to_site_id=self.to_site_id,
            temperature=self.temperature,
            crates=self.crates,
            kg=self.kg,
            ready_at=opens_at if self.ready_at is None else self.ready_at,
            pickup_by_at=closes_at if self.pickup_by_at is None else self.pickup_by_at,
            deliver_from_at=opens_at if self.deliver_from_at is None else self.deliver_from_at,
            deliver_by_at=closes_at if self.deliver_by_at is None else self.deliver_by_at,
        )


@dataclass(frozen=True)
class _Room:
    """Hold a reservation as it was decided, with what is kept of its place."""

    ride: Decided
    values: Mapping[str, object]
    name_by_at: int


def reserve_room(
    desk: Desk, who: Actor, ask: Ask, trip_id: str, words: RoomWords, most_cents: int, terms: BidTerms = PLAIN
) -> str:
    """
    Reserve room on a trip for goods that are named later; returns the bid that asks for it.

    On a trip that accepts at once it is held at once.
    """
    who.must_act_for(words.party_id, "who reserves the room")

    def save(tx: Tx, room: _Room) -> str:
        held(tx, party, words.party_id)
        row = held_as_decided(tx, room.ride.stored.row)
        must_be_in_time(tx, row, room.name_by_at)
        if count_unnamed(tx, words.party_id) >= RESERVATIONS_LIMIT:
            raise TooManyReservations(limit=RESERVATIONS_LIMIT)
        must_have_place(tx, trip_id, [room.ride.shipment.id])
        write_shipment(tx, room.ride.shipment.id, room.values)
        until_at = min(expiry(row, tx.now_at, terms.expires_at), room.name_by_at)
        waits = replace(terms, expires_at=until_at)
        bid_id = put_down(tx, room.ride, most_cents, waits, name_by_at=room.name_by_at)
        if row.instant:
            agree(tx, room.ride, find_bid(tx, bid_id), most_cents)
        return bid_id

    return desk.once_decided(ask, lambda view: _decided(desk, view, trip_id, words, most_cents), save)


def release_room(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """Give back room that one reserved, before its goods are named; returns the bid."""
    with desk.store.view() as view:
        asked = reservation_of(view, who, bid_id)
        who.must_act_for(asked.payer_id, "who reserved the room")
        if asked.named_at is not None:
            raise ReservationClosed
    return withdraw_bid(desk, who, ask, bid_id, revision)


def reservation_of(view: View, who: Actor, bid_id: str) -> Row[Any]:
    """Return a reservation that its holder, the trip's owner or an operator may see."""
    asked = find_reservation(view, bid_id)
    who.must_see("reservation", bid_id, asked.payer_id, owners_of(view, [asked.trip_id])[asked.trip_id])
    return asked


def must_hold_still(asked: Row[Any]) -> None:
    """Refuse a reservation that holds no room for goods to be named."""
    if asked.state != "accepted" or not is_unnamed(asked):
        raise ReservationClosed


def _decided(desk: Desk, view: View, trip_id: str, words: RoomWords, most_cents: int) -> _Room:
    trip = find_trip(view, trip_id)
    must_belong(view, trip, words.party_id)
    must_take_guests(trip, view.now_at)
    stops = stops_of(view, [trip_id])[trip_id]
    crates = words.on(stops[0].opens_at, stops[-1].closes_at)
    values = {**shipment_values(desk, view, crates), "state": "reserved"}
    row: Any = SimpleNamespace(
        id=fresh_id("shp", view.now_at), revision=1, rides_id="", created_at=view.now_at, **values
    )
    own = sorted([*payers_day(view, row.payer_id, row.day), row], key=lambda one: str(one.id))
    asking = Asking(own, paid_that_day(view, row.payer_id, row.day))
    name_by_at = name_by(trip)
    ride = decide_ride(desk, view, trip, row, most_cents, asking=asking, name_by_at=name_by_at)
    return _Room(ride, values, name_by_at)
