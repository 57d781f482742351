"""
Trips as searches know them: what a trip's book is made of is read each time, but made only once.

A search tries some twenty trips of its day, the next search many of the same. The book of each stays in the
memory of a process beside the rows that it was made of, on a ground of its own places alone; a search lays
its own places beside them. Where a row differs, a site was changed or the roads are others, it is made anew.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from types import SimpleNamespace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, Row

from geodata.matrix import Matrix
from geodata.refusal import Refusal
from geodata.roads import RoadNetwork, rounded
from pooling.day import Day
from pooling.days.dayplan import HoursImpossible
from pooling.desk.days import Standing, day_clock, party_ids, site_on, standing_day
from pooling.desk.desk import Desk
from pooling.desk.market.near_trips import Ways
from pooling.desk.market.rides import Asking, saved_by_riding_cents
from pooling.desk.planbook import kept_plan
from pooling.desk.trips.trip_books import Parts, StoredTrip, in_its_year, load_trips, parts_of, stored_one
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.market.award import TripBook
from pooling.market.saving import spared_m
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.shipments import as_shipment
from pooling.store.sites import sites_by_id, sites_version
from pooling.store.trips import Rows, as_trip, legs_of, stops_of, trips_by_id
from pooling.trip import Trip

TRIPS_KEPT = 4_096
"""Trips kept in the memory of one process, for each store; those that were not tried for longest go first."""

MADE_AT_ONCE = 16
"""Ahead, so many books are made in one moment of the store, on one matrix."""


@dataclass(frozen=True)
class Spared:
    """Hold what a ride would spare who pays, or why it has no hours alone; and the metres not driven."""

    cents: int | Refusal
    metres: int


@dataclass(frozen=True)
class Asker:
    """
    Hold what is asked, and what is known of who pays: read once, whichever trips are tried.

    ``ways`` are those between its two ends and the stops of trips, where they were measured already.
    """

    desk: Desk
    view: View
    shipment: Row[Any]
    asking: Asking
    ways: Ways | None = None

    @cached_property
    def standing(self) -> Standing:
        """Return the day of who pays, without any trip."""
        row = self.shipment
        return standing_day(self.desk, self.view, row.day, shipments=self.asking.own, payers=[row.payer_id])

    def spared(self, standing: Standing) -> Spared:
        """Tell what a ride would spare who pays: reckoned once, but where the sites of a trip have moved."""
        return self._spared if standing.baseline is self.standing.baseline else self._spared_on(standing)

    @cached_property
    def _spared(self) -> Spared:
        return self._spared_on(self.standing)

    def _spared_on(self, standing: Standing) -> Spared:
        row = self.shipment
        own = [one for one in standing.day.shipments if one.payer == row.payer_id]
        try:
            cents: int | Refusal = saved_by_riding_cents(standing, self.asking, row.id)
        except HoursImpossible as refusal:
            cents = refusal
        return Spared(cents, spared_m(standing.baseline, own, row.id))


class _MadeOf(NamedTuple):
    """Hold all that a trip's book depends on."""

    row: Row[Any]
    legs: tuple[Row[Any], ...]
    guests: tuple[Row[Any], ...]
    leavers: tuple[Row[Any], ...]
    riding: tuple[Row[Any], ...]
    sites: tuple[int, int]
    roads: RoadNetwork
    times: str


@dataclass(frozen=True, eq=False)
class _Kept:
    """
    Hold a trip on a ground of its own places, and what it was made of; ``None`` for a book not made yet.

    ``row`` numbers the places of its sites, ``first_sites`` names a site of each number, and ``matrix`` tells
    the ways between them.
    """

    made_of: _MadeOf
    trip: Trip
    riding: tuple[Shipment, ...]
    sites: Mapping[str, Site]
    row: Mapping[str, int]
    first_sites: tuple[str, ...]
    book: TripBook | None = None
    matrix: Matrix | None = None


_KEPT: MutableMapping[Engine, OrderedDict[str, _Kept]] = WeakKeyDictionary()
_LOCK = Lock()


def trips_for(asker: Asker, rows: Rows, legs: Mapping[str, Rows]) -> list[StoredTrip | Refusal]:
    """
    Load open trips of the asker's day, in their order, with all that it sends; see ``load_trips``.

    Each stands on a ground of its own. Loaded without being kept are a trip by another clock, one whose
    sites have moved since its plan was agreed, and one on which the asker rides already.
    """
    parts = parts_of(asker.view, rows, legs)
    kept = _kept(asker, parts)
    found = _stored(asker, parts, kept) if kept else {}
    others = [row for row in rows if row.id not in kept]
    payers = [asker.shipment.payer_id]
    loaded = load_trips(asker.desk, asker.view, others, asking=asker.asking.own, payers=payers, legs=legs)
    found |= {row.id: one for row, one in zip(others, loaded, strict=True)}
    return [found[row.id] for row in rows]


