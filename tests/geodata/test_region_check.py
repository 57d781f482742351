"""What is suspicious about a region, and the figures of one: each finding by a town that has it."""

import pytest

from geodata.region import build_region, open_region
from geodata.region_check import FAR_PLACE_M, check_region
from geodata.region_counts import count_region, list_counts
from tests.geodata.data import map_file
from tests.geodata.town import draw

GRID = "A...B...C\n|.......|\nD...E...F"
STREETS = ["ABC", "DEF", "AD", "CF", "BE"]
TURN = [("no_left_turn", 1, "B", 5)]


def looked_at(tmp_path, sketch=GRID, ways=STREETS, **drawn):
    town = draw(tmp_path, sketch, ways, **drawn)
    build_region("small", town.path, home=tmp_path)
    return check_region("small", home=tmp_path)


def codes(found, *, suspicious):
    return {one.refusal.code for one in found.findings if one.suspicious is suspicious}


def test_a_good_region_has_nothing_suspicious(tmp_path):
    ways = [(way, {"maxspeed": "50", "highway": "primary"}) for way in STREETS]
    found = looked_at(tmp_path, ways=ways, nodes={"A": {"place": "village", "name": "Lisle"}}, turns=TURN)
    assert (found.suspicious, found.findings) == (False, ())


def test_roads_that_nothing_reaches_are_told_with_a_street_and_a_place(tmp_path):
    sketch = f"{GRID}\n\n\n\n\nX...Y.Z"
    ways = [*STREETS, ("XY", {"name": "Rue Perdue"}), "YZ"]
    found = looked_at(tmp_path, sketch, ways, nodes={"Z": {"place": "hamlet", "name": "Loin"}}, turns=TURN)
    (part,) = found.lost_parts
    assert (part.km, part.streets, part.street, part.near) == (0.6, 2, "Rue Perdue", "Loin")
    assert "region_parts_lost" in codes(found, suspicious=True)
    assert found.counts.km_lost == 0.6


def test_speeds_that_are_missing_are_told_by_class(tmp_path):
    ways = [("ABC", {"maxspeed": "30"}), "DEF", "AD", ("CF", {"highway": "primary"}), "BE"]
    found = looked_at(tmp_path, ways=ways, turns=TURN)
    assert found.unsigned_km == {"residential": 1.2, "primary": 0.2}
    assert "region_speeds_missing" in codes(found, suspicious=True)


@pytest.mark.parametrize("odd", ["900", "3", "fifty"])
def test_a_limit_that_none_can_be_is_told(tmp_path, odd):
    found = looked_at(tmp_path, ways=[("ABC", {"maxspeed": odd}), *STREETS[1:]], turns=TURN)
    assert "region_speeds_odd" in codes(found, suspicious=True)
    assert odd in str(next(one.refusal for one in found.findings if one.refusal.code == "region_speeds_odd"))


@pytest.mark.parametrize("word", ["none", "signals", "FR:urban", "50;70", "30 mph"])
def test_a_limit_in_usual_words_is_not(tmp_path, word):
    found = looked_at(tmp_path, ways=[("ABC", {"maxspeed": word}), *STREETS[1:]], turns=TURN)
    assert "region_speeds_odd" not in codes(found, suspicious=True)


def test_places_far_from_roads_are_listed_and_warned_of_past_a_kilometre(tmp_path):
    sketch = GRID + "\n" * 5 + "P" + "\n" * 10 + "Q"
    nodes = {letter: {"place": "hamlet", "name": f"At {letter}"} for letter in "APQ"}
    found = looked_at(tmp_path, sketch, nodes=nodes, turns=TURN)
    assert [(far.named.name, far.off_road_m) for far in found.places_far] == [("At Q", 1500), ("At P", 500)]
    far, near = found.places_far
    assert far.warning is not None and far.warning.code == "place_far_from_road" and near.warning is None
    assert "region_places_far" in codes(found, suspicious=True) and FAR_PLACE_M == 300


def test_a_region_without_names_or_restrictions_says_so(tmp_path):
    assert codes(looked_at(tmp_path), suspicious=True) >= {"region_places_missing", "region_turns_missing"}


def test_restrictions_that_were_left_out_are_counted(tmp_path):
    found = looked_at(tmp_path, turns=[*TURN, ("no_idea_at_all", 1, "B", 5)])
    meta = found.counts.meta
    assert (meta.turns_barred, meta.turns_left_out) == (1, 1)
    assert "region_turns_left_out" in codes(found, suspicious=True)


def test_roads_for_the_ends_of_a_way_are_suspicious_where_they_are_most(tmp_path):
    ways = [("ABC", {}), *((way, {"access": "private"}) for way in STREETS[1:])]
    found = looked_at(tmp_path, ways=ways)
    assert "region_ends_only" in codes(found, suspicious=True)


def test_the_figures_of_a_region(tmp_path):
    nodes = {"B": {"place": "village", "name": "Lisle"}, "E": {"barrier": "bollard"}}
    ways = [("ABC", {"highway": "tertiary"}), *STREETS[1:]]
    town = draw(tmp_path, GRID, ways, nodes=nodes, turns=TURN)
    counts = count_region(build_region("small", town.path, home=tmp_path))
    assert dict(counts.km_by_class) == {"residential": 1.4, "tertiary": 0.8}
    assert (counts.places, counts.barriers, counts.barriers_closed) == ({"village": 1}, {"bollard": 1}, 1)
    assert (counts.ferries, counts.vehicles) == (0, ("small_van",))
    assert counts.bytes_on_disk > 1_000


def test_the_list_marks_the_region_in_use_and_hides_none_that_is_broken(tmp_path):
    town = draw(tmp_path, GRID, STREETS)
    for name in ("good", "bad"):
        build_region(name, town.path, home=tmp_path)
    (tmp_path / "regions" / "bad.json").write_text("{}")
    bad, good, riviera = list_counts(home=tmp_path)
    assert bad.refusal is not None and bad.refusal.code == "region_corrupt"
    assert good.meta is not None and good.meta.junctions == 6
    assert (riviera.meta, riviera.in_use, good.in_use) == (None, True, False)


def test_a_mountain_country_is_looked_at(tmp_path):
    build_region("liechtenstein", map_file("liechtenstein"), home=tmp_path)
    found = check_region("liechtenstein", home=tmp_path)
    assert any(far.warning for far in found.places_far) and found.lost_parts
    assert len(found.lost_parts) <= 5 and found.suspicious


def test_the_region_that_ships_is_not_suspicious(tmp_path):
    open_region(home=tmp_path)
    assert not check_region("riviera", home=tmp_path).suspicious
