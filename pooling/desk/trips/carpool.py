"""
Trips out and in, in the shape of the carpool standard: driver journeys between two points.

Out goes only what everybody may know of an open trip: its announced stops and their hours, never a guest,
a price or the way as it is driven. In comes one journey, which becomes an announced trip of a party.
"""

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count, pairwise
from math import cos, radians
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.nearest import name_near
from geodata.place import Place, crow_distance_m
from geodata.snapping import PlaceOffMap
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.sites import SiteWords, enter_site
from pooling.desk.planbook import kept_plan
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.kinds import ANY_KIND, Kinds
from pooling.legs import Amounts, LegRoom
from pooling.regimes import Regime
from pooling.site import Site
from pooling.store import Ask, Page, View
from pooling.store.carpool import Box, trips_through
from pooling.store.days import parties_by_id
from pooling.store.rows import PAGE_LIMIT
from pooling.store.sites import list_sites, sites_by_id
from pooling.store.trips import leg_room, legs_of, stops_of

JOURNEYS_LIMIT = 100
TRIPS_LOOKED_LIMIT = 1_000
SAME_PLACE_M = 200
"""A point of a journey that lies so near to a site of the party is that site."""

FLEXIBLE_S = 15 * 60
"""How much later than it says a journey may leave: the standard's usual margin."""

M_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Wanted:
    """Hold what is looked for: two points with their radius, and a moment with its margin."""

    start: Place
    end: Place
    start_m: int
    end_m: int
    at: int
    margin_s: int


@dataclass(frozen=True)
class Journey:
    """Hold the part of an open trip that fits: where and when one gets on, where and when off."""

    trip: Row[Any]
    owner_name: str
    sites: tuple[Site, Site, Site, Site]
    """Where the trip begins, where one gets on, where one gets off, where the trip ends."""
    ridden: tuple[Site, ...]
    """The stops of the part that is ridden, as they lay when the trip was announced."""
    leaves_at: int
    pickup_at: int
    drop_at: int
    free: Amounts
    distance_m: int | None = None


@dataclass(frozen=True)
class JourneyWords:
    """Hold a journey that comes in, and what the standard does not know: the ground and the room."""

    owner_id: str
    driver: str
    regime: Regime
    start: Place
    end: Place
    leaves_at: int
    duration_s: int
    free: Amounts
    detour_s: int
    carries: Kinds = ANY_KIND
    tail_lift: bool = False


def find_journeys(desk: Desk, wanted: Wanted, limit: int) -> list[Journey]:
    """Find open trips by their stops near two points, the nearest to the moment first."""
    days = _days(desk, wanted)
    with desk.store.view() as view:
        boxes = (_box(wanted.start, wanted.start_m), _box(wanted.end, wanted.end_m))
        rows = trips_through(view, days, *boxes, TRIPS_LOOKED_LIMIT)
        found = _journeys(view, rows, wanted)
    found.sort(key=lambda one: (abs(one.pickup_at - wanted.at), one.trip.id))
    return [_measured(desk, one) for one in found[: min(limit, JOURNEYS_LIMIT)]]


def take_journey(desk: Desk, who: Actor, ask: Ask, words: JourneyWords) -> str:
    """
    Announce a journey as a trip; its ends are the party's own sites there, or new ones.

    The same wish again enters nothing twice: each step has a key of its own made from the wish's.
    """
    who.must_act_for(words.owner_id, "the owner")
    start, end = (
        _site_at(desk, who, _step(ask, name), words.owner_id, place)
        for name, place in (("start", words.start), ("end", words.end))
    )
    leaves_by_at = words.leaves_at + FLEXIBLE_S
    arrives_by_at = leaves_by_at + words.duration_s + words.detour_s
    stops = (
        StopWords(start, words.leaves_at, leaves_by_at, words.free),
        StopWords(end, words.leaves_at, arrives_by_at, (0, 0, 0, 0)),
    )
    trip = TripWords(
        words.owner_id,
        words.driver,
        words.regime,
        stops,
        words.detour_s,
        carries=words.carries,
        tail_lift=words.tail_lift,
    )
    return announce_trip(desk, who, ask, trip)


def _journeys(view: View, rows: Sequence[Row[Any]], wanted: Wanted) -> list[Journey]:
    ids = [row.id for row in rows]
    stops, legs = stops_of(view, ids), legs_of(view, ids)
    sites = sites_by_id(view, {stop.site_id for one in stops.values() for stop in one})
    owners = parties_by_id(view, [row.owner_id for row in rows])
    found = list[Journey]()
    for row in rows:
        places = [sites[stop.site_id] for stop in stops[row.id]]
        rooms = [leg_room(leg) for leg in legs[row.id]]
        pair = _ends(places, wanted)
        if pair is not None:
            one = _journey(row, owners[row.owner_id].name, places, rooms, pair)
            found += [one] if abs(one.pickup_at - wanted.at) <= wanted.margin_s else []
    return found


