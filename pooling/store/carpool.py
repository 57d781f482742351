"""Open trips that stop near two points, out of the store: a box first, the circle is the caller's."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, select

from pooling.store.market import trip, trip_stop
from pooling.store.people import site
from pooling.store.sight import visible
from pooling.store.transaction import View

Box = tuple[float, float, float, float]
"""South, north, west, east, in degrees."""


def trips_through(view: View, days: Sequence[date], start: Box, end: Box, limit: int) -> list[Row[Any]]:
    """Return trips of these days that take guests and stop in both boxes, the oldest first."""
    query = (
        select(trip)
        .where(
            trip.c.day.in_(list(days)),
            trip.c.state == "open",
            trip.c.cutoff_at > view.now_at,
            visible(view, trip),
            _stops_in(start),
            _stops_in(end),
        )
        .order_by(trip.c.id)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def _stops_in(box: Box) -> ColumnElement[bool]:
    south, north, west, east = box
    return exists(
        select(trip_stop.c.number)
        .join(site, site.c.id == trip_stop.c.site_id)
        .where(
            trip_stop.c.trip_id == trip.c.id,
            site.c.lat.between(south, north),
            site.c.lon.between(west, east),
        )
    )
