"""Sites that are hubs in the store, and what waits there on a day."""

from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from pooling.goods.hub import Hub, HubRoom
from pooling.store.market import shipment
from pooling.store.people import party, site
from pooling.store.rows import Page, paged
from pooling.store.sites import as_site
from pooling.store.transaction import View

HUBS_LIMIT = 500
"""Hubs that one search knows of."""

EXPECTED_LIMIT = 100

GONE = ("cancelled", "failed", "released")

_HUB = or_(site.c.hub_ambient > 0, site.c.hub_chilled > 0, site.c.hub_frozen > 0)


def list_hubs(view: View, page: Page) -> tuple[list[Row[Any]], str]:
    """List the hubs with whose they are, newest first."""
    query = select(site, party.c.name.label("keeper_name")).join(party, party.c.id == site.c.party_id)
    return paged(view, query.where(_HUB), site, page)


def hubs_known(view: View) -> list[Hub]:
    query = select(site).where(_HUB).order_by(site.c.id).limit(HUBS_LIMIT)
    return [as_hub(row) for row in view.connection.execute(query)]


def as_hub(row: Row[Any]) -> Hub:
    return Hub(as_site(row), HubRoom(row.hub_ambient, row.hub_chilled, row.hub_frozen))


def crates_at_hub(view: View, site_id: str, day: date, temperature: str, but: str) -> int:
    """Count the crates of a class that wait at a site on a day, without those of one shipment."""
    query = select(func.coalesce(func.sum(shipment.c.crates), 0)).where(
        shipment.c.day == day,
        shipment.c.temperature == temperature,
        shipment.c.id != but,
        shipment.c.state.not_in(GONE),
        or_(shipment.c.from_site_id == site_id, shipment.c.to_site_id == site_id),
    )
    return int(view.connection.execute(query).scalar_one())


def list_expected(view: View, site_id: str, from_day: date, page: Page) -> tuple[list[Row[Any]], str]:
    """List the same by pages, what was entered last first."""
    return paged(view, _expected(site_id, from_day), shipment, page)


def expected_at(view: View, site_id: str, from_day: date) -> list[Row[Any]]:
    """List the crates that wait at a site from a day on, the soonest first: for whoever keeps it."""
    ordered = _expected(site_id, from_day).order_by(shipment.c.day, shipment.c.ready_at, shipment.c.id)
    return list(view.connection.execute(ordered.limit(EXPECTED_LIMIT)))


def _expected(site_id: str, from_day: date) -> Select[Any]:
    return (
        select(shipment, party.c.name.label("shipper_name"))
        .join(party, party.c.id == shipment.c.shipper_id)
        .where(
            shipment.c.day >= from_day,
            shipment.c.state.not_in(GONE),
            or_(shipment.c.from_site_id == site_id, shipment.c.to_site_id == site_id),
        )
    )
