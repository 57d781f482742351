"""
The CPU seconds that a solver is given, and the end of its process when they are spent.

What the process computes is counted, on all its threads, and not what other processes do meanwhile. A
process beside it looks at its clock and ends it without a word: what a solver has told by then stands. (The
system's own timer of CPU time counts in ticks: on a busy machine it runs fast.)
"""

import os
import subprocess
import sys
from collections.abc import Callable
from time import process_time

from routing.task import Task

Orders = dict[str, tuple[Task, ...]]
Tell = Callable[[Callable[[], Orders]], None]
"""Hand over an answer; it is written out only where enough time has passed since the last one."""

LATE_S, LATE_SHARE = 0.1, 0.02
"""A solver looks at the clock now and then: what it hands over so much later counts as in time."""


WATCHING = """
import os, signal, sys, time
pid, until = int(sys.argv[1]), float(sys.argv[2])
clock = ~pid << 3 | 2  # the CPU clock of another process, as Linux numbers it
while os.getppid() == pid:
    left = until - time.clock_gettime(clock)
    if left <= 0:
        os.kill(pid, signal.SIGKILL)
    time.sleep(min(0.5, max(0.005, left / 2)))
"""


class Clock:
    """Hold how long a solver may compute; started anew for each effort that has the whole time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._began_s = 0.0
        self._watch: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to count, and have the process ended when the time is over."""
        self.stop()
        self._began_s = process_time()
        until_s = self._began_s + self.seconds * (1 + LATE_SHARE) + LATE_S
        command = [sys.executable, "-I", "-S", "-c", WATCHING, str(os.getpid()), str(until_s)]
        self._watch = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.kill()
            self._watch.wait()
            self._watch = None

    @property
    def spent_s(self) -> float:
        return process_time() - self._began_s

    @property
    def over(self) -> bool:
        return self.spent_s >= self.seconds
