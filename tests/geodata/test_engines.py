"""One contract for every engine: our own, one behind a URL, and OSRM itself where it is at hand."""

from contextlib import contextmanager
from itertools import product

import numpy as np
import pytest

from bench.osrm_home import NoOsrm, find_osrm, prepare, routed
from geodata.doors import OFF_ROAD_KMH
from geodata.osrm import OsrmServer
from geodata.place import crow_distance_m
from geodata.served_roads import served_roads
from geodata.snapping import PlaceOffMap, lengths_m
from tests.geodata.osrm_speaker import speaking
from tests.geodata.town import at, draw


def about(expected):
    """Allow for OSRM's tenths of a second per piece of road, and for its earth, which is no sphere."""
    return pytest.approx(expected, abs=2, rel=0.004)


@contextmanager
def own(town, folder):
    yield town.roads()


@contextmanager
def behind_a_url(town, folder):
    roads = town.roads()
    with speaking(roads) as speaker:
        yield served_roads(roads, OsrmServer(speaker.url))


@contextmanager
def real_osrm(town, folder):
    try:
        osrm = find_osrm()
    except NoOsrm as missing:
        pytest.skip(f"{missing}; or let CARRIOLE_OSRM name an environment that has them")
    prepared = prepare(osrm, town.path, folder / "osrm")
    with routed(osrm, prepared.stem) as url:
        yield served_roads(town.roads(), OsrmServer(url))


@pytest.fixture(params=[own, behind_a_url, real_osrm], ids=lambda engine: engine.__name__)
def engine(request, tmp_path):
    return lambda town: request.param(town, tmp_path)


SQUARE = "A...B...C\n.........\nD...E...F"
STREETS = ["AB", "BC", "DE", "EF", "AD", "BE", "CF"]
KMH = 24
"""Ours on a residential street."""


def matrix_of(roads, places):
    snapped = roads.snap_all(places)
    assert not snapped.refusals
    return roads.matrix(list(snapped.snaps))


def test_the_matrix_has_the_seconds_and_metres_of_the_fastest_way(engine, tmp_path):
    town = draw(tmp_path, SQUARE, STREETS)
    with engine(town) as roads:
        matrix = matrix_of(roads, [town.place(letter) for letter in "ABCDEF"])
    steps = {"A": (0, 0), "B": (4, 0), "C": (8, 0), "D": (0, 2), "E": (4, 2), "F": (8, 2)}
    for (i, a), (j, b) in product(enumerate("ABCDEF"), repeat=2):
        expected_m = 100 * sum(abs(x - y) for x, y in zip(steps[a], steps[b], strict=True))
        assert matrix.distances_m[i, j] == about(expected_m)
        assert matrix.durations_s[i, j] == about(expected_m / (KMH / 3.6))


def test_the_matrix_is_whole_numbers_that_nobody_changes_and_the_same_again(engine, tmp_path):
    town = draw(tmp_path, SQUARE, STREETS)
    places = [town.place(letter, east_m=30, north_m=15) for letter in "ABDE"]
    with engine(town) as roads:
        first, again = matrix_of(roads, places), matrix_of(roads, places)
    for one, other in ((first.durations_s, again.durations_s), (first.distances_m, again.distances_m)):
        assert one.dtype == np.int64 and not one.flags.writeable and np.array_equal(one, other)


def test_the_way_to_the_road_is_added_at_both_ends_at_the_speed_of_a_farm_track(engine, tmp_path):
    town = draw(tmp_path, "A...B...C", ["AB", "BC"])
    near, far = [[town.place("A", east_m=50, north_m=m), town.place("B", north_m=m)] for m in (0, 60)]
    with engine(town) as roads:
        by_road, from_yards = matrix_of(roads, near), matrix_of(roads, far)
    metres = from_yards.distances_m[0, 1] - by_road.distances_m[0, 1]
    seconds = from_yards.durations_s[0, 1] - by_road.durations_s[0, 1]
    assert metres == about(120)
    assert seconds == about(120 / (OFF_ROAD_KMH / 3.6))


def test_a_one_way_street_is_driven_one_way(engine, tmp_path):
    town = draw(tmp_path, SQUARE, [("AB", {"oneway": "yes"}), "BE", "DE", "AD", "BC"])
    with engine(town) as roads:
        matrix = matrix_of(roads, [town.place("A"), town.place("B")])
    assert matrix.distances_m[0, 1] == about(400)
    assert matrix.distances_m[1, 0] == about(800)


