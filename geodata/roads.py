"""
The road network of a region for one vehicle: snap places, fill a matrix, draw the way.

Every place where it may stop reaches every other. A stop may be left in both senses of a two-way street,
whichever it was reached by; u-turns elsewhere happen only at dead ends. Where turns are barred, going by
way of a stop can therefore be shorter than going past it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from geodata.climbing import table
from geodata.cost import Costs, costs, metres_of, seconds_of
from geodata.doors import along_one_edge, arrivals, departures, ends_of, same_place
from geodata.driving import Driving
from geodata.edges import Edges, Flags
from geodata.matrix import Matrix
from geodata.place import Place
from geodata.refusal import Refusal
from geodata.roadmap import RoadMap
from geodata.snapping import EdgeIndex, Snap, Snapped, snap_places
from geodata.survey import Point
from geodata.ways import arcs_of_way

OFF_ROAD_KMH = 10
"""Between a place and its road: a farm track, or a hand cart over a yard."""

MATRIX_PLACES_LIMIT = 3_000


class MatrixTooLarge(Refusal):
    code = "matrix_too_large"
    reason = "A matrix of {count} places was asked for; at most {limit} are filled."
    cure = "Plan fewer places at once."


@dataclass(frozen=True)
class RoadLine:
    """Hold one way, drawn: points from place to place, streets in order, and the matrix's own figures."""

    places: tuple[Point, ...]
    duration_s: int
    distance_m: int
    streets: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Hold the roads of a map as one vehicle drives them. Immutable, shared freely."""

    map: RoadMap
    driving: Driving

    @property
    def edges(self) -> Edges:
        return self.map.edges

    @property
    def names(self) -> tuple[str, ...]:
        return self.map.names

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return south, west, north, east in degrees."""
        return self.map.bounds

    def snap(self, place: Place) -> Snap:
        """Find the road of one place. Refused with ``place_off_map`` beyond 5 km from any road."""
        snapped = self.snap_all([place])
        for refusal in snapped.refusals.values():
            raise refusal
        return next(snap for snap in snapped.snaps if snap is not None)

    def snap_all(self, places: Sequence[Place]) -> Snapped:
        """Find the road of many places; problems are gathered by index, good places kept."""
        return snap_places(places, self._index)

    def matrix(self, snaps: Sequence[Snap]) -> Matrix:
        """
        Fill the matrix between snapped places: seconds, and the metres of the same fastest way.

        The way between a place and its road is added at both ends, as metres and at
        ``OFF_ROAD_KMH``. Rounded once, to the nearest whole; the same input gives the same output.
        Two snaps of one place are 0 apart.
        """
        if len(snaps) > MATRIX_PLACES_LIMIT:
            raise MatrixTooLarge(count=len(snaps), limit=MATRIX_PLACES_LIMIT)
        if not snaps:
            return Matrix(np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=np.int64))
        found, _ = self._ways(snaps, snaps)
        return Matrix(np.rint(seconds_of(found)).astype(np.int64), np.rint(metres_of(found)).astype(np.int64))

    def line(self, start: Snap, end: Snap) -> RoadLine:
        """Draw the way that ``matrix`` measured between two snapped places, off-road ends included."""
        here, there = ((snap.place.lat, snap.place.lon) for snap in (start, end))
        if here == there:
            return RoadLine((here,), 0, 0, ())
        found, direct = self._ways([start], [end])
        pieces = [(start.edge, start.offset_m, end.offset_m)] if direct[0, 0] else self._pieces(start, end)
        points = [here, *(point for piece in pieces for point in self.edges.cut(*piece)), there]
        streets = [self.names[self.edges.name[edge]] for edge, *_ in pieces]
        return RoadLine(
            places=tuple(point for point, _ in groupby(points)),
            duration_s=int(np.rint(seconds_of(found)[0, 0])),
            distance_m=int(np.rint(metres_of(found)[0, 0])),
            streets=tuple(street for street, _ in groupby(filter(None, streets))),
        )

    def edges_within(
        self, min_lat: float, min_lon: float, max_lat: float, max_lon: float
    ) -> Iterator[tuple[str, tuple[Point, ...]]]:
        """Yield class and points of every edge one may drive whose box touches the given one, each once."""
        low, high = self.edges.boxes
        seen = (high >= (min_lat, min_lon)).all(axis=1) & (low <= (max_lat, max_lon)).all(axis=1)
        for edge in np.flatnonzero(seen & self._driven).tolist():
            points = tuple((lat, lon) for lat, lon in self.edges.geometry(edge).tolist())
            yield self.map.class_of_traits[self.edges.traits[edge]], points

    @cached_property
    def _driven(self) -> Flags:
        driven: Flags = np.isfinite(self.driving.arc_s).reshape(-1, 2).any(axis=1)
        return driven

    @cached_property
    def _index(self) -> EdgeIndex:
        closed = ~np.isfinite(self.driving.arc_s).reshape(-1, 2)
        return EdgeIndex(
            points=self.edges.points,
            start=self.edges.start,
            edges=np.flatnonzero(self.driving.stops),
            one_way=closed.any(axis=1),
        )

    def _ways(self, starts: Sequence[Snap], ends: Sequence[Snap]) -> tuple[Costs, Flags]:
        """Return costs, and which ways stay on one edge without passing a junction."""
        leaving, reached = ends_of(starts, self.map), ends_of(ends, self.map)
        round_about = table(
            self.driving.slopes,
            departures(leaving, self.map, self.driving),
            arrivals(reached, self.map, self.driving),
        )
        straight = along_one_edge(leaving, reached, self.driving)
        direct = straight <= round_about
        off_road_m = np.add.outer([s.off_road_m for s in starts], [s.off_road_m for s in ends])
        off_road = costs(off_road_m / (OFF_ROAD_KMH / 3.6), off_road_m)
        found = np.minimum(straight, round_about) + off_road
        return np.where(same_place(starts, ends), 0, found), direct

    def _pieces(self, start: Snap, end: Snap) -> list[tuple[int, float, float]]:
        """Return the edges of a way past junctions, each with the metres where it is entered and left."""
        arcs = arcs_of_way(self.map, self.driving, start, end)
        pieces = [(arc // 2, *self._limits(arc)) for arc in arcs]
        pieces[0] = (start.edge, start.offset_m, pieces[0][2])
        pieces[-1] = (end.edge, pieces[-1][1], end.offset_m)
        return pieces

    def _limits(self, arc: int) -> tuple[float, float]:
        length_m = float(self.edges.length_m[arc // 2])
        return (length_m, 0.0) if arc % 2 else (0.0, length_m)
