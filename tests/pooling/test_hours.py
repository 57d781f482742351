"""Hours: what people write, seconds since the day's midnight, and days on which the clocks change."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.hours import (
    FIRST_DAY,
    LAST_DAY,
    DayClock,
    DayOutOfRange,
    HourSkipped,
    HourUnreadable,
    TimezoneUnknown,
)
from tests.pooling.worlds import CLOCK

SPRING, AUTUMN = DayClock(date(2026, 3, 29)), DayClock(date(2026, 10, 25))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("06:30", 23_400),
        ("6:30", 23_400),
        ("6h30", 23_400),
        ("6H", 21_600),
        ("13:30:00", 48_600),
        ("24:00:00", 86_400),
        (" 06:05 ", 21_900),
        ("7", 25_200),
        ("23:59", 86_340),
        ("24:00", 86_400),
    ],
)
def test_hours_are_read_as_people_write_them(text, seconds):
    assert CLOCK.seconds(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "24:01",
        "25:00",
        "06:60",
        "-1:00",
        "6:30:15",
        "٦:٣٠",
        "06.30",
        "NaN",
        "1e1",
        "6:5x",
        ":30",
        "24:00:01",
        "1:2:3:4",
    ],
)
def test_what_is_no_hour_is_refused_and_named(text):
    with pytest.raises(HourUnreadable) as refused:
        CLOCK.seconds(text)
    assert f"“{text}”" in refused.value.sentence


def test_an_hour_of_five_thousand_digits_is_refused_in_a_sentence_of_its_own_length():
    with pytest.raises(HourUnreadable) as refused:
        CLOCK.seconds("9" * 5_000)
    assert "999…" in refused.value.sentence and len(refused.value.sentence) < 200


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_days_are_planned_from_a_first_to_a_last_and_refused_beyond_them(zone):
    for day in (FIRST_DAY, LAST_DAY):
        assert DayClock(day, zone).wall(DayClock(day, zone).seconds("24:00")) == "24:00"
    for day in (date.min, FIRST_DAY - timedelta(1), LAST_DAY + timedelta(1), date.max):
        with pytest.raises(DayOutOfRange, match=day.isoformat()):
            DayClock(day, zone)


def test_on_the_spring_day_six_o_clock_is_five_hours_after_midnight():
    """An hour is missing: 2026-03-29 in France has 23."""
    assert SPRING.seconds("01:59") == 2 * 3600 - 60
    assert SPRING.seconds("03:00") == 2 * 3600
    assert SPRING.seconds("06:00") == 5 * 3600
    assert SPRING.seconds("24:00") == 23 * 3600


@pytest.mark.parametrize("text", ["02:00", "02:30", "02:59"])
def test_an_hour_that_the_spring_day_skips_is_refused(text):
    """Else 02:30 to 03:10 would end before it begins."""
    with pytest.raises(HourSkipped) as refused:
        SPRING.seconds(text)
    assert "2026-03-29" in refused.value.sentence


def test_on_the_autumn_day_the_hour_that_comes_twice_is_the_first():
    """2026-10-25 has 25 hours; the second 02:30 cannot be written."""
    assert AUTUMN.seconds("02:30") == 2 * 3600 + 1800
    assert AUTUMN.wall(3 * 3600 + 1800) == "02:30"
    assert AUTUMN.seconds("03:00") == 4 * 3600
    assert AUTUMN.seconds("24:00") == 25 * 3600


@given(
    st.sampled_from([CLOCK, SPRING, AUTUMN, DayClock(date(2026, 9, 12), "America/St_Johns")]),
    st.integers(0, 24 * 60),
)
def test_an_hour_read_and_shown_is_the_same_hour(clock, minute):
    text = f"{minute // 60:02d}:{minute % 60:02d}"
    try:
        assert clock.wall(clock.seconds(text)) == text
    except HourSkipped:
        assert clock is SPRING and 120 <= minute < 180


@given(st.sampled_from([CLOCK, SPRING, AUTUMN]), st.integers(0, 1439), st.integers(0, 1439))
def test_a_later_hour_on_the_wall_is_never_an_earlier_moment(clock, one, other):
    early, late = sorted((one, other))
    try:
        moments = [clock.seconds(f"{minute // 60:02d}:{minute % 60:02d}") for minute in (early, late)]
    except HourSkipped:
        return
    assert moments[0] <= moments[1]


def test_a_day_whose_midnight_is_skipped_begins_at_its_first_moment():
    """In Cairo the clocks went from 00:00 to 01:00 on 2026-04-24."""
    cairo = DayClock(date(2026, 4, 24), "Africa/Cairo")
    assert cairo.seconds("00:00") == 0
    assert cairo.seconds("24:00") == 23 * 3600


@pytest.mark.parametrize("zone", ["", "Paris", "Europe/Atlantis", "../etc/passwd", "Europe", "\0", "/etc"])
def test_a_time_zone_that_is_not_on_the_list_is_refused(zone):
    with pytest.raises(TimezoneUnknown):
        DayClock(date(2026, 9, 12), zone)
