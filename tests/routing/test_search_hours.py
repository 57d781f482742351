"""The compiled hours are those of the schedule."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routing.plan import Plan
from routing.problem import Problem, Vehicle
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing.many_worlds import many_worlds
from tests.routing.search_arrays import Arrays
from tests.routing.test_many_worlds import _often_open, _ordered, _without_waiting_s
from tests.routing.worlds import orders
from tests.thorough import examples


@st.composite
def _hurried(draw: st.DrawFn) -> tuple[Problem, Vehicle, tuple[Task, ...]]:
    """Draw an order of everything that three parcels need, often with hardly any time to wait."""
    problem = draw(many_worlds(vans=1, parcels=3))
    order = draw(orders(problem, problem.vehicles[0]))
    waits_s = draw(st.none() | st.integers(0, 8))
    if waits_s is not None:
        longest_s = waits_s + _without_waiting_s(problem, order)
        problem = replace(problem, vehicles=(replace(problem.vehicles[0], longest_s=longest_s),))
    return problem, problem.vehicles[0], order


def _by_hours_alone(problem: Problem) -> Problem:
    """Give the vehicle all the room it needs, no limit on driving, and goods that bear each other."""
    free = {"capacity": (30,) * len(problem.dimensions), "longest_drive_s": None, "longest_m": None}
    vehicles = tuple(replace(one, **free) for one in problem.vehicles)
    return replace(problem, vehicles=vehicles, apart=frozenset())


def _scheduled_s(problem: Problem, order: Sequence[Task]) -> int:
    route = schedule_route(problem, problem.vehicles[0], order)
    return -1 if route is None else route.duration_s


@examples(125)
@given(world=st.one_of(_hurried(), _ordered(), _often_open()))
def test_an_order_takes_as_long_as_the_schedule_says(
    world: tuple[Problem, Vehicle, tuple[Task, ...]],
) -> None:
    """Rides, several windows and a longest route; -1 where no hours are legal."""
    problem, order = _by_hours_alone(world[0]), world[2]
    arrays = Arrays(problem, Plan((), ()))
    assert arrays.duration_s(problem.vehicles[0], order) == _scheduled_s(problem, order)
