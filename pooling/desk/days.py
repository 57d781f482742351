"""
A day out of the store: the pure ``Day`` that the engines decide on, and the ground it stands on.

Only what is asked for is read: the rows that the caller names, their sites and parties, and where
the vans of those who pay stand. The matrix holds these sites and no others.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from geodata.place import Place
from pooling.bid import Bid
from pooling.costs.baseline import Baseline
from pooling.day import Day
from pooling.desk.desk import Desk
from pooling.desk.planbook import kept_plan
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.load import Room, Space
from pooling.sharing_rule import known_rule
from pooling.shipment import Shipment
from pooling.site import Site, nobody_there
from pooling.store import View
from pooling.store.days import homes_by_party, parties_by_id
from pooling.store.shipments import as_shipment, hours
from pooling.store.sites import sites_by_id
from pooling.store.trips import as_trip, legs_of, stops_of
from pooling.tour import RateCard, Tour
from pooling.trip import Trip
from pooling.week import common, counted, joined
from routing.problem import Window

Rows = Iterable[Row[Any]]


@dataclass(frozen=True)
class Standing:
    """
    Hold a day as it stands: the pure day, the ground of its sites, and where each payer's own van stands.

    A payer that never entered a site starts where its first shipment is collected. ``alone`` is its baseline
    where that was reckoned already, on a ground that has the places of these payers.
    """

    day: Day
    ground: Ground
    homes: Mapping[str, str]
    alone: Baseline | None = None

    @cached_property
    def baseline(self) -> Baseline:
        """Answer what anybody's shipments of this day would cost alone."""
        return Baseline(self.ground, self.homes) if self.alone is None else self.alone


def day_clock(desk: Desk, day: date, row: Row[Any] | None = None) -> DayClock:
    """Return the clock of a day: by the time zone that a trip or tour was entered in, else the house's."""
    return DayClock(day, row.timezone if row is not None else desk.timezone)


def standing_day(
    desk: Desk,
    view: View,
    day: date,
    *,
    shipments: Rows = (),
    trips: Rows = (),
    tours: Rows = (),
    bids: Rows = (),
    payers: Iterable[str] | None = None,
    legs: Mapping[str, Sequence[Row[Any]]] | None = None,
) -> Standing:
    """
    Assemble a day from stored rows of that one day.

    ``payers`` are those whose vans matter for what they would pay alone; unless said otherwise, all
    who pay for the shipments. A trip's sites lie where they lay when its plan was agreed. ``legs`` are those
    of the trips, where they were read already.
    """
    shipments, trips, tours = list(shipments), list(trips), list(tours)
    clock = day_clock(desk, day, next(iter([*trips, *tours]), None))
    pure = tuple(as_shipment(row, clock) for row in shipments)
    announced = _trips(view, trips, clock, legs)
    homes = _homes(view, pure, payers)
    sites = _sites(view, clock, _site_ids(pure, announced, tours, homes.values()), trips)
    return Standing(
        day=Day(
            clock=clock,
            region=desk.grounds.region.name,
            parties=parties_by_id(view, party_ids(pure, announced, tours, sites)),
            sites=sites,
            trips=announced,
            shipments=pure,
            bids=tuple(Bid(row.shipment_id, row.trip_id, row.most_cents) for row in bids),
            tours=tuple(as_tour(row, clock) for row in tours),
        ),
        ground=desk.grounds.ground(list(sites.values())),
        homes=homes,
    )


def as_tour(row: Row[Any], clock: DayClock) -> Tour:
    """Return a tour as the pure code knows it."""
    return Tour(
        id=row.id,
        carrier=row.carrier_id,
        driver=row.driver,
        start_site=row.start_site_id,
        end_site=row.end_site_id,
        shift=hours(clock, row.opens_at, row.closes_at),
        room=_room(row),
        card=RateCard(
            row.fixed_cents,
            row.cents_per_km,
            row.cents_per_hour,
            row.cents_per_stop,
            row.waiting_cents_per_hour,
        ),
        crate_cents=row.crate_cents,
        fee_cents=row.fee_cents,
        gap_cents=row.gap_cents,
        gap_account=row.gap_party_id or row.gap_community_id or "",
        sharing_rule=known_rule(row.sharing_rule),
        tail_lift=row.tail_lift,
    )


