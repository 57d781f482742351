"""Hours by weekday as a form says them: a line for each day, and one for each date that differs."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from api.pages.forms import Form
from api.pages.said import message
from api.papers.words import Words
from pooling.week import MONTHS, WEEKDAYS, Week, read_week, spans_text

HOURS = re.compile(r"(\d{1,2})(?:[:hH](\d{2})?)?\s*[-–]\s*(\d{1,2})(?:[:hH](\d{2})?)?", re.ASCII)
"""``08:00-12:00``, ``8h-12h30`` or ``8-12``."""
DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
A_MONDAY = date(2024, 1, 1)

DAY_NAMES = {
    "Mo": message("Monday"),
    "Tu": message("Tuesday"),
    "We": message("Wednesday"),
    "Th": message("Thursday"),
    "Fr": message("Friday"),
    "Sa": message("Saturday"),
    "Su": message("Sunday"),
}

DAY_HOURS = message("Hours, such as 08:00-12:00 14:00-18:00.")
DATE_HOURS = message("A day and its hours, such as 24/12/2026 08:00-12:00; without hours it is closed.")


def week_of(form: Form, usual: str) -> str:
    """Read hours by weekday; empty where nothing is said of them. ``usual``: those of every day."""
    days = [_spans(form, f"day_{at}", form.value(f"day_{at}")) for at in range(len(WEEKDAYS))]
    rules = [f"{name} {spans}" for name, spans in zip(WEEKDAYS, days, strict=True) if spans]
    dates = list(_dates(form))
    if not rules and not dates:
        return ""
    return "; ".join([*(rules or [f"Mo-Su {usual}"]), *dates])


def shown_week(text: str) -> dict[str, str]:
    """Return the fields of a form as they say stored hours."""
    if not text:
        return {}
    week = read_week(text)
    fields = {f"day_{at}": _plainly(spans_text(spans)) for at, spans in enumerate(week.days)}
    dates = sorted(week.dates.items(), key=lambda one: one[0])
    lines = (f"{day:%d/%m/%Y} {_plainly(spans_text(spans))}".strip() for day, spans in dates)
    return fields | {"dates": "\n".join(lines)}


def week_said(words: Words, text: str) -> list[str]:
    """Say stored hours, the days alike together: ``lun.–ven. 08:00-12:00, 14:00-18:00``."""
    return [*_days_said(words, read_week(text))] if text else []


def _days_said(words: Words, week: Week) -> Iterator[str]:
    for spans, days in groupby(range(len(WEEKDAYS)), key=lambda at: week.days[at]):
        first, *rest = (words.weekday(A_MONDAY + timedelta(days=at)) for at in days)
        hours = spans_text(spans).replace(",", ", ") or words.say("closed")
        yield f"{first}–{rest[-1]} {hours}" if rest else f"{first} {hours}"


def _dates(form: Form) -> Iterator[str]:
    for line in filter(None, (one.strip() for one in form.value("dates").splitlines())):
        found = DAY.match(line)
        numbers = [int(one) for one in found.groups() if one] if found else []
        try:
            day = date(*(numbers if numbers and numbers[0] > 31 else numbers[::-1]))
        except (TypeError, ValueError):
            form.wrong("dates", DATE_HOURS)
            return
        spans = _spans(form, "dates", line[found.end() if found else 0 :], DATE_HOURS)
        yield f"{day.year} {MONTHS[day.month - 1]} {day.day:02d} {spans or 'off'}"


def _spans(form: Form, name: str, text: str, wrong: str = DAY_HOURS) -> str:
    """Return the hours of one day as they are kept; nothing where nothing is said."""
    spans = [
        f"{int(opens):02d}:{opens_min or '00'}-{int(closes):02d}:{closes_min or '00'}"
        for opens, opens_min, closes, closes_min in HOURS.findall(text)
    ]
    if not re.fullmatch(r"[\s,;:]*", HOURS.sub("", text)):
        form.wrong(name, wrong)
    return ",".join(spans)


def _plainly(spans: str) -> str:
    return spans.replace(",", " ")
