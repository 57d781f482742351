"""Quotes in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from pooling.store.finding import quote
from pooling.store.rows import Page, found, paged
from pooling.store.sight import part_must_exist, part_visible
from pooling.store.transaction import View


def find_quote(view: View, quote_id: str) -> Row[Any]:
    return part_must_exist(view, quote, found(view, quote, quote_id), "quote")


def list_quotes(
    view: View, payers: Iterable[str] | None, page: Page, *, shipment_id: str = ""
) -> tuple[list[Row[Any]], str]:
    """List the quotes that still hold for these parties (``None``: for everybody)."""
    query = select(quote).where(quote.c.expires_at > view.now_at, part_visible(view, quote))
    if payers is not None:
        query = query.where(quote.c.payer_id.in_(list(payers)))
    if shipment_id:
        query = query.where(quote.c.shipment_id == shipment_id)
    return paged(view, query, quote, page)


def count_quotes(view: View, payer_id: str) -> int:
    """Count the quotes that hold for a party."""
    held = select(func.count()).where(quote.c.payer_id == payer_id, quote.c.expires_at > view.now_at)
    return int(view.connection.execute(held).scalar_one())