def _room(row: Row[Any]) -> Room:
    """Return the room of a tour; litres that nobody measured are not limited."""
    litres = json.loads(row.litres) if row.litres else [None] * 3
    crates = (row.ambient_crates, row.chilled_crates, row.frozen_crates)
    spaces = [
        Space(count) if measured is None else Space(count, litres=measured)
        for count, measured in zip(crates, litres, strict=True)
    ]
    return Room(spaces[0], spaces[1], spaces[2], row.payload_kg)


def site_on(clock: DayClock, site: Site) -> Site:
    """Return a site with its hours counted on a day, right where the clocks change."""
    there = hours_on(clock, site)
    return site if there == site.hours else replace(site, hours=there)


def hours_on(clock: DayClock, site: Site) -> tuple[Window, ...]:
    """Return when somebody is at a site on a day, in its seconds; nothing where it is closed."""
    return counted(clock, site.wall_hours(clock.day))


def hours_there(
    clock: DayClock, site: Site, opens_at: int, closes_at: int, *, latest: bool = False
) -> tuple[Window, ...]:
    """
    Narrow hours of a day or of the next to those in which somebody is at a site, or refuse them.

    Both days count together where no hour lies between the two. Else the first on which they would do
    counts, or the ``latest``: crates are collected as soon as they are ready, handed over on their last day.
    """
    first, second = hours_until_next(clock, site)
    whole = joined((*first, *second))
    days = (whole,) if len(whole) < len(first) + len(second) else (first, second)
    asked = hours(clock, opens_at, closes_at)
    cut = [there for there in (common(one, asked) for one in days) if there]
    do = [one for one in cut if any(span.closes_s > span.opens_s for span in one)] or cut
    if not do:
        over = asked.opens_s >= clock.seconds("24:00")
        raise nobody_there(site, clock.day + timedelta(days=over))
    return do[-1 if latest else 0]


def hours_until_next(clock: DayClock, site: Site) -> tuple[tuple[Window, ...], tuple[Window, ...]]:
    """Return when somebody is at a site on a day and on the one that follows, in seconds of the first."""
    following = DayClock(clock.day + timedelta(days=1), clock.timezone)
    ahead_s = clock.seconds("24:00")
    then = hours_on(following, site)
    return hours_on(clock, site), tuple(Window(ahead_s + one.opens_s, ahead_s + one.closes_s) for one in then)


def _trips(
    view: View, rows: Sequence[Row[Any]], clock: DayClock, legs: Mapping[str, Sequence[Row[Any]]] | None
) -> tuple[Trip, ...]:
    ids = [row.id for row in rows]
    stops, legs = stops_of(view, ids), legs_of(view, ids) if legs is None else legs
    return tuple(as_trip(row, stops[row.id], legs[row.id], clock) for row in rows)


def _homes(view: View, shipments: Sequence[Shipment], payers: Iterable[str] | None) -> dict[str, str]:
    wanted = {one.payer for one in shipments} if payers is None else set(payers)
    first = {one.payer: one.from_site for one in reversed(shipments) if one.payer in wanted}
    return first | homes_by_party(view, wanted)


def _site_ids(
    shipments: Iterable[Shipment], trips: Iterable[Trip], tours: Rows, homes: Iterable[str]
) -> set[str]:
    return {
        *(site for one in shipments for site in (one.from_site, one.to_site)),
        *(stop.site for one in trips for stop in one.stops),
        *(site for row in tours for site in (row.start_site_id, row.end_site_id)),
        *homes,
    }


def _sites(view: View, clock: DayClock, site_ids: set[str], trips: Rows) -> dict[str, Site]:
    """Return the sites by age, the oldest first: a party's first site is its home."""
    known = sites_by_id(view, site_ids)
    for row in trips:
        for site_id, (lat, lon) in (kept_plan(row.plan).get("places", {}) if row.plan else {}).items():
            if site_id in known:
                place = Place(lat=lat, lon=lon, name=known[site_id].name)
                known[site_id] = replace(known[site_id], place=place)
    return {site_id: site_on(clock, known[site_id]) for site_id in sorted(known)}


def party_ids(
    shipments: Iterable[Shipment], trips: Iterable[Trip], tours: Rows, sites: Mapping[str, Site]
) -> set[str]:
    return {
        *(party for one in shipments for party in (one.shipper, one.payer, one.ordered_by) if party),
        *(one.owner for one in trips),
        *(party for row in tours for party in (row.carrier_id, row.operator_id, row.gap_party_id) if party),
        *(site.party for site in sites.values()),
    }
