"""Hands, holds and told hours at random, each against brute force on one road: every order, every gap."""

from itertools import permutations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.fair.sharing import Claimant
from pooling.goods.freshness import Fresh
from pooling.tours.hands import Side, breaks, figures, moved, put_in
from pooling.tours.holds import NOTHING_HELD, Holds, holds_json, read_holds
from pooling.tours.hour_windows import kept_to, told_windows
from routing.cost import route_cost
from routing.problem import Visit, Window
from routing.schedule import schedule_route
from routing.task import Task
from tests.pooling.worlds import CLOCK
from tests.routing.worlds import along_the_road, every_slot, parcel, van, with_request
from tests.thorough import examples

SHIFT = Window(0, 6 * 3600)
PLACE = st.integers(1, 5)
HOURS = st.tuples(st.integers(0, 18), st.integers(0, 24))
ENDS = st.tuples(PLACE, PLACE, st.integers(1, 5), HOURS, HOURS)
PARCELS = st.lists(ENDS, min_size=1, max_size=3)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.integers(0, 99)), max_size=8)


class Rich:
    """Payers that could pay any tour."""

    def losers(self, _plan):
        return {}

    def aboard(self, _route):
        return {}

    def caps(self, _tour, _plan, _route):
        return {"everybody": Claimant(10**6, 10**6)}


def world(ends, capacity=10):
    """Put parcels on the road, each with its hours at both ends, for a van of six hours."""
    asked = [
        parcel(
            f"p{number}",
            *(Visit(at, windows=(hours(one),)) for at, one in zip(pair, each, strict=True)),
            load,
        )
        for number, (*pair, load, on, off) in enumerate(ends)
        for each in [(on, off)]
    ]
    return along_the_road(*asked, vehicles=(van(shift=SHIFT, capacity=(capacity,)),))


def hours(one):
    opens, lasts = one
    return Window(600 * opens, 600 * (opens + lasts))


def side(problem, tasks, holds=NOTHING_HELD):
    tour = SimpleNamespace(sharing_rule="alone", id="van", gap_cents=0)
    return Side(
        tour, False, holds.timed(problem), Rich(), tuple(tasks), holds, Fresh(None, None), CLOCK, {}, {}
    )


def orders(names):
    """Return every order in which these are collected before they are handed over."""
    tasks = [Task(kind, name) for name in names for kind in ("pickup", "drop")]
    return [
        one
        for one in permutations(tasks)
        if all(one.index(Task("pickup", name)) < one.index(Task("drop", name)) for name in names)
    ]


def stays(holds, order):
    """Tell by pairs whether an order keeps what is held: what was before a locked visit, and nothing else."""
    head = list(order[: len(holds.first)]) == list(holds.first)
    return head and all(
        visit in order and all((order.index(one) < order.index(visit)) == (one in before) for one in order)
        for visit, before in holds.places.items()
    )


def held_at_random(order, steps):
    """Lock, pin and lock the beginning of an order, step by step."""
    pinned, first, places = set(), (), {}
    for kind, pick, _ in steps:
        visit = order[pick % len(order)]
        if kind == 0:
            pinned.add(visit.id)
        elif kind == 1:
            first = tuple(order[: pick % (len(order) + 1)])
        elif kind in (2, 3):
            places[visit] = frozenset(order[: order.index(visit)])
    return Holds(frozenset(pinned), first, places)


