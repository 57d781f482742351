"""Seconds and metres between every two of a list of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Grid = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """
    Hold the fastest way between places, by index: seconds, and the metres of that same way.

    Both grids are n × n whole numbers, row = from, column = to, and are not writable. Every
    place can be reached from every other: the network keeps one strongly connected part.
    """

    durations_s: Grid
    distances_m: Grid

    def __post_init__(self) -> None:
        for grid in (self.durations_s, self.distances_m):
            if grid.ndim != 2 or grid.shape[0] != grid.shape[1] or grid.shape != self.durations_s.shape:
                raise ValueError("A matrix is square, and seconds and metres have the same shape.")
            if grid.size and int(grid.min()) < 0:
                raise ValueError("Seconds and metres are never negative.")
            grid.setflags(write=False)

    def __reduce__(self) -> tuple[type["Matrix"], tuple[Grid, Grid]]:
        """Travel to another process without the rows below, which take many times the room."""
        return Matrix, (self.durations_s, self.distances_m)

    @cached_property
    def seconds(self) -> list[list[int]]:
        """Return the seconds as plain rows: ten times faster to look up one by one."""
        rows: list[list[int]] = self.durations_s.tolist()
        return rows

    @cached_property
    def metres(self) -> list[list[int]]:
        """Return the metres as plain rows."""
        rows: list[list[int]] = self.distances_m.tolist()
        return rows

    def only(self, places: Sequence[int]) -> "Matrix":
        """Return the matrix of some of the places, in this order."""
        chosen = np.ix_(places, places)
        return Matrix(self.durations_s[chosen], self.distances_m[chosen])

    @cached_property
    def furthest(self) -> int:
        """Return the most seconds or metres between any two places."""
        return max((int(grid.max()) for grid in (self.durations_s, self.distances_m) if grid.size), default=0)

    @property
    def size(self) -> int:
        return int(self.durations_s.shape[0])
