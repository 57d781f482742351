"""Rounds in the store: their terms over time, exceptions, and which of their days were made."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from pooling.store.carrying import harvest_round, round_exception, round_terms
from pooling.store.rows import Page, found, paged
from pooling.store.sight import must_exist, visible
from pooling.store.touring import tour
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]

DRIVEN = ("frozen", "under_way", "done")


def find_round(view: View, round_id: str) -> Row[Any]:
    row = found(view, harvest_round, round_id, kind="round")
    return must_exist(view, harvest_round, row, "round")


def list_rounds(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[Rows, str]:
    """List the rounds that these parties operate or drive (``None``: everybody's), newest first."""
    query = select(harvest_round).where(visible(view, harvest_round))
    if party_ids is not None:
        known = list(party_ids)
        mine = (harvest_round.c.operator_id.in_(known), harvest_round.c.carrier_id.in_(known))
        query = query.where(or_(*mine))
    return paged(view, query, harvest_round, page)


def rounds_due(view: View, until_day: date, limit: int) -> list[str]:
    """Return the rounds whose occurrences were not made up to a day yet, the least advanced first."""
    made = harvest_round.c.made_until_day
    query = (
        select(harvest_round.c.id)
        .where(harvest_round.c.state == "open", or_(made.is_(None), made < until_day))
        .order_by(made, harvest_round.c.id)
        .limit(limit)
    )
    return [str(one) for one in view.connection.execute(query).scalars()]


def round_made_until(tx: Tx, round_id: str, day: date) -> None:
    """Note up to which day the occurrences of a round were made."""
    tx.connection.execute(
        update(harvest_round).where(harvest_round.c.id == round_id).values(made_until_day=day)
    )


def terms_of(view: View, round_id: str) -> Rows:
    """Return the terms of a round by the day from which they hold, the first to hold first."""
    query = select(round_terms).where(round_terms.c.round_id == round_id).order_by(round_terms.c.from_day)
    return list(view.connection.execute(query))


def write_terms(tx: Tx, round_id: str, from_day: date, rule: str, template: str) -> None:
    """Write what holds from a day on, in place of all that would have held later."""
    later = (round_terms.c.round_id == round_id, round_terms.c.from_day >= from_day)
    tx.connection.execute(delete(round_terms).where(*later))
    values = {"round_id": round_id, "from_day": from_day, "rule": rule, "template": template}
    tx.connection.execute(insert(round_terms).values(**values))


def round_exceptions(view: View, round_id: str) -> Rows:
    """Return the days of a round that are left out or moved, in their order."""
    query = select(round_exception).where(round_exception.c.round_id == round_id)
    return list(view.connection.execute(query.order_by(round_exception.c.day)))


def write_round_exception(tx: Tx, round_id: str, day: date, moved_to: date | None, reason: str = "") -> None:
    """Write a day that is left out or moved, in place of what was said of it before."""
    mine = (round_exception.c.round_id == round_id, round_exception.c.day == day)
    tx.connection.execute(delete(round_exception).where(*mine))
    values = {"round_id": round_id, "day": day, "moved_to": moved_to, "reason": reason}
    tx.connection.execute(insert(round_exception).values(**values))


def tours_of_round(view: View, round_id: str, from_day: date, limit: int) -> Rows:
    """Return the tours of a round by their original days, from a day on."""
    query = (
        select(tour)
        .where(tour.c.round_id == round_id, tour.c.round_day >= from_day)
        .order_by(tour.c.round_day)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def round_days_made(view: View, round_id: str) -> Mapping[date, str]:
    """Return the original days of a round that have a tour, and the tour's id."""
    query = select(tour.c.round_day, tour.c.id).where(tour.c.round_id == round_id)
    return {row.round_day: str(row.id) for row in view.connection.execute(query)}


def round_drivers(view: View, round_id: str) -> list[str]:
    """Return who drove each occurrence that set out or is ready to, the first first."""
    query = select(tour.c.driver).where(tour.c.round_id == round_id, tour.c.state.in_(DRIVEN))
    return list(view.connection.execute(query.order_by(tour.c.day, tour.c.id)).scalars())
