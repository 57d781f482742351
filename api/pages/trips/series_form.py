"""The fields by which a trip repeats or returns empty, on the form on which it is announced."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form
from api.pages.said import message
from api.pages.trips.regimes import REGIME_WORDS
from api.pages.trips.trip_form import (
    asked_cents,
    carries,
    filled_rows,
    hour_cents,
    hours_of_row,
    kilometres,
    reserve_percent,
    room_of_row,
    stands_until,
)
from api.pages.visit import Visit
from pooling.desk.trips.series import read_series
from pooling.desk.trips.series_words import SeriesWords, WallStop
from pooling.desk.trips.standing import standing_wall
from pooling.hours import LAST_DAY
from pooling.recurrence import WEEKDAYS, Recurrence
from pooling.regimes import Regime
from pooling.store import View
from pooling.store.series import find_series

REPEATS = {
    "": message("No, only that day"),
    "DAILY": message("Every day"),
    "WEEKLY": message("Every week"),
    "WEEKLY2": message("Every second week"),
    "MONTHLY": message("Every month, on that day of the month"),
}
DAY_NAMES = {
    "MO": message("Monday"),
    "TU": message("Tuesday"),
    "WE": message("Wednesday"),
    "TH": message("Thursday"),
    "FR": message("Friday"),
    "SA": message("Saturday"),
    "SU": message("Sunday"),
}


def repeats(form: Form) -> bool:
    return bool(form.value("repeats"))


def series_words(visit: Visit, form: Form) -> SeriesWords:
    """Read a trip that repeats, of the party that one acts for; its rule begins on the day that is given."""
    return _words(visit, form, _rule(visit, form))


def _words(visit: Visit, form: Form, rule: Recurrence) -> SeriesWords:
    party = visit.own_party()
    day = form.day("day", visit.moments.today)
    stops = tuple(one for number, last in filled_rows(form) for one in _stop(form, number, last=last))
    cutoff = form.value("cutoff").strip()
    days_before = (day - form.day("cutoff_day", day)).days if cutoff else 0
    if not 0 <= days_before <= 7:
        form.wrong("cutoff_day", message("At most a week before."))
    words = SeriesWords(
        owner_id=party.id,
        driver=form.name("driver", limit=120),
        regime=Regime(form.choice("regime", REGIME_WORDS) or Regime.OWN_ACCOUNT),
        stops=stops,
        rule=rule.text,
        first_day=day,
        timezone=visit.desk.timezone,
        detour_s=form.whole("detour", 0, 240) * 60,
        detour_m=kilometres(form),
        refrigerated=form.ticked("refrigerated"),
        instant=form.ticked("instant"),
        reserve_percent=reserve_percent(form),
        hour_cents=hour_cents(form),
        asked_cents=asked_cents(form),
        carries=carries(form),
        free_order=form.ticked("free_order"),
        tail_lift=form.ticked("tail_lift"),
        cutoff=(days_before, form.hour("cutoff")) if cutoff else None,
    )
    form.check()
    return words


def following_words(view: View, visit: Visit, form: Form, row: Row[Any]) -> SeriesWords:
    """Read a change of a trip and of all that follow: what is typed, by the rule that its series has."""
    series = find_series(view, row.series_id)
    standing = read_series(view, series)
    rule = standing.recurrence
    if rule.count is not None:  # so many are left of it as end on the same day
        last = rule.days(series.first_day, series.first_day, LAST_DAY)[-1]
        rule = replace(rule, count=None, until=last)
    typed = _words(visit, form, rule)
    later = tuple(one for one in standing.exceptions if one[0] >= row.series_day)
    return replace(typed, first_day=row.series_day, timezone=series.timezone, exceptions=later)


def _rule(visit: Visit, form: Form) -> Recurrence:
    name = form.choice("repeats", REPEATS)
    weekdays = tuple((0, one) for one in WEEKDAYS if form.ticked(f"on_{one}"))
    until = form.day("until", visit.moments.today) if form.value("until") else None
    frequency = name.removesuffix("2") or "DAILY"
    return Recurrence(
        frequency,
        2 if name.endswith("2") else 1,
        weekdays if frequency == "WEEKLY" else (),
        until=until,
    )


def _stop(form: Form, number: int, *, last: bool) -> tuple[WallStop, ...]:
    opens_s, closes_s = hours_of_row(form, number)
    until_s, room = stands_until(form, number), room_of_row(form, number)
    free = (0, 0, 0, 0) if last and until_s is None else room
    comes = WallStop(form.text(f"site_{number}", limit=40), opens_s, closes_s, free)
    return (comes,) if until_s is None else standing_wall(comes, until_s)
