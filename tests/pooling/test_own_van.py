"""From how many runs a year an own van is cheaper than shared tours: both sides by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.costs.own_cost import Delivery, default_rates, own_cost
from pooling.costs.own_van import BreakEven, RunLines, VanYear, break_even, default_van_year
from pooling.figures import VAN_YEAR
from tests.pooling.worlds import ground
from tests.thorough import examples

RUN = RunLines(wear_cents=240, energy_cents=480, tolls_cents=0, driving_cents=1_000, loading_cents=400)


def even(pooled_cents, van=None, run=RUN):
    return BreakEven(van or VanYear(), run, crates=10, pooled_cents=pooled_cents, own_loading_cents=80)


def test_a_van_pays_for_itself_from_the_first_run_on_which_it_is_cheaper():
    """A run costs 21.20 in the van and 45.80 shared: 24.60 spared, and 3,300 a year to pay: 135 runs."""
    found = even(4_500)
    assert (found.van.fixed_cents, found.run.total_cents, found.pooled_run_cents) == (330_000, 2_120, 4_580)
    assert (found.even_runs, found.even_crates) == (135, 1_350)
    assert found.own_year_cents(135) < found.pooled_year_cents(135)
    assert found.own_year_cents(134) >= found.pooled_year_cents(134)


@pytest.mark.parametrize("pooled_cents", [0, 1_000, 2_040])
def test_where_a_run_shared_is_no_dearer_the_van_never_pays(pooled_cents):
    found = even(pooled_cents)
    assert (found.even_runs, found.even_crates) == (None, None)


@examples(60)
@given(st.integers(2_041, 90_000), st.integers(0, 900_000))
def test_the_break_even_is_the_first_run_that_is_cheaper(pooled_cents, depreciation_cents):
    found = even(pooled_cents, VanYear(depreciation_cents, 0, 0))
    runs = found.even_runs
    assert found.own_year_cents(runs) < found.pooled_year_cents(runs)
    assert runs == 1 or found.own_year_cents(runs - 1) >= found.pooled_year_cents(runs - 1)


def test_the_yearly_costs_over_a_usual_year_and_the_wear_are_the_published_price_of_a_kilometre():
    van = VanYear()
    assert van.fixed_cents // VAN_YEAR.value + van.wear_cents_per_km == default_rates().vehicle_cents_per_km


def test_a_run_counts_the_way_the_hours_and_the_crates_of_the_own_tour():
    cost = own_cost(ground(), "farm", [Delivery("shop", 10, 80)], default_rates())
    found = break_even(cost, VanYear(wear_cents_per_km=10), 5_000)
    assert found.run.wear_cents == cost.distance_m // 100
    assert found.run.total_cents == found.run.wear_cents + cost.cents - cost.lines.vehicle_cents
    assert (found.crates, found.own_loading_cents) == (10, 83)


@pytest.mark.parametrize(("refrigerated", "published_cents"), [(False, 28), (True, 63)])
def test_over_a_usual_year_each_van_costs_what_is_published_by_the_kilometre(refrigerated, published_cents):
    van = default_van_year(refrigerated=refrigerated)
    assert van.fixed_cents + VAN_YEAR.value * van.wear_cents_per_km == VAN_YEAR.value * published_cents
    assert default_rates(refrigerated=refrigerated).vehicle_cents_per_km == published_cents
