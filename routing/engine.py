"""
The engines of a search, each by one name: it is asked a question, and yields orders of visits.

An engine is a function at the top of a module, so that a child can be told of it. What it imports,
only a child pays for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from routing.plan import Plan
from routing.problem import Problem
from routing.task import Task

Orders = dict[str, tuple[Task, ...]]
"""The visits of each vehicle that moves, in order, by the vehicle's id."""


@dataclass(frozen=True)
class Question:
    """
    Hold what an engine is asked: to better a plan within so many seconds.

    With ``iterations`` it counts those (of VROOM, answers) and does not look at the clock. A plan to
    start from may leave everything behind.
    """

    problem: Problem
    start: Plan
    seconds: float
    seed: int = 1
    iterations: int | None = None


Engine = Callable[[Question], Iterator[object]]
"""Yields orders of visits by vehicle; nothing that it yields is trusted."""


def vroom(asked: Question) -> Iterator[object]:
    """Ask VROOM, ever more thoroughly."""
    from routing.vroom_engine import vroom_answers

    yield from islice(vroom_answers(asked.problem, asked.start, asked.seconds), asked.iterations)


def search(asked: Question) -> Iterator[object]:
    """Search with our own compiled engine, which begins several times where there is nothing to better."""
    from routing.search import search_answers

    yield from search_answers(
        asked.problem,
        asked.start if asked.start.served else None,
        asked.seconds,
        seed=asked.seed,
        iterations=asked.iterations,
        clock=monotonic,
    )


def orders_of(plan: Plan) -> Orders:
    return {route.vehicle: route.tasks for route in plan.routes}
