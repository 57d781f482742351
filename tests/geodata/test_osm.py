"""What a map file allows: one test per rule, each on a town small enough to walk in one's head."""

import gzip

import pytest

from geodata.access import directions
from geodata.osm import RegionFileUnreadable, read_osm
from geodata.profiles import profile_named
from tests.geodata.town import draw

NEAR_M = 2
"""Coordinates are stored to a centimetre or so; a way of a few streets is right to 2 m."""

BLOCK = """
S...A...B...T
....|...|
....D...C
"""
"""A block of 400 m by 200 m, with spurs S and T: from S to T 1,200 m by the street AB, 1,600 m around it."""
STRAIGHT, AROUND = 1200, 1600

VAN, CAR, BIKE = (profile_named(name) for name in ("small_van", "car", "cargo_bike"))
CRAWL = {"highway": "living_street"}


def block(tmp_path, tags, **more):
    return draw(tmp_path, BLOCK, [("AB", tags), "BCDA", "SA", "BT"], **more)


def near(metres):
    return pytest.approx(metres, abs=NEAR_M)


def test_a_street_without_tags_is_driven_both_ways(tmp_path):
    town = block(tmp_path, {})
    assert town.metres("S", "T") == near(STRAIGHT)
    assert town.metres("T", "S") == near(STRAIGHT)


@pytest.mark.parametrize(
    ("tags", "vehicle", "there", "back"),
    [
        ({"oneway": "yes"}, VAN, STRAIGHT, AROUND),
        ({"oneway": "-1"}, VAN, AROUND, STRAIGHT),
        ({"oneway": "reversible"}, VAN, AROUND, AROUND),
        ({"oneway": "alternating"}, VAN, STRAIGHT, STRAIGHT),
        ({"oneway": "yes"}, BIKE, STRAIGHT, AROUND),
        ({"oneway": "yes", "oneway:bicycle": "no"}, BIKE, STRAIGHT, STRAIGHT),
        ({"oneway": "yes", "oneway:bicycle": "no"}, VAN, STRAIGHT, AROUND),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, BIKE, STRAIGHT, STRAIGHT),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, VAN, STRAIGHT, AROUND),
        ({"oneway": "yes", "cycleway:left:oneway": "-1"}, BIKE, STRAIGHT, STRAIGHT),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, VAN, STRAIGHT, STRAIGHT),
        ({"oneway:motor_vehicle": "yes"}, VAN, STRAIGHT, AROUND),
        ({"oneway:motor_vehicle": "yes"}, BIKE, STRAIGHT, STRAIGHT),
        ({"motor_vehicle:backward": "no"}, VAN, STRAIGHT, AROUND),
        ({"motor_vehicle:backward": "no"}, BIKE, STRAIGHT, STRAIGHT),
    ],
)
def test_a_one_way_street_binds_whom_it_names(tmp_path, tags, vehicle, there, back):
    town = block(tmp_path, tags)
    assert town.metres("S", "T", profile=vehicle) == near(there)
    assert town.metres("T", "S", profile=vehicle) == near(back)


@pytest.mark.parametrize("junction", ["roundabout", "circular"])
def test_a_roundabout_is_driven_round(tmp_path, junction):
    town = draw(tmp_path, "....B\nS.A.|.C.T\n....D", [("ADCBA", {"junction": junction}), "SA", "CT"])
    roads = town.roads()
    south, north = (
        [lat for lat, _ in roads.line(*(roads.snap(town.place(letter)) for letter in pair)).places]
        for pair in ("ST", "TS")
    )
    level, top, bottom = (pytest.approx(town.place(letter).lat, abs=1e-6) for letter in "SBD")
    assert (min(south), max(south)) == (bottom, level)
    assert (min(north), max(north)) == (level, top)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, (True, True)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "motorway_link"}, (True, True)),
        ({"highway": "motorway_link", "oneway": "yes"}, (True, False)),
        ({"highway": "primary", "oneway": "yes"}, (True, False)),
        ({"highway": "primary", "oneway": "-1"}, (False, True)),
        ({"highway": "primary", "oneway": "oui"}, (True, True)),
        ({"highway": "primary", "junction": "roundabout"}, (True, False)),
        ({"highway": "primary", "junction": "roundabout", "oneway": "-1"}, (False, True)),
        ({"highway": "primary", "junction": "jughandle"}, (True, True)),
        ({"highway": "primary", "oneway": "reversible"}, (False, False)),
    ],
)
def test_directions_follow_the_tags(tags, expected):
    assert directions(tags) == expected


