"""
Pooled pickups: what a ride would cost if somebody drove for several parties that go a similar way.

No vehicle is named, for there is none yet. Other parties' crates are read only to reckon; of them nothing
is told, and nothing at all where fewer than three parties would share.
"""

from typing import Any

from sqlalchemy import Row

from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.costs.carbon import van_co2_g
from pooling.costs.pooled import Pooled, pooled_run
from pooling.desk.days import Standing, standing_day
from pooling.desk.desk import Desk
from pooling.desk.market.offer import PooledPickup
from pooling.market.saving import spared_m
from pooling.store import View
from pooling.store.shipments import open_shipments
from pooling.store.sites import sites_by_id

OTHERS_SEEN_LIMIT = 500
"""Open shipments of one day that one search looks at."""

OTHERS_TRIED_LIMIT = 12
"""Of those, the ones whose ends lie nearest are tried in the same van."""

NEAR_M = 15_000
"""Two shipments go a similar way where their ends lie, together, no farther apart by the crow."""

PARTIES_LEAST = 3
"""So many parties share, or nothing is told: of two, each could reckon the other's crates."""

ROUND_CENTS = 50


def pooled_pickup(desk: Desk, view: View, row: Row[Any]) -> PooledPickup | None:
    """Reckon a pickup shared with others who look for a ride that day; ``None`` where too few go that way."""
    others = _similar(view, row)
    if len({one.payer_id for one in others}) < PARTIES_LEAST - 1:
        return None
    try:
        standing = standing_day(desk, view, row.day, shipments=[row, *others], payers=[row.payer_id])
    except Refusal:  # a place of somebody else's lies off the map by now
        return None
    asked = standing.day.shipment_by_id[row.id]
    run = pooled_run(standing.ground, asked, [standing.day.shipment_by_id[one.id] for one in others])
    if run is None or len(run.payers) < PARTIES_LEAST:
        return None
    return _told(standing, run, row)


def _told(standing: Standing, run: Pooled, row: Row[Any]) -> PooledPickup | None:
    """Tell what it would cost, where that is less than alone."""
    asked = standing.day.shipment_by_id[row.id]
    alone_cents = standing.baseline.cents(row.payer_id, [asked])
    expected_cents = -(-run.share_cents // ROUND_CENTS) * ROUND_CENTS
    if expected_cents >= alone_cents:
        return None
    alone_g = van_co2_g(spared_m(standing.baseline, [asked], row.id))
    return PooledPickup(expected_cents, alone_cents, van_co2_g(run.share_m) // 100 * 100, alone_g)


def _similar(view: View, row: Row[Any]) -> list[Row[Any]]:
    """Return other parties' open shipments of the day that go a similar way, the nearest first."""
    rows = [one for one in open_shipments(view, row.day, OTHERS_SEEN_LIMIT) if one.payer_id != row.payer_id]
    ends = {site for one in (row, *rows) for site in (one.from_site_id, one.to_site_id)}
    places = {site.id: site.place for site in sites_by_id(view, ends).values()}
    apart = {one.id: _apart_m(places, row, one) for one in rows}
    near = sorted((one for one in rows if apart[one.id] <= NEAR_M), key=lambda one: (apart[one.id], one.id))
    return near[:OTHERS_TRIED_LIMIT]


def _apart_m(places: dict[str, Place], one: Row[Any], other: Row[Any]) -> float:
    return crow_distance_m(places[one.from_site_id], places[other.from_site_id]) + crow_distance_m(
        places[one.to_site_id], places[other.to_site_id]
    )
