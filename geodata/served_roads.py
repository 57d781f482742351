"""
The roads of a region, with another engine behind them: a server fills the matrix and draws the way.

What is on the map, and how it looks, still comes from the region's own files: it is the same
region with the same names, only its times are another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

import numpy as np

from geodata.doors import OFF_ROAD_KMH
from geodata.matrix import Matrix
from geodata.osrm import Block, OsrmServer, PlaceOffServer
from geodata.place import Place, crow_distance_m
from geodata.profiles import Profile
from geodata.region import Region
from geodata.roads import MATRIX_PLACES_LIMIT, MatrixTooLarge, RoadLine, RoadNetwork
from geodata.snapping import OFF_MAP_M, Floats, Snap


@dataclass(frozen=True, eq=False, kw_only=True)
class ServedRoads(RoadNetwork):
    """
    Answer by a server what ``RoadNetwork`` answers by itself: the same questions, promises and refusals.

    A place must lie on both maps: it is snapped to the region's own roads first, and the server then meets
    the road where it will. Where the server is away, whoever asks for a matrix or a line is told so.
    """

    server: OsrmServer

    def matrix(self, snaps: Sequence[Snap]) -> Matrix:
        """
        Fill the matrix between snapped places as the network does, off-road ends included.

        Costs one request for up to 100 places, and one per block of 50 by 50 beyond. Refused with
        ``road_server_away``, ``road_server_nonsense``, ``place_off_map`` or ``no_way_by_road``.
        """
        if len(snaps) > MATRIX_PLACES_LIMIT:
            raise MatrixTooLarge(count=len(snaps), limit=MATRIX_PLACES_LIMIT)
        places = [snap.place for snap in snaps]
        seconds, metres = np.zeros((2, len(places), len(places)))
        points = np.array([(place.lat, place.lon) for place in places]).reshape(-1, 2)
        apart = (points[:, None, :] != points[None, :, :]).any(axis=2)
        if apart.any():
            for block in self.server.table(places):
                at = np.ix_(block.rows, block.columns)
                off_road_m = self._off_road_m(block, places)
                seconds[at] = block.seconds + off_road_m / (OFF_ROAD_KMH / 3.6)
                metres[at] = block.metres + off_road_m
        return Matrix(np.rint(seconds * apart).astype(np.int64), np.rint(metres * apart).astype(np.int64))

    def line(self, start: Snap, end: Snap) -> RoadLine:
        """Draw the way that ``matrix`` measured: one request for its figures, and one for its points."""
        here, there = ((snap.place.lat, snap.place.lon) for snap in (start, end))
        if here == there:
            return RoadLine((here,), 0, 0, ())
        measured = self.matrix([start, end])
        drawn, streets = self.server.drawn(start.place, end.place)
        return RoadLine(
            places=tuple(point for point, _ in groupby([here, *drawn, there])),
            duration_s=int(measured.durations_s[0, 1]),
            distance_m=int(measured.distances_m[0, 1]),
            streets=tuple(streets),
        )

    def _off_road_m(self, block: Block, places: Sequence[Place]) -> Floats:
        """Return the metres from each start to its road and from the road to each end, added up."""
        asked = ((block.rows, block.starts), (block.columns, block.ends))
        leaving, reaching = (
            [self._gap_m(places[at], met) for at, met in zip(numbers, roads, strict=True)]
            for numbers, roads in asked
        )
        gaps: Floats = np.add.outer(leaving, reaching)
        return gaps

    def _gap_m(self, place: Place, met: Place) -> float:
        gap_m = crow_distance_m(place, met)
        if gap_m > OFF_MAP_M:
            raise PlaceOffServer(server=self.server.name, lat=place.lat, lon=place.lon)
        return gap_m


@dataclass(frozen=True, eq=False, kw_only=True)
class ServedRegion(Region):
    """Hold a region whose times are a server's, for every vehicle and at every hour: it knows one of each."""

    server: OsrmServer

    def roads_of(self, profile: Profile, hour: int | None = None) -> ServedRoads:  # noqa: ARG002
        """Return the roads that a vehicle may drive; how long it takes is the server's to say."""
        return served_roads(super().roads_of(profile), self.server)


def served(region: Region, roads_url: str) -> Region:
    """
    Return the region with the server of that address as its engine; without one, as it is.

    Asks nothing yet. Refused with ``road_server_unreadable``.
    """
    return ServedRegion(**_values(region), server=OsrmServer(roads_url)) if roads_url else region


def served_roads(roads: RoadNetwork, server: OsrmServer) -> ServedRoads:
    """Put a server behind a network."""
    return ServedRoads(**_values(roads), server=server)


def _values(whole: Region | RoadNetwork) -> dict[str, Any]:
    return {one.name: getattr(whole, one.name) for one in fields(whole)}
