"""
The yearly cap of private persons (L3232-1): read with a trip, held until what was decided on it is kept.

Two acceptances on two trips of one owner would each see room for itself: so the owner's row is held, and
what it receives is counted again.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pooling.desk.desk import Desk, Moved
from pooling.party import Role
from pooling.regimes import PrivateYear, Regime
from pooling.store import Tx, View
from pooling.store.parties import find_party
from pooling.store.private_years import received_in_year


def private_year(
    desk: Desk, view: View, trip_id: str, owner_id: str, regime: str, day: date
) -> PrivateYear | None:
    """Return what bounds the year of a trip's owner; ``None`` where no yearly cap holds."""
    if regime != Regime.COTRANSPORT_PRIVE:
        return None
    return PrivateYear(desk.private_year_cents, received_in_year(view, owner_id, day.year, trip_id))


def year_so_far(desk: Desk, view: View, party_id: str) -> PrivateYear | None:
    """Return what a private person was agreed to receive on trips of this year; ``None`` for a business."""
    if find_party(view, party_id).role != Role.PRIVATE:
        return None
    year = datetime.fromtimestamp(view.now_at, ZoneInfo(desk.timezone)).year
    return PrivateYear(desk.private_year_cents, received_in_year(view, party_id, year))


def year_must_stand(tx: Tx, year: PrivateYear, trip_id: str, owner_id: str, day: date) -> None:
    """Raise ``Moved`` where an owner, whose row is held, receives otherwise by now on its other trips."""
    if received_in_year(tx, owner_id, day.year, trip_id) != year.received_cents:
        raise Moved
