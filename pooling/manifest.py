"""
A plan frozen for the driver: what to load where, which stop when, what is on board after each.

A manifest holds words and numbers that can be read without any other file; pages, prints and data
files are all made from this one value.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

EDITION = re.compile(r"-R[0-9]+$")


@dataclass(frozen=True)
class OnBoard:
    """Hold what is in the van on a leg: crates per temperature class, and kilos in all."""

    ambient_crates: int
    chilled_crates: int
    frozen_crates: int
    kg: int


@dataclass(frozen=True)
class FreeRoom:
    """Hold what is still free on a leg, the owner's own goods counted; ``kg`` is ``None`` without a limit."""

    ambient_crates: int
    chilled_crates: int
    frozen_crates: int
    kg: int | None


@dataclass(frozen=True)
class Handling:
    """
    Hold one shipment going on or off at a stop.

    ``goods`` is their nature in words, ``food`` the class that bounds their temperature; each may be empty.
    ``tail_lift`` tells that it is not lifted by hand.
    """

    shipment: str
    way: Literal["on", "off"]
    crates: int
    kg: int
    temperature: str
    shipper: str
    consignee: str
    goods: str = ""
    food: str = ""
    tail_lift: bool = False


@dataclass(frozen=True)
class Empties:
    """Hold empty crates of one kind (their temperature class)."""

    kind: str
    crates: int


@dataclass(frozen=True)
class ManifestStop:
    """
    Hold one halt: visits that follow each other at one point are one stop, named after each site there.

    Hours are local wall-clock words (``06:40``). ``from_hour`` and ``until_hour`` bound when
    handling may begin; they are empty where any hour will do. ``own`` tells that the driver
    announced this stop for its own goods. ``code`` names the stop on paper and in its QR. On the leg
    that leaves the stop, ``on_board`` is what shipments weigh and take; ``free`` is what they and the
    goods that a trip's owner only announced as not free leave over. ``address``, ``contact``, ``phone`` and
    ``access`` are what a driver must know of the place; ``empties`` what is to be brought back from there.
    ``next_day`` names the hours, of these five, that lie on the day after the manifest's.
    """

    number: int
    code: str
    site: str
    lat: float
    lon: float
    arrives: str
    begins: str
    leaves: str
    from_hour: str
    until_hour: str
    own: bool
    handlings: tuple[Handling, ...]
    on_board: OnBoard
    free: FreeRoom
    leg_m: int
    leg_s: int
    streets: tuple[str, ...]
    address: str = ""
    contact: str = ""
    phone: str = ""
    access: str = ""
    empties: tuple[Empties, ...] = ()
    next_day: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """
    Hold what a repair changed for one shipment going on or off.

    ``was`` and ``now`` are hours on the wall, empty where it was not, or is no longer, on the manifest.
    """

    kind: Literal["added", "dropped", "later", "earlier", "order"]
    site: str
    shipment: str
    way: Literal["on", "off"]
    was: str
    now: str
    minutes: int


@dataclass(frozen=True)
class LoadPlace:
    """Hold where a shipment stands: depth 1 at the bulkhead, the highest at the door."""

    compartment: str
    depth: int
    shipment: str
    crates: int
    on_at: int
    off_at: int
    moved: int


@dataclass(frozen=True)
class Manifest:
    """
    Hold everything a driver needs for one vehicle and one day.

    ``kind`` is a trip (its owner drives anyway) or a tour (organised, with a carrier). ``papers``
    are the names of the papers to carry under ``regime``. ``line`` is the way on the road as
    (lat, lon) points; ``announced_line`` the way of the trip without guests, empty for a tour.
    ``room`` is the most that is free on any leg of a trip, all the room of a tour's vehicle. ``edition``
    is raised by each repair, which names the number that it ``supersedes``, why, and what it changed. A stop
    keeps its number and code over all editions, for crate labels bear them; ``left_out`` are those that a
    repair left out, as they stood last. ``next_day`` names which of ``departs``, ``ends`` are the day after.
    """

    number: str
    kind: Literal["trip", "tour"]
    title: str
    date: str
    region: str
    timezone: str
    driver: str
    vehicle: str
    regime: str
    papers: tuple[str, ...]
    departs_from: str
    departs: str
    ends: str
    ends_at: str
    distance_m: int
    drive_s: int
    detour_s: int
    detour_m: int
    room: OnBoard
    on_board_at_start: OnBoard
    stops: tuple[ManifestStop, ...]
    load_order: tuple[LoadPlace, ...]
    line: tuple[tuple[float, float], ...]
    announced_line: tuple[tuple[float, float], ...]
    attribution: str
    edition: int = 1
    supersedes: str = ""
    why: str = ""
    changes: tuple[Change, ...] = ()
    left_out: tuple[ManifestStop, ...] = ()
    next_day: tuple[str, ...] = ()


def day_of_hour(manifest: Manifest, said: Manifest | ManifestStop, name: str) -> date:
    """Return the local day of one of the hours that a manifest or its stop says."""
    return date.fromisoformat(manifest.date) + timedelta(days=name in said.next_day)


def moment_of_hour(manifest: Manifest, said: Manifest | ManifestStop, name: str) -> datetime:
    """Return the moment of the same, in UTC; a clock may end its day at 24:00."""
    hours, minutes = (int(part) for part in getattr(said, name).split(":"))
    day = day_of_hour(manifest, said, name) + timedelta(days=hours // 24)
    local = datetime.combine(day, time(hours % 24, minutes), ZoneInfo(manifest.timezone))
    return local.astimezone(UTC)


def first_number(number: str) -> str:
    """Return the number that a manifest bore before it was repaired."""
    return EDITION.sub("", number)


def edition_number(number: str, edition: int) -> str:
    """Return the number of a later edition: ``20260912-T1-R2``."""
    return f"{first_number(number)}-R{edition}"


def most_room(manifest: Manifest) -> int:
    """Return how many crates of any kind the vehicle has room for on its roomiest leg, full or empty."""
    return max((_crates(stop.on_board) + _crates(stop.free) for stop in manifest.stops), default=0)


def _crates(room: OnBoard | FreeRoom) -> int:
    return room.ambient_crates + room.chilled_crates + room.frozen_crates


def whose_crates(manifest: Manifest, shipment_id: str) -> dict[str, object]:
    """Say which crates of a manifest are meant, as its driver knows them: whose, to whom, how many."""
    one = next(each for stop in manifest.stops for each in stop.handlings if each.shipment == shipment_id)
    return {"shipper": one.shipper, "consignee": one.consignee, "crates": one.crates}
