"""What private persons receive in a year for carrying others' crates, by the days of their trips."""

from datetime import date

from sqlalchemy import and_, bindparam, case, func, or_, select

from pooling.regimes import Regime
from pooling.store.market import bid, trip
from pooling.store.reading import read_rows
from pooling.store.transaction import View

_CENTS = case((bid.c.state == "accepted", bid.c.price_cents), else_=bid.c.owed_cents)
_RECEIVED = (
    select(func.coalesce(func.sum(_CENTS), 0))
    .select_from(trip)
    .join(bid, bid.c.trip_id == trip.c.id)
    .where(
        trip.c.owner_id == bindparam("owner"),
        trip.c.regime == Regime.COTRANSPORT_PRIVE.value,
        trip.c.day.between(bindparam("first"), bindparam("last")),
        trip.c.id != bindparam("besides"),
        or_(bid.c.state == "accepted", and_(bid.c.state == "withdrawn", bid.c.owed_cents > 0)),
    )
)


def received_in_year(view: View, owner_id: str, year: int, besides: str = "") -> int:
    """Return what was agreed for a private person to receive in a year, but for one trip."""
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    rows = read_rows(view, _RECEIVED, {"owner": owner_id, "besides": besides, **days})
    return int(rows[0][0])
