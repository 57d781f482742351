"""Why a rule puts no trip on the days ahead, and which rule or day would do."""

from dataclasses import replace
from datetime import date, timedelta

from geodata.refusal import Refusal
from pooling.desk.trips.series_words import SeriesWords
from pooling.figures import SERIES_AHEAD
from pooling.recurrence import Recurrence

YEAR_DAYS = 366


class SeriesEmpty(Refusal):
    code = "series_empty"
    reason = "The rule has no day within the next {days} days for which guests could still be found."
    cure = "Choose another rule or first day, such as FREQ=WEEKLY;BYDAY=TU,FR: every Tuesday and Friday."


class SeriesFarOff(SeriesEmpty):
    reason = "The rule has no day within the next {days} days; its next one is {day}."
    cure = "Announce it nearer to that day, or choose an earlier first day."


class SeriesOver(SeriesEmpty):
    reason = "The rule ends on {until}: none of its days is left."
    cure = "Let UNTIL be a later day, or leave it out: its next day would then be {day}."


def refusal_of_empty(words: SeriesWords, today: date) -> SeriesEmpty:
    """Return the reason that is true, with the next day that the rule has or would have."""
    rule, days = words.recurrence, SERIES_AHEAD.value
    tomorrow = today + timedelta(days=1)
    coming = _next(rule, words.first_day, tomorrow + timedelta(days=days - 1))
    if coming is not None:
        return SeriesFarOff(days=days, day=coming)
    endless = _next(replace(rule, until=None), words.first_day, tomorrow)
    if rule.until is not None and endless is not None:
        return SeriesOver(until=rule.until, day=endless, days=days)
    return SeriesEmpty(days=days)


def _next(rule: Recurrence, first_day: date, from_day: date) -> date | None:
    begins = max(first_day, from_day)
    return next(iter(rule.days(first_day, begins, begins + timedelta(days=YEAR_DAYS))), None)
