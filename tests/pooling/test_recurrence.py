"""Recurrence: the hour on the wall stays through daylight saving; nonsense is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.recurrence import WEEKDAYS, Recurrence, RuleUnreadable, moment_on, occurrences, read_rule

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
RULES = st.builds(
    Recurrence,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 4),
    st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=4).map(
        lambda names: tuple((0, n) for n in names)
    ),
    st.none() | st.integers(1, 40),
)


def wall_of(at):
    return datetime.fromtimestamp(at, UTC).astimezone(PARIS)


@pytest.mark.parametrize(
    ("change", "before_s", "after_s"),
    [(date(2026, 3, 29), 3600, 7200), (date(2026, 10, 25), 7200, 3600)],
)
@given(hour_s=st.integers(4 * 60, 23 * 60).map(lambda minutes: minutes * 60))
def test_the_local_hour_is_constant_over_a_change_of_clocks_and_utc_shifts(change, before_s, after_s, hour_s):
    rule = read_rule("FREQ=WEEKLY;BYDAY=SU")
    days = rule.days(change - timedelta(days=14), change - timedelta(days=14), change + timedelta(days=14))
    assert len(days) == 5
    for day in days:
        at = moment_on(day, hour_s, "Europe/Paris")
        local = wall_of(at)
        assert (local.date(), local.hour * 3600 + local.minute * 60) == (day, hour_s)
        offset_s = before_s if day < change else after_s
        assert at == int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) + hour_s - offset_s


def test_an_hour_that_is_skipped_is_read_by_the_offset_before_and_one_that_comes_twice_is_the_first():
    skipped = wall_of(moment_on(date(2026, 3, 29), 2 * 3600 + 1800, "Europe/Paris"))
    assert (skipped.hour, skipped.minute) == (3, 30)
    twice = datetime.fromtimestamp(moment_on(date(2026, 10, 25), 2 * 3600 + 1800, "Europe/Paris"), UTC)
    assert (twice.hour, twice.minute) == (0, 30)


def test_midnight_at_the_end_of_a_day_is_the_next_days_first_hour():
    assert moment_on(date(2026, 9, 12), 86_400, "Europe/Paris") == moment_on(
        date(2026, 9, 13), 0, "Europe/Paris"
    )


@given(RULES, DAYS, st.integers(0, 400))
def test_days_rise_lie_within_and_are_the_same_from_wherever_one_looks(rule, first, length):
    last = first + timedelta(days=length)
    days = rule.days(first, first, last)
    assert days == sorted(set(days)) and all(first <= day <= last for day in days)
    assert rule.count is None or len(days) <= rule.count
    assert not rule.weekdays or {WEEKDAYS[day.weekday()] for day in days} <= {
        name for _, name in rule.weekdays
    }
    middle = first + timedelta(days=length // 2)
    assert rule.days(first, middle, last) == [day for day in days if day >= middle]


@given(RULES)
def test_a_rule_is_read_back_as_it_is_written(rule):
    assert read_rule(rule.text) == rule
    assert read_rule(f"rrule:{rule.text.lower()}") == rule
    monthly = replace(rule, frequency="MONTHLY", monthdays=(15, 1, -1))
    assert read_rule(monthly.text) == monthly


@given(RULES, DAYS, st.data())
def test_exceptions_leave_out_or_move_and_nothing_else(rule, first, data):
    last = first + timedelta(days=60)
    days = rule.days(first, first, last)
    chosen = data.draw(st.lists(st.sampled_from(days), unique=True)) if days else []
    exceptions = {day: data.draw(st.none() | DAYS) for day in chosen}
    made = dict(occurrences(rule, first, exceptions, first, last))
    assert set(made) == {day for day in days if exceptions.get(day, day) is not None}
    assert all(runs == exceptions.get(day, day) for day, runs in made.items())


def test_worked_rules():
    def days(text, first, until):
        return [f"{day:%m-%d}" for day in read_rule(text).days(first, first, until)]

    tuesday = date(2026, 9, 15)
    every_second = days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR", tuesday, date(2026, 10, 3))
    assert every_second == ["09-15", "09-18", "09-29", "10-02"]
    assert days("FREQ=MONTHLY;BYDAY=1SA,-1FR;COUNT=3", tuesday, date(2027, 1, 1)) == [
        "09-25",
        "10-03",
        "10-30",
    ]
    month_ends = days("FREQ=MONTHLY;BYMONTHDAY=31,-1", tuesday, date(2026, 12, 31))
    assert month_ends == ["09-30", "10-31", "11-30", "12-31"]
    assert days("FREQ=MONTHLY;BYMONTHDAY=15,1;BYDAY=TU", tuesday, date(2027, 1, 1)) == [
        "09-15",
        "12-01",
        "12-15",
    ]
    assert days("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", date(2026, 2, 1), date(2028, 1, 1)) == []
    assert days("FREQ=DAILY;UNTIL=20260917", tuesday, date(2027, 1, 1)) == ["09-15", "09-16", "09-17"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYHOUR=6",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=99",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=WEEKLY;UNTIL=20261332",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=1,1",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=DAILY;" * 40,
    ],
)
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(RuleUnreadable):
        read_rule(text)
