"""Inserting: the slot found is legal and the cheapest of all pairs of positions, tried one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from routing.check import check
from routing.cost import plan_cents, route_cost
from routing.insertion import (
    Insertion,
    best_in_route,
    best_insertion,
    empty_plan,
    insert,
    insert_all,
    insertions,
    may_carry,
)
from routing.least import least_added_cents
from routing.nonsense import ProblemNonsense
from routing.plan import Plan, Route
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle, Visit, Window
from routing.task import Task
from tests.routing.worlds import (
    CRATES,
    Scene,
    allowed,
    along_the_road,
    every_slot,
    parcel,
    problems,
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


# Serving everybody, or whoever pays.


def test_a_trip_that_cannot_keep_its_own_hours_has_no_plan() -> None:
    assert empty_plan(
        along_the_road(vehicles=[van(announced=(stop("in time", 1, windows=(Window(600, 600),)),))])
    )
    shift = Window(1, 100_000)
    late = van(shift=shift, announced=(stop("too late", 1, windows=(Window(600, 600),)),))
    assert empty_plan(along_the_road(vehicles=[late])) is None


@pytest.mark.parametrize(("prize_cents", "rides"), [(661, True), (660, False)])
def test_a_shipment_rides_if_it_costs_less_than_leaving_it(prize_cents: int, rides: bool) -> None:
    """The way costs 660 cents."""
    problem = along_the_road(parcel(prize_cents=prize_cents))
    plan = insert_all(problem, Plan((), ("parcel",)))
    assert ("parcel" in plan.served) == rides


def test_what_must_be_carried_rides_at_any_price_and_comes_first() -> None:
    """One crate of room: the dear optional one stays behind."""
    must = parcel("must", 1, 5)
    dear = parcel("dear", 1, 5, prize_cents=100_000)
    one_crate = van(capacity=(1,), shift=Window(0, 6_000))
    problem = along_the_road(dear, must, vehicles=[one_crate])
    assert insert_all(problem, Plan((), ("dear", "must"))).served == {"must"}


def test_what_must_be_carried_rides_where_it_costs_least() -> None:
    """The cheap van is taken, whatever the names of the others."""
    vans = [van(id="z", cents_per_km=90), van(id="a", cents_per_km=90), van(id="m")]
    problem = along_the_road(parcel(), vehicles=vans)
    assert [route.vehicle for route in insert_all(problem, Plan((), ("parcel",))).routes] == ["m"]


@examples(100)
@given(problem=problems(vans=2, parcels=5, horizon_s=40))
def test_a_day_is_filled_legally_and_never_at_a_loss(problem: Problem) -> None:
    """
    Never worse than serving nobody; what must be carried is left only where no slot is left; and no
    shipment stays behind for which a slot would still pay.
    """
    start = empty_plan(problem)
    if start is None:
        return
    plan = insert_all(problem, start)
    assert {v.code for v in check(problem, plan)} <= {"must_serve"}
    optional = replace(problem, requests=tuple(r for r in problem.requests if r.prize_cents is not None))
    only = insert_all(optional, Plan(start.routes, tuple(r.id for r in optional.requests)))
    assert plan_cents(optional, only) <= plan_cents(
        optional, Plan(start.routes, tuple(r.id for r in optional.requests))
    )
    for request in (problem.request(one) for one in plan.unserved):
        slot = best_insertion(problem, plan, request)
        assert slot is None or (request.prize_cents is not None and slot.added_cents >= request.prize_cents)


@examples(100)
@given(problem=problems(vans=2, parcels=4, horizon_s=40), data=st.data())
def test_the_only_one_that_must_be_carried_rides_if_it_fits_alone(
    problem: Problem, data: st.DataObject
) -> None:
    start = empty_plan(problem)
    if start is None:
        return
    chosen = data.draw(st.sampled_from(problem.requests))
    requests = tuple(_with_prize(one, None if one.id == chosen.id else 50) for one in problem.requests)
    problem = replace(problem, requests=requests)
    if best_insertion(problem, start, problem.request(chosen.id)) is not None:
        assert chosen.id in insert_all(problem, start).served


def _with_prize(request: Request, prize_cents: int | None) -> Request:
    return replace(request, prize_cents=prize_cents)


# What is locked, bundled or kept apart.


def _names(plan: Plan) -> list[str]:
    return [f"{task.kind} {task.id}" for route in plan.routes for task in route.tasks]


def test_nothing_goes_into_a_locked_beginning() -> None:
    """On the way it would go in for nothing between the two locked stops; it must come behind them."""
    trip = van(
        announced=(stop("near", 1), stop("far", 4), stop("back", 2)),
        head=(Task("announced", "near"), Task("announced", "far")),
    )
    problem = along_the_road(parcel(pickup=2, drop=3), vehicles=[trip])
    start = empty_plan(problem)
    assert start is not None
    found = insertions(problem, start, parcel(pickup=2, drop=3), every=True)
    assert {(slot.pickup_at, slot.drop_at) for slot in found} == {(2, 2), (2, 3), (3, 3)}
    assert (found[0].added_m, found[0].pickup_at, found[0].drop_at) == (20_000, 2, 2)


def test_what_is_on_board_is_brought_where_it_costs_least() -> None:
    """Picked up in the head, dropped on the way between the stops that are announced."""
    head = (Task("announced", "out"), Task("pickup", "parcel"))
    trip = van(announced=(stop("out", 1), stop("far", 5)), head=head)
    problem = along_the_road(parcel(pickup=2, drop=4), vehicles=[trip])
    plan = empty_plan(problem)
    assert plan is not None
    assert _names(plan) == ["announced out", "pickup parcel", "drop parcel", "announced far"]
    assert (check(problem, plan), plan.unserved) == ((), ())
    assert insertions(problem, plan, problem.requests[0]) == ()
    late = replace(trip, shift=Window(0, 1_200))
    assert empty_plan(replace(problem, vehicles=(late,))) is None


def test_what_is_on_board_is_brought_by_the_cheapest_order_though_another_drop_is_nearer() -> None:
    """At 2: by 1 and back to 5 and home 100 km, first to 5 and on the way home to 1 only 80 km."""
    trip = van(announced=(stop("far", 5),), head=(Task("pickup", "parcel"),))
    plan = empty_plan(along_the_road(parcel(pickup=2, drop=1), vehicles=[trip]))
    assert plan is not None
    assert _names(plan) == ["pickup parcel", "announced far", "drop parcel"]


@pytest.mark.parametrize(("prize_cents", "carried"), [(331, {"one", "other"}), (330, set())])
def test_a_bundle_pays_together_or_stays_behind(prize_cents: int, carried: set[str]) -> None:
    """The way costs 660 cents, which neither would pay alone."""
    mates = [parcel(name, prize_cents=prize_cents, bundle="both") for name in ("one", "other")]
    problem = along_the_road(*mates)
    assert insert_all(problem, Plan((), ("one", "other"))).served == carried


def test_a_bundle_rides_in_one_van_though_two_would_be_cheaper() -> None:
    """One starts beside each parcel; together they ride in one of them, or not at all."""
    west, east = van(id="west", capacity=(1,)), van(id="east", start=5, end=5, capacity=(1,))
    mates = [parcel("w", 0, 1, bundle="both"), parcel("e", 5, 4, bundle="both")]
    apart = along_the_road(*[replace(one, bundle=None) for one in mates], vehicles=[west, east])
    assert len(insert_all(apart, Plan((), ("w", "e"))).routes) == 2
    together = along_the_road(*mates, vehicles=[west, east])
    plan = insert_all(together, Plan((), ("w", "e")))
    assert (len(plan.routes), check(together, plan)) == (1, ())
    short = along_the_road(*mates, vehicles=[replace(one, longest_m=20_000) for one in (west, east)])
    assert insert_all(short, Plan((), ("w", "e"))) == Plan((), ("w", "e"))


def test_a_mate_rides_where_its_bundle_rides() -> None:
    """The bus is cheaper for it, but its mate is locked into the van."""
    bus = van(id="bus", cents_per_km=1)
    mates = [parcel(name, bundle="both") for name in ("one", "other")]
    problem = along_the_road(*mates, vehicles=[van(head=(Task("pickup", "one"),)), bus])
    start = empty_plan(problem)
    assert start is not None
    assert {slot.vehicle for slot in insertions(problem, start, mates[1], every=True)} == {"van"}
    assert check(problem, insert_all(problem, start)) == ()


def test_goods_apart_are_never_offered_a_slot_together() -> None:
    """Fish rides from 1 to 3; the flowers go in before it, behind it, or not at all."""
    fish = parcel("fish", 1, 3, goods=frozenset({"fish"}))
    flowers = parcel("flowers", 1, 3, goods=frozenset({"flowers"}))
    problem = replace(along_the_road(fish, flowers), apart=frozenset({frozenset({"fish", "flowers"})}))
    start = insert_all(problem, Plan((), ("fish",)))
    found = insertions(problem, start, flowers, every=True)
    assert {(slot.pickup_at, slot.drop_at) for slot in found} == {(0, 0), (2, 2)}


def test_who_was_left_is_tried_again_when_others_have_changed_a_route() -> None:
    """The far one does not pay 1,000 cents, but 200 behind the near one, which pays 800."""
    far, near = parcel("far", 1, 5, prize_cents=900), parcel("near", 1, 4, prize_cents=850)
    light = van(cents_per_hour=0)
    alone = along_the_road(far, vehicles=[light])
    assert insert_all(alone, Plan((), ("far",))).served == set()
    both = along_the_road(far, near, vehicles=[light])
    assert insert_all(both, Plan((), ("far", "near"))).served == {"far", "near"}


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
