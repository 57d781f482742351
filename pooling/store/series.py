"""Recurring trips in the store: the series, its exceptions, and which of its days were made."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from pooling.store.market import trip, trip_series, trip_series_exception
from pooling.store.rows import Page, found, paged
from pooling.store.sight import must_exist, visible
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]


def find_series(view: View, series_id: str) -> Row[Any]:
    return must_exist(view, trip_series, found(view, trip_series, series_id), "trip_series")


def list_series(view: View, owner_ids: Iterable[str] | None, page: Page) -> tuple[Rows, str]:
    """List the series of these owners (``None``: of everybody), newest first."""
    query = select(trip_series).where(visible(view, trip_series))
    if owner_ids is not None:
        query = query.where(trip_series.c.owner_id.in_(list(owner_ids)))
    return paged(view, query, trip_series, page)


def series_due(view: View, until_day: date, limit: int) -> list[str]:
    """Return the series whose occurrences were not made up to a day yet, the least advanced first."""
    made = trip_series.c.made_until_day
    query = (
        select(trip_series.c.id)
        .where(trip_series.c.state == "open", or_(made.is_(None), made < until_day))
        .order_by(made, trip_series.c.id)
        .limit(limit)
    )
    return [str(one) for one in view.connection.execute(query).scalars()]


def exceptions_of(view: View, series_id: str) -> Rows:
    """Return the days of a series that are left out or moved, in their order."""
    table = trip_series_exception
    query = select(table).where(table.c.series_id == series_id).order_by(table.c.day)
    return list(view.connection.execute(query))


def write_exception(tx: Tx, series_id: str, day: date, moved_to: date | None, reason: str = "") -> None:
    """Write a day that is left out or moved, in place of what was said of it before."""
    table = trip_series_exception
    delete_exception(tx, series_id, day)
    values = {"series_id": series_id, "day": day, "moved_to": moved_to, "reason": reason}
    tx.connection.execute(insert(table).values(**values))


def delete_exception(tx: Tx, series_id: str, day: date) -> None:
    table = trip_series_exception
    tx.connection.execute(delete(table).where(table.c.series_id == series_id, table.c.day == day))


def occurrences_of(view: View, series_id: str, from_day: date, limit: int) -> Rows:
    """Return the trips of a series by their original days, from a day on."""
    query = (
        select(trip)
        .where(trip.c.series_id == series_id, trip.c.series_day >= from_day)
        .order_by(trip.c.series_day)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def made_until(tx: Tx, series_id: str, day: date) -> None:
    """Note up to which day the occurrences of a series were made."""
    tx.connection.execute(update(trip_series).where(trip_series.c.id == series_id).values(made_until_day=day))


def days_made(view: View, series_id: str) -> Mapping[date, str]:
    """Return the original days of a series that have a trip, and the trip's id."""
    query = select(trip.c.series_day, trip.c.id).where(trip.c.series_id == series_id)
    return {row.series_day: str(row.id) for row in view.connection.execute(query)}
