"""
Room released: what was reserved and not named in time is given back, by the clock.

Everybody concerned is told, and whoever else bid on the trip hears that room is free, while it still
takes guests. Doing it again changes nothing.
"""

import logging
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import TRIES, Desk, DeskBusy, Moved
from pooling.desk.market.agreeing import end_asking
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.leaving_trips import leave, without
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.market.award import TripBook
from pooling.store import Tx
from pooling.store.bids import find_bid, payers_on
from pooling.store.reservations import asking_past, held_past
from pooling.store.trips import find_trip, owners_of

log = logging.getLogger("carriole.desk")

RELEASED_AT_ONCE = 500


class GoodsNotNamed(Refusal):
    code = "goods_not_named"
    reason = "The goods were not named in time: the room was given back."
    cure = "Enter the crates as a shipment and bid for them while the trip takes guests."


def release_due(desk: Desk) -> int:
    """Release the room whose goods were not named in time; returns how many reservations that ended."""
    with desk.store.view() as view:
        held = held_past(view, view.now_at, RELEASED_AT_ONCE)
        asking = bool(asking_past(view, view.now_at, 1))
    ended = sum(_released(desk, bid_id) for bid_id in held)
    return ended + (_end_asking(desk) if asking else 0)


def release_on(desk: Desk, trip_id: str) -> None:
    """Release on one trip what is due, before it is frozen."""
    with desk.store.view() as view:
        held = [find_bid(view, one) for one in held_past(view, view.now_at, RELEASED_AT_ONCE)]
    for asked in held:
        if asked.trip_id == trip_id:
            _release(desk, asked.id)


def _released(desk: Desk, bid_id: str) -> bool:
    """Release one reservation; one that cannot be now keeps no other from being released."""
    try:
        return _release(desk, bid_id)
    except Refusal:
        log.exception("room was not released", extra={"bid": bid_id})
        return False


def _release(desk: Desk, bid_id: str) -> bool:
    """Release one reservation; false where somebody named its goods or gave it back meanwhile."""
    for _ in range(TRIES):
        with desk.store.view() as view:
            asked = find_bid(view, bid_id)
            if asked.state != "accepted" or not is_unnamed(asked):
                return False
            stored = load_trip(desk, view, find_trip(view, asked.trip_id))
        left = without(stored, asked.shipment_id)
        try:
            desk.store.change(lambda tx, at=(stored, left, asked): _let_go(tx, *at))  # type: ignore[misc]
        except Moved:
            continue
        return True
    raise DeskBusy


def _let_go(tx: Tx, stored: StoredTrip, left: TripBook, asked: Row[Any]) -> None:
    leave(tx, stored, left, asked, GoodsNotNamed())
    rivals = payers_on(tx, stored.row.id) - {asked.payer_id}
    if rivals and tx.now_at < stored.row.cutoff_at:
        tx.tell("room.free", "trip", stored.row.id, rivals)


def _end_asking(desk: Desk) -> int:
    def work(tx: Tx) -> int:
        due = asking_past(tx, tx.now_at, RELEASED_AT_ONCE)
        end_asking(tx, due, "bid.expired", owners_of(tx, [one.trip_id for one in due]), GoodsNotNamed())
        return len(due)

    try:
        ended: int = desk.store.change(work)
    except Moved:
        return 0
    return ended
