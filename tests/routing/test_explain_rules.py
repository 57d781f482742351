"""
Why not, rule by rule: one example for each, on the road.

Ten minutes and ten kilometres lie between neighbours.
"""

from dataclasses import replace

import pytest

from routing.explain import Change, Rule, WhyNot, explain
from routing.insertion import empty_plan
from routing.plan import Plan
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle, Visit, Window
from routing.task import Task
from tests.routing.relaxed import fits, reason_of
from tests.routing.worlds import Scene, along_the_road, every_slot, parcel, road, stop, van

COLD = frozenset({"cold"})


def _scene(
    request: Request,
    *guests: Request,
    vehicle: Vehicle | None = None,
    apart: frozenset[frozenset[str]] = frozenset(),
    mates: tuple[Request, ...] = (),
) -> Scene:
    """
    Let the guests ride in the order given, each from its pickup to its drop, then ask for one more.

    Its mates stay behind with it.
    """
    problem = along_the_road(*guests, *mates, request, vehicles=[vehicle or van()], places=7)
    problem = replace(problem, apart=apart)
    scene = Scene(problem, problem.vehicles[0], None, request)
    for guest in guests:
        slots = every_slot(problem, scene.vehicle, scene.route, guest)
        cheapest = min(slots, key=lambda slot: (slot[2].drive_s, slot[:2]))
        scene = replace(scene, route=cheapest[2])
    if scene.route is None and problem.vehicles[0].announced:
        plan = _announced(problem)
        scene = replace(scene, route=plan.routes[0])
    return scene


def _announced(problem: Problem) -> Plan:
    plan = empty_plan(problem)
    assert plan is not None
    return plan


LOOP = van(announced=(stop("far", 5),))
"""Drives 0 to 5 and home anyway: 6,000 s and 100 km."""

ONE_RULE = [
    pytest.param(
        _scene(
            parcel("more", 1, 4, load=5), parcel("middle", 2, 3, load=7), vehicle=van(shift=Window(0, 4_900))
        ),
        Rule.ROOM,
        Change("units", 5, 3),
        id="room on a middle leg: seven of ten crates are taken between 2 and 3",
    ),
    pytest.param(
        Scene(
            Problem(
                ("crates", "cold crates"),
                road(5),
                (van(capacity=(10, 0)),),
                (replace(parcel(), load=(0, 2)),),
            ),
            van(capacity=(10, 0)),
            None,
            replace(parcel(), load=(0, 2)),
        ),
        Rule.COMPARTMENT,
        None,
        id="compartment: the van has no cold one",
    ),
    pytest.param(
        _scene(
            parcel(pickup=Visit(1, (Window(5_000, 6_000),))), vehicle=replace(LOOP, shift=Window(0, 7_000))
        ),
        Rule.PICKUP_HOURS,
        Change("ready_s", 5_000, 1_600),
        id="pickup hours: to be home at 7,000 s the van must be at 1 by 1,600 s",
    ),
    pytest.param(
        _scene(parcel(drop=Visit(3, (Window(0, 1_799),)))),
        Rule.DROP_HOURS,
        Change("drop_by_s", 1_799, 1_800),
        id="drop hours: nobody reaches 3 by 1 before 1,800 s",
    ),
    pytest.param(
        _scene(parcel(prize_cents=660)),
        Rule.PRICE,
        Change("price_cents", 660, 661),
        id="price: the way costs 660 cents, no less than leaving it",
    ),
    pytest.param(
        _scene(parcel(longest_ride_s=1_000)),
        Rule.RIDE,
        Change("ride_s", 1_000, 1_200),
        id="ride: from 1 to 3 takes 1,200 s",
    ),
    pytest.param(
        _scene(parcel(drop=6), vehicle=replace(LOOP, longest_drive_s=7_000)),
        Rule.DETOUR,
        Change("drive_s", 7_000, 7_200),
        id="detour: 6 lies 1,200 s beyond the way of 6,000 s",
    ),
    pytest.param(
        _scene(parcel(drop=6), vehicle=replace(LOOP, longest_m=110_000)),
        Rule.DETOUR,
        None,
        id="detour: 6 lies 20 km beyond the way of 100 km",
    ),
    pytest.param(
        _scene(parcel(), vehicle=van(longest_s=3_599)),
        Rule.DURATION,
        Change("route_s", 3_599, 3_600),
        id="duration: to 3 and home takes an hour",
    ),
    pytest.param(
        _scene(
            parcel("flowers", 2, 4, goods=frozenset({"flowers"})),
            parcel("fish", 1, 3, goods=frozenset({"fish"})),
            vehicle=van(longest_m=80_000, end=None, shift=Window(0, 2_400)),
            apart=frozenset({frozenset({"fish", "flowers"})}),
        ),
        Rule.APART,
        None,
        id="apart: the fish is on board until 3, and there is no time to come back to 2",
    ),
    pytest.param(
        _scene(parcel(bundle="both"), vehicle=van(), mates=(parcel("mate", bundle="both"),)),
        Rule.BUNDLE,
        None,
        id="bundle: its mate stays behind",
    ),
    pytest.param(
        _scene(
            parcel(),
            vehicle=replace(
                LOOP, head=(Task("announced", "far"),), shift=Window(0, 6_000), longest_drive_s=6_000
            ),
        ),
        Rule.HEAD,
        None,
        id="head: the way to 5 is locked, and behind it are no hours and no driving are left",
    ),
    pytest.param(
        _scene(parcel(skills=COLD)),
        Rule.SKILLS,
        None,
        id="skills: the van is not cold",
    ),
    pytest.param(
        _scene(parcel(vehicles=frozenset())),
        Rule.RESERVED,
        None,
        id="reserved: this van may not carry it",
    ),
    pytest.param(
        _scene(parcel(), vehicle=van(shift=Window(0, 3_599))),
        Rule.SHIFT,
        None,
        id="shift: home at 3,600 s, one second late",
    ),
    pytest.param(
        _scene(
            parcel(pickup=Visit(1, service_s=1)),
            vehicle=van(
                end=None,
                shift=Window(0, 3_001),
                longest_drive_s=3_000,
                announced=(stop("market", 5, windows=(Window(3_000, 3_000),)),),
            ),
        ),
        Rule.PROMISES,
        None,
        id="promises: the market is reached on the very second",
    ),
]


