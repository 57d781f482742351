"""
What a child is sent to do: ask engines one after another, and send home what is better.

Each engine starts from the best that those before it found. What an engine says is scheduled, mended
and judged here, beside the engine, so that the asking process has little to do; it judges again
whatever it takes, for a child is never trusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from routing.engine import Engine, Orders, Question, orders_of
from routing.judge import Judge, Rank
from routing.mending import mended, plan_of
from routing.part import Part
from routing.plan import Plan
from routing.problem import Problem

JUDGING_SHARE = 20
"""Judging what a steady engine yields takes one part in so many of its time; the last is always judged."""

JUDGEMENTS_KEPT = 2
"""Time is kept for so many judgements after an engine was to end."""

MENDING_SHARE = 0.2
"""The part of the time that mending one answer may take, so that the next is not kept waiting."""


@dataclass(frozen=True)
class Turn:
    """
    Hold an engine and for how many iterations it is asked; ``None`` is for as long as there is time.

    A ``steady`` engine yields ever better plans that need no mending, so that the last is the best.
    """

    engine: Engine
    iterations: int | None = None
    steady: bool = False

    @property
    def word(self) -> str:
        return self.engine.__name__


@dataclass(frozen=True)
class Errand:
    """
    Hold what a child is to do: whose turns, from which plan, for how long, on which part of it.

    It ends so many seconds after it began, and at ``until_s`` of the clock that all processes share.
    """

    turns: tuple[Turn, ...]
    start: Plan
    seconds: float
    until_s: float
    seed: int
    part: Part | None = None


@dataclass(frozen=True)
class Begun:
    """Tell that a child is at work."""


@dataclass(frozen=True)
class Found:
    """Hold orders that are better than all the errand had before, whose they are, and their rank there."""

    word: str
    orders: Orders
    rank: Rank


@dataclass(frozen=True)
class Refused:
    """Hold the rule that an engine's answer broke."""

    word: str
    code: str


def run(problem: Problem, errand: Errand) -> Iterator[Begun | Found | Refused]:
    """Do an errand: what a child begins with."""
    yield Begun()
    until_s = min(monotonic() + errand.seconds, errand.until_s)
    start = errand.start
    if errand.part is not None:
        problem, start = errand.part.problem_of(problem), errand.part.plan_of(start)
    began_s = monotonic()
    judge = Judge(problem, start, "start", lambda _cents, _word: None)
    kept_s = JUDGEMENTS_KEPT * (monotonic() - began_s)
    for turn in errand.turns:
        left_s = until_s - kept_s - monotonic()
        if left_s > 0 or turn.iterations is not None:
            asked = Question(problem, judge.plan, max(0.0, left_s), errand.seed, turn.iterations)
            yield from _judged(judge, turn, asked, until_s)


def _judged(judge: Judge, turn: Turn, asked: Question, until_s: float) -> Iterator[Found | Refused]:
    """Judge an engine's answers; of a steady one that looks at the clock, as many as leave it its time."""
    may_wait = turn.steady and turn.iterations is None
    waiting: list[object] = []
    next_s = 0.0
    for answer in turn.engine(asked):
        waiting = [answer]
        if may_wait and monotonic() < next_s:
            continue
        began_s = monotonic()
        yield from _sent(judge, turn, asked.problem, waiting.pop(), until_s)
        next_s = began_s + JUDGING_SHARE * (monotonic() - began_s)
    for answer in waiting:
        yield from _sent(judge, turn, asked.problem, answer, until_s)


def _sent(
    judge: Judge, turn: Turn, problem: Problem, answer: object, until_s: float
) -> Iterator[Found | Refused]:
    plan = plan_of(problem, answer)
    if plan is not None and not turn.steady:
        hurry_s = monotonic() + MENDING_SHARE * max(0.0, until_s - monotonic())
        plan = mended(problem, plan, lambda: monotonic() > hurry_s)
    refused = len(judge.refused)
    if judge.consider(plan, turn.word):
        yield Found(turn.word, orders_of(judge.plan), judge.rank)
    elif len(judge.refused) > refused:
        yield Refused(turn.word, judge.refused[-1])
