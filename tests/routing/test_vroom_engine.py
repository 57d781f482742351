"""VROOM's adapter: what VROOM is told in its own words must mean what we mean."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given

from geodata.matrix import Matrix
from routing.check import check
from routing.heads import behind_head
from routing.insertion import empty_plan
from routing.mending import mended, plan_of
from routing.plan import Plan
from routing.problem import AnnouncedStop, Load, Problem, Request, Vehicle, Visit, Window
from routing.task import Task
from routing.vroom_engine import _order_marks, _order_room, _windows_in_order, vroom_answers, vroom_routes
from tests.routing.many_worlds import LEFT_OPEN, many_worlds
from tests.thorough import examples

VAN = Vehicle(id="van", start=0, end=0, capacity=(10,), cents_per_km=40, cents_per_hour=1_500)


def _road(places: int = 6) -> Matrix:
    """Lay places along one road, ten minutes and ten kilometres apart."""
    steps = np.abs(np.subtract.outer(np.arange(places), np.arange(places))).astype(np.int64)
    return Matrix(durations_s=steps * 600, distances_m=steps * 10_000)


def _problem(*vehicles: Vehicle, requests: tuple[Request, ...]) -> Problem:
    return Problem(("crates",), _road(), vehicles, requests)


def _request(name: str, pickup: int, drop: int, load: int = 1, **more) -> Request:
    return Request(name, Visit(pickup), Visit(drop), (load,), **more)


def _stop(name: str, place: int, change: int = 0, **more) -> AnnouncedStop:
    return AnnouncedStop(name, Visit(place, **more), (change,))


def _solved(problem: Problem, start: Plan | None = None) -> Plan:
    plan = plan_of(problem, vroom_routes(problem, start, exploration=2, seconds=None))
    assert plan is not None
    return plan


def _fits(order: tuple[int, ...], room: Load) -> bool:
    """Follow the two order dimensions as VROOM does: what is freed later is on board from the start."""
    marks = [_order_marks(position) for position in order]
    load = [sum(frees[i] for frees, _ in marks) for i in (0, 1)]
    for frees, takes in marks:
        load = [load[i] - frees[i] + takes[i] for i in (0, 1)]
        if any(load[i] > room[i] for i in (0, 1)):
            return False
    return True


@pytest.mark.parametrize("stops", range(8))
def test_the_order_dimensions_admit_the_announced_order_and_no_other(stops: int) -> None:
    room = _order_room(stops)
    assert [order for order in permutations(range(stops)) if _fits(order, room)] == [tuple(range(stops))]


def test_windows_of_announced_stops_are_narrowed_by_their_neighbours() -> None:
    stops = (
        _stop("a", 1, windows=(Window(100, 900),), service_s=50),
        _stop("b", 2, service_s=20),
        _stop("c", 3, windows=(Window(0, 10), Window(50, 700))),
    )
    van = replace(VAN, announced=stops, shift=Window(0, 1_000))
    assert _windows_in_order(van) == [
        (Window(100, 630),),
        (Window(150, 680),),
        (Window(170, 700),),
    ]


def test_announced_stops_are_made_in_their_order_though_another_is_shorter() -> None:
    van = replace(VAN, announced=tuple(_stop(f"s{i}", place) for i, place in enumerate((4, 1, 5, 2, 3))))
    problem = _problem(van, requests=(_request("r", 5, 1),))
    plan = _solved(problem)
    assert check(problem, plan) == ()
    assert plan.served == {"r"}


@pytest.mark.parametrize(
    ("capacity", "served"),
    [(10, {"r"}), (9, set())],
)
def test_own_goods_that_ride_through_leave_exactly_their_room(capacity: int, served: set[str]) -> None:
    # On board: 3 from the start, 9 from a to b, 4 from b to c; no way back is short enough.
    stops = (_stop("a", 1, 6), _stop("b", 3, -5), _stop("c", 4, -4))
    van = replace(VAN, end=5, capacity=(capacity,), initial_load=(3,), announced=stops, longest_drive_s=3_000)
    problem = _problem(van, requests=(_request("r", 2, 4, 1, prize_cents=5),))
    plan = _solved(problem)
    assert check(problem, plan) == ()
    assert plan.served == served


def test_goods_that_stay_on_board_to_the_end_take_room() -> None:
    van = replace(VAN, initial_load=(8,))
    problem = _problem(van, requests=(_request("fits", 1, 2, 2), _request("not", 1, 2, 3)))
    assert _solved(problem).served == {"fits"}


def test_skills_and_named_vehicles_are_kept() -> None:
    cold = replace(VAN, id="cold", fixed_cents=5_000, skills=frozenset({"cold"}))
    dear = replace(VAN, id="dear", fixed_cents=9_000)
    problem = _problem(
        VAN,
        cold,
        dear,
        requests=(
            _request("milk", 1, 2, skills=frozenset({"cold"})),
            _request("gold", 1, 2, vehicles=frozenset({"dear"})),
            _request("bread", 1, 2, vehicles=frozenset({"van", "dear"})),
            _request("none", 1, 2, vehicles=frozenset(), prize_cents=100),
            _request("odd", 1, 2, skills=frozenset({"crane"}), prize_cents=100),
        ),
    )
    plan = _solved(problem)
    assert check(problem, plan) == ()
    assert plan.served == {"milk", "gold", "bread"}


@pytest.mark.parametrize(
    ("limits", "served"),
    [
        ({"longest_drive_s": 2_400}, {"r"}),
        ({"longest_drive_s": 2_399}, set()),
        ({"longest_m": 40_000}, {"r"}),
        ({"longest_m": 39_999}, set()),
        ({"shift": Window(0, 2_650)}, {"r"}),
        ({"shift": Window(0, 2_649)}, set()),
    ],
)
def test_limits_of_a_route_are_inclusive(limits: dict, served: set[str]) -> None:
    # Setup 100 and service 50 at the pickup; setup 60 and service 40 at the drop: 2,400 + 250.
    request = Request("r", Visit(1, service_s=50, setup_s=100), Visit(2, service_s=40, setup_s=60), (1,), 5)
    problem = _problem(replace(VAN, **limits), requests=(request,))
    plan = _solved(problem)
    assert check(problem, plan) == ()
    assert plan.served == served


def test_setup_is_spent_once_where_visits_share_a_place() -> None:
    requests = tuple(
        Request(f"r{i}", Visit(1, setup_s=100), Visit(2, (Window(0, 1_400),), setup_s=100), (1,))
        for i in range(5)
    )
    problem = _problem(VAN, requests=requests)
    plan = _solved(problem)
    assert check(problem, plan) == ()


def test_a_route_may_end_at_its_last_stop() -> None:
    problem = _problem(replace(VAN, end=None, longest_drive_s=1_200), requests=(_request("r", 1, 2),))
    plan = _solved(problem)
    assert check(problem, plan) == ()
    assert plan.routes[0].drive_s == 1_200


def test_what_must_be_made_is_not_given_up_for_many_guests() -> None:
    stops = (_stop("s", 1, windows=(Window(600, 600),)),)
    owner = replace(VAN, announced=stops, shift=Window(0, 7_000))
    guests = tuple(
        Request(f"g{i}", Visit(5, (Window(3_000, 3_000),)), Visit(4), (1,), prize_cents=9_000)
        for i in range(9)
    )
    mill = Request("mill", Visit(5, (Window(3_000, 3_000),), service_s=1_000), Visit(4), (9,))
    problem = _problem(owner, requests=(*guests, mill))
    start = plan_of(
        problem, vroom_routes(replace(problem, requests=(mill,)), None, exploration=2, seconds=None)
    )
    plan = _solved(problem, start)
    assert check(problem, plan) == ()
    assert "mill" in plan.served


def test_the_dearer_of_two_is_carried_where_only_one_can_be() -> None:
    requests = (_request("cheap", 1, 2, 10, prize_cents=100), _request("dear", 4, 5, 10, prize_cents=9_000))
    problem = _problem(replace(VAN, longest_drive_s=6_000, shift=Window(0, 6_000)), requests=requests)
    far = replace(problem, vehicles=(replace(problem.vehicles[0], start=3, end=3, longest_drive_s=2_400),))
    assert _solved(far).served == {"dear"}


def test_a_warm_start_is_kept_or_bettered() -> None:
    van = replace(VAN, announced=(_stop("a", 4), _stop("b", 1)))
    problem = _problem(
        van, replace(VAN, id="two"), requests=tuple(_request(f"r{i}", i, 5 - i) for i in range(5))
    )
    first = _solved(problem)
    again = _solved(problem, first)
    assert check(problem, again) == ()
    assert again.served == first.served


def test_a_start_that_vroom_holds_for_illegal_is_left_aside() -> None:
    problem = _problem(VAN, requests=(_request("r", 1, 2),))
    plan = _solved(problem)
    small = replace(problem, requests=(_request("r", 1, 2, prize_cents=0), _request("q", 2, 3)))
    narrow = replace(small, vehicles=(replace(VAN, longest_drive_s=0),))
    assert vroom_routes(narrow, plan, exploration=0, seconds=1.0) == {}


@pytest.mark.parametrize("done", [1, 2, 3, 4])
def test_a_locked_beginning_is_kept_and_what_is_on_board_is_brought(done: int) -> None:
    """Nine of ten crates are on board after it; the guest that fits rides behind it."""
    head = (Task("announced", "a"), Task("pickup", "r"), Task("pickup", "q"), Task("drop", "q"))[:done]
    van = replace(VAN, initial_load=(2,), announced=(_stop("a", 1, -1), _stop("b", 4, -1)), head=head)
    requests = (_request("r", 2, 5, 5), _request("q", 3, 2, 3), _request("s", 4, 1, 2, prize_cents=9_000))
    problem = _problem(van, replace(VAN, id="other", fixed_cents=50_000), requests=requests)
    for start in (None, empty_plan(problem)):
        plan = _solved(problem, start)
        assert check(problem, plan) == ()
        assert plan.route("van").tasks[:done] == head
        assert plan.served == {"r", "q", "s"}
    assert plan.route("other") is None


def test_a_vehicle_stands_where_its_head_ends() -> None:
    """20 minutes by 1 to 2, with setting up and handling; 5 of its own are on board, and 2 of a guest's."""
    stop = AnnouncedStop("a", Visit(1, service_s=30, setup_s=60), (4,))
    limits = {"longest_drive_s": 5_000, "longest_m": 50_000, "longest_s": 9_000, "shift": Window(10, 9_999)}
    head = (Task("announced", "a"), Task("pickup", "r"))
    van = replace(VAN, initial_load=(1,), announced=(stop, _stop("b", 3)), head=head, **limits)
    problem = _problem(van, requests=(_request("r", 2, 5, 2),))
    stands = behind_head(problem, van)
    assert (stands.start, stands.initial_load, stands.announced) == (2, (5,), (van.announced[1],))
    assert stands.shift == Window(10 + 1_200 + 90, 9_999)
    assert (stands.longest_drive_s, stands.longest_m, stands.longest_s) == (3_800, 30_000, 7_710)


