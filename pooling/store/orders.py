"""Orders in the store."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, true

from pooling.store.market import order, shipment
from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.sight import rides_visible
from pooling.store.transaction import View


def find_order(view: View, order_id: str) -> Row[Any]:
    row = found(view, order, order_id, kind="order")
    if view.connection.execute(select(order.c.id).where(order.c.id == order_id, _seen(view))).first() is None:
        raise NotFound(kind="order", id=order_id)
    return row


def list_orders(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List orders that these parties placed or received (``None``: everybody's)."""
    query = select(order).where(_seen(view))
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(order.c.buyer_id.in_(known), order.c.producer_id.in_(known)))
    return paged(view, query, order, page)


def _seen(view: View) -> ColumnElement[bool]:
    """Return the condition under which an order exists for who looks: its crates do, or it is its own."""
    if view.sight is None:
        return true()
    eyes = sorted(view.sight)
    rides = select(shipment.c.id).where(rides_visible(view, shipment))
    own = (column.in_(eyes) for column in (order.c.buyer_id, order.c.producer_id))
    return or_(order.c.shipment_id.is_(None), order.c.shipment_id.in_(rides), *own)


def order_of_shipment(view: View, shipment_id: str) -> Row[Any] | None:
    return view.connection.execute(select(order).where(order.c.shipment_id == shipment_id)).one_or_none()
