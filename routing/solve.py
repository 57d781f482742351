"""
Improve a legal plan until a deadline, and never make it worse.

Acceptance never waits for this: the plan that comes in is legal and could be driven. The engine
runs in a process that may hang, crash or be killed; each of its answers is scheduled, mended and
judged here, and only a cheaper legal one replaces the plan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from routing.check import Violation, check
from routing.child import Child, Engine
from routing.cost import plan_cents
from routing.mending import mended, plan_of
from routing.plan import Plan
from routing.problem import Problem

JUDGING_SHARE = 0.25
"""The part of the time that judging the last answer may take, at most."""

JUDGING_FACTOR = 6
"""How many checks of a plan take as long as scheduling, mending and judging an answer in haste."""

MENDING_SHARE = 0.2
"""The part of the time that mending one answer may take, so that the next is not kept waiting."""


@dataclass(frozen=True)
class Solved:
    """
    Hold the best plan, who found it, how long that took, and how the search ended.

    ``engine_word`` is ``start`` where nothing better than the given plan was found.
    """

    plan: Plan
    engine_word: str
    seconds: float
    note: str


def vroom(problem: Problem, start: Plan, seconds: float) -> Iterator[object]:
    """Name the engine without importing it here: only the child pays for that."""
    from routing.vroom_engine import vroom_answers

    yield from vroom_answers(problem, start, seconds)


def solve(
    problem: Problem,
    *,
    start: Plan,
    deadline_s: float,
    engine: Engine | None = None,
    on_start: Callable[[int], None] | None = None,
) -> Solved:
    """
    Look for a cheaper legal plan than the start, for at most ``deadline_s`` seconds.

    The engine, ``vroom`` unless given, is a function at the top of a module; it is called in a
    process apart with the problem, the start and the seconds left, and yields orders of visits by
    vehicle. ``on_start`` is told that process's number. Whatever becomes of it, the answer is
    legal, costs no more than the start, and comes by the deadline. Raises ``ValueError`` where the
    start itself is illegal. May be called from several threads at once.
    """
    began_s = monotonic()
    engine = engine or vroom
    _insist(check(problem, start))
    judging_s = min(JUDGING_FACTOR * (monotonic() - began_s), JUDGING_SHARE * deadline_s)
    if not problem.requests:
        return Solved(start, "start", monotonic() - began_s, "nothing to carry")
    best = _Best(problem, start)
    until_s = began_s + deadline_s - judging_s / 2
    run_s = began_s + deadline_s - judging_s - monotonic()
    with Child(engine, (problem, start, run_s)) as child, child.killed_after(run_s):
        for answer in child.answers(on_start):
            if monotonic() > until_s:
                break
            best.consider(answer, until_s=min(until_s, monotonic() + MENDING_SHARE * deadline_s))
    word = engine.__name__ if best.replaced else "start"
    return Solved(best.plan, word, monotonic() - began_s, best.note(child.ended))


class _Best:
    """Keep the cheapest legal plan seen."""

    def __init__(self, problem: Problem, start: Plan) -> None:
        self.plan = start
        self.replaced = False
        self._problem = problem
        self._cents = plan_cents(problem, start)
        self._refused: list[str] = []

    def consider(self, answer: object, *, until_s: float) -> None:
        plan = plan_of(self._problem, answer)
        if plan is None:
            self._refused.append("unreadable")
            return
        plan = mended(self._problem, plan, lambda: monotonic() > until_s)
        violations = check(self._problem, plan)
        if violations:
            self._refused.append(violations[0].code)
            return
        cents = plan_cents(self._problem, plan)
        if cents < self._cents:
            self.plan, self._cents, self.replaced = plan, cents, True

    def note(self, ended: str) -> str:
        if not self._refused:
            return f"the engine {ended}"
        return f"the engine {ended}; answers refused: {', '.join(self._refused)}"


def _insist(violations: tuple[Violation, ...]) -> None:
    if violations:
        first = violations[0]
        raise ValueError(
            f"The plan to start from is illegal: {first.code}, {first.subject}: {first.detail}"
            f" ({len(violations)} rules broken)."
        )
