"""What was looked for in vain, in the store: by area, day and product, and by a mark that names nobody."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, case, func, insert, or_, select, update

from pooling.store.finding import PRODUCT_LENGTH, unmet
from pooling.store.transaction import Tx, View


def note_unmet(
    tx: Tx,
    area: str,
    day: date,
    mark: str,
    crates: int,
    product: str = "",
    *,
    searches: int = 1,
    wanted: bool,
) -> None:
    """Count a search more; of the same party, day and product the crates of its largest search stand."""
    key = {"area": area, "day": day, "mark": mark, "product": product[:PRODUCT_LENGTH]}
    its = and_(*(unmet.c[name] == value for name, value in key.items()))
    largest = _largest(tx)(unmet.c.crates, crates)
    values = {"searches": unmet.c.searches + searches, "crates": largest}
    if not tx.connection.execute(update(unmet).where(its).values(values)).rowcount:
        first = key | {"searches": searches, "crates": crates, "wanted": wanted}
        tx.connection.execute(insert(unmet).values(first))


def list_unmet(view: View, first: date, last: date, limit: int, skip: int) -> Sequence[Row[Any]]:
    """
    List areas and days with their parties, searches and crates: the first day first.

    A party's crates of several products are added; those of which the product is not known may be the same.
    """
    known, unknown = unmet.c.product != "", unmet.c.product == ""
    by_party = (
        select(
            *(unmet.c.area, unmet.c.day, unmet.c.wanted),
            func.sum(unmet.c.searches).label("searches"),
            func.sum(case((known, unmet.c.crates), else_=0)).label("known"),
            func.max(case((unknown, unmet.c.crates), else_=0)).label("unknown"),
        )
        .where(unmet.c.day >= first, unmet.c.day <= last)
        .group_by(unmet.c.area, unmet.c.day, unmet.c.wanted, unmet.c.mark)
        .subquery()
    )
    place = (by_party.c.day, by_party.c.area, by_party.c.wanted)
    query = select(
        *place,
        func.count().label("parties"),
        func.sum(by_party.c.searches).label("searches"),
        func.sum(_largest(view)(by_party.c.known, by_party.c.unknown)).label("crates"),
    )
    query = query.group_by(*place).order_by(*place)
    return view.connection.execute(query.limit(limit).offset(skip)).all()


def products_unmet(view: View, places: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """List who, by its mark, asked in vain for what in these areas on these days."""
    if not places:
        return ()
    days = [one.day for one in places]
    query = select(unmet).where(unmet.c.day >= min(days), unmet.c.day <= max(days))
    areas = sorted({one.area for one in places})
    some = or_(*(unmet.c.area.in_(areas[at : at + 500]) for at in range(0, len(areas), 500)))
    return view.connection.execute(query.where(some)).all()


def _largest(view: View) -> Any:  # noqa: ANN401 - a function of the database
    return func.max if view.connection.dialect.name == "sqlite" else func.greatest
