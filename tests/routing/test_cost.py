"""Costs: every line in whole cents, rounded half up once, and the lines add up."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.cost import RouteCost, driving_cents, plan_cents, route_cost, stop_count
from routing.insertion import best_insertion
from routing.plan import Plan, PlannedVisit, Route
from routing.task import Task
from tests.routing.worlds import along_the_road, parcel, van

AMOUNTS = st.integers(0, 10_000)


def _route(*places: int, distance_m: int = 0, duration_s: int = 0) -> Route:
    visits = tuple(
        PlannedVisit(Task("pickup", str(at)), place, 0, 0, 0, ()) for at, place in enumerate(places)
    )
    return Route("van", 100, 100 + duration_s, (), 0, distance_m, visits)


def test_a_worked_example() -> None:
    """
    60 km at 40 cents, an hour and 30 minutes at 15 euro, two stops at 50 cents and 5 euro fixed.

    5.00 + 24.00 + 22.50 + 1.00 = 52.50.
    """
    vehicle = van(fixed_cents=500, cents_per_km=40, cents_per_hour=1_500, cents_per_stop=50)
    cost = route_cost(vehicle, _route(1, 2, distance_m=60_000, duration_s=5_400))
    assert cost == RouteCost(500, 2_400, 2_250, 100)
    assert cost.total_cents == 5_250


@pytest.mark.parametrize(("distance_m", "cents"), [(0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2)])
def test_half_a_cent_of_the_way_is_rounded_up(distance_m: int, cents: int) -> None:
    cost = route_cost(van(cents_per_km=1, cents_per_hour=0), _route(distance_m=distance_m))
    assert (cost.distance_cents, cost.total_cents) == (cents, cents)


@pytest.mark.parametrize(("duration_s", "cents"), [(0, 0), (1_799, 0), (1_800, 1), (5_399, 1), (5_400, 2)])
def test_half_a_cent_of_time_is_rounded_up(duration_s: int, cents: int) -> None:
    cost = route_cost(van(cents_per_km=0, cents_per_hour=1), _route(duration_s=duration_s))
    assert (cost.time_cents, cost.total_cents) == (cents, cents)


@pytest.mark.parametrize(
    ("places", "stops"), [((), 0), ((1,), 1), ((1, 1), 1), ((1, 2, 1), 3), ((1, 1, 2, 2, 1), 3)]
)
def test_visits_that_follow_each_other_at_one_place_are_one_stop(places: tuple[int, ...], stops: int) -> None:
    assert stop_count(_route(*places)) == stops
    assert route_cost(van(cents_per_stop=7), _route(*places)).stops_cents == 7 * stops


@given(
    distance_m=st.integers(0, 10**7),
    duration_s=st.integers(0, 10**6),
    places=st.lists(st.integers(0, 3), max_size=6),
    rates=st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS),
)
def test_each_line_is_its_amount_rounded_half_up_and_the_lines_add_up(
    distance_m: int, duration_s: int, places: list[int], rates: tuple[int, int, int, int]
) -> None:
    fixed_cents, per_km, per_hour, per_stop = rates
    vehicle = van(
        fixed_cents=fixed_cents, cents_per_km=per_km, cents_per_hour=per_hour, cents_per_stop=per_stop
    )
    route = _route(*places, distance_m=distance_m, duration_s=duration_s)
    cost = route_cost(vehicle, route)
    assert cost.distance_cents == _half_up(Decimal(distance_m) * per_km / 1_000)
    assert cost.time_cents == _half_up(Decimal(duration_s) * per_hour / 3_600)
    lines = (cost.fixed_cents, cost.distance_cents, cost.time_cents, cost.stops_cents)
    assert lines == (fixed_cents, lines[1], lines[2], stop_count(route) * per_stop)
    assert cost.total_cents == sum(lines)
    assert driving_cents(vehicle, distance_m, duration_s) == cost.distance_cents + cost.time_cents


def _half_up(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_a_plan_costs_its_routes_and_the_prizes_left_behind() -> None:
    """The way of one costs 660 cents; the other is left for its prize of 70; one that must ride has none."""
    carried, left, must = parcel("carried"), parcel("left", prize_cents=70), parcel("must")
    problem = along_the_road(carried, left, must)
    slot = best_insertion(problem, Plan((), ()), carried)
    assert slot is not None
    assert plan_cents(problem, Plan((slot.route,), ("left", "must"))) == 660 + 70
    assert plan_cents(problem, Plan((), ())) == 0