@pytest.mark.parametrize("node", [{"highway": "mini_roundabout"}, {"highway": "crossing"}])
def test_what_is_painted_on_the_road_holds_nobody_up(tmp_path, node):
    assert block(tmp_path, {}, nodes={"A": node}).metres("T", "S") == near(STRAIGHT)


OPEN, ENDS, CLOSED = "open", "ends", "closed"


@pytest.mark.parametrize(
    ("tags", "vehicle", "use"),
    [
        ({"access": "permissive"}, VAN, OPEN),
        ({"access": "private", "motor_vehicle": "permissive"}, VAN, OPEN),
        ({"access": "destination"}, VAN, ENDS),
        ({"access": "delivery"}, VAN, ENDS),
        ({"access": "private"}, VAN, ENDS),
        ({"motor_vehicle": "agricultural"}, VAN, ENDS),
        ({"motor_vehicle": "agricultural"}, BIKE, OPEN),
        ({"access": "no"}, VAN, CLOSED),
        ({"access": "no", "bicycle": "yes"}, BIKE, OPEN),
        ({"motor_vehicle": "no"}, VAN, CLOSED),
        ({"motor_vehicle": "no"}, BIKE, OPEN),
        ({"access": "yes", "vehicle": "no"}, VAN, CLOSED),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, VAN, ENDS),
        ({"highway": "track"}, VAN, ENDS),
        ({"highway": "track", "tracktype": "grade1"}, VAN, OPEN),
        ({"highway": "track", "tracktype": "grade5"}, VAN, CLOSED),
        ({"highway": "track", "access": "private"}, VAN, ENDS),
        ({"highway": "footway"}, BIKE, CLOSED),
        ({"highway": "footway", "bicycle": "yes"}, BIKE, OPEN),
        ({"highway": "footway", "bicycle": "yes"}, VAN, CLOSED),
        ({"highway": "cycleway"}, BIKE, OPEN),
        ({"highway": "cycleway"}, VAN, CLOSED),
        ({"highway": "steps", "bicycle": "yes"}, BIKE, CLOSED),
        ({"highway": "trunk"}, BIKE, CLOSED),
        ({"highway": "primary", "motorroad": "yes"}, BIKE, CLOSED),
        ({"highway": "primary", "maxheight": "2.5"}, VAN, CLOSED),
        ({"highway": "primary", "maxheight": "2.5"}, CAR, OPEN),
    ],
)
def test_access_decides_who_drives_through_and_who_only_to_a_door(tmp_path, tags, vehicle, use):
    """The lane MX leads off the middle of the street AB; around the block one crawls."""
    sketch = "P...........Q\nS...A.M.B...T\n....|.X.|\n....D...C"
    town = draw(tmp_path, sketch, [("AMB", tags), ("MX", tags), ("BCDA", CRAWL), "SA", "BT", "PS", "TQ"])
    assert town.metres("S", "T", profile=vehicle) == near(STRAIGHT if use == OPEN else AROUND)
    assert (town.metres("S", "X", profile=vehicle) == near(400 + 200 + 100)) == (use != CLOSED)


BARRIER_AROUND = 50 + 100 + 200 + 400 + 200 + 100 + 50


