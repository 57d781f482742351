"""Our matrix beside OSRM's under the same speeds and closures: how far apart, and why where it is much."""

from collections import Counter
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from bench.osrm_home import find_osrm, prepare, routed
from geodata.osrm import OsrmServer
from geodata.place import Place, crow_distance_m
from geodata.region import Region
from geodata.roads import RoadLine, RoadNetwork
from geodata.served_roads import ServedRoads, served_roads
from geodata.snapping import Snap
from geodata.survey import Point

PAIRS = 10_000
LARGE = 0.05
ELSEWHERE_M = 5
"""Two engines that meet the road farther apart than this have taken different roads for a place."""
AT_JUNCTION_M = 1
ALIKE_M = 0.5
ROUNDED_S = 2
"""So many seconds may be rounding: OSRM rounds each piece of road to a tenth, we each answer to a whole."""
EXAMPLES = 2


def agree(region: Region, source: Path, places: list[Place], folder: Path) -> dict[str, Any]:
    """Compare random pairs of places; the differences are those of our figures, as a share of OSRM's."""
    snaps = [snap for snap in region.roads.snap_all(places).snaps if snap]
    osrm = find_osrm()
    prepared = prepare(osrm, source, folder, region.meta.country)
    with routed(osrm, prepared.stem) as url:
        theirs = served_roads(region.roads, OsrmServer(url))
        pairs = _pairs(len(snaps))
        own, other = region.roads.matrix(snaps), theirs.matrix(snaps)
        rows, columns = np.array(pairs).T
        told = {
            name: _shares(ours[rows, columns], given[rows, columns])
            for name, ours, given in (
                ("seconds", own.durations_s, other.durations_s),
                ("metres", own.distances_m, other.distances_m),
            )
        }
        large = [pairs[at] for at in np.flatnonzero(told["seconds"] > LARGE).tolist()]
        kinds, examples = _explained(region.roads, theirs, [(snaps[i], snaps[j]) for i, j in large])
    return {
        "pairs": len(pairs),
        **{name: _percentiles(shares) for name, shares in told.items()},
        "above_5_pct": len(large),
        "kinds": kinds,
        "examples": examples,
    }


def _pairs(count: int) -> list[tuple[int, int]]:
    random = Random(11)
    return [tuple(random.sample(range(count), 2)) for _ in range(PAIRS)]


def _shares(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    shares: np.ndarray = np.abs(ours - theirs) / np.maximum(theirs, 1)
    return shares


def _percentiles(shares: np.ndarray) -> dict[str, float]:
    names = {"median_pct": 50, "p99_pct": 99, "p999_pct": 99.9, "most_pct": 100}
    return {name: round(100 * float(np.percentile(shares, at)), 3) for name, at in names.items()}


def _explained(
    ours: RoadNetwork, theirs: ServedRoads, pairs: list[tuple[Snap, Snap]]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Sort large differences into kinds, and show some of each."""
    kinds: Counter[str] = Counter()
    examples: list[dict[str, Any]] = []
    for start, end in pairs:
        lines = ours.line(start, end), theirs.line(start, end)
        kind = _kind(ours, start, end, lines)
        kinds[kind] += 1
        if kinds[kind] <= EXAMPLES:
            figures = [{"s": line.duration_s, "m": line.distance_m, "by": line.streets[:5]} for line in lines]
            ends = [(round(one.place.lat, 6), round(one.place.lon, 6)) for one in (start, end)]
            examples.append(
                {"kind": kind, "from": ends[0], "to": ends[1], "ours": figures[0], "osrm": figures[1]}
            )
    return dict(kinds), examples


def _kind(ours: RoadNetwork, start: Snap, end: Snap, lines: tuple[RoadLine, RoadLine]) -> str:
    """Say where two ways first part."""
    own, theirs = lines
    if abs(own.duration_s - theirs.duration_s) <= ROUNDED_S:
        return "a short way, rounded"
    for snap, at in ((start, 1), (end, -2)):
        met = Place(lat=theirs.places[at][0], lon=theirs.places[at][1])
        if crow_distance_m(met, snap.on_road) > ELSEWHERE_M:
            nearer_m = snap.off_road_m - crow_distance_m(met, snap.place)
            if abs(nearer_m) < ALIKE_M:
                return "two roads are equally near a place"
            return f"{'a nearer' if nearer_m > 0 else 'a farther'} road is taken for a place by OSRM"
    senses = (_same_sense(line, other) for line, other in zip(_ends(own), _ends(theirs), strict=True))
    at_one = [at for at, same in zip((start, end), senses, strict=True) if not same]
    if any(_at_junction(ours, snap) for snap in at_one):
        return "the place lies on a junction, and each takes another of its roads"
    faster = "ours is faster" if own.duration_s < theirs.duration_s else "OSRM's is faster"
    return f"{'the other sense of a street' if at_one else 'another way between'}, {faster}"


def _ends(line: RoadLine) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the first and the last stretch that is driven."""
    return line.places[1:3], line.places[-3:-1]


def _at_junction(roads: RoadNetwork, snap: Snap) -> bool:
    return min(snap.offset_m, float(roads.edges.length_m[snap.edge]) - snap.offset_m) < AT_JUNCTION_M


def _same_sense(ours: tuple[Point, ...], theirs: tuple[Point, ...]) -> bool:
    (ay, ax), (by, bx) = (_step(points) for points in (ours, theirs))
    return ay * by + ax * bx >= 0


def _step(points: tuple[Point, ...]) -> Point:
    (lat, lon), (next_lat, next_lon) = points[0], points[-1]
    return next_lat - lat, (next_lon - lon) * cos(radians(lat))
