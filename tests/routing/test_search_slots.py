"""The compiled slots are legal, and the cheapest where the matrix keeps the triangle inequality."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Grid, Matrix
from routing.cost import route_cost
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle, open_drops
from routing.schedule import schedule_route
from routing.slots import Insertion, slots_in_route
from routing.task import Task
from tests.routing.many_worlds import Day, days
from tests.routing.search_arrays import Arrays, Slot
from tests.thorough import examples

HOUR_S = 3600


@st.composite
def _smooth_days(draw: st.DrawFn) -> Day:
    """Draw a day whose drives are the shortest ones: no way through a third place is shorter."""
    day = draw(days(vans=2, parcels=4))
    matrix = Matrix(_shortest(day.problem.matrix.durations_s), _shortest(day.problem.matrix.distances_m))
    problem = replace(day.problem, matrix=matrix)
    routes = [schedule_route(problem, problem.vehicle(one.vehicle), one.tasks) for one in day.plan.routes]
    return Day(problem, Plan(tuple(routes), day.plan.unserved))


def _shortest(grid: Grid) -> Grid:
    found = grid.copy()
    for via in range(len(found)):
        found = np.minimum(found, found[:, via, None] + found[None, via, :])
    return found


def _is_smooth(problem: Problem) -> bool:
    grids = (problem.matrix.durations_s, problem.matrix.distances_m)
    return all(np.array_equal(grid, _shortest(grid)) for grid in grids)


def _waiting(day: Day, data: st.DataObject) -> Request | None:
    left = [one for one in day.plan.unserved if one not in day.problem.locked_in]
    return day.problem.request(data.draw(st.sampled_from(left))) if left else None


def _is_what_it_adds(slot: Slot, vehicle: Vehicle, found: Sequence[Insertion]) -> bool:
    """Hold a slot to the legal ones; where hours have no price, its cents are not rounded yet."""
    same = [one for one in found if (one.pickup_at, one.drop_at) == (slot.pickup_at, slot.drop_at)]
    return len(same) == 1 and abs(same[0].added_cents - slot.added_cents) < 1


@examples(50)
@given(day=days(vans=2, parcels=4), data=st.data(), blink=st.just(0) | st.integers(0, 2**30))
def test_a_slot_is_legal_whatever_the_matrix(day: Day, data: st.DataObject, blink: int) -> None:
    request = _waiting(day, data)
    if request is None:
        return
    arrays = Arrays(day.problem, day.plan)
    for vehicle in day.problem.vehicles:
        slot = arrays.best_slot(vehicle, request.id, blink)
        found = list(slots_in_route(day.problem, vehicle, day.plan.route(vehicle.id), request))
        assert slot is None or _is_what_it_adds(slot, vehicle, found)


@examples(60)
@given(day=_smooth_days(), data=st.data())
def test_no_slot_is_cheaper_where_no_way_round_is_shorter(day: Day, data: st.DataObject) -> None:
    """What is left out by a bound may be a rounded cent cheaper, where seconds are no whole cents."""
    request = _waiting(day, data)
    if request is None:
        return
    arrays = Arrays(day.problem, day.plan)
    for vehicle in day.problem.vehicles:
        slot = arrays.best_slot(vehicle, request.id)
        found = list(slots_in_route(day.problem, vehicle, day.plan.route(vehicle.id), request))
        assert (slot is None) == (found == [])
        if slot is not None:
            assert _is_what_it_adds(slot, vehicle, found)
            rounded = 0 if vehicle.cents_per_hour % HOUR_S == 0 else 1
            assert slot.added_cents <= min(one.added_cents for one in found) + rounded


@examples(50)
@given(day=st.one_of(days(vans=1, parcels=3), _smooth_days()), data=st.data())
def test_the_drop_of_what_is_on_board_already_goes_where_it_costs_least(
    day: Day, data: st.DataObject
) -> None:
    """Its pickup stands in the head; every place of the drop behind the head is tried."""
    locked = [(one, task.id) for one in day.problem.vehicles for task in open_drops(one)]
    if not locked:
        return
    vehicle, name = data.draw(st.sampled_from(locked))
    arrays, route = Arrays(day.problem, day.plan), day.plan.route(vehicle.id)
    if not arrays.take_drop_out(vehicle, name):
        return
    found = _drops(day.problem, vehicle, route, name)
    slot, before_cents = arrays.best_slot(vehicle, name), arrays.cents(vehicle)
    if slot is not None:
        assert abs(found[slot.drop_at] - before_cents - slot.added_cents) < 1
    if _is_smooth(day.problem):
        assert (slot is None) == (found == {})
        assert slot is None or found[slot.drop_at] == min(found.values())


def _drops(problem: Problem, vehicle: Vehicle, route: Route, name: str) -> dict[int, int]:
    """Map each position of the drop to what the whole route costs."""
    rest = [task for task in route.tasks if task != Task("drop", name)]
    found = {}
    for at in range(len(vehicle.head), len(rest) + 1):
        longer = schedule_route(problem, vehicle, [*rest[:at], Task("drop", name), *rest[at:]])
        if longer is not None:
            found[at] = route_cost(vehicle, longer).total_cents
    return found
