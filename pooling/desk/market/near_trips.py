"""
The trips worth trying first when a day has more of them than one search looks at: those that pass near.

The road decides, as our own engine knows it: a trip comes before another whose announced way is the longer
detour, and those that would drive farther than their owner allows come last. The trips of a day stay laid
out in the memory of a process; what has changed since is laid out beside them, not all of them anew.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from heapq import nsmallest
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row

from geodata.corridor import Announced, Around, Corridor, corridor_of
from geodata.place import Place
from geodata.roads import RoadNetwork
from geodata.snapping import Snap
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import day_at
from pooling.desk.grounds import Grounds
from pooling.store import View
from pooling.store.open_days import open_days
from pooling.store.sites import sites_by_id
from pooling.store.trips import DayVersion, TripPoints, day_version, hidden_of, points_of_day

FAR_S = 3_600
"""A trip beyond its own detour is of interest, for the reason, where it would be within this."""

ROUNDED_S = 60
"""What a trip's own plan may count otherwise than its announced way does."""

DAYS_KEPT = 8
"""Days whose trips stay laid out in the memory of one process, for each store."""

FAR_LIMIT = 4
"""Trips beyond their own detour that are looked at, for the reason that they have."""

DAYS_AHEAD = 4
"""So many of the next days with open trips are laid out when a process starts."""

FAR_OFF = timedelta(days=60)
"""Days farther off are laid out when somebody asks."""

PARTS_LIMIT = 8
"""Into so many parts a day is laid out before it is laid out anew as a whole."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Hold some trips laid out on the roads: the ids by their numbers in the corridor."""

    ids: tuple[str, ...]
    corridor: Corridor | None


@dataclass(frozen=True, eq=False)
class _LaidOut:
    """Hold the open trips of a day at one version; ``part_of`` tells in which part each is laid out last."""

    version: DayVersion
    trips: Mapping[str, TripPoints]
    roads: RoadNetwork | None = None
    parts: tuple[_Part, ...] = ()
    part_of: Mapping[str, int] | None = None

    @cached_property
    def some_closed(self) -> bool:
        """Tell whether any of the trips is of a community, and so may be hidden from who looks."""
        return any(points.community_id for points in self.trips.values())

    @cached_property
    def first_cutoff_at(self) -> int:
        """Return until when all of the trips take guests."""
        return min((points.cutoff_at for points in self.trips.values()), default=0)


_KEPT: MutableMapping[Engine, OrderedDict[date, _LaidOut]] = WeakKeyDictionary()
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class Ways:
    """Hold the ways between the stops of the trips found near and both ends of a shipment, by the trip."""

    laid: _LaidOut
    found: Mapping[str, tuple[int, int]]
    around: Mapping[int, Around]

    def of(self, trip_id: str) -> dict[tuple[float, float], tuple[int, int, int, int]]:
        """Return by each stop's point the costs to the pickup, on from it, to the drop, on from it."""
        if trip_id not in self.found:
            return {}
        part, number = self.found[trip_id]
        rows = self.laid.parts[part].corridor.rows(number)  # type: ignore[union-attr]
        to_pickup, from_pickup, to_drop, from_drop = self.around[part]
        return {
            point: (int(to_pickup[at]), int(from_pickup[at]), int(to_drop[at]), int(from_drop[at]))
            for point, at in zip(self.laid.trips[trip_id].stops, rows, strict=True)
        }


@dataclass(frozen=True, eq=False)
class Near:
    """
    Hold the ids of the trips that pass nearest, and how many take guests that day (``cut``: maybe more).

    ``ways`` were measured where there are more trips than were asked for.
    """

    ids: Sequence[str]
    seen: int
    cut: bool
    ways: Ways | None = None


def near_trips(desk: Desk, view: View, row: Row[Any], limit: int, seen_limit: int) -> Near:
    """
    Find at most so many trips that pass near both ends of a shipment, the least detour first.

    Of those that would drive farther than their owner allows, which no guest aboard could change, only a
    few, to be told why. Of a day at most ``seen_limit`` trips are known. They are kept for everybody; those
    that do not exist for who looks are left out each time.
    """
    laid = _day(view, row.day, seen_limit)
    cut = len(laid.trips) >= seen_limit
    taking = _taking(view, row.day, laid)
    if len(taking) <= limit:
        return Near(list(taking), len(taking), cut)
    laid = _on_the_roads(view, row.day, laid, desk.grounds)
    ids, ways = _nearest(desk, view, row, laid, taking, limit)
    return Near(ids, len(taking), cut, ways)


def _taking(view: View, day: date, laid: _LaidOut) -> Collection[str]:
    """Return the trips that still take guests and exist for who looks: mostly all of them."""
    unseen = hidden_of(view, day) if laid.some_closed else frozenset()
    if view.now_at < laid.first_cutoff_at and not unseen:
        return laid.trips.keys()
    return {
        one: None
        for one, points in laid.trips.items()
        if points.cutoff_at > view.now_at and one not in unseen
    }.keys()


