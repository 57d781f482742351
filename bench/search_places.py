"""
Places of a real region to plan days on: farms at villages, shops in towns, yards; and all ways between.

Written once to a file: a thousand places, nearest to the middle of the region first within each kind,
so that a smaller day takes the first of them and lies as dense as a larger one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from geodata.communes import Commune, communes_within
from geodata.matrix import Matrix
from geodata.place import Place, crow_distance_m
from geodata.region import Region, build_region
from geodata.snapping import Snap

FARMS, SHOPS, YARDS = 440, 500, 60
VILLAGE_PEOPLE = 2_500
"""Farms lie around communes of fewer people."""

MIDDLE_TOWNS = {"tarn": "Albi", "midi_pyrenees": "Toulouse"}
OFF_ROAD_M = 400
AROUND_VILLAGE, AROUND_TOWN = 0.02, 0.008
"""Degrees from the town hall: two kilometres, and one."""

TRIES = 40
SEED = 2026


@dataclass(frozen=True)
class Places:
    """Hold the places of a region: a range of indices for each kind, the people near, the ways between."""

    region: str
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    people: tuple[int, ...]
    matrix: Matrix

    farms = range(FARMS)
    shops = range(FARMS, FARMS + SHOPS)
    yards = range(FARMS + SHOPS, FARMS + SHOPS + YARDS)


def make_places(name: str, source: Path, file: Path) -> None:
    """Build the region, choose its places and fill the matrix: half a minute for a French region."""
    with TemporaryDirectory(prefix="carriole-places-") as home:
        region = build_region(name, source, home=Path(home))
        chosen = _chosen(region, name)
        matrix = region.roads.matrix([snap for snap, _ in chosen])
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        np.savez_compressed(
            opened,
            lat=[snap.place.lat for snap, _ in chosen],
            lon=[snap.place.lon for snap, _ in chosen],
            people=[people for _, people in chosen],
            durations_s=matrix.durations_s,
            distances_m=matrix.distances_m,
        )


def read_places(file: Path) -> Places:
    """Read what ``make_places`` wrote."""
    with np.load(file) as kept:
        lat, lon, people = (tuple(kept[name].tolist()) for name in ("lat", "lon", "people"))
        return Places(file.stem, lat, lon, people, Matrix(kept["durations_s"], kept["distances_m"]))


def _chosen(region: Region, name: str) -> list[tuple[Snap, int]]:
    """Choose farms, shops and yards, each kind by its distance from the middle town."""
    random = Random(SEED)
    bounds = region.bounds
    communes = [one for one in communes_within(*bounds) if one.place and _snapped(region, one.place)]
    middle = next(one.place for one in communes if one.name == MIDDLE_TOWNS[name])
    villages = [one for one in communes if one.population < VILLAGE_PEOPLE]
    by_people = _chooser(random, communes)
    kinds = (
        (FARMS, lambda: random.choice(villages), AROUND_VILLAGE),
        (SHOPS, by_people, AROUND_TOWN),
        (YARDS, by_people, AROUND_TOWN),
    )
    chosen: list[tuple[Snap, int]] = []
    for count, choose, around in kinds:
        found = [_near(region, random, choose, around) for _ in range(count)]
        chosen += sorted(found, key=lambda pair: crow_distance_m(pair[0].place, middle))
    return chosen


def _chooser(random: Random, communes: Sequence[Commune]) -> Callable[[], Commune]:
    """Choose towns by the root of their people: a large one has more shops, but not all of them."""
    weights = [max(one.population, 1) ** 0.5 for one in communes]
    return lambda: random.choices(communes, weights)[0]


def _near(region: Region, random: Random, choose: Callable[[], Commune], around: float) -> tuple[Snap, int]:
    for _ in range(TRIES):
        commune = choose()
        if commune.place is None:
            continue
        lat, lon = (
            middle + random.uniform(-around, around) for middle in (commune.place.lat, commune.place.lon)
        )
        snap = _snapped(region, Place(lat=lat, lon=lon))
        if snap is not None:
            return snap, commune.population
    raise LookupError(f"{TRIES} places in {region.name} lie far from any road.")


def _snapped(region: Region, place: Place) -> Snap | None:
    snap = region.roads.snap_all([place]).snaps[0]
    return snap if snap is not None and snap.off_road_m <= OFF_ROAD_M else None
