"""Hours for an order: legal, the earliest end, the latest departure, and none only where there are none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from routing.check import check
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle, Visit, Window
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing import test_check as edge
from tests.routing.worlds import HORIZON_S, along_the_road, every_hours, orders, parcel, problems, stop, van
from tests.thorough import examples

UP, DOWN = Task("pickup", "parcel"), Task("drop", "parcel")


def _scheduled(problem: Problem, *tasks: Task) -> Route:
    route = schedule_route(problem, problem.vehicles[0], tasks or (UP, DOWN))
    assert route is not None
    assert [v for v in check(problem, Plan((route,), ())) if v.code != "request_forgotten"] == []
    return route


def _refused(problem: Problem, *tasks: Task) -> bool:
    return schedule_route(problem, problem.vehicles[0], tasks or (UP, DOWN)) is None


def _hours(route: Route) -> list[tuple[int, int, int]]:
    return [(visit.arrives_s, visit.begins_s, visit.leaves_s) for visit in route.visits]


def test_an_order_at_the_edge_of_every_rule_is_given_its_hours() -> None:
    """The one legal choice of hours is found where each rule leaves no second and no crate to spare."""
    assert schedule_route(edge.PROBLEM, edge.VAN, edge.ROUTE.tasks) == edge.ROUTE


@pytest.mark.parametrize(
    "changes",
    [
        {"shift": Window(edge.SIX + 1, edge.HOME)},  # it would come too late to the market
        {"shift": Window(edge.SIX, edge.HOME - 1)},  # it would be home too late
        {"capacity": (9,)},  # ten crates are on board after the first pickup
        {"longest_drive_s": 4_799},  # the way takes 4,800 s
        {"longest_m": 79_999},  # the way is 80 km long
        {"longest_s": edge.HOME - edge.SIX - 1},  # from leaving to end
    ],
)
def test_a_van_one_unit_stricter_is_refused(changes: dict) -> None:
    assert schedule_route(edge.PROBLEM, replace(edge.VAN, **changes), edge.ROUTE.tasks) is None


def test_a_ride_one_second_shorter_is_refused() -> None:
    cheese = replace(edge.CHEESE, longest_ride_s=edge.CHEESE.longest_ride_s - 1)
    problem = replace(edge.PROBLEM, requests=(cheese, edge.EGGS, edge.HONEY))
    assert schedule_route(problem, edge.VAN, edge.ROUTE.tasks) is None


def test_a_load_that_falls_below_nothing_is_refused() -> None:
    assert _refused(along_the_road(parcel()), DOWN, UP)


def test_the_van_leaves_as_late_as_the_earliest_end_allows() -> None:
    """Ready at 5,000 s, ten minutes away: who leaves at 4,400 s waits nowhere."""
    ready = parcel(pickup=Visit(1, (Window(5_000, 9_000),)))
    route = _scheduled(along_the_road(ready))
    assert (route.leaves_s, route.ends_s) == (4_400, 5_000 + 1_200 + 1_800)
    assert _hours(route) == [(5_000, 5_000, 5_000), (6_200, 6_200, 6_200)]


def test_nobody_leaves_before_the_shift_opens_nor_ends_after_it_closes() -> None:
    shift = Window(1_000, 1_000 + 3_600)
    route = _scheduled(along_the_road(parcel(), vehicles=[van(shift=shift)]))
    assert (route.leaves_s, route.ends_s) == (shift.opens_s, shift.closes_s)
    assert _refused(along_the_road(parcel(), vehicles=[van(shift=Window(1_000, 4_599))]))


def test_setting_up_is_spent_once_at_one_place() -> None:
    """Two drops at one door: one setup of 60 s, two services of 10 s."""
    door = Visit(3, service_s=10, setup_s=60)
    first, second = parcel("first", drop=door), parcel("second", drop=door)
    tasks = [Task(kind, name) for kind in ("pickup", "drop") for name in ("first", "second")]
    route = _scheduled(along_the_road(first, second), *tasks)
    assert _hours(route)[2:] == [(1_800, 1_800, 1_870), (1_870, 1_870, 1_880)]


def test_setting_up_is_spent_again_where_the_van_comes_back() -> None:
    door = Visit(3, service_s=10, setup_s=60)
    problem = along_the_road(parcel("first", drop=door), parcel("second", drop=door))
    order = [Task(kind, name) for name in ("first", "second") for kind in ("pickup", "drop")]
    assert [leaves - begins for _, begins, leaves in _hours(_scheduled(problem, *order))] == [0, 70, 0, 70]


def test_setting_up_is_not_spent_where_the_van_stands_already() -> None:
    farm = parcel(pickup=Visit(0, service_s=10, setup_s=60))
    assert _hours(_scheduled(along_the_road(farm)))[0] == (0, 0, 10)


def test_the_first_window_that_can_be_met_is_taken() -> None:
    """The pickup is reached after the first window closes, on the second's last second, or never."""
    twice = Visit(1, (Window(0, 599), Window(700, 800)))
    route = _scheduled(along_the_road(parcel(pickup=twice)))
    assert (route.leaves_s, route.visits[0].begins_s) == (100, 700)
    late = van(shift=Window(200, 100_000))
    assert _scheduled(along_the_road(parcel(pickup=twice), vehicles=[late])).visits[0].begins_s == 800
    too_late = van(shift=Window(201, 100_000))
    assert _refused(along_the_road(parcel(pickup=twice), vehicles=[too_late]))


