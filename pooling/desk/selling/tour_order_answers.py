"""
What becomes of an order from a short list: accepted, refused, cancelled, or lapsed with its tour.

Whoever cancels an order that rides leaves its tour, by the terms of leaving: before the cut-off, and owing
nothing. Then nothing of it is left on the tour, and its goods are to be had again.
"""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.goods.orders import OrderClosed
from pooling.desk.goods.shipments import cancel_open
from pooling.desk.market.demand import note_unmet_orders
from pooling.desk.market.rides import must_be_open
from pooling.desk.selling.boarding import Boarding, board
from pooling.desk.selling.order_rides import Terms, joinable_tour
from pooling.desk.selling.tour_orders import OrderLine, places_for
from pooling.desk.states import must_not_be_cancelled, said
from pooling.desk.tours.sign_ups import left, must_be_in_time, without
from pooling.desk.tours.tour_world import TourWorld, tour_world
from pooling.desk.tours.tours import must_be_in
from pooling.goods.goods import loads_of
from pooling.money import Cents
from pooling.store import Ask, Tx, View
from pooling.store.rows import at_revision, changed
from pooling.store.selling import tour_order
from pooling.store.shipments import find_shipment
from pooling.store.tour_orders import (
    find_tour_order,
    lines_of_orders,
    loads_of_orders,
    orders_waiting_in_vain,
    write_loads,
)
from pooling.store.tours import find_tour, sign_up_of

LAPSED_AT_ONCE = 100


class CrateDearer(Refusal):
    code = "crate_dearer"
    reason = "A crate may cost {now} on this tour now; it was {then} when this was ordered."
    cure = "Refuse the order, and let the buyer place it anew."


@dataclass(frozen=True)
class CallingOff:
    """Hold an order that is cancelled: its shipments, which leave the tour, and the tour without them."""

    order: Row[Any]
    shipments: tuple[Row[Any], ...]
    leavers: tuple[Row[Any], ...]
    world: TourWorld | None


def accept_tour_order(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
    """Accept an order: its crates have their places on the tour, or it is refused with the reason."""

    def decide(view: View) -> tuple[Row[Any], Boarding]:
        row = _asked_of(view, who, order_id, revision)
        tour_row = joinable_tour(view, row.tour_id)
        if tour_row.crate_cents > row.crate_cents:
            raise CrateDearer(now=Cents(tour_row.crate_cents), then=Cents(row.crate_cents))
        terms = Terms(**{one.name: getattr(row, one.name) for one in fields(Terms)})
        lines = [as_line(one) for one in lines_of_orders(view, [order_id])[order_id] if one.state == "open"]
        return row, places_for(desk, view, tour_row, terms, loads_of(lines))

    def save(tx: Tx, decided: tuple[Row[Any], Boarding]) -> str:
        row, places = decided
        moved_if_changed(lambda: changed(tx, tour_order, row, {"state": "accepted"}))
        write_loads(tx, order_id, board(tx, places))
        tell_order(tx, "tour_order.accepted", row)
        return order_id

    return desk.once_decided(ask, decide, save)


def refuse_tour_order(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
    """Refuse an order that waits; its goods are to be had again, and it counts as asked for in vain."""
    refused: list[Row[Any]] = []

    def save(tx: Tx) -> str:
        row = _asked_of(tx, who, order_id, revision)
        changed(tx, tour_order, row, {"state": "refused"}, kind="order")
        tell_order(tx, "tour_order.refused", row)
        refused[:] = [row]
        return order_id

    done = desk.once(ask, save)
    note_unmet_orders(desk, refused)
    return done


def cancel_tour_order(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
    """Cancel an order as its buyer, or as the producer who cannot fill it after all."""

    def decide(view: View) -> CallingOff:
        return _calling_off(desk, view, standing_order(view, who, order_id, revision))

    def save(tx: Tx, going: CallingOff) -> str:
        _called_off(tx, going)
        return order_id

    return desk.once_decided(ask, decide, save)


def lapse_orders(desk: Desk) -> int:
    """
    Let the orders go whose producer did not answer before the cut-off; called by the clock.

    They count as asked for in vain.
    """
    with desk.store.view() as view:
        if not orders_waiting_in_vain(view, 1):
            return 0

    def work(tx: Tx) -> list[Row[Any]]:
        rows = orders_waiting_in_vain(tx, LAPSED_AT_ONCE)
        for row in rows:
            changed(tx, tour_order, row, {"state": "lapsed"}, kind="order")
            tell_order(tx, "tour_order.lapsed", row)
        return rows

    lapsed = desk.store.change(work)
    note_unmet_orders(desk, lapsed)
    return len(lapsed)


def seen_order(view: View, who: Actor, order_id: str) -> Row[Any]:
    """Return an order to its buyer, its producer and operators."""
    row = find_tour_order(view, order_id)
    who.must_see("order", order_id, row.buyer_id, row.producer_id)
    return row


def standing_order(view: View, who: Actor, order_id: str, revision: int | None) -> Row[Any]:
    """Return an order that waits or stands, to the two who may take it back or a part of it."""
    row = seen_order(view, who, order_id)
    at_revision(row, revision, kind="order")
    if not who.acts_for(row.buyer_id):
        who.must_act_for(row.producer_id, "the buyer")
    must_not_be_cancelled(row)
    if row.state not in ("asked", "accepted"):
        raise OrderClosed(state=said(row.state))
    return row


def _calling_off(desk: Desk, view: View, row: Row[Any]) -> CallingOff:
    standing = [one for one in loads_of_orders(view, [row.id]).get(row.id, []) if one.state != "cancelled"]
    leavers = []
    for one in standing:
        place = sign_up_of(view, row.tour_id, one.id) if one.state == "riding" else None
        if place is None:
            must_be_open(one)
        else:
            leavers.append(place)
    if not leavers:
        return CallingOff(row, tuple(standing), (), None)
    tour_row = find_tour(view, row.tour_id)
    must_be_in(tour_row, "proposed", "confirmed")
    must_be_in_time(view, tour_row)
    world = without(tour_world(desk, view, tour_row), leavers)
    return CallingOff(row, tuple(standing), tuple(leavers), world)


def _called_off(tx: Tx, going: CallingOff) -> None:
    moved_if_changed(lambda: changed(tx, tour_order, going.order, {"state": "cancelled"}))
    if going.world is not None:
        left(tx, going.leavers, going.world, {one.payer_id for one in going.leavers})
    leaving = {one.shipment_id for one in going.leavers}
    for one in going.shipments:
        row = find_shipment(tx, one.id)
        if one.id not in leaving and row.revision != one.revision:
            raise Moved
        cancel_open(tx, row)
    tell_order(tx, "tour_order.cancelled", going.order)


def _asked_of(view: View, who: Actor, order_id: str, revision: int | None) -> Row[Any]:
    """Return an order that waits for an answer to its producer."""
    row = seen_order(view, who, order_id)
    at_revision(row, revision, kind="order")
    who.must_act_for(row.producer_id, "the producer")
    if row.state != "asked":
        raise OrderClosed(state=said(row.state))
    return row


def as_line(row: Row[Any]) -> OrderLine:
    return OrderLine(**{one.name: getattr(row, one.name) for one in fields(OrderLine)})


def tell_order(tx: Tx, topic: str, row: Row[Any]) -> None:
    """Tell both sides of an order."""
    tx.tell(topic, "tour_order", row.id, (row.buyer_id, row.producer_id), day=str(row.day))
