"""What a map file allows: one test per rule, each on a town small enough to walk in one's head."""

import pytest

from geodata.osm import RegionFileUnreadable, directions, read_osm
from tests.geodata.town import draw

BLOCK = """
S...A...B
....|...|
....D...C
"""
"""A block of 400 m by 200 m, with a dead-end spur S to turn round in."""

NEAR_M = 2
"""Coordinates are stored to a centimetre or so; a way of a few streets is right to 2 m."""


def block(tmp_path, tags, **more):
    return draw(tmp_path, BLOCK, [("AB", tags), "BCDA", "SA"], **more)


def test_a_street_without_tags_is_driven_both_ways(tmp_path):
    town = block(tmp_path, {})
    assert town.metres("A", "B") == pytest.approx(400, abs=NEAR_M)
    assert town.metres("B", "A") == pytest.approx(400, abs=NEAR_M)


def test_a_one_way_street_is_driven_along_only(tmp_path):
    town = draw(
        tmp_path, "S...A...B...T\n....|...|\n....D...C", [("AB", {"oneway": "yes"}), "BCDA", "SA", "BT"]
    )
    assert town.metres("S", "T") == pytest.approx(1200, abs=NEAR_M)
    assert town.metres("T", "S") == pytest.approx(1600, abs=NEAR_M)


def test_a_one_way_street_drawn_backward_is_driven_against_its_drawing(tmp_path):
    town = draw(
        tmp_path, "S...A...B...T\n....|...|\n....D...C", [("AB", {"oneway": "-1"}), "BCDA", "SA", "BT"]
    )
    assert town.metres("S", "T") == pytest.approx(1600, abs=NEAR_M)
    assert town.metres("T", "S") == pytest.approx(1200, abs=NEAR_M)


def test_a_roundabout_is_driven_round(tmp_path):
    sketch = "....B\nS.A.|.C.T\n....D"
    town = draw(tmp_path, sketch, [("ADCBA", {"junction": "roundabout"}), "SA", "CT"])
    ways = {street.forward and not street.backward for street in town.survey().streets[:2]}
    assert ways == {True}
    south, north = (town.roads().line(*pair).places for pair in _pairs(town, "ST", "TS"))
    assert min(lat for lat, _ in south) < min(lat for lat, _ in north)
    assert max(lat for lat, _ in north) > max(lat for lat, _ in south)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, (True, True)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "primary", "oneway": "yes"}, (True, False)),
        ({"highway": "primary", "oneway": "-1"}, (False, True)),
        ({"highway": "primary", "junction": "roundabout"}, (True, False)),
        ({"highway": "primary", "oneway": "reversible"}, (False, False)),
    ],
)
def test_directions_follow_the_tags(tags, expected):
    assert directions(tags) == expected


@pytest.mark.parametrize(
    ("tags", "open_to_us"),
    [
        ({"access": "destination"}, True),
        ({"access": "delivery"}, True),
        ({"access": "private", "motor_vehicle": "permissive"}, True),
        ({"access": "private"}, False),
        ({"access": "no"}, False),
        ({"motor_vehicle": "no"}, False),
        ({"access": "yes", "vehicle": "no"}, False),
        ({"highway": "footway"}, False),
        ({"highway": "pedestrian"}, False),
        ({"highway": "track"}, False),
        ({"highway": "track", "tracktype": "grade1"}, True),
    ],
)
def test_access_decides_who_may_enter(tmp_path, tags, open_to_us):
    around = 400 if open_to_us else 200 + 400 + 200
    assert block(tmp_path, tags).metres("A", "B") == pytest.approx(around, abs=NEAR_M)


@pytest.mark.parametrize(
    ("barrier", "passes"),
    [
        ({"barrier": "gate"}, True),
        ({"barrier": "toll_booth"}, True),
        ({"barrier": "bollard", "motor_vehicle": "delivery"}, True),
        ({"barrier": "bollard"}, False),
        ({"barrier": "block"}, False),
        ({"barrier": "gate", "access": "private"}, False),
    ],
)
def test_a_barrier_blocks_or_opens(tmp_path, barrier, passes):
    sketch = "S...A.X.B\n....|...|\n....D...C"
    town = draw(tmp_path, sketch, ["AXB", "BCDA", "SA"], nodes={"X": barrier})
    roads = town.roads()
    west, east = (roads.snap(town.place("X", east_m=east)) for east in (-50, 50))
    around = 100 if passes else 50 + 100 + 200 + 400 + 200 + 100 + 50
    assert roads.matrix([west, east]).distances_m[0, 1] == pytest.approx(around, abs=NEAR_M)


CROSS = """
....D
....|
A...B...C...E
........|
........F
"""
CROSS_WAYS = ("AB", "BD", "BC", "CE", "CF")


