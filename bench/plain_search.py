"""The plain way through the same roads: SciPy's Dijkstra on the same states and steps, one tree per place."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.climbing import Doors
from geodata.cost import metres_of, seconds_of
from geodata.doors import arrivals, departures, ends_of
from geodata.roads import RoadNetwork
from geodata.snapping import Snap

CHUNK_BYTES = 96_000_000


class PlainSearch:
    """Hold the steps of a network as a sparse matrix; each place to leave is one more node."""

    def __init__(self, roads: RoadNetwork) -> None:
        self.roads = roads
        arc = roads.map.states.arc
        self.count = len(arc)
        self.state_s, self.state_m = roads.driving.arc_s[arc], roads.driving.arc_m[arc]
        self.weights = np.repeat(self.state_s, np.diff(roads.driving.start))

    def table(self, snaps: Sequence[Snap]) -> tuple[np.ndarray, np.ndarray]:
        """Return seconds and metres between places, by the ways that pass a junction."""
        parts = ends_of(snaps, self.roads.map), self.roads.map, self.roads.driving
        leaving, reaching = departures(*parts), arrivals(*parts)
        size = max(1, CHUNK_BYTES // (12 * self.count))
        rows = [self._rows(leaving, first, size, reaching) for first in range(0, len(snaps), size)]
        seconds, metres = (np.concatenate(part) for part in zip(*rows, strict=True))
        return seconds, metres

    def _rows(self, leaving: Doors, first: int, size: int, reaching: Doors) -> tuple[np.ndarray, np.ndarray]:
        driving = self.roads.driving
        start = leaving.start[first : first + size + 1]
        doors = slice(start[0], start[-1])
        nodes = self.count + len(start) - 1
        graph = csr_array(
            (
                np.concatenate([self.weights, seconds_of(leaving.cost[doors])]),
                np.concatenate([driving.after, leaving.state[doors]]),
                np.concatenate([driving.start, driving.start[-1] + start[1:] - start[0]]),
            ),
            shape=(nodes, nodes),
        )
        cost, before = dijkstra(graph, indices=range(self.count, nodes), return_predecessors=True)
        through = cost[:, reaching.state] + seconds_of(reaching.cost)
        seconds = np.minimum.reduceat(through, reaching.start[:-1], axis=1)
        same = through == np.repeat(seconds, np.diff(reaching.start), axis=1)
        door = np.maximum.reduceat(np.where(same, np.arange(same.shape[1]), -1), reaching.start[:-1], axis=1)
        metres, first = self._metres(before, reaching, door)
        place = np.repeat(np.arange(len(start) - 1), np.diff(start))
        keys = zip(place.tolist(), leaving.state[doors].tolist(), strict=True)
        door_m = dict(zip(keys, metres_of(leaving.cost[doors]).tolist(), strict=True))
        left = [[door_m.get((row, one), 0.0) for one in states] for row, states in enumerate(first.tolist())]
        return seconds, metres + np.array(left)

    def _metres(self, before: np.ndarray, reaching: Doors, door: np.ndarray) -> list[np.ndarray]:
        """Walk all ways back together, one state per round; return their metres, and their first states."""
        at, metres = reaching.state[door].ravel(), metres_of(reaching.cost)[door].ravel()
        row = np.repeat(np.arange(len(door)), door.shape[1])
        walking = np.arange(len(at))
        while len(walking):
            previous = before[row[walking], at[walking]]
            inside = (previous >= 0) & (previous < self.count)
            walking, previous = walking[inside], previous[inside]
            at[walking] = previous
            metres[walking] += self.state_m[previous]
        return [metres.reshape(door.shape), at.reshape(door.shape)]
