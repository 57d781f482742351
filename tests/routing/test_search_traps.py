"""What a compiled search gets wrong first: bundles beside heads, twins, own goods, edges and limits."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from geodata.matrix import Matrix
from routing.check import check
from routing.cost import plan_cents
from routing.mending import plan_of
from routing.plan import Plan
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Visit, Window
from routing.search import search_answers
from routing.sense import CENTS_LIMIT, FURTHEST, KINDS_LIMIT, RATE_LIMIT
from routing.task import Task
from tests.routing.brute_force import best_plan
from tests.routing.worlds import CRATES, along_the_road, parcel, stop, van

UP, DOWN = Task("pickup", "one"), Task("drop", "one")
NEXT_UP, NEXT_DOWN = Task("pickup", "other"), Task("drop", "other")
DEAR = van(id="dear", cents_per_km=1_000)


def _found(problem: Problem, *, iterations: int = 300, seed: int = 1) -> Plan:
    """Return the last plan; every one on the way must be legal but for who is left behind."""
    plan = None
    for answer in search_answers(problem, None, 0.0, iterations=iterations, seed=seed):
        plan = plan_of(problem, answer)
        assert {route.vehicle: route.tasks for route in plan.routes} == answer
        assert {one.code for one in check(problem, plan)} <= {"must_serve", "bundle_split"}
    assert plan is not None
    return plan


def _is_best(problem: Problem) -> Plan:
    plan = _found(problem)
    assert check(problem, plan) == ()
    assert plan_cents(problem, plan) == plan_cents(problem, best_plan(problem))
    return plan


def _mates(*vehicles, **of_the_other) -> Problem:
    both = (parcel("one", bundle="both"), parcel("other", 2, 5, bundle="both", **of_the_other))
    return along_the_road(*both, vehicles=vehicles)


def test_a_mate_of_what_is_locked_rides_beside_it_however_dear() -> None:
    plan = _is_best(_mates(van(), replace(DEAR, head=(UP,))))
    assert [route.vehicle for route in plan.routes] == ["dear"]
    assert plan.unserved == ()


def test_a_mate_of_what_is_done_already_rides_in_its_vehicle() -> None:
    plan = _is_best(_mates(van(), replace(DEAR, head=(UP, DOWN))))
    assert plan.routes[0].tasks == (UP, DOWN, NEXT_UP, NEXT_DOWN)


def test_a_mate_that_its_vehicle_may_not_carry_is_left_and_nobody_else_takes_it() -> None:
    head = replace(DEAR, head=(UP,))
    plan = _found(_mates(van(skills=frozenset({"cold"})), head, skills=frozenset({"cold"})))
    assert (plan.unserved, plan.routes[0].tasks) == (("other",), (UP, DOWN))


def test_mates_in_one_head_are_free_to_be_dropped_in_any_order() -> None:
    problem = _mates(van(), replace(DEAR, head=(UP, NEXT_UP)))
    assert _is_best(problem).routes[0].tasks[:2] == (UP, NEXT_UP)


@pytest.mark.parametrize("room", [1, 2, 3])
def test_three_mates_ride_together_or_not_at_all(room: int) -> None:
    """One pickup, three drops; a smaller van comes three times, and a dear van is the only larger one."""
    mates = [parcel(str(at), 3, at, prize_cents=700, bundle="all") for at in (1, 4, 5)]
    problem = along_the_road(*mates, parcel("alone", 4, 5), vehicles=[van(capacity=(room,)), DEAR])
    plan = _is_best(problem)
    assert len(plan.served & {"1", "4", "5"}) in {0, 3}


def test_mates_go_in_together_where_the_first_alone_would_take_the_room() -> None:
    """The stop in the middle fills the van: each alone rides behind it, both only before and behind."""
    stops = (stop("market", 3, 9), stop("depot", 4, -9))
    window = (Window(0, 3_000),)
    mates = (
        parcel("one", Visit(1, window), 5, bundle="both"),
        parcel("other", 1, Visit(2, window), bundle="both"),
    )
    _is_best(along_the_road(*mates, vehicles=[van(announced=stops, end=None)]))


def test_of_vehicles_that_differ_in_name_only_each_may_start() -> None:
    """Two are collected at the same moment, far from each other: two vans go, and the third stays."""
    at_once = (Window(3_000, 3_000),)
    guests = (parcel("one", Visit(1, at_once)), parcel("other", Visit(5, at_once), 4))
    twins = [van(id=name, fixed_cents=50) for name in "abc"]
    assert len(_is_best(along_the_road(*guests, vehicles=twins)).routes) == 2


def test_a_twin_that_alone_is_named_starts() -> None:
    problem = along_the_road(parcel(vehicles=frozenset({"b"})), vehicles=[van(id="a"), van(id="b")])
    assert [route.vehicle for route in _is_best(problem).routes] == ["b"]


def test_a_vehicle_without_room_stays_at_home() -> None:
    problem = along_the_road(parcel(), vehicles=[van(id="full", capacity=(0,)), DEAR])
    assert [route.vehicle for route in _is_best(problem).routes] == ["dear"]
    assert _found(along_the_road(parcel(), vehicles=[van(capacity=(0,))])).routes == ()


def test_own_goods_take_room_until_they_are_put_out() -> None:
    """Full as it leaves, the van has room behind its own stop only."""
    own = van(initial_load=(10,), announced=(stop("market", 4, -10),))
    market = Task("announced", "market")
    tasks = _is_best(along_the_road(parcel(), vehicles=[own])).routes[0].tasks
    assert tasks == (market, Task("pickup", "parcel"), Task("drop", "parcel"))


def test_an_open_end_is_left_at_the_last_visit() -> None:
    plan = _is_best(along_the_road(parcel("one", 1, 5), parcel("other", 0, 4), vehicles=[van(end=None)]))
    assert plan.routes[0].distance_m == 50_000


def test_setting_up_is_not_spent_where_the_vehicle_starts() -> None:
    """Driving takes an hour and handling a minute: not a second more is allowed."""
    here = Visit(0, service_s=60, setup_s=600)
    problem = along_the_road(parcel("one", here, 3), vehicles=[van(longest_s=3_660)])
    assert _is_best(problem).routes[0].duration_s == 3_660


def test_what_is_dropped_where_it_is_picked_up_is_one_halt() -> None:
    here = Visit(2, service_s=60, setup_s=600)
    plan = _is_best(along_the_road(parcel("one", here, here), vehicles=[van(cents_per_stop=100)]))
    assert plan.routes[0].duration_s == 2 * 1_200 + 600 + 2 * 60


def test_a_vehicle_with_a_head_and_nothing_announced_goes_on() -> None:
    problem = along_the_road(parcel("one"), parcel("other", 2, 4), vehicles=[van(head=(UP,)), DEAR])
    plan = _is_best(problem)
    assert (plan.routes[0].tasks[0], plan.routes[0].distance_m) == (UP, 80_000)


@pytest.mark.parametrize("seed", range(1, 9))
def test_what_is_on_board_is_never_given_up_for_what_must_be_carried(seed: int) -> None:
    """There is room or time for one of two: the one that is on board already, the other stands."""
    noon = (Window(3_000, 3_000),)
    guests = (parcel("one", 1, Visit(5, noon)), parcel("other", 1, Visit(1, noon)))
    problem = along_the_road(*guests, vehicles=[van(head=(UP,))])
    assert _found(problem, seed=seed).unserved == ("other",)


def test_goods_apart_take_turns() -> None:
    """All go the same way; fish is put out before flowers come in."""
    guests = [
        parcel(str(at), 1 + at % 3, 5 - at % 2, goods=frozenset({("fish", "flowers")[at % 2]}))
        for at in range(4)
    ]
    problem = along_the_road(*guests, vehicles=[van(longest_m=200_000)])
    _is_best(replace(problem, apart=frozenset({frozenset({"fish", "flowers"})})))


def test_as_many_kinds_may_be_kept_apart_as_a_problem_allows() -> None:
    """Each kind bears none of the others: the van takes one parcel at a time."""
    kinds = [f"kind {at}" for at in range(KINDS_LIMIT)]
    apart = frozenset(frozenset(pair) for pair in product(kinds, kinds) if len(set(pair)) == 2)
    last = [parcel(kind, goods=frozenset({kind})) for kind in (*kinds[:1], *kinds[-2:])]
    tasks = _is_best(replace(along_the_road(*last), apart=apart)).routes[0].tasks
    assert [task.kind for task in tasks] == ["pickup", "drop"] * 3


def _far(prize_cents: int | None) -> Problem:
    """Put two places as far apart, and driving as dear, as a problem allows."""
    metres = np.array([[0, FURTHEST, 0], [FURTHEST, 0, FURTHEST], [0, FURTHEST, 0]])
    guests = (parcel("one", 0, 1, prize_cents=prize_cents), parcel("other", 0, 2, prize_cents=CENTS_LIMIT))
    vehicle = van(fixed_cents=CENTS_LIMIT - 1, cents_per_km=RATE_LIMIT, cents_per_hour=RATE_LIMIT)
    return Problem(CRATES, Matrix(np.zeros_like(metres), metres), (vehicle,), guests)


@pytest.mark.parametrize(("prize_cents", "left"), [(CENTS_LIMIT, ("one",)), (None, ())])
def test_no_sum_of_money_runs_over(prize_cents: int | None, left: tuple[str, ...]) -> None:
    """A cent less than its prize starts the vehicle; the furthest way is worth it only where it must be."""
    assert _is_best(_far(prize_cents)).unserved == left


@pytest.mark.parametrize("announced", [0, 1])
def test_no_route_grows_beyond_its_limit(announced: int) -> None:
    guests = [parcel(str(at)) for at in range(STOPS_PER_ROUTE_LIMIT // 2 + 5)]
    vehicle = van(capacity=(500,), announced=tuple(stop(str(at), 1) for at in range(announced)))
    plan = _found(along_the_road(*guests, vehicles=[vehicle]), iterations=20)
    assert len(plan.routes[0].visits) == STOPS_PER_ROUTE_LIMIT - announced
    assert len(plan.unserved) == 5 + announced


def test_a_trip_of_more_stops_than_others_may_have_stays_as_it_is() -> None:
    """Nothing is added to what its owner announced."""
    stops = tuple(stop(str(at), at % 5) for at in range(STOPS_PER_ROUTE_LIMIT + 20))
    plan = _found(along_the_road(parcel(prize_cents=1), vehicles=[van(announced=stops)]), iterations=20)
    assert len(plan.routes[0].visits) == len(stops)


@pytest.mark.parametrize("seed", range(5))
def test_a_vehicle_that_is_dear_to_start_starts_for_nothing_that_breaks_its_limit(seed: int) -> None:
    """However often a part of what starting costs is waived."""
    problem = along_the_road(parcel("one", 2, 5), vehicles=[van(fixed_cents=500, longest_m=1_000)])
    assert _found(problem, seed=seed).routes == ()


def test_a_drop_on_a_shorter_but_slower_way_is_worth_taking_for_nothing() -> None:
    durations_s = np.array([[0, 600, 900], [600, 0, 600], [900, 600, 0]])
    distances_m = np.array([[0, 1_000, 9_000], [1_000, 0, 1_000], [9_000, 1_000, 0]])
    trip = van(start=0, end=None, cents_per_km=100, announced=(stop("home", 2),))
    problem = replace(
        along_the_road(parcel("one", 0, 1, prize_cents=0), vehicles=[trip]),
        matrix=Matrix(durations_s=durations_s, distances_m=distances_m),
    )
    assert _is_best(problem).served == {"one"}
