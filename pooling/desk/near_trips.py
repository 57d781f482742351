"""
The trips worth trying first when a day has more of them than one search looks at: those that pass near.

The road decides, as our own engine knows it: a trip comes before another whose announced way is the longer
detour. What its owner would drive is not judged here, for guests that ride already may lead it nearer.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from geodata.corridor import Announced, Corridor, corridor_of
from geodata.place import Place
from geodata.roads import RoadNetwork
from pooling.desk.desk import Desk
from pooling.store import View
from pooling.store.sites import sites_by_id
from pooling.store.trips import stops_of

Trips = Sequence[Row[Any]]
Point = tuple[float, float]
Words = tuple[tuple[Point, ...], ...]
"""Where each trip stops."""

ANY_DETOUR_S = 12 * 3_600
"""No detour is too long to be put in order."""

DAYS_KEPT = 8
"""Days whose trips stay laid out in the memory of one process."""


def near_trips(desk: Desk, view: View, trips: Trips, row: Row[Any], limit: int) -> Trips:
    """Return at most so many trips that pass near both ends of a shipment, the least detour first."""
    if len(trips) <= limit:
        return trips
    stops = stops_of(view, [trip.id for trip in trips])
    wanted = {stop.site_id for several in stops.values() for stop in several}
    sites = sites_by_id(view, [*wanted, row.from_site_id, row.to_site_id])
    points = {one: (site.place.lat, site.place.lon) for one, site in sites.items()}
    words = tuple(tuple(points[stop.site_id] for stop in stops[trip.id]) for trip in trips)
    roads = desk.grounds.region.roads
    corridor, numbers = _laid_out(roads, words)
    ends = [
        roads.snap(Place(lat=lat, lon=lon)) for lat, lon in (points[row.from_site_id], points[row.to_site_id])
    ]
    return [trips[numbers[match.trip]] for match in corridor.matches(*ends)[:limit]]


@lru_cache(maxsize=DAYS_KEPT)
def _laid_out(roads: RoadNetwork, words: Words) -> tuple[Corridor, tuple[int, ...]]:
    """Lay the trips out, with the number of each; one whose place lies off the map by now is left out."""
    places = list({point: None for stops in words for point in stops})
    snapped = roads.snap_all([Place(lat=lat, lon=lon) for lat, lon in places])
    known = {point: snap for point, snap in zip(places, snapped.snaps, strict=True) if snap is not None}
    good = tuple(at for at, stops in enumerate(words) if all(point in known for point in stops))
    announced = [Announced(tuple(known[one] for one in words[at]), ANY_DETOUR_S) for at in good]
    return corridor_of(announced, roads), good
