"""
Ways that share a road, side by side: where several go each has a lane, where one goes it has the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

Point = tuple[float, float]
Piece = tuple[Point, Point]


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
    directions: dict[frozenset[Point], Piece] = {}
    users: dict[frozenset[Point], list[int]] = {}
    pieces = [_pieces(way) for way in ways]
    for number, way in enumerate(pieces):
        for piece in way:
            directions.setdefault(frozenset(piece), piece)
            group = users.setdefault(frozenset(piece), [])
            if number not in group:
                group.append(number)

    def aside(number: int, piece: Piece) -> float:
        group = users[frozenset(piece)]
        lane = group.index(number) - (len(group) - 1) / 2
        return lane if directions[frozenset(piece)] == piece else -lane

    return tuple(
        tuple(
            _run([piece for _, piece in run], lane)
            for lane, run in groupby(
                ((aside(number, piece), piece) for piece in way), key=lambda each: each[0]
            )
        )
        for number, way in enumerate(pieces)
    )


def _pieces(way: Sequence[Point]) -> list[Piece]:
    points = [(round(lat, 6), round(lon, 6)) for lat, lon in way]
    return [(a, b) for a, b in pairwise(points) if a != b]


def _run(pieces: Sequence[Piece], lane: float) -> Run:
    return Run((pieces[0][0], *(end for _, end in pieces)), lane)
