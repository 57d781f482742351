"""
Find the best legal plan until a deadline, and never make it worse.

Acceptance never waits for this: the plan that comes in is legal and could be driven. Engines run in
processes that may hang, crash or be killed; each of their answers is judged here, and only a better
legal one replaces the plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from time import monotonic

from geodata.refusal import Refusal
from routing.child import FINISHED
from routing.crew import Crew
from routing.engine import Engine
from routing.exact import FIRST_STEPS, STEPS_LIMIT, cheaper_exactly
from routing.judge import Improvement, Judge, left_behind
from routing.opening import opening
from routing.plan import Plan
from routing.portfolio import Portfolio, default_processes
from routing.problem import Problem
from routing.rounds import LOOK_EVERY_S, Rounds

JUDGING_FACTOR = 3
JUDGED_S = 30e-6
"""Judging a plan is expected to take so many times as long as the first check, or so long per request."""

EXACT = "exact"
"""Whose a plan is that was found by trying every order of a small day."""

NAMED_LIMIT = 5
"""Of the requests left behind, so many are named."""

Progress = Callable[[float, int, str], None]
"""Hears of each better legal plan: seconds since the search began, cents, and whose it is."""


class NoLegalPlan(Refusal):
    code = "no_legal_plan"
    reason = (
        "No plan was found that carries all it must: {count} {count:request "
        "stays/requests stay} behind, such as {requests}."
    )
    cure = "Give these requests more time, add a vehicle, or set a price at which they may stay behind."


@dataclass(frozen=True)
class Solved:
    """
    Hold the best plan, who found it, how long that took, how the search ended, and what the plan costs.

    ``engine_word`` is ``start`` where nothing better than the given plan was found. ``history`` holds
    each legal plan that was better than those before it.
    """

    plan: Plan
    engine_word: str
    seconds: float
    note: str
    cents: int
    history: tuple[Improvement, ...] = ()


def solve(
    problem: Problem,
    deadline_s: float,
    start: Plan | None = None,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    processes: int | None = None,
    iterations: int | None = None,
    engine: Engine | None = None,
    on_start: Callable[[int], None] | None = None,
) -> Solved:
    """
    Find the best legal plan, for at most ``deadline_s`` seconds; a legal start is never made worse.

    Without a start one is built; a start may leave behind what must be carried, as long as a better
    plan is found. ``processes`` children search at once: a core each, at most four. ``cancelled`` is
    asked several times a second; once it says so, the best so far is the answer. With ``iterations``
    our own search runs without a clock in one process: the same seed gives the same plan every time,
    unless the deadline cuts it, as the note then says. ``engine`` takes the place of all others, and
    ``on_start`` is told the number of each process. Whatever becomes of them, the answer comes by the
    deadline. What ``progress`` or ``cancelled`` raise ends the search. Threads may call this at once.

    Raises ``NoLegalPlan`` where no plan was found that carries all it must, ``AnnouncedHoursImpossible``
    where an announced trip cannot keep its own hours, ``ValueError`` where the start breaks a rule.
    """
    _must_be_sensible(deadline_s, seed, processes, iterations)
    began_s = monotonic()
    history: list[Improvement] = []

    def tell(cents: int, word: str) -> None:
        history.append(Improvement(monotonic() - began_s, cents, word))
        if progress is not None:
            progress(history[-1].seconds, cents, word)

    stopped = _Seldom(cancelled)
    judge, judging_s = _judge(problem, start, deadline_s, tell, stopped, timeless=iterations is not None)
    rounds = Rounds(problem, judge, deadline_s, stopped, began_s, judging_s)
    alone = iterations is not None or engine is not None
    portfolio = Portfolio(
        problem,
        total_s=deadline_s,
        seed=seed,
        processes=processes or (1 if alone else default_processes(problem)),
        iterations=iterations,
        engine=engine,
        from_nothing=start is None,
    )
    note = _run(rounds, portfolio, on_start)
    if not judge.legal:
        raise _no_legal_plan(problem, judge.plan)
    return Solved(judge.plan, judge.word, monotonic() - began_s, note, judge.rank[1], tuple(history))


class _Seldom:
    """Asks several times a second whether anybody still waits, however often it is asked itself."""

    def __init__(self, cancelled: Callable[[], bool] | None) -> None:
        self._cancelled, self._asked_s, self._is_over = cancelled, 0.0, False

    def __call__(self) -> bool:
        now_s = monotonic()
        if self._cancelled is not None and not self._is_over and now_s - self._asked_s >= LOOK_EVERY_S:
            self._asked_s = now_s
            self._is_over = self._cancelled()
        return self._is_over


def _must_be_sensible(deadline_s: float, seed: int, processes: int | None, iterations: int | None) -> None:
    """Refuse, as the programmer's mistake, what no search could be run with."""
    if not isfinite(deadline_s):
        raise ValueError("deadline_s is a number of seconds.")
    if not isinstance(seed, int):
        raise ValueError("seed is a whole number.")
    if (processes is not None and processes < 1) or (iterations is not None and iterations < 0):
        raise ValueError("processes are 1 or more, iterations 0 or more.")
    if iterations is not None and (processes or 1) > 1:
        raise ValueError("Only one process finds the same plan every time.")


def _judge(
    problem: Problem,
    start: Plan | None,
    deadline_s: float,
    tell: Callable[[int, str], None],
    stopped: Callable[[], bool],
    *,
    timeless: bool,
) -> tuple[Judge, float]:
    """Judge the plan to begin with; return the judge, and about how long it takes to judge a plan."""
    plan = opening(problem, deadline_s, timeless=timeless, cancelled=stopped) if start is None else start
    began_s = monotonic()
    judge = Judge(problem, plan, "insertion" if start is None else "start", tell)
    judging_s = max(JUDGING_FACTOR * (monotonic() - began_s), JUDGED_S * len(problem.requests))
    if start is None and judge.legal:
        tell(judge.rank[1], judge.word)
    return judge, judging_s


def _run(rounds: Rounds, portfolio: Portfolio, on_start: Callable[[int], None] | None) -> str:
    """Run the rounds; return how they ended."""
    if not portfolio.problem.requests:
        return "nothing to carry"
    if not portfolio.problem.vehicles:
        return "nobody to carry it"
    if portfolio.engine is None and _all_was_tried(rounds, portfolio.problem, FIRST_STEPS):
        return "every order was tried"
    with Crew(portfolio.problem, on_start) as crew:
        rounds.run(crew, portfolio)
    if portfolio.engine is None and rounds.ended == FINISHED:
        _all_was_tried(rounds, portfolio.problem, STEPS_LIMIT)
    return rounds.note


def _all_was_tried(rounds: Rounds, problem: Problem, steps: int) -> bool:
    """Try, on a small day, every order that could be cheaper; tells whether there was time for all."""
    cheaper, proved = cheaper_exactly(problem, rounds.judge.plan, rounds.is_over, steps)
    if cheaper is not None:
        rounds.judge.consider(cheaper, EXACT)
    return proved


def _no_legal_plan(problem: Problem, plan: Plan) -> NoLegalPlan:
    """Refuse with the best plan found, legal but for what it leaves behind."""
    left = left_behind(problem, plan)
    return NoLegalPlan(count=len(left), requests=", ".join(left[:NAMED_LIMIT]), plan=plan)
