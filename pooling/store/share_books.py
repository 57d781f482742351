"""The books of tours' shares in the store: written as shares are told, read by every page that names them."""

from typing import Any

from sqlalchemy import Row, select, update

from pooling.store.rows import added
from pooling.store.touring import share_book, tour
from pooling.store.transaction import Tx, View


def add_share_book(tx: Tx, tour_id: str, plan_id: str, body: str, days: str) -> str:
    """Write the next book of a tour, whose row the transaction holds; returns its id."""
    last = last_share_book(tx, tour_id)
    return added(
        tx,
        share_book,
        "shbook",
        tour_id=tour_id,
        number=1 if last is None else last.number + 1,
        plan_id=plan_id,
        body=body,
        days=days,
    )


def last_share_book(view: View, tour_id: str) -> Row[Any] | None:
    """Return the book that holds of a tour; ``None`` where none was kept."""
    query = select(share_book).where(share_book.c.tour_id == tour_id)
    return view.connection.execute(query.order_by(share_book.c.number.desc()).limit(1)).one_or_none()


def best_groups_found(tx: Tx, book_id: str, best: str) -> None:
    """Write what was found of the best plans of groups: searched once, for the book that they answer."""
    of_it = (share_book.c.id == book_id, share_book.c.best == "")
    tx.connection.execute(update(share_book).where(*of_it).values(best=best))


def days_followed(tx: Tx, book_id: str, days: str) -> None:
    """Note that what payers do beside the tour has changed without changing a share."""
    tx.connection.execute(update(share_book).where(share_book.c.id == book_id).values(days=days))


def tours_to_follow(view: View, limit: int) -> list[Row[Any]]:
    """List the proposed tours that stand on a plan before their cut-off, the soonest first."""
    query = select(tour).where(
        tour.c.state == "proposed", tour.c.plan_id != "", tour.c.cutoff_at > view.now_at
    )
    return list(view.connection.execute(query.order_by(tour.c.cutoff_at, tour.c.id).limit(limit)))
