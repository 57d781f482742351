"""Solving: whatever becomes of the engine, the answer is legal, no worse, and in time."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from routing import kennel
from routing.check import check
from routing.cost import plan_cents
from routing.problem import Problem
from routing.solve import NoLegalPlan, solve
from tests.routing.scattered import LARGE, SMALL, START, TOLERANCE_S, assert_no_worse, large_start, scattered
from tests.routing.unruly import (
    chatter,
    crash,
    fail,
    garbage,
    hang,
    illegal,
    improve_then_hang,
    kept,
    lie,
)
from tests.thorough import THOROUGH

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Begin with a kennel that stands, as a server does."""
    solve(SMALL, start=START, deadline_s=5, engine=crash)


@pytest.mark.parametrize("deadline_s", [0.0, 0.05, 1.0 if THOROUGH else 0.3])
def test_the_deadline_holds_while_vroom_is_still_busy(deadline_s: float) -> None:
    start = large_start()
    began = time.monotonic()
    solved = solve(LARGE, start=start, deadline_s=deadline_s)
    assert time.monotonic() - began < deadline_s + TOLERANCE_S
    assert_no_worse(LARGE, start, solved)


def test_the_deadline_holds_where_the_child_hangs() -> None:
    began = time.monotonic()
    solved = solve(SMALL, start=START, deadline_s=0.4, engine=hang)
    assert time.monotonic() - began < 0.4 + TOLERANCE_S
    assert (solved.plan, solved.engine_word) == (START, "start")
    assert solved.note.startswith("the search was stopped at the deadline"), "a slow machine begins late"


def test_the_deadline_holds_where_the_child_is_frozen() -> None:
    began = time.monotonic()
    solved = solve(
        SMALL, start=START, deadline_s=0.4, engine=hang, on_start=lambda pid: os.kill(pid, signal.SIGSTOP)
    )
    assert time.monotonic() - began < 0.4 + TOLERANCE_S
    assert solved.plan == START


def test_what_was_found_before_the_deadline_is_kept() -> None:
    solved = solve(SMALL, start=START, deadline_s=3, engine=improve_then_hang)
    assert_no_worse(SMALL, START, solved)
    assert solved.engine_word == "improve_then_hang"


def test_a_crash_costs_nothing_but_the_improvement() -> None:
    solved = solve(SMALL, start=START, deadline_s=5, engine=crash)
    assert solved.plan == START
    assert solved.note == "the search lost its children; a child crashed or was killed"
    assert solved.seconds < 4


def test_a_failure_is_told() -> None:
    solved = solve(SMALL, start=START, deadline_s=5, engine=fail)
    assert solved.plan == START
    assert "a child failed with RuntimeError: no idea" in solved.note


def test_garbage_is_refused() -> None:
    solved = solve(SMALL, start=START, deadline_s=5, engine=garbage)
    assert solved.plan == START
    assert solved.note == "the search finished; answers refused: " + ", ".join(["unreadable"] * 7)


def test_illegal_orders_are_mended_or_refused() -> None:
    solved = solve(SMALL, start=START, deadline_s=5, engine=illegal)
    assert_no_worse(SMALL, START, solved)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("moment_s", [0.0, 0.01, 0.03, 0.1, 0.2])
def test_a_killed_child_leaves_a_legal_plan(moment_s: float) -> None:
    start = large_start()

    def kill_soon(pid: int) -> None:
        threading.Timer(moment_s, _kill, [pid]).start()

    solved = solve(LARGE, start=start, deadline_s=10, on_start=kill_soon)
    assert_no_worse(LARGE, start, solved)
    assert "a child crashed or was killed" in solved.note
    assert solved.seconds < 9


def test_a_child_that_dies_and_one_that_freezes_leave_the_others() -> None:
    solved = solve(SMALL, 1.5, START, engine=kept, processes=3)
    assert_no_worse(SMALL, START, solved)
    assert solved.engine_word == "kept"
    assert solved.note == "the search was stopped at the deadline; a child crashed or was killed"


def test_a_child_is_never_trusted() -> None:
    solved = solve(SMALL, 5, START, engine=lie)
    assert solved.plan == START
    assert solved.note == "the search finished; answers refused: pickup_without_drop"


def test_a_killed_kennel_is_replaced() -> None:
    solve(SMALL, start=START, deadline_s=5, engine=crash)
    first = kennel.current()
    os.kill(first.pid, signal.SIGKILL)
    for _ in range(2):
        assert_no_worse(SMALL, START, solve(SMALL, start=START, deadline_s=5))
    assert kennel.current().pid != first.pid


def test_several_threads_solve_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(solve, SMALL, start=START, deadline_s=8) for _ in range(4)]
        for future in found:
            assert_no_worse(SMALL, START, future.result())
            assert future.result().engine_word in ("vroom", "search")


