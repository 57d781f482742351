"""Pieces of road as arrays: undirected edges with their geometry, and the arcs driven on them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geodata.snapping import Floats, Snap, lengths_m
from geodata.survey import Point

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Edges:
    """
    Hold the undirected pieces of road: geometry, length, speed, class and name.

    The points of edge ``e`` are ``points[start[e]:start[e + 1]]``, latitude and longitude. ``arcs`` has
    two columns: the arc driven forward and the one driven backward, or -1.
    """

    start: Ints
    points: Floats
    length_m: Floats
    speed_kmh: Floats
    speed_signed: Flags
    may_stop: Flags
    road_class: Small
    name: Small
    arcs: Small

    @cached_property
    def metres_per_second(self) -> Floats:
        return self.speed_kmh / 3.6

    @cached_property
    def boxes(self) -> tuple[Floats, Floats]:
        """Return the south-west and the north-east corner of every edge."""
        firsts = self.start[:-1]
        return np.minimum.reduceat(self.points, firsts), np.maximum.reduceat(self.points, firsts)

    def geometry(self, edge: int) -> Floats:
        return np.asarray(self.points[self.start[edge] : self.start[edge + 1]])

    def senses(self, snap: Snap) -> list[tuple[int, float, float]]:
        """Return the arcs through a snap, each with the metres driven and the metres left on it."""
        forward, backward = self.arcs[snap.edge].tolist()
        behind_m = min(snap.offset_m, float(self.length_m[snap.edge]))
        ahead_m = float(self.length_m[snap.edge]) - behind_m
        ways = ((forward, behind_m, ahead_m), (backward, ahead_m, behind_m))
        return [way for way in ways if way[0] >= 0]

    def cut(self, edge: int, from_m: float, to_m: float) -> list[Point]:
        """Return the points of an edge between two distances from its beginning, in the sense of travel."""
        if from_m > to_m:
            return self.cut(edge, to_m, from_m)[::-1]
        line = self.geometry(edge)
        along = np.concatenate([[0.0], np.cumsum(lengths_m(line))])
        inner = line[(along > from_m) & (along < to_m)]
        ends = [[float(np.interp(at, along, axis)) for axis in line.T] for at in (from_m, to_m)]
        return [(lat, lon) for lat, lon in [ends[0], *inner.tolist(), ends[1]]]


@dataclass(frozen=True, eq=False)
class Arcs:
    """Hold the directed pieces: the edge each runs on, in which sense, between which junctions."""

    edge: Small
    backward: Flags
    tail: Small
    head: Small