def keep_ahead(desk: Desk, trips: Mapping[date, Sequence[str]]) -> None:
    """Make the books of trips before anybody asks for them, those of the first day first."""
    left = TRIPS_KEPT
    for day, ids in trips.items():
        nobody: Any = SimpleNamespace(day=day, payer_id="")
        for begin in range(0, min(left, len(ids)), MADE_AT_ONCE):
            with desk.store.view() as stored:
                view, some = stored.remembering(), ids[begin : begin + MADE_AT_ONCE]
                rows = list(trips_by_id(view, some).values())
                trips_for(Asker(desk, view, nobody, Asking((), {})), rows, legs_of(view, some))
        left -= min(left, len(ids))


def _kept(asker: Asker, parts: Parts) -> dict[str, _Kept]:
    """Return the trips that are known as they stand, and those that can be, without their books."""
    payer_id = asker.shipment.payer_id
    made_of = _made_of(asker, parts)
    here = {
        one: made
        for one, made in made_of.items()
        if made.row.timezone == asker.desk.timezone and all(each.payer_id != payer_id for each in made.riding)
    }
    with _LOCK:
        known = _KEPT.setdefault(asker.view.connection.engine, OrderedDict())
        kept = {one: known[one] for one in here if one in known and known[one].made_of == here[one]}
        for one in kept:
            known.move_to_end(one)
    return kept | _new(asker, [made for one, made in here.items() if one not in kept])


def _made_of(asker: Asker, parts: Parts) -> dict[str, _MadeOf]:
    sites, grounds = sites_version(asker.view), asker.desk.grounds
    times = grounds.roads
    return {
        row.id: _MadeOf(
            row=row,
            legs=tuple(parts.legs[row.id]),
            guests=(guests := tuple(parts.guests.get(row.id, ()))),
            leavers=tuple(parts.leavers.get(row.id, ())),
            riding=tuple(parts.riding[one.shipment_id] for one in guests),
            sites=sites,
            roads=grounds.region.roads,
            times=times,
        )
        for row in parts.rows
    }


def _new(asker: Asker, made_of: Iterable[_MadeOf]) -> dict[str, _Kept]:
    """Read the stops and sites of trips; one whose sites have moved since it was agreed is left out."""
    by_id = {made.row.id: made for made in made_of}
    clock = day_clock(asker.desk, asker.shipment.day)
    stops = stops_of(asker.view, by_id)
    used = {one: _site_ids(stops[one], made.riding) for one, made in by_id.items()}
    sites = sites_by_id(asker.view, {site for each in used.values() for site in each})
    found = {}
    for one, made in by_id.items():
        its = {site: sites[site] for site in sorted(used[one])}
        if _where_agreed(made.row, its):
            trip = as_trip(made.row, stops[one], made.legs, clock)
            found[one] = _on_own_places(made, trip, its, clock)
    return found


def _site_ids(stops: Rows, riding: Rows) -> set[str]:
    ends = (site for one in riding for site in (one.from_site_id, one.to_site_id))
    return {*(stop.site_id for stop in stops), *ends}


def _where_agreed(row: Row[Any], sites: Mapping[str, Site]) -> bool:
    """Tell whether the sites of a trip lie where they lay when its plan was agreed."""
    places = kept_plan(row.plan).get("places", {})
    return all(
        one not in sites or [sites[one].place.lat, sites[one].place.lon] == point
        for one, point in places.items()
    )


def _on_own_places(made: _MadeOf, trip: Trip, sites: Mapping[str, Site], clock: DayClock) -> _Kept:
    first_of: dict[tuple[float, float], str] = {}
    row: dict[str, int] = {}
    for one, site in sites.items():
        first = first_of.setdefault((site.place.lat, site.place.lon), one)
        row[one] = len(first_of) - 1 if first == one else row[first]
    return _Kept(
        made_of=made,
        trip=trip,
        riding=tuple(as_shipment(one, clock) for one in made.riding),
        sites={one: site_on(clock, site) for one, site in sites.items()},
        row=row,
        first_sites=tuple(first_of.values()),
    )


