"""Empty crates: delivered less taken back, for every holder, and never more on board than there is room."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pooling.manifest import FreeRoom
from pooling.runs.empties import EMPTY_CRATE_KG, Moved, balances, taken_back, with_empties
from pooling.runs.manifest_json import manifest_json, read_manifest
from tests.papers.sample import harvest_tour
from tests.thorough import examples


def moved(way, giver, taker, crates, **empties):
    return Moved("farm", "ambient", way, giver, taker, crates, empties)


def test_a_receiver_has_what_was_delivered_less_what_was_taken_back():
    told = [moved("on", "farm", "van", 6), moved("off", "van", "shop", 6, ambient=4)]
    assert balances(told) == {("shop", "farm", "ambient"): 2, ("van", "farm", "ambient"): 4}
    told.append(moved("on", "farm", "van", 3, ambient=4))
    assert balances(told) == {("shop", "farm", "ambient"): 2, ("van", "farm", "ambient"): 3}


def test_crates_that_were_there_before_make_a_balance_below_nothing():
    told = [moved("off", "van", "shop", 1, ambient=3)]
    assert balances(told)["shop", "farm", "ambient"] == -2


def test_crates_left_with_somebody_who_is_no_party_are_with_nobody_known():
    told = [moved("on", "farm", "van", 6), moved("left", "van", "", 6)]
    assert balances(told) == {("", "farm", "ambient"): 6}


def free(ambient, kg=None):
    return FreeRoom(ambient, 0, 0, kg)


def test_empties_are_taken_where_room_is_left_to_the_end():
    waiting = [{"ambient": 5}, {"ambient": 5}, {"chilled": 2}]
    assert taken_back(waiting, [free(8), free(6), free(20)]) == [{"ambient": 5}, {"ambient": 1}, {}]
    assert taken_back([{"ambient": 5}], [free(8, kg=5)]) == [{"ambient": 2}]
    assert taken_back([{"ambient": 5}, {}], [free(8), free(0)]) == [{}, {}]


ROOM = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 30))


@examples(60)
@given(st.lists(st.tuples(ROOM, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_no_leg_ever_carries_more_than_its_room(stops):
    rooms = [FreeRoom(ambient, chilled, 0, kg) for (ambient, chilled, kg), _, _ in stops]
    waiting = [{"ambient": ambient, "chilled": chilled} for _, ambient, chilled in stops]
    taken = taken_back(waiting, rooms)
    for at, room in enumerate(rooms):
        ambient = sum(one.get("ambient", 0) for one in taken[: at + 1])
        chilled = sum(one.get("chilled", 0) for one in taken[: at + 1])
        assert ambient <= room.ambient_crates and chilled <= room.chilled_crates
        assert (ambient + chilled) * EMPTY_CRATE_KG <= room.kg


def test_a_manifest_holds_its_empties_and_reads_an_older_one_without():
    manifest = harvest_tour()
    number = manifest.stops[-1].number
    found = with_empties(manifest, {number: {"ambient": 1}})
    assert read_manifest(manifest_json(found)) == found
    assert sum(one.crates for one in found.stops[-1].empties) <= 1
    fields = json.loads(manifest_json(manifest))
    for stop in fields["stops"]:
        del stop["empties"]
    assert read_manifest(json.dumps(fields)) == manifest
