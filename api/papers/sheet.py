"""
A manifest said in one language: every line that a driver reads, before it is laid out.

The page and the print are two layouts of this one value, so they cannot differ in a figure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.papers.qr import stop_uri
from api.papers.remarks import cold_chain, kept, said_change, superseding
from api.papers.words import KINDS, REGIMES, TEMPERATURES, Words
from pooling.manifest import (
    FreeRoom,
    Handling,
    LoadPlace,
    Manifest,
    ManifestStop,
    OnBoard,
    day_of_hour,
    first_number,
)

HOUSE_ID = re.compile(r"[a-z]+_[0-9a-z]{20,}")

SHORT = 4
"""Letters of a shipment's short number."""

DAY_BEFORE = re.compile(r"^\d{8}-")
"""What a manifest's number says of its day, before it says of which ride it is."""


@dataclass(frozen=True)
class Row:
    """Hold one shipment going on or off, said in words; ``short`` is how a person names it."""

    way: str
    goes_on: bool
    crates: int
    unit: str
    kg: str
    temperature: str
    shipment: str
    short: str
    shipper: str
    consignee: str
    goods: str


@dataclass(frozen=True)
class Amount:
    """Hold how many crates of one temperature class there are."""

    temperature: str
    crates: int


@dataclass(frozen=True)
class Berth:
    """Hold where one shipment stands in its compartment; ``aside`` warns of what must be lifted."""

    depth: int
    shipment: str
    short: str
    goods: str
    crates: int
    on_at: int
    off_at: int
    aside: str


@dataclass(frozen=True)
class Compartment:
    """Hold the berths of one compartment from the bulkhead to the door."""

    name: str
    berths: tuple[Berth, ...]


@dataclass(frozen=True)
class Halt:
    """
    Hold one stop. ``waits`` tells that the driver comes before handling may begin.

    ``aboard`` says what leaves with the van in words, where no crate of a shipment does; ``own_goods``
    what a trip's owner carries beside; ``free`` what room is left on the leg, empty after the last stop.
    """

    number: int
    code: str
    site: str
    arrives: str
    begins: str
    leaves: str
    waits: bool
    hours: str
    own: bool
    leg: str
    streets: str
    rows: tuple[Row, ...]
    on_board: tuple[Amount, ...]
    aboard: str
    own_goods: str
    free: str
    kg: str
    uri: str
    address: str
    contact: str
    phone: str
    access: str
    empties: str


@dataclass(frozen=True)
class Sheet:
    """
    Hold a manifest in words, ready to be laid out.

    ``cold`` says what the cold chain asks of the ride; ``supersedes`` which number it takes the place of
    and why, and ``changes`` line by line what is other than there.
    """

    kind: str
    number: str
    short: str
    title: str
    day: str
    region: str
    timezone: str
    driver: str
    vehicle: str
    regime: str
    papers: tuple[str, ...]
    departs: str
    departs_from: str
    ends: str
    ends_at: str
    distance: str
    drive: str
    detour: str
    last_leg: str
    room: str
    aboard: str
    stop_count: str
    crate_count: str
    compartments: tuple[Compartment, ...]
    halts: tuple[Halt, ...]
    attribution: str
    cold: str
    supersedes: str
    changes: tuple[str, ...]