def _stored(asker: Asker, parts: Parts, kept: Mapping[str, _Kept]) -> dict[str, StoredTrip | Refusal]:
    """Lay the asker's places beside those of each trip, and make the books that are not made yet."""
    desk, view, own = asker.desk, asker.view, asker.standing
    day = _day(asker, kept.values())
    grounds = {one: _ground_of_ways(asker, each) for one, each in kept.items()}
    measured = [each for one, each in kept.items() if grounds[one] is None]
    whole = _whole(asker, day, measured) if measured else own.ground
    found: dict[str, StoredTrip | Refusal] = {}
    new = []
    for one, each in kept.items():
        ground = grounds[one] or _ground(whole, each, own.day.sites)
        standing = Standing(day, ground, own.homes, own.baseline)
        stored = _as_kept(standing, each, parts) or stored_one(standing, each.made_of.row, parts)
        if isinstance(stored, StoredTrip):
            if each.book is None:
                matrix = ground.matrix.only(range(len(each.first_sites)))
                new.append(replace(each, book=stored.book, matrix=matrix))
            stored = in_its_year(desk, view, stored)
        found[one] = stored
    _keep(view, new)
    return found


def _as_kept(standing: Standing, kept: _Kept, parts: Parts) -> StoredTrip | None:
    if kept.book is None:
        return None
    book = replace(kept.book, problem=kept.book.problem.on(standing.ground.matrix))
    return StoredTrip(kept.made_of.row, book, standing, kept.made_of.leavers, parts.legs)


def _day(asker: Asker, kept: Iterable[_Kept]) -> Day:
    """Return the asker's day with some trips and whatever rides on them."""
    own, trips = asker.standing.day, list(kept)
    riding = {one.id: one for each in trips for one in each.riding}
    shipments = tuple((riding | own.shipment_by_id).values())
    sites = dict(own.sites)
    for each in trips:
        sites |= each.sites
    announced = tuple(each.trip for each in trips)
    parties = parties_by_id(asker.view, party_ids(shipments, announced, (), sites))
    sites = dict(sorted(sites.items()))
    return replace(own, parties=parties, sites=sites, trips=announced, shipments=shipments)


def _whole(asker: Asker, day: Day, kept: Iterable[_Kept]) -> Ground:
    """Return one ground of the asker's sites and of those of some trips."""
    used = {*asker.standing.day.sites, *(site for each in kept for site in each.sites)}
    return asker.desk.grounds.ground([site for one, site in day.sites.items() if one in used])


def _ground_of_ways(asker: Asker, kept: _Kept) -> Ground | None:
    """Lay both ends of what is asked beside a trip's own places by the ways measured; else ``None``."""
    ways = asker.ways.of(kept.trip.id) if asker.ways and kept.matrix else {}
    points = [_point(kept.sites[one]) for one in kept.first_sites]
    if kept.matrix is None or not all(one in ways for one in points):
        return None
    own, row, places = asker.standing, dict(kept.row), list(points)
    ends = (asker.shipment.from_site_id, asker.shipment.to_site_id)
    for one in ends:
        point = _point(own.day.sites[one])
        if point not in places:
            places.append(point)
        row[one] = places.index(point)
    pickup, drop = (row[one] for one in ends)
    costs = np.zeros((len(places), len(places)), dtype=np.int64)
    for at, way in enumerate(ways[point] for point in points):
        costs[at, pickup], costs[pickup, at], costs[at, drop], costs[drop, at] = way
    seconds, metres = rounded(costs)
    first, last = (own.ground.row[one] for one in ends)
    known, alone = kept.matrix, own.ground.matrix
    for grid, its, between in (
        (seconds, known.durations_s, alone.durations_s),
        (metres, known.distances_m, alone.distances_m),
    ):
        grid[pickup, drop], grid[drop, pickup] = between[first, last], between[last, first]
        grid[: len(points), : len(points)] = its
    return Ground(Matrix(seconds, metres), row)


def _point(site: Site) -> tuple[float, float]:
    return site.place.lat, site.place.lon


def _ground(whole: Ground, kept: _Kept, others: Iterable[str]) -> Ground:
    """Return the ground of a trip's own places, as they are numbered already, and of some others."""
    places = [whole.row[one] for one in kept.first_sites]
    row = dict(kept.row)
    at = {place: number for number, place in enumerate(places)}
    for one in others:
        place = whole.row[one]
        if place not in at:
            at[place] = len(places)
            places.append(place)
        row[one] = at[place]
    return Ground(whole.matrix.only(places), row)


def _keep(view: View, new: Iterable[_Kept]) -> None:
    with _LOCK:
        known = _KEPT.setdefault(view.connection.engine, OrderedDict())
        for one in new:
            known[one.trip.id] = one
            known.move_to_end(one.trip.id)
        while len(known) > TRIPS_KEPT:
            known.popitem(last=False)
