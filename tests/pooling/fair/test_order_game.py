"""
The game of a fixed order: every group's cost, and the Shapley value in closed form, against brute force.
"""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.fair.order_game import OrderGame, order_game
from pooling.fair.shapley import by_subsets
from routing.construction import first_plan
from routing.cost import route_cost
from routing.schedule import schedule_route
from tests.pooling.fair.games import tours
from tests.pooling.fair.worlds import planned
from tests.thorough import examples


def walked(game: OrderGame, group: set[int]) -> float:
    """Drop whatever is not the group's and walk the rest."""
    stops = [0, *(at for at, party in enumerate(game.owner, 1) if party in group), len(game.owner) + 1]
    return game.fixed + sum(game.step_cents[a, b] for a, b in pairwise(stops)) if group else 0.0


@given(tours())
@examples(160)
def test_every_group_costs_what_walking_the_rest_of_the_order_costs(game):
    order, n = game.order, len(game.parties)
    for mask in range(1 << n):
        group = {at for at in range(n) if mask >> at & 1}
        row = np.array([[at in group for at in range(n)]])
        assert order.of_all_groups[mask] == pytest.approx(walked(order, group), abs=1e-6)
        assert order.of_groups(row)[0] == pytest.approx(walked(order, group), abs=1e-6)


@given(tours(most=5))
@examples(120)
def test_the_shapley_value_in_closed_form_is_the_mean_over_all_orders_of_joining(game):
    order, n = game.order, len(game.parties)
    added = np.zeros(n)
    orders = list(permutations(range(n)))
    for joining in orders:
        for at, party in enumerate(joining):
            added[party] += walked(order, set(joining[: at + 1])) - walked(order, set(joining[:at]))
    assert order.shapley == pytest.approx(added / len(orders), abs=1e-6)
    assert by_subsets(order.of_all_groups) == pytest.approx(added / len(orders), abs=1e-6)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=9))
def test_on_one_road_it_is_the_airport_rule(metres):
    """S. C. Littlechild and G. Owen (1973): each stretch is shared equally by all who go beyond it."""
    far = sorted(metres)
    points = np.array([0, *far, 0], dtype=float)
    game = OrderGame(
        tuple(map(str, range(len(far)))), tuple(range(len(far))), abs(points[:, None] - points[None, :]), 0.0
    )
    expected, paid, before = [], 0.0, 0
    for at, here in enumerate(far):
        paid += 2 * (here - before) / (len(far) - at)
        expected.append(paid)
        before = here
    assert game.shapley == pytest.approx(expected)


def test_the_order_of_a_real_plan_costs_what_the_plan_does_and_its_parts_what_their_schedules_do():
    problem, payer_of = planned(4)
    route = first_plan(problem).routes[0]
    vehicle = problem.vehicle(route.vehicle)
    game = order_game(problem, route, payer_of)
    assert round(game.whole_cents) == route_cost(vehicle, route).total_cents
    assert len(game.parties) == 4
    for mask in range(1, (1 << 4) - 1):
        group = {party for at, party in enumerate(game.parties) if mask >> at & 1}
        rest = schedule_route(problem, vehicle, [task for task in route.tasks if payer_of[task.id] in group])
        assert game.of_all_groups[mask] == pytest.approx(route_cost(vehicle, rest).total_cents, abs=3)


def test_who_owns_no_visit_is_refused():
    with pytest.raises(ValueError, match="owns a visit"):
        OrderGame(("a", "b"), (0,), np.zeros((3, 3)), 0.0)
    with pytest.raises(ValueError, match="between all visits"):
        OrderGame(("a",), (0,), np.zeros((2, 2)), 0.0)
