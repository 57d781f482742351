"""
The CPU seconds that a solver is given, and the end of its process when they are spent.

The timer counts what the process computes, on all its threads, and not what other processes do
meanwhile. It ends the process without a word: what a solver has told by then stands.
"""

import signal
from collections.abc import Callable
from time import process_time

from routing.task import Task

Orders = dict[str, tuple[Task, ...]]
Tell = Callable[[Callable[[], Orders]], None]
"""Hand over an answer; it is written out only where enough time has passed since the last one."""

LATE_S, LATE_SHARE = 0.1, 0.02
"""A solver looks at the clock now and then: what it hands over so much later counts as in time."""


class Clock:
    """Hold how long a solver may compute; started anew for each effort that has the whole time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._began_s = 0.0

    def start(self) -> None:
        """Begin to count, and have the process ended when the time is over."""
        signal.setitimer(signal.ITIMER_PROF, self.seconds * (1 + LATE_SHARE) + LATE_S)
        self._began_s = process_time()

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    @property
    def spent_s(self) -> float:
        return process_time() - self._began_s

    @property
    def over(self) -> bool:
        return self.spent_s >= self.seconds
