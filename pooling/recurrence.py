"""
When a recurring trip runs: a bounded part of the recurrence rules of RFC 5545 (3.3.10), on local days.

A rule is reckoned on days of the calendar, never on moments: the hour on the wall is then put onto each day
in the series' own time zone, so that it stays the same across daylight saving while UTC shifts. An hour that
a day skips is read by the offset before the gap, one that comes twice is the first (RFC 5545, 3.3.5).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from geodata.refusal import Refusal
from pooling.phrases import Phrases, excerpt, message

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
INTERVAL_LIMIT = 52
COUNT_LIMIT = 1_000
RULE_LETTERS_LIMIT = 200
DAYS_LIMIT = 5_000
"""So many days of a rule are looked through at most: more than thirteen years of every day."""

LONG = message("it has more than 200 letters")
TWICE = message("one of its parts stands twice")
NO_FREQ = message("FREQ is missing, or none of DAILY, WEEKLY and MONTHLY")
BOTH_ENDS = message("of COUNT and UNTIL only one may stand")
NO_WEEKDAY = message("BYDAY takes weekdays such as TU,FR; with a number, such as 1SA, only FREQ=MONTHLY")
NO_MONTHDAY = message("BYMONTHDAY takes days such as 1,15, or -1 for the last, with FREQ=MONTHLY")
NO_DAY = message("UNTIL takes a day such as 20261231")

BYMONTHDAY = re.compile(r"-1|[1-9]|[12]\d|3[01]")
BYDAY = re.compile(r"(-1|[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


class RuleUnreadable(Refusal):
    code = "rule_unreadable"
    reason = "“{rule}” is no rule that is understood here: {detail}."
    cure = (
        "Write FREQ=DAILY, WEEKLY or MONTHLY, with INTERVAL, BYDAY, BYMONTHDAY, and COUNT or UNTIL as you "
        "need them. FREQ=WEEKLY;BYDAY=TU,FR is every Tuesday and Friday."
    )


@dataclass(frozen=True)
class Recurrence:
    """Hold a rule: every so many days, weeks or months, on which of their days, how often or until when."""

    frequency: str
    interval: int = 1
    weekdays: tuple[tuple[int, str], ...] = ()
    """Weekdays with their place in the month: 0 for each of them, 1 for the first, -1 for the last."""
    count: int | None = None
    until: date | None = None
    monthdays: tuple[int, ...] = ()
    """Days of the month, -1 for the last; a month that has no such day has no occurrence (RFC 5545)."""

    @property
    def text(self) -> str:
        """Return the rule as RFC 5545 writes it."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.monthdays:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.monthdays))
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{place or ''}{name}" for place, name in self.weekdays))
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def days(self, first_day: date, from_day: date, until_day: date) -> list[date]:
        """Return the days of the rule from one to another, both included; it counts from ``first_day``."""
        if until_day < first_day or until_day < from_day:
            return []
        last_day = until_day if self.until is None else min(self.until, until_day)
        rule = rrule(
            FREQUENCIES[self.frequency],
            dtstart=datetime.combine(first_day, time()),
            interval=self.interval,
            byweekday=[weekday(WEEKDAYS.index(name), place or None) for place, name in self.weekdays] or None,
            bymonthday=self.monthdays or None,
            count=self.count,
            until=None if self.count is not None else datetime.combine(last_day, time()),
        )
        days = (moment.date() for moment in islice(rule, DAYS_LIMIT))
        return [day for day in takewhile(lambda day: day <= until_day, days) if day >= from_day]


def read_rule(text: str) -> Recurrence:
    """Read a rule such as ``FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;UNTIL=20261231``; refuses all else."""
    given = text.strip().upper().removeprefix("RRULE:")
    if len(given) > RULE_LETTERS_LIMIT:
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((LONG,)))
    pairs = [part.partition("=") for part in given.split(";") if part]
    parts = {name: value for name, _, value in pairs}
    strange = sorted(set(parts) - {"FREQ", "INTERVAL", "BYMONTHDAY", "BYDAY", "COUNT", "UNTIL"})
    if strange or len(parts) != len(pairs):
        raise RuleUnreadable(rule=excerpt(text), detail=", ".join(strange) or Phrases((TWICE,)))
    if parts.get("FREQ") not in FREQUENCIES:
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((NO_FREQ,)))
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((BOTH_ENDS,)))
    return Recurrence(
        parts["FREQ"],
        _whole(text, parts, "INTERVAL", INTERVAL_LIMIT) or 1,
        _weekdays(text, parts),
        _whole(text, parts, "COUNT", COUNT_LIMIT),
        _until(text, parts),
        _monthdays(text, parts),
    )


def moment_on(day: date, wall_s: int, timezone: str) -> int:
    """Return the moment at which the clock on the wall shows an hour of a day, seconds since 1970."""
    local_day, second = day + timedelta(days=wall_s // 86_400), wall_s % 86_400
    at = time(second // 3600, second % 3600 // 60, second % 60)
    return int(datetime.combine(local_day, at, ZoneInfo(timezone)).astimezone(UTC).timestamp())


def occurrences(
    rule: Recurrence,
    first_day: date,
    exceptions: Mapping[date, date | None],
    from_day: date,
    until_day: date,
) -> list[tuple[date, date]]:
    """
    Return the original day and the day on which it runs, of each occurrence of a stretch of time.

    An exception leaves its day out (``None``) or moves it. An occurrence is known by its original day.
    """
    days = rule.days(first_day, from_day, until_day)
    moved = [(day, exceptions.get(day, day)) for day in days]
    return [(day, runs) for day, runs in moved if runs is not None]


def _whole(text: str, parts: Mapping[str, str], name: str, limit: int) -> int | None:
    if name not in parts:
        return None
    if not re.fullmatch(r"\d{1,4}", parts[name]) or not 1 <= int(parts[name]) <= limit:
        raise RuleUnreadable(rule=excerpt(text), detail=f"{name} 1–{limit}")
    return int(parts[name])


def _weekdays(text: str, parts: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    if "BYDAY" not in parts:
        return ()
    found: Sequence[re.Match[str] | None] = [BYDAY.fullmatch(one) for one in parts["BYDAY"].split(",")]
    read = [(int(one[1] or 0), one[2]) for one in found if one is not None]
    placed = any(place for place, _ in read)
    if len(read) != len(found) or len(set(read)) != len(read) or (placed and parts["FREQ"] != "MONTHLY"):
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((NO_WEEKDAY,)))
    return tuple(read)


def _monthdays(text: str, parts: Mapping[str, str]) -> tuple[int, ...]:
    if "BYMONTHDAY" not in parts:
        return ()
    days = parts["BYMONTHDAY"].split(",")
    good = all(BYMONTHDAY.fullmatch(day) for day in days) and len(set(days)) == len(days)
    if not good or parts["FREQ"] != "MONTHLY":
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((NO_MONTHDAY,)))
    return tuple(int(day) for day in days)


def _until(text: str, parts: Mapping[str, str]) -> date | None:
    if "UNTIL" not in parts:
        return None
    found = re.fullmatch(r"(20\d{2})(\d{2})(\d{2})(T\d{6}Z?)?", parts["UNTIL"])
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date.min.replace(day=32)
    except ValueError:
        raise RuleUnreadable(rule=excerpt(text), detail=Phrases((NO_DAY,))) from None
