"""
Who searches when: the turns of insertion, VROOM and our own search, in rounds.

A round ends for all children at one time, and the next begins from the best that any of them found,
with other seeds. The first is short, so that a good plan is soon everybody's. Above a size each child
searches a neighbourhood of its own.
"""

import os
from dataclasses import dataclass

from routing.engine import Engine, insertion, search, vroom
from routing.errand import Errand, Turn
from routing.insertion import empty_plan
from routing.neighbourhoods import parts
from routing.plan import Plan
from routing.problem import Problem

PROCESSES_LIMIT = 4

FIRST_ROUND_SHARE = 0.1
ROUND_SHARE = 0.2
SHORTEST_ROUND_S = 0.1

SMALL_REQUESTS = 60
SMALL_ROUND_S = 0.01
"""Up to so many requests, a round lasts this long for each of them, and the search ends when it is quiet."""

QUIET_ROUNDS = 3
"""A small search is quiet after so many rounds without a better plan."""

FEW_REQUESTS = 200
"""Up to so many requests, first plans by insertion and by VROOM come within seconds, and are asked for."""

QUICK_ANSWERS = 2
"""Only VROOM's first answers come soon; the next take many times as long."""

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
        requests = len(self.problem.requests)
        if requests <= SMALL_REQUESTS:
            return min(left_s, max(SHORTEST_ROUND_S, SMALL_ROUND_S * requests))
        share = ROUND_SHARE if number else FIRST_ROUND_SHARE
        seconds = max(SHORTEST_ROUND_S, share * self.total_s)
        return left_s if left_s < 1.5 * seconds else seconds

    def is_quiet(self, rounds: int) -> bool:
        """Tell whether so many rounds without a better plan mean that none will come."""
        return rounds >= QUIET_ROUNDS and len(self.problem.requests) <= SMALL_REQUESTS

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
    def _is_large(self) -> bool:
        return len(self.problem.requests) > MANY_REQUESTS

    def _turns(self, number: int, hand: int) -> tuple[Turn, ...]:
        if self.engine is not None:
            return (Turn(self.engine, self.iterations),)
        if self.iterations is not None:
            return (Turn(search, self.iterations, steady=True),)
        few = len(self.problem.requests) <= FEW_REQUESTS
        first = [Turn(insertion)] if number == hand == 0 and few and self.from_nothing else []
        if number == hand == 0 and few:
            first.append(Turn(vroom, QUICK_ANSWERS))
        return (*first, Turn(search, steady=True))


def default_processes() -> int:
    return min(PROCESSES_LIMIT, os.cpu_count() or 1)
