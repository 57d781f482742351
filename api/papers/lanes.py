"""
Ways that share a road, side by side: where several go each has a lane, where one goes it has the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Ints = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.float64]

EXACT = 1e6
"""As finely as points are told apart: some 0.1 m."""
LANES_LIMIT = 7
"""Side by side lie so many ways at most; where more share a road they lie closer, on the same breadth."""


@dataclass(frozen=True)
class Run:
    """Hold a part of a way, and how many lanes to the right of its direction it is drawn."""

    points: tuple[Point, ...]
    aside: float


def in_lanes(ways: Sequence[Sequence[Point]]) -> tuple[tuple[Run, ...], ...]:
    """
    Cut each way into runs that keep one lane, so that no way covers another.

    Ways over the same roads hold the same points. The first to drive a piece of road gives it its
    direction; from there the lanes are counted, so a way and its own return share one lane.
    """
    points = np.array(list(chain.from_iterable(ways)), dtype=np.float64).reshape(-1, 2)
    number = np.repeat(np.arange(len(ways)), np.array([len(way) for way in ways], dtype=np.int64))
    spot = _spots(points)
    piece = np.flatnonzero((number[1:] == number[:-1]) & (spot[1:] != spot[:-1]))
    runs: list[list[Run]] = [[] for _ in ways]
    if len(piece):
        aside = _asides(number[piece], spot[piece], spot[piece + 1])
        breaks = np.flatnonzero((np.diff(number[piece]) != 0) | (np.diff(aside) != 0)) + 1
        for part, (lane, *_) in zip(np.split(piece, breaks), np.split(aside, breaks), strict=True):
            rows = points[[*part.tolist(), part[-1] + 1]].tolist()
            runs[number[part[0]]].append(Run(tuple((lat, lon) for lat, lon in rows), float(lane)))
    return tuple(map(tuple, runs))


def _spots(points: Lanes) -> Ints:
    """Number the points, equal ones alike."""
    lat, lon = np.rint(points.T * EXACT).astype(np.int64)
    found: Ints = np.unique(_paired(lat, lon - lon.min(initial=0)), return_inverse=True)[1].ravel()
    return found


def _asides(way: Ints, start: Ints, end: Ints) -> Lanes:
    """Return the lane of each piece of a way, which goes from one spot to another."""
    keys = _paired(np.minimum(start, end), np.maximum(start, end))
    _, first, road = np.unique(keys, return_index=True, return_inverse=True)
    _, user_first, user = np.unique(_paired(road, way), return_index=True, return_inverse=True)
    count = np.bincount(road[user_first])
    lane = user - (np.cumsum(count) - count)[road] - (count[road] - 1) / 2
    lane *= np.minimum(1, LANES_LIMIT / count)[road]
    along: Lanes = np.where(start[first][road] == start, lane, -lane)
    return along


def _paired(one: Ints, other: Ints) -> Ints:
    """Make one number of two, in their order; the other is 0 at least."""
    pair: Ints = one * (other.max(initial=0) + 1) + other
    return pair