def test_a_barred_turn_is_not_taken(engine, tmp_path):
    sketch = "....C\n.....\nA...B...E\n....D\n.....\n....F"
    ways = ["AB", "BC", "BE", "BD", "DF"]
    town = draw(tmp_path, sketch, ways, turns=[("no_left_turn", 1, "B", 2)])
    with engine(town) as roads:
        matrix = matrix_of(roads, [town.place("A", east_m=10), town.place("C", north_m=-10)])
    assert matrix.distances_m[1, 0] == about(390 + 190)
    assert matrix.distances_m[0, 1] > 580 + 300


def test_the_same_place_is_nothing_away(engine, tmp_path):
    town = draw(tmp_path, "A...B...C", ["AB", "BC"])
    place, other = town.place("A", north_m=40), town.place("B")
    with engine(town) as roads:
        matrix = matrix_of(roads, [place, other, place])
        lines = [roads.line(roads.snap(place), roads.snap(place))]
        alone = matrix_of(roads, [place])
    assert matrix.durations_s[0, 2] == matrix.distances_m[2, 0] == 0
    assert not matrix.durations_s.diagonal().any()
    assert [(line.duration_s, line.distance_m, line.places) for line in lines] == [
        (0, 0, ((place.lat, place.lon),))
    ]
    assert alone.durations_s.tolist() == [[0]]


def test_a_line_has_the_figures_of_the_matrix_and_the_length_it_tells(engine, tmp_path):
    town = draw(tmp_path, SQUARE, STREETS)
    places = [town.place("A", east_m=35, north_m=20), town.place("F", north_m=-30), town.place("B")]
    with engine(town) as roads:
        snaps = list(roads.snap_all(places).snaps)
        matrix = roads.matrix(snaps)
        lines = {(i, j): roads.line(snaps[i], snaps[j]) for i, j in product(range(3), repeat=2) if i != j}
    for (i, j), line in lines.items():
        assert (line.duration_s, line.distance_m) == (matrix.durations_s[i, j], matrix.distances_m[i, j])
        assert float(lengths_m(np.array(line.places)).sum()) == about(line.distance_m)
        assert line.places[0] == (places[i].lat, places[i].lon)
        assert line.places[-1] == (places[j].lat, places[j].lon)


def test_a_line_names_its_streets_once_and_in_order(engine, tmp_path):
    ways = [("AB", {"name": "Rue A"}), ("BC", {"name": "Rue A"}), "CD", ("DE", {"name": "Rue D"})]
    town = draw(tmp_path, "A.B.C.D.E", ways)
    with engine(town) as roads:
        line = roads.line(roads.snap(town.place("A")), roads.snap(town.place("E")))
    assert line.streets == ("Rue A", "Rue D")


def test_a_place_off_the_map_is_refused_and_the_others_are_kept(engine, tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    with engine(town) as roads:
        snapped = roads.snap_all([town.place("A"), at(0, 9_000), town.place("B")])
        with pytest.raises(PlaceOffMap) as refused:
            roads.snap(at(0, 9_000))
    assert [snap is None for snap in snapped.snaps] == [False, True, False]
    assert refused.value.code == snapped.refusals[1].code == "place_off_map"


def test_no_places_are_an_empty_matrix(engine, tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    with engine(town) as roads:
        assert roads.matrix([]).size == 0


def test_more_places_than_a_server_takes_at_once_are_one_matrix(engine, tmp_path):
    town = draw(tmp_path, SQUARE, STREETS)
    places = [town.place("A", east_m=6 * step, north_m=-2) for step in range(130)]
    with engine(town) as roads:
        matrix = matrix_of(roads, places)
    assert matrix.size == 130
    for i, j in ((0, 129), (129, 0), (99, 100), (49, 50), (7, 120)):
        apart_m = crow_distance_m(places[i], places[j]) + 4
        assert matrix.distances_m[i, j] == about(apart_m)


def test_the_map_itself_is_still_the_region_s_own(engine, tmp_path):
    town = draw(tmp_path, "A...B...C", [("AB", {"highway": "primary"}), "BC"])
    with engine(town) as roads:
        streets = roads.streets
    assert [streets.classes[row] for row in streets.row] == ["primary", "residential"]
