"""How warm food may become, and from how many metres of road on the vehicle must be of the special kind."""

from dataclasses import replace

import pytest

from pooling.cold_chain import FoodNeedsCold, carried_m, carries_cold, cold_far, limit_c, must_be_cold
from tests.papers.sample import friday_trip


@pytest.mark.parametrize(
    ("temperature", "food", "degrees"),
    [
        ("chilled", "minced", 2),
        ("chilled", "poultry", 4),
        ("chilled", "meat", 7),
        ("chilled", "very_perishable", 4),
        ("chilled", "perishable", 8),
        ("chilled", "", 4),
        ("frozen", "minced", -18),
        ("frozen", "", -18),
        ("ambient", "", None),
    ],
)
def test_each_class_of_food_has_its_bound(temperature, food, degrees):
    assert limit_c(temperature, food) == degrees


def test_perishable_food_rides_cooled_or_not_at_all():
    must_be_cold("ambient", "")
    must_be_cold("chilled", "meat")
    with pytest.raises(FoodNeedsCold) as refused:
        must_be_cold("ambient", "meat")
    assert "+7 °C" in refused.value.sentence


def with_legs(*legs_m):
    trip = friday_trip()
    stops = tuple(replace(stop, leg_m=leg_m) for stop, leg_m in zip(trip.stops, legs_m, strict=True))
    return replace(trip, stops=stops)


def test_the_road_counts_from_where_it_is_loaded():
    """The eggs are loaded first, the cheese at the second stop: what lies before it counts not."""
    assert carried_m(with_legs(5_000, 70_000, 9_870)) == {"T7-001": 79_870, "T7-002": 9_870}


@pytest.mark.parametrize(("leg_m", "far"), [(79_999, ()), (80_000, ("T7-002",))])
def test_from_eighty_kilometres_on_cold_food_needs_a_special_vehicle(leg_m, far):
    """The eggs ride as far and need none."""
    assert cold_far(with_legs(0, 0, leg_m)) == far
    assert carries_cold(friday_trip())
