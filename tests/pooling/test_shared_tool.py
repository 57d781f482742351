"""A shared tool: costs split by parts and by use in whole cents, who pays whom, and empty ways used."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.manifest import FreeRoom, Handling, Manifest, ManifestStop, OnBoard
from pooling.people.shared_tool import Cost, EmptyAboveWay, Use, dues_of, split_month, utilisation, ways_of
from tests.thorough import examples

DAY = date(2026, 9, 12)
OWNERS = st.sampled_from("abcde")


def used(party, units, day=DAY, empty_m=0, used_m=0):
    return Use("", party, day, units, empty_m, used_m)


def laid(party, cents, by):
    return Cost("", party, DAY, cents, by, "")


def test_insurance_is_split_by_parts_and_diesel_by_use():
    """The worked example of docs/tools.md."""
    costs = [laid("arlo", 9_000, "parts"), laid("berry", 6_000, "use")]
    shares = split_month({"arlo": 2, "berry": 1}, [used("arlo", 100_000), used("berry", 300_000)], costs)
    arlo, berry = shares
    assert (arlo.parts_cents, arlo.use_cents, arlo.owes_cents) == (6_000, 1_500, -1_500)
    assert (berry.parts_cents, berry.use_cents, berry.owes_cents) == (3_000, 4_500, 1_500)
    assert [(due.payer, due.payee, due.cents) for due in dues_of(shares)] == [("berry", "arlo", 1_500)]


def test_a_month_without_use_is_split_by_parts():
    assert [one.share_cents for one in split_month({"a": 3, "b": 1}, [], [laid("a", 100, "use")])] == [75, 25]


@examples(60)
@given(
    st.dictionaries(OWNERS, st.integers(1, 9), min_size=1),
    st.lists(st.builds(used, OWNERS, st.integers(1, 10_000)), max_size=6),
    st.lists(st.builds(laid, OWNERS, st.integers(1, 99_999), st.sampled_from(["parts", "use"])), max_size=6),
)
def test_shares_add_up_to_what_was_laid_out_and_dues_settle_everybody(parts, uses, costs):
    shares = split_month(parts, uses, costs)
    assert sum(one.share_cents for one in shares) == sum(one.cents for one in costs)
    owed = {one.party: one.owes_cents for one in shares}
    assert all(cents >= 0 for one in shares for cents in (one.parts_cents, one.use_cents))
    for due in dues_of(shares):
        assert due.cents > 0
        owed[due.payer] -= due.cents
        owed[due.payee] += due.cents
    assert not any(owed.values())
    payers, payees = ({getattr(due, side) for due in dues_of(shares)} for side in ("payer", "payee"))
    assert not payers & payees


def stop(leg_m, *handled):
    told = tuple(Handling(one, way, 1, 1, "ambient", "", "") for one, way in handled)
    room = OnBoard(0, 0, 0, 0), FreeRoom(0, 0, 0, None)
    return ManifestStop(1, "", "", 0, 0, "", "", "", "", "", False, told, *room, leg_m, 0, ())


def test_the_way_back_is_empty_and_what_others_rode_of_it_is_told():
    """Out with one's own crates, 10 km; 4 km of the 12 back with a neighbour's."""
    told = Manifest.__new__(Manifest)
    stops = (
        stop(10_000, ("own", "on")),
        stop(8_000, ("own", "off")),
        stop(4_000, ("x", "on")),
        stop(0, ("x", "off")),
    )
    object.__setattr__(told, "stops", stops)
    assert ways_of(told, {"own"}) == (22_000, 12_000, 4_000)


def test_no_more_is_empty_than_was_driven_and_no_more_is_used_than_was_empty():
    for empty_m, used_m in ((101, 0), (50, 51)):
        with pytest.raises(EmptyAboveWay):
            used("a", 100, empty_m=empty_m, used_m=used_m)


def test_a_cold_room_is_used_by_crates_and_days():
    """60 crates × 30 days; 450 crates × days used on two days."""
    found = utilisation(
        "cold_room", 60, DAY.replace(day=1), [used("a", 150), used("b", 300, date(2026, 9, 13))]
    )
    assert (found.days, found.days_used, found.room_permille, found.days_permille) == (30, 2, 250, 66)
