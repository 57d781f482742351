"""
The road network of a region: snap places, fill a matrix, draw the way.

It holds one strongly connected part, so every place reaches every other. A stop may be left in
both senses of a two-way street, whichever it was reached by; u-turns elsewhere happen only at dead ends.
Where turns are barred, going by way of a stop can therefore be shorter than going past it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from geodata.doors import along_one_edge, arrivals, departures, same_place
from geodata.edges import Arcs, Edges, Flags
from geodata.matrix import Matrix
from geodata.place import Place
from geodata.refusal import Refusal
from geodata.search import DijkstraEngine, Engine, Floats, Turns
from geodata.snapping import EdgeIndex, Snap, Snapped, snap_places
from geodata.survey import Point

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
    """Hold the roads that one profile may drive, all reachable from one another. Immutable, shared freely."""

    edges: Edges
    arcs: Arcs
    turns: Turns
    classes: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def edge_count(self) -> int:
        return len(self.edges.length_m)

    @property
    def arc_count(self) -> int:
        return len(self.arcs.edge)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return south, west, north, east in degrees."""
        (south, west), (north, east) = self.edges.points.min(axis=0), self.edges.points.max(axis=0)
        return float(south), float(west), float(north), float(east)

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
        Two snaps of one place are 0 apart. Costs one search per place.
        """
        if len(snaps) > MATRIX_PLACES_LIMIT:
            raise MatrixTooLarge(count=len(snaps), limit=MATRIX_PLACES_LIMIT)
        if not snaps:
            return Matrix(np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=np.int64))
        seconds, metres, _ = self._ways(snaps, snaps)
        return Matrix(np.rint(seconds).astype(np.int64), np.rint(metres).astype(np.int64))

    def line(self, start: Snap, end: Snap) -> RoadLine:
        """Draw the way that ``matrix`` measured between two snapped places, off-road ends included."""
        here, there = ((snap.place.lat, snap.place.lon) for snap in (start, end))
        if here == there:
            return RoadLine((here,), 0, 0, ())
        seconds, metres, direct = self._ways([start], [end])
        pieces = [(start.edge, start.offset_m, end.offset_m)] if direct[0, 0] else self._pieces(start, end)
        points = [here, *(point for piece in pieces for point in self.edges.cut(*piece)), there]
        streets = [self.names[self.edges.name[edge]] for edge, *_ in pieces]
        return RoadLine(
            places=tuple(point for point, _ in groupby(points)),
            duration_s=int(np.rint(seconds[0, 0])),
            distance_m=int(np.rint(metres[0, 0])),
            streets=tuple(street for street, _ in groupby(filter(None, streets))),
        )

    def edges_within(
        self, min_lat: float, min_lon: float, max_lat: float, max_lon: float
    ) -> Iterator[tuple[str, tuple[Point, ...]]]:
        """Yield class and points of every edge whose box touches the given one, each edge once."""
        low, high = self.edges.boxes
        seen = (high >= (min_lat, min_lon)).all(axis=1) & (low <= (max_lat, max_lon)).all(axis=1)
        for edge in np.flatnonzero(seen).tolist():
            points = tuple((lat, lon) for lat, lon in self.edges.geometry(edge).tolist())
            yield self.classes[self.edges.road_class[edge]], points

    @cached_property
    def _index(self) -> EdgeIndex:
        stops = np.flatnonzero(self.edges.may_stop)
        return EdgeIndex(
            points=np.asarray(self.edges.points),
            start=np.asarray(self.edges.start),
            edges=stops if len(stops) else np.arange(self.edge_count),
            one_way=np.asarray((self.edges.arcs < 0).any(axis=1)),
        )

    @cached_property
    def _engine(self) -> Engine:
        arc_m = self.edges.length_m[self.arcs.edge]
        return DijkstraEngine(arc_m / self.edges.metres_per_second[self.arcs.edge], arc_m, self.turns)

    def _ways(self, starts: Sequence[Snap], ends: Sequence[Snap]) -> tuple[Floats, Floats, Flags]:
        """Return seconds, metres, and which ways stay on one edge without passing a junction."""
        leaving = departures(starts, self.edges, self.turns)
        seconds, metres = self._engine.table(leaving, arrivals(ends, self.edges))
        direct_s, direct_m = along_one_edge(starts, ends, self.edges)
        direct = direct_s <= seconds
        off_road_m = np.add.outer([s.off_road_m for s in starts], [s.off_road_m for s in ends])
        seconds = np.where(direct, direct_s, seconds) + off_road_m / (OFF_ROAD_KMH / 3.6)
        metres = np.where(direct, direct_m, metres) + off_road_m
        apart = ~same_place(starts, ends)
        return seconds * apart, metres * apart, direct

    def _pieces(self, start: Snap, end: Snap) -> list[tuple[int, float, float]]:
        """Return the edges of a way past junctions, each with the metres where it is entered and left."""
        leaving = departures([start], self.edges, self.turns)
        path = self._engine.path(leaving, arrivals([end], self.edges))
        _, first = min(
            (left_m, arc)
            for arc, _, left_m in self.edges.senses(start)
            if path[0] in self.turns.following(arc)
        )
        edges = self.arcs.edge[list(path)].tolist()
        pieces = [(edge, *self._ends(arc)) for arc, edge in zip(path, edges, strict=True)]
        pieces[-1] = (end.edge, self._ends(path[-1])[0], end.offset_m)
        return [(start.edge, start.offset_m, self._ends(first)[1]), *pieces]

    def _ends(self, arc: int) -> tuple[float, float]:
        length_m = float(self.edges.length_m[self.arcs.edge[arc]])
        return (length_m, 0.0) if self.arcs.backward[arc] else (0.0, length_m)
