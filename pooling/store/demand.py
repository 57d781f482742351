"""What was looked for in vain, in the store: by area and day, and by a mark that names nobody."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, insert, select, update

from pooling.store.finding import unmet
from pooling.store.transaction import Tx, View


def note_unmet(tx: Tx, area: str, day: date, mark: str, crates: int) -> None:
    """Count one more search; of the same party and day the crates of its largest search stand."""
    its = and_(unmet.c.area == area, unmet.c.day == day, unmet.c.mark == mark)
    largest = func.max if tx.connection.dialect.name == "sqlite" else func.greatest
    values = {"searches": unmet.c.searches + 1, "crates": largest(unmet.c.crates, crates)}
    if not tx.connection.execute(update(unmet).where(its).values(values)).rowcount:
        first = {"area": area, "day": day, "mark": mark, "searches": 1, "crates": crates}
        tx.connection.execute(insert(unmet).values(first))


def list_unmet(view: View, first: date, last: date, limit: int, skip: int) -> Sequence[Row[Any]]:
    """List areas and days with their parties, searches and crates: the first day first."""
    query = (
        select(
            unmet.c.area,
            unmet.c.day,
            func.count().label("parties"),
            func.sum(unmet.c.searches).label("searches"),
            func.sum(unmet.c.crates).label("crates"),
        )
        .where(unmet.c.day >= first, unmet.c.day <= last)
        .group_by(unmet.c.area, unmet.c.day)
        .order_by(unmet.c.day, unmet.c.area)
    )
    return view.connection.execute(query.limit(limit).offset(skip)).all()
