"""Where a place meets the road, and what is said when it does not."""

import pytest

from geodata.place import Place
from geodata.snapping import PlaceOffMap
from tests.geodata.town import at, draw

ROAD = "A.........B.C"


@pytest.fixture
def road(tmp_path):
    return draw(tmp_path, ROAD, ["AB", "BC"])


def test_a_place_beside_the_road_is_snapped_to_the_edge_not_to_its_ends(road):
    snap = road.roads().snap(at(300, 40))
    assert snap.offset_m == pytest.approx(300, abs=1)
    assert snap.off_road_m == pytest.approx(40, abs=1)
    assert snap.on_road.lat == pytest.approx(at(300, 0).lat, abs=1e-5)
    assert snap.warn is None


def test_the_way_from_the_place_to_its_road_is_counted_at_the_speed_of_a_farm_track(road):
    roads = road.roads()
    near, far = (roads.matrix([roads.snap(at(300, y)), roads.snap(at(600, 0))]) for y in (0, 300))
    assert far.distances_m[0, 1] - near.distances_m[0, 1] == pytest.approx(300, abs=2)
    assert far.durations_s[0, 1] - near.durations_s[0, 1] == pytest.approx(300 / (10 / 3.6), abs=2)


def test_on_a_two_way_street_the_target_may_lie_ahead_or_behind(road):
    roads = road.roads()
    west, east = roads.snap(at(300, 0)), roads.snap(at(500, 0))
    matrix = roads.matrix([west, east])
    assert matrix.distances_m.tolist() == [[0, 200], [200, 0]]
    assert matrix.durations_s.tolist() == [[0, 30], [30, 0]]


def test_on_a_one_way_street_a_target_behind_is_reached_by_going_round(tmp_path):
    town = draw(tmp_path, "A.........B\n|.........|\nD.........C", [("ABCDA", {"oneway": "yes"})])
    roads = town.roads()
    matrix = roads.matrix([roads.snap(at(300, -5)), roads.snap(at(500, -5))])
    off_road_m = 10
    assert matrix.distances_m[0, 1] == pytest.approx(200 + off_road_m, abs=2)
    assert matrix.distances_m[1, 0] == pytest.approx(2400 - 200 + off_road_m, abs=4)


def test_a_shortcut_beats_the_slow_way_along_the_same_edge(tmp_path):
    ways = [("ADCB", {"maxspeed": "10"}), ("AB", {"highway": "primary"}), "SA", "BT"]
    town = draw(tmp_path, "S.A.B.T\n..|.|\n..D.C", ways)
    roads = town.roads()
    start, end = (roads.snap(at(x, 50)) for x in (195, 405))
    matrix = roads.matrix([start, end])
    assert matrix.distances_m[0, 1] == pytest.approx(50 + 200 + 50 + 10, abs=3)
    assert roads.line(start, end).distance_m == matrix.distances_m[0, 1]


@pytest.mark.parametrize("tags", [{"highway": "motorway", "oneway": "no"}, {"tunnel": "yes"}])
def test_no_stop_is_made_on_a_motorway_or_in_a_tunnel(tmp_path, tags):
    town = draw(tmp_path, "A.........B\n|\nC.........D", [("AB", tags), "AC", "CD"])
    assert town.roads().snap(at(500, 10)).off_road_m == pytest.approx(190, abs=1)


def test_two_places_at_one_junction_and_one_place_twice_are_at_no_distance(road):
    roads = road.roads()
    place = at(300, 40)
    snaps = [roads.snap(place), roads.snap(Place(lat=place.lat, lon=place.lon, name="the same"))]
    assert roads.matrix(snaps).distances_m.tolist() == [[0, 0], [0, 0]]
    assert roads.line(*snaps).distance_m == 0


def test_a_place_far_from_any_road_is_taken_with_a_warning(road):
    snapped = road.roads().snap_all([at(500, 1500), at(500, 0)])
    assert [snap is not None for snap in snapped.snaps] == [True, True]
    assert {at: warning.code for at, warning in snapped.warnings.items()} == {0: "place_far_from_road"}
    assert "1500 m" in snapped.warnings[0].sentence


def test_a_place_off_the_map_is_refused_and_the_good_ones_beside_it_are_kept(road):
    snapped = road.roads().snap_all([at(500, 0), at(500, 6000), at(700, 0)])
    assert [snap is not None for snap in snapped.snaps] == [True, False, True]
    assert {at: refusal.code for at, refusal in snapped.refusals.items()} == {1: "place_off_map"}
    assert "the other way round" not in snapped.refusals[1].sentence


def test_a_place_written_longitude_first_is_told_so(road):
    right = at(500, 0)
    with pytest.raises(PlaceOffMap) as refused:
        road.roads().snap(Place(lat=right.lon, lon=right.lat))
    assert "stand the other way round" in refused.value.sentence
    assert refused.value.what_to_do == f"Swap the two: write latitude {right.lat} and longitude {right.lon}."


def test_nothing_to_snap_gives_nothing(road):
    roads = road.roads()
    assert roads.snap_all([]).snaps == ()
    assert roads.matrix([]).size == 0
