"""The plain way through the same roads: SciPy's Dijkstra on arcs and turns, one tree per place."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.doors import arrivals, departures
from geodata.roads import RoadNetwork
from geodata.snapping import Snap

CHUNK_BYTES = 96_000_000


class PlainSearch:
    """Hold the arcs of a network as a sparse matrix; a place is one more node, from which its arcs are left."""

    def __init__(self, roads: RoadNetwork) -> None:
        self.roads = roads
        self.arc_m = np.asarray(roads.edges.length_m[roads.arcs.edge])
        self.arc_s = self.arc_m / roads.edges.metres_per_second[roads.arcs.edge]
        self.weights = np.repeat(self.arc_s, np.diff(roads.turns.start))

    def table(self, snaps: Sequence[Snap]) -> tuple[np.ndarray, np.ndarray]:
        """Return seconds and metres between places, by the ways that pass a junction."""
        ends = arrivals(snaps, self.roads.edges)
        size = max(1, CHUNK_BYTES // (12 * len(self.arc_s)))
        rows = [self._rows(snaps[first : first + size], ends) for first in range(0, len(snaps), size)]
        return tuple(np.concatenate(part) for part in zip(*rows, strict=True))

    def _rows(self, starts: Sequence[Snap], ends: object) -> tuple[np.ndarray, np.ndarray]:
        leaving = departures(starts, self.roads.edges, self.roads.turns)
        count, turns = len(self.arc_s), self.roads.turns
        nodes = count + len(starts)
        doors = np.cumsum(np.bincount(leaving.place, minlength=len(starts)))
        graph = csr_array(
            (
                np.concatenate([self.weights, leaving.seconds]),
                np.concatenate([turns.after, leaving.arc.astype(np.int32)]),
                np.concatenate([turns.start, turns.start[-1] + doors]),
            ),
            shape=(nodes, nodes),
        )
        cost, before = dijkstra(graph, indices=range(count, nodes), return_predecessors=True)
        first, second = (cost[:, ends.arc[:, side]] + ends.seconds[:, side] for side in (0, 1))
        side = (second < first).astype(np.int64)
        return np.minimum(first, second), self._metres(leaving, ends, before, side)

    def _metres(self, leaving, ends, before, side) -> np.ndarray:  # noqa: ANN001 - arrays of one search
        """Walk all ways back together, one arc per round, until each has met its departure."""
        places = np.arange(len(ends.arc))
        at, metres = ends.arc[places, side].ravel(), ends.metres[places, side].ravel()
        row = np.repeat(np.arange(len(side)), len(places))
        walking = np.arange(len(at))
        while len(walking):
            previous = before[row[walking], at[walking]]
            inside = previous < len(self.arc_m)
            walking, previous = walking[inside], previous[inside]
            at[walking] = previous
            metres[walking] += self.arc_m[previous]
        keys = leaving.place * len(self.arc_m) + leaving.arc
        first_m = leaving.metres[np.searchsorted(keys, row * len(self.arc_m) + at)]
        return (metres + first_m).reshape(side.shape)
