"""The checker: one legal plan at the very edge of every rule, then each rule broken alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from routing.check import check
from routing.plan import Plan, PlannedVisit, Route
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.task import Task

SIX, HOME = 21_600, 27_300
CHEESE_UP, MARKET, EGGS_UP, CHEESE_DOWN, EGGS_DOWN, MILL = range(6)


def _road(places: int = 5) -> Matrix:
    """Lay places along one road, ten minutes and ten kilometres apart."""
    steps = np.abs(np.subtract.outer(np.arange(places), np.arange(places))).astype(np.int64)
    return Matrix(durations_s=steps * 600, distances_m=steps * 10_000)


VAN = Vehicle(
    id="van",
    start=0,
    end=0,
    capacity=(10,),
    shift=Window(SIX, HOME),
    initial_load=(2,),
    announced=(
        AnnouncedStop("market", Visit(2, (Window(23_000, 23_000),), service_s=300), (-2,)),
        AnnouncedStop("mill", Visit(4, service_s=100), (3,)),
    ),
    skills=frozenset({"cold"}),
    longest_drive_s=4_800,
    longest_m=80_000,
    longest_s=HOME - SIX,
)
BIKE = Vehicle(id="bike", start=0, end=None, capacity=(10,))
CHEESE = Request(
    id="cheese",
    pickup=Visit(1, (Window(0, 10), Window(22_200, 22_200)), service_s=120, setup_s=60),
    drop=Visit(3, service_s=120, setup_s=60),
    load=(8,),
    longest_ride_s=1_580,
    skills=frozenset({"cold"}),
    vehicles=frozenset({"van"}),
)
EGGS = Request(
    id="eggs",
    pickup=Visit(2, service_s=60, setup_s=60),
    drop=Visit(3, service_s=60, setup_s=60),
    load=(2,),
    prize_cents=900,
)
HONEY = Request(id="honey", pickup=Visit(1), drop=Visit(4), load=(1,), prize_cents=500)
PROBLEM = Problem(("crates",), _road(), (VAN, BIKE), (CHEESE, EGGS, HONEY))
ROUTE = Route(
    vehicle="van",
    leaves_s=SIX,
    ends_s=HOME,
    load=(2,),
    drive_s=4_800,
    distance_m=80_000,
    visits=(
        PlannedVisit(Task("pickup", "cheese"), 1, 22_200, 22_200, 22_380, (10,)),
        PlannedVisit(Task("announced", "market"), 2, 22_980, 23_000, 23_300, (8,)),
        PlannedVisit(Task("pickup", "eggs"), 2, 23_300, 23_300, 23_360, (10,)),
        PlannedVisit(Task("drop", "cheese"), 3, 23_960, 23_960, 24_140, (2,)),
        PlannedVisit(Task("drop", "eggs"), 3, 24_140, 24_140, 24_200, (0,)),
        PlannedVisit(Task("announced", "mill"), 4, 24_800, 24_800, 24_900, (3,)),
    ),
)
PLAN = Plan((ROUTE,), ("honey",))


def _codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def _route(**changes) -> Plan:
    return replace(PLAN, routes=(replace(ROUTE, **changes),))


def _visit(number: int, **changes) -> Plan:
    visits = [replace(visit, **changes) if i == number else visit for i, visit in enumerate(ROUTE.visits)]
    return _route(visits=tuple(visits))


def _order(*numbers: int) -> Plan:
    return _route(visits=tuple(ROUTE.visits[number] for number in numbers))


def _with_van(**changes) -> Problem:
    return replace(PROBLEM, vehicles=(replace(VAN, **changes), BIKE))


def _with_cheese(**changes) -> Problem:
    return replace(PROBLEM, requests=(replace(CHEESE, **changes), EGGS, HONEY))


def _window(opens_s: int, closes_s: int) -> Visit:
    return replace(CHEESE.pickup, windows=(Window(opens_s, closes_s),))


def test_a_plan_at_the_edge_of_every_rule_is_legal() -> None:
    assert check(PROBLEM, PLAN) == ()


def test_waiting_is_allowed_wherever_it_harms_no_later_hour() -> None:
    late = replace(ROUTE.visits[MILL], begins_s=24_810, leaves_s=24_910)
    problem = _with_van(shift=Window(SIX, HOME + 10), longest_s=HOME - SIX + 10)
    plan = _route(ends_s=HOME + 10, visits=(*ROUTE.visits[:MILL], late))
    assert check(problem, plan) == ()


def test_a_route_without_an_end_ends_where_it_leaves_its_last_stop() -> None:
    visits = (
        PlannedVisit(Task("pickup", "honey"), 1, 600, 600, 600, (1,)),
        PlannedVisit(Task("drop", "honey"), 4, 2_400, 2_400, 2_400, (0,)),
    )
    bike = Route("bike", 0, 2_400, (0,), 2_400, 40_000, visits)
    assert check(PROBLEM, Plan((ROUTE, bike), ())) == ()


def test_the_start_counts_as_the_place_before_the_first_visit() -> None:
    hen = Request("hen", Visit(0, service_s=5, setup_s=60), Visit(1), (1,))
    problem = Problem(("crates",), _road(), (BIKE,), (hen,))
    visits = (
        PlannedVisit(Task("pickup", "hen"), 0, 0, 0, 5, (1,)),
        PlannedVisit(Task("drop", "hen"), 1, 605, 605, 605, (0,)),
    )
    assert check(problem, Plan((Route("bike", 0, 605, (0,), 600, 10_000, visits),), ())) == ()


VAN_KEEPS = _order(CHEESE_UP, MARKET, EGGS_UP, EGGS_DOWN, MILL)
IDLE = Route("bike", 0, 0, (0,), 0, 0, ())
BIKE_DROPS = Route(
    "bike",
    0,
    1_980,
    (0,),
    1_800,
    30_000,
    (PlannedVisit(Task("drop", "cheese"), 3, 1_800, 1_800, 1_980, (-8,)),),
)


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("unknown_vehicle", replace(PLAN, routes=(ROUTE, replace(IDLE, vehicle="tram")))),
        ("vehicle_twice", replace(PLAN, routes=(ROUTE, ROUTE))),
        ("empty_route", replace(PLAN, routes=(ROUTE, IDLE))),
        ("announced_missing", replace(PLAN, routes=())),
        ("announced_missing", _order(CHEESE_UP, EGGS_UP, CHEESE_DOWN, EGGS_DOWN, MILL)),
        ("announced_order", _order(CHEESE_UP, MILL, EGGS_UP, CHEESE_DOWN, EGGS_DOWN, MARKET)),
        ("task_twice", _order(CHEESE_UP, MARKET, MARKET, EGGS_UP, CHEESE_DOWN, EGGS_DOWN, MILL)),
        ("task_twice", _order(CHEESE_UP, MARKET, EGGS_UP, CHEESE_DOWN, EGGS_DOWN, EGGS_DOWN, MILL)),
        ("unknown_task", _visit(MILL, task=Task("announced", "moon"))),
        ("unknown_task", _visit(EGGS_UP, task=Task("pickup", "moon"))),
        ("pickup_without_drop", _order(CHEESE_UP, MARKET, EGGS_UP, CHEESE_DOWN, MILL)),
        ("drop_without_pickup", _order(CHEESE_UP, MARKET, CHEESE_DOWN, EGGS_DOWN, MILL)),
        ("drop_before_pickup", _order(CHEESE_UP, MARKET, EGGS_DOWN, CHEESE_DOWN, EGGS_UP, MILL)),
        ("other_vehicle", replace(PLAN, routes=(*VAN_KEEPS.routes, BIKE_DROPS))),
        ("served_and_unserved", replace(PLAN, unserved=("honey", "eggs"))),
        ("request_forgotten", replace(PLAN, unserved=())),
        ("unserved_twice", replace(PLAN, unserved=("honey", "honey"))),
        ("unknown_unserved", replace(PLAN, unserved=("honey", "moon"))),
        ("must_serve", replace(_order(MARKET, EGGS_UP, EGGS_DOWN, MILL), unserved=("honey", "cheese"))),
        ("start_load", _route(load=(1,))),
        ("load_wrong", _visit(EGGS_UP, load=(9,))),
        ("load_wrong", _visit(EGGS_UP, load=(10, 0))),
        ("load_below_zero", _order(MARKET, CHEESE_DOWN, CHEESE_UP, EGGS_UP, EGGS_DOWN, MILL)),
        ("leaves_early", _route(leaves_s=SIX - 1)),
        ("arrival_wrong", _visit(CHEESE_DOWN, arrives_s=23_959)),
        ("begins_early", _visit(EGGS_DOWN, begins_s=24_139, leaves_s=24_199)),
        ("outside_window", _visit(CHEESE_UP, begins_s=22_201, leaves_s=22_381)),
        ("leave_wrong", _visit(EGGS_UP, leaves_s=23_420)),
        ("place_wrong", _visit(EGGS_UP, place=3)),
        ("end_wrong", _route(ends_s=HOME - 1)),
        ("ends_late", _route(ends_s=HOME + 1)),
        ("drive_wrong", _route(drive_s=4_799)),
        ("distance_wrong", _route(distance_m=79_999)),
    ],
)
def test_a_plan_that_breaks_a_rule_is_told_which(code: str, plan: Plan) -> None:
    assert code in _codes(PROBLEM, plan)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("must_serve", replace(PROBLEM, requests=(CHEESE, EGGS, replace(HONEY, prize_cents=None)))),
        ("vehicle_not_allowed", _with_cheese(vehicles=frozenset({"bike"}))),
        ("vehicle_not_allowed", _with_cheese(vehicles=frozenset())),
        ("skill_missing", _with_cheese(skills=frozenset({"cold", "lift"}))),
        ("skill_missing", _with_van(skills=frozenset())),
        ("over_capacity", _with_van(capacity=(9,))),
        ("outside_window", _with_cheese(pickup=_window(22_201, 22_300))),
        ("outside_window", _with_cheese(pickup=_window(0, 22_199))),
        ("leaves_early", _with_van(shift=Window(SIX + 1, HOME))),
        ("ends_late", _with_van(shift=Window(SIX, HOME - 1))),
        ("longest_drive", _with_van(longest_drive_s=4_799)),
        ("longest_distance", _with_van(longest_m=79_999)),
        ("longest_route", _with_van(longest_s=HOME - SIX - 1)),
        ("longest_ride", _with_cheese(longest_ride_s=1_579)),
    ],
)
def test_a_rule_made_stricter_by_one_is_the_only_one_broken(code: str, problem: Problem) -> None:
    assert _codes(problem, PLAN) == {code}


FISH_AND_FLOWERS = frozenset({frozenset({"fish", "flowers"})})


def _with_goods(cheese: str, eggs: str) -> Problem:
    one, other = replace(CHEESE, goods=frozenset({cheese})), replace(EGGS, goods=frozenset({eggs, "hay"}))
    return replace(PROBLEM, requests=(one, other, HONEY), apart=FISH_AND_FLOWERS)


def test_goods_that_never_travel_together_are_named_with_their_shipments() -> None:
    """The eggs board while the cheese is on board."""
    assert check(_with_goods("fish", "fish"), PLAN) == ()
    (violation,) = check(_with_goods("fish", "flowers"), PLAN)
    assert (violation.code, violation.vehicle, violation.subject) == ("goods_together", "van", "eggs, cheese")
    assert violation.detail == "flowers of eggs rides together with fish of cheese"


def test_goods_apart_may_follow_each_other_at_one_place() -> None:
    """Who is put out before the next comes in never met it; the other way round they met."""
    fish = Request("fish", Visit(1), Visit(2), (1,), goods=frozenset({"fish"}))
    flowers = Request("flowers", Visit(2), Visit(3), (1,), goods=frozenset({"flowers"}))
    problem = Problem(("crates",), _road(), (BIKE,), (fish, flowers), FISH_AND_FLOWERS)
    visits = [
        PlannedVisit(Task("pickup", "fish"), 1, 600, 600, 600, (1,)),
        PlannedVisit(Task("drop", "fish"), 2, 1_200, 1_200, 1_200, (0,)),
        PlannedVisit(Task("pickup", "flowers"), 2, 1_200, 1_200, 1_200, (1,)),
        PlannedVisit(Task("drop", "flowers"), 3, 1_800, 1_800, 1_800, (0,)),
    ]
    route = Route("bike", 0, 1_800, (0,), 1_800, 30_000, tuple(visits))
    assert check(problem, Plan((route,), ())) == ()
    visits[1:3] = [replace(visits[2], load=(2,)), replace(visits[1], load=(1,))]
    assert _codes(problem, Plan((replace(route, visits=tuple(visits)),), ())) == {"goods_together"}


@pytest.mark.parametrize(
    ("bundled", "codes"),
    [
        (("cheese", "eggs"), set()),
        (("cheese", "honey"), {"bundle_split"}),  # the honey stays behind
        (("honey",), set()),
    ],
)
def test_a_bundle_rides_whole_or_not_at_all(bundled: tuple[str, ...], codes: set[str]) -> None:
    requests = tuple(
        replace(one, bundle="all" if one.id in bundled else None, prize_cents=None if one is CHEESE else 5)
        for one in PROBLEM.requests
    )
    if codes or "eggs" in bundled:  # Mates agree on whether they must be carried and on their vehicles.
        requests = tuple(
            replace(one, prize_cents=5, vehicles=None) if one.bundle else one for one in requests
        )
    assert _codes(replace(PROBLEM, requests=requests), PLAN) == codes


def test_a_bundle_rides_in_one_vehicle() -> None:
    eggs, honey = replace(EGGS, bundle="both"), replace(HONEY, bundle="both")
    problem = replace(PROBLEM, requests=(CHEESE, eggs, honey))
    visits = (
        PlannedVisit(Task("pickup", "honey"), 1, 600, 600, 600, (1,)),
        PlannedVisit(Task("drop", "honey"), 4, 2_400, 2_400, 2_400, (0,)),
    )
    bike = Route("bike", 0, 2_400, (0,), 2_400, 40_000, visits)
    (violation,) = check(problem, Plan((ROUTE, bike), ()))
    assert (violation.code, violation.vehicle, violation.subject) == ("bundle_split", None, "both")
    assert violation.detail == "eggs in van; honey in bike"


@pytest.mark.parametrize("length", range(7))
def test_a_route_begins_as_it_is_locked(length: int) -> None:
    """Any beginning of the route itself may be locked; the same with another task first may not."""
    problem = replace(
        PROBLEM,
        vehicles=(replace(VAN, head=ROUTE.tasks[:length]), BIKE),
        requests=(CHEESE, replace(EGGS, prize_cents=None), HONEY),
    )
    assert check(problem, PLAN) == ()
    if length:
        eggs_first = _order(EGGS_UP, CHEESE_UP, MARKET, CHEESE_DOWN, EGGS_DOWN, MILL)
        assert "head_changed" in _codes(problem, eggs_first)
        assert "head_changed" in _codes(problem, replace(PLAN, routes=()))


def test_a_violation_of_a_head_names_what_is_done_and_what_is_locked() -> None:
    locked = replace(VAN, head=(Task("announced", "market"),))
    (violation,) = check(replace(PROBLEM, vehicles=(locked, BIKE)), PLAN)
    assert (violation.code, violation.subject) == ("head_changed", "pickup cheese")
    assert violation.detail == "the route is locked to announced market"


def test_every_dimension_of_a_load_is_judged() -> None:
    van = replace(VAN, capacity=(10, 6), initial_load=(2, 0), announced=())
    parcel = Request("parcel", Visit(1), Visit(2), (1, 7))
    problem = Problem(("crates", "kg"), _road(), (van,), (parcel,))
    visits = (
        PlannedVisit(Task("pickup", "parcel"), 1, 22_200, 22_200, 22_200, (3, 7)),
        PlannedVisit(Task("drop", "parcel"), 2, 22_800, 22_800, 22_800, (2, 0)),
    )
    plan = Plan((Route("van", SIX, 24_000, (2, 0), 2_400, 40_000, visits),), ())
    assert [violation.detail for violation in check(problem, plan)] == ["7 kg on board, room for 6"]


def test_a_violation_names_the_vehicle_the_subject_and_the_figures() -> None:
    (violation,) = check(_with_cheese(longest_ride_s=1_579), PLAN)
    assert (violation.vehicle, violation.subject) == ("van", "cheese")
    assert violation.detail == "rides 1580 s, at most 1579"


@given(
    number=st.integers(0, 5),
    name=st.sampled_from(["place", "arrives_s", "begins_s", "leaves_s"]),
    change=st.integers(-100_000, 100_000).filter(bool),
)
def test_no_single_figure_of_a_visit_can_be_forged(number: int, name: str, change: int) -> None:
    assert check(PROBLEM, _visit(number, **{name: getattr(ROUTE.visits[number], name) + change}))


@given(
    name=st.sampled_from(["leaves_s", "ends_s", "drive_s", "distance_m"]),
    change=st.integers(-100_000, 100_000).filter(bool),
)
def test_no_single_figure_of_a_route_can_be_forged(name: str, change: int) -> None:
    assert check(PROBLEM, _route(**{name: getattr(ROUTE, name) + change}))


@given(numbers=st.lists(st.integers(0, 5), max_size=8).filter(lambda numbers: numbers != list(range(6))))
def test_no_other_order_of_the_same_visits_passes(numbers: list[int]) -> None:
    assert check(PROBLEM, _order(*numbers))
