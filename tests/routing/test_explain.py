"""
Why not: the rules named are a smallest set that is truly in the way, and the change named is the smallest.

Every relaxation is built here anew and judged by trying all pairs of positions.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.cost import route_cost
from routing.explain import Change, Rule, WhyNot, explain, why_not
from routing.insertion import empty_plan
from routing.plan import Plan
from routing.problem import (
    ALWAYS,
    AMOUNT_LIMIT,
    FOREVER_S,
    STOPS_PER_ROUTE_LIMIT,
    Problem,
    Request,
    Vehicle,
    Visit,
    Window,
)
from routing.task import Task
from tests.routing.many_worlds import days
from tests.routing.worlds import (
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

COLD = frozenset({"cold"})
YIELDING = (Rule.PRICE, Rule.ROOM, Rule.PICKUP_HOURS, Rule.DROP_HOURS, Rule.RIDE, Rule.DETOUR, Rule.DURATION)
"""The rules that may yield by a quantity."""

HOURS = {
    (Rule.PICKUP_HOURS,): ("pickup", "ready_s", "pickup_by_s"),
    (Rule.DROP_HOURS,): ("drop", "drop_from_s", "drop_by_s"),
}


def _fits(scene: Scene, rules: Collection[Rule] = ()) -> bool:
    """Tell by brute force whether some pair of positions is legal and worth its price without those rules."""
    vehicle, request = _free_vehicle(scene.vehicle, rules), _free_request(scene.request, rules)
    if not allowed(vehicle, request):
        return False
    if Rule.BUNDLE not in rules and not _beside_its_mates(scene):
        return False
    others = [_free_other(one, rules) for one in scene.problem.requests if one.id != request.id]
    loose = tuple(replace(one, bundle=None) for one in (*others, request))
    fleet = [vehicle if one.id == vehicle.id else one for one in scene.problem.vehicles]
    apart = frozenset() if Rule.APART in rules else scene.problem.apart
    problem = replace(scene.problem, vehicles=tuple(fleet), requests=loose, apart=apart)
    before = route_cost(vehicle, scene.route).total_cents if scene.route else 0
    return any(
        request.prize_cents is None or route_cost(vehicle, longer).total_cents - before < request.prize_cents
        for pickup_at, _, longer in every_slot(problem, vehicle, scene.route, request)
        if pickup_at >= len(vehicle.head)
    )


def _beside_its_mates(scene: Scene) -> bool:
    """Tell whether all others of its bundle ride in this vehicle."""
    mates = {
        one.id
        for one in scene.problem.requests
        if one.bundle is not None and one.bundle == scene.request.bundle and one.id != scene.request.id
    }
    return all(scene.route is not None and Task("drop", one) in scene.route.tasks for one in mates)


def _free_vehicle(vehicle: Vehicle, rules: Collection[Rule]) -> Vehicle:
    freed: dict = {}
    if Rule.ROOM in rules or Rule.COMPARTMENT in rules:
        kinds = {True: Rule.ROOM, False: Rule.COMPARTMENT}
        freed["capacity"] = tuple(
            AMOUNT_LIMIT if kinds[bool(room)] in rules else room for room in vehicle.capacity
        )
    if Rule.DETOUR in rules:
        freed |= {"longest_drive_s": None, "longest_m": None}
    if Rule.DURATION in rules:
        freed["longest_s"] = None
    if Rule.HEAD in rules:
        freed["head"] = ()
    if Rule.SHIFT in rules:
        freed["shift"] = Window()
    if Rule.PROMISES in rules:
        freed["announced"] = tuple(replace(one, visit=_any_hour(one.visit)) for one in vehicle.announced)
    return replace(vehicle, **freed)


def _free_request(request: Request, rules: Collection[Rule]) -> Request:
    freed: dict = {}
    if Rule.PRICE in rules:
        freed["prize_cents"] = None
    if Rule.PICKUP_HOURS in rules:
        freed["pickup"] = _any_hour(request.pickup)
    if Rule.DROP_HOURS in rules:
        freed["drop"] = _any_hour(request.drop)
    if Rule.RIDE in rules:
        freed["longest_ride_s"] = None
    if Rule.SKILLS in rules:
        freed["skills"] = frozenset()
    if Rule.RESERVED in rules:
        freed["vehicles"] = None
    return replace(request, **freed)


def _free_other(request: Request, rules: Collection[Rule]) -> Request:
    if Rule.PROMISES not in rules:
        return request
    at_any_hour = {"pickup": _any_hour(request.pickup), "drop": _any_hour(request.drop)}
    return replace(request, longest_ride_s=None, **at_any_hour)


def _any_hour(visit: Visit) -> Visit:
    return replace(visit, windows=ALWAYS)


def _with_value(scene: Scene, change: Change, value: int) -> Scene:
    """Give the quantity of a change another value; the window is known by where its end stands."""
    request, vehicle = scene.request, scene.vehicle
    match change.quantity:
        case "ready_s":
            request = replace(request, pickup=_moved(request.pickup, "opens_s", change.stands, value))
        case "pickup_by_s":
            request = replace(request, pickup=_moved(request.pickup, "closes_s", change.stands, value))
        case "drop_from_s":
            request = replace(request, drop=_moved(request.drop, "opens_s", change.stands, value))
        case "drop_by_s":
            request = replace(request, drop=_moved(request.drop, "closes_s", change.stands, value))
        case "units":
            share = [-(-amount * value // change.stands) for amount in request.load]
            request = replace(request, load=tuple(share))
        case "handled_units":
            share = [-(-amount * value // change.stands) for amount in request.load]
            pickup, drop = (
                replace(one, service_s=one.service_s * value // change.stands)
                for one in (request.pickup, request.drop)
            )
            request = replace(request, load=tuple(share), pickup=pickup, drop=drop)
        case "price_cents":
            request = replace(request, prize_cents=value)
        case "ride_s":
            request = replace(request, longest_ride_s=value)
        case "drive_s":
            vehicle = replace(vehicle, longest_drive_s=value)
        case "route_s":
            vehicle = replace(vehicle, longest_s=value)
    requests = tuple(request if one.id == request.id else one for one in scene.problem.requests)
    vehicles = tuple(vehicle if one.id == vehicle.id else one for one in scene.problem.vehicles)
    problem = replace(scene.problem, requests=requests, vehicles=vehicles)
    return Scene(problem, vehicle, scene.route, request)


def _moved(visit: Visit, end: str, stands: int, value: int) -> Visit:
    assert [getattr(window, end) for window in visit.windows].count(stands) == 1
    return replace(
        visit,
        windows=tuple(
            replace(window, **{end: value}) if getattr(window, end) == stands else window
            for window in visit.windows
        ),
    )


def _nearer(change: Change) -> int:
    return change.would_do + (1 if change.stands > change.would_do else -1)


def _smaller_sets(rules: Collection[Rule]) -> Iterator[tuple[Rule, ...]]:
    for size in range(len(rules)):
        yield from combinations(Rule, size)


def _reason(scene: Scene) -> WhyNot:
    return why_not(scene.problem, scene.plan, scene.vehicle, scene.request)


@st.composite
def _crowded(draw: st.DrawFn) -> Scene:
    """Draw a day of every feature at once, and ask for somebody left behind on any of its vehicles."""
    day = draw(days(vans=2, parcels=4).filter(lambda one: one.plan.unserved))
    request = day.problem.request(draw(st.sampled_from(day.plan.unserved)))
    vehicle = draw(st.sampled_from(day.problem.vehicles))
    return Scene(day.problem, vehicle, day.plan.route(vehicle.id), request, day.plan)


@examples(100)
@given(scene=scenes() | _crowded())
def test_the_rules_named_are_a_smallest_set_that_is_truly_in_the_way(scene: Scene) -> None:
    """
    Without exactly those rules the request fits; without any smaller set, out of all rules, it does not.

    A request that fits as it is has no rule named.
    """
    reason = _reason(scene)
    assert _fits(scene, reason.rules)
    for fewer in _smaller_sets(reason.rules):
        assert not _fits(scene, fewer), fewer


@examples(100)
@given(scene=scenes() | _crowded())
def test_of_the_smallest_sets_the_one_the_asker_can_do_most_about_is_named(scene: Scene) -> None:
    reason = _reason(scene)
    same_size = combinations(Rule, len(reason.rules))
    assert next(rules for rules in same_size if _fits(scene, rules)) == reason.rules


@st.composite
def _near_misses(draw: st.DrawFn, kept: tuple[Rule, ...] = YIELDING) -> Scene:
    """Draw a scene in which one or two rules may be in the way, and few others."""
    scene = draw(scenes(vans=1))
    least_s = scene.route.duration_s if scene.route else 0
    longest_s = draw(st.none() | st.integers(least_s, least_s + 20))
    scene = replace(scene, vehicle=replace(scene.vehicle, longest_s=longest_s))
    gone = set(Rule) - {Rule.PROMISES, draw(st.sampled_from(kept)), draw(st.sampled_from(list(Rule)))}
    vehicle, request = _free_vehicle(scene.vehicle, gone), _free_request(scene.request, gone)
    requests = (*scene.problem.requests[:-1], request)
    problem = replace(scene.problem, vehicles=(vehicle,), requests=requests)
    return Scene(problem, vehicle, scene.route, request)


@examples(150)
@given(scene=_near_misses())
def test_the_change_named_does_and_one_unit_less_does_not(scene: Scene) -> None:
    change = _reason(scene).change
    if change is not None:
        assert _fits(_with_value(scene, change, change.would_do))
        assert not _fits(_with_value(scene, change, _nearer(change)))
        assert not _fits(_with_value(scene, change, change.stands))


@examples(125)
@given(scene=_near_misses(kept=(Rule.PICKUP_HOURS, Rule.DROP_HOURS)))
def test_no_smaller_change_of_the_hours_would_do(scene: Scene) -> None:
    """Every second nearer is tried, at both ends of each window."""
    reason = _reason(scene)
    if reason.rules not in HOURS or reason.change is None:
        return
    kind, opening, closing = HOURS[reason.rules]
    windows = getattr(scene.request, kind).windows
    for less in range(1, abs(reason.change.would_do - reason.change.stands)):
        for number, window in enumerate(windows):
            before = windows[number - 1].closes_s if number else -1
            after = windows[number + 1].opens_s if number + 1 < len(windows) else FOREVER_S
            if window.opens_s - less > before:
                change = Change(opening, window.opens_s, 0)
                assert not _fits(_with_value(scene, change, window.opens_s - less))
            if window.closes_s + less < after:
                change = Change(closing, window.closes_s, 0)
                assert not _fits(_with_value(scene, change, window.closes_s + less))


@examples(100)
@given(scene=scenes(vans=2))
def test_the_slot_shown_is_the_one_that_opens(scene: Scene) -> None:
    """It holds the request and what the van carries already."""
    reason = _reason(scene)
    assert reason.slot is not None
    served = Plan((reason.slot.route,), ()).served
    assert served == scene.plan.served | {scene.request.id}


# One example for each rule, on the road: ten minutes and ten kilometres between neighbours.


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
    reason = _reason(scene)
    assert (reason.rules, reason.change) == ((rule,), change)
    assert _fits(scene, [rule])
    assert not _fits(scene)


def test_a_promise_to_those_aboard_is_a_promise() -> None:
    """The eggs ride 1,200 s and may not ride longer; the honey is on their way, but takes a second."""
    eggs = parcel("eggs", 1, 3, longest_ride_s=1_200)
    honey = parcel("honey", Visit(2, service_s=1), 4)
    scene = _scene(honey, eggs, vehicle=van(shift=Window(0, 4_801), longest_drive_s=4_800))
    assert _reason(scene).rules == (Rule.PROMISES,)
    patient = _scene(honey, replace(eggs, longest_ride_s=1_201), vehicle=scene.vehicle)
    assert _reason(patient).rules == ()


def test_fewer_crates_may_keep_what_was_promised() -> None:
    """The eggs may ride 1,250 s, fifty more than they do; each unit of honey on their way takes twenty."""
    eggs = parcel("eggs", 1, 3, longest_ride_s=1_250)
    honey = parcel("honey", Visit(2, service_s=100), 4, load=5)
    scene = _scene(honey, eggs, vehicle=van(shift=Window(0, 5_000), longest_drive_s=4_800))
    assert (_reason(scene).rules, _reason(scene).change) == ((Rule.PROMISES,), Change("handled_units", 5, 2))


def test_two_rules_in_the_way_are_named_together_without_a_single_change() -> None:
    both = _scene(parcel(skills=COLD, longest_ride_s=1_000))
    assert _reason(both) == replace(_reason(both), rules=(Rule.RIDE, Rule.SKILLS), change=None)


def test_between_two_windows_the_nearer_end_is_moved() -> None:
    """
    The van passes at 1,800 s; open until 1,000 s and from 2,000 s on, but then it is home too late.

    Not one window from the first hour to the last: that would hide what stands in the way.
    """
    twice = Visit(3, (Window(0, 1_000), Window(2_000, 9_000)))
    scene = _scene(parcel(drop=twice), vehicle=van(shift=Window(0, 3_600)))
    assert _reason(scene).change == Change("drop_from_s", 2_000, 1_800)


def test_of_earlier_and_later_the_smaller_change_is_named() -> None:
    """The van can be at 1 from 600 s to 2,400 s; the parcel is ready from 2,500 s to 4,000 s."""
    scene = _scene(parcel(pickup=Visit(1, (Window(2_500, 4_000),))), vehicle=van(shift=Window(0, 5_400)))
    assert _reason(scene).change == Change("ready_s", 2_500, 2_400)


def test_a_single_crate_cannot_shrink() -> None:
    scene = _scene(parcel("more", 2, 3), parcel("all", 2, 3, load=10), vehicle=van(shift=Window(0, 3_600)))
    assert (_reason(scene).rules, _reason(scene).change) == ((Rule.ROOM,), None)


def test_a_request_that_fits_has_no_rule_named_but_a_slot() -> None:
    reason = _reason(_scene(parcel()))
    assert (reason.rules, reason.change) == ((), None)
    assert reason.slot is not None


def test_a_route_with_too_many_stops_has_neither_rule_nor_slot() -> None:
    stops = tuple(stop(f"stop {at}", 0) for at in range(STOPS_PER_ROUTE_LIMIT - 1))
    scene = _scene(parcel(), vehicle=van(announced=stops))
    assert _reason(scene) == WhyNot("van", (), None, None)


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
