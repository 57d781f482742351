"""Turn restrictions: one test per form, each on a town small enough to walk in one's head."""

import pytest

from geodata.profiles import profile_named
from tests.geodata.town import draw

NEAR_M = 2
VAN, BIKE = profile_named("small_van"), profile_named("cargo_bike")

CROSS = """
....D
....|
A...B...C...E
........|
........F
"""
CROSS_WAYS = ("AB", "BD", "BC", "CE", "CF")
AB, BD, BC = 1, 2, 3
FREE = 400 + 200
ROUND = 400 + 400 + 200 + 200 + 400 + 200
"""From A to D by the nearest dead end beyond B, which is F."""


def near(metres):
    return pytest.approx(metres, abs=NEAR_M)


def relation(tags, *members):
    return {"tags": {"type": "restriction", **tags}, "members": list(members)}


def left_turn(tags):
    return relation(tags, ("w", AB, "from"), ("n", ord("B"), "via"), ("w", BD, "to"))


def runs(survey):
    """Return the barred runs as the letters that they pass."""

    def ends(arc):
        street = survey.streets[arc >> 1]
        pair = (street.tail, street.head)
        return "".join(chr(node) for node in (pair[::-1] if arc & 1 else pair))

    return {" ".join(ends(arc) for arc in turn.arcs) for turn in survey.barred}


def test_without_a_restriction_one_turns_left(tmp_path):
    assert draw(tmp_path, CROSS, CROSS_WAYS).metres("A", "D") == near(FREE)


@pytest.mark.parametrize("turn", [("no_left_turn", AB, "B", BD), ("only_straight_on", AB, "B", BC)])
def test_a_barred_turn_forces_a_detour_to_the_next_dead_end(tmp_path, turn):
    town = draw(tmp_path, CROSS, CROSS_WAYS, turns=[turn])
    assert town.metres("A", "D") == near(ROUND)
    assert town.metres("D", "A") == near(FREE)
    assert town.survey().turns_left_out == 0


@pytest.mark.parametrize(
    ("tags", "van_m", "bike_m"),
    [
        ({"restriction": "no_left_turn"}, ROUND, ROUND),
        ({"restriction": "no_left_turn", "except": "psv;motorcar"}, FREE, ROUND),
        ({"restriction": "no_left_turn", "except": "bicycle"}, ROUND, FREE),
        ({"restriction": "no_left_turn", "except": "psv"}, ROUND, ROUND),
        ({"restriction:bicycle": "no_left_turn"}, FREE, ROUND),
        ({"restriction:motorcar": "no_left_turn"}, ROUND, FREE),
        ({"restriction:hgv": "no_left_turn"}, FREE, FREE),
        ({"restriction": "no_left_turn", "restriction:conditional": "none @ (Su)"}, ROUND, ROUND),
    ],
)
def test_a_restriction_binds_whom_it_names(tmp_path, tags, van_m, bike_m):
    town = draw(tmp_path, CROSS, CROSS_WAYS, turns=[left_turn(tags)])
    assert town.metres("A", "D", profile=VAN) == near(van_m)
    assert town.metres("A", "D", profile=BIKE) == near(bike_m)


@pytest.mark.parametrize(
    "turn",
    [
        left_turn({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}),
        left_turn({"restriction": "left_turn"}),
        relation({"restriction": "no_left_turn"}, ("w", AB, "from"), ("w", BD, "to")),
        relation({"restriction": "no_left_turn"}, ("n", ord("B"), "via"), ("w", BD, "to")),
        relation({"restriction": "no_left_turn"}, ("w", AB, "from"), ("n", ord("F"), "via"), ("w", BD, "to")),
    ],
)
def test_a_restriction_that_we_do_not_understand_is_counted_and_left_out(tmp_path, turn):
    survey = draw(tmp_path, CROSS, CROSS_WAYS, turns=[turn]).survey()
    assert (survey.turns_left_out, survey.barred) == (1, ())


def test_a_restriction_on_ways_that_the_file_lacks_bars_nothing(tmp_path):
    members = (("w", 98, "from"), ("n", 99, "via"), ("w", 97, "to"))
    survey = draw(
        tmp_path, CROSS, CROSS_WAYS, turns=[relation({"restriction": "no_u_turn"}, *members)]
    ).survey()
    assert (survey.turns_left_out, survey.barred) == (0, ())