@pytest.mark.parametrize(
    ("barrier", "vehicle", "passes"),
    [
        ({"barrier": "gate"}, VAN, True),
        ({"barrier": "lift_gate"}, VAN, True),
        ({"barrier": "swing_gate", "locked": "yes"}, VAN, False),
        ({"barrier": "swing_gate", "locked": "no"}, VAN, True),
        ({"barrier": "toll_booth"}, VAN, True),
        ({"barrier": "cattle_grid"}, VAN, True),
        ({"barrier": "bollard", "motor_vehicle": "delivery"}, VAN, True),
        ({"barrier": "bollard"}, VAN, False),
        ({"barrier": "bollard"}, BIKE, True),
        ({"barrier": "bollard", "maxwidth": "0.8"}, BIKE, False),
        ({"barrier": "block"}, VAN, False),
        ({"barrier": "cycle_barrier"}, BIKE, False),
        ({"barrier": "sump_buster"}, CAR, False),
        ({"barrier": "sump_buster"}, BIKE, True),
        ({"barrier": "height_restrictor"}, VAN, False),
        ({"barrier": "height_restrictor"}, CAR, True),
        ({"barrier": "height_restrictor", "maxheight": "2.2"}, VAN, False),
        ({"barrier": "height_restrictor", "maxheight": "2.2"}, CAR, True),
        ({"barrier": "height_restrictor", "maxheight": "2.8"}, VAN, True),
        ({"barrier": "gate", "access": "private"}, VAN, False),
        ({"barrier": "gate", "access": "no"}, VAN, False),
        ({"barrier": "gate", "motor_vehicle": "no"}, BIKE, True),
    ],
)
def test_a_barrier_blocks_or_opens(tmp_path, barrier, vehicle, passes):
    sketch = "S...A.X.B\n....|...|\n....D...C"
    town = draw(tmp_path, sketch, ["AXB", "BCDA", "SA"], nodes={"X": barrier})
    roads = town.roads(vehicle)
    west, east = (roads.snap(town.place("X", east_m=east)) for east in (-50, 50))
    assert roads.matrix([west, east]).distances_m[0, 1] == near(100 if passes else BARRIER_AROUND)


def test_a_private_gate_opens_before_a_private_drive(tmp_path):
    """Who is sent for may come in; and nobody drives through a private drive anyway."""
    sketch = "S...A.G...F"
    private = {"access": "private"}
    town = draw(tmp_path, sketch, ["SAG", ("GF", private)], nodes={"G": {"barrier": "gate", **private}})
    assert town.metres("S", "F") == near(1000)


def test_a_private_gate_on_an_open_road_stays_shut(tmp_path):
    gate = {"G": {"barrier": "gate", "access": "private"}}
    town = draw(tmp_path, "S...A.G...F\n....B.....C", ["SAGF", "AB", "BCF"], nodes=gate)
    roads = town.roads()
    west, east = (roads.snap(town.place("G", east_m=east)) for east in (-50, 50))
    assert roads.matrix([west, east]).distances_m[0, 1] == near(150 + 100 + 600 + 100 + 350)


def test_height_is_held_against_each_vehicle():
    tunnel = {"highway": "primary", "maxheight": "2.7"}
    heights = {name: profile_named(name).passage(tunnel).forward_kmh > 0 for name in ("small_van", "car")}
    assert heights == {"small_van": True, "car": True}
    assert profile_named("refrigerated_van").passage(tunnel).forward_kmh == 0


FERRY = {"route": "ferry", "motor_vehicle": "yes", "duration": "00:01"}


def test_a_ferry_is_as_fast_as_its_duration_says(tmp_path):
    town = draw(tmp_path, "S.A.........B.T", ["SA", ("AB", {**FERRY, "duration": "00:06"}), "BT"])
    roads = town.roads()
    there = roads.matrix([roads.snap(town.place(letter)) for letter in "ST"]).durations_s[0, 1]
    assert there == pytest.approx(2 * 200 / (24 / 3.6) + 360, abs=2)


