"""Custody: each crate has one holder, whatever is handed over, refused, brought back or corrected."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.cold_chain import LIMITS_C
from pooling.goods.warmth import limit_tenths, too_warm
from pooling.ledger.signed import due_cents
from pooling.runs.custody import (
    Change,
    Custody,
    HandedOnBefore,
    MoreThanHeld,
    NotTheHolder,
    after,
    corrected,
    custody,
    signed,
    standing,
)
from pooling.runs.mishaps import AT_DROP, AT_PICKUP, REASONS, fault_of, reasons_at
from pooling.runs.proof import code_of, same_code
from tests.thorough import examples

AGREED = 6


def change(number, way, giver, taker, crates, **other):
    return Change(f"r{number}", number, way, giver, taker, crates, **{"happened_at": number} | other)


def carried(crates=AGREED):
    return change(1, "on", "farm", "van", crates)


def held(*changes):
    return dict(custody(AGREED, "farm", changes).held)


def test_the_sender_holds_all_until_somebody_takes_them():
    assert held() == {"farm": 6}
    assert held(carried()) == {"van": 6}


def test_four_of_six_are_delivered_and_two_stay_in_the_van_until_they_are_brought_back():
    drop = change(2, "off", "van", "shop", 4)
    assert held(carried(), drop) == {"van": 2, "shop": 4}
    assert held(carried(), drop, change(3, "back", "van", "farm", 2)) == {"farm": 2, "shop": 4}
    assert held(carried(), drop, change(3, "again", "van", "shop", 2)) == {"shop": 6}
    assert held(carried(), drop, change(3, "left", "van", "", 2)) == {"": 2, "shop": 4}


def test_what_a_driver_does_not_hold_it_cannot_hand_over():
    with pytest.raises(NotTheHolder):
        custody(AGREED, "farm", [change(1, "off", "van", "shop", 1)])
    with pytest.raises(MoreThanHeld) as refused:
        custody(AGREED, "farm", [carried(4), change(2, "off", "van", "shop", 5)])
    assert refused.value.facts == {"held": 4, "crates": 5}


def test_lost_crates_are_held_by_nobody_and_still_counted():
    found = custody(AGREED, "farm", [carried(), change(2, "off", "van", "shop", 5, lost=1)])
    assert (dict(found.held), found.lost) == ({"shop": 5}, 1)


def test_the_order_is_that_of_the_hours_not_of_the_telling():
    drop = change(1, "off", "van", "shop", 6, happened_at=900)
    taken = change(2, "on", "farm", "van", 6, happened_at=600)
    assert [one.way for one in standing([drop, taken])] == ["on", "off"]
    assert held(drop, taken) == {"shop": 6}


def test_a_correction_stands_in_the_place_of_what_it_corrects():
    wrong = change(2, "off", "van", "shop", 6)
    right = change(3, "off", "van", "shop", 5, corrects="r2", happened_at=2)
    better = change(4, "off", "van", "shop", 4, corrects="r3", happened_at=2)
    assert held(carried(), wrong, right) == {"van": 1, "shop": 5}
    assert held(carried(), wrong, right, better) == {"van": 2, "shop": 4}
    assert signed([carried(), wrong, right, better]) == 4


def test_the_worked_example_of_the_page():
    told = [carried(), change(2, "off", "van", "shop", 4), change(3, "back", "van", "farm", 2)]
    assert due_cents(1_200, signed(told), AGREED) == 800
    assert held(*told) == {"shop": 4, "farm": 2}
    with pytest.raises(HandedOnBefore):
        corrected(AGREED, "farm", told, change(4, "off", "van", "shop", 5, corrects="r2", happened_at=2))
    page = (Path(__file__).parents[2] / "docs" / "custody.md").read_text(encoding="utf-8")
    assert "Chez Lou 4, Berry 2 | 8.00" in page and "refused: 2 were brought back | 8.00" in page


def test_of_two_at_one_hour_a_correction_keeps_the_place_of_the_first():
    at_once = [
        change(1, "on", "farm", "van", 6, happened_at=5),
        change(2, "off", "van", "shop", 6, happened_at=5),
    ]
    right = change(3, "on", "farm", "van", 6, corrects="r1", happened_at=5)
    assert held(*at_once, right) == {"shop": 6}


def test_a_pickup_is_not_corrected_below_what_was_handed_on():
    told = [carried(), change(2, "off", "van", "shop", 6)]
    with pytest.raises(HandedOnBefore):
        corrected(AGREED, "farm", told, change(3, "on", "farm", "van", 5, corrects="r1", happened_at=1))
    with pytest.raises(HandedOnBefore):
        corrected(AGREED, "farm", told, change(3, "on", "farm", "van", 0, corrects="r1", happened_at=1))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["on", "off", "again", "back", "left", "correct"]),
        st.integers(0, 7),
        st.integers(0, 2),
        st.integers(0, 30),
    ),
    max_size=12,
)
SIDES = {
    "on": ("farm", "van"),
    "off": ("van", "shop"),
    "again": ("van", "shop"),
    "back": ("van", "farm"),
    "left": ("van", ""),
}


@examples(60)
@given(STEPS)
def test_whatever_is_told_each_crate_has_one_holder_or_is_lost(steps):
    told = []
    for way, crates, lost, hour in steps:
        number, corrects = len(told) + 1, ""
        if way == "correct":
            if not told:
                continue
            before = {one.corrects for one in told}
            first = [one for one in told if one.id not in before][hour % (len(told) - len(before - {""}))]
            way, corrects, hour = first.way, first.id, first.happened_at
        one = change(number, way, *SIDES[way], crates, lost=lost, happened_at=hour, corrects=corrects)
        try:
            now = corrected(AGREED, "farm", told, one) if corrects else custody(AGREED, "farm", [*told, one])
        except Refusal:
            continue
        told.append(one)
        assert sum(now.held.values()) + now.lost == AGREED
        assert all(crates > 0 for crates in now.held.values())
        assert 0 <= signed(told) <= AGREED


def test_counts_below_nothing_are_not_understood():
    with pytest.raises(ValueError, match="Negative"):
        change(1, "on", "farm", "van", -1)
    assert after(Custody({"farm": 1}), change(1, "on", "farm", "van", 0)).of("farm") == 1


@pytest.mark.parametrize(("signed_for", "cents"), [(0, 0), (1, 199), (4, 799), (5, 999), (6, 1199)])
def test_what_is_signed_for_is_owed_in_whole_cents(signed_for, cents):
    assert due_cents(1199, signed_for, 6) == cents


def test_parts_never_exceed_the_price():
    with pytest.raises(ValueError, match="signed"):
        due_cents(1199, 7, 6)


def test_each_reason_says_whose_fault_it_is_on_the_face_of_it_or_nobodys():
    assert set(REASONS) == AT_PICKUP | AT_DROP
    assert fault_of("not_ready", "on") == fault_of("nobody_there", "on") == "sender"
    assert fault_of("nobody_there", "off") == fault_of("refused", "off") == "receiver"
    assert fault_of("damaged", "off") == fault_of("missing", "off") == "carrier"
    assert fault_of("other", "off") == fault_of("", "on") == ""
    assert "not_ready" not in reasons_at("off") and "missing" not in reasons_at("on")


def test_too_warm_is_above_the_limit_of_the_class_and_ambient_has_none():
    assert not too_warm("chilled", 40) and too_warm("chilled", 41)
    assert not too_warm("chilled", 80, "perishable") and too_warm("chilled", 81, "perishable")
    assert {food: limit_tenths("chilled", food) for food in LIMITS_C} == {
        food: 10 * limit for food, limit in LIMITS_C.items()
    }, "one source with labels and waybills"
    assert too_warm("frozen", -179) and not too_warm("frozen", -180)
    assert limit_tenths("ambient") is None and not too_warm("ambient", 400) and not too_warm("chilled", None)


def test_a_code_is_of_one_side_of_one_shipment_and_of_one_house():
    code = code_of("secret", "shp_1", "off")
    assert len(code) == 4 and code.isdigit() and same_code(f" {code} ", code)
    others = {code_of("secret", f"shp_{n}", way) for n in range(50) for way in ("on", "off")}
    assert len(others) > 90 and code_of("another", "shp_1", "off") != code
