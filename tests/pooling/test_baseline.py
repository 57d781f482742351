"""Alone: own best tours, never one round trip per shipment, whole cents, the same again."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from pooling.costs.alone import NOTHING, Alone, OwnDay
from pooling.costs.baseline import SLOTS_PER_PARTY, Baseline, Memory
from pooling.ground import Ground
from pooling.load import Load, Temperature
from pooling.shipment import Shipment
from routing.problem import Window
from tests.pooling.worlds import ALL_DAY, MINUTES, ground, hours, shipment
from tests.thorough import examples

HOMES = {"dairy": "dairy", "farm": "farm"}


def alone(*shipments: Shipment, party: str = "dairy") -> Alone | None:
    return Baseline(ground(), HOMES).alone(party, shipments)


def test_a_shipment_alone_is_a_round_trip_from_the_farm_at_full_cost():
    """60 km at 0.40 €; an hour of driving, 5 min at the shop, 3 crates of 20 s each way, at 15 €/h."""
    found = alone(shipment(crates=3))
    assert (found.distance_m, found.duration_s) == (60_000, 3_600 + 300 + 2 * 60)
    assert found.cents == 2_400 + (found.duration_s * 1_500 + 1_800) // 3_600 == 4_075


def test_two_shipments_to_neighbours_cost_less_than_two_round_trips():
    """Never one round trip per shipment: the second costs two more kilometres and its handling."""
    shop, cafe = shipment("S1", end="shop"), shipment("S2", end="cafe")
    both, one, other = alone(shop, cafe), alone(shop), alone(cafe)
    assert len(both.routes) == 1
    assert both.distance_m == 62_000
    assert max(one.cents, other.cents) < both.cents < one.cents + other.cents


def test_hours_that_no_one_round_keeps_make_two_of_them():
    early = shipment("S1", end="shop", drop=hours("06:00", "06:10"))
    late = shipment("S2", end="cafe", pickup=hours("09:00", "12:00"))
    assert alone(early, late).distance_m in {60_000 + 62_000, 62_000}
    assert len(alone(early, late).routes) <= 2


def test_nothing_to_send_costs_nothing():
    assert alone() == NOTHING
    assert Baseline(ground(), HOMES).cents("dairy", []) == 0


def test_where_no_own_van_keeps_the_hours_there_is_no_answer():
    impossible = shipment(pickup=hours("10:00", "11:00"), drop=hours("06:00", "10:20"))
    assert alone(impossible) is None
    assert alone(shipment(pickup=hours("10:00", "11:00"), drop=hours("06:00", "10:37"))) is not None


def test_more_than_a_van_holds_takes_two_vans_or_two_rounds_and_a_large_one_a_larger_van():
    assert len(alone(shipment("S1", crates=60)).routes) == 1
    assert len(alone(shipment("S1", crates=150)).routes) == 1
    two = alone(shipment("S1", crates=60), shipment("S2", crates=60))
    assert two.distance_m == 120_000


@st.composite
def days(draw: st.DrawFn, most: int = 5, *, ready: bool = False) -> tuple[Ground, list[Shipment]]:
    """
    Draw a town of crossing streets, and shipments of one farm between its corners.

    ``ready`` goods may be collected at any hour; others from six.
    """
    places = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=5, max_size=5))
    at = np.array(places, dtype=np.int64)
    blocks = np.abs(at[:, None, :] - at[None, :, :]).sum(axis=2)
    town = Ground(Matrix(blocks * 90, blocks * 1_000), {f"P{row}": row for row in range(5)})
    shipments = []
    for number in range(draw(st.integers(1, most))):
        start, end = draw(st.permutations(range(5)))[:2]
        crates = draw(st.integers(1, 30))
        closes_s = draw(st.sampled_from([24 * 3600, 9 * 3600, 11 * 3600]))
        shipments.append(
            Shipment(
                f"S{number}",
                "dairy",
                "dairy",
                f"P{start}",
                f"P{end}",
                Load(Temperature.AMBIENT, crates, crates * 8),
                ALL_DAY if ready else draw(st.sampled_from([ALL_DAY, Window(6 * 3600, 24 * 3600)])),
                Window(0, closes_s),
                0,
            )
        )
    return town, shipments


@examples(40)
@given(days(most=7), st.data())
def test_fewer_shipments_never_cost_more_than_a_day_they_are_part_of_whatever_was_asked_first(drawn, data):
    town, shipments = drawn
    baseline = Baseline(town, {"dairy": "P0"})
    parts = data.draw(st.lists(st.lists(st.sampled_from(shipments), unique=True), min_size=2, max_size=8))
    for part in [*parts, shipments]:
        baseline.alone("dairy", part)
    costs = {frozenset(one.id for one in part): baseline.cents("dairy", part) for part in parts}
    for ids, cents in costs.items():
        assert cents <= baseline.cents("dairy", shipments)
        assert all(cents <= others for longer, others in costs.items() if ids < longer)


@examples(25)
@given(days(most=6))
def test_a_better_day_found_later_brings_every_part_of_it_down(drawn):
    """As if what was known of each part had been found badly, 100 € too dear."""
    town, shipments = drawn
    whole = Baseline(town, {"dairy": "P0"}).alone("dairy", shipments)
    parts = [tuple(shipments[:at]) for at in range(1, len(shipments))]
    memory = Memory(town)
    for part in parts:
        memory.keep(OwnDay("P0", part), Alone(whole.cents + 10_000, whole.routes))
    memory.keep(OwnDay("P0", tuple(shipments)), whole)
    found = [memory.answer(OwnDay("P0", part)).cents for part in parts]
    assert [*found, whole.cents] == sorted([*found, whole.cents])


def test_a_van_keeps_the_hours_of_the_longer_day_where_it_could_not_drive_for_a_part_alone():
    """
    Both are collected at the mill; the first pays for the setting up at the door before the goods of the
    second are ready. Without the first the second would set up only then, and miss its drop by it: so the
    van comes and stands as on the longer day, at the same cost.
    """
    first = shipment("S1", start="mill", crates=1, payer="dairy", pickup=hours("06:00", "06:05"))
    second = shipment("S2", start="mill", crates=1, payer="dairy", pickup=hours("06:07", "12:00"))
    second = replace(second, drop=hours("06:00", "06:37"))
    assert alone(second) is None
    baseline = Baseline(ground(), HOMES)
    whole = baseline.alone("dairy", [first, second])
    part = baseline.alone("dairy", [second])
    assert (part.cents, part.routes[0].visits) == (whole.cents, whole.routes[0].visits)
    assert baseline.better({"dairy": [second]}, deadline_s=0.2) == {"dairy": part}


def test_a_van_that_is_large_for_one_shipment_is_as_large_when_that_one_rides_elsewhere():
    """Of 60, 60 and 150 crates the van for the third carries the first two in one round."""
    three = [shipment("S1", crates=60), shipment("S2", crates=60), shipment("S3", crates=150)]
    baseline = Baseline(ground(), HOMES)
    whole = baseline.alone("dairy", three)
    assert baseline.cents("dairy", three[:2]) <= whole.cents
    wishes = {"dairy": three[:2]}
    assert baseline.better(wishes, deadline_s=0.2)["dairy"].cents <= whole.cents


@examples(30)
@given(days(most=4))
def test_a_day_never_costs_more_than_its_shipments_one_by_one(drawn):
    town, shipments = drawn
    baseline = Baseline(town, {"dairy": "P0"})
    assert baseline.cents("dairy", shipments) <= sum(baseline.cents("dairy", [one]) for one in shipments)


@examples(20)
@given(days(), st.randoms())
def test_the_same_shipments_cost_the_same_again_in_whatever_order_they_are_named(drawn, random):
    town, shipments = drawn
    first = Baseline(town, {"dairy": "P0"}).alone("dairy", shipments)
    again = Baseline(town, {"dairy": "P0"}).alone("dairy", shipments)
    assert first == again and isinstance(first.cents, int)
    if len(shipments) <= 4:
        shuffled = random.sample(shipments, len(shipments))
        assert Baseline(town, {"dairy": "P0"}).cents("dairy", shuffled) == first.cents


def test_one_more_search_never_makes_anybody_s_day_dearer():
    baseline = Baseline(ground(), HOMES)
    wishes = {
        "dairy": [shipment(f"S{at}", end=end) for at, end in enumerate(("shop", "cafe", "town", "farm"))],
        "farm": [shipment("F1", start="farm", end="cafe")],
    }
    before = {party: baseline.cents(party, group) for party, group in wishes.items()}
    after = baseline.better(wishes, deadline_s=0.3)
    for party, group in wishes.items():
        assert after[party].cents <= before[party]
        assert baseline.cents(party, group) == after[party].cents


def test_many_shipments_of_one_payer_are_asked_for_within_the_slots_of_a_party():
    """Forty shipments, and each of them left out once: one order of insertion, then what is left of it."""
    ends = [name for name in MINUTES if name != "dairy"]
    many = [shipment(f"S{at}", end=ends[at % len(ends)], crates=1) for at in range(40)]
    baseline = Baseline(ground(), HOMES)
    whole = baseline.alone("dairy", many)
    assert baseline.memories["dairy"].slots_left == SLOTS_PER_PARTY - 40**3
    for left_out in many:
        rest = [one for one in many if one is not left_out]
        assert baseline.cents("dairy", rest) <= whole.cents
    assert baseline.memories["dairy"].slots_left == SLOTS_PER_PARTY - 40**3
