"""
Repair a frozen manifest: what is called off goes, what is late moves on, and what changed is listed.

The order of what stays is kept: the van is loaded for it, last in, first out. Each stop keeps its number, for
the labels on crates bear it; that of a stop that is left out is given to none. Nobody is called on earlier
than it was told. A manifest knows minutes, so minutes are reckoned with.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from geodata.roads import RoadLine
from pooling.manifest import (
    Change,
    FreeRoom,
    Handling,
    LoadPlace,
    Manifest,
    ManifestStop,
    OnBoard,
    edition_number,
)
from pooling.runs.aboard import after

Point = tuple[float, float]
WayOf = Callable[[Point, Point], RoadLine]
"""Return the way on the road between two points, (lat, lon)."""

DAY_MIN = 24 * 60
HOURS = ("arrives", "begins", "leaves", "from_hour", "until_hour")
NEW = -1
"""No stop comes before one that was not on the manifest."""

Said = TypeVar("Said", bound=Manifest | ManifestStop)


@dataclass(frozen=True)
class Repair:
    """
    Hold what is asked of a manifest: what is called off, how late it is, and where it is by now.

    ``done`` are the numbers of the stops that are behind it: nothing of them changes. ``away`` tells that it
    has set out. ``stops`` are those to drive where they are others than the manifest's, and ``berths`` where
    what came on by them stands.
    """

    why: str
    gone: frozenset[str] = frozenset()
    late_min: int = 0
    done: frozenset[int] = frozenset()
    away: bool = False
    stops: tuple[ManifestStop, ...] = ()
    berths: tuple[LoadPlace, ...] = ()


@dataclass(frozen=True)
class Late:
    """Hold one handling that would begin after the hour until which it may."""

    handling: Handling
    stop: ManifestStop


def repaired(manifest: Manifest, repair: Repair, way: WayOf) -> Manifest:
    """Return the next edition of a manifest; it names the one that it supersedes, and what is other."""
    number = edition_number(manifest.number, manifest.edition + 1)
    kept = [_without(stop, repair.gone) for stop in repair.stops or manifest.stops]
    stays = [stop for stop in kept if stop.handlings or stop.own or stop.number in repair.done]
    numbers = {stop.number for stop in stays}
    left_out = tuple(stop for stop in manifest.stops if stop.number not in numbers)
    stops = _loaded(_on_time(manifest, _on_the_road(manifest, stays, way), repair), manifest)
    last = _last_leg(manifest, stays, way)
    distance_m = sum(stop.leg_m for stop in stops) + last[0]
    drive_s = sum(stop.leg_s for stop in stops) + last[1]
    new = replace(
        manifest,
        number=number,
        edition=manifest.edition + 1,
        supersedes=manifest.number,
        why=repair.why,
        distance_m=distance_m,
        drive_s=drive_s,
        detour_m=max(0, manifest.detour_m + distance_m - manifest.distance_m) if manifest.detour_m else 0,
        detour_s=max(0, manifest.detour_s + drive_s - manifest.drive_s) if manifest.detour_s else 0,
        stops=stops,
        load_order=tuple(
            place for place in (*manifest.load_order, *repair.berths) if place.shipment not in repair.gone
        ),
        line=_line(manifest, stays, way),
        left_out=(*manifest.left_out, *left_out),
    )
    departs = _minutes(manifest, "departs") + (0 if repair.away else repair.late_min)
    new = _timed(new, departs=departs, ends=_ends(manifest, stays, stops, last[1]))
    return replace(new, changes=differences(manifest, new))


def _without(stop: ManifestStop, gone: Set[str]) -> ManifestStop:
    return replace(stop, handlings=tuple(one for one in stop.handlings if one.shipment not in gone))


def differences(old: Manifest, new: Manifest) -> tuple[Change, ...]:
    """List what is other in a later edition: by its stops, then what is no longer there."""
    before, now = _handlings(old), _handlings(new)
    rank = {one: at for at, one in enumerate(key for key in before if key in now)}
    shuffled = {one for at, one in enumerate(key for key in now if key in before) if rank[one] != at}
    changes = []
    for key, stop in now.items():
        was = before[key].begins if key in before else ""
        minutes = _minutes(stop, "begins") - _minutes(before[key], "begins") if was else 0
        if not was or minutes or key in shuffled:
            kind = "added" if not was else "order" if not minutes else "later" if minutes > 0 else "earlier"
            changes.append(Change(kind, stop.site, *key, was, stop.begins, abs(minutes)))  # type: ignore[arg-type]
    gone = [
        Change("dropped", stop.site, *key, stop.begins, "", 0)  # type: ignore[arg-type]
        for key, stop in before.items()
        if key not in now
    ]
    return (*changes, *gone)


def too_late(manifest: Manifest, noted: Set[tuple[str, str]]) -> tuple[Late, ...]:
    """List what would begin after the hour until which it may; what was noted already is over."""
    return tuple(
        Late(one, stop)
        for stop in manifest.stops
        if stop.until_hour and _minutes(stop, "begins") > _minutes(stop, "until_hour")
        for one in stop.handlings
        if (one.shipment, one.way) not in noted
    )


def stops_done(manifest: Manifest, noted: Set[tuple[str, str]]) -> frozenset[int]:
    """Return the numbers of the stops up to the last at which everything was noted."""
    done = 0
    for place, stop in enumerate(manifest.stops, start=1):
        known = [(one.shipment, one.way) in noted for one in stop.handlings]
        if known and all(known):
            done = place
    return frozenset(stop.number for stop in manifest.stops[:done])


def redated(stop: ManifestStop, days: int) -> ManifestStop:
    """Say the hours of a stop on a manifest so many days later; its midnight is the earliest."""
    told = {name: _minutes(stop, name) - DAY_MIN * days for name in HOURS if getattr(stop, name)}
    return _timed(stop, **{name: min(max(0, one), 2 * DAY_MIN - 1) for name, one in told.items()})


def _on_the_road(manifest: Manifest, stays: Sequence[ManifestStop], way: WayOf) -> list[ManifestStop]:
    """Give each stop that stays its leg from the one that is before it now."""
    stops: list[ManifestStop] = []
    before = _befores(manifest)
    for stop in stays:
        was_before = before.get(stop.number, NEW)
        if was_before and (stops[-1].number if stops else 0) != was_before:
            start = _point(stops[-1]) if stops else (manifest.line[0] if manifest.line else _point(stop))
            leg = way(start, _point(stop))
            stop = replace(stop, leg_m=leg.distance_m, leg_s=leg.duration_s, streets=leg.streets[:4])
        stops.append(stop)
    return stops


def _on_time(manifest: Manifest, stops: Sequence[ManifestStop], repair: Repair) -> list[ManifestStop]:
    """Move the hours of what lies ahead: as late as it is, never earlier than told, waiting taken up."""
    timed: list[ManifestStop] = []
    left_min = old_left_min = _minutes(manifest, "departs")
    before, late_min, befores = 0, repair.late_min, _befores(manifest)
    for stop in stops:
        if stop.number not in repair.done:
            old = _minutes(stop, "arrives")
            next_to = befores.get(stop.number, NEW) == before
            drive_min = old - old_left_min if next_to else -(-stop.leg_s // 60)
            arrives = left_min + max(0, drive_min) + late_min
            late_min = 0
            begins = max(arrives, _minutes(stop, "begins"))
            left_min = begins + _minutes(stop, "leaves") - _minutes(stop, "begins")
            timed.append(_timed(stop, arrives=arrives, begins=begins, leaves=left_min))
        else:
            left_min = _minutes(stop, "leaves")
            timed.append(stop)
        old_left_min, before = _minutes(stop, "leaves"), stop.number
    return timed


def _befores(manifest: Manifest) -> dict[int, int]:
    """Return the number of the stop before each; 0 before the first."""
    numbers = (0, *(stop.number for stop in manifest.stops))
    return {number: before for before, number in pairwise(numbers)}


def _loaded(stops: Sequence[ManifestStop], manifest: Manifest) -> tuple[ManifestStop, ...]:
    """Say what is on board and free after each stop."""
    loaded, on_board = [], manifest.on_board_at_start
    for stop in stops:
        on_board = after(on_board, stop.handlings)
        free = _freer(stop.free, stop.on_board, on_board)
        loaded.append(replace(stop, on_board=on_board, free=free))
    return tuple(loaded)


def _freer(free: FreeRoom, was: OnBoard, now: OnBoard) -> FreeRoom:
    return FreeRoom(
        free.ambient_crates + was.ambient_crates - now.ambient_crates,
        free.chilled_crates + was.chilled_crates - now.chilled_crates,
        free.frozen_crates + was.frozen_crates - now.frozen_crates,
        None if free.kg is None else free.kg + was.kg - now.kg,
    )


def _last_leg(manifest: Manifest, stays: Sequence[ManifestStop], way: WayOf) -> tuple[int, int]:
    """Return metres and seconds from the last stop to the end."""
    if not stays or not manifest.line:
        return (0, 0)
    if stays[-1].number == manifest.stops[-1].number:
        legs_m, legs_s = (sum(getattr(stop, one) for stop in manifest.stops) for one in ("leg_m", "leg_s"))
        return manifest.distance_m - legs_m, manifest.drive_s - legs_s
    leg = way(_point(stays[-1]), manifest.line[-1])
    return leg.distance_m, leg.duration_s


def _ends(
    manifest: Manifest, stays: Sequence[ManifestStop], stops: Sequence[ManifestStop], last_leg_s: int
) -> int:
    if not stops:
        return _minutes(manifest, "departs")
    leaves = _minutes(stops[-1], "leaves")
    if stays[-1].number == manifest.stops[-1].number:
        return leaves + _minutes(manifest, "ends") - _minutes(manifest.stops[-1], "leaves")
    return leaves - (-last_leg_s // 60)


def _line(manifest: Manifest, stays: Sequence[ManifestStop], way: WayOf) -> tuple[Point, ...]:
    """Draw the way anew where a stop is left out."""
    if [one.number for one in stays] == [one.number for one in manifest.stops] or not manifest.line:
        return manifest.line
    points = [manifest.line[0], *(_point(stop) for stop in stays), manifest.line[-1]]
    return tuple(point for a, b in pairwise(points) if a != b for point in way(a, b).places)


def _handlings(manifest: Manifest) -> dict[tuple[str, str], ManifestStop]:
    return {(one.shipment, one.way): stop for stop in manifest.stops for one in stop.handlings}


def _point(stop: ManifestStop) -> Point:
    return stop.lat, stop.lon


def _minutes(said: Manifest | ManifestStop, name: str) -> int:
    """Return the minutes since the day's midnight of an hour that is said."""
    hours, minutes = getattr(said, name).split(":")
    return int(hours) * 60 + int(minutes) + DAY_MIN * (name in said.next_day)


def _timed(said: Said, **minutes: int) -> Said:
    """Say hours anew, and which of them lie on the day that follows."""
    later = tuple(name for name, one in minutes.items() if one > DAY_MIN)
    stays = tuple(name for name in said.next_day if name not in minutes)
    walls: dict[str, Any] = {name: _wall(one) for name, one in minutes.items()}
    return replace(said, **walls, next_day=tuple(sorted((*stays, *later))))


def _wall(minutes: int) -> str:
    """Return an hour on the wall; the day ends at 24:00, and what comes after it is said of the next."""
    if minutes == DAY_MIN:
        return "24:00"
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