def test_without_a_restriction_one_turns_left(tmp_path):
    assert draw(tmp_path, CROSS, CROSS_WAYS).metres("A", "D") == pytest.approx(600, abs=NEAR_M)


@pytest.mark.parametrize("turn", [("no_left_turn", 1, "B", 2), ("only_straight_on", 1, "B", 3)])
def test_a_barred_turn_forces_a_detour_to_the_next_dead_end(tmp_path, turn):
    town = draw(tmp_path, CROSS, CROSS_WAYS, turns=[turn])
    assert town.metres("A", "D") == pytest.approx(400 + 400 + 200 + 200 + 400 + 200, abs=NEAR_M)
    assert town.metres("D", "A") == pytest.approx(600, abs=NEAR_M)
    assert town.survey().turns_left_out == 0


def test_a_restriction_that_exempts_us_is_not_applied(tmp_path):
    turn = {
        "tags": {"type": "restriction", "restriction": "no_left_turn", "except": "psv;motorcar"},
        "members": [("w", 1, "from"), ("n", ord("B"), "via"), ("w", 2, "to")],
    }
    town = draw(tmp_path, CROSS, CROSS_WAYS, turns=[turn])
    assert town.metres("A", "D") == pytest.approx(600, abs=NEAR_M)


@pytest.mark.parametrize(
    ("restriction", "via"),
    [
        ({"restriction": "no_u_turn"}, ("w", 3, "via")),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, ("n", ord("B"), "via")),
    ],
)
def test_a_restriction_that_we_do_not_understand_is_counted_and_left_out(tmp_path, restriction, via):
    turn = {
        "tags": {"type": "restriction", **restriction},
        "members": [("w", 1, "from"), via, ("w", 2, "to")],
    }
    survey = draw(tmp_path, CROSS, CROSS_WAYS, turns=[turn]).survey()
    assert (survey.turns_left_out, survey.barred_turns) == (1, frozenset())


def test_a_restriction_on_a_way_that_runs_on_is_ambiguous_and_left_out(tmp_path):
    survey = draw(tmp_path, CROSS, ["ABC", "BD", "CE", "CF"], turns=[("no_left_turn", 1, "B", 2)]).survey()
    assert survey.turns_left_out == 1


def test_ways_are_cut_where_they_meet_and_keep_their_bends(tmp_path):
    streets = draw(tmp_path, "A.B.C\n..D", ["ABC", ("BD", {"name": "Rue du Four"})]).survey().streets
    assert [(chr(street.tail), chr(street.head)) for street in streets] == [
        ("A", "B"),
        ("B", "C"),
        ("B", "D"),
    ]
    bent = draw(tmp_path, "A.B\n..C", ["ABC"], name="bent.osm.pbf").survey().streets
    assert len(bent[0].points) == 3
    assert streets[2].name == "Rue du Four"


def test_a_node_that_the_extract_lacks_ends_the_street_before_it(tmp_path):
    streets = draw(tmp_path, "A.B.C.D.E", ["ABCDE"], missing="C").survey().streets
    assert [(chr(street.tail), chr(street.head)) for street in streets] == [("A", "B"), ("D", "E")]


def test_named_places_and_shops_are_read_as_nodes_and_as_outlines(tmp_path):
    nodes = {
        "P": {"place": "village", "name": "Èze"},
        "Q": {"shop": "bakery", "name": "Au bon pain"},
        "R": {"shop": "bakery"},
    }
    outline = ("TUVWT", {"building": "yes", "amenity": "school", "name": "École"})
    town = draw(tmp_path, "A...B\nP.Q.R\nT...U\nW...V", ["AB", outline], nodes=nodes)
    places = {named.name: named for named in town.survey().places}
    assert {name: named.kind for name, named in places.items()} == {
        "Èze": "village",
        "Au bon pain": "bakery",
        "École": "school",
    }
    school = places["École"].place
    assert school.lat == pytest.approx((town.place("T").lat + town.place("W").lat) / 2, abs=1e-6)
    assert school.lon == pytest.approx((town.place("T").lon + town.place("U").lon) / 2, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm.pbf", b""),
        ("text.osm.pbf", b"This is no map."),
        ("table.csv", b"name,lat,lon\n"),
        ("broken.osm", b"<osm><node id='1'"),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegionFileUnreadable) as refused:
        read_osm(tmp_path / name)
    assert refused.value.code == "region_file_unreadable"
    assert name in refused.value.sentence


def test_a_file_that_broke_off_or_is_missing_is_refused(tmp_path):
    whole = block(tmp_path, {}).path
    (tmp_path / "half.osm.pbf").write_bytes(whole.read_bytes()[:-20])
    for name in ("half.osm.pbf", "none.osm.pbf"):
        with pytest.raises(RegionFileUnreadable):
            read_osm(tmp_path / name)


def _pairs(town, *pairs):
    roads = town.roads()
    return [[roads.snap(town.place(letter)) for letter in pair] for pair in pairs]
