"""Crates that a cancelled trip set free, in the store: what was found for them instead."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, or_, select

from pooling.store.bids import ASKING
from pooling.store.market import bid, rematch, shipment
from pooling.store.rows import Page, found, paged
from pooling.store.sight import unattached
from pooling.store.transaction import View

Rows = Sequence[Row[Any]]

_ASKING_STILL = exists(
    select(bid.c.id).where(bid.c.shipment_id == rematch.c.shipment_id, bid.c.state.in_(ASKING))
)
_RIDES = exists(
    select(shipment.c.id).where(shipment.c.id == rematch.c.shipment_id, shipment.c.state != "open")
)


def find_rematch(view: View, rematch_id: str) -> Row[Any]:
    return found(view, rematch, rematch_id)


def due_rematches(view: View, limit: int) -> Rows:
    """
    Return the crates that wait to be matched, the oldest first.

    Those for which bids were placed are due again when they ride, or when no bid waits any more.
    """
    answered = and_(rematch.c.state == "asked", or_(_RIDES, ~_ASKING_STILL))
    query = select(rematch).where(or_(rematch.c.state == "waiting", answered))
    return list(view.connection.execute(query.order_by(rematch.c.id).limit(limit)))


def rematches_of(
    view: View, party_ids: Iterable[str] | None, page: Page, *, shipment_id: str = ""
) -> tuple[list[Row[Any]], str]:
    """List what became of crates set free, of these payers (``None``: everybody's)."""
    query = select(rematch).where(unattached(view, rematch.c.payer_id))
    if party_ids is not None:
        query = query.where(rematch.c.payer_id.in_(list(party_ids)))
    if shipment_id:
        query = query.where(rematch.c.shipment_id == shipment_id)
    return paged(view, query, rematch, page)
