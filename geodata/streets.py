"""
Pieces of road as a map draws them: arrays of points, by class, each once, found by box.

No loop runs over the pieces: a region has hundreds of thousands, and every map of it asks for some.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.edges import Edges, Flags, Ints, Small
from geodata.snapping import Floats
from geodata.survey import Point

NEVER = -1
"""The row of the class of what no map draws."""
EXACT = 1e7
"""As finely as OpenStreetMap notes a degree."""


@dataclass(frozen=True, eq=False)
class Streets:
    """
    Hold pieces of road to be drawn: points (lat, lon), where each begins among them, and its class.

    Piece ``p`` is ``points[start[p]:start[p + 1]]`` of the class ``classes[row[p]]``.
    """

    points: Floats
    start: Ints
    row: Small
    classes: tuple[str, ...]

    @property
    def counts(self) -> Ints:
        """Return how many points each piece has."""
        return np.diff(self.start)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return south, west, north, east of all that may be drawn; ``None`` where nothing may."""
        low, high = (corners[self.row != NEVER] for corners in self._boxes)
        if not len(low):
            return None
        (south, west), (north, east) = low.min(axis=0).tolist(), high.max(axis=0).tolist()
        return south, west, north, east

    def within(self, south: float, west: float, north: float, east: float) -> "Streets":
        """Return the pieces whose box touches the given one."""
        low, high = self._boxes
        near = (high >= (south, west)).all(axis=1) & (low <= (north, east)).all(axis=1)
        return self._gathered(near & (self.row != NEVER))

    def of(self, classes: Sequence[str]) -> "Streets":
        """Return the pieces of some classes."""
        wanted = np.array([one in classes for one in self.classes], dtype=bool)
        return self._gathered((self.row != NEVER) & wanted[self.row])

    @cached_property
    def _boxes(self) -> tuple[Floats, Floats]:
        """Return the south-west and the north-east corner of every piece."""
        if not len(self.row):
            return np.empty((0, 2)), np.empty((0, 2))
        firsts = self.start[:-1]
        return np.minimum.reduceat(self.points, firsts), np.maximum.reduceat(self.points, firsts)

    def _gathered(self, chosen: Flags) -> "Streets":
        counts = self.counts[chosen]
        start = np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(self.start[:-1][chosen] - start[:-1], counts) + np.arange(start[-1])
        return Streets(self.points[at], start, self.row[chosen], self.classes)


def streets_of(lines: Iterable[tuple[str, Sequence[Point]]]) -> Streets:
    """Put together pieces that are given with the name of their class; one given twice is drawn once."""
    lines = [(road_class, points) for road_class, points in lines if len(points) > 1]
    classes = tuple(dict.fromkeys(road_class for road_class, _ in lines))
    row = np.array([classes.index(road_class) for road_class, _ in lines], dtype=np.int32)
    points = np.array([point for _, line in lines for point in line], dtype=np.float64).reshape(-1, 2)
    start = np.concatenate([[0], np.cumsum([len(line) for _, line in lines], dtype=np.int64)])
    return each_once(Streets(points, start, row, classes))


def streets_on(edges: Edges, chosen: Flags, class_of_traits: Sequence[str]) -> Streets:
    """Show some edges of a region; their points are shared, not copied."""
    classes = tuple(dict.fromkeys(class_of_traits))
    of_traits = np.array([classes.index(one) for one in class_of_traits], dtype=np.int32)
    row = np.where(chosen, of_traits[edges.traits], np.int32(NEVER))
    return each_once(Streets(edges.points, edges.start, row, classes))


def each_once(streets: Streets) -> Streets:
    """
    Draw what is given twice once, be it in the other sense of driving.

    The same points add up to the same sums in either order; two pieces between the same junctions do not.
    """
    if not len(streets.row):
        return streets
    sums = np.rint(np.add.reduceat(streets.points, streets.start[:-1]) * EXACT)
    order = np.lexsort((streets.row == NEVER, sums[:, 1], sums[:, 0], streets.counts))
    seen = np.column_stack((streets.counts, sums))[order]
    again = np.concatenate([[False], (seen[1:] == seen[:-1]).all(axis=1)])
    row = streets.row.copy()
    row[order[again]] = NEVER
    return Streets(streets.points, streets.start, row, streets.classes)