def sheet_of(manifest: Manifest, words: Words) -> Sheet:
    """Say a manifest in a language. Names, codes and hours stay as they are."""
    last_m = manifest.distance_m - sum(stop.leg_m for stop in manifest.stops)
    last_s = manifest.drive_s - sum(stop.leg_s for stop in manifest.stops)
    carried = sum(each.crates for stop in manifest.stops for each in stop.handlings if each.way == "on")
    return Sheet(
        kind=words.say(KINDS[manifest.kind]),
        number=manifest.number,
        short=ride_number(manifest.number),
        title=manifest.title,
        day=words.day(manifest.date),
        region=manifest.region,
        timezone=manifest.timezone,
        driver=manifest.driver,
        vehicle=manifest.vehicle,
        regime=words.say(REGIMES.get(manifest.regime, manifest.regime)),
        papers=tuple(words.say(paper) for paper in manifest.papers),
        departs=said_hour(manifest, manifest, "departs", words),
        departs_from=manifest.departs_from,
        ends=said_hour(manifest, manifest, "ends", words),
        ends_at=manifest.ends_at,
        distance=words.km(manifest.distance_m),
        drive=words.duration(manifest.drive_s),
        detour=_detour(manifest, words),
        last_leg=_leg(last_m, last_s, words) if last_m > 0 and last_s > 0 else "",
        room=_most_room(manifest, words),
        aboard=_aboard(manifest.on_board_at_start, manifest, words),
        stop_count=words.count("{count} stop", "{count} stops", len(manifest.stops)),
        crate_count=words.count("{count} crate", "{count} crates", carried),
        compartments=_compartments(manifest, words),
        halts=tuple(_halt(stop, manifest, words) for stop in manifest.stops),
        attribution=words.credit(manifest.attribution),
        cold=cold_chain(manifest, words),
        supersedes=superseding(manifest, words, f"№ {ride_number(manifest.supersedes)}"),
        changes=tuple(said_change(one, manifest, words) for one in manifest.changes),
    )


def _detour(manifest: Manifest, words: Words) -> str:
    if manifest.kind != "trip":
        return ""
    return words.say(
        "{minutes} and {km} more than the way as announced",
        minutes=words.duration(manifest.detour_s),
        km=words.km(manifest.detour_m),
    )


def _leg(distance_m: int, duration_s: int, words: Words) -> str:
    return f"{words.km(distance_m)} · {words.duration(duration_s)}"


def _most_room(manifest: Manifest, words: Words) -> str:
    room = _room(manifest.room, words)
    if manifest.kind == "trip" and room:
        return words.say("at most {room} free for others on a leg", room=room)
    return room


def _room(room: OnBoard | FreeRoom, words: Words) -> str:
    parts = [
        f"{words.count('{count} crate', '{count} crates', crates)} ({words.say(TEMPERATURES[name])})"
        for name, crates in _classes(room)
        if crates
    ]
    return " · ".join([*parts, *([words.kg(room.kg)] if room.kg else [])])


def _aboard(on_board: OnBoard, manifest: Manifest, words: Words) -> str:
    if manifest.kind == "trip":
        return _room(on_board, words) or words.say("nothing but the owner's own goods, if any")
    return _room(on_board, words) or words.say("empty")


def _free(stop: ManifestStop, manifest: Manifest, words: Words) -> str:
    if stop == manifest.stops[-1]:
        return ""
    crates = any(number for _, number in _classes(stop.free))
    return _room(stop.free, words) if crates and stop.free.kg != 0 else words.say("none")


def _classes(on_board: OnBoard | FreeRoom) -> tuple[tuple[str, int], ...]:
    return (
        ("ambient", on_board.ambient_crates),
        ("chilled", on_board.chilled_crates),
        ("frozen", on_board.frozen_crates),
    )


def _compartments(manifest: Manifest, words: Words) -> tuple[Compartment, ...]:
    goods = {
        each.shipment: f"{each.shipper} → {each.consignee}"
        for stop in manifest.stops
        for each in stop.handlings
    }
    names = list(dict.fromkeys(place.compartment for place in manifest.load_order))
    return tuple(
        Compartment(
            words.say(TEMPERATURES.get(name, name)).capitalize(),
            tuple(
                _berth(place, goods.get(place.shipment, ""), words)
                for place in sorted(manifest.load_order, key=lambda place: place.depth)
                if place.compartment == name
            ),
        )
        for name in names
    )


