"""Sites and their parties: each with a place on the map and hours in which somebody is there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.files.line import Line
from pooling.files.rawline import RawLine
from pooling.intake.reading import Reading
from pooling.party import Party, Role
from pooling.site import Site
from pooling.week import Week, counted, read_week

SITES_LIMIT = 2_000

Locate = Callable[[Sequence[Place]], Mapping[int, Refusal]]
"""Tell which of some places cannot be reached by road, and why."""


class TooManySites(Refusal):
    code = "too_many_sites"
    reason = "The day has {count} sites; at most {limit} are planned in one run."
    cure = "Split the day by area."


class PartyDiffers(Refusal):
    code = "party_differs"
    reason = "{column}: {party} was described otherwise on its first line."
    cure = "Say the same of a party on all of its lines, or leave the column empty after the first."


def read_sites(reading: Reading, lines: Sequence[RawLine], locate: Locate) -> None:
    if len(lines) > SITES_LIMIT:
        raise TooManySites(count=len(lines), limit=SITES_LIMIT)
    found: list[tuple[Line, Site, Party]] = []
    names: dict[str, object] = {}
    for raw in lines:
        line = Line("sites", raw)
        site, party = _site(reading, line, names)
        if not line.bad:
            names[site.id] = site
            found.append((line, site, party))
        else:
            reading.close(line)
    off_road = locate([site.place for _, site, _ in found])
    for at, (line, site, party) in enumerate(found):
        if at in off_road:
            line.refuse("lat", off_road[at])
        for column in _differing(reading.parties.get(party.id, party), party):
            line.refuse(column, PartyDiffers(column=column, party=party.id))
        if reading.close(line):
            reading.sites[site.id] = site
            reading.parties.setdefault(party.id, party)


def _site(reading: Reading, line: Line, names: Mapping[str, object]) -> tuple[Site, Party]:
    name = reading.fresh(line, "site", names)
    owner = line.text("party")
    party = Party(
        id=owner,
        name=owner,
        role=line.one_of("role", Role),
        group=line.text("group", default=""),
        vetted=line.flag("vetted"),
        licence=line.text("licence", default=""),
        licence_until=line.day("licence_until"),
    )
    shown = line.text("name", default=name)
    every_day = line.window(reading.clock, "opens", "closes", ("00:00", "24:00"))
    week = _week(line)
    hours = (every_day,) if week is None else counted(reading.clock, week.on(reading.clock.day))
    lat, lon = line.degrees("lat"), line.degrees("lon")
    known: dict[str, Any] = {
        column: line.text(column, default="") for column in ("address", "contact", "phone", "access")
    }
    return Site(name, shown, owner, _place(line, lat, lon, shown), hours, **known, week=week), party


def _week(line: Line) -> Week | None:
    """Read the hours by weekday, where they are said."""
    text = line.text("week", default="")
    try:
        return read_week(text) if text else None
    except Refusal as refusal:
        line.refuse("week", refusal)
        return None


def _place(line: Line, lat: float, lon: float, name: str) -> Place:
    try:
        return Place(lat=lat, lon=lon, name=name)
    except Refusal as refusal:
        line.refuse("lat", refusal)
        return Place(lat=0, lon=0, name=name)


def _differing(first: Party, again: Party) -> list[str]:
    """Name what a later line of a party says otherwise than its first; what it leaves empty is the same."""
    columns = ("role", "group", "vetted", "licence", "licence_until")
    return [c for c in columns if getattr(again, c) and getattr(again, c) != getattr(first, c)]
