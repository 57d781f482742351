"""
Crates go from van to van on the road: what each of the two manifests says from then on.

Both get a stop where the vans met, that is behind them. The one that gives drops the rest of the way of these
crates; the other is given their drops, each where it makes fewest late and adds least way. What was told
before stands: nobody is called on earlier, and every stop keeps its number.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import cache

from geodata.refusal import Refusal
from pooling.manifest import FreeRoom, Handling, LoadPlace, Manifest, ManifestStop, first_number
from pooling.phrases import message
from pooling.runs.repairing import Point, Repair, WayOf, repaired, too_late

WENT_OVER = message("crates went over to another van")
CAME_OVER = message("crates came over from another van")

Noted = Set[tuple[str, str]]


class NoRoomToTakeOver(Refusal):
    code = "no_room_to_take_over"
    reason = "The vehicle of {number} has no room for these crates when it leaves {site}."
    cure = "Take fewer of them over; call another van for the others."


@dataclass(frozen=True)
class Meeting:
    """Hold where two vans met, and the hour on the wall; ``next_day`` where it is past midnight."""

    site: str
    at: Point
    hour: str
    next_day: bool = False


@dataclass(frozen=True)
class Load:
    """Hold crates that go over, as they were counted, and the stop at which they were to be dropped."""

    handling: Handling
    drop: ManifestStop

    @property
    def on(self) -> Handling:
        """Return how it goes on board of the van that takes it."""
        return replace(self.handling, way="on")


def loads_of(manifest: Manifest, counted: dict[str, int]) -> tuple[Load, ...]:
    """Return what goes over by its shipment, in the order of its drops; its kilos follow its crates."""
    return tuple(
        Load(replace(one, crates=crates, kg=one.kg * crates // max(1, one.crates)), stop)
        for stop in manifest.stops
        for one in stop.handlings
        if one.way == "off" and (crates := counted.get(one.shipment)) is not None
    )


def given_away(
    manifest: Manifest, loads: Sequence[Load], meeting: Meeting, noted: Noted, way: WayOf
) -> Manifest:
    """Return the next edition of the manifest whose van gave crates: they go off where it met the other."""
    over = {one.handling.shipment for one in loads}
    place = _behind(manifest, noted)
    kept = [replace(stop, handlings=_rest(stop, over)) for stop in manifest.stops]
    off = tuple(one for stop in manifest.stops for one in stop.handlings if one not in _rest(stop, over))
    stops = [*kept[:place], _met(manifest, place, meeting, off), *kept[place:]]
    new = repaired(manifest, _repair(WENT_OVER, stops, place), way)
    return replace(new, changes=tuple(one for one in new.changes if one.kind != "order"))


def taken_on(
    manifest: Manifest, loads: Sequence[Load], meeting: Meeting, noted: Noted, way: WayOf
) -> Manifest:
    """
    Return the next edition of the manifest whose van took crates on; refuses where there is no room for them.

    Tries every place for each drop: O(n) repairs for each of them, of the 40 stops that a tour may hold.
    """
    way = cache(way)
    place = _behind(manifest, noted)
    met = _met(manifest, place, meeting, tuple(one.on for one in loads))
    stops = [*manifest.stops[:place], met, *manifest.stops[place:]]
    for load in loads:
        tried = [
            repaired(manifest, _repair(CAME_OVER, each, place), way)
            for each in _with_drop(manifest, stops, place, load)
        ]
        best = min(tried, key=lambda one: (len(too_late(one, noted)), one.distance_m))
        stops = list(best.stops)
    berths = _berths(manifest, stops, loads, met.number)
    new = repaired(manifest, replace(_repair(CAME_OVER, stops, place), berths=berths), way)
    _must_have_room(new)
    return new


def _repair(why: str, stops: Sequence[ManifestStop], place: int) -> Repair:
    behind = frozenset(stop.number for stop in stops[: place + 1])
    return Repair(why=why, done=behind, away=True, stops=tuple(stops))


def _rest(stop: ManifestStop, over: Set[str]) -> tuple[Handling, ...]:
    return tuple(one for one in stop.handlings if one.way == "on" or one.shipment not in over)


def _behind(manifest: Manifest, noted: Noted) -> int:
    """Count the stops up to the last at which anything was noted: there, or after, the vans met."""
    known = [any((one.shipment, one.way) in noted for one in stop.handlings) for stop in manifest.stops]
    return max((place for place, any_noted in enumerate(known, start=1) if any_noted), default=0)


def _fresh_number(manifest: Manifest, stops: Sequence[ManifestStop]) -> int:
    return 1 + max((stop.number for stop in (*stops, *manifest.stops, *manifest.left_out)), default=0)


def _met(manifest: Manifest, place: int, meeting: Meeting, handlings: tuple[Handling, ...]) -> ManifestStop:
    """Return the stop where two vans met; of the leg to it nothing is known."""
    number = _fresh_number(manifest, ())
    before = manifest.stops[place - 1] if place else None
    hours = ("arrives", "begins", "leaves")
    return ManifestStop(
        number=number,
        code=f"{first_number(manifest.number)}-{number:02d}",
        site=meeting.site,
        lat=meeting.at[0],
        lon=meeting.at[1],
        **dict.fromkeys(hours, meeting.hour),  # type: ignore[arg-type]
        from_hour="",
        until_hour="",
        own=False,
        handlings=handlings,
        on_board=before.on_board if before else manifest.on_board_at_start,
        free=before.free if before else _all_free(manifest),
        leg_m=0,
        leg_s=0,
        streets=(),
        next_day=hours if meeting.next_day else (),
    )


def _all_free(manifest: Manifest) -> FreeRoom:
    room, taken = manifest.room, manifest.on_board_at_start
    return FreeRoom(
        room.ambient_crates - taken.ambient_crates,
        room.chilled_crates - taken.chilled_crates,
        room.frozen_crates - taken.frozen_crates,
        room.kg - taken.kg if room.kg else None,
    )


def _with_drop(
    manifest: Manifest, stops: Sequence[ManifestStop], place: int, load: Load
) -> list[list[ManifestStop]]:
    """List the orders of stops with one more drop; at a place that is called on anyway there is one."""
    point = load.drop.lat, load.drop.lon
    for at, stop in enumerate(stops):
        if at > place and (stop.lat, stop.lon) == point:
            until = _closing(stop, load.drop)
            both = replace(stop, handlings=(*stop.handlings, load.handling), until_hour=until)
            return [[*stops[:at], both, *stops[at + 1 :]]]
    number = _fresh_number(manifest, stops)
    last = len(stops) - 1 if manifest.kind == "trip" and stops[-1].own else len(stops)
    tried = []
    for at in range(place + 1, max(last, place + 1) + 1):
        drop = replace(
            load.drop,
            number=number,
            code=f"{first_number(manifest.number)}-{number:02d}",
            own=False,
            handlings=(load.handling,),
            on_board=stops[at - 1].on_board,
            free=stops[at - 1].free,
            empties=(),
        )
        tried.append([*stops[:at], drop, *stops[at:]])
    return tried


def _closing(stop: ManifestStop, other: ManifestStop) -> str:
    """Return the earlier of two ends of hours, of one day; the other stands where it is not told."""
    known = [one for one in (stop.until_hour, other.until_hour) if one]
    late = "until_hour" in (*stop.next_day, *other.next_day)
    return stop.until_hour if late or not known else min(known)


def _berths(
    manifest: Manifest, stops: Sequence[ManifestStop], loads: Sequence[Load], met: int
) -> tuple[LoadPlace, ...]:
    """Put what came over at the door: nothing that stood there is moved for it."""
    dropped = {one.shipment: stop.number for stop in stops for one in stop.handlings if one.way == "off"}
    berths: list[LoadPlace] = []
    for load in loads:
        one = load.handling
        stand = [each for each in (*manifest.load_order, *berths) if each.compartment == one.temperature]
        depth = 1 + max((each.depth for each in stand), default=0)
        berths.append(
            LoadPlace(one.temperature, depth, one.shipment, one.crates, met, dropped[one.shipment], 0)
        )
    return tuple(berths)


def _must_have_room(manifest: Manifest) -> None:
    for stop in manifest.stops:
        free = stop.free
        left = (free.ambient_crates, free.chilled_crates, free.frozen_crates, free.kg or 0)
        if min(left) < 0:
            raise NoRoomToTakeOver(number=first_number(manifest.number), site=stop.site)
