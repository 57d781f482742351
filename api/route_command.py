"""The command ``carriole region route``: the fastest way between two addresses, for any vehicle and hour."""

from pathlib import Path
from typing import Any

from rich.console import Console

from api.papers import Words
from geodata.address_book import AddressBook
from geodata.addresses import Kind
from geodata.place import Place
from geodata.profiles import Profile, profile_named, read_profile
from geodata.refusal import Refusal
from geodata.region import ATTRIBUTION, Region
from geodata.roads import RoadLine

NAMED = 3
"""Candidates that a refusal of a doubtful address names."""


class AddressDoubtful(Refusal):
    code = "address_doubtful"
    reason = "“{text}” is not certain: {candidates}."
    cure = "Write one of these in full, or a point: 43.7384, 7.4246."


def vehicle_of(name: str) -> Profile:
    """Return the table of a vehicle: a shipped one by its name, or one's own by its file."""
    return read_profile(Path(name)) if name.endswith(".toml") else profile_named(name)


def way_between(region: Region, ends: tuple[str, str], vehicle: Profile, hour: int | None) -> RoadLine:
    """Find both addresses, and the fastest way between them. Refused where one is not certain."""
    book = AddressBook(region)
    roads = region.roads_of(vehicle, hour)
    start, end = (roads.snap(_certain(book, text)) for text in ends)
    return roads.line(start, end)


def tell_way(line: RoadLine, out: Console, say: Words) -> None:
    """Tell the time, the length and the streets of a way."""
    minutes = say.number(round(line.duration_s / 60))
    out.print(f"{minutes} min, {say.km(line.distance_m)}", highlight=False, markup=False)
    if line.streets:
        out.print(" → ".join(line.streets), highlight=False, markup=False, soft_wrap=True)


def way_figures(line: RoadLine) -> dict[str, Any]:
    """Return the way as a GeoJSON feature."""
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line.places]},
        "properties": {
            "duration_s": line.duration_s,
            "distance_m": line.distance_m,
            "streets": list(line.streets),
            "attribution": ATTRIBUTION,
        },
    }


def _certain(book: AddressBook, text: str) -> Place:
    found = book.find(text)
    if found.refusal is not None:
        raise found.refusal
    if not found.certain and found.matches[0].kind is not Kind.PIN:
        named = "; ".join(match.label for match in found.matches[:NAMED])
        raise AddressDoubtful(text=text, candidates=named)
    return found.matches[0].place
