"""
OSRM's library asked in this process, by its own Python: opening, memory, snap, route, tables.

Runs under the Python that has osrm-bindings, and uses nothing else:

    python bench/osrm_child.py MAP.osrm POINTS.json 50,200,1000 ROUTES
"""

import json
import os
import sys
from pathlib import Path
from time import process_time

import osrm

ENOUGH_S = 0.5
TRIES = 3


def main(stem: str, points: str, sizes: str, routes: str) -> None:
    """Print one JSON object, of the shape that bench.roads_child prints."""
    places = [(lon, lat) for lat, lon in json.loads(Path(points).read_text(encoding="utf-8"))]
    begun_s = process_time()
    engine = osrm.OSRM(
        storage_config=stem, algorithm="CH", use_shared_memory=False, max_locations_distance_table=-1
    )
    open_ms = 1000 * (process_time() - begun_s)
    table = {size: _table(places[:size]) for size in (2, 50, *map(int, sizes.split(",")))}
    begun_s = process_time()
    engine.Table(table[2])
    first_ms = 1000 * (process_time() - begun_s)
    engine.Table(table[50])
    rss_mb = _resident_mb()
    nearest = [osrm.NearestParameters(coordinates=[place]) for place in places]
    snap_s = _best_s(lambda: [engine.Nearest(one) for one in nearest])
    count = int(routes)
    ways = [_route([places[at], places[count + at]]) for at in range(count)]
    route_s = _best_s(lambda: [engine.Route(way) for way in ways])
    matrix = {
        size: _best_s(lambda size=size: engine.Table(table[size])) for size in map(int, sizes.split(","))
    }
    print(
        json.dumps(
            {
                "open_ms": open_ms,
                "first_ms": first_ms,
                "rss_mb": rss_mb,
                "snap_ms": 1000 * snap_s / len(nearest),
                "route_ms": 1000 * route_s / count,
                "matrix": matrix,
            }
        )
    )


def _table(places: list[tuple[float, float]]) -> osrm.TableParameters:
    return osrm.TableParameters(
        coordinates=places, annotations=["duration", "distance"], generate_hints=False
    )


def _route(places: list[tuple[float, float]]) -> osrm.RouteParameters:
    return osrm.RouteParameters(
        coordinates=places, steps=True, geometries="geojson", overview="full", generate_hints=False
    )


def _best_s(work) -> float:  # noqa: ANN001 - any work
    spent: list[float] = []
    while len(spent) < TRIES and sum(spent) < ENOUGH_S:
        begun_s = process_time()
        work()
        spent.append(process_time() - begun_s)
    return min(spent)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


if __name__ == "__main__":
    main(*sys.argv[1:])
