"""On which days anything takes crates: for whoever looks over several days at once."""

from datetime import date

from sqlalchemy import select

from pooling.store.market import trip
from pooling.store.sight import visible
from pooling.store.touring import tour
from pooling.store.transaction import View


def open_days(view: View, first: date, last: date) -> list[date]:
    """List the days on which a trip or a proposed tour that exists for who looks can still be joined."""
    found: set[date] = set()
    for table, state in ((trip, "open"), (tour, "proposed")):
        taking = (table.c.state == state, table.c.cutoff_at > view.now_at, visible(view, table))
        query = select(table.c.day).where(table.c.day.between(first, last), *taking).distinct()
        found |= set(view.connection.execute(query).scalars())
    return sorted(found)
