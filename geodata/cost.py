"""
Seconds and metres of one way in one whole number, so that a search carries both and compares once.

The upper half counts milliseconds, the lower half centimetres. Adding two such costs adds both; the
smaller of two is the faster way, and of two ways equally fast the shorter. No rounding ever makes the metres
those of another way than the seconds.
"""

import numpy as np
import numpy.typing as npt

from geodata.snapping import Floats

Costs = npt.NDArray[np.int64]

MILLISECOND = 1 << 32
"""One millisecond, as a cost; what is below are centimetres."""

NEVER = 1 << 61
"""The cost of what cannot be driven; two of them still add up without overflow."""

LONGEST_S = 100_000
"""The slowest arc that may be driven: more than a day, and a fifth of what ``NEVER`` begins at."""


def costs(seconds: Floats, metres: Floats) -> Costs:
    """Return costs of ways so many seconds and metres long; what is infinite is never."""
    open_way = np.isfinite(seconds)
    milliseconds = np.rint(np.where(open_way, np.minimum(seconds, LONGEST_S), 0) * 1000).astype(np.int64)
    centimetres = np.rint(np.where(open_way, metres, 0) * 100).astype(np.int64)
    told: Costs = np.where(open_way, milliseconds * MILLISECOND + centimetres, NEVER)
    return told


def seconds_of(cost: Costs) -> Floats:
    """Return the seconds of ways, infinite where there is none."""
    seconds: Floats = np.where(cost < NEVER, (cost >> 32) / 1000, np.inf)
    return seconds


def metres_of(cost: Costs) -> Floats:
    """Return the metres of ways, infinite where there is none."""
    metres: Floats = np.where(cost < NEVER, (cost & (MILLISECOND - 1)) / 100, np.inf)
    return metres
