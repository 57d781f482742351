"""Every feature at once: hours, slots and whole plans held to brute force, and judged by the checker."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from routing.check import check
from routing.construction import first_plan
from routing.cost import plan_cents, route_cost
from routing.insertion import Insertion, empty_plan, insert, insert_all, insertions
from routing.mending import mended, plan_of
from routing.plan import Plan, PlannedVisit, Route
from routing.problem import Problem, Request, Vehicle, Visit, Window
from routing.schedule import schedule_route, step_of
from routing.task import Task
from tests.routing.brute_force import best_plan
from tests.routing.many_worlds import LEFT_OPEN, Day, days, legal_slots, many_worlds
from tests.routing.worlds import CRATES, HORIZON_S, every_hours, orders, parcel, van
from tests.thorough import examples

BY_THE_ORDER = {
    "skill_missing",
    "vehicle_not_allowed",
    "head_changed",
    "bundle_split",
    "announced_missing",
}
"""What hours cannot mend."""


def _codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


# Hours.


@st.composite
def _ordered(draw: st.DrawFn) -> tuple[Problem, Vehicle, tuple[Task, ...]]:
    """Draw a tiny world with short drives, an order of everything there is, and little time to wait."""
    problem = draw(many_worlds(vans=1, parcels=2, horizon_s=HORIZON_S))
    matrix = Matrix(problem.matrix.durations_s // 2, problem.matrix.distances_m)
    roomy = draw(st.booleans())
    free = {"capacity": (20, 20), "longest_drive_s": None, "longest_m": None} if roomy else {}
    vehicle = replace(problem.vehicles[0], shift=Window(0, HORIZON_S), longest_s=None, **free)
    problem = replace(problem, matrix=matrix, vehicles=(vehicle,))
    order = draw(orders(problem, vehicle))
    waits_s = draw(st.none() | st.integers(0, 4))
    if waits_s is not None:
        longest_s = waits_s + _without_waiting_s(problem, order)
        vehicle = replace(vehicle, longest_s=longest_s)
    return replace(problem, vehicles=(vehicle,)), vehicle, order


@st.composite
def _often_open(draw: st.DrawFn) -> tuple[Problem, Vehicle, tuple[Task, ...]]:
    """Draw a van and two parcels whose places open again and again for a second."""

    def visit(at: int) -> Visit:
        opens = draw(st.sets(st.integers(0, 9), min_size=2, max_size=6))
        return Visit(at % 3, tuple(Window(one, one) for one in sorted(opens)))

    guests = tuple(
        parcel(str(at), visit(2 * at), visit(2 * at + 1), longest_ride_s=draw(st.none() | st.integers(1, 6)))
        for at in range(draw(st.integers(1, 2)))
    )
    seconds = np.array(draw(st.lists(st.integers(0, 1), min_size=9, max_size=9))).reshape(3, 3)
    np.fill_diagonal(seconds, 0)
    vehicle = van(end=None, shift=Window(0, HORIZON_S))
    problem = Problem(CRATES, Matrix(seconds, seconds), (vehicle,), guests)
    order = draw(orders(problem, vehicle))
    longest_s = _without_waiting_s(problem, order) + draw(st.integers(0, 2))
    vehicle = replace(vehicle, longest_s=longest_s)
    return replace(problem, vehicles=(vehicle,)), vehicle, order


def _without_waiting_s(problem: Problem, order: Sequence[Task]) -> int:
    """Add up driving and handling."""
    vehicle = problem.vehicles[0]
    place, total_s = vehicle.start, 0
    for task in order:
        visit = step_of(problem, vehicle, task).visit
        moved_s = visit.setup_s if visit.place != place else 0
        total_s += int(problem.matrix.durations_s[place, visit.place]) + visit.service_s + moved_s
        place = visit.place
    return total_s + (0 if vehicle.end is None else int(problem.matrix.durations_s[place, vehicle.end]))


def _route(problem: Problem, order: Sequence[Task], hours: tuple[int, int, tuple[int, ...]]) -> Route:
    """Write hours found by brute force as a route, from the raw problem."""
    vehicle, (ends_s, leaves_s, begins) = problem.vehicles[0], hours
    place, clock_s, load = vehicle.start, leaves_s, vehicle.load_at_start(len(problem.dimensions))
    drive_s = distance_m = 0
    visits = []
    for task, begins_s in zip(order, begins, strict=True):
        step = step_of(problem, vehicle, task)
        arrives_s = clock_s + int(problem.matrix.durations_s[place, step.visit.place])
        drive_s += arrives_s - clock_s
        distance_m += int(problem.matrix.distances_m[place, step.visit.place])
        moved = step.visit.place != place
        clock_s = begins_s + step.visit.service_s + (step.visit.setup_s if moved else 0)
        place, load = step.visit.place, tuple(a + b for a, b in zip(load, step.change, strict=True))
        visits.append(PlannedVisit(task, place, arrives_s, begins_s, clock_s, load))
    drive_s += ends_s - clock_s
    distance_m += 0 if vehicle.end is None else int(problem.matrix.distances_m[place, vehicle.end])
    start = vehicle.load_at_start(len(problem.dimensions))
    return Route(vehicle.id, leaves_s, ends_s, start, drive_s, distance_m, tuple(visits))


@examples(200)
@given(world=st.one_of(_ordered(), _often_open()))
def test_of_all_hours_the_earliest_end_that_is_short_enough_is_taken(
    world: tuple[Problem, Vehicle, tuple[Task, ...]],
) -> None:
    """Every second of a tiny world is tried, and the checker says which hours are legal."""
    problem, vehicle, order = world
    found = schedule_route(problem, vehicle, order)
    legal = []
    for hours in every_hours(problem, vehicle, order):
        ends_s, leaves_s, _ = hours
        if legal and (ends_s, -leaves_s) >= min(legal):
            continue
        if _codes(problem, Plan((_route(problem, order, hours),), ())) <= BY_THE_ORDER:
            legal.append((ends_s, -leaves_s))
    if found is None:
        assert legal == []
        return
    assert _codes(problem, Plan((found,), ())) <= BY_THE_ORDER
    assert (found.ends_s, -found.leaves_s) == min(legal)


# Slots.


def _expected(day: Day, request: Request) -> list[tuple[str, int, int, Plan]]:
    """Leave out idle twins of idle vehicles that are tried already."""
    idle = [one for one in day.problem.vehicles if day.plan.route(one.id) is None]
    silent = {
        one.id
        for at, one in enumerate(idle)
        for other in idle[:at]
        if replace(other, id=one.id) == one and _names(request, other)
    }
    return [slot for slot in legal_slots(day.problem, day.plan, request) if slot[0] not in silent]


def _names(request: Request, vehicle: Vehicle) -> bool:
    return request.vehicles is None or vehicle.id in request.vehicles


@examples(125)
@given(day=days(), data=st.data())
def test_every_legal_slot_is_listed_and_no_other(day: Day, data: st.DataObject) -> None:
    """All pairs of positions in all routes, judged by the checker; each states what it adds."""
    if not day.plan.unserved:
        return
    request = day.problem.request(data.draw(st.sampled_from(day.plan.unserved)))
    found = insertions(day.problem, day.plan, request, every=True)
    wanted = _expected(day, request)
    assert {(one.vehicle, one.pickup_at, one.drop_at) for one in found} == {slot[:3] for slot in wanted}
    assert len(found) == len(wanted)
    plans = {slot[:3]: slot[3] for slot in wanted}
    for slot in found:
        assert insert(day.plan, slot) == plans[slot.vehicle, slot.pickup_at, slot.drop_at]
        _states_what_it_adds(day, slot)
    assert [slot.added_cents for slot in found] == sorted(slot.added_cents for slot in found)
    assert insertions(day.problem, day.plan, request) == _first_of_each(found)


def _states_what_it_adds(day: Day, slot: Insertion) -> None:
    vehicle, before = day.problem.vehicle(slot.vehicle), day.plan.route(slot.vehicle)
    cents = route_cost(vehicle, slot.route).total_cents
    assert slot.added_cents == cents - (route_cost(vehicle, before).total_cents if before else 0)
    assert slot.added_drive_s == slot.route.drive_s - (before.drive_s if before else 0)
    assert slot.added_m == slot.route.distance_m - (before.distance_m if before else 0)


def _first_of_each(found: Sequence[Insertion]) -> tuple[Insertion, ...]:
    seen: set[str] = set()
    return tuple(one for one in found if not (one.vehicle in seen or seen.add(one.vehicle)))


# Whole plans.


@examples(75)
@given(problem=many_worlds(vans=2, parcels=3))
def test_no_plan_is_cheaper_than_the_one_found_by_trying_everything(problem: Problem) -> None:
    """First plans leave whole bundles only, and break nothing but what must be carried."""
    best, first = best_plan(problem), first_plan(problem)
    if first is None:
        return
    codes = _codes(problem, first)
    if codes:
        _is_open_only(problem, first, codes)
    else:
        assert best is not None
        assert plan_cents(problem, best) <= plan_cents(problem, first)


def _is_open_only(problem: Problem, plan: Plan, codes: set[str]) -> None:
    """A bundle is split only where some of it rides in a head and the rest found no place."""
    assert codes <= LEFT_OPEN
    split = {one.subject for one in check(problem, plan) if one.code == "bundle_split"}
    locked = {problem.request(one).bundle for one in problem.locked_in}
    assert split <= locked


@examples(75)
@given(problem=many_worlds(vans=2, parcels=2))
def test_what_must_be_done_in_any_case_is_planned_wherever_it_can_be(problem: Problem) -> None:
    """With nobody else they have a plan exactly where one is legal, and then the cheapest."""
    locked = problem.locked_in
    aboard = replace(
        problem, requests=tuple(replace(one, bundle=None) for one in problem.requests if one.id in locked)
    )
    best, empty = best_plan(aboard), empty_plan(aboard)
    assert (best is None) == (empty is None)
    if empty is not None:
        assert check(aboard, empty) == ()
        assert plan_cents(aboard, empty) == plan_cents(aboard, best)
    rest = empty_plan(problem)
    assert (rest is None) == (empty is None)
    assert rest is None or _codes(problem, rest) <= LEFT_OPEN


@examples(75)
@given(problem=many_worlds(vans=2, parcels=3), data=st.data())
def test_whatever_an_engine_says_is_mended(problem: Problem, data: st.DataObject) -> None:
    """Orders that know of no head, no bundle, no goods apart and no limit."""
    start = empty_plan(problem)
    if start is None:
        return
    carrier = {one.id: data.draw(st.sampled_from(problem.vehicles)).id for one in problem.requests}
    answer = {}
    for vehicle in problem.vehicles:
        mine = tuple(one for one in problem.requests if carrier[one.id] == vehicle.id)
        alone = replace(problem, vehicles=(replace(vehicle, head=()),), requests=_free(mine))
        answer[vehicle.id] = data.draw(orders(alone, vehicle))
    plan = plan_of(problem, answer)
    assert plan is not None
    for one in (plan, mended(problem, plan, lambda: False), insert_all(problem, plan)):
        codes = _codes(problem, one) - {"skill_missing", "vehicle_not_allowed"}
        if codes:
            _is_open_only(problem, one, codes)


def _free(requests: Sequence[Request]) -> tuple[Request, ...]:
    return tuple(replace(one, bundle=None, vehicles=None) for one in requests)
