"""
Who searches when: the turns of insertion, VROOM and our own search, in rounds.

A round ends for all children at one time, and the next begins from the best that any of them found,
with other seeds. The first is short, so that a good plan is soon everybody's. Above a size each child
searches a neighbourhood of its own.
"""

import os
from dataclasses import dataclass

from routing.engine import Engine, search, vroom
from routing.errand import Errand, Turn
from routing.insertion import empty_plan
from routing.neighbourhoods import REQUESTS_PER_PART, parts
from routing.plan import Plan
from routing.problem import Problem

PROCESSES_LIMIT = 4

FIRST_SHARE, LONGEST_FIRST_SHARE, ROUND_SHARE, PARTS_SHARE = 0.1, 0.3, 0.2, 0.1
"""The parts of the time that rounds take: the first, at most; the next; those in which each has a part."""

ROUND_S = 0.006
"""No round is shorter than this for each request, the first than half of it: a search needs time to cool."""

SHORTEST_ROUND_S = 0.1
SMALL_REQUESTS = 40
SMALL_ITERATIONS, LEAST_ITERATIONS = 60, 4_000
QUIET_ROUNDS = 1
"""Up to so many requests one process does, a round is so many iterations each, and a quiet one the last."""

VROOM_REQUESTS = 200
QUICK_ANSWERS = 2
"""VROOM is asked up to so many requests, for its first answers: the next take many times as long."""

VROOM_SHARE = 0.3
VROOM_S = 1e-6
VROOM_POWER = 2.6
"""An answer takes about the requests to this power in such parts of a second, and this share of a round."""

MANY_REQUESTS = 400
"""Above so many requests, each child searches a part of the plan."""


@dataclass(frozen=True)
class Portfolio:
    """Hold what a search was asked for, and give each round its errands."""

    problem: Problem
    total_s: float
    seed: int = 1
    processes: int = 1
    iterations: int | None = None
    engine: Engine | None = None
    from_nothing: bool = False

    def round_s(self, number: int, left_s: float) -> float:
        """Return how long a round lasts; the last takes what is left."""
        if self._in_one_round:
            return left_s
        if self._is_small:
            return left_s
        seconds = max(SHORTEST_ROUND_S, self._first_s() if number == 0 else self._next_s())
        return left_s if left_s < 1.5 * seconds else seconds

    def _first_s(self) -> float:
        needed_s = ROUND_S * len(self.problem.requests) / 2
        return min(max(needed_s, FIRST_SHARE * self.total_s), LONGEST_FIRST_SHARE * self.total_s)

    def _next_s(self) -> float:
        needed_s = ROUND_S * min(len(self.problem.requests), REQUESTS_PER_PART)
        return max(needed_s, (PARTS_SHARE if self._is_large else ROUND_SHARE) * self.total_s)

    def is_quiet(self, rounds: int) -> bool:
        """Tell whether so many rounds without a better plan mean that none will come."""
        return rounds >= QUIET_ROUNDS and self._is_small

    def errands(
        self, number: int, plan: Plan, seconds: float, until_s: float, hands: int
    ) -> tuple[Errand, ...]:
        """Return the errands of a round for so many children, none where all is done."""
        if number and self._in_one_round:
            return ()
        seeds = [self.seed + number * self.processes + at for at in range(hands)]
        cut = parts(self.problem, plan, hands, seeds[0]) if number and self._is_large and seeds else ()
        whole = (None,) * hands
        return tuple(
            Errand(self._turns(number, at), self._start(number, at, plan), seconds, until_s, seeds[at], part)
            for at, part in enumerate(cut if len(cut) == hands else whole)
        )

    def _start(self, number: int, hand: int, plan: Plan) -> Plan:
        """Let all but the first child begin with nothing where nothing was given, so that they differ."""
        bare = empty_plan(self.problem) if number == 0 < hand and self.from_nothing else None
        return bare or plan

    @property
    def _in_one_round(self) -> bool:
        return self.engine is not None or self.iterations is not None

    @property
    def _is_small(self) -> bool:
        return len(self.problem.requests) <= SMALL_REQUESTS

    @property
    def _is_large(self) -> bool:
        return len(self.problem.requests) > MANY_REQUESTS

    def _turns(self, number: int, hand: int) -> tuple[Turn, ...]:
        if self.engine is not None:
            return (Turn(self.engine, self.iterations),)
        if self.iterations is not None:
            return (Turn(search, self.iterations, steady=True),)
        few = max(SMALL_ITERATIONS * len(self.problem.requests), LEAST_ITERATIONS) if self._is_small else None
        searches = Turn(search, few, steady=True)
        return (
            (Turn(vroom, QUICK_ANSWERS), searches)
            if number == hand == 0 and self._vroom_is_quick
            else (searches,)
        )

    @property
    def _vroom_is_quick(self) -> bool:
        requests = len(self.problem.requests)
        took_s = VROOM_S * requests**VROOM_POWER
        return requests <= VROOM_REQUESTS and took_s <= VROOM_SHARE * self.round_s(0, self.total_s)


def default_processes(problem: Problem) -> int:
    """Return a process for each core, but one for a small day: it is done before another has begun."""
    if len(problem.requests) <= SMALL_REQUESTS:
        return 1
    return min(PROCESSES_LIMIT, os.cpu_count() or 1)