@pytest.mark.parametrize(
    "tags", [{"motor_vehicle": ""}, {"motor_vehicle": "", "foot": "yes"}, {"access": "no"}]
)
def test_a_boat_that_takes_no_vehicle_is_no_road(tmp_path, tags):
    told = {key: word for key, word in {**FERRY, **tags}.items() if word}
    town = draw(tmp_path, "S.A...B.T\n..D...C", ["SA", ("AB", told), "BT", "ADCB"])
    takes = "motor_vehicle" in told
    assert town.metres("S", "T") == near(800 if takes else 1000)


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


def test_ways_are_cut_for_every_vehicle_alike(tmp_path):
    """A cycleway, a closed road and a bollard cut the street, whoever may use them; a footway does not."""
    ways = [
        "ABCDE",
        ("BF", {"highway": "cycleway"}),
        ("CG", {"access": "no"}),
        ("DH", {"highway": "footway"}),
    ]
    town = draw(tmp_path, "A.B.C.D.E.I\n..F.G.H", [*ways, "EI"], nodes={"D": {"barrier": "bollard"}})
    survey = town.survey()
    ends = [f"{chr(street.tail)}{chr(street.head)}" for street in survey.streets]
    assert ends == ["AB", "BC", "CD", "DE", "BF", "CG", "EI"]
    assert {chr(node): tags for node, tags in survey.barriers.items()} == {"D": {"barrier": "bollard"}}


def test_equal_roads_share_one_row_of_traits(tmp_path):
    odd = {"surface": "asphalt", "lit": "yes", "name": "Rue B", "source:maxspeed": "sign"}
    town = draw(tmp_path, "A.B.C.D", ["AB", ("BC", odd), ("CD", {"surface": "gravel"})])
    survey = town.survey()
    assert survey.traits == ({"highway": "residential"}, {"highway": "residential", "surface": "gravel"})
    assert [street.traits for street in survey.streets] == [0, 0, 1]


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


def test_the_country_is_guessed_from_the_middle_of_the_roads_or_given(tmp_path):
    town = block(tmp_path, {})
    assert town.survey().country == "FR"
    assert read_osm(town.path, country="CH").country == "CH"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm.pbf", b""),
        ("text.osm.pbf", b"This is no map."),
        ("picture.osm.pbf", b"\x89PNG\r\n\x1a\n" + bytes(1000)),
        ("table.csv", b"name,lat,lon\n"),
        ("broken.osm", b"<osm><node id='1'"),
        ("page.osm", b"<html><body>404</body></html>"),
        ("track.osm", b"<gpx></gpx>"),
        ("old.osm", b"<osm version='0.5'></osm>"),
        ("words.osm", b"<osm version='0.6'><node id='one' lat='44' lon='2'/></osm>"),
        ("half.osm.gz", gzip.compress(b"<osm version='0.6'></osm>", mtime=0)[:-12]),
        ("changes.osc", b"<osmChange version='0.6'><delete><node id='1' version='2'/></delete></osmChange>"),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegionFileUnreadable) as refused:
        read_osm(tmp_path / name)
    assert refused.value.code == "region_file_unreadable"
    assert name in refused.value.sentence


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_file_that_broke_off_is_refused(tmp_path, kept):
    whole = block(tmp_path, {}).path.read_bytes()
    (tmp_path / "half.osm.pbf").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(RegionFileUnreadable, match=r"half\.osm\.pbf"):
        read_osm(tmp_path / "half.osm.pbf")


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(RegionFileUnreadable, match="no such file"):
        read_osm(tmp_path / "none.osm.pbf")


def test_ways_that_point_nowhere_are_refused_by_name(tmp_path):
    town = draw(tmp_path, "A.B.C.D.E", ["ABCDE"], missing="BCDE")
    with pytest.raises(
        RegionFileUnreadable, match="way 1 points to node 66, which it does not hold, and so do 3"
    ):
        town.survey()


@pytest.mark.parametrize("ways", [[], [("AB", {"building": "yes"})], [("AB", {"highway": "footway"})]])
def test_a_map_without_roads_gives_a_survey_without_streets(tmp_path, ways):
    assert draw(tmp_path, "A.B", ways).survey().streets == ()
