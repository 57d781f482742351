"""
Why not: the rules named are a smallest set that is truly in the way, and the change named is the smallest.

Every relaxation is built anew by ``relaxed`` and judged by trying all pairs of positions.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from routing.explain import Change, Rule
from routing.plan import Plan
from routing.problem import FOREVER_S
from tests.routing.many_worlds import days
from tests.routing.relaxed import fits, free_request, free_vehicle, reason_of, with_value
from tests.routing.worlds import Scene, scenes
from tests.thorough import examples

YIELDING = (Rule.PRICE, Rule.ROOM, Rule.PICKUP_HOURS, Rule.DROP_HOURS, Rule.RIDE, Rule.DETOUR, Rule.DURATION)
"""The rules that may yield by a quantity."""

HOURS = {
    (Rule.PICKUP_HOURS,): ("pickup", "ready_s", "pickup_by_s"),
    (Rule.DROP_HOURS,): ("drop", "drop_from_s", "drop_by_s"),
}


def _nearer(change: Change) -> int:
    return change.would_do + (1 if change.stands > change.would_do else -1)


def _smaller_sets(rules: Collection[Rule]) -> Iterator[tuple[Rule, ...]]:
    for size in range(len(rules)):
        yield from combinations(Rule, size)


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
    reason = reason_of(scene)
    assert fits(scene, reason.rules)
    for fewer in _smaller_sets(reason.rules):
        assert not fits(scene, fewer), fewer


@examples(100)
@given(scene=scenes() | _crowded())
def test_of_the_smallest_sets_the_one_the_asker_can_do_most_about_is_named(scene: Scene) -> None:
    reason = reason_of(scene)
    same_size = combinations(Rule, len(reason.rules))
    assert next(rules for rules in same_size if fits(scene, rules)) == reason.rules


@st.composite
def _near_misses(draw: st.DrawFn, kept: tuple[Rule, ...] = YIELDING) -> Scene:
    """Draw a scene in which one or two rules may be in the way, and few others."""
    scene = draw(scenes(vans=1))
    least_s = scene.route.duration_s if scene.route else 0
    longest_s = draw(st.none() | st.integers(least_s, least_s + 20))
    scene = replace(scene, vehicle=replace(scene.vehicle, longest_s=longest_s))
    gone = set(Rule) - {Rule.PROMISES, draw(st.sampled_from(kept)), draw(st.sampled_from(list(Rule)))}
    vehicle, request = free_vehicle(scene.vehicle, gone), free_request(scene.request, gone)
    requests = (*scene.problem.requests[:-1], request)
    problem = replace(scene.problem, vehicles=(vehicle,), requests=requests)
    return Scene(problem, vehicle, scene.route, request)


@examples(150)
@given(scene=_near_misses())
def test_the_change_named_does_and_one_unit_less_does_not(scene: Scene) -> None:
    change = reason_of(scene).change
    if change is not None:
        assert fits(with_value(scene, change, change.would_do))
        assert not fits(with_value(scene, change, _nearer(change)))
        assert not fits(with_value(scene, change, change.stands))


@examples(125)
@given(scene=_near_misses(kept=(Rule.PICKUP_HOURS, Rule.DROP_HOURS)))
def test_no_smaller_change_of_the_hours_would_do(scene: Scene) -> None:
    """Every second nearer is tried, at both ends of each window."""
    reason = reason_of(scene)
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
                assert not fits(with_value(scene, change, window.opens_s - less))
            if window.closes_s + less < after:
                change = Change(closing, window.closes_s, 0)
                assert not fits(with_value(scene, change, window.closes_s + less))


@examples(100)
@given(scene=scenes(vans=2))
def test_the_slot_shown_is_the_one_that_opens(scene: Scene) -> None:
    """It holds the request and what the van carries already."""
    reason = reason_of(scene)
    assert reason.slot is not None
    served = Plan((reason.slot.route,), ()).served
    assert served == scene.plan.served | {scene.request.id}
