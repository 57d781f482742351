"""The directory: what every member may know of every site."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from geodata.gazetteer import plain
from pooling.party import Role
from pooling.store.collecting import collection_place
from pooling.store.people import party, site
from pooling.store.rows import PAGE_LIMIT, Page, paged
from pooling.store.transaction import View

READ_LIMIT = 5_000
"""How many sites one question reads; the next page goes on after the last one read."""


@dataclass(frozen=True)
class SiteKnown:
    """Hold the public facts of a site, and nothing else."""

    id: str
    name: str
    party_name: str
    role: Role
    lat: float
    lon: float


def search_sites(view: View, role: Role | None, text: str, page: Page) -> tuple[list[SiteKnown], str]:
    """
    Search sites by role and by a part of their name or party's name; case and accents do not count.

    Where private persons live is in no directory, nor are the addresses that intermediaries collect
    from and deliver to: they tell who their clients are. A page may be short of its limit although more
    follow: only ``READ_LIMIT`` sites are read for one.
    """
    query = select(
        site.c.id, site.c.name, party.c.name.label("party_name"), party.c.role, site.c.lat, site.c.lon
    ).join(party, party.c.id == site.c.party_id)
    query = query.where(party.c.role == role.value if role else party.c.role != Role.PRIVATE.value)
    query = query.where(site.c.id.not_in(select(collection_place.c.site_id)))
    if role is Role.PRIVATE:
        return [], ""
    return _matching(lambda after: paged(view, query, site, Page(after, PAGE_LIMIT)), plain(text), page)


def _matching(
    read: Callable[[str], tuple[list[Row[Any]], str]], sought: str, page: Page
) -> tuple[list[SiteKnown], str]:
    hits: list[SiteKnown] = []
    after, seen = page.after, 0
    while True:
        rows, after = read(after)
        for row in rows:
            seen += 1
            if sought in plain(f"{row.name} {row.party_name}"):
                hits.append(SiteKnown(row.id, row.name, row.party_name, Role(row.role), row.lat, row.lon))
            if len(hits) == page.limit:
                return hits, (row.id if after or row.id != rows[-1].id else "")
        if not after or seen >= READ_LIMIT:
            return hits, after
