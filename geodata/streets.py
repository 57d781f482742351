"""
Pieces of road as a map draws them: arrays, by class, each piece once, found by box.

No loop runs over the pieces: a region has hundreds of thousands, and every map of it asks for some.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.edges import Edges, Flags, Ints, Small
from geodata.snapping import Floats, lengths_m
from geodata.survey import Point

EXACT = 1e7
"""As finely as OpenStreetMap notes a degree."""


@dataclass(frozen=True, eq=False)
class Streets:
    """
    Hold pieces of road: piece ``p`` is ``count[p]`` of ``points`` (lat, lon) from ``first[p]`` on.

    Its class is ``classes[row[p]]``, its box from ``low[p]`` to ``high[p]``. What is chosen of them
    shares the points.
    """

    points: Floats
    classes: tuple[str, ...]
    first: Ints
    count: Ints
    row: Small
    low: Floats
    high: Floats
    length_m: Floats

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return south, west, north, east; ``None`` where there are no streets."""
        if not len(self.row):
            return None
        (south, west), (north, east) = self.low.min(axis=0).tolist(), self.high.max(axis=0).tolist()
        return south, west, north, east

    def within(self, south: float, west: float, north: float, east: float) -> "Streets":
        """Return the pieces whose box touches the given one."""
        reached = (self.high >= (south, west)).all(axis=1)
        return self.only(np.asarray(reached & (self.low <= (north, east)).all(axis=1)))

    def of(self, classes: Collection[str]) -> "Streets":
        """Return the pieces of some classes."""
        wanted = np.array([one in classes for one in self.classes], dtype=bool)
        return self.only(wanted[self.row])

    def only(self, chosen: Flags) -> "Streets":
        """Return the pieces that are flagged, in their order."""
        return Streets(
            self.points,
            self.classes,
            first=self.first[chosen],
            count=self.count[chosen],
            row=self.row[chosen],
            low=self.low[chosen],
            high=self.high[chosen],
            length_m=self.length_m[chosen],
        )

    def lines(self) -> Floats:
        """Return the points of all pieces after each other: ``count`` points to each."""
        ends = np.cumsum(self.count)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.first - ends + self.count, self.count)
        return np.asarray(self.points[at])


def streets_of(lines: Iterable[tuple[str, Sequence[Point]]]) -> Streets:
    """Put together pieces that are given with the name of their class; one given twice is there once."""
    lines = [(road_class, points) for road_class, points in lines if len(points) > 1]
    classes = tuple(dict.fromkeys(road_class for road_class, _ in lines))
    row = np.array([classes.index(road_class) for road_class, _ in lines], dtype=np.int32)
    points = np.array([point for _, line in lines for point in line], dtype=np.float64).reshape(-1, 2)
    start = np.concatenate([[0], np.cumsum([len(line) for _, line in lines], dtype=np.int64)])
    length_m = np.array([lengths_m(np.asarray(line)).sum() for _, line in lines], dtype=np.float64)
    return each_once(_put_together(points, start, classes, row, length_m))


def streets_on(edges: Edges, chosen: Flags, class_of_traits: Sequence[str]) -> Streets:
    """Show some edges of a region."""
    classes = tuple(dict.fromkeys(class_of_traits))
    of_traits = np.array([classes.index(one) for one in class_of_traits], dtype=np.int32)
    whole = _put_together(edges.points, edges.start, classes, of_traits[edges.traits], edges.length_m)
    return each_once(whole.only(chosen))


def _put_together(
    points: Floats, start: Ints, classes: tuple[str, ...], row: Small, length_m: Floats
) -> Streets:
    first, count = start[:-1], np.diff(start)
    if not len(first):
        return Streets(points, classes, first, count, row, points, points, length_m)
    low, high = np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)
    return Streets(points, classes, first, count, row, low, high, length_m)


def each_once(streets: Streets) -> Streets:
    """
    Leave out what is given twice, be it in the other sense of driving.

    The same points add up to the same sums in either order; two pieces between the same junctions do not.
    """
    if not len(streets.row):
        return streets
    sums = np.add.reduceat(streets.lines(), np.cumsum(streets.count) - streets.count)
    keys = np.column_stack((streets.count, np.rint(sums * EXACT)))
    order = np.lexsort(keys.T)
    again = (keys[order][1:] == keys[order][:-1]).all(axis=1)
    once = np.ones(len(order), dtype=bool)
    once[order[1:][again]] = False
    return streets.only(once)