@pytest.mark.parametrize(("scene", "rule", "change"), ONE_RULE)
def test_one_rule_in_the_way_is_named_with_the_smallest_change(
    scene: Scene, rule: Rule, change: Change | None
) -> None:
    reason = reason_of(scene)
    assert (reason.rules, reason.change) == ((rule,), change)
    assert fits(scene, [rule])
    assert not fits(scene)


def test_a_promise_to_those_aboard_is_a_promise() -> None:
    """The eggs ride 1,200 s and may not ride longer; the honey is on their way, but takes a second."""
    eggs = parcel("eggs", 1, 3, longest_ride_s=1_200)
    honey = parcel("honey", Visit(2, service_s=1), 4)
    scene = _scene(honey, eggs, vehicle=van(shift=Window(0, 4_801), longest_drive_s=4_800))
    assert reason_of(scene).rules == (Rule.PROMISES,)
    patient = _scene(honey, replace(eggs, longest_ride_s=1_201), vehicle=scene.vehicle)
    assert reason_of(patient).rules == ()


def test_fewer_crates_may_keep_what_was_promised() -> None:
    """The eggs may ride 1,250 s, fifty more than they do; each unit of honey on their way takes twenty."""
    eggs = parcel("eggs", 1, 3, longest_ride_s=1_250)
    honey = parcel("honey", Visit(2, service_s=100), 4, load=5)
    scene = _scene(honey, eggs, vehicle=van(shift=Window(0, 5_000), longest_drive_s=4_800))
    assert (reason_of(scene).rules, reason_of(scene).change) == (
        (Rule.PROMISES,),
        Change("handled_units", 5, 2),
    )


def test_two_rules_in_the_way_are_named_together_without_a_single_change() -> None:
    both = _scene(parcel(skills=COLD, longest_ride_s=1_000))
    assert reason_of(both) == replace(reason_of(both), rules=(Rule.RIDE, Rule.SKILLS), change=None)


def test_between_two_windows_the_nearer_end_is_moved() -> None:
    """
    The van passes at 1,800 s; open until 1,000 s and from 2,000 s on, but then it is home too late.

    Not one window from the first hour to the last: that would hide what stands in the way.
    """
    twice = Visit(3, (Window(0, 1_000), Window(2_000, 9_000)))
    scene = _scene(parcel(drop=twice), vehicle=van(shift=Window(0, 3_600)))
    assert reason_of(scene).change == Change("drop_from_s", 2_000, 1_800)


def test_of_earlier_and_later_the_smaller_change_is_named() -> None:
    """The van can be at 1 from 600 s to 2,400 s; the parcel is ready from 2,500 s to 4,000 s."""
    scene = _scene(parcel(pickup=Visit(1, (Window(2_500, 4_000),))), vehicle=van(shift=Window(0, 5_400)))
    assert reason_of(scene).change == Change("ready_s", 2_500, 2_400)


def test_a_single_crate_cannot_shrink() -> None:
    scene = _scene(parcel("more", 2, 3), parcel("all", 2, 3, load=10), vehicle=van(shift=Window(0, 3_600)))
    assert (reason_of(scene).rules, reason_of(scene).change) == ((Rule.ROOM,), None)


def test_a_request_that_fits_has_no_rule_named_but_a_slot() -> None:
    reason = reason_of(_scene(parcel()))
    assert (reason.rules, reason.change) == ((), None)
    assert reason.slot is not None


def test_a_route_with_too_many_stops_has_neither_rule_nor_slot() -> None:
    stops = tuple(stop(f"stop {at}", 0) for at in range(STOPS_PER_ROUTE_LIMIT - 1))
    scene = _scene(parcel(), vehicle=van(announced=stops))
    assert reason_of(scene) == WhyNot("van", (), None, None)


def test_the_nearest_vehicle_stands_first() -> None:
    """Fewest rules, then least cost, then the name; last what nothing helps."""
    stops = tuple(stop(f"stop {at}", 0) for at in range(STOPS_PER_ROUTE_LIMIT))
    fleet = (
        van(id="full", announced=stops),
        van(id="bare", shift=Window(0, 3_000)),
        van(id="dear", cents_per_km=20, skills=COLD, shift=Window(0, 3_000)),
        van(id="late", skills=COLD, shift=Window(0, 3_000)),
        van(id="fine", skills=COLD, cents_per_km=90),
    )
    request = parcel(skills=COLD)
    problem = along_the_road(request, vehicles=fleet)
    reasons = explain(problem, _announced(problem), request)
    assert [reason.vehicle for reason in reasons] == ["fine", "late", "dear", "bare", "full"]
    assert [len(reason.rules) for reason in reasons] == [0, 1, 1, 2, 0]