def test_an_open_end_ends_where_the_van_leaves_its_last_stop() -> None:
    route = _scheduled(
        along_the_road(parcel(drop=Visit(3, service_s=40)), vehicles=[van(end=None)]),
    )
    assert (route.ends_s, route.drive_s, route.distance_m) == (1_840, 1_800, 30_000)


def test_a_van_without_visits_drives_from_start_to_end() -> None:
    problem = along_the_road(parcel(), vehicles=[van(end=2)])
    route = schedule_route(problem, problem.vehicles[0], ())
    assert route == Route("van", 0, 1_200, (0,), 1_200, 20_000, ())


def test_a_pickup_waits_so_that_nobody_rides_too_long() -> None:
    """The drop opens at 9,000 s; the parcel may ride 1,500 s, so it is not collected before 7,500 s."""
    waits = parcel(drop=Visit(3, (Window(9_000, 9_900),)), longest_ride_s=1_500)
    market = stop("market", 0, windows=(Window(0, 100),))
    problem = along_the_road(waits, vehicles=[van(announced=(market,))])
    route = _scheduled(problem, Task("announced", "market"), UP, DOWN)
    assert (route.leaves_s, route.ends_s) == (100, 9_000 + 1_800)
    assert _hours(route)[1:] == [(700, 7_500, 7_500), (8_700, 9_000, 9_000)]


def test_the_longest_ride_is_met_to_the_second_and_not_beyond() -> None:
    """From 1 to 3 takes 1,200 s whatever the hours."""
    assert _scheduled(along_the_road(parcel(longest_ride_s=1_200)))
    assert _refused(along_the_road(parcel(longest_ride_s=1_199)))


def test_a_later_end_is_chosen_where_no_ride_is_short_enough_before() -> None:
    """Collected at 600 s or after 5,000 s, dropped at 3,000 s or after 6,000 s: late to late is short."""
    either = parcel(
        pickup=Visit(1, (Window(600, 600), Window(5_000, 5_100))),
        drop=Visit(3, (Window(3_000, 3_000), Window(6_000, 9_000))),
        longest_ride_s=1_500,
    )
    route = _scheduled(along_the_road(either))
    assert (route.leaves_s, [visit.begins_s for visit in route.visits]) == (4_400, [5_000, 6_200])


def test_hours_in_between_are_found_where_neither_the_earliest_nor_the_latest_will_do() -> None:
    """The first parcel is dropped at once, the second collected late: each for its own ride."""
    first = parcel("first", Visit(1, (Window(0, 1_000),)), 2, longest_ride_s=700)
    second = parcel("second", 3, Visit(4, (Window(9_000, 9_500),)), longest_ride_s=1_000)
    order = [Task(kind, name) for name in ("first", "second") for kind in ("pickup", "drop")]
    route = _scheduled(along_the_road(first, second), *order)
    assert [visit.begins_s for visit in route.visits] == [1_000, 1_600, 8_000, 9_000]


