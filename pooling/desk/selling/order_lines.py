"""
One line of an order left out before the cut-off: by its buyer, or by the producer that has run out of it.

The rest rides on in its place, with fewer crates: hours that were told stay, and nobody's share rises. Crates
of a class of which nothing is left leave the tour, as those of an order that is cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.shipments import cancel_open
from pooling.desk.market.rides import must_be_open
from pooling.desk.selling.order_rides import goods_name
from pooling.desk.selling.tour_order_answers import as_line, standing_order, tell_order
from pooling.desk.tours.sign_ups import left, must_be_in_time, without
from pooling.desk.tours.tour_world import TourWorld, payers_must_stand, tour_world
from pooling.desk.tours.tours import must_be_in
from pooling.goods.goods import loads_of
from pooling.store import Ask, Tx, View
from pooling.store.market import shipment
from pooling.store.rows import NotFound, changed
from pooling.store.selling import tour_order
from pooling.store.shipments import find_shipment
from pooling.store.tour_orders import lines_of_orders, loads_of_orders, withdraw_line
from pooling.store.tours import find_tour, sign_up_of


class LineWithdrawn(Refusal):
    code = "line_withdrawn"
    reason = "This line of the order was left out already."
    cure = "Nothing needs to be done: both sides were told then."


class LastOrderLine(Refusal):
    code = "last_order_line"
    reason = "No other line of this order is left."
    cure = "Cancel the order instead."


@dataclass(frozen=True)
class LeavingOut:
    """
    Hold a line that is left out, and the shipment that it was part of, while the order's crates have one.

    ``rest`` is what changes of that shipment; empty where nothing of it is left. ``world`` is the tour
    without those crates.
    """

    order: Row[Any]
    line: Row[Any]
    load: Row[Any] | None = None
    rest: dict[str, object] = field(default_factory=dict)
    leavers: tuple[Row[Any], ...] = ()
    world: TourWorld | None = None


def withdraw_order_line(
    desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None, number: int
) -> str:
    """Leave one line out of an order, as its buyer or its producer; the others stand and both are told."""

    def decide(view: View) -> LeavingOut:
        row = standing_order(view, who, order_id, revision)
        lines = lines_of_orders(view, [order_id])[order_id]
        line = next((one for one in lines if one.number == number), None)
        if line is None:
            raise NotFound(kind="order line", id=str(number))
        if line.state == "withdrawn":
            raise LineWithdrawn
        others = [one for one in lines if one.state == "open" and one.number != number]
        if not others:
            raise LastOrderLine
        load = _load_of(view, row, line)
        return LeavingOut(row, line) if load is None else _lessened(desk, view, row, line, load, others)

    return desk.once_decided(ask, decide, _left_out)


def _load_of(view: View, row: Row[Any], line: Row[Any]) -> Row[Any] | None:
    """Return the shipment that carries a line; ``None`` while the order waits for its producer."""
    loads = loads_of_orders(view, [row.id]).get(row.id, [])
    of_class = (one for one in loads if (one.temperature, one.food) == (line.temperature, line.food))
    found = next((one for one in of_class if one.state != "cancelled"), None)
    return None if found is None else find_shipment(view, found.id)


def _lessened(
    desk: Desk, view: View, row: Row[Any], line: Row[Any], load: Row[Any], others: Sequence[Row[Any]]
) -> LeavingOut:
    """Return what becomes of a shipment and its tour without one line."""
    of_class = [one for one in others if (one.temperature, one.food) == (line.temperature, line.food)]
    rest: dict[str, object] = {}
    for one in loads_of([as_line(each) for each in of_class]):
        rest = {"crates": one.crates, "kg": one.kg, "goods_value_cents": one.value_cents}
        rest["goods"] = goods_name(one)
    place = sign_up_of(view, row.tour_id, load.id) if load.state == "riding" else None
    if place is None:
        must_be_open(load)
        return LeavingOut(row, line, load, rest)
    tour_row = find_tour(view, row.tour_id)
    must_be_in(tour_row, "proposed", "confirmed")
    must_be_in_time(view, tour_row)
    if not rest:
        world = without(tour_world(desk, view, tour_row), [place])
        return LeavingOut(row, line, load, rest, (place,), world)
    smaller: Any = SimpleNamespace(**{**load._asdict(), **rest})
    world = replace(tour_world(desk, view, tour_row, asking=[smaller]), asking=())
    return LeavingOut(row, line, load, rest, (), world)


def _left_out(tx: Tx, going: LeavingOut) -> str:
    row, line = going.order, going.line
    price_cents = row.price_cents - line.quantity * line.price_cents
    moved_if_changed(lambda: changed(tx, tour_order, row, {"price_cents": price_cents}))
    withdraw_line(tx, row.id, line.number)
    if going.world is not None:
        payers_must_stand(tx, going.world, [row.payer_id])
        left(tx, going.leavers, going.world, {row.payer_id})
    load = going.load
    if load is not None and going.rest:
        moved_if_changed(lambda: changed(tx, shipment, load, going.rest))
    elif load is not None:
        cancel_open(tx, find_shipment(tx, load.id))
    tell_order(tx, "tour_order.line_withdrawn", row)
    return str(row.id)
