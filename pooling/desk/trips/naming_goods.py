"""
Goods named for room that was reserved: a shipment takes its place, and the rest of the room is given back.

Its price stays as it was agreed for the room, its hours within what was promised. One shipment takes the
place of one reservation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import must_accept_cover
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.shipments import ShipmentWords, shipment_values
from pooling.desk.market.agreeing import end_asking, tell_buyer, tell_moved_hours
from pooling.desk.market.rides import must_be_open, must_take_guests, promised_hours
from pooling.desk.trips.held_room import must_be_in_time
from pooling.desk.trips.reserving import must_hold_still, reservation_of
from pooling.desk.trips.trip_books import StoredTrip, load_trip, plan_words
from pooling.legs import Amounts, Stretch, amounts_of
from pooling.market.allowing import not_carried
from pooling.market.award import TripBook
from pooling.phrases import Phrases
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for
from pooling.store.market import bid, shipment, trip
from pooling.store.rows import at_revision, changed
from pooling.store.schema import fresh_id
from pooling.store.shipments import find_shipment, write_shipment
from pooling.store.trips import find_trip, give_room_back, owners_of
from pooling.trips.naming import UNLIKE, GoodsUnlikeRoom, must_be_like, take_place


class GoodsUnclear(Refusal):
    code = "goods_unclear"
    reason = "It is not clear which goods are to ride."
    cure = "Name either a shipment of yours, or how many crates."


@dataclass(frozen=True)
class GoodsWords:
    """Hold the goods: a shipment that is entered, or crates that are entered by being named."""

    shipment_id: str = ""
    crates: int = 0
    kg: int | None = None
    litres: int = 0
    goods_value_cents: int = 0


@dataclass(frozen=True)
class _Named:
    """Hold goods as they would take the place of a reservation; ``values`` where they are new."""

    asked: Row[Any]
    room: Row[Any]
    goods: Row[Any]
    values: Mapping[str, object] | None
    stored: StoredTrip
    book: TripBook
    spare: Amounts

    @property
    def hours(self) -> dict[str, int]:
        guest = next(one for one in self.book.guests if one.shipment.id == self.goods.id)
        return promised_hours(self.book.route, guest, self.stored.standing.day.clock)


def name_goods(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None, words: GoodsWords) -> str:
    """Name the goods that ride in the room that one reserved; returns the bid."""

    def decide(view: View) -> _Named:
        asked = reservation_of(view, who, bid_id)
        at_revision(asked, revision, kind="bid")
        who.must_act_for(asked.payer_id, "who reserved the room")
        must_hold_still(asked)
        row = find_trip(view, asked.trip_id)
        must_take_guests(row, view.now_at)
        must_be_in_time(view, row, asked.name_by_at)
        if bool(words.shipment_id) == bool(words.crates):
            raise GoodsUnclear
        return _decided(desk, view, who, asked, words)

    def save(tx: Tx, named: _Named) -> str:
        row = find_trip(tx, named.asked.trip_id)
        must_take_guests(row, tx.now_at)
        must_be_in_time(tx, row, named.asked.name_by_at)
        _take_place(tx, named)
        return bid_id

    return desk.once_decided(ask, decide, save)


def _decided(desk: Desk, view: View, who: Actor, asked: Row[Any], words: GoodsWords) -> _Named:
    room = find_shipment(view, asked.shipment_id)
    goods, values = _goods(desk, view, who, room, words)
    stored = load_trip(desk, view, find_trip(view, asked.trip_id), asking=[goods])
    by_id, ground = stored.standing.day.shipment_by_id, stored.standing.ground
    must_be_like(by_id[room.id], by_id[goods.id])
    other_kind = not_carried(stored.standing.day, stored.book.trip, by_id[goods.id])
    if other_kind is not None:
        raise other_kind
    book = take_place(stored.book, room.id, by_id[goods.id], ground.request(by_id[goods.id]))
    before, after = (amounts_of(by_id[one].load) for one in (room.id, goods.id))
    spare = (before[0] - after[0], before[1] - after[1], before[2] - after[2], before[3] - after[3])
    return _Named(asked, room, goods, values, stored, book, spare)


def _goods(
    desk: Desk, view: View, who: Actor, room: Row[Any], words: GoodsWords
) -> tuple[Any, dict[str, object] | None]:
    """Return the shipment that is named; or one that is entered by it, for the hours of the reservation."""
    if words.shipment_id:
        row = find_shipment(view, words.shipment_id)
        who.must_see("shipment", row.id, row.shipper_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        must_be_open(row)
        must_accept_cover(row.declared_value_cents, "")
        if row.day != room.day:
            raise GoodsUnlikeRoom(unlike=Phrases((UNLIKE["hours"],)))
        return row, None
    crates = ShipmentWords(
        shipper_id=room.shipper_id,
        payer_id=room.payer_id,
        from_site_id=room.from_site_id,
        to_site_id=room.to_site_id,
        temperature=room.temperature,
        crates=words.crates,
        ready_at=room.ready_at,
        pickup_by_at=room.pickup_by_at,
        deliver_from_at=room.deliver_from_at,
        deliver_by_at=room.deliver_by_at,
        kg=words.kg,
        litres=words.litres,
        goods_value_cents=words.goods_value_cents,
    )
    values = shipment_values(desk, view, crates)
    new = {"id": fresh_id("shp", view.now_at), "state": "open", "revision": 1, "created_at": view.now_at}
    return SimpleNamespace(**values, **new), values


def _take_place(tx: Tx, named: _Named) -> None:
    """Write the goods in the place of the room; ``Moved`` where the trip is not as it was decided on."""
    asked, stored, goods = named.asked, named.stored, named.goods
    moved_if_changed(lambda: changed(tx, trip, stored.row, {"plan": plan_words(stored.standing, named.book)}))
    give_room_back(tx, stored.row.id, Stretch(asked.first_leg, asked.last_leg), named.spare)
    rides = {"state": "riding", "rides_kind": "trip", "rides_id": stored.row.id}
    if named.values is None:
        moved_if_changed(lambda: changed(tx, shipment, goods, rides))
    else:
        write_shipment(tx, goods.id, {**named.values, **rides})
    given = {"state": "released", "rides_kind": "", "rides_id": ""}
    moved_if_changed(lambda: changed(tx, shipment, named.room, given))
    hours = named.hours
    values = {"shipment_id": goods.id, "named_at": tx.now_at, **hours}
    moved_if_changed(lambda: changed(tx, bid, asked, values))
    elsewhere = asking_for(tx, shipment_id=goods.id)
    owners = owners_of(tx, [one.trip_id for one in elsewhere])
    end_asking(tx, elsewhere, "bid.withdrawn", owners, rides_elsewhere=True)
    tell_moved_hours(tx, stored, named.book)
    both = (asked.payer_id, stored.row.owner_id)
    tx.tell("goods.named", "bid", asked.id, both, pickup_at=hours["pickup_at"], drop_at=hours["drop_at"])
    if named.values is None:
        tell_buyer(tx, goods, drop_at=hours["drop_at"])
