"""
The trips worth trying first when a day has more of them than one search looks at: those that pass near.

The road decides, as our own engine knows it: a trip comes before another whose announced way is the longer
detour. What its owner would drive is not judged here, for guests that ride already may lead it nearer. The
trips of a day stay laid out in the memory of a process until one of them, or a site, has changed.
"""

from collections import OrderedDict
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row

from geodata.corridor import Announced, Corridor, corridor_of
from geodata.place import Place
from geodata.roads import RoadNetwork
from pooling.desk.desk import Desk
from pooling.store import View
from pooling.store.sites import sites_by_id
from pooling.store.trips import DayVersion, day_version, points_of_day, trips_by_id

Point = tuple[float, float]

ANY_DETOUR_S = 12 * 3_600
"""No detour is too long to be put in order."""

DAYS_KEPT = 8
"""Days whose trips stay laid out in the memory of one process, for each store."""


@dataclass(frozen=True, eq=False)
class _LaidOut:
    """Hold the open trips of a day at one version: until when each takes guests, and their ways."""

    version: DayVersion
    ids: tuple[str, ...]
    cutoffs: tuple[int, ...]
    stops: tuple[tuple[Point, ...], ...]
    corridor: Corridor | None = None
    numbers: tuple[int, ...] = ()


_KEPT: MutableMapping[Engine, OrderedDict[date, _LaidOut]] = WeakKeyDictionary()
_LOCK = Lock()


def near_trips(
    desk: Desk, view: View, row: Row[Any], limit: int, seen_limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """
    Return at most so many trips that pass near both ends of a shipment, the least detour first.

    And how many take guests that day, of whom at most ``seen_limit`` are known.
    """
    laid = _day(view, row.day, seen_limit)
    taking = [at for at, cutoff_at in enumerate(laid.cutoffs) if cutoff_at > view.now_at]
    if len(taking) <= limit:
        return _rows(view, [laid.ids[at] for at in taking]), len(taking)
    laid = _with_ways(view, row.day, laid, desk.grounds.region.roads)
    return _rows(view, _nearest(desk, view, row, laid, limit)), len(taking)


def _nearest(desk: Desk, view: View, row: Row[Any], laid: _LaidOut, limit: int) -> list[str]:
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    ends = [desk.grounds.region.roads.snap(sites[one].place) for one in (row.from_site_id, row.to_site_id)]
    matches = laid.corridor.matches(*ends) if laid.corridor else ()
    found = (laid.numbers[match.trip] for match in matches)
    return [laid.ids[at] for at in found if laid.cutoffs[at] > view.now_at][:limit]


def _rows(view: View, ids: Sequence[str]) -> Sequence[Row[Any]]:
    rows = trips_by_id(view, ids)
    return [rows[one] for one in ids]


def _day(view: View, day: date, seen_limit: int) -> _LaidOut:
    """Return the trips of a day as they stand; read anew only where one of them has changed."""
    version = day_version(view, day)
    with _LOCK:
        kept = _KEPT.get(view.connection.engine, OrderedDict()).get(day)
    if kept is not None and kept.version == version:
        return kept
    trips = points_of_day(view, day, seen_limit)
    laid = _LaidOut(
        version,
        tuple(trips),
        tuple(one[0] for one in trips.values()),
        tuple(one[1] for one in trips.values()),
    )
    _keep(view, day, laid)
    return laid


def _with_ways(view: View, day: date, laid: _LaidOut, roads: RoadNetwork) -> _LaidOut:
    """Lay the trips out on the roads; one whose place lies off the map by now is left out."""
    if laid.corridor is not None and laid.corridor.network is roads:
        return laid
    places = list({point: None for stops in laid.stops for point in stops})
    snapped = roads.snap_all([Place(lat=lat, lon=lon) for lat, lon in places])
    known = {point: snap for point, snap in zip(places, snapped.snaps, strict=True) if snap is not None}
    good = tuple(at for at, stops in enumerate(laid.stops) if all(point in known for point in stops))
    announced = [Announced(tuple(known[one] for one in laid.stops[at]), ANY_DETOUR_S) for at in good]
    full = _LaidOut(laid.version, laid.ids, laid.cutoffs, laid.stops, corridor_of(announced, roads), good)
    _keep(view, day, full)
    return full


def _keep(view: View, day: date, laid: _LaidOut) -> None:
    with _LOCK:
        days = _KEPT.setdefault(view.connection.engine, OrderedDict())
        days[day] = laid
        days.move_to_end(day)
        while len(days) > DAYS_KEPT:
            days.popitem(last=False)
