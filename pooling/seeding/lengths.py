"""
How far it is between the ends of flows: on the roads of a built region, or by crow, and then approximate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.matrix import Matrix
from geodata.place import Place
from geodata.roads import RoadNetwork
from geodata.snapping import Snap
from pooling.figures import CROW_SPEED, WAY_OVER_CROW
from pooling.ground import Ground

EARTH_RADIUS_M = 6_371_009.0


@dataclass(frozen=True)
class Lengths:
    """Hold the ground of some places, by their names, and whether its lengths are only approximate."""

    ground: Ground
    approximate: bool


def by_road(roads: RoadNetwork, sites: Sequence[tuple[str, Place]]) -> Lengths | None:
    """Measure on the roads; ``None`` where a place lies off their map."""
    places, rows = _rows(sites)
    found = roads.snap_all(places)
    snaps: list[Snap] = [snap for snap in found.snaps if snap is not None]
    if len(snaps) != len(places):
        return None
    return Lengths(Ground(roads.matrix(snaps), rows), approximate=False)


def by_crow(sites: Sequence[tuple[str, Place]]) -> Lengths:
    """Measure by crow, lengthened by the usual detour of a road and driven at one speed."""
    places, rows = _rows(sites)
    lat = np.radians(np.array([place.lat for place in places]))
    lon = np.radians(np.array([place.lon for place in places]))
    half = (
        np.sin((lat[:, None] - lat[None]) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat[None]) * np.sin((lon[:, None] - lon[None]) / 2) ** 2
    )
    crow_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    metres = np.rint(crow_m * WAY_OVER_CROW.value / 100).astype(np.int64)
    seconds = np.rint(metres * 3.6 / CROW_SPEED.value).astype(np.int64)
    return Lengths(Ground(Matrix(seconds, metres), rows), approximate=True)


def _rows(sites: Sequence[tuple[str, Place]]) -> tuple[list[Place], dict[str, int]]:
    """Give each site the row of its point; sites at one point share one."""
    points: dict[tuple[float, float], Place] = {}
    for _, place in sites:
        points.setdefault((place.lat, place.lon), place)
    row_of = {point: row for row, point in enumerate(points)}
    return list(points.values()), {name: row_of[place.lat, place.lon] for name, place in sites}
