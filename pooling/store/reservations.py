"""
Room reserved before its goods are named: bids whose shipment is no crates yet.

Once its goods are named, the bid is one like any other; only the moment tells that it was a reservation.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from pooling.store.bids import ASKING, Rows
from pooling.store.market import bid, shipment, trip
from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.sight import part_must_exist, part_visible
from pooling.store.transaction import View

_UNNAMED = and_(bid.c.name_by_at.is_not(None), bid.c.named_at.is_(None))
_HELD = and_(_UNNAMED, bid.c.state == "accepted")


def find_reservation(view: View, bid_id: str) -> Row[Any]:
    """Return the bid by which room was reserved; an ordinary bid is none."""
    row = part_must_exist(view, bid, found(view, bid, bid_id, kind="reservation"), "reservation")
    if row.name_by_at is None:
        raise NotFound(kind="reservation", id=bid_id)
    return row


def list_reservations(
    view: View, party_ids: Iterable[str] | None, page: Page, *, trip_id: str = ""
) -> tuple[Rows, str]:
    """List what these parties reserved, and what is reserved on their trips (``None``: everybody's)."""
    query = select(bid).join(trip, trip.c.id == bid.c.trip_id)
    query = query.where(bid.c.name_by_at.is_not(None), part_visible(view, bid))
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(bid.c.payer_id.in_(known), trip.c.owner_id.in_(known)))
    if trip_id:
        query = query.where(bid.c.trip_id == trip_id)
    return paged(view, query, bid, page)


def held_on(view: View, trip_id: str) -> Rows:
    """Return the room that is held on a trip for goods that are not named: temperature, crates, kg."""
    query = (
        select(shipment.c.temperature, shipment.c.crates, shipment.c.kg)
        .join(bid, bid.c.shipment_id == shipment.c.id)
        .where(bid.c.trip_id == trip_id, _HELD)
    )
    return list(view.connection.execute(query))


def count_unnamed(view: View, payer_id: str) -> int:
    """Count what a party has reserved, or asks to, and has not named the goods of."""
    query = select(func.count()).where(
        bid.c.payer_id == payer_id, _UNNAMED, bid.c.state.in_((*ASKING, "accepted"))
    )
    return int(view.connection.execute(query).scalar_one())


def held_past(view: View, now_at: int, limit: int) -> list[str]:
    """Return the bids that hold room on open trips whose time to name the goods is over."""
    query = select(bid.c.id).join(trip, trip.c.id == bid.c.trip_id).where(_HELD, _over(now_at))
    return list(view.connection.execute(query.order_by(bid.c.id).limit(limit)).scalars())


def asking_past(view: View, now_at: int, limit: int) -> Rows:
    """Return the reservations that still wait for an answer when the goods should be named."""
    query = select(bid).where(_UNNAMED, bid.c.state.in_(ASKING), bid.c.name_by_at <= now_at)
    return list(view.connection.execute(query.order_by(bid.c.id).limit(limit)))


def _over(now_at: int) -> ColumnElement[bool]:
    past = or_(bid.c.name_by_at <= now_at, trip.c.cutoff_at <= now_at)
    return and_(trip.c.state == "open", past)
