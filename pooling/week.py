"""
Hours by weekday: when somebody is at a site, written in the way of the map's ``opening_hours``.

``Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00; 2026 Dec 25 off``. A later rule replaces an earlier one on
its days; a weekday that no rule names is closed. Source:
https://wiki.openstreetmap.org/wiki/Key:opening_hours, of which weekdays, single dates, hours and ``off`` are
read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, pairwise

from geodata.refusal import Refusal
from pooling.hours import DayClock, day_seconds
from pooling.phrases import excerpt
from routing.problem import Window

WEEK_LENGTH = 2_000
"""Characters of all rules together."""
SPANS_A_DAY = 4
DATES_LIMIT = 60
"""Dates that differ from their weekday."""

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DAYS = "|".join(WEEKDAYS)
_RULE = re.compile(
    rf"(?P<days>(?:{_DAYS})(?:-(?:{_DAYS}))?(?:,(?:{_DAYS})(?:-(?:{_DAYS}))?)*"
    rf"|[0-9]{{4}} (?:{'|'.join(MONTHS)}) [0-9]{{1,2}}) (?P<hours>off|[-0-9:, ]+)",
    re.ASCII,
)
_SPAN = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)

EXAMPLE = "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00; 2026 Dec 25 off"

Spans = tuple[Window, ...]
"""Hours of one day in seconds on the wall clock, in their order; none: closed."""


class WeekUnreadable(Refusal):
    code = "week_unreadable"
    reason = "“{text}” is not understood as hours by weekday."
    cure = (
        "Write days and hours, the earlier hour first, such as {example}. What goes past midnight ends at "
        "24:00 and goes on at 00:00 of the next day."
    )


class NeverOpen(Refusal):
    code = "never_open"
    reason = "By these hours nobody is ever there: every weekday is closed."
    cure = "Give hours to one weekday at least."


class TooManyHours(Refusal):
    code = "too_many_hours"
    reason = "A site has at most {spans} spans of hours in a day and {dates} dates that differ."
    cure = "Join spans that are near each other, and drop the dates that are over."


@dataclass(frozen=True)
class Week:
    """Hold the hours of each weekday, Monday first, and of the dates that differ."""

    days: tuple[Spans, ...]
    dates: Mapping[date, Spans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every = (*self.days, *self.dates.values())
        if len(self.dates) > DATES_LIMIT or any(len(spans) > SPANS_A_DAY for spans in every):
            raise TooManyHours(spans=SPANS_A_DAY, dates=DATES_LIMIT)
        if not any(self.days):
            raise NeverOpen

    def on(self, day: date) -> Spans:
        return self.dates.get(day, self.days[day.weekday()])

    def widest(self) -> Window:
        """Return from the earliest hour of any day until the latest."""
        spans = [span for day in (*self.days, *self.dates.values()) for span in day]
        return Window(min(one.opens_s for one in spans), max(one.closes_s for one in spans))

    def next_open(self, day: date) -> date:
        """Return the first day after this one on which somebody is there."""
        ahead = (day + timedelta(days=days) for days in range(1, 7 * (DATES_LIMIT + 2)))
        return next(one for one in ahead if self.on(one))


@lru_cache(maxsize=4_096)
def read_week(text: str) -> Week:
    """Read hours by weekday; refuses what is not understood, rule by rule."""
    days: list[Spans] = [()] * len(WEEKDAYS)
    dates: dict[date, Spans] = {}
    for rule in (one.strip() for one in text.split(";")):
        found = _RULE.fullmatch(rule)
        if found is None:
            raise WeekUnreadable(text=excerpt(rule), example=EXAMPLE)
        spans = () if found["hours"] == "off" else read_spans(found["hours"])
        if found["days"][0].isdigit():
            dates[_date(found["days"])] = spans
        else:
            for weekday in _weekdays(found["days"]):
                days[weekday] = spans
    return Week(tuple(days), dates)


def read_spans(text: str) -> Spans:
    """Read the hours of one day, ``08:00-12:00,14:00-18:00``; refuses such as overlap or run backwards."""
    spans: list[Window] = []
    for part in (one.strip() for one in text.split(",")):
        found = _SPAN.fullmatch(part)
        hours = [int(one) for one in found.groups()] if found else [1, 0, 0, 0]
        opens_s, closes_s = hours[0] * 3600 + hours[1] * 60, hours[2] * 3600 + hours[3] * 60
        if opens_s >= closes_s or closes_s > 24 * 3600 or (spans and spans[-1].closes_s > opens_s):
            raise WeekUnreadable(text=excerpt(text.strip()), example=EXAMPLE)
        spans.append(Window(opens_s, closes_s))
    return joined(spans)


def week_text(week: Week) -> str:
    """Write hours by weekday in the shortest way; read again they are the same."""
    rules = []
    for spans, days in groupby(range(len(WEEKDAYS)), key=lambda at: week.days[at]):
        if spans:
            first, *rest = days
            until = f"-{WEEKDAYS[rest[-1]]}" if rest else ""
            rules.append(f"{WEEKDAYS[first]}{until} {spans_text(spans)}")
    for day, spans in sorted(week.dates.items(), key=lambda one: one[0]):
        rules.append(f"{day.year} {MONTHS[day.month - 1]} {day.day:02d} {spans_text(spans) or 'off'}")
    return "; ".join(rules)


def spans_text(spans: Sequence[Window]) -> str:
    """Write the hours of one day, ``08:00-12:00,14:00-18:00``; nothing where it is closed."""
    return ",".join(f"{_wall(one.opens_s)}-{_wall(one.closes_s)}" for one in spans)


def joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Join windows, in their order, that touch or overlap."""
    found: list[Window] = []
    for one in windows:
        if found and one.opens_s <= found[-1].closes_s:
            found[-1] = Window(found[-1].opens_s, max(found[-1].closes_s, one.closes_s))
        else:
            found.append(one)
    return tuple(found)


