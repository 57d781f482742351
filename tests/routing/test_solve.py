"""Solving: the answer is legal, no worse than the start, repeatable, and told improvement by improvement."""

from dataclasses import replace

import pytest

from routing.check import check
from routing.construction import first_plan
from routing.cost import plan_cents
from routing.insertion import empty_plan
from routing.mending import mended, plan_of
from routing.opening import AnnouncedHoursImpossible
from routing.plan import Plan
from routing.problem import Problem, Window
from routing.solve import NoLegalPlan, solve
from routing.task import Task
from tests.routing.scattered import LARGE, SMALL, START, assert_no_worse, large_start
from tests.routing.unruly import bit_by_bit, crash
from tests.routing.worlds import along_the_road, parcel, van


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Begin with a kennel that stands, as a server does."""
    solve(SMALL, start=START, deadline_s=5, engine=crash)


def test_a_cheaper_legal_plan_is_found_and_a_small_search_ends_when_it_is_quiet() -> None:
    solved = solve(SMALL, start=START, deadline_s=5)
    assert_no_worse(SMALL, START, solved)
    assert plan_cents(SMALL, solved.plan) < plan_cents(SMALL, START)
    assert solved.engine_word in ("vroom", "search")
    assert solved.note == "the search finished"
    assert solved.seconds < 5


def test_a_cheapest_plan_is_given_back_as_it_is() -> None:
    problem = replace(SMALL, requests=(), vehicles=SMALL.vehicles[:1])
    start = empty_plan(problem)
    assert start is not None
    solved = solve(problem, start=start, deadline_s=1)
    assert (solved.plan, solved.engine_word, solved.note) == (start, "start", "nothing to carry")


def test_an_illegal_start_is_our_mistake_and_loud() -> None:
    with pytest.raises(ValueError, match="request_forgotten"):
        solve(SMALL, start=replace(START, unserved=()), deadline_s=1)


def test_without_a_start_one_is_built() -> None:
    solved = solve(SMALL, 5)
    assert check(SMALL, solved.plan) == ()
    assert solved.cents == plan_cents(SMALL, solved.plan) <= plan_cents(SMALL, START)
    assert solved.history[0].engine_word == "insertion"


@pytest.mark.parametrize("deadline_s", [0.0, 0.3])
def test_without_a_start_or_a_child_the_plan_is_that_of_insertion(deadline_s: float) -> None:
    solved = solve(SMALL, deadline_s, engine=crash)
    assert solved.plan == first_plan(SMALL)
    assert solved.engine_word == "insertion"


def test_a_start_that_leaves_behind_what_must_ride_is_mended_whatever_it_costs() -> None:
    bare = empty_plan(SMALL)
    assert bare is not None
    solved = solve(SMALL, 5, bare)
    assert check(SMALL, solved.plan) == ()
    assert {request.id for request in SMALL.requests if request.prize_cents is None} <= solved.plan.served


def _with_one_too_far(problem: Problem) -> Problem:
    """Let one that must ride be dropped before anybody could be there."""
    far = problem.requests[0]
    late = replace(far, drop=replace(far.drop, windows=(Window(0, 1),)))
    return replace(problem, requests=(late, *problem.requests[1:]))


def test_where_no_plan_is_legal_the_best_of_the_others_is_told() -> None:
    problem = _with_one_too_far(SMALL)
    with pytest.raises(NoLegalPlan) as refused:
        solve(problem, 3)
    facts = refused.value.facts
    assert (facts["count"], facts["requests"]) == (1, "r0")
    plan = facts["plan"]
    assert isinstance(plan, Plan)
    assert [one.code for one in check(problem, plan)] == ["must_serve"]
    assert {"r3", "r6"} <= plan.served
    assert "plan" not in refused.value.plain_facts


def test_a_trip_that_cannot_keep_its_own_hours_is_named() -> None:
    first, second = SMALL.vehicles
    late = replace(second, shift=Window(0, 1))
    with pytest.raises(AnnouncedHoursImpossible, match="van 1"):
        solve(replace(SMALL, vehicles=(first, late)), 3)


def test_each_improvement_is_told_and_costs_less() -> None:
    told: list[tuple[float, int, str]] = []
    solved = solve(SMALL, 3, START, engine=bit_by_bit, progress=lambda *improvement: told.append(improvement))
    assert told == [(one.seconds, one.cents, one.engine_word) for one in solved.history]
    assert len(told) > 1
    assert [cents for _, cents, _ in told] == sorted({cents for _, cents, _ in told}, reverse=True)
    assert told[-1][1] == solved.cents < plan_cents(SMALL, START)
    assert [seconds for seconds, _, _ in told] == sorted(seconds for seconds, _, _ in told)


def test_iterations_are_counted_by_one_process_only() -> None:
    with pytest.raises(ValueError, match="one process"):
        solve(SMALL, 1, START, processes=2, iterations=10)


def test_a_seed_and_a_number_of_iterations_give_the_same_plan_every_time() -> None:
    for start in (None, START):
        first, again = (solve(SMALL, 30, start, seed=3, iterations=400) for _ in range(2))
        assert first.plan == again.plan and first.note == again.note == "the search finished"
        assert first.engine_word == "search"
    plans = {solve(LARGE, 30, large_start(), seed=seed, iterations=30).plan for seed in (1, 2, 2)}
    assert len(plans) == 2, "another seed, another plan"


LOOP = {
    "van 0": (
        Task("announced", "stop 0"),
        Task("pickup", "r1"),
        Task("announced", "stop 1"),
        Task("drop", "r1"),
        Task("announced", "stop 2"),
    )
}


def test_a_guest_that_costs_more_than_its_prize_is_put_out() -> None:
    for prize_cents, carried in ((0, False), (100_000, True)):
        guest = replace(SMALL.request("r1"), prize_cents=prize_cents)
        problem = replace(SMALL, requests=(guest,), vehicles=SMALL.vehicles[:1])
        plan = plan_of(problem, LOOP)
        assert plan is not None
        assert check(problem, plan) == ()
        assert ("r1" in mended(problem, plan, lambda: False).served) == carried


def test_a_vehicle_that_only_loses_stays_at_home() -> None:
    van = replace(SMALL.vehicles[0], announced=(), initial_load=(), fixed_cents=1_000_000)
    requests = tuple(replace(request, prize_cents=9_000) for request in SMALL.requests[:2])
    problem = replace(SMALL, requests=requests, vehicles=(van,))
    tasks = tuple(Task(kind, request.id) for request in requests for kind in ("pickup", "drop"))
    plan = plan_of(problem, {van.id: tasks})
    assert plan is not None
    assert mended(problem, plan, lambda: False) == Plan((), tuple(request.id for request in requests))


def test_a_guest_on_board_too_long_is_offered_another_slot() -> None:
    direct_s = int(SMALL.matrix.durations_s[4, 5])
    guest = replace(SMALL.request("r1"), prize_cents=None, longest_ride_s=direct_s)
    problem = replace(SMALL, requests=(guest,), vehicles=SMALL.vehicles[:1])
    plan = plan_of(problem, LOOP)
    assert plan is not None
    assert plan.unserved == ("r1",)
    assert check(problem, mended(problem, plan, lambda: False)) == ()


@pytest.mark.parametrize(
    "more",
    [{"deadline_s": float("inf")}, {"seed": 1.5}, {"processes": 0}, {"iterations": -1}],
)
def test_what_no_search_could_be_run_with_is_the_programmers_mistake(more) -> None:
    with pytest.raises(ValueError, match=r"number|or more"):
        solve(**{"problem": SMALL, "deadline_s": 1.0} | more)


def test_seeds_and_hours_of_any_size_are_searched() -> None:
    vehicles = tuple(replace(one, shift=Window(0, 10**30)) for one in SMALL.vehicles)
    solved = solve(replace(SMALL, vehicles=vehicles), 20, iterations=200, seed=2**64 + 1)
    assert "failed" not in solved.note


def test_bundles_locked_in_part_have_a_plan_to_begin_with() -> None:
    both = (parcel("one", 1, 3, bundle="both"), parcel("other", 2, 5, bundle="both"))
    problem = along_the_road(*both, vehicles=[van(head=(Task("pickup", "one"),), capacity=(1,))])
    assert solve(problem, 20).plan.served == {"one", "other"}