def _measured(desk: Desk, journey: Journey) -> Journey:
    """Say how far it is by road; not where a region that was built anew has no road there any more."""
    try:
        ground = desk.grounds.ground(journey.ridden)
    except PlaceOffMap:
        return journey
    rows = [ground.row[one.id] for one in journey.ridden]
    metres = sum(int(ground.matrix.distances_m[a, b]) for a, b in pairwise(rows))
    return replace(journey, distance_m=metres)


def _journey(
    row: Row[Any], owner_name: str, places: Sequence[Site], rooms: Sequence[LegRoom], pair: tuple[int, int]
) -> Journey:
    """Return the part of a trip between two of its stops, by its route as it was announced."""
    first, last = pair
    kept = kept_plan(row.plan)
    announced, lay = kept["announced"], kept["places"]
    midnight_at = int(datetime.combine(row.day, datetime.min.time(), ZoneInfo(row.timezone)).timestamp())
    visits = announced["visits"]
    free = [min(amounts) for amounts in zip(*(room.free for room in rooms[first:last]), strict=True)]
    return Journey(
        trip=row,
        owner_name=owner_name,
        sites=(places[0], places[first], places[last], places[-1]),
        leaves_at=midnight_at + visits[0]["begins_s"],
        pickup_at=midnight_at + visits[first]["begins_s"],
        drop_at=midnight_at + visits[last]["arrives_s"],
        free=(free[0], free[1], free[2], free[3]),
        ridden=tuple(replace(one, place=_lay(one, lay)) for one in places[first : last + 1]),
    )


def _lay(site: Site, places: Mapping[str, tuple[float, float]]) -> Place:
    lat, lon = places[site.id]
    return Place(lat=lat, lon=lon, name=site.name)


def _ends(places: Sequence[Site], wanted: Wanted) -> tuple[int, int] | None:
    """Return the stops where one gets on and off: those nearest to the points, in the trip's order."""
    near = [
        (crow_distance_m(a.place, wanted.start) + crow_distance_m(b.place, wanted.end), first, last)
        for first, a in enumerate(places[:-1])
        if crow_distance_m(a.place, wanted.start) <= wanted.start_m
        for last, b in enumerate(places[first + 1 :], start=first + 1)
        if crow_distance_m(b.place, wanted.end) <= wanted.end_m
    ]
    return min(near)[1:] if near else None


def _days(desk: Desk, wanted: Wanted) -> list[date]:
    zone = ZoneInfo(desk.timezone)
    first, last = (
        datetime.fromtimestamp(wanted.at + shift_s, UTC).astimezone(zone).date()
        for shift_s in (-wanted.margin_s, wanted.margin_s)
    )
    return [first + timedelta(days=days) for days in range((last - first).days + 1)]


def _box(place: Place, radius_m: int) -> Box:
    lat = radius_m / M_PER_DEGREE
    lon = min(180.0, lat / max(0.01, cos(radians(place.lat))))
    return place.lat - lat, place.lat + lat, place.lon - lon, place.lon + lon


def _site_at(desk: Desk, who: Actor, ask: Ask, party_id: str, place: Place) -> str:
    with desk.store.view() as view:
        own = list_sites(view, [party_id], Page(limit=PAGE_LIMIT))[0]
    near = [
        (crow_distance_m(place, Place(lat=one.lat, lon=one.lon)), one.id)
        for one in own
        if crow_distance_m(place, Place(lat=one.lat, lon=one.lon)) <= SAME_PLACE_M
    ]
    if near:
        return str(min(near)[1])
    name = _free_name(
        {one.name for one in own}, place.name or name_near(place, desk.grounds.region.gazetteer)
    )
    return enter_site(desk, who, ask, party_id, SiteWords(name, place.lat, place.lon, 0, 86_400))


def _free_name(taken: Set[str], name: str) -> str:
    """Return a name that no site of the party has: others read it, so it is no point in degrees."""
    numbered = (f"{name} {number}" for number in count(2))
    return next(one for one in chain((name,), numbered) if one not in taken)


def _step(ask: Ask, name: str) -> Ask:
    return replace(ask, key=hashlib.sha256(f"{ask.key} {name}".encode()).hexdigest())