def test_a_longest_route_moves_the_end_where_waiting_made_it_too_long() -> None:
    """
    Collected at 1,000 s or from 6,000 s, dropped from 5,000 s: whoever collects early waits for the drop.

    Early the route takes 600 + 4,000 + 1,800 s; late only 600 + 1,200 + 1,800 s, but it ends later.
    """
    either = parcel(
        pickup=Visit(1, (Window(1_000, 1_000), Window(6_000, 9_000))), drop=Visit(3, (Window(5_000, 9_000),))
    )
    for longest_s, begins in ((6_400, [1_000, 5_000]), (6_399, [6_000, 7_200]), (3_600, [6_000, 7_200])):
        route = _scheduled(along_the_road(either, vehicles=[van(longest_s=longest_s)]))
        assert [visit.begins_s for visit in route.visits] == begins
    assert _refused(along_the_road(either, vehicles=[van(longest_s=3_599)]))


def test_goods_apart_are_refused_together_and_allowed_one_after_the_other() -> None:
    fish, flowers = (
        parcel("fish", 1, 2, goods=frozenset({"fish"})),
        parcel("flowers", 2, 3, goods=frozenset({"flowers"})),
    )
    problem = replace(along_the_road(fish, flowers), apart=frozenset({frozenset({"fish", "flowers"})}))
    up, down, flowers_up, flowers_down = (
        Task(kind, one) for one in ("fish", "flowers") for kind in ("pickup", "drop")
    )
    assert _scheduled(problem, up, down, flowers_up, flowers_down)
    assert _refused(problem, up, flowers_up, down, flowers_down)
    assert schedule_route(replace(problem, apart=frozenset()), van(), (up, flowers_up, down, flowers_down))


@st.composite
def _ordered(draw: st.DrawFn) -> tuple[Problem, Vehicle, tuple[Task, ...]]:
    """Draw a tiny world with short drives and short rides, where room and driving forbid nothing."""
    problem = draw(problems(vans=1, parcels=2))
    shift = Window(draw(st.integers(0, 2)), HORIZON_S)
    van = replace(problem.vehicles[0], capacity=(99, 99), shift=shift, longest_drive_s=None, longest_m=None)
    free = tuple(
        replace(
            one,
            pickup=_quick(one.pickup),
            drop=_quick(one.drop),
            longest_ride_s=draw(st.none() | st.integers(0, 4)),
            skills=frozenset(),
            vehicles=None,
        )
        for one in problem.requests
    )
    stops = tuple(replace(one, visit=_quick(one.visit)) for one in van.announced)
    van = replace(van, initial_load=(50, 50), announced=stops)
    matrix = Matrix(problem.matrix.durations_s // 2, problem.matrix.distances_m)
    problem = replace(problem, vehicles=(van,), requests=free, matrix=matrix)
    return problem, van, draw(orders(problem, van))


def _quick(visit: Visit) -> Visit:
    return replace(visit, service_s=visit.service_s // 2, setup_s=visit.setup_s // 2)


@examples(300)
@given(world=_ordered())
def test_of_all_hours_the_earliest_end_and_then_the_latest_departure_are_taken(
    world: tuple[Problem, Vehicle, tuple[Task, ...]],
) -> None:
    """Every second of a tiny world is tried: no hours are found exactly where there are none."""
    problem, vehicle, order = world
    route = schedule_route(problem, vehicle, order)
    every = [(ends_s, -leaves_s) for ends_s, leaves_s, _ in every_hours(problem, vehicle, order)]
    if route is None:
        assert every == []
        return
    assert check(problem, Plan((route,), ())) == ()
    assert (route.ends_s, -route.leaves_s) == min(every)


@examples(150)
@given(problem=problems(vans=1, parcels=4, horizon_s=60), data=st.data())
def test_the_checker_passes_whatever_is_scheduled(problem: Problem, data: st.DataObject) -> None:
    """Room, driving, hours and rides all hold; only what the order itself breaks is left to others."""
    order = data.draw(orders(problem, problem.vehicles[0]))
    route = schedule_route(problem, problem.vehicles[0], order)
    if route is not None:
        by_the_order = {"skill_missing", "vehicle_not_allowed"}
        assert {v.code for v in check(problem, Plan((route,), ()))} <= by_the_order
