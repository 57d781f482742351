"""Inserting: the slot found is legal and the cheapest of all pairs of positions, tried one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from geodata.matrix import Matrix
from routing.check import check
from routing.cost import route_cost
from routing.insertion import (
    Insertion,
    best_in_route,
    best_insertion,
    empty_plan,
    insert,
    insertions,
    may_carry,
)
from routing.least import least_added_cents
from routing.nonsense import ProblemNonsense
from routing.plan import Plan, Route
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Vehicle, Visit, Window
from routing.task import Task
from tests.routing.worlds import (
    CRATES,
    Scene,
    allowed,
    along_the_road,
    every_slot,
    parcel,
    road,
    scenes,
    stop,
    van,
)
from tests.thorough import examples

NOBODY = Plan((), ())


def _added(scene: Scene, vehicle: Vehicle, longer: Route) -> int:
    before = route_cost(vehicle, scene.route).total_cents if scene.route else 0
    return route_cost(vehicle, longer).total_cents - before


def _order(insertion: Insertion) -> list[tuple[str, str]]:
    return [(task.kind, task.id) for task in insertion.route.tasks]


@examples(150)
@given(scene=scenes())
def test_the_slot_found_is_the_cheapest_of_all_pairs_of_positions(scene: Scene) -> None:
    """
    Every pair is scheduled and priced, whatever the pruning says.

    Room, windows, announced stops, detour limits, setting up and longest rides all occur. Of slots
    that cost the same, the one that drives least, then the one that drops first.
    """
    found = best_in_route(scene.problem, scene.vehicle, scene.route, scene.request)
    if not scene.request.skills <= scene.vehicle.skills:
        assert found is None
        return
    driven_s = scene.route.drive_s if scene.route else 0
    ways = [
        (_added(scene, scene.vehicle, longer), longer.drive_s - driven_s, _drop_s(longer, scene.request.id))
        for _, _, longer in every_slot(scene.problem, scene.vehicle, scene.route, scene.request)
    ]
    if found is None:
        assert ways == []
    else:
        assert (found.added_cents, found.added_drive_s, found.drop_s) == min(ways)


def _drop_s(route: Route, request_id: str) -> int:
    return next(visit.begins_s for visit in route.visits if visit.task == Task("drop", request_id))


@examples(100)
@given(scene=scenes(vans=1))
def test_no_slot_adds_less_than_the_least(scene: Scene) -> None:
    """Were it otherwise, the price would be named as the reason where another rule is, or none."""
    least_cents = least_added_cents(scene.problem, scene.vehicle, scene.route, scene.request)
    before_cents = route_cost(scene.vehicle, scene.route).total_cents if scene.route else 0
    for _, _, longer in every_slot(scene.problem, scene.vehicle, scene.route, scene.request):
        assert route_cost(scene.vehicle, longer).total_cents - before_cents >= least_cents


@examples(150)
@given(scene=scenes())
def test_every_slot_listed_makes_a_legal_plan_and_states_what_it_adds(scene: Scene) -> None:
    """One slot for each vehicle that may carry it, cheapest first; a drop never precedes its pickup."""
    start = _announced_too(scene)
    if start is None:
        return
    found = insertions(scene.problem, start, scene.request)
    assert [slot.added_cents for slot in found] == sorted(slot.added_cents for slot in found)
    for slot in found:
        plan = insert(start, slot)
        assert {v.code for v in check(scene.problem, plan)} <= {"must_serve"}
        assert plan.served == start.served | {scene.request.id}
        assert slot.pickup_s <= slot.drop_s
        before = start.route(slot.vehicle)
        assert slot.added_drive_s == slot.route.drive_s - (before.drive_s if before else 0)
        assert slot.added_m == slot.route.distance_m - (before.distance_m if before else 0)


def _announced_too(scene: Scene) -> Plan | None:
    """Give the other vans their announced stops, too; ``None`` where one cannot keep its own hours."""
    others = replace(
        scene.problem, vehicles=scene.problem.vehicles[1:], requests=(), matrix=scene.problem.matrix
    )
    alone = empty_plan(others)
    return None if alone is None else replace(scene.plan, routes=(*scene.plan.routes, *alone.routes))


@examples(120)
@given(scene=scenes(vans=3))
def test_the_best_slot_is_the_cheapest_over_all_vehicles(scene: Scene) -> None:
    start = _announced_too(scene)
    if start is None:
        return
    costs = [
        route_cost(vehicle, longer).total_cents
        - (route_cost(vehicle, route).total_cents if (route := start.route(vehicle.id)) else 0)
        for vehicle in scene.problem.vehicles
        if allowed(vehicle, scene.request)
        for _, _, longer in every_slot(scene.problem, vehicle, start.route(vehicle.id), scene.request)
    ]
    best = best_insertion(scene.problem, start, scene.request)
    assert (best.added_cents if best else None) == min(costs, default=None)


def test_a_slot_states_the_detour_the_way_and_the_hours() -> None:
    """From 1 to 3 and home: 60 minutes and 60 km more; 60 cents by the hour and 600 by the kilometre."""
    slot = best_insertion(along_the_road(parcel()), NOBODY, parcel())
    assert slot is not None
    assert (slot.added_drive_s, slot.added_m, slot.added_cents) == (3_600, 60_000, 660)
    assert (slot.pickup_s, slot.drop_s) == (600, 1_800)


def test_the_plan_given_is_not_changed() -> None:
    problem = along_the_road(parcel())
    start = empty_plan(problem)
    assert start == Plan((), ("parcel",))
    slot = best_insertion(problem, start, parcel())
    assert slot is not None
    assert insert(start, slot) == Plan((slot.route,), ())
    assert start == Plan((), ("parcel",))


def test_guests_ride_on_the_way_that_is_driven_anyway() -> None:
    """On the way from 0 by 4 and home again nothing is added; the announced order holds."""
    trip = van(announced=(stop("out", 2), stop("far", 4)))
    problem = along_the_road(parcel(), vehicles=[trip])
    start = empty_plan(problem)
    assert start is not None
    slot = best_insertion(problem, start, parcel())
    assert slot is not None
    assert (slot.added_cents, slot.added_drive_s) == (0, 0)
    assert _order(slot) == [
        ("pickup", "parcel"),
        ("announced", "out"),
        ("drop", "parcel"),
        ("announced", "far"),
    ]


def test_two_shipments_fill_the_van_and_a_third_waits_for_the_first_to_leave() -> None:
    full = van(capacity=(2,))
    first, second = parcel("first", 1, 2), parcel("second", 1, 4)
    third = parcel("third", 1, 3)
    problem = along_the_road(first, second, third, vehicles=[full])
    plan = NOBODY
    for one in (first, second, third):
        slot = best_insertion(problem, plan, one)
        assert slot is not None
        plan = insert(plan, slot)
    assert check(problem, plan) == ()
    assert max(visit.load for visit in plan.routes[0].visits) == (2,)


def test_of_identical_idle_vans_the_first_speaks_for_all() -> None:
    """Two idle twins give one slot; one that has left already, or costs another cent, speaks for itself."""
    twins = [van(id="a"), van(id="b"), van(id="c", cents_per_stop=1)]
    problem = along_the_road(parcel("early", 4, 5), parcel(), vehicles=twins)
    assert [slot.vehicle for slot in insertions(problem, NOBODY, parcel())] == ["a", "c"]
    for busy in twins[:2]:
        early = best_in_route(problem, busy, None, problem.requests[0])
        assert early is not None
        found = insertions(problem, insert(NOBODY, early), parcel())
        assert {slot.vehicle for slot in found} == {"a", "b", "c"}


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_twin_hides_no_slot_of_the_only_van_that_may_carry(name: str) -> None:
    only = parcel(vehicles=frozenset({name}))
    problem = along_the_road(only, vehicles=[van(id="a"), van(id="b"), van(id="c")])
    assert [slot.vehicle for slot in insertions(problem, NOBODY, only)] == [name]


def test_only_a_van_that_is_allowed_and_equipped_may_carry() -> None:
    cold = parcel(skills=frozenset({"cold"}), vehicles=frozenset({"van", "other"}))
    assert may_carry(van(skills=frozenset({"cold", "lift"})), cold)
    assert not may_carry(van(), cold)  # it is not cold
    assert not may_carry(van(id="third", skills=frozenset({"cold"})), cold)  # it is not named
    assert not may_carry(van(), parcel(vehicles=frozenset()))  # nobody may


@pytest.mark.parametrize(("free", "fits"), [(2, True), (1, False)])
def test_a_route_holds_no_more_stops_than_the_limit(free: int, fits: bool) -> None:
    stops = tuple(stop(f"stop {at}", 0) for at in range(STOPS_PER_ROUTE_LIMIT - free))
    problem = along_the_road(parcel(), vehicles=[van(announced=stops)])
    plan = empty_plan(problem)
    assert plan is not None
    assert bool(insertions(problem, plan, parcel())) == fits


@pytest.mark.parametrize(("service_s", "fits"), [(30, True), (31, False)])
def test_a_drop_that_shares_the_setting_up_of_the_next_visit_is_found(service_s: int, fits: bool) -> None:
    """
    The van has not a second to lose, but setting up once for two drops gives it thirty.

    Alone, the market's drop takes 100 + 10 s; behind the guest's (60 + 10 s) it takes 10 s. Being late
    on the way to it proves nothing while a drop to come may still save that time.
    """
    market = parcel("market", 1, Visit(3, service_s=10, setup_s=100))
    guest = parcel("guest", Visit(0, service_s=service_s), Visit(3, service_s=10, setup_s=60))
    problem = along_the_road(market, guest, vehicles=[van(shift=Window(0, 3_600 + 110))])
    start = best_insertion(problem, NOBODY, market)
    assert start is not None
    slot = best_insertion(problem, insert(NOBODY, start), guest)
    assert (slot is not None) == fits
    if slot is not None:
        order = [("pickup", "guest"), ("pickup", "market"), ("drop", "guest"), ("drop", "market")]
        assert _order(slot) == order


@pytest.mark.parametrize(("service_s", "fits"), [(1, True), (2, False)])
def test_a_drop_on_a_way_that_rounding_made_shorter_is_found(service_s: int, fits: bool) -> None:
    """Straight from 1 to 3 takes 13 s, by 2 only 12 s: rounded seconds may do that."""
    seconds = np.array([[0, 1, 7, 14], [1, 0, 6, 13], [7, 6, 0, 6], [14, 13, 6, 0]], dtype=np.int64)
    guest = parcel("guest", Visit(0, service_s=service_s), 2)
    one = van(end=None, shift=Window(0, 14))
    problem = Problem(CRATES, Matrix(seconds, seconds), (one,), (parcel("straight"), guest))
    start = best_insertion(problem, NOBODY, parcel("straight"))
    assert start is not None
    assert (best_insertion(problem, insert(NOBODY, start), guest) is not None) == fits


def test_the_road_of_the_named_worlds_is_ten_minutes_and_ten_kilometres_a_step() -> None:
    assert (road(3).seconds[0], road(3).metres[2]) == ([0, 600, 1_200], [20_000, 10_000, 0])


def test_a_request_is_asked_about_that_the_problem_does_not_know() -> None:
    """Also another one of the same name. What makes no sense there is refused; who rides already, too."""
    problem = along_the_road(parcel("a", 1, 3))
    bare = Plan((), ("a",))
    assert [slot.request for slot in insertions(problem, bare, parcel("q", 2, 3))] == ["q"]
    (slot,) = insertions(problem, bare, parcel("a", 5, 1))
    assert [visit.place for visit in slot.route.visits] == [5, 1]
    with pytest.raises(ProblemNonsense):
        insertions(problem, bare, parcel("q", 2, 77))
    plan = insert(bare, best_insertion(problem, bare, problem.requests[0]))
    with pytest.raises(ValueError, match="rides already"):
        insertions(problem, plan, problem.requests[0])