@examples(60)
@given(count=st.integers(1, 3), pick=st.integers(0, 999), steps=STEPS)
def test_an_order_is_kept_and_a_gap_is_open_just_where_brute_force_says_so(count, pick, steps):
    names = [f"p{number}" for number in range(count)]
    every = orders(names)
    order = every[pick % len(every)]
    holds = held_at_random(order, steps)
    assert read_holds(holds_json(holds)) == holds
    for other in every[:: 1 + len(every) // 30]:
        assert holds.keeps(other) == stays(holds, other)
    for pickup_at in range(len(order) + 1):
        for drop_at in range(pickup_at, len(order) + 1):
            longer = with_request(order, "new", pickup_at, drop_at)
            assert holds.may(order)(pickup_at, drop_at) == stays(holds, longer), (holds, pickup_at, drop_at)
    gone = names[pick % count]
    rest = [one for one in order if one.id != gone]
    left = holds.among({one.id for one in rest})
    assert stays(left, rest) and left.keeps(rest) and gone not in left.pinned


@examples(60)
@given(count=st.integers(1, 3), pick=st.integers(0, 999), which=st.integers(0, 9), place=st.integers(-1, 9))
def test_a_visit_is_moved_to_its_place_and_to_no_place_before_its_pickup(count, pick, which, place):
    every = orders([f"p{number}" for number in range(count)])
    order = every[pick % len(every)]
    visit = order[which % len(order)]
    wanted = [one for one in order if one != visit]
    wanted.insert(max(0, place - 1), visit)
    if tuple(wanted) in every:
        assert moved(order, visit, place) == tuple(wanted)
    else:
        with pytest.raises(Refusal) as refused:
            moved(order, visit, place)
        assert refused.value.code == "hand_order_impossible"


@examples(60)
@given(ends=PARCELS, pick=st.integers(0, 999), steps=STEPS, capacity=st.integers(1, 12))
def test_a_move_breaks_nothing_just_where_its_order_can_be_driven_and_keeps_what_is_held(
    ends, pick, steps, capacity
):
    problem = world(ends, capacity)
    every = orders([one.id for one in problem.requests])
    order, stood = every[pick % len(every)], every[(pick * 7) % len(every)]
    holds = held_at_random(stood, steps)
    looked = side(problem, order, holds)
    codes = [one.code for one in breaks(looked, figures(looked))]
    legal = schedule_route(problem, problem.vehicle("van"), order) is not None
    assert (codes == []) == (legal and stays(holds, order)), codes
    assert ("hand_locked" in codes) == (not stays(holds, order))
    assert ("hand_no_room" in codes) == overloaded(problem, order, capacity)
    assert set(codes) <= {"hand_locked", "hand_no_room", "hand_hours", "hand_shift"}


def overloaded(problem, order, capacity):
    load, most = 0, 0
    for one in order:
        load += problem.request(one.id).load[0] * (1 if one.kind == "pickup" else -1)
        most = max(most, load)
    return most > capacity


@examples(60)
@given(ends=st.lists(ENDS, min_size=2, max_size=4), steps=STEPS)
def test_a_newcomer_is_put_where_it_costs_least_behind_what_is_locked(ends, steps):
    problem = world(ends)
    vehicle, newcomer = problem.vehicle("van"), problem.requests[-1]
    names = [one.id for one in problem.requests[:-1]]
    driven = (one for one in orders(names) if schedule_route(problem, vehicle, one)) if len(names) < 4 else ()
    order = next(iter(driven), None)
    if order is None:
        return
    holds = held_at_random(order, steps)
    found = put_in(side(problem, order, holds), [newcomer.id])
    route = schedule_route(problem, vehicle, order)
    gaps = [
        slot
        for pickup_at, drop_at, slot in every_slot(problem, vehicle, route, newcomer)
        if stays(holds, with_request(order, newcomer.id, pickup_at, drop_at))
    ]
    if not gaps:
        assert found == (*order, Task("pickup", newcomer.id), Task("drop", newcomer.id))
        return
    cheapest = min(route_cost(vehicle, one).total_cents for one in gaps)
    chosen = schedule_route(problem, vehicle, found)
    assert stays(holds, found) and route_cost(vehicle, chosen).total_cents == cheapest


def within(now, then):
    return then.opens_s <= now.opens_s and now.closes_s <= then.closes_s


@examples(60)
@given(ends=st.lists(ENDS, min_size=2, max_size=3), steps=STEPS)
def test_told_hours_hold_every_later_hour_whoever_joins_or_leaves_in_whatever_order(ends, steps):
    asked = {one.id: one for one in world(ends).requests}
    aboard, told = [], {}
    for kind, pick, which in steps:
        name = sorted(asked)[pick % len(asked)]
        then = [one for one in aboard if one != name] if name in aboard and kind > 2 else [*aboard, name]
        then = list(dict.fromkeys(then))
        kept = [kept_to(asked[one], told.get(one)) for one in then]
        problem = along_the_road(*kept, vehicles=(van(shift=SHIFT),))
        found = [schedule_route(problem, problem.vehicle("van"), one) for one in orders(then)] if then else []
        legal = [one for one in found if one is not None]
        if not legal:
            continue
        route = legal[which % len(legal)]
        now = told_windows(problem, route)
        for one in told.keys() & now.keys():
            assert within(now[one].pickup, told[one].pickup) and within(now[one].drop, told[one].drop)
        for visit in route.visits:
            window = getattr(now[visit.task.id], visit.task.kind)
            assert window.opens_s <= visit.begins_s <= window.closes_s
        aboard, told = then, now


@examples(60)
@given(ends=st.lists(ENDS, min_size=2, max_size=3), pick=st.integers(0, 999))
def test_told_hours_hold_every_hour_that_a_further_stop_in_any_gap_brings(ends, pick):
    problem = world(ends)
    vehicle, newcomer = problem.vehicle("van"), problem.requests[-1]
    found = [
        schedule_route(problem, vehicle, one) for one in orders([one.id for one in problem.requests[:-1]])
    ]
    legal = [one for one in found if one is not None]
    if not legal:
        return
    route = legal[pick % len(legal)]
    told = told_windows(problem, route)
    for _, _, longer in every_slot(problem, vehicle, route, newcomer):
        for visit in longer.visits:
            if visit.task.id in told:
                window = getattr(told[visit.task.id], visit.task.kind)
                assert window.opens_s <= visit.begins_s <= window.closes_s
