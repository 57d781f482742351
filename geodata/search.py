"""
The fastest way between doors: the one part of the road network that another engine may replace.

The search runs on arcs, not on junctions: a state is an arc about to be driven, a step is an
allowed turn. So a barred turn costs nothing extra and cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Arcs = npt.NDArray[np.int32]

CHUNK_BYTES = 96_000_000
"""How much memory the trees of one chunk of departures may take."""


@dataclass(frozen=True, eq=False)
class Turns:
    """Hold which arcs may follow which: those after arc ``a`` are ``after[start[a]:start[a + 1]]``."""

    start: Ints
    after: Arcs

    def following(self, arc: int) -> Arcs:
        return self.after[self.start[arc] : self.start[arc + 1]]


@dataclass(frozen=True, eq=False)
class Departures:
    """
    Hold by which arcs places are left: arc ``arc[i]`` begins so far after place ``place[i]``.

    Sorted by place, then arc; ``count`` places in all.
    """

    place: Ints
    arc: Ints
    seconds: Floats
    metres: Floats
    count: int


@dataclass(frozen=True, eq=False)
class Arrivals:
    """
    Hold by which arcs places are reached: a row per place, two columns, each so far into its arc.

    A column without a way in is infinitely far and names any arc.
    """

    arc: Ints
    seconds: Floats
    metres: Floats


class Engine(Protocol):
    """Answer fastest-way questions on one network; both answers speak of the same way."""

    def table(self, departures: Departures, arrivals: Arrivals) -> tuple[Floats, Floats]:
        """Return seconds and metres, departures by arrivals."""
        ...

    def path(self, departures: Departures, arrivals: Arrivals) -> tuple[int, ...]:
        """Return the arcs of the way from the first departure to the first arrival, the last one included."""
        ...


@dataclass(frozen=True, eq=False)
class DijkstraEngine:
    """
    Search with scipy, one tree per departure: about 4 ms each on 24,000 arcs, 75 ms on 360,000.

    Each departure becomes a node of its own behind the arcs, so leaving in both senses is one
    search, and coming back to the arc one stands on is a way like any other.
    """

    arc_s: Floats
    arc_m: Floats
    turns: Turns

    def table(self, departures: Departures, arrivals: Arrivals) -> tuple[Floats, Floats]:
        seconds = np.empty((departures.count, len(arrivals.arc)))
        metres = np.empty_like(seconds)
        for chunk, first in self._chunks(departures):
            cost, before = self._trees(chunk)
            rows = slice(first, first + chunk.count)
            seconds[rows], column = _best_arrival(cost, arrivals)
            metres[rows] = self._metres(chunk, arrivals, before, column)
        return seconds, metres

    def path(self, departures: Departures, arrivals: Arrivals) -> tuple[int, ...]:
        chunk, _ = next(self._chunks(departures))
        cost, before = self._trees(chunk)
        _, column = _best_arrival(cost, arrivals)
        arcs = [int(arrivals.arc[0, column[0, 0]])]
        while (previous := int(before[0, arcs[-1]])) < self._count:
            arcs.append(previous)
        return tuple(reversed(arcs))

    @property
    def _count(self) -> int:
        return len(self.arc_s)

    @cached_property
    def _weights(self) -> Floats:
        return np.repeat(self.arc_s, np.diff(self.turns.start))

    def _chunks(self, departures: Departures) -> Iterator[tuple[Departures, int]]:
        size = max(1, CHUNK_BYTES // (12 * self._count))
        for first in range(0, departures.count, size):
            last = min(first + size, departures.count)
            part = slice(*np.searchsorted(departures.place, (first, last)))
            yield (
                Departures(
                    departures.place[part] - first,
                    departures.arc[part],
                    departures.seconds[part],
                    departures.metres[part],
                    last - first,
                ),
                first,
            )

    def _trees(self, chunk: Departures) -> tuple[Floats, Arcs]:
        nodes = self._count + chunk.count
        ends = np.cumsum(np.bincount(chunk.place, minlength=chunk.count))
        graph = csr_array(
            (
                np.concatenate([self._weights, chunk.seconds]),
                np.concatenate([self.turns.after, chunk.arc.astype(np.int32)]),
                np.concatenate([self.turns.start, self.turns.start[-1] + ends]),
            ),
            shape=(nodes, nodes),
        )
        cost, before = dijkstra(graph, indices=range(self._count, nodes), return_predecessors=True)
        return cost, before

    def _metres(self, chunk: Departures, arrivals: Arrivals, before: Arcs, column: Ints) -> Floats:
        """Walk all ways back together, one arc per round, until each has met its departure."""
        places = np.arange(len(arrivals.arc))
        at = arrivals.arc[places, column].ravel()
        metres = arrivals.metres[places, column].ravel()
        row = np.repeat(np.arange(chunk.count), len(places))
        walking = np.arange(len(at))
        while len(walking):
            previous = before[row[walking], at[walking]]
            walking, previous = walking[previous < self._count], previous[previous < self._count]
            at[walking] = previous
            metres[walking] += self.arc_m[previous]
        return (metres + _first_metres(chunk, row, at, self._count)).reshape(column.shape)


def _best_arrival(cost: Floats, arrivals: Arrivals) -> tuple[Floats, Ints]:
    first, second = (cost[:, arrivals.arc[:, side]] + arrivals.seconds[:, side] for side in (0, 1))
    return np.minimum(first, second), (second < first).astype(np.int64)


def _first_metres(chunk: Departures, row: Ints, arc: Ints, count: int) -> Floats:
    keys = chunk.place * count + chunk.arc
    return chunk.metres[np.searchsorted(keys, row * count + arc)]
