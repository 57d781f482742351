"""
The compiled search: what it answers is legal, never worse than before, and on small days the best.

The checker is the judge, and trying everything the measure.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from routing.check import check
from routing.construction import first_plan
from routing.exact import cheaper_exactly
from routing.insertion import empty_plan
from routing.judge import rank
from routing.mending import plan_of
from routing.plan import Plan
from routing.portfolio import LEAST_ITERATIONS
from routing.problem import AnnouncedStop, Problem, Visit, Window
from routing.search import search_answers
from routing.search.sequences import Sequences
from routing.task import Task
from tests.routing.many_worlds import LEFT_OPEN, many_worlds
from tests.routing.random_days import random_day, small_day
from tests.routing.worlds import along_the_road, parcel, van
from tests.thorough import THOROUGH, examples

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 500, 1_500
"""Iterations for a handful of requests, and for some dozens."""


def _answers(
    problem: Problem, start: Plan | None = None, *, iterations: int = SMALL, seed: int = 1
) -> list[Sequences]:
    return list(search_answers(problem, start, 0.0, iterations=iterations, seed=seed))


def _plan(problem: Problem, answer: Sequences) -> Plan:
    """Turn an answer into a plan: it has hours as it stands, so that nothing of it is changed."""
    plan = plan_of(problem, answer)
    assert plan is not None
    assert {route.vehicle: route.tasks for route in plan.routes} == answer
    return plan


def _judged(problem: Problem, answers: Sequence[Sequences]) -> list[Plan]:
    """Hold each answer to the checker, and to the one before."""
    plans = [_plan(problem, answer) for answer in answers]
    for plan in plans:
        broken = check(problem, plan)
        assert {one.code for one in broken} <= LEFT_OPEN
        split = {one.subject for one in broken if one.code == "bundle_split"}
        assert split <= {problem.request(one).bundle for one in problem.locked_in}
    ranks = [rank(problem, plan) for plan in plans]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == len(ranks)
    return plans


def _last(problem: Problem, **more) -> Plan:
    return _judged(problem, _answers(problem, **more))[-1]


# Small days, held to trying everything.


@examples(75)
@given(problem=many_worlds(vans=3, parcels=4))
def test_on_a_small_day_every_answer_is_legal(problem: Problem) -> None:
    """Every feature at once. A trip that cannot keep its own hours has no answer."""
    plans = _judged(problem, _answers(problem))
    assert bool(plans) == (empty_plan(problem) is not None)


def test_small_days_are_searched_to_the_best() -> None:
    """Trying every order, held to brute force in ``test_exact``, finds nothing cheaper."""
    for seed in range(20 if THOROUGH else 4):
        problem = small_day(seed)
        plan = _last(problem, iterations=LEAST_ITERATIONS)
        assert cheaper_exactly(problem, plan, lambda: False, steps=10**9) == (None, True)


# Larger days, held to the checker.


@pytest.mark.parametrize("seed", range(8) if THOROUGH else (1, 5))
def test_each_answer_of_a_large_day_is_legal_and_better(seed: int) -> None:
    problem = random_day(seed, requests=12 + 4 * seed, vehicles=4 + seed % 5)
    plans = _judged(problem, _answers(problem, iterations=LARGE))
    assert rank(problem, plans[-1]) <= rank(problem, first_plan(problem))


@pytest.mark.parametrize("seed", range(4))
def test_no_answer_is_worse_than_the_start(seed: int) -> None:
    """Not even the first, and not where nobody looks any further."""
    problem = random_day(100 + seed, requests=20, vehicles=5)
    start = _last(problem, iterations=LARGE)
    for more in (1, SMALL):
        plans = _judged(problem, _answers(problem, start, iterations=more, seed=7))
        assert all(rank(problem, plan) <= rank(problem, start) for plan in plans)


def test_what_does_not_pay_stays_where_it_is() -> None:
    """From nothing, whatever the seed, the first answer costs no more than staying at home."""
    problem = along_the_road(
        *(parcel(str(at), prize_cents=1) for at in range(6)), vehicles=[van(cents_per_km=100)]
    )
    for seed in range(1, 30):
        assert _plan(problem, _answers(problem, iterations=1, seed=seed)[0]).routes == ()


# The same seed.

SCRIPT = """
from routing.search import search_answers
from tests.routing.random_days import random_day, small_day
problem = random_day(3, requests=20, vehicles=5)
for answer in search_answers(problem, None, 0.0, iterations=800, seed={seed}):
    print(answer)
"""


def _printed(seed: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(seed=seed)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_same_seed_answers_the_same_in_another_process() -> None:
    problem = random_day(3, requests=20, vehicles=5)
    here = "".join(f"{answer}\n" for answer in _answers(problem, iterations=800, seed=5))
    assert here == _printed(5)
    assert here != "".join(f"{answer}\n" for answer in _answers(problem, iterations=800, seed=6))


# Next to nothing to do.


def test_nothing_is_answered_where_there_is_nothing_to_plan() -> None:
    assert _answers(along_the_road()) == []
    assert _answers(replace(along_the_road(parcel(), parcel("other")), vehicles=())) == []


def test_nothing_is_answered_where_an_announced_trip_is_impossible() -> None:
    late = AnnouncedStop("late", Visit(5, (Window(0, 0),)), (0,))
    assert _answers(along_the_road(parcel(), vehicles=[van(announced=(late,))])) == []


def test_what_is_all_locked_is_answered_once() -> None:
    head = (Task("pickup", "parcel"), Task("drop", "parcel"))
    problem = along_the_road(parcel(), vehicles=[van(head=head)])
    assert _answers(problem) == [{"van": head}]
