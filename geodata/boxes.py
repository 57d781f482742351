"""
Lines in a tree of boxes: which of them comes nearest to a point.

A packed tree as Kamel and Faloutsos describe it (1993), with Morton's curve for Hilbert's: the boxes of
lines that lie near each other are neighbours in one array, and each sixteen of them have a box around them
one level up. It stands within tenths of a second for a French region, so that it need not be kept.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geodata.compiling import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WIDTH = 16
"""So many boxes have one box around them."""

WAITING = 256
"""More boxes wait at no moment of a search: those beside the way down, on at most sixteen levels."""

GRID = 65_535
"""The middles of boxes are put in order on a grid of so many steps each way."""

SLACK = 1 + 1e-9
"""A box is opened too where rounding alone may have put it farther off than the best line."""


@dataclass(frozen=True, eq=False)
class Plane:
    """
    Hold what lays latitudes and longitudes on a plane that touches the middle of a region, in metres.

    ``scale`` has the metres of a degree of each. Nothing is kept laid out: it is one product for each point.
    """

    middle: Floats
    scale: Floats

    def flat(self, points: Floats) -> Floats:
        """Return x and y of latitudes and longitudes."""
        laid: Floats = ((points - self.middle) * self.scale)[:, ::-1]
        return laid


@dataclass(frozen=True, eq=False)
class LineTree:
    """
    Hold lines in a tree; line ``n`` has the latitudes and longitudes ``points[start[n]:start[n + 1]]``.

    ``boxes`` are those of ``lines``, in their order, then of each level above; level ``k`` ends before
    ``ends[k]``.
    """

    plane: Plane
    points: Floats
    start: Ints
    lines: Ints
    boxes: Floats
    ends: Ints

    def nearest(self, spots: Floats, later: Flags) -> Ints:
        """
        Return the line nearest to each of some spots of the plane.

        Of lines equally near one that is not ``later`` goes first, then the least number.
        """
        plane = self.plane
        columns = (self.points, self.start, self.lines, self.boxes, self.ends)
        return _nearest(np.ascontiguousarray(spots), later, *columns, plane.middle, plane.scale)


def tree_of(lines: Ints, points: Floats, start: Ints, plane: Plane) -> LineTree:
    """Put some lines into a tree; there is at least one."""
    boxes = _boxes(lines, points, start, plane.middle, plane.scale)
    order = np.argsort(_places(boxes), kind="stable")
    levels = [boxes[order]]
    while len(levels[-1]) > 1:
        levels.append(_around(levels[-1]))
    ends = np.cumsum([len(level) for level in levels])
    return LineTree(plane, points, start, lines[order], np.concatenate(levels), ends)


def _places(boxes: Floats) -> Ints:
    """Return where the middle of each box comes on Morton's curve."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    low = middles.min(axis=0)
    wide = max(float((middles.max(axis=0) - low).max()), 1.0)
    x, y = ((middles - low) / wide * GRID).astype(np.int64).T
    place: Ints = _spread(x) | _spread(y) << 1
    return place


def _spread(number: Ints) -> Ints:
    """Return sixteen bits with a nought before each."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        number = (number | number << shift) & mask
    return number


def _around(boxes: Floats) -> Floats:
    """Return the box around each sixteen."""
    firsts = np.arange(0, len(boxes), WIDTH)
    low = np.minimum.reduceat(boxes[:, :2], firsts)
    return np.concatenate([low, np.maximum.reduceat(boxes[:, 2:], firsts)], axis=1)


@compiled
def _boxes(lines: Ints, points: Floats, start: Ints, middle: Floats, scale: Floats) -> Floats:
    """Return the least and the greatest x and y of each line."""
    boxes = np.empty((len(lines), 4))
    for row in range(len(lines)):
        boxes[row, :2], boxes[row, 2:] = np.inf, -np.inf
        for at in range(start[lines[row]], start[lines[row] + 1]):
            for axis in range(2):
                flat = (points[at, 1 - axis] - middle[1 - axis]) * scale[1 - axis]
                boxes[row, axis] = min(boxes[row, axis], flat)
                boxes[row, 2 + axis] = max(boxes[row, 2 + axis], flat)
    return boxes


@compiled
def _nearest(
    spots: Floats,
    later: Flags,
    points: Floats,
    start: Ints,
    lines: Ints,
    boxes: Floats,
    ends: Ints,
    middle: Floats,
    scale: Floats,
) -> Ints:
    found = np.empty(len(spots), np.int64)
    waiting, apart, level_of = np.empty(WAITING, np.int64), np.empty(WAITING), np.empty(WAITING, np.int64)
    for row in range(len(spots)):
        x, y = spots[row, 0], spots[row, 1]
        best, line = np.inf, np.int64(-1)
        waiting[0], apart[0], level_of[0], count = len(boxes) - 1, 0.0, len(ends) - 1, 1
        while count:
            count -= 1
            box, level = waiting[count], level_of[count]
            if apart[count] > best * SLACK:
                continue
            if level == 0:
                one = lines[box]
                off = _off(x, y, points, start[one], start[one + 1], middle, scale)
                if off < best or (off == best and (later[one], one) < (later[line], line)):
                    best, line = off, one
                continue
            below = ends[level - 2] if level > 1 else 0
            first = below + (box - ends[level - 1]) * WIDTH
            begin = count
            for child in range(first, min(first + WIDTH, ends[level - 1])):
                far = _beside(x, y, boxes, child)
                at = count
                while at > begin and apart[at - 1] < far:  # the nearest is opened first
                    waiting[at], apart[at], level_of[at] = waiting[at - 1], apart[at - 1], level_of[at - 1]
                    at -= 1
                waiting[at], apart[at], level_of[at] = child, far, level - 1
                count += 1
        found[row] = line
    return found


@compiled
def _beside(x: float, y: float, boxes: Floats, box: int) -> float:
    """Return how far a spot lies from a box."""
    across = max(boxes[box, 0] - x, x - boxes[box, 2], 0.0)
    along = max(boxes[box, 1] - y, y - boxes[box, 3], 0.0)
    return float(np.sqrt(across * across + along * along))


@compiled
def _off(x: float, y: float, points: Floats, first: int, end: int, middle: Floats, scale: Floats) -> float:
    """Return how far a spot lies from a line."""
    best = np.inf
    ax, ay = (points[first, 1] - middle[1]) * scale[1], (points[first, 0] - middle[0]) * scale[0]
    for at in range(first + 1, end):
        bx, by = (points[at, 1] - middle[1]) * scale[1], (points[at, 0] - middle[0]) * scale[0]
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        share = ((x - ax) * dx + (y - ay) * dy) / square if square > 0.0 else 0.0
        if share <= 0.0:
            off = np.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay))
        elif share >= 1.0:
            off = np.sqrt((x - bx) * (x - bx) + (y - by) * (y - by))
        else:
            off = np.abs(((ay - y) * dx - (ax - x) * dy) / square) * np.sqrt(square)
        best = min(best, off)
        ax, ay = bx, by
    return best
