"""What driving emits: by energy, with upstream and empty ways, shared out to the gram, beside a lorry."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.costs.carbon import (
    CarbonStatement,
    Carried,
    Emitted,
    carbon_cents,
    emitted,
    reference_co2_g,
    shared_out,
    van_co2_g,
)
from tests.thorough import examples

ABOARD = st.dictionaries(
    st.sampled_from("abcdefgh"), st.builds(Carried, st.integers(0, 900), st.integers(0, 90_000)), min_size=1
)


@examples(60)
@given(ABOARD, st.integers(0, 400_000), st.data())
def test_the_parts_of_a_ride_add_up_to_all_of_it_in_whole_grams(aboard, distance_m, data):
    empty_m = data.draw(st.integers(0, distance_m))
    whole = emitted(distance_m, empty_m)
    parts = shared_out(whole, aboard).values()
    for name in ("co2_g", "upstream_g", "empty_g"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
        assert all(getattr(part, name) >= 0 for part in parts)


def test_a_heavier_or_farther_shipment_has_the_larger_part():
    aboard = {"near": Carried(80, 5_000), "far": Carried(80, 15_000), "heavy": Carried(160, 5_000)}
    parts = shared_out(Emitted(6_000, 600, 0), aboard)
    assert [parts[one].co2_g for one in ("near", "far", "heavy")] == [1_000, 3_000, 2_000]


def test_the_way_that_was_driven_does_not_matter_only_the_direct_one():
    """EN ISO 14083: who is delivered last is not charged for the detours of the others."""
    parts = shared_out(Emitted(1_001, 0, 0), {"first": Carried(40, 9_000), "last": Carried(40, 9_000)})
    assert {part.co2_g for part in parts.values()} == {500, 501}


def test_what_weighs_nothing_shares_by_heads():
    parts = shared_out(Emitted(1_000, 0, 0), {"a": Carried(0, 9_000), "b": Carried(0, 100)})
    assert parts["a"] == parts["b"] == Emitted(500, 0, 0)


def test_a_van_emits_by_its_energy_and_cooling_comes_on_top():
    """100 km: 16 litres of diesel at 3,170 g, 660 of them upstream; 25 kWh at 48 g, all of it upstream."""
    assert emitted(100_000, 25_000) == Emitted(50_720, 10_560, 12_680)
    assert emitted(100_000, 0).co2_g == van_co2_g(100_000)
    assert emitted(100_000, 0, "electric") == Emitted(1_200, 1_200, 0)
    assert emitted(100_000, 0, "muscle").co2_g == 0
    assert emitted(100_000, 0, cooled=True).co2_g - emitted(100_000, 0).co2_g == 3 * 3_170
    assert emitted(100_000, 0, "electric", cooled=True).co2_g == 1_200 + 3 * 3_170


@pytest.mark.parametrize("energy", ["hydrogen", "something new"])
def test_an_energy_without_a_figure_counts_as_diesel(energy):
    assert emitted(50_000, 0, energy) == emitted(50_000, 0)


def test_the_lorry_emits_what_the_order_says_of_it():
    """0.342 l/km × 3,170 g over 12.5 t: 86.7 g per tonne and km; a tonne over 150 km 13,010 g."""
    assert reference_co2_g(1_000, 150_000) == 13_010
    assert reference_co2_g(1_000, 1_000) == 87
    assert reference_co2_g(48) == 624


@pytest.mark.parametrize(
    ("co2_g", "worse", "worst"), [(500, False, False), (900, False, True), (1_200, True, True)]
)
def test_what_is_worse_is_flagged_and_never_hidden(co2_g, worse, worst):
    told = CarbonStatement(Emitted(co2_g, 0, 0), 48, alone_g=1_000, reference_g=624)
    assert (told.worse_than_alone, told.worse_than_reference) == (worse, worst)
    assert told.grams_per_kg == (2 * co2_g + 48) // 96
    assert replace(told, alone_g=None).worse_than_alone is None, "what is not told is not told as a no"


@pytest.mark.parametrize(
    ("grams", "cents"), [(0, 0), (2_000, 20), (2_049, 20), (2_050, 21), (1_000_000, 10_000)]
)
def test_carbon_costs_whole_cents(grams, cents):
    assert carbon_cents(grams, 10_000) == cents
