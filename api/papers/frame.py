"""
The frame of a map: which piece of the earth is drawn, and where a point of it lies on the sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

METRES_PER_DEGREE = 111_195.0
SHEET_WIDTH = 800.0
"""Width of a map in print and as a file; text is 16 units high, 3.6 mm on A4."""
PHONE_WIDTH = 500.0
"""Width of a map on a page: on a phone of 390 points its text is more than 11 points high."""
MARGIN = 0.07
"""Room around what is drawn, as a part of its longer side."""
SMALLEST_M = 800.0
"""A frame is never narrower than this: a single stop still shows the streets around it."""
FLATTEST, TALLEST = 1.9, 1.25
"""Width over height: a frame outside of these grows, so that every map suits a phone and a page."""


@dataclass(frozen=True)
class Frame:
    """
    Hold a rectangle of the earth drawn on a sheet ``width`` units wide, north up.

    Equirectangular at the mean latitude: true to shape within 0.5 % over a region.
    """

    min_lat: float
    min_lon: float
    max_lat: float
    max_lon: float
    width: float = SHEET_WIDTH

    @cached_property
    def shrink(self) -> float:
        return cos(radians((self.min_lat + self.max_lat) / 2))

    @cached_property
    def units_per_m(self) -> float:
        return self.width / ((self.max_lon - self.min_lon) * self.shrink * METRES_PER_DEGREE)

    @cached_property
    def height(self) -> float:
        return (self.max_lat - self.min_lat) * METRES_PER_DEGREE * self.units_per_m

    def box(self, beside: float) -> tuple[float, float, float, float]:
        """Return south, west, north, east, with so many units more on every side."""
        tall = beside / self.units_per_m / METRES_PER_DEGREE
        wide = tall / self.shrink
        return self.min_lat - tall, self.min_lon - wide, self.max_lat + tall, self.max_lon + wide

    def on_sheet(self, points: Points) -> Points:
        """Turn (lat, lon) rows into (x, y) rows; y grows to the south."""
        lat, lon = points[:, 0], points[:, 1]
        x = (lon - self.min_lon) * self.shrink * METRES_PER_DEGREE * self.units_per_m
        y = (self.max_lat - lat) * METRES_PER_DEGREE * self.units_per_m
        return np.column_stack((x, y))


def frame_around(points: Iterable[tuple[float, float]], width: float = SHEET_WIDTH) -> Frame:
    """Frame (lat, lon) points with a margin, no flatter and no taller than a sheet bears."""
    rows = np.asarray(list(points), dtype=np.float64).reshape(-1, 2)
    if not len(rows):
        rows = np.zeros((1, 2))
    low, high = rows.min(axis=0), rows.max(axis=0)
    centre = (low + high) / 2
    degrees_m = np.array([METRES_PER_DEGREE, METRES_PER_DEGREE * cos(radians(centre[0]))])
    tall, wide = (high - low) * degrees_m
    margin = 2 * MARGIN * max(tall, wide)
    tall, wide = max(tall + margin, SMALLEST_M), max(wide + margin, SMALLEST_M)
    tall, wide = max(tall, wide / FLATTEST), max(wide, tall * TALLEST)
    half = np.array([tall, wide]) / 2 / degrees_m
    (min_lat, min_lon), (max_lat, max_lon) = (centre - half).tolist(), (centre + half).tolist()
    return Frame(min_lat, min_lon, max_lat, max_lon, width)
