"""The speed limit of a road: what a sign says in the many ways it is written, else the law of the country."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from geodata.survey import Tags

MPH_KMH = 1.609344
HIGHEST_KMH = 250.0
"""What is written above it is a slip of the pen."""

HOME_COUNTRY = "FR"
"""The country whose law stands in for one that the table does not know."""

NUMBER = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*(mph|km/h|kmh|kph)?", re.ASCII)
ZONE = re.compile(r"(?:([A-Z]{2}(?:-[A-Z]{2,3})?):)?(?:zone:?)?([a-z_]+|\d{1,3})")
CONTEXTS = {"urban": "urban", "rural": "rural", "trunk": "trunk", "motorway": "motorway", "walk": "walk",
            "living_street": "living_street", "express": "trunk", "nsl_restricted": "urban"}  # fmt: skip
CONTEXT_OF_CLASS = {"motorway": "motorway", "trunk": "trunk", "living_street": "living_street",
                    "pedestrian": "walk"}  # fmt: skip
"""Where the law has a limit of its own; all other classes may lie outside the towns."""

IMPLIED_KEYS = ("zone:maxspeed", "maxspeed:type", "source:maxspeed", "zone:traffic")
"""Where a zone may be written when ``maxspeed`` itself says nothing, the surest first."""


def limit_kmh(tags: Tags, sense: str = "", country: str = HOME_COUNTRY) -> float | None:
    """
    Return the limit that a way's tags tell for one sense, ``forward`` or ``backward``.

    ``None`` where they tell nothing that we understand: ``none``, ``signals``, knots. Limits by
    the hour (``maxspeed:conditional``) are not read.
    """
    for key in (f"maxspeed:{sense}", "maxspeed"):
        limit = limit_written_kmh(tags.get(key, ""), country)
        if limit is not None:
            return limit
    if tags.get("maxspeed") == "none":
        return None
    implied = (_zone_kmh(tags.get(key, ""), country) for key in IMPLIED_KEYS)
    return next((limit for limit in implied if limit is not None), None)


def limit_written_kmh(text: str, country: str = HOME_COUNTRY) -> float | None:
    """Return one written value in km/h, of several (``50;70``) the lowest."""
    found = [_one_kmh(part.strip(), country) for part in text.split(";")]
    known = [limit for limit in found if limit is not None]
    return min(known, default=None)


def legal_kmh(road_class: str, country: str = HOME_COUNTRY) -> float:
    """Return the highest speed that the law allows on a class of road without a sign."""
    context = CONTEXT_OF_CLASS.get(road_class.removesuffix("_link"), "rural")
    return float(_law(country)[context])


@cache
def limits_by_country() -> Mapping[str, Mapping[str, int]]:
    """Return the table of legal limits, ``data/speed_limits.toml``."""
    return tomllib.loads((files("geodata") / "data" / "speed_limits.toml").read_text(encoding="utf-8"))


def _law(country: str) -> Mapping[str, int]:
    table = limits_by_country()
    return table.get(country) or table.get(country[:2]) or table[HOME_COUNTRY]


def _one_kmh(text: str, country: str) -> float | None:
    number = NUMBER.fullmatch(text)
    if not number:
        return _zone_kmh(text, country)
    limit = float(number[1].replace(",", ".")) * (MPH_KMH if number[2] == "mph" else 1.0)
    return limit if 0 < limit <= HIGHEST_KMH else None


def _zone_kmh(text: str, country: str) -> float | None:
    zone = ZONE.fullmatch(text.strip())
    if not zone:
        return None
    if zone[2].isdigit():
        named = "zone" in text or zone[1]
        return float(zone[2]) if named and 0 < int(zone[2]) <= HIGHEST_KMH else None
    context = CONTEXTS.get(zone[2])
    return float(_law(zone[1] or country)[context]) if context else None
