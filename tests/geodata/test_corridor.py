"""Corridor search: exactly the trips that a patient clerk would find by trying every stop of each."""

from dataclasses import replace
from itertools import combinations_with_replacement, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.corridor import Announced, corridor_of
from geodata.doors import ends_of
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.region import open_region
from geodata.roads import rounded
from tests.geodata.test_roads import DRAWN, SHARES, stops_on, towns
from tests.geodata.town import draw, network_of
from tests.thorough import examples


def on_the_road(snap, network):
    """Put the place of a snap where its road runs."""
    lat, lon = network.edges.cut(snap.edge, 0, snap.offset_m)[-1]
    place = Place(lat=lat, lon=lon)
    return replace(snap, place=place, on_road=place)


def by_hand(trip, pickup, drop, ms):
    """Return the least detour in milliseconds, by trying every pickup leg and every drop leg after it."""
    legs = list(pairwise(trip))
    found = []
    for i, j in combinations_with_replacement(range(len(legs)), 2):
        (a, b), (c, d) = legs[i], legs[j]
        if i == j:
            found.append(ms[a][pickup] + ms[pickup][drop] + ms[drop][b] - ms[a][b])
        else:
            to_pickup = ms[a][pickup] + ms[pickup][b] - ms[a][b]
            found.append(to_pickup + ms[c][drop] + ms[drop][d] - ms[c][d])
    return min(found)


@examples(60)
@given(towns(), SHARES, st.randoms(use_true_random=False), st.integers(0, 120))
def test_exactly_the_trips_are_found_that_trying_all_stops_finds(survey, shares, random, limit_s):
    network = network_of(survey, DRAWN)
    snaps = [on_the_road(snap, network) for snap in stops_on(network, shares)]
    ends = ends_of(snaps, network.map)
    ms = (network.ways(ends, ends) >> 32).tolist()
    numbers = range(len(snaps))
    trips = [random.choices(numbers, k=random.randint(2, 4)) for _ in range(6)]
    limits_s = [limit_s + random.randint(0, 60) for _ in trips]
    pickup, drop = random.choices(numbers, k=2)
    announced = [
        Announced(tuple(snaps[at] for at in trip), limit) for trip, limit in zip(trips, limits_s, strict=True)
    ]
    matches = corridor_of(announced, network).matches(snaps[pickup], snaps[drop])
    found = {match.trip: match for match in matches}
    for at, trip in enumerate(trips):
        expected_s = by_hand(trip, pickup, drop, ms) / 1000
        if at in found:
            assert found[at].detour_s == pytest.approx(expected_s, abs=0.51)
        else:
            assert expected_s > limits_s[at] + 0.49


@pytest.fixture(scope="module")
def network():
    return open_region().roads


@pytest.fixture(scope="module")
def places(network):
    random = Random(4)
    south, west, north, east = network.bounds
    spots = [Place(lat=random.uniform(south, north), lon=random.uniform(west, east)) for _ in range(300)]
    return [snap for snap in network.snap_all(spots).snaps if snap]


def test_no_trip_of_a_real_region_is_lost_to_the_straight_line_bound(network, places):
    random = Random(5)
    trips = [
        Announced(tuple(random.choices(places, k=random.randint(2, 5))), random.randint(300, 2_400))
        for _ in range(2_000)
    ]
    corridor = corridor_of(trips, network)
    for _ in range(5):
        pickup, drop = random.choices(places, k=2)
        found = corridor.matches(pickup, drop)
        assert found == corridor.exhaustive(pickup, drop)
        assert 0 < len(found) < len(trips)


def test_the_least_detour_comes_first_and_names_the_legs(network, places):
    a, b, c = places[:3]
    straight = Announced((a, b, c), 600)
    round_about = Announced((a, c), 36_000)
    first, second = corridor_of([round_about, straight], network).matches(a, b)
    assert (first.trip, first.pickup_leg, first.drop_leg, first.detour_s) == (1, 0, 0, 0)
    assert (second.trip, second.pickup_leg, second.drop_leg) == (0, 0, 0)
    assert second.detour_s > 0


def test_goods_are_never_delivered_before_they_are_collected(network, places):
    a, b = places[:2]
    assert corridor_of([Announced((a, b), 0)], network).matches(b, a) == ()


def test_a_trip_has_at_least_two_stops(network, places):
    with pytest.raises(ValueError, match="two stops"):
        corridor_of([Announced((places[0],), 60)], network)


def test_where_no_trip_is_announced_none_is_found(network, places):
    assert corridor_of([], network).matches(places[0], places[1]) == ()


def test_ways_in_pairs_are_those_of_the_table(network, places):
    starts, ends = (
        ends_of(places[:40], network.map),
        ends_of([*places[1:39], places[0], places[39]], network.map),
    )
    assert np.array_equal(network.ways_in_pairs(starts, ends), network.ways(starts, ends).diagonal())


def test_a_small_table_is_climbed_to_the_same_costs_as_a_large_one_is_swept(network, places, monkeypatch):
    starts, ends = ends_of(places[:40], network.map), ends_of(places[20:50], network.map)
    climbed = [network.ways(starts, ends) for _ in range(2)]  # the second on paper that was given back
    monkeypatch.setattr("geodata.climbing.FEW", 0)
    assert all(np.array_equal(one, network.ways(starts, ends)) for one in climbed)


def test_a_matrix_of_few_is_read_off_what_was_climbed_before_and_stays_the_same(network, places, monkeypatch):
    monkeypatch.setattr("geodata.labels.LABELS_KEPT", 12)
    for few in (places[:9], places[4:20], places[:9], [*places[:5], places[2]], places[7:8]):
        ends = ends_of(few, network.map)
        seconds, metres = rounded(network.ways(ends, ends))
        matrix = network.matrix(few)
        assert np.array_equal(matrix.durations_s, seconds) and np.array_equal(matrix.distances_m, metres)


def test_no_trip_is_lost_to_the_bound_of_a_vehicle_slower_than_a_walk_off_the_road(tmp_path):
    town = draw(tmp_path, "A...B...C", ["ABC"])
    roads = town.roads(replace(SMALL_VAN, top_kmh=5))
    a, c = (roads.snap(town.place(letter)) for letter in "AC")
    field = roads.snap(town.place("B", north_m=1_000))
    corridor = corridor_of([Announced((a, c), 720)], roads)
    assert corridor.matches(field, c) == corridor.exhaustive(field, c) != ()
