"""
Pieces of road as arrays: undirected edges with their geometry, for every kind of vehicle.

Edge ``e`` is driven forward as arc ``2e`` and backward as arc ``2e + 1``; whether one may, a profile says.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.snapping import Floats, lengths_m
from geodata.survey import Point

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Edges:
    """
    Hold the undirected pieces of road: geometry, length, traits, name and the junctions at both ends.

    The points of edge ``e`` are ``points[start[e]:start[e + 1]]``, latitude and longitude.
    """

    start: Ints
    points: Floats
    length_m: Floats
    traits: Small
    name: Small
    tail: Small
    head: Small

    @property
    def count(self) -> int:
        return len(self.length_m)

    @cached_property
    def arc_tail(self) -> Small:
        """Return the junction where each arc begins."""
        return np.stack([self.tail, self.head], axis=1).ravel()

    @cached_property
    def arc_head(self) -> Small:
        """Return the junction where each arc ends."""
        return np.stack([self.head, self.tail], axis=1).ravel()

    def geometry(self, edge: int) -> Floats:
        return np.asarray(self.points[self.start[edge] : self.start[edge + 1]])

    def cut(self, edge: int, from_m: float, to_m: float) -> list[Point]:
        """Return the points of an edge between two distances from its beginning, in the sense of travel."""
        if from_m > to_m:
            return self.cut(edge, to_m, from_m)[::-1]
        line = self.geometry(edge)
        if from_m == 0 and to_m == self.length_m[edge]:
            return [(lat, lon) for lat, lon in line.tolist()]
        along = np.concatenate([[0.0], np.cumsum(lengths_m(line))])
        inner = line[(along > from_m) & (along < to_m)]
        ends = [[float(np.interp(at, along, axis)) for axis in line.T] for at in (from_m, to_m)]
        return [(lat, lon) for lat, lon in [ends[0], *inner.tolist(), ends[1]]]


def heart_of(edges: Edges, chosen: Flags, barred: Flags) -> Flags:
    """
    Tell which of the chosen edges hang together in their largest part, whatever the sense of driving.

    They do not hang together at junctions that are ``barred``.
    """
    count = len(barred)
    ends = np.stack([edges.tail[chosen], edges.head[chosen]])
    apart = np.flatnonzero(barred[ends].ravel())
    ends.ravel()[apart] = count + np.arange(len(apart))
    width = count + len(apart)
    graph = csr_array((np.ones(ends.shape[1], dtype=np.int8), (ends[0], ends[1])), shape=(width, width))
    _, label = connected_components(graph, directed=False)
    part = label[ends[0]]
    heart = np.zeros(edges.count, dtype=bool)
    if len(part):
        heart[np.flatnonzero(chosen)[part == np.bincount(part).argmax()]] = True
    return heart
