"""
The road network of a region for one vehicle: snap places, fill a matrix, draw the way.

Every place where it may stop reaches every other. A stop may be left in both senses of a two-way street,
whichever it was reached by; u-turns elsewhere happen only at dead ends. Where turns are barred, going by
way of a stop can therefore be shorter than going past it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

import numpy as np

from geodata.climbing import FEW, pairs, table
from geodata.cost import Costs, metres_of, seconds_of
from geodata.doors import Ends, along_one_edge, arrivals, departures, ends_of, same_place
from geodata.driving import Driving
from geodata.edges import Edges, Flags
from geodata.labels import Labels, labelled, table_between
from geodata.matrix import Grid, Matrix
from geodata.place import Place
from geodata.reach import Leg, Near, Piece, near_line
from geodata.refusal import Refusal
from geodata.roadmap import RoadMap
from geodata.snapping import EdgeIndex, Snap, Snapped, snap_places
from geodata.streets import Streets, streets_on
from geodata.survey import Point
from geodata.ways import arcs_of_way

MATRIX_PLACES_LIMIT = 3_000


class MatrixTooLarge(Refusal):
    code = "matrix_too_large"
    reason = "A matrix of {count} places was asked for; at most {limit} are filled."
    cure = "Plan fewer places at once."


def rounded(costs: Costs) -> tuple[Grid, Grid]:
    """Return the seconds and the metres of ways, each to the nearest whole, as a matrix tells them."""
    return np.rint(seconds_of(costs)).astype(np.int64), np.rint(metres_of(costs)).astype(np.int64)


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
        if len(snaps) <= FEW and len({snap.edge for snap in snaps}) == len(snaps):
            return Matrix(*rounded(self._among_few(snaps)))
        ends = ends_of(snaps, self.map)
        return Matrix(*rounded(self.ways(ends, ends)))

    def line(self, start: Snap, end: Snap) -> RoadLine:
        """Draw the way that ``matrix`` measured between two snapped places, off-road ends included."""
        here, there = ((snap.place.lat, snap.place.lon) for snap in (start, end))
        if here == there:
            return RoadLine((here,), 0, 0, ())
        found = self.ways_in_pairs(ends_of([start], self.map), ends_of([end], self.map))
        pieces = self.pieces(start, end)
        points = [here, *(point for piece in pieces for point in self.edges.cut(*piece)), there]
        streets = [self.names[self.edges.name[edge]] for edge, *_ in pieces]
        return RoadLine(
            places=tuple(point for point, _ in groupby(points)),
            duration_s=int(np.rint(seconds_of(found)[0])),
            distance_m=int(np.rint(metres_of(found)[0])),
            streets=tuple(street for street, _ in groupby(filter(None, streets))),
        )

    def near(self, line: Sequence[Snap], places: Sequence[Snap], limit_s: int) -> tuple[Near, ...]:
        """
        Return the places within so many seconds of the fastest way along some stops, the nearest first.

        Two sweeps of the network, some 20 ms for a French region, however many places.
        """
        if len(line) < 2 or not places:
            return ()
        legs = [self._leg(start, end) for start, end in pairwise(line)]
        stops, ends = ends_of(line, self.map), ends_of(places, self.map)
        return near_line(self.map, self.driving, stops, legs, ends, limit_s)

    @cached_property
    def streets(self) -> Streets:
        """Return every piece that one may drive as a map draws it, each once."""
        return streets_on(self.edges, self._driven, self.map.class_of_traits)

    @cached_property
    def _driven(self) -> Flags:
        driven: Flags = np.any(np.isfinite(self.driving.arc_s).reshape(-1, 2), axis=1)
        return driven

    @cached_property
    def _index(self) -> EdgeIndex:
        closed = ~np.isfinite(self.driving.arc_s).reshape(-1, 2)
        return EdgeIndex(
            points=self.edges.points,
            start=self.edges.start,
            edges=np.flatnonzero(self.driving.stops),
            one_way=np.asarray(closed.any(axis=1)),
        )

    def ways(self, starts: Ends, ends: Ends) -> Costs:
        """Return the cost of the fastest way from every place to every other, off-road ends included."""
        round_about = table(
            self.driving.slopes,
            departures(starts, self.map, self.driving),
            arrivals(ends, self.map, self.driving),
        )
        straight = along_one_edge(starts, ends, self.driving)
        off_road = np.add.outer(starts.off_road(), ends.off_road())
        return np.where(same_place(starts, ends), 0, np.minimum(straight, round_about) + off_road)

    def _among_few(self, snaps: Sequence[Snap]) -> Costs:
        """Return what ``ways`` does among a few places on edges of their own; what was climbed is kept."""
        names = [(snap.edge, snap.offset_m, snap.off_road_m) for snap in snaps]
        labels = dict(zip(names, self._labels.known(names), strict=True))
        new = {name: snap for name, snap in zip(names, snaps, strict=True) if labels[name] is None}
        if new:
            ends = ends_of(list(new.values()), self.map)
            doors = departures(ends, self.map, self.driving), arrivals(ends, self.map, self.driving)
            made = dict(zip(new, labelled(self.driving.slopes, *doors, ends.off_road()), strict=True))
            self._labels.keep(made)
            labels |= made
        found = table_between(self.driving.slopes, [label for label in labels.values() if label is not None])
        np.fill_diagonal(found, 0)
        return found

    @cached_property
    def _labels(self) -> Labels:
        return Labels()

    def ways_in_pairs(self, starts: Ends, ends: Ends) -> Costs:
        """Return the cost of the fastest way from each place to the one of the same number."""
        found = pairs(
            self.driving.slopes,
            departures(starts, self.map, self.driving),
            arrivals(ends, self.map, self.driving),
        )
        found += starts.off_road() + ends.off_road()
        for at in np.flatnonzero(starts.edge == ends.edge).tolist():
            one = np.array([at])
            found[at] = self.ways(starts.only(one), ends.only(one))[0, 0]
        return np.where((starts.point == ends.point).all(axis=1), 0, found)

    def pieces(self, start: Snap, end: Snap) -> list[Piece]:
        """Return the edges of the fastest way, each with the metres along it where it is entered and left."""
        return list(self._leg(start, end).pieces)

    def _leg(self, start: Snap, end: Snap) -> Leg:
        ends = ends_of([start], self.map), ends_of([end], self.map)
        if same_place(*ends)[0, 0]:
            return Leg((), ())
        straight = along_one_edge(*ends, self.driving) + ends[0].off_road() + ends[1].off_road()
        if straight[0, 0] == self.ways_in_pairs(*ends)[0]:
            return Leg((), ((start.edge, start.offset_m, end.offset_m),))
        arcs = arcs_of_way(self.map, self.driving, start, end)
        pieces = [(arc // 2, *self._limits(arc)) for arc in arcs]
        pieces[0] = (start.edge, start.offset_m, pieces[0][2])
        pieces[-1] = (end.edge, pieces[-1][1], end.offset_m)
        return Leg(arcs, pieces)

    def _limits(self, arc: int) -> tuple[float, float]:
        length_m = float(self.edges.length_m[arc // 2])
        return (length_m, 0.0) if arc % 2 else (0.0, length_m)
