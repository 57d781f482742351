"""Calendar feeds in the store: only the hash of a link, and what stands in its member's calendar."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from pooling.store.market import bid, shipment, trip
from pooling.store.people import calendar_feed
from pooling.store.rows import Page, paged
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]


def live_feed(view: View, token_hash: str) -> Row[Any] | None:
    """Return the feed behind a link that was not revoked."""
    query = select(calendar_feed).where(
        calendar_feed.c.token_hash == token_hash, calendar_feed.c.revoked_at.is_(None)
    )
    return view.connection.execute(query).one_or_none()


def list_feeds(view: View, member_id: str, page: Page) -> tuple[Rows, str]:
    """List the feeds of a member that were not revoked, newest first."""
    query = select(calendar_feed).where(
        calendar_feed.c.member_id == member_id, calendar_feed.c.revoked_at.is_(None)
    )
    return paged(view, query, calendar_feed, page)


def count_feeds(view: View, member_id: str) -> int:
    table = calendar_feed
    query = select(func.count()).where(table.c.member_id == member_id, table.c.revoked_at.is_(None))
    return int(view.connection.execute(query).scalar_one())


def revoke(tx: Tx, feed_id: str, member_id: str) -> bool:
    """End one of a member's own feeds; tells whether there was one."""
    done = tx.connection.execute(
        update(calendar_feed)
        .where(
            calendar_feed.c.id == feed_id,
            calendar_feed.c.member_id == member_id,
            calendar_feed.c.revoked_at.is_(None),
        )
        .values(revoked_at=tx.now_at)
    )
    return bool(done.rowcount == 1)


def trips_between(view: View, owner_ids: Iterable[str], first: date, last: date, limit: int) -> Rows:
    """Return the trips of these owners on the days from one to another, in their order."""
    query = (
        select(trip)
        .where(trip.c.owner_id.in_(list(owner_ids)), trip.c.day.between(first, last))
        .order_by(trip.c.day, trip.c.id)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def rides_between(view: View, party_ids: Iterable[str], first: date, last: date, limit: int) -> Rows:
    """Return what rides on trips of others for these parties, with its promised hours and both its sites."""
    known = list(party_ids)
    query = (
        select(
            bid.c.id,
            bid.c.trip_id,
            bid.c.revision,
            bid.c.created_at,
            bid.c.pickup_at,
            bid.c.pickup_from_at,
            bid.c.drop_at,
            bid.c.drop_until_at,
            shipment.c.crates,
            shipment.c.from_site_id,
            shipment.c.to_site_id,
        )
        .join(shipment, shipment.c.id == bid.c.shipment_id)
        .where(
            bid.c.state == "accepted",
            or_(bid.c.payer_id.in_(known), shipment.c.shipper_id.in_(known)),
            shipment.c.day.between(first, last),
        )
        .order_by(shipment.c.day, bid.c.id)
        .limit(limit)
    )
    return list(view.connection.execute(query))
