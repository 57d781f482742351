"""Who lives along the way: near by the road, not by the crow."""

import pytest

from tests.geodata.town import draw

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