def _berth(place: LoadPlace, goods: str, words: Words) -> Berth:
    aside = (
        words.count("lift {count} load aside", "lift {count} loads aside", place.moved) if place.moved else ""
    )
    short = short_number(place.shipment)
    written = written_out(place.shipment)
    return Berth(place.depth, written, short, goods, place.crates, place.on_at, place.off_at, aside)


def written_out(shipment: str) -> str:
    """Return what a shipment is called where people gave it a name; an id of the house stands in no print."""
    return "" if HOUSE_ID.fullmatch(shipment) else shipment


def short_number(shipment: str) -> str:
    """Return the last letters of a shipment's id: enough to tell crates apart on one van."""
    return re.sub(r"[^0-9A-Za-z]", "", shipment)[-SHORT:].upper()


def ride_number(number: str) -> str:
    """Return how a person names a manifest: ``J307``, its second edition ``J307-R2``; ``T7`` as it stands."""
    first = first_number(number)
    ride = DAY_BEFORE.sub("", first)
    return (short_number(ride) if "_" in ride else ride) + number[len(first) :]


def _halt(stop: ManifestStop, manifest: Manifest, words: Words) -> Halt:
    return Halt(
        number=stop.number,
        code=stop.code,
        site=stop.site,
        arrives=said_hour(manifest, stop, "arrives", words),
        begins=said_hour(manifest, stop, "begins", words),
        leaves=said_hour(manifest, stop, "leaves", words),
        waits=stop.begins != stop.arrives,
        hours=_hours(
            said_hour(manifest, stop, "from_hour", words),
            said_hour(manifest, stop, "until_hour", words),
            words,
        ),
        own=stop.own,
        leg=_leg(stop.leg_m, stop.leg_s, words) if stop.leg_m else "",
        streets=", ".join(stop.streets),
        rows=tuple(_row(each, words) for each in _sorted(stop.handlings)),
        on_board=tuple(
            Amount(words.say(TEMPERATURES[name]), crates)
            for name, crates in _classes(stop.on_board)
            if crates
        ),
        aboard=_aboard(stop.on_board, manifest, words),
        own_goods=words.say("beside the owner's own goods, if any") if manifest.kind == "trip" else "",
        free=_free(stop, manifest, words),
        kg=words.kg(stop.on_board.kg),
        uri=stop_uri(stop),
        address=stop.address,
        contact=stop.contact,
        phone=stop.phone,
        access=stop.access,
        empties=", ".join(f"{one.crates} {words.say(TEMPERATURES[one.kind])}" for one in stop.empties),
    )


def _sorted(handlings: Sequence[Handling]) -> list[Handling]:
    """Put what goes off first: it makes room for what comes on."""
    return sorted(handlings, key=lambda each: each.way != "off")


def _row(each: Handling, words: Words) -> Row:
    lift = words.say("with the tail lift") if each.tail_lift else ""
    return Row(
        way=words.say("Load") if each.way == "on" else words.say("Unload"),
        goes_on=each.way == "on",
        crates=each.crates,
        unit=words.count("crate", "crates", each.crates),
        kg=words.kg(each.kg),
        temperature=kept(each.temperature, each.food, words),
        shipment=written_out(each.shipment),
        short=short_number(each.shipment),
        shipper=each.shipper,
        consignee=each.consignee,
        goods=" · ".join(filter(None, [each.goods, lift])),
    )


def said_hour(manifest: Manifest, said: Manifest | ManifestStop, name: str, words: Words) -> str:
    """Say an hour; one of the day after the manifest's with its weekday: ``Sun 05:00``."""
    wall = str(getattr(said, name))
    return f"{words.weekday(day_of_hour(manifest, said, name))} {wall}" if name in said.next_day else wall


def _hours(opens: str, closes: str, words: Words) -> str:
    if opens and closes:
        return words.say("between {opens} and {closes}", opens=opens, closes=closes)
    if opens:
        return words.say("from {opens}", opens=opens)
    if closes:
        return words.say("until {closes}", closes=closes)
    return words.say("any hour")
