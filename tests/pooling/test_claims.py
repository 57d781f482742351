"""Claims: placed at the first loss, within days that count, paid by declared value and never more."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.claims.amounts import claim_cents, late_most_cents
from pooling.claims.counting import left_to_claim
from pooling.claims.cover import (
    COVER_VERSION,
    CoverNotAccepted,
    by_weight_cents,
    cover_of,
    covered_cents,
    must_accept_cover,
)
from pooling.claims.hours import is_day_of_rest, last_day
from pooling.claims.placing import KINDS, Case, Noted, Placed, aboard, placed
from pooling.figures import CLAIM_DAYS, LATE_CLAIM_DAYS
from pooling.regimes import Regime
from pooling.runs.custody import Change
from tests.thorough import examples

PAGE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
HANDS = ("farm", "van", "hub", "lorry", "shop")


def noted(number, way, giver, taker, crates, *, seen=(), **other):
    change = Change(f"r{number}", number, way, giver, taker, crates, **{"happened_at": number} | other)
    return Noted(change, **dict(seen))


def case(*record, agreed=6, **other):
    return Case(agreed, "farm", "shop", record, **other)


ON = noted(1, "on", "farm", "van", 6)


@given(
    counts=st.lists(st.integers(1, 9), min_size=4, max_size=4).map(lambda some: sorted(some, reverse=True))
)
@examples(60)
def test_missing_crates_are_placed_at_the_first_handover_that_counts_fewer_than_the_one_before(counts):
    record, before = [], counts[0]
    for number, crates in enumerate(counts, start=1):
        way = "on" if number == 1 else "again"
        hands = HANDS[number - 1], HANDS[number]
        record.append(noted(number, way, *hands, crates, lost=before - crates))
        before = crates
    fewer = [at for at in range(1, 4) if counts[at] < counts[at - 1]]
    found = placed("missing", case(*record, agreed=counts[0]))
    if not fewer:
        assert found is None
    else:
        first = fewer[0]
        assert found == Placed(HANDS[first], f"r{first}", f"r{first + 1}")


@given(
    seen=st.lists(st.booleans(), min_size=4, max_size=4),
    kind=st.sampled_from(["damaged", "warm"]),
    told=st.permutations([1, 2, 3, 4]),
)
@examples(60)
def test_damaged_and_warm_crates_are_placed_with_who_gave_them_when_it_was_first_seen(seen, kind, told):
    """The order is that of the hours at which things happened, in whichever order they were told."""
    record = [
        Noted(
            Change(
                f"r{at + 1}", told[at], "on" if at == 0 else "again", *HANDS[at : at + 2], 6, happened_at=at
            ),
            **{kind: seen[at]},
        )
        for at in range(4)
    ]
    found = placed(kind, case(*record))
    first = seen.index(True) if True in seen else None
    expected = None if first is None else Placed(HANDS[first], f"r{first}" if first else "", f"r{first + 1}")
    assert found == expected


def test_a_correction_takes_the_place_of_what_it_corrects():
    wrong = noted(2, "off", "van", "shop", 5, lost=1)
    right = noted(3, "off", "van", "shop", 6, corrects="r2", happened_at=2)
    assert placed("missing", case(ON, wrong)) == Placed("van", "r1", "r2")
    assert placed("missing", case(ON, wrong, right)) is None


def test_crates_that_somebody_still_has_are_missing_there_and_what_came_back_is_not():
    part = noted(2, "off", "van", "shop", 4)
    assert placed("missing", case(ON, part)) == Placed("van", "r1", "")
    assert placed("missing", case(ON, part, noted(3, "back", "van", "farm", 2))) is None
    assert placed("missing", case(ON, part, noted(3, "left", "van", "", 2))) == Placed("van", "r1", "r3")
    assert placed("missing", case(noted(1, "on", "farm", "van", 5, lost=1))) == Placed("farm", "", "r1")


HOURS = {"pickup_by_at": 10, "drop_by_at": 20}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ([(1, "on", 10, {}), (2, "off", 20, {})], None),  # both within their hours
        ([(1, "on", 11, {}), (2, "off", 20, {})], None),  # collected late, handed over in time
        ([(1, "on", 10, {}), (2, "off", 21, {})], ("van", "r1", "r2")),
        ([(1, "on", 11, {}), (2, "off", 25, {})], ("van", "", "r1")),  # the first that was behind
        ([(1, "on", 11, {"reason": "not_ready"}), (2, "off", 25, {})], ("farm", "", "r1")),
        ([(1, "on", 9, {"reason": "nobody_there", "crates": 0})], ("farm", "", "r1")),
        ([(1, "on", 9, {"reason": "refused", "crates": 0})], ("van", "", "r1")),
        ([(1, "on", 9, {}), (2, "off", 15, {"reason": "refused", "crates": 0})], ("shop", "r1", "r2")),
        ([(1, "on", 9, {}), (2, "off", 15, {"reason": "other", "crates": 0})], None),
        ([(1, "on", 9, {})], ("van", "r1", "")),  # never handed over
        ([], None),  # the record tells nothing
    ],
)
def test_late_crates_are_placed_with_who_was_first_behind_its_promised_hour(record, found):
    told = []
    for number, way, at, facts in record:
        hands = ("farm", "van") if way == "on" else ("van", "shop")
        seen = {"reason": facts.get("reason", "")}
        told.append(noted(number, way, *hands, facts.get("crates", 6), seen=seen, happened_at=at))
    assert placed("late", case(*told, **HOURS)) == (Placed(*found) if found else None)


def test_as_many_crates_are_aboard_as_were_taken_from_their_sender():
    assert aboard([ON.change, noted(2, "off", "van", "shop", 4).change]) == 6
    assert aboard([noted(1, "on", "farm", "van", 5, lost=1).change]) == 5


@given(
    covered=st.integers(0, 10**6),
    agreed=st.integers(1, 400),
    parts=st.lists(st.integers(0, 400), max_size=8),
)
@examples(60)
def test_what_is_paid_for_a_shipment_in_all_is_never_more_than_what_is_covered(covered, agreed, parts):
    paid = 0
    for affected in (min(one, agreed) for one in parts):
        cents = claim_cents(covered, affected, agreed, paid)
        assert 0 <= cents <= covered * affected / agreed
        paid += cents
    assert paid <= covered
    assert claim_cents(covered, agreed, agreed) == covered


def test_more_crates_than_were_agreed_are_not_understood():
    with pytest.raises(ValueError, match="not understood"):
        claim_cents(100, 7, 6)


def test_cover_is_what_was_declared_up_to_the_most_of_the_regime_and_nothing_without_terms():
    assert covered_cents(50_000, Regime.ENTRAIDE, COVER_VERSION) == 50_000
    assert covered_cents(150_000, Regime.ENTRAIDE, COVER_VERSION) == 100_000
    assert covered_cents(150_000, Regime.TRANSPORTEUR, COVER_VERSION) == 150_000
    assert covered_cents(150_000, Regime.OWN_ACCOUNT, COVER_VERSION) == 0
    assert covered_cents(150_000, Regime.TRANSPORTEUR, "") == 0


def test_declared_crates_ride_by_the_terms_that_stand_only():
    must_accept_cover(0, "")
    must_accept_cover(12_000, COVER_VERSION)
    for declared, accepted in ((12_000, ""), (12_000, "1999-01"), (0, "1999-01")):
        with pytest.raises(CoverNotAccepted):
            must_accept_cover(declared, accepted)


def test_the_weight_beside_it_is_bound_by_the_parcel_and_told_below_three_tonnes():
    assert by_weight_cents(48, 6, 2, "ambient") == 52_800
    assert by_weight_cents(48, 6, 2, "chilled") == 36_800
    assert by_weight_cents(400, 4, 1, "ambient") == 100_000
    assert by_weight_cents(400, 4, 1, "frozen") == 75_000
    assert by_weight_cents(3_000, 100, 1, "ambient") is None


def test_sundays_and_holidays_do_not_count():
    assert last_day(date(2026, 9, 12), 3) == date(2026, 9, 16)
    assert last_day(date(2026, 4, 30), 3) == date(2026, 5, 5)  # 1 May, a Sunday
    assert last_day(date(2026, 4, 3), 1) == date(2026, 4, 4)
    assert last_day(date(2026, 4, 4), 1) == date(2026, 4, 7)  # Easter, Easter Monday
    assert all(map(is_day_of_rest, (date(2026, 5, 14), date(2026, 5, 25), date(2026, 12, 25))))


def test_each_crate_is_left_to_be_claimed_for_once_and_missing_ones_as_the_record_shows():
    short = case(ON, noted(2, "off", "van", "shop", 5, lost=1))
    assert [left_to_claim(kind, short, {}) for kind in KINDS] == [1, 6, 6, 6]
    claimed = {"missing": 1, "damaged": 2, "late": 4}
    assert [left_to_claim(kind, short, claimed) for kind in KINDS] == [0, 3, 2, 3]
    still_there = case(ON, noted(2, "off", "van", "shop", 4))
    assert left_to_claim("missing", still_there, {}) == 2
    whole = case(ON, noted(2, "off", "van", "shop", 6))
    assert left_to_claim("missing", whole, {"missing": 2}) == 4
    brought_back = case(ON, noted(2, "off", "van", "shop", 4), noted(3, "back", "van", "farm", 2))
    assert left_to_claim("missing", brought_back, {"warm": 5}) == 1


def test_the_page_tells_the_days_and_amounts_that_the_rules_give():
    received = date(2026, 9, 12)
    for days in (CLAIM_DAYS, LATE_CLAIM_DAYS):
        assert str(last_day(received, days.value)) in PAGE
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in ("damaged", "missing", "warm", "late") and cells[1].isdigit():
            most = late_most_cents(1_200) if cells[0] == "late" else covered_cents(12_000, SHARED, "v")
            paid = claim_cents(most, int(cells[1]), 6)
            weight = "" if cells[0] == "late" else euro(by_weight_cents(48, 6, int(cells[1]), "ambient"))
            assert cells[2:] == [euro(most), euro(paid), weight]
    assert f"two crates pay {euro(claim_cents(covered_cents(150_000, SHARED, 'v'), 2, 6))}" in PAGE


def test_the_page_tells_the_most_of_each_ground():
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for regime in Regime:
            if f"`{regime.value}`" in cells[0] and len(cells) == 2:
                assert cells[1] == euro(cover_of(regime).most_cents)


SHARED = Regime.COTRANSPORT_AGRICOLE


def euro(cents):
    return f"{cents // 100}.{cents % 100:02d}"
