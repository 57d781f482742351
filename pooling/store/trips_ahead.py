"""An owner's trips by their days: those to come soonest first, those that are over latest first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select

from pooling.store.market import trip
from pooling.store.rows import Page, place_of
from pooling.store.sight import visible
from pooling.store.transaction import View


def trips_ahead(view: View, owner_id: str, today: date, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List the trips of an owner from a day on; the cursor counts what was shown."""
    query = select(trip).where(trip.c.owner_id == owner_id, trip.c.day >= today, visible(view, trip))
    return _part(view, query.order_by(trip.c.day, trip.c.id), page)


def trips_over(view: View, owner_id: str, today: date, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List the trips of an owner before a day."""
    query = select(trip).where(trip.c.owner_id == owner_id, trip.c.day < today, visible(view, trip))
    return _part(view, query.order_by(trip.c.day.desc(), trip.c.id.desc()), page)


def _part(view: View, query: Select[Any], page: Page) -> tuple[Sequence[Row[Any]], str]:
    place = place_of(page)
    rows = view.connection.execute(query.offset(place).limit(page.limit + 1)).all()
    return rows[: page.limit], str(place + page.limit) if len(rows) > page.limit else ""


def trips_on(view: View, day: date, limit: int) -> Sequence[Row[Any]]:
    """Return the first trips of a day, whoever owns them, but those that were cancelled."""
    query = select(trip).where(trip.c.day == day, trip.c.state != "cancelled", visible(view, trip))
    return view.connection.execute(query.order_by(trip.c.id).limit(limit)).all()


def next_trip_day(view: View, today: date) -> date | None:
    """Return the first day from this one on with a trip that was not cancelled."""
    query = select(trip.c.day).where(trip.c.day >= today, trip.c.state != "cancelled", visible(view, trip))
    return view.connection.execute(query.order_by(trip.c.day).limit(1)).scalar()
