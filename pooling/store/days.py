"""What a day is made of beside its shipments, trips and tours: parties, and where their vans stand."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from pooling.party import Party, Role
from pooling.store.people import party, site
from pooling.store.reading import read_rows
from pooling.store.transaction import View

_PARTIES = select(party).where(party.c.id.in_(bindparam("ids", expanding=True)))
_HOMES = (
    select(site.c.party_id, func.min(site.c.id).label("home"))
    .where(site.c.party_id.in_(bindparam("ids", expanding=True)))
    .group_by(site.c.party_id)
)


def parties_by_id(view: View, party_ids: Iterable[str]) -> dict[str, Party]:
    """Return parties as the pure code knows them, by id."""
    wanted = set(party_ids)
    known = view.known.parties if view.known else {}
    kept = {one: known[one] for one in wanted if one in known}
    missing = sorted(wanted - kept.keys())
    rows = read_rows(view, _PARTIES, {"ids": missing}) if missing else ()
    new = {row.id: as_party(row) for row in rows}
    known |= new
    asked = {one: each for one, each in view.unkept.parties.items() if one in wanted}
    return kept | new | asked


def homes_by_party(view: View, party_ids: Iterable[str]) -> dict[str, str]:
    """Return where each party's own van stands: the first site that it entered; others are left out."""
    wanted = set(party_ids)
    known = {} if view.known is None else view.known.homes
    missing = sorted(wanted - known.keys())
    rows = read_rows(view, _HOMES, {"ids": missing}) if missing else ()
    known |= dict.fromkeys(missing) | {str(row.party_id): str(row.home) for row in rows}
    return {one: home for one in sorted(wanted) if (home := known[one]) is not None}


def as_party(row: Row[Any]) -> Party:
    return Party(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        group=row.group_name,
        vetted=row.vetted,
        licence=row.licence,
        licence_until=row.licence_until,
        group_confirmed=row.group_confirmed_at is not None,
        farm_confirmed=not row.farm_waits,
    )
