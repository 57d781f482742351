"""
What is measured of the roads in a fresh process, one engine and one region each; ends with a JSON object.

    python -m bench.roads_child build tarn MAP.osm.pbf
    python -m bench.roads_child ours tarn POINTS.json 50,200,1000
"""

import json
import sys
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from bench.timing import best_s, peak_mb, resident_mb, timed
from geodata.place import Place
from geodata.region import EMBEDDED, Region, build_region, open_region
from geodata.snapping import Snap

POINTS = 1_000
ROUTES = 200
JITTER_DEGREES = 2e-4
"""Points lie about 20 m from a road, as yards do."""


def build(name: str, source: str) -> dict[str, Any]:
    """Build a region from its map, then choose the points on it that every engine is asked for."""
    region, build_s = timed(lambda: build_region(name, source))
    points = [(place.lat, place.lon) for place in points_of(region)]
    return {"build_s": build_s, "build_mb": peak_mb(), "points": points, "country": region.meta.country}


def points_of(region: Region, count: int = POINTS) -> list[Place]:
    """Choose places near roads, the same ones each time."""
    random = Random(7)
    edges, stops = region.roads.edges, region.roads.driving.stops.nonzero()[0].tolist()
    places: list[Place] = []
    while len(places) < count:
        lat, lon = random.choice(edges.geometry(random.choice(stops)).tolist())
        shift = [random.gauss(0, JITTER_DEGREES) for _ in range(2)]
        places.append(Place(lat=lat + shift[0], lon=lon + shift[1]))
    return places


def ours(name: str, points: str, sizes: str) -> dict[str, Any]:
    """Open a built region and ask our own engine."""
    places = read_points(points)
    before_mb = resident_mb()
    begun_s = process_time()
    region = open_region(name)
    open_ms = 1000 * (process_time() - begun_s)
    roads = region.roads
    begun_s = process_time()
    roads.matrix(snapped(region, places[:2]))
    first_ms = 1000 * (process_time() - begun_s)
    roads.matrix(snapped(region, places[:50]))
    rss_mb = resident_mb()
    begun_s = process_time()
    snaps = snapped(region, places)
    snap_ms = 1000 * (process_time() - begun_s) / len(places)
    pairs = list(zip(snaps[:ROUTES], snaps[ROUTES : 2 * ROUTES], strict=True))
    route_s = best_s(lambda: [roads.line(start, end) for start, end in pairs])
    matrix = {
        size: best_s(lambda size=size: roads.matrix(snaps[:size])) for size in map(int, sizes.split(","))
    }
    return {
        "open_ms": open_ms,
        "first_ms": first_ms,
        "rss_mb": rss_mb,
        "rss_before_mb": before_mb,
        "junctions": region.meta.junctions,
        "arcs": region.meta.arcs,
        "snap_ms": snap_ms,
        "route_ms": 1000 * route_s / len(pairs),
        "matrix": matrix,
    }


def snapped(region: Region, places: list[Place]) -> list[Snap]:
    return [snap for snap in region.roads.snap_all(places).snaps if snap]


def read_points(path: str) -> list[Place]:
    return [Place(lat=lat, lon=lon) for lat, lon in json.loads(Path(path).read_text(encoding="utf-8"))]


def scipy(name: str, points: str, sizes: str, seconds: str) -> dict[str, Any]:
    """Ask SciPy's Dijkstra on the same states and steps, as far as the time allows."""
    from bench.plain_search import PlainSearch

    region = open_region(name)
    snaps = snapped(region, read_points(points))
    search = PlainSearch(region.roads)
    one_s = timed(lambda: search.table(snaps[:5]))[1] / 5
    asked = {size: one_s * size <= float(seconds) for size in _sizes(sizes)}
    return {
        "matrix": {
            size: best_s(lambda size=size: search.table(snaps[:size])) if may else None
            for size, may in asked.items()
        }
    }


def networkx(source: str, points: str, sizes: str, seconds: str) -> dict[str, Any]:
    """Ask networkx on the graph that OSMnx reads from the same map, as far as the time allows."""
    from bench.plain_osmnx import measure

    return measure(Path(source), read_points(points), _sizes(sizes), float(seconds))


def agreement(name: str, source: str, points: str, folder: str) -> dict[str, Any]:
    """Set our matrix beside OSRM's under the same speeds."""
    from bench.roads_agreement import agree

    region = open_region(name) if name == EMBEDDED else build_region(name, source)
    places = read_points(points) if Path(points).exists() else points_of(region)
    return agree(region, Path(source), places, Path(folder))


def corridor(name: str, source: str, size: str) -> dict[str, Any]:
    """Search the corridors of many trips."""
    from bench.roads_corridor import FULL, QUICK, search

    region = build_region(name, source)
    return search(region, QUICK if size == "quick" else FULL)


def _sizes(sizes: str) -> list[int]:
    return [int(size) for size in sizes.split(",")]


KINDS = {one.__name__: one for one in (build, ours, scipy, networkx, agreement, corridor)}

if __name__ == "__main__":
    print(json.dumps(KINDS[sys.argv[1]](*sys.argv[2:])))
