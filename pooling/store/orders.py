"""Orders in the store."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from pooling.store.market import order
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import View


def find_order(view: View, order_id: str) -> Row[Any]:
    return found(view, order, order_id, kind="order")


def list_orders(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List orders that these parties placed or received (``None``: everybody's)."""
    query = select(order)
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(order.c.buyer_id.in_(known), order.c.producer_id.in_(known)))
    return paged(view, query, order, page)


def order_of_shipment(view: View, shipment_id: str) -> Row[Any] | None:
    return view.connection.execute(select(order).where(order.c.shipment_id == shipment_id)).one_or_none()
