"""Orders from short lists in the store: their lines, and the shipments that fill them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from pooling.store.market import shipment
from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.selling import tour_order, tour_order_line, tour_order_load
from pooling.store.sight import part_visible
from pooling.store.touring import tour
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]


def find_tour_order(view: View, order_id: str) -> Row[Any]:
    row = found(view, tour_order, order_id, kind="order")
    seen = select(tour_order.c.id).where(tour_order.c.id == order_id, _seen(view))
    if view.connection.execute(seen).first() is None:
        raise NotFound(kind="order", id=order_id)
    return row


def list_tour_orders(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[Rows, str]:
    """List the orders that these parties placed or received (``None``: everybody's)."""
    query = select(tour_order).where(_seen(view))
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(tour_order.c.buyer_id.in_(known), tour_order.c.producer_id.in_(known)))
    return paged(view, query, tour_order, page)


def tours_of_orders(view: View, order_ids: Iterable[str]) -> list[str]:
    """Return the tours that orders are on, each once."""
    query = select(tour_order.c.tour_id).where(tour_order.c.id.in_(list(order_ids))).distinct()
    return [str(one) for one in view.connection.execute(query.order_by(tour_order.c.tour_id)).scalars()]


def _seen(view: View) -> ColumnElement[bool]:
    """Return the condition under which an order exists for who looks: its tour does, or it is its own."""
    eyes = sorted(view.sight or ())
    own = (column.in_(eyes) for column in (tour_order.c.buyer_id, tour_order.c.producer_id))
    return or_(part_visible(view, tour_order), *own)


def lines_of_orders(view: View, order_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the lines of orders in the order in which they were written."""
    query = select(tour_order_line).where(tour_order_line.c.order_id.in_(list(order_ids)))
    lines: dict[str, Rows] = {}
    for row in view.connection.execute(query.order_by(tour_order_line.c.order_id, tour_order_line.c.number)):
        lines.setdefault(row.order_id, []).append(row)
    return lines


def write_lines(tx: Tx, order_id: str, lines: Sequence[Mapping[str, object]]) -> None:
    rows = [{"order_id": order_id, "number": at, **line} for at, line in enumerate(lines, start=1)]
    tx.connection.execute(insert(tour_order_line), rows)


def withdraw_line(tx: Tx, order_id: str, number: int) -> None:
    """Note that one line is left out; its order was found unchanged before."""
    of_it = (tour_order_line.c.order_id == order_id, tour_order_line.c.number == number)
    tx.connection.execute(update(tour_order_line).where(*of_it).values(state="withdrawn"))


def write_loads(tx: Tx, order_id: str, shipment_ids: Iterable[str]) -> None:
    """Note which shipments fill an order."""
    rows = [{"order_id": order_id, "shipment_id": one} for one in shipment_ids]
    tx.connection.execute(insert(tour_order_load), rows)


def loads_of_orders(view: View, order_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the shipments that fill orders, by order."""
    rows = view.connection.execute(
        select(shipment, tour_order_load.c.order_id)
        .join(tour_order_load, tour_order_load.c.shipment_id == shipment.c.id)
        .where(tour_order_load.c.order_id.in_(list(order_ids)))
        .order_by(shipment.c.id)
    )
    loads: dict[str, Rows] = {}
    for row in rows:
        loads.setdefault(row.order_id, []).append(row)
    return loads


def products_of_load(view: View, shipment_id: str) -> dict[str, int]:
    """Return the crates of each product in a shipment that fills an order; of any other nothing."""
    same_class = (
        tour_order_line.c.temperature == shipment.c.temperature,
        tour_order_line.c.food == shipment.c.food,
    )
    query = (
        select(tour_order_line.c.product, func.sum(tour_order_line.c.crates))
        .join(tour_order_load, tour_order_load.c.order_id == tour_order_line.c.order_id)
        .join(shipment, shipment.c.id == tour_order_load.c.shipment_id)
        .where(tour_order_load.c.shipment_id == shipment_id, tour_order_line.c.state == "open", *same_class)
        .group_by(tour_order_line.c.product)
    )
    return {product: int(crates) for product, crates in view.connection.execute(query)}


def orders_waiting_in_vain(view: View, limit: int) -> Rows:
    """List the orders that wait for their producer though their tour can be joined no more."""
    query = (
        select(tour_order)
        .join(tour, tour.c.id == tour_order.c.tour_id)
        .where(
            tour_order.c.state == "asked",
            or_(tour.c.cutoff_at <= view.now_at, tour.c.state.not_in(("proposed", "confirmed"))),
        )
        .order_by(tour_order.c.id)
        .limit(limit)
    )
    return list(view.connection.execute(query))
