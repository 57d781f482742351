"""Searches that are kept, in the store."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from pooling.store.finding import saved_search, search_heard, search_queue
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


def searches_for(
    view: View, ride_id: str, days: Iterable[date], whose_id: str, after_id: str, limit: int
) -> Rows:
    """List by id the searches for these days that were not told of a ride, but for those of its own party."""
    told = select(search_heard.c.search_id).where(search_heard.c.ride_id == ride_id)
    query = select(saved_search).where(
        or_(*(_for_day(day) for day in days)),
        saved_search.c.party_id != whose_id,
        saved_search.c.id > after_id,
        saved_search.c.id.not_in(told),
    )
    return list(view.connection.execute(query.order_by(saved_search.c.id).limit(limit)))


def _for_day(day: date) -> ColumnElement[bool]:
    return and_(
        saved_search.c.first_day <= day,
        saved_search.c.last_day >= day,
        saved_search.c.weekdays.op("&")(1 << day.weekday()) != 0,
    )


def queue_ride(tx: Tx, kind: str, ride_id: str) -> None:
    """Have every search tried on a ride; where that is under way, once more from the first."""
    again = update(search_queue).where(search_queue.c.ride_id == ride_id).values(again=True)
    if not tx.connection.execute(again).rowcount:
        values = {
            "ride_id": ride_id,
            "ride_kind": kind,
            "after_id": "",
            "again": False,
            "queued_at": tx.now_at,
        }
        tx.connection.execute(insert(search_queue).values(values))


def next_queued(view: View) -> Row[Any] | None:
    """Return the ride that waits longest for its searches to be tried."""
    query = select(search_queue).order_by(search_queue.c.queued_at, search_queue.c.ride_id).limit(1)
    return view.connection.execute(query).first()


def went_on(tx: Tx, queued: Row[Any], after_id: str) -> bool:
    """
    Note that a ride's searches were tried up to one (``""``: to the last); false where another worker did.

    A ride that was queued once more meanwhile begins anew, behind the others.
    """
    stands = tuple(
        search_queue.c[one] == getattr(queued, one) for one in ("ride_id", "after_id", "queued_at")
    )
    if not after_id:
        done = delete(search_queue).where(*stands, search_queue.c.again.is_(False))
        if tx.connection.execute(done).rowcount:
            return True
        later_at = max(tx.now_at, queued.queued_at + 1)  # who still tries what stood before notices
        anew = update(search_queue).where(*stands).values(after_id="", again=False, queued_at=later_at)
        return tx.connection.execute(anew).rowcount == 1
    on = update(search_queue).where(*stands).values(after_id=after_id)
    return tx.connection.execute(on).rowcount == 1


def next_standing(view: View) -> Row[Any] | None:
    """Return a search that was not tried on all that stood when it was kept."""
    query = select(saved_search).where(saved_search.c.standing_day.is_not(None))
    return view.connection.execute(query.order_by(saved_search.c.id).limit(1)).first()


def stood(tx: Tx, search: Row[Any], day: date | None) -> bool:
    """Note the next day that a search is to be tried on, ``None`` for no more; false where another did."""
    at = saved_search.c.id == search.id, saved_search.c.standing_day == search.standing_day
    return tx.connection.execute(update(saved_search).where(*at).values(standing_day=day)).rowcount == 1


def is_kept(view: View, search_id: str) -> bool:
    """Tell whether a search is still there."""
    kept = select(saved_search.c.id).where(saved_search.c.id == search_id)
    return view.connection.execute(kept).first() is not None


def was_told(view: View, search_id: str, ride_id: str) -> bool:
    """Tell whether a search was told of a ride before."""
    told = select(search_heard).where(
        search_heard.c.search_id == search_id, search_heard.c.ride_id == ride_id
    )
    return view.connection.execute(told).first() is not None


def note_told(tx: Tx, search_id: str, ride_id: str) -> None:
    """Note that a search was told of a ride."""
    values = {"search_id": search_id, "ride_id": ride_id, "created_at": tx.now_at}
    tx.connection.execute(insert(search_heard).values(values))


def delete_search(tx: Tx, search_id: str) -> None:
    tx.connection.execute(delete(search_heard).where(search_heard.c.search_id == search_id))
    tx.connection.execute(delete(saved_search).where(saved_search.c.id == search_id))
