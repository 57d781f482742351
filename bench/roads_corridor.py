"""
Corridor search over many announced trips: the time of a query, and whether any trip is lost.

Trips, pickups and drops are invented: from yard to yard over a whole region, most of them within an hour.
"""

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from time import process_time
from typing import Any

import numpy as np

from bench.roads_child import points_of
from geodata.corridor import Announced, Corridor, corridor_of
from geodata.place import crow_distance_m
from geodata.region import Region
from geodata.roads import RoadNetwork
from geodata.snapping import Snap

FARTHEST_M = 60_000
"""As the crow flies, from the first stop of a trip to its last."""
DETOURS_S = (300, 600, 900, 1200, 1800)
LONGER_SHARE = 0.3
"""Of trips that call at one or two places on their way."""


@dataclass(frozen=True)
class CorridorSize:
    """Hold how much is measured; ``checked`` queries are judged exhaustively, ``drawn`` trips by hand."""

    trips: int
    yards: int
    queries: int
    checked: int
    drawn: int


FULL = CorridorSize(trips=100_000, yards=20_000, queries=1_000, checked=50, drawn=300)
QUICK = CorridorSize(trips=2_000, yards=500, queries=100, checked=10, drawn=20)


def search(region: Region, size: CorridorSize) -> dict[str, Any]:
    """Announce trips, ask for shipments, and look for what was lost."""
    random = Random(5)
    roads = region.roads
    yards = [snap for snap in roads.snap_all(points_of(region, size.yards)).snaps if snap]
    trips = [_trip(random, yards) for _ in range(size.trips)]
    begun_s = process_time()
    corridor = corridor_of(trips, roads)
    laid_out_s = process_time() - begun_s
    shipments = [_ends(random, yards) for _ in range(size.queries)]
    corridor.matches(*shipments[0])
    spent_ms, found = [], []
    for pickup, drop in shipments:
        begun_s = process_time()
        found.append({match.trip for match in corridor.matches(pickup, drop)})
        spent_ms.append(1000 * (process_time() - begun_s))
    kept, owed = _checked(random, corridor, trips, shipments[: size.checked], found, size.drawn)
    return {
        "trips": len(trips),
        "p50_ms": float(np.percentile(spent_ms, 50)),
        "p99_ms": float(np.percentile(spent_ms, 99)),
        "recall": kept / owed if owed else None,
        "matches_owed": owed,
        "matches_median": float(np.median([len(one) for one in found])),
        "queries": len(shipments),
        "lay_out_s": laid_out_s,
    }


def _trip(random: Random, yards: list[Snap]) -> Announced:
    start, end = _ends(random, yards)
    between = random.choice((1, 2)) if random.random() < LONGER_SHARE else 0
    calls = sorted(
        (_near(random, yards, start, end) for _ in range(between)),
        key=lambda call: crow_distance_m(start.place, call.place),
    )
    return Announced((start, *calls, end), random.choice(DETOURS_S))


def _ends(random: Random, yards: list[Snap]) -> tuple[Snap, Snap]:
    while True:
        start, end = random.sample(yards, 2)
        if crow_distance_m(start.place, end.place) <= FARTHEST_M:
            return start, end


def _near(random: Random, yards: list[Snap], start: Snap, end: Snap) -> Snap:
    """Choose the yard of a few that lies best on the way."""
    some = random.sample(yards, 20)
    return min(
        some,
        key=lambda one: crow_distance_m(start.place, one.place) + crow_distance_m(one.place, end.place),
    )


def _checked(
    random: Random,
    corridor: Corridor,
    trips: list[Announced],
    shipments: list[tuple[Snap, Snap]],
    found: list[set[int]],
    drawn: int,
) -> tuple[int, int]:
    """Return how many matches were found, of how many that an exhaustive evaluation or the matrix finds."""
    kept = owed = 0
    for (pickup, drop), told in zip(shipments, found, strict=False):
        due = {match.trip for match in corridor.exhaustive(pickup, drop)}
        for trip in random.sample(range(len(trips)), drawn):
            if _fits(corridor.network, trips[trip], pickup, drop):
                due.add(trip)
        kept, owed = kept + len(due & told), owed + len(due)
    return kept, owed


def _fits(roads: RoadNetwork, trip: Announced, pickup: Snap, drop: Snap) -> bool:
    """Judge one trip by its matrix, place by place; what whole seconds leave in doubt, does not count."""
    seconds = roads.matrix([*trip.stops, pickup, drop]).seconds
    count = len(trip.stops)
    plain_s = sum(seconds[at][at + 1] for at in range(count - 1))
    least_s = min(
        _driven_s(
            seconds,
            [*range(first + 1), count, *range(first + 1, last + 1), count + 1, *range(last + 1, count)],
        )
        for first in range(count - 1)
        for last in range(first, count - 1)
    )
    doubt_s = 2 * (count + 2)
    return least_s - plain_s + doubt_s <= trip.detour_s


def _driven_s(seconds: list[list[int]], order: list[int]) -> int:
    return sum(seconds[here][there] for here, there in pairwise(order))
