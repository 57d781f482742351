"""
The communes of France: code, name, postcodes, point of the town hall. What is left where no map knows more.

Some points of the file are wrong, one by hundreds of kilometres; a commune far from those that share
its postcode, or from its department, is not given a point (see data/SOURCE.md).
"""

import lzma
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import median

import numpy as np
import numpy.typing as npt

from geodata.place import Place, crow_distance_m

Floats = npt.NDArray[np.float64]

FAR_FROM_POSTCODE_M = 30_000
"""Communes of one postcode lie closer together than this; the widest of them reach 25 km."""

FAR_FROM_DEPARTMENT_M = 120_000
"""No commune lies farther than this from the middle of its department, but for islands overseas."""

DIAGONAL_DEGREE_M = 157_500
"""Places less than a degree apart in latitude, and in longitude, lie closer together than this."""

WIDE_DEPARTMENTS = ("973", "974", "976", "971", "972")


@dataclass(frozen=True)
class Commune:
    """Hold a commune; ``place`` is ``None`` where its point is missing or cannot be true."""

    insee: str
    name: str
    postcodes: tuple[str, ...]
    population: int
    place: Place | None

    @property
    def department(self) -> str:
        return self.insee[:3] if self.insee.startswith("97") else self.insee[:2]


@cache
def communes() -> tuple[Commune, ...]:
    """Read the communes that ship with Carriole: about 0.3 s, once in a process."""
    packed = (files("geodata") / "data" / "communes.csv.xz").read_bytes()
    lines = lzma.decompress(packed).decode().splitlines()[1:]
    return without_wrong_points(_commune(line) for line in lines)


def without_wrong_points(given: Iterable[Commune]) -> tuple[Commune, ...]:
    """Return the same communes; those whose point cannot be true have none."""
    known = tuple(given)
    by_postcode, by_department = defaultdict(list), defaultdict(list)
    for one in known:
        if one.place is not None:
            by_department[one.department].append(one.place)
            for code in one.postcodes:
                by_postcode[code].append(one.place)
    middles = {code: _middle(places) for code, places in by_postcode.items() if len(places) > 2}
    homes = {code: _middle(places) for code, places in by_department.items()}
    return tuple(_checked(one, middles, homes) for one in known)


def communes_within(south: float, west: float, north: float, east: float) -> tuple[Commune, ...]:
    """Return the communes whose town hall lies in a box of degrees."""
    known, lat, lon = _with_points()
    inside = (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
    return tuple(known[at] for at in np.flatnonzero(inside).tolist())


@cache
def _with_points() -> tuple[tuple[Commune, ...], Floats, Floats]:
    """Return the communes whose point is known, with their latitudes and longitudes as columns."""
    known = [(one, one.place.lat, one.place.lon) for one in communes() if one.place is not None]
    points = np.array([point for _, *point in known])
    return tuple(one for one, *_ in known), points[:, 0], points[:, 1]


@cache
def town_halls() -> dict[str, Place]:
    """Return the point of each commune, where one is known, by its INSEE code."""
    return {one.insee: one.place for one in communes() if one.place is not None}


def _checked(one: Commune, middles: dict[str, Place], homes: dict[str, Place]) -> Commune:
    if one.place is None:
        return one
    near = [middles[code] for code in one.postcodes if code in middles]
    strange = bool(near) and all(_far(one.place, m, FAR_FROM_POSTCODE_M) for m in near)
    if one.department not in WIDE_DEPARTMENTS:
        strange |= _far(one.place, homes[one.department], FAR_FROM_DEPARTMENT_M)
    return Commune(one.insee, one.name, one.postcodes, one.population, None) if strange else one


def _far(one: Place, other: Place, limit_m: int) -> bool:
    """Tell whether two places lie farther apart than a limit; most are seen at once to lie nearer."""
    degrees = limit_m / DIAGONAL_DEGREE_M
    if abs(one.lat - other.lat) < degrees and abs(one.lon - other.lon) < degrees:
        return False
    return crow_distance_m(one, other) > limit_m


def _middle(places: list[Place]) -> Place:
    return Place(lat=median(one.lat for one in places), lon=median(one.lon for one in places))


def _commune(line: str) -> Commune:
    insee, name, codes, population, lat, lon = line.split(";")
    place = Place(lat=float(lat), lon=float(lon), name=name) if lat and lon else None
    return Commune(insee, name, tuple(codes.split()), int(population or 0), place)