def test_a_head_without_hours_is_nobodys_to_plan() -> None:
    late = replace(VAN, announced=(_stop("a", 1, windows=(Window(0, 599),)),), head=(Task("announced", "a"),))
    problem = _problem(late, replace(VAN, id="other"), requests=(_request("r", 1, 2),))
    answer = vroom_routes(problem, None, exploration=2, seconds=None)
    assert answer == {"other": (Task("pickup", "r"), Task("drop", "r"))}


@examples(60)
@given(problem=many_worlds(vans=2, parcels=4))
def test_answers_to_any_problem_can_be_used(problem: Problem) -> None:
    """Once mended they break nothing, though somebody who must be carried may be left."""
    start = empty_plan(problem)
    if start is None:
        return
    for first in (start, None):
        plan = plan_of(problem, vroom_routes(problem, first, exploration=1, seconds=None))
        assert plan is not None
        better = mended(problem, plan, lambda: False)
        for one in (plan, better):
            assert {violation.code for violation in check(problem, one)} <= LEFT_OPEN


def test_answers_come_again_and_again() -> None:
    problem = _problem(
        replace(VAN, announced=(_stop("a", 3),)), requests=(_request("r", 1, 2, prize_cents=10),)
    )
    start = empty_plan(problem)
    assert start is not None
    answers = list(vroom_answers(problem, start, 1.0))
    assert len(answers) > 1
    assert all(Task("announced", "a") in answer["van"] for answer in answers)
