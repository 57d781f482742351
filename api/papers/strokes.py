"""
Lines as ink: roads and ways turned into short SVG paths, and arrows along a way.

Roads are taken by box and by scale: where a map shows so much of the earth that small roads would
be a grey blur, it shows the larger ones only.

Paths are written in tenths of a unit with whole numbers, each point relative to the one before:
a third of the length of plain coordinates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import atan2, degrees, hypot

import numpy as np
import numpy.typing as npt
import shapely

from api.papers.frame import Frame, Points
from geodata.streets import Streets

TENTHS = 10
SIMPLIFY_M = 3.0
FINEST_UNITS = 0.35
"""No line needs more detail than a third of a unit, about 0.08 mm in print."""
ARROW_EVERY = 75.0
ARROW_ROOM = 24.0

BESIDE = 5.0
"""Units around the frame that are drawn too, so that no road ends before the edge of the map."""
ROOM = 1.0
"""Units of the sheet that a road takes beside its own width: what keeps it apart from the next."""
GROUND = 0.4
"""
So much of the sheet roads may take with their room; else the smallest are left out.

Beyond it they are a grey ground in which no road can be followed, that drowns the ways above, and up to a
megabyte of it. A county keeps its streets on a phone (0.35), a region of 400 km its main roads only.
"""


@dataclass(frozen=True)
class Ink:
    """Hold how a class of roads is drawn: stroke width in units on a map of 25 m to the unit."""

    name: str
    width: float
    classes: tuple[str, ...]


INKS = (
    Ink("lane", 0.45, ("service", "track", "pedestrian", "living_street", "footway", "path", "cycleway")),
    Ink("street", 0.7, ("residential", "unclassified", "road")),
    Ink("tertiary", 1.3, ("tertiary", "tertiary_link")),
    Ink("secondary", 1.9, ("secondary", "secondary_link")),
    Ink("primary", 2.5, ("primary", "primary_link", "motorway_link", "trunk_link")),
    Ink("motorway", 3.2, ("motorway", "trunk")),
)
"""From below to above."""

_INK_OF = {road_class: ink for ink in INKS for road_class in ink.classes}


@dataclass(frozen=True)
class Stroke:
    """Hold one path to draw, its coordinates in tenths of a unit; its width is in tenths too."""

    name: str
    width: int
    path: str


@dataclass(frozen=True)
class Arrow:
    """Hold where an arrow stands, in units, and where it points, in degrees from east to south."""

    x: float
    y: float
    turn: float


def road_strokes(streets: Streets, frame: Frame) -> tuple[Stroke, ...]:
    """Draw the roads inside a frame that can be told apart there, one path per class."""
    near = streets.within(*frame.box(BESIDE))
    by_ink = {ink: near.of([one for one in near.classes if ink_of(one) is ink]) for ink in INKS}
    taken = {
        ink: float(roads.length_m.sum()) * frame.units_per_m * (stroke_width(ink, frame) / TENTHS + ROOM)
        for ink, roads in by_ink.items()
    }
    strokes = (
        Stroke(ink.name, stroke_width(ink, frame), _path_of(by_ink[ink], frame))
        for ink in inks_within(taken, frame.width * frame.height * GROUND)
    )
    return tuple(stroke for stroke in strokes if stroke.path)


def _path_of(streets: Streets, frame: Frame) -> str:
    return stroke_path(streets.lines(), streets.count, frame)


def inks_within(taken: Mapping[Ink, float], limit: float) -> tuple[Ink, ...]:
    """
    Return the classes to draw, from below to above: the largest roads first, until they take the limit.

    The largest that there is always shows.
    """
    largest_first = [ink for ink in reversed(INKS) if taken[ink]]
    drawn = np.cumsum([taken[ink] for ink in largest_first])
    return tuple(reversed(largest_first[: max(1, int((drawn <= limit).sum()))]))


def ink_of(road_class: str) -> Ink:
    """Return how a class of roads is drawn; what we do not know as a street."""
    return _INK_OF.get(road_class, INKS[1])


def stroke_width(ink: Ink, frame: Frame) -> int:
    """Return the width of a stroke in tenths of a unit: wider where the map shows less of the earth."""
    swell: float = min(max((0.04 / frame.units_per_m) ** -0.5, 0.75), 2.6)
    return round(ink.width * swell * TENTHS)


def stroke_path(points: Points, counts: npt.NDArray[np.int64], frame: Frame) -> str:
    """
    Write lines as one path: projected, cut to the frame, joined end to end, and simplified; all at once.

    Their points (lat, lon) follow each other, ``counts`` to each line.
    """
    if not len(counts):
        return ""
    number = np.repeat(np.arange(len(counts)), counts)
    whole = shapely.linestrings(frame.on_sheet(points), indices=number)
    cut = shapely.clip_by_rect(whole, -BESIDE, -BESIDE, frame.width + BESIDE, frame.height + BESIDE)
    parts = shapely.get_parts(cut)
    joined = shapely.line_merge(shapely.multilinestrings(parts[shapely.length(parts) > 0]))
    tolerance = max(SIMPLIFY_M * frame.units_per_m, FINEST_UNITS)
    fine = shapely.simplify(shapely.get_parts(joined), tolerance, preserve_topology=False)
    return _path(*shapely.get_coordinates(fine, return_index=True))


def sheet_line(points: Sequence[tuple[float, float]], frame: Frame, aside: float) -> Points:
    """
    Project a way and move it ``aside`` units to the right of its direction.

    So a way that comes back on the same road shows as two lines.
    """
    return sheet_lines([points], [aside], frame)


def sheet_lines(
    lines: Sequence[Sequence[tuple[float, float]]], asides: Sequence[float], frame: Frame
) -> Points:
    """Project lines that follow each other, each moved by its own ``aside``; return them as one line."""
    points = np.array(list(chain.from_iterable(lines)), dtype=np.float64).reshape(-1, 2)
    line = np.repeat(np.arange(len(lines)), np.array([len(one) for one in lines], dtype=np.int64))
    rows = frame.on_sheet(points)
    moves = (np.abs(np.diff(rows, axis=0, prepend=np.inf)) > 1e-9).any(axis=1)
    kept = moves | (np.diff(line, prepend=-1) != 0)
    rows, line = np.asarray(rows[kept]), line[kept]
    drawn = np.bincount(line, minlength=len(lines))[line] > 1
    if not drawn.any():
        return rows
    numbers, line = np.unique(line[drawn], return_inverse=True)
    geometries = shapely.linestrings(rows[drawn], indices=line)
    fine, at = shapely.get_coordinates(
        shapely.simplify(geometries, 0.7, preserve_topology=False), return_index=True
    )
    return _moved_aside(fine, at, np.asarray(asides, dtype=np.float64)[numbers][at])


def _moved_aside(rows: Points, line: npt.NDArray[np.int64], aside: Points) -> Points:
    """Move each corner along the mean of its two normals, and turn around a hairpin by two corners."""
    ways = np.diff(rows, axis=0)
    ways = ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-9)
    normals = np.column_stack((-ways[:, 1], ways[:, 0]))
    first = np.diff(line, prepend=-1) != 0
    last = np.roll(first, -1)
    before, after = np.vstack((normals[:1], normals)), np.vstack((normals, normals[-1:]))
    before[first], after[last] = after[first], before[last]
    bend = (before * after).sum(axis=1)
    sharp = bend <= 0.2
    step = np.where(sharp[:, None], before, (before + after) / (1 + np.maximum(bend, 0.2))[:, None])
    moved: Points = np.repeat(rows + step * aside[:, None], 1 + sharp, axis=0)
    moved[np.cumsum(1 + sharp)[sharp] - 1] = (rows + after * aside[:, None])[sharp]
    return moved


def line_path(rows: Points) -> str:
    return _path(rows, np.zeros(len(rows), dtype=np.int64))


def _path(points: Points, line: npt.NDArray[np.int64]) -> str:
    """Write lines as one SVG path in tenths of a unit; ``line`` is the number of the one of each point."""
    tenths = np.rint(points * TENTHS).astype(np.int64)
    steps = np.diff(tenths, axis=0, prepend=0)
    first = np.diff(line, prepend=-1) != 0
    moves = steps.any(axis=1) & ~first
    first &= np.isin(line, line[moves])
    tenths[~first] = steps[~first]
    drawn = first | moves
    pieces = [
        f"M{x} {y}l" if begins else f"{x} {y} "
        for begins, (x, y) in zip(first[drawn].tolist(), tenths[drawn].tolist(), strict=True)
    ]
    return "".join(pieces).replace(" -", "-").replace(" M", "M").rstrip()


def arrows_along(rows: Points, keep_off: Points) -> tuple[Arrow, ...]:
    """Place arrows along a way as it goes, none near another nor near the points to keep off."""
    if len(rows) < 2:
        return ()
    line = shapely.linestrings(rows)
    length = float(shapely.length(line))
    at = np.arange(ARROW_EVERY / 3, length, ARROW_EVERY / 3)
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(at + 4, length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at - 4, 0)))
    arrows: list[Arrow] = []
    since = ARROW_EVERY
    for (x, y), (dx, dy) in zip(here.tolist(), (ahead - behind).tolist(), strict=True):
        since += ARROW_EVERY / 3
        others = [(arrow.x, arrow.y) for arrow in arrows]
        free = all(hypot(x - a, y - b) > ARROW_ROOM for a, b in (*others, *keep_off.tolist()))
        if free and since >= ARROW_EVERY:
            arrows.append(Arrow(round(x, 1), round(y, 1), round(degrees(atan2(dy, dx)), 1)))
            since = 0.0
    return tuple(arrows)
