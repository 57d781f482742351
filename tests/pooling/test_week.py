"""Hours by weekday: read as the map writes them, written the same, counted on a day of any length."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.hours import DayClock
from pooling.phrases import Weekday
from pooling.week import (
    DATES_LIMIT,
    Week,
    between,
    common,
    counted,
    read_week,
    spans_text,
    week_text,
    without,
)
from routing.problem import Window
from tests.thorough import examples

HOUR = 3600
FARM = "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00; 2026 Dec 25 off; 2026 Dec 27 10:00-12:00"


def hours(*spans):
    return tuple(Window(opens * HOUR, closes * HOUR) for opens, closes in spans)


def test_each_day_has_its_hours_and_a_date_may_differ():
    week = read_week(FARM)
    assert week.on(date(2026, 11, 24)) == hours((8, 12), (14, 18))
    assert week.on(date(2026, 11, 28)) == hours((9, 12))
    assert week.on(date(2026, 11, 29)) == ()
    assert (week.on(date(2026, 12, 25)), week.on(date(2026, 12, 27))) == ((), hours((10, 12)))
    assert week.widest() == Window(8 * HOUR, 18 * HOUR)


def test_the_next_open_day_leaps_over_what_is_closed():
    week = read_week(FARM)
    assert week.next_open(date(2026, 11, 28)) == date(2026, 11, 30)
    assert week.next_open(date(2026, 12, 24)) == date(2026, 12, 26)


def test_a_later_rule_replaces_an_earlier_one_and_a_range_may_run_over_sunday():
    week = read_week("Mo-Su 08:00-18:00; We off; Sa-Mo 10:00-11:00")
    closed, short, long = (), hours((10, 11)), hours((8, 18))
    assert week.days == (short, long, closed, long, long, short, short)


@pytest.mark.parametrize(
    "text",
    [
        *("Mo 8:00-12:00", "Mo 08:00", "Mo 12:00-08:00", "Mo 08:00-12:00,11:00-13:00", "Mo 08:00-24:30"),
        *("Lu 08:00-12:00", "2026 Feb 30 off", "2026-12-25 off", "08:00-12:00", "", "Mo 08:00-12:00;"),
        *("Mo 08:00-12:00;;Tu off", "Mo 25:00-26:00", "Mo 22:00-02:00", "Mo 08:00-08:00", "PH off"),
    ],
)
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(Refusal) as told:
        read_week(text)
    assert told.value.code == "week_unreadable"


def test_a_week_that_is_never_open_is_refused_and_so_are_hours_without_end():
    days = "; ".join(f"2026 {month} {day} off" for month in ("Jan", "Mar", "May") for day in range(1, 30))
    many = "Mo " + ",".join(f"{hour:02d}:00-{hour:02d}:30" for hour in range(5))
    for text, code in (("Mo off", "never_open"), (f"Mo 08:00-09:00; {days}", "too_many_hours")):
        with pytest.raises(Refusal) as told:
            read_week(text)
        assert told.value.code == code
    with pytest.raises(Refusal, match=f"{DATES_LIMIT} dates"):
        read_week(many)


spans = st.lists(st.integers(0, 47), max_size=4, unique=True).map(
    lambda at: ",".join(
        f"{a // 2:02d}:{a % 2 * 30:02d}-{b // 2:02d}:{b % 2 * 30:02d}"
        for a, b in zip(sorted(at)[::2], sorted(at)[1::2], strict=False)
    )
)


@given(st.lists(spans, min_size=7, max_size=7).filter(any), st.dictionaries(st.dates(), spans, max_size=3))
@examples(50)
def test_what_was_written_is_read_the_same(days, dates):
    rules = zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), days, strict=True)
    read = read_week("; ".join(f"{name} {text or 'off'}" for name, text in rules))
    week = Week(read.days, {day: hours_of(text) for day, text in dates.items() if day.year >= 1000})
    again = read_week(week_text(week))
    assert (again.days, dict(again.dates)) == (week.days, dict(week.dates))


def hours_of(text):
    return read_week(f"Mo {text}").on(date(2026, 11, 23)) if text else ()


def test_a_day_on_which_the_clocks_change_is_counted_by_the_clock_on_the_wall():
    night, morning = hours((2, 3), (8, 12))
    assert counted(DayClock(date(2026, 3, 29)), (night, morning)) == (
        Window(2 * HOUR, 2 * HOUR),
        Window(7 * HOUR, 11 * HOUR),
    )
    assert counted(DayClock(date(2026, 10, 25)), hours((8, 12))) == hours((9, 13))


def test_hours_are_cut_to_what_is_asked_and_what_lies_between_is_shut():
    there = hours((8, 12), (14, 18))
    assert common(there, Window(9 * HOUR, 15 * HOUR)) == hours((9, 12), (14, 15))
    assert between(there) == hours((12, 14))
    assert without(Window(9 * HOUR, 15 * HOUR), between(there)) == hours((9, 12), (14, 15))
    assert without(Window(13 * HOUR, 13 * HOUR), between(there)) == hours((13, 13))


def test_a_day_is_said_with_its_weekday_and_read_again():
    day = Weekday.of(date(2026, 11, 24))
    assert str(day) == f"{day}" == "Tuesday 24 November 2026"
    assert Weekday.read(str(day)) == day
    assert spans_text(hours((8, 12), (14, 24))) == "08:00-12:00,14:00-24:00"
