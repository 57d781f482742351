"""How much of a search's time is over: by a clock, or by counting iterations."""

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time

Clock = Callable[[], float]
"""Tells seconds: of this thread's own processor time, or of the wall."""

PORTIONS = 100
"""A phase looks at the clock about so many times."""

FIRST_PORTION = 20
LARGEST_GROWTH, LARGEST_SHRINK = 4.0, 0.25


@dataclass
class Budget:
    """Tell what part is done, and how many iterations to run before asking again."""

    seconds: float | None
    iterations: int | None
    clock: Clock = thread_time
    _portion: int = 0
    _spent: int = 0

    def __post_init__(self) -> None:
        self._began_s = self._asked_s = self.clock()

    def done(self) -> float:
        """Return the part that is over, from 0 to 1 and beyond."""
        if self.iterations is not None:
            return self._spent / max(1, self.iterations)
        return (self.clock() - self._began_s) / max(1e-9, self.seconds or 0.0)

    def begin(self) -> None:
        """Begin another phase, whose iterations may take more or less than those before."""
        self._portion, self._asked_s = 0, self.clock()

    def portion(self) -> int:
        """Return how many iterations to run now: about a hundredth of the time."""
        if self.iterations is not None:
            self._portion = max(1, min(self.iterations // PORTIONS, self.iterations - self._spent))
        else:
            self._portion = self._timed_portion(self.seconds or 0.0)
        self._spent += self._portion
        return self._portion

    def _timed_portion(self, seconds: float) -> int:
        now_s = self.clock()
        took_s, self._asked_s = now_s - self._asked_s, now_s
        if not self._portion:
            return FIRST_PORTION
        factor = seconds / PORTIONS / max(1e-5, took_s)
        return max(FIRST_PORTION, int(self._portion * min(LARGEST_GROWTH, max(LARGEST_SHRINK, factor))))


def clock_budget(seconds: float, clock: Clock) -> Budget:
    """Count seconds of a clock."""
    return Budget(seconds, None, clock)


def counted_budget(iterations: int) -> Budget:
    """Count iterations, so that a seed decides everything."""
    return Budget(None, iterations)