def test_no_child_outlives_its_task() -> None:
    pids: list[int] = []
    solve(SMALL, start=START, deadline_s=0.2, engine=hang, on_start=pids.append)
    (pid,) = pids
    _assert_gone(pid)


def _assert_gone(pid: int) -> None:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.02)
    pytest.fail("the child is still there")


def test_a_child_says_nothing_on_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    solve(SMALL, start=START, deadline_s=5, engine=chatter)
    assert capfd.readouterr() == ("", "")


def test_a_plain_script_without_a_guard_may_solve() -> None:
    script = (
        "from routing.solve import solve\n"
        "from tests.routing.scattered import SMALL, START\n"
        "from tests.routing.unruly import hang\n"
        "print(solve(SMALL, start=START, deadline_s=20).engine_word)\n"
        "solve(SMALL, start=START, deadline_s=0.1, engine=hang)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-"], input=script, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout in ("vroom\n", "search\n") and ran.stderr == ""


def test_a_cancelled_search_answers_at_once_with_the_best_so_far() -> None:
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return time.monotonic() - began > 1.0

    began = time.monotonic()
    solved = solve(SMALL, 30, START, engine=improve_then_hang, cancelled=cancelled)
    assert time.monotonic() - began < 1.0 + TOLERANCE_S
    assert (solved.engine_word, solved.note) == ("improve_then_hang", "the search was cancelled")
    assert len(asked) >= 4, "several times a second"


class Enough(Exception):  # noqa: N818 - a fact
    """What a watcher may raise."""


@pytest.mark.parametrize("watcher", ["cancelled", "progress"])
def test_what_a_watcher_raises_ends_the_search(watcher: str) -> None:
    pids: list[int] = []

    def stop(*_: object) -> bool:
        if pids:
            raise Enough
        return False

    with pytest.raises(Enough):
        solve(SMALL, 30, START, engine=improve_then_hang, on_start=pids.append, **{watcher: stop})
    (pid,) = pids
    _assert_gone(pid)


def test_iterations_that_the_deadline_cuts_are_noted() -> None:
    solved = solve(LARGE, 0.5, large_start(), iterations=10**9)
    assert solved.note == "the search was stopped at the deadline"
    assert solved.seconds < 0.5 + TOLERANCE_S


@pytest.mark.parametrize("seed", range(3 if THOROUGH else 1))
def test_one_of_two_children_killed_at_any_moment_costs_only_its_own(seed: int) -> None:
    random, killed = Random(seed), []

    def kill_the_first(pid: int) -> None:
        if not killed:
            killed.append(pid)
            threading.Timer(random.uniform(0, 1.0), _kill, [pid]).start()

    solved = solve(LARGE, 1.5, large_start(), processes=2, on_start=kill_the_first)
    assert_no_worse(LARGE, large_start(), solved)
    assert solved.note == "the search was stopped at the deadline; a child crashed or was killed"
    assert plan_cents(LARGE, solved.plan) < plan_cents(LARGE, large_start())


def test_a_child_frozen_in_the_middle_leaves_the_others() -> None:
    frozen: list[int] = []

    def freeze_the_first(pid: int) -> None:
        if not frozen:
            frozen.append(pid)
            threading.Timer(0.3, os.kill, [pid, signal.SIGSTOP]).start()

    began = time.monotonic()
    solved = solve(LARGE, 1.0, large_start(), processes=2, on_start=freeze_the_first)
    assert time.monotonic() - began < 1.0 + TOLERANCE_S
    assert plan_cents(LARGE, solved.plan) < plan_cents(LARGE, large_start())
    assert solved.note == "the search was stopped at the deadline"


@pytest.mark.parametrize("deadline_s", [2.0 if THOROUGH else 0.5])
def test_the_deadline_holds_for_five_hundred_requests_from_nothing(deadline_s: float) -> None:
    problem = _optional(scattered(500, 40))
    began = time.monotonic()
    solved = solve(problem, deadline_s)
    assert time.monotonic() - began < deadline_s + TOLERANCE_S
    assert check(problem, solved.plan) == ()


def _optional(problem: Problem) -> Problem:
    return replace(
        problem, requests=tuple(replace(one, prize_cents=one.prize_cents or 0) for one in problem.requests)
    )


def test_who_waits_no_more_is_asked_while_the_first_plan_is_built() -> None:
    began_s = time.monotonic()
    with suppress(NoLegalPlan):  # a slow machine has none by then
        solve(LARGE, 200, cancelled=lambda: time.monotonic() - began_s > 0.3)
    assert time.monotonic() - began_s < 0.3 + 2
