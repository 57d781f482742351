"""Who lives along the way: near by the road, not by the crow."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.geodata.test_corridor import on_the_road
from tests.geodata.test_roads import DRAWN, SHARES, stops_on, towns
from tests.geodata.town import draw, network_of
from tests.thorough import examples

WAYS = ["AB", "BC", "BD", ("CE", {"oneway": "yes"}), "EF"]
SKETCH = "A...B...C\n....D...E\n........F"


@pytest.fixture
def town(tmp_path):
    return draw(tmp_path, SKETCH, [*WAYS, "DE"])


def seconds(town, start, end):
    roads = town.roads()
    snaps = [roads.snap(town.place(letter)) for letter in (start, end)]
    return int(roads.matrix(snaps).durations_s[0, 1])


def near(town, line, places, limit_s):
    roads = town.roads()
    found = roads.near(
        [roads.snap(town.place(letter)) for letter in line],
        [roads.snap(place) for place in places],
        limit_s,
    )
    return {one.place: (one.out_s, one.back_s) for one in found}


def test_places_are_as_far_as_the_road_from_the_junction_where_the_line_is_left(town):
    found = near(town, "AC", [town.place(letter) for letter in "DEF"], 3_600)
    assert found[0] == pytest.approx((seconds(town, "B", "D"), seconds(town, "D", "B")), abs=1)
    assert found[1][0] == pytest.approx(seconds(town, "C", "E"), abs=1)
    assert found[1][1] == pytest.approx(seconds(town, "E", "B"), abs=1), "the street back is one-way"


def test_a_limit_leaves_out_what_lies_farther(town):
    limit_s = seconds(town, "B", "D")
    assert set(near(town, "AC", [town.place(letter) for letter in "DEF"], limit_s)) >= {0}
    assert near(town, "AC", [town.place("F")], limit_s // 4) == {}


def test_a_place_on_the_line_is_no_way_off(town):
    middle = town.place("A", east_m=150)
    beyond = town.place("A", east_m=450)
    assert near(town, "AC", [middle, beyond], 0) == {0: (0, 0), 1: (0, 0)}


def test_what_lies_off_the_road_counts(town):
    field = town.place("A", east_m=150, north_m=100)
    assert near(town, "AC", [field], 3_600)[0] == (36, 36)


def test_a_line_of_one_stop_is_no_line(town):
    assert near(town, "A", [town.place("D")], 3_600) == {}


def test_the_end_of_a_street_beyond_the_last_stop_is_not_reached_for_nothing(tmp_path):
    """The line ends at S, 150 m into a dead end; what lies at its end is the rest of the street away."""
    town = draw(tmp_path, "A...B.......C\n....D", ["AB", "BC", "BD"])
    roads = town.roads()
    stop, end = town.place("B", east_m=150), town.place("C")
    line = [roads.snap(town.place("A")), roads.snap(stop)]
    (found,) = roads.near(line, [roads.snap(end)], 3_600)
    expected = roads.matrix([roads.snap(stop), roads.snap(end)]).durations_s
    assert found.out_s == expected[0, 1] > 0
    assert found.back_s == expected[1, 0]


def test_two_stops_at_one_place_are_one(tmp_path):
    town = draw(tmp_path, "A...B.......C\n....D", ["AB", "BC", "BD"])
    roads = town.roads()
    farm, shop, far = (roads.snap(town.place(letter, north_m=40)) for letter in "ABC")
    assert roads.near([farm, farm, shop], [far], 3_600) == roads.near([farm, shop], [far], 3_600)


@examples(60)
@given(towns(), SHARES)
def test_no_point_of_the_line_is_nearer_to_a_place_than_the_line(survey, shares):
    roads = network_of(survey, DRAWN)
    snaps = [on_the_road(snap, roads) for snap in stops_on(roads, shares)]
    line, places = snaps[:2], snaps[2:8]
    found = {near.place: near.out_s for near in roads.near(line, places, 10**6)}
    along = [
        on_the_road(replace(line[0], edge=edge, offset_m=since + share * (until - since)), roads)
        for edge, since, until in roads.pieces(*line)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    seconds = roads.matrix([*line, *along, *places]).durations_s[: -len(places), -len(places) :]
    for at, near_s in found.items():
        assert near_s <= seconds[:, at].min() + 1