def lay_out_ahead(desk: Desk, limit: int, seen_limit: int) -> dict[date, list[str]]:
    """
    Lay out the next days that have more than ``limit`` trips before anybody asks for them; returns these.

    Where it is a process's first question of the roads, its search is loaded with it.
    """
    found = {}
    with desk.store.view() as view:
        today = day_at(desk, view.now_at)
        days = open_days(view, today, today + FAR_OFF)[:DAYS_AHEAD]
    for day in days:
        with desk.store.view() as view:
            laid = _day(view, day, seen_limit)
            if len(laid.trips) > limit:
                found[day] = list(laid.trips)
                _ask_once(_on_the_roads(view, day, laid, desk.grounds), desk.grounds)
    return found


def _ask_once(laid: _LaidOut, grounds: Grounds) -> None:
    """Ask for the way of each part's first trip: what the first question has to gather stands ready then."""
    for part in laid.parts:
        if part.corridor is not None:
            first, *_, last = laid.trips[part.ids[0]].stops
            ends = grounds.snapped([Place(lat=lat, lon=lon) for lat, lon in (first, last)]).snaps
            part.corridor.matches(*(snap for snap in ends if snap is not None))


def _nearest(
    desk: Desk, view: View, row: Row[Any], laid: _LaidOut, taking: Collection[str], limit: int
) -> tuple[list[str], Ways]:
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    snapped = desk.grounds.snapped([sites[one].place for one in (row.from_site_id, row.to_site_id)])
    for refusal in snapped.refusals.values():
        raise refusal
    ends = [snap for snap in snapped.snaps if snap is not None]
    found: tuple[list[tuple[int, str]], list[tuple[int, str]]] = ([], [])
    around: dict[int, Around] = {}
    numbers: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(laid.parts):
        if part.corridor is None:
            continue
        matches, around[number] = part.corridor.matches_with_ways(*ends)
        for match in matches:
            trip_id = part.ids[match.trip]
            if trip_id not in taking or laid.part_of[trip_id] != number:  # type: ignore[index]
                continue
            points = laid.trips[trip_id]
            too_far = match.detour_s > points.detour_s + ROUNDED_S
            found[too_far].append((match.detour_s, trip_id))
            numbers[trip_id] = (number, match.trip)
    near, far = nsmallest(limit, found[False]), nsmallest(FAR_LIMIT, found[True])
    ids = [trip_id for _, trip_id in (*near, *far)[:limit]]
    return ids, Ways(laid, {one: numbers[one] for one in ids}, around)


def _day(view: View, day: date, seen_limit: int) -> _LaidOut:
    """Return the trips of a day as they stand; read anew only where one of them, or a site, has changed."""
    version = day_version(view, day)
    kept = _kept(view, day)
    if kept is not None and kept.version == version:
        return kept
    trips = points_of_day(view, day, seen_limit)
    laid = _LaidOut(version, trips) if kept is None else _beside(kept, version, trips)
    _keep(view, day, laid)
    return laid


def _beside(kept: _LaidOut, version: DayVersion, trips: Mapping[str, TripPoints]) -> _LaidOut:
    """Return what is laid out already, without the trips that stop elsewhere now."""
    part_of = {
        one: number
        for one, number in (kept.part_of or {}).items()
        if one in trips and _laid_as(trips[one]) == _laid_as(kept.trips[one])
    }
    return replace(kept, version=version, trips=trips, part_of=part_of)


def _on_the_roads(view: View, day: date, laid: _LaidOut, grounds: Grounds) -> _LaidOut:
    """Lay out the trips that are not yet; one whose place lies off the map by now is left out."""
    roads = grounds.region.roads
    if laid.roads is not roads or len(laid.parts) >= PARTS_LIMIT:
        laid = replace(laid, roads=roads, parts=(), part_of={})
    known = dict(laid.part_of or {})
    new = [one for one in laid.trips if one not in known]
    if not new and laid.parts:
        return laid
    part = _part({one: laid.trips[one] for one in new}, grounds)
    known |= dict.fromkeys(new, len(laid.parts))
    full = replace(laid, parts=(*laid.parts, part), part_of=known)
    _keep(view, day, full)
    return full


def _part(trips: Mapping[str, TripPoints], grounds: Grounds) -> _Part:
    places = list({point: None for one in trips.values() for point in one.stops})
    snapped = grounds.snapped([Place(lat=lat, lon=lon) for lat, lon in places])
    known = {point: snap for point, snap in zip(places, snapped.snaps, strict=True) if snap is not None}
    good = [one for one, points in trips.items() if all(point in known for point in points.stops)]
    announced = [Announced(_snaps(known, trips[one]), _laid_as(trips[one])[1]) for one in good]
    return _Part(tuple(good), corridor_of(announced, grounds.region.roads) if announced else None)


def _laid_as(points: TripPoints) -> tuple[object, int]:
    """Return by what a trip is laid out: its stops, and how long a detour is looked at."""
    return points.stops, max(FAR_S, points.detour_s + ROUNDED_S)


def _snaps(known: Mapping[tuple[float, float], Snap], points: TripPoints) -> tuple[Snap, ...]:
    return tuple(known[point] for point in points.stops)


def _kept(view: View, day: date) -> _LaidOut | None:
    with _LOCK:
        return _KEPT.get(view.connection.engine, OrderedDict()).get(day)


def _keep(view: View, day: date, laid: _LaidOut) -> None:
    with _LOCK:
        days = _KEPT.setdefault(view.connection.engine, OrderedDict())
        days[day] = laid
        days.move_to_end(day)
        while len(days) > DAYS_KEPT:
            days.popitem(last=False)
