"""Searches that are kept, in the store."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from pooling.store.finding import saved_search, search_told
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import Tx, View

Rows = Sequence[Row[Any]]


def find_search(view: View, search_id: str) -> Row[Any]:
    return found(view, saved_search, search_id, kind="search")


def list_searches(view: View, party_ids: Iterable[str], page: Page) -> tuple[list[Row[Any]], str]:
    """List the searches that these parties keep."""
    query = select(saved_search).where(saved_search.c.party_id.in_(list(party_ids)))
    return paged(view, query, saved_search, page)


def count_searches(view: View, party_id: str) -> int:
    """Count the searches of a party."""
    mine = select(func.count()).where(saved_search.c.party_id == party_id)
    return int(view.connection.execute(mine).scalar_one())


def searches_of_day(view: View, trip: Row[Any], limit: int) -> Rows:
    """List the searches for the day of a trip that were not told of it, its owner's own left out."""
    day: date = trip.day
    told = select(search_told.c.search_id).where(search_told.c.trip_id == trip.id)
    query = select(saved_search).where(
        saved_search.c.first_day <= day,
        saved_search.c.last_day >= day,
        saved_search.c.weekdays.op("&")(1 << day.weekday()) != 0,
        saved_search.c.party_id != trip.owner_id,
        saved_search.c.id.not_in(told),
    )
    return list(view.connection.execute(query.order_by(saved_search.c.id).limit(limit)))


def is_kept(view: View, search_id: str) -> bool:
    """Tell whether a search is still there."""
    kept = select(saved_search.c.id).where(saved_search.c.id == search_id)
    return view.connection.execute(kept).first() is not None


def was_told(view: View, search_id: str, trip_id: str) -> bool:
    """Tell whether a search was told of a trip before."""
    told = select(search_told).where(search_told.c.search_id == search_id, search_told.c.trip_id == trip_id)
    return view.connection.execute(told).first() is not None


def note_told(tx: Tx, search_id: str, trip_id: str) -> None:
    """Note that a search was told of a trip."""
    values = {"search_id": search_id, "trip_id": trip_id, "created_at": tx.now_at}
    tx.connection.execute(insert(search_told).values(values))


def delete_search(tx: Tx, search_id: str) -> None:
    tx.connection.execute(delete(search_told).where(search_told.c.search_id == search_id))
    tx.connection.execute(delete(saved_search).where(saved_search.c.id == search_id))
