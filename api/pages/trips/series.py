"""A trip that repeats, on pages: its rule, its days, the days left out or moved, and its end."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.said import message
from api.pages.states import SERIES, TRIPS, colour
from api.pages.trips.series_form import DAY_NAMES
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.trips.changing_series import cancel_following, except_day
from pooling.desk.trips.putting_back import put_back_day
from pooling.desk.trips.series import read_series
from pooling.kinds import told
from pooling.recurrence import WEEKDAYS, Recurrence
from pooling.store.series import exceptions_of, find_series, occurrences_of
from pooling.store.sites import sites_by_id

router = APIRouter()

DAYS_SHOWN = 60
"""More than the eight weeks of every day that are made ahead."""

EVERY = {
    ("DAILY", 1): message("every day"),
    ("WEEKLY", 1): message("every week"),
    ("WEEKLY", 2): message("every second week"),
    ("MONTHLY", 1): message("every month"),
}
EVERY_SO_MANY = {
    "DAILY": message("every {count} days"),
    "WEEKLY": message("every {count} weeks"),
    "MONTHLY": message("every {count} months"),
}
PLACES = {
    1: message("the first {day}"),
    2: message("the second {day}"),
    3: message("the third {day}"),
    4: message("the fourth {day}"),
    5: message("the fifth {day}"),
    -1: message("the last {day}"),
}


@router.get("/series/{series_id}")
def one(visit: Signed, series_id: str) -> Response:
    return _series(visit, series_id, Form(), None)


@router.post("/series/{series_id}/except")
def leave_out(visit: Signed, form: Filled, series_id: str) -> Response:
    """Leave one day out, or move it where another day is typed."""

    def do() -> str:
        today = visit.moments.today
        day = form.day("day", today)
        moved_to = form.day("moved_to", today) if form.value("moved_to").strip() else None
        form.check()
        return except_day(visit.desk, visit.who, form.ask, series_id, form.revision, day, moved_to)

    return _on_series(visit, form, series_id, do, "saved")


@router.post("/series/{series_id}/put-back")
def put_back(visit: Signed, form: Filled, series_id: str) -> Response:
    """Put back one day that was left out, moved or cancelled."""

    def do() -> str:
        day = form.day("back", visit.moments.today)
        form.check()
        return put_back_day(visit.desk, visit.who, form.ask, series_id, form.revision, day)

    return _on_series(visit, form, series_id, do, "day_back")


@router.post("/series/{series_id}/end")
def end(visit: Signed, form: Filled, series_id: str) -> Response:
    """End a series: the last day that is typed still runs, all that follow are cancelled."""

    def do() -> str:
        last = form.day("last", visit.moments.today)
        form.check()
        from_day = last + timedelta(days=1)
        return cancel_following(visit.desk, visit.who, form.ask, series_id, form.revision, from_day)

    return _on_series(visit, form, series_id, do, "series_ended")


def _on_series(visit: Visit, form: Form, series_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/series/{series_id}",
        again=lambda refusal: _series(visit, series_id, form, refusal),
        said=said,
    )


def _series(visit: Visit, series_id: str, form: Form, refusal: Refusal | None) -> Response:
    today = visit.moments.today
    with visit.desk.store.view() as view:
        row = find_series(view, series_id)
        visit.who.must_see("series", series_id, row.owner_id)
        words = read_series(view, row)
        days = occurrences_of(view, series_id, today, DAYS_SHOWN)
        exceptions = [one for one in exceptions_of(view, series_id) if (one.moved_to or one.day) >= today]
        sites = sites_by_id(view, [stop.site_id for stop in words.stops])
        names = party_names(view, [row.owner_id])
    return page(
        visit,
        "series.html",
        form=form,
        refusal=refusal,
        row=row,
        rule=rule_words(visit, words.recurrence),
        series=words,
        carries=told(words.carries),
        days=_not_left_out(days, exceptions),
        left_out=[(one, kept_reason(visit, one.reason)) for one in exceptions],
        sites=sites,
        names=names,
        owns=visit.who.acts_for(row.owner_id),
        states=SERIES,
        trip_states=TRIPS,
        colour=colour,
    )


def _not_left_out(days: Sequence[Row[Any]], exceptions: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Leave out the cancelled trips of days that are listed as left out: one day is told once."""
    out = {one.day for one in exceptions if one.moved_to is None}
    return [one for one in days if one.state != "cancelled" or one.series_day not in out]


def rule_words(visit: Visit, rule: Recurrence) -> str:
    """Say a rule as people do: ``every second week: Tuesday, Friday``."""
    say, known = visit.words.say, EVERY.get((rule.frequency, rule.interval))
    every = say(known) if known else say(EVERY_SO_MANY[rule.frequency], count=rule.interval)
    in_order = sorted(rule.weekdays, key=lambda one: (one[0], WEEKDAYS.index(one[1])))
    days = [_monthday(visit, day) for day in sorted(rule.monthdays, key=lambda day: (day < 0, day))]
    days += [_weekday(visit, place, name) for place, name in in_order]
    return say("{every}: {days}", every=every, days=", ".join(days)) if days else every


def _monthday(visit: Visit, day: int) -> str:
    say = visit.words.say
    return say("the last day of the month") if day < 0 else say("day {number} of the month", number=day)


def _weekday(visit: Visit, place: int, name: str) -> str:
    day = visit.words.say(DAY_NAMES[name])
    day = day.lower() if visit.words.language == "fr" else day  # inside a sentence
    return visit.words.say(PLACES[place], day=day) if place else day