def test_where_a_way_runs_on_the_name_of_the_turn_tells_which_side_is_meant(tmp_path):
    turn = ("no_left_turn", 1, "B", 2)
    survey = draw(tmp_path, CROSS, ["ABC", "BD", "CE", "CF"], turns=[turn]).survey()
    assert (survey.turns_left_out, runs(survey)) == (0, {"AB BD"})
    onto = draw(tmp_path, "....D\nA...B\n....F", ["AB", "DBF"], turns=[turn], name="onto.osm.pbf").survey()
    assert (onto.turns_left_out, runs(onto)) == (0, {"AB BD"})


def test_where_a_way_runs_on_its_one_way_tells_which_side_is_meant(tmp_path):
    ways = [("ABC", {"oneway": "yes"}), "BD", "CE", "CF"]
    survey = draw(tmp_path, CROSS, ways, turns=[("no_exit", 1, "B", 2)]).survey()
    assert (survey.turns_left_out, runs(survey)) == (0, {"AB BD"})


def test_where_nothing_tells_which_side_is_meant_the_restriction_is_left_out(tmp_path):
    survey = draw(tmp_path, CROSS, ["ABC", "BD", "CE", "CF"], turns=[("no_exit", 1, "B", 2)]).survey()
    assert (survey.turns_left_out, survey.barred) == (1, ())


def test_no_entry_bars_every_way_that_it_names(tmp_path):
    entry = relation(
        {"restriction": "no_entry"},
        ("w", AB, "from"),
        ("w", BC, "from"),
        ("n", ord("B"), "via"),
        ("w", BD, "to"),
    )
    survey = draw(tmp_path, CROSS, CROSS_WAYS, turns=[entry]).survey()
    assert runs(survey) == {"AB BD", "CB BD"}


def test_an_only_bars_all_other_exits(tmp_path):
    survey = draw(tmp_path, CROSS, CROSS_WAYS, turns=[("only_right_turn", BC, "C", 5)]).survey()
    assert runs(survey) == {"BC CE", "BC CB"}


def test_a_u_turn_may_be_barred_at_a_junction_where_nobody_makes_one_anyway(tmp_path):
    town = draw(tmp_path, CROSS, CROSS_WAYS, turns=[("no_u_turn", AB, "B", AB)])
    assert runs(town.survey()) == {"AB BA"}
    assert town.metres("A", "D") == near(FREE)


DUAL = """
A...B...C
....|
....G
....|
D...E...F
"""
DUAL_WAYS = ("AB", "BC", "BGE", "ED", "EF")
"""Two carriageways and a crossing BGE of 400 m between them."""

OVER = 400 + 400 + 400
"""From A over the crossing to D."""


def by_way(value, way_to, *via):
    ways = via or (3,)
    return relation(
        {"restriction": value}, ("w", 1, "from"), *(("w", way, "via") for way in ways), ("w", way_to, "to")
    )


def test_a_turn_barred_by_way_of_a_way_is_barred_after_that_way_only(tmp_path):
    town = draw(tmp_path, DUAL, DUAL_WAYS, turns=[by_way("no_u_turn", 4)])
    assert runs(town.survey()) == {"AB BE ED"}
    assert town.metres("A", "D") == near(OVER + 800)
    assert town.metres("A", "F") == near(OVER)
    assert town.metres("C", "D") == near(OVER)


def test_an_only_by_way_of_a_way_leaves_one_exit(tmp_path):
    town = draw(tmp_path, DUAL, DUAL_WAYS, turns=[by_way("only_left_turn", 5)])
    assert runs(town.survey()) == {"AB BE ED", "AB BE EB"}
    assert town.metres("A", "D") == near(OVER + 800)
    assert town.metres("A", "F") == near(OVER)


def test_a_way_between_may_be_cut_or_be_several_in_any_order(tmp_path):
    ways = ("AB", "BC", "GE", "ED", "EF", "BG", "GH")
    sketch = DUAL.replace("....G", "....G.H")
    town = draw(tmp_path, sketch, ways, turns=[by_way("no_u_turn", 4, 3, 6)])
    assert runs(town.survey()) == {"AB BG GE ED"}
    assert town.metres("A", "F") == near(OVER)
    assert town.metres("A", "D") == near(OVER + 400)


def test_a_restriction_by_way_of_ways_keeps_its_exceptions(tmp_path):
    turn = by_way("no_u_turn", 4)
    turn["tags"]["except"] = "bicycle"
    town = draw(tmp_path, DUAL, DUAL_WAYS, turns=[turn])
    assert town.metres("A", "D", profile=BIKE) == near(OVER)
    assert town.metres("A", "D", profile=VAN) == near(OVER + 800)
