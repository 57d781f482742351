"""The command ``carriole region route``: the fastest way between two addresses, for any vehicle and hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from api.papers import Words
from geodata.address_book import AddressBook
from geodata.addresses import AddressMatch, Doubt
from geodata.extract_addresses import bounds_around
from geodata.profiles import Profile, profile_named, read_profile
from geodata.refusal import Refusal
from geodata.region import ATTRIBUTION, Region
from geodata.roads import RoadLine
from pooling.phrases import excerpt

NAMED = 3
"""Candidates that a refusal of a doubtful address names."""


class AddressDoubtful(Refusal):
    code = "address_doubtful"
    reason = "“{text}” is not certain: {candidates}."
    cure = "Write one of these in full, or a point: 43.7384, 7.4246."


class AddressOutside(Refusal):
    code = "address_outside"
    reason = "“{text}” lies outside the region {region}: it goes from {south}, {west} to {north}, {east}."
    cure = "Check the degrees, latitude first; or use a region that holds this place, or build one."


class DegreesSwapped(Refusal):
    code = "degrees_swapped"
    reason = "“{text}” lies outside the region {region}; the other way round, {swapped}, it lies inside."
    cure = "Write the latitude first, then the longitude."


def vehicle_of(name: str) -> Profile:
    """Return the table of a vehicle: a shipped one by its name, or one's own by its file."""
    return read_profile(Path(name)) if name.endswith(".toml") else profile_named(name)


@dataclass(frozen=True)
class Told:
    """Hold a way, what its ends are called, and what to know about them."""

    line: RoadLine
    ends: tuple[str, ...]
    warnings: tuple[Refusal, ...]


def way_between(region: Region, ends: tuple[str, str], vehicle: Profile, hour: int | None) -> Told:
    """Find both addresses, and the fastest way between them. Refused where one is not certain."""
    book = AddressBook(region)
    roads = region.roads_of(vehicle, hour)
    found = [certain_address(book, text) for text in ends]
    start, end = (roads.snap(match.place) for match in found)
    warnings = tuple(snap.warn for snap in (start, end) if snap.warn is not None)
    return Told(roads.line(start, end), tuple(match.label for match in found), warnings)


def tell_way(told: Told, out: Console, say: Words) -> None:
    """Tell the ends, the time, the length and the streets of a way."""
    minutes = say.number(round(told.line.duration_s / 60))
    lines = [" → ".join(told.ends), f"{minutes} min, {say.km(told.line.distance_m)}"]
    lines += [" → ".join(told.line.streets)] if told.line.streets else []
    lines += [" ".join(say.refusal(warning)) for warning in told.warnings]
    for one in lines:
        out.print(one, highlight=False, markup=False, soft_wrap=True)


def way_figures(told: Told) -> dict[str, Any]:
    """Return the way as a GeoJSON feature."""
    line = told.line
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line.places]},
        "properties": {
            "from": told.ends[0],
            "to": told.ends[1],
            "duration_s": line.duration_s,
            "distance_m": line.distance_m,
            "streets": list(line.streets),
            "warnings": [warning.code for warning in told.warnings],
            "attribution": ATTRIBUTION,
        },
    }


def certain_address(book: AddressBook, text: str) -> AddressMatch:
    """Find an address; refused where it is not certain which one is meant."""
    found = book.find(text)
    if found.refusal is not None:
        raise found.refusal
    if not found.certain:
        _must_lie_inside(book.region, text, found.matches)
        named = "; ".join(match.label for match in found.matches[:NAMED])
        raise AddressDoubtful(text=text, candidates=named)
    return found.matches[0]


def _must_lie_inside(region: Region, text: str, matches: Sequence[AddressMatch]) -> None:
    """Refuse degrees that lie where the region has no roads; any other doubt is not about that."""
    first = matches[0]
    text = excerpt(text)
    if Doubt.SWAPPED in first.doubts:
        raise DegreesSwapped(text=text, region=region.name, swapped=first.label)
    if Doubt.OUTSIDE in first.doubts:
        sides = zip(("south", "west", "north", "east"), bounds_around(region), strict=True)
        raise AddressOutside(text=text, region=region.name, **{side: f"{at:.2f}" for side, at in sides})
