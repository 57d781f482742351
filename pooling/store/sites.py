"""Sites in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from geodata.place import Place
from pooling.site import Site
from pooling.store.people import site
from pooling.store.reading import read_again, read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import View
from pooling.week import read_week
from routing.problem import Window

_THESE = select(site).where(site.c.id.in_(bindparam("ids", expanding=True)))
_VERSION = select(func.count().label("sites"), func.coalesce(func.sum(site.c.revision), 0).label("revisions"))


def find_site(view: View, site_id: str) -> Row[Any]:
    return found(view, site, site_id)


def is_site_named(view: View, party_id: str, name: str) -> bool:
    """Tell whether a party has a site of this name."""
    named = select(site.c.id).where(site.c.party_id == party_id, site.c.name == name)
    return view.connection.execute(named).first() is not None


def list_sites(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List the sites of these parties (``None``: of everybody), newest first."""
    query = select(site)
    if party_ids is not None:
        query = query.where(site.c.party_id.in_(list(party_ids)))
    return paged(view, query, site, page)


def sites_by_id(view: View, site_ids: Iterable[str]) -> dict[str, Site]:
    """Return sites as the pure code knows them, by id."""
    wanted = set(site_ids)
    known = view.known.sites if view.known else {}
    kept = {one: known[one] for one in wanted if one in known}
    missing = wanted - kept.keys()
    rows = read_rows(view, _THESE, {"ids": list(missing)}) if missing else ()
    new = {row.id: as_site(row) for row in rows}
    known |= new
    asked = {one: each for one, each in view.unkept.sites.items() if one in wanted}
    return kept | new | asked


def sites_version(view: View) -> tuple[int, int]:
    """
    Return numbers that change whenever any site does; read once where the moment remembers.

    Sites are never removed and revisions only rise, so that a sum that is the same is of the same rows.
    """
    known = [] if view.known is None else view.known.sites_version
    if not known:
        row = read_again(view, _VERSION, {})[0]
        known.append((int(row.sites), int(row.revisions)))
    return known[0]


def as_site(row: Row[Any]) -> Site:
    return Site(
        id=row.id,
        name=row.name,
        party=row.party_id,
        place=Place(lat=row.lat, lon=row.lon, name=row.name),
        hours=(Window(row.opens_s, row.closes_s),),
        week=read_week(row.week) if row.week else None,
        address=row.address,
        contact=row.contact,
        phone=row.phone,
        access=row.note,
        hub=bool(row.hub_ambient or row.hub_chilled or row.hub_frozen),
        tail_lift=row.tail_lift,
    )
