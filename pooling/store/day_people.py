"""Who takes part in a day, as the pure code knows them: parties, and where their own vans stand."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from pooling.party import Party, Role
from pooling.store.people import party, site
from pooling.store.transaction import View


def parties_by_id(view: View, party_ids: Iterable[str]) -> dict[str, Party]:
    """Return parties by id."""
    rows = view.connection.execute(select(party).where(party.c.id.in_(list(set(party_ids)))))
    return {row.id: as_party(row) for row in rows}


def as_party(row: Row[Any]) -> Party:
    return Party(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        group=row.group_name,
        vetted=row.vetted,
        licence=row.licence,
        licence_until=row.licence_until,
    )


def first_sites(view: View, party_ids: Iterable[str]) -> dict[str, str]:
    """Tell where each party's own van stands: the first site it entered; left out where it has none."""
    rows = view.connection.execute(
        select(site.c.party_id, func.min(site.c.id))
        .where(site.c.party_id.in_(list(set(party_ids))))
        .group_by(site.c.party_id)
    )
    return {party_id: str(site_id) for party_id, site_id in rows}
