"""What delivering oneself costs: every line by hand, the check case of the field, and the best order."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from pooling.costs.own_cost import Delivery, Rates, default_rates, own_cost
from pooling.figures import REFRIGERATED_VAN_PER_KM, SMALL_VAN_PER_KM
from pooling.ground import Ground
from routing.problem import Window
from tests.pooling.worlds import ground
from tests.thorough import examples

SITES = st.sampled_from(["dairy", "mill", "orchard", "town", "shop", "cafe"])
PLAIN = Rates(vehicle_cents_per_km=30, energy_ml_per_km=100, energy_cents_per_litre=100, setup_s_per_stop=300)


def delivery(site: str, crates: int = 5, goods_value_cents: int = 0) -> Delivery:
    return Delivery(site, crates, crates * 8, goods_value_cents)


def test_every_line_of_one_delivery_is_as_counted_by_hand():
    """Farm 0 to Shop 40: 80 km there and back, 80 minutes; 5 crates in and out at 20 s, and 5 min to park."""
    found = own_cost(ground(), "farm", [delivery("shop", goods_value_cents=90_000)], PLAIN)
    assert (found.distance_m, found.empty_m, found.drive_s) == (80_000, 40_000, 4_800)
    assert (found.lines.vehicle_cents, found.lines.energy_cents, found.lines.tolls_cents) == (2_400, 800, 0)
    assert (found.lines.driving_cents, found.lines.loading_cents) == (2_000, 208)
    assert found.cents == 5_408 and found.lines.shareable_cost_cents == 3_200
    assert (found.cents_per_crate, found.cents_per_kg, found.cents_per_delivery) == (1_082, 135, 5_408)
    assert (found.goods_share_pct, found.above_target) == (6, False)
    assert found.cents_per_year(30) == 162_240
    assert found.even_crates(1_000) == 6 and found.even_crates(5_408) == 1


def test_the_defaults_add_up_to_the_published_price_of_a_kilometre():
    assert default_rates().cents_per_km == SMALL_VAN_PER_KM.value
    assert default_rates(refrigerated=True).cents_per_km == REFRIGERATED_VAN_PER_KM.value


@pytest.mark.parametrize(("logistics_eur", "flagged"), [(250, True), (135, False)])
def test_what_costs_more_than_the_target_share_of_the_goods_is_flagged(logistics_eur, flagged):
    """Row S7: 250 on 900 is flagged, 135 is not."""
    rates = Rates(0, 0, labour_cents_per_hour=0, setup_s_per_stop=0, tolls_cents_per_km=logistics_eur)
    found = own_cost(ground({"farm": 0, "shop": 50}), "farm", [delivery("shop", 5, 90_000)], rates)
    assert found.cents == logistics_eur * 100
    assert found.above_target is flagged


def test_sixty_runs_that_become_thirty_save_what_the_field_found():
    """
    Two farms deliver the same shop 30 times a year; sharing every second run (G. Raton, Logicout).

    About 1,000 €, 50 h and 1,000 km a year: 900 to 1,200 € count as agreement.
    """
    metres = np.array([[0, 17_000], [17_000, 0]])
    world = Ground(Matrix(metres * 90 // 1000, metres), {"farm": 0, "shop": 1})  # 40 km/h
    alone = own_cost(world, "farm", [delivery("shop", 30)], default_rates())
    spared = 30
    assert 900_00 <= alone.cents_per_year(spared) <= 1_200_00
    assert 800_000 <= spared * alone.distance_m <= 1_200_000
    assert 35 <= timedelta(seconds=spared * alone.duration_s) / timedelta(hours=1) <= 60


@examples(20)
@given(st.lists(SITES, min_size=1, max_size=4))
def test_the_best_order_is_never_dearer_than_the_one_said_nor_than_one_by_one(sites):
    found = own_cost(ground(), "farm", [delivery(site) for site in sites], default_rates())
    assert found.cents <= found.as_said_cents <= found.one_by_one_cents
    assert sorted(set(found.order)) == sorted(set(sites))
    lines = found.lines
    assert found.cents == lines.shareable_cost_cents + lines.driving_cents + lines.loading_cents


def test_what_one_van_does_not_hold_is_driven_in_several_runs():
    found = own_cost(ground(), "farm", [delivery("shop", 40), delivery("town", 40)], default_rates())
    assert found.runs == 2 and found.as_said_cents is None
    assert found.distance_m == 140_000 and found.empty_m == 70_000
    one_van = own_cost(ground(), "farm", [delivery("shop", 40), delivery("town", 40)], default_rates(), 80)
    assert one_van.runs == 1 and one_van.distance_m == 80_000


def test_a_delivery_larger_than_the_van_is_driven_in_whole_vans_and_the_rest():
    found = own_cost(ground(), "farm", [delivery("shop", 130), delivery("town", 5)], default_rates())
    assert found.runs == 3 and found.as_said_cents is None
    assert found.distance_m == 3 * 80_000, "two whole vans, and one with the rest and the town on the way"
    assert found.order[:1] == ("shop",) and set(found.order) == {"shop", "town"}


def test_deliveries_with_hours_are_served_in_them_in_the_cheapest_order_that_keeps_them():
    """The town lies before the shop, and is served on the way back where it opens later."""
    morning, later = Window(8 * 3600, 9 * 3600), Window(9 * 3600, 12 * 3600)
    some = [replace(delivery("town", 5), hours=later), replace(delivery("shop", 5), hours=morning)]
    found = own_cost(ground(), "farm", some, default_rates())
    at_s = dict(zip(found.order, found.begins_s, strict=True))
    assert morning.opens_s <= at_s["shop"] <= morning.closes_s
    assert later.opens_s <= at_s["town"] <= later.closes_s
    assert (found.runs, found.vans) == (1, 1)
    free = own_cost(ground(), "farm", [delivery("town", 5), delivery("shop", 5)], default_rates())
    assert free.cents <= found.cents and free.begins_s == ()


def test_hours_that_one_van_cannot_keep_are_said_to_need_two():
    eight = Window(8 * 3600, 8 * 3600)
    some = [replace(delivery(site, 5), hours=eight) for site in ("shop", "dairy")]
    found = own_cost(ground(), "farm", some, default_rates())
    assert (found.runs, found.vans, found.as_said_cents) == (2, 2, None)
    assert set(found.begins_s) == {8 * 3600}


def test_a_share_of_goods_is_told_only_where_the_value_of_all_is_known():
    some = [delivery("shop", 5, 9_000), delivery("town", 5)]
    found = own_cost(ground(), "farm", some, default_rates())
    assert found.goods_share_pct is None and not found.above_target