def counted(clock: DayClock, spans: Iterable[Window]) -> tuple[Window, ...]:
    """Count hours on the wall clock from the midnight of a day, right where the clocks change."""
    return joined(Window(day_seconds(clock, one.opens_s), day_seconds(clock, one.closes_s)) for one in spans)


def common(windows: Iterable[Window], asked: Window) -> tuple[Window, ...]:
    """Return the parts of windows that lie in the hours that are asked for."""
    cut = ((max(one.opens_s, asked.opens_s), min(one.closes_s, asked.closes_s)) for one in windows)
    return tuple(Window(opens_s, closes_s) for opens_s, closes_s in cut if opens_s <= closes_s)


def between(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return what lies between windows: from when one closes until the next opens."""
    return tuple(Window(one.closes_s, following.opens_s) for one, following in pairwise(windows))


def without(hours: Window, shut: Sequence[Window]) -> tuple[Window, ...]:
    """Return hours without those in which nobody is there; the whole where nothing would be left."""
    ends = [*(one.opens_s for one in shut), hours.closes_s]
    opens = [hours.opens_s, *(one.closes_s for one in shut)]
    left = [Window(a, b) for a, b in zip(opens, ends, strict=True) if a <= b]
    return common(left, hours) or (hours,)


def _weekdays(text: str) -> Iterable[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        begins, ends = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        yield from range(begins, ends + 1 if ends >= begins else len(WEEKDAYS))
        yield from range(ends + 1 if ends < begins else 0)


def _date(text: str) -> date:
    year, month, day = text.split(" ")
    try:
        return date(int(year), MONTHS.index(month) + 1, int(day))
    except ValueError as error:
        raise WeekUnreadable(text=text, example=EXAMPLE) from error


def _wall(wall_s: int) -> str:
    return f"{wall_s // 3600:02d}:{wall_s % 3600 // 60:02d}"
