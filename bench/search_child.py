"""
One run of one solver in a process of its own: a problem goes in, its answers come out line by line.

    python -m bench.search_child '{"solver": "vroom", "instance": "lc101.txt", "seconds": 10, "seed": 1}'
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.search_clock import Clock, Orders
from routing.instance_files import read_instance
from routing.instances import problem_of
from routing.problem import Problem

WRITING_SHARE = 0.05
"""Writing answers out may take this share of the time: of those that come closer, some are not written."""


class Writing:
    """Write answers as lines: when the first comes, then not too often, and the last one in any case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._written_s = -clock.seconds
        self._writing_s = 0.0
        self._waiting: Callable[[], Orders] | None = None

    def tell(self, answer: Callable[[], Orders]) -> None:
        self._waiting = answer
        since_s = self._clock.spent_s - self._written_s
        if since_s < 0 or since_s * WRITING_SHARE >= self._writing_s:
            self.flush()

    def flush(self) -> None:
        if self._waiting is None:
            return
        self._written_s = self._clock.spent_s
        orders = {
            vehicle: [f"{t.kind[0]}{t.id}" for t in tasks] for vehicle, tasks in self._waiting().items()
        }
        print(json.dumps({"cpu_s": round(self._written_s, 3), "orders": orders}), flush=True)
        self._waiting = None
        self._writing_s = max(0.0, self._clock.spent_s - self._written_s)


def problem_in(spec: dict[str, Any]) -> Problem:
    if "instance" in spec:
        return problem_of(read_instance(Path(spec["instance"])))
    from bench.search_days import Size, read_day

    return read_day(Path(spec["places"]), Size(spec["shipments"]), spec["day"])


def main(words: str) -> None:
    """Solve, and hand over the last answer when the solver ends."""
    spec = json.loads(words)
    solver = import_module(f"bench.search_{spec['solver']}")
    problem = problem_in(spec)
    clock = Clock(spec["seconds"])
    writing = Writing(clock)
    solver.solve(problem, clock, spec["seed"], writing.tell)
    clock.stop()
    writing.flush()


if __name__ == "__main__":
    main(sys.argv[1])
