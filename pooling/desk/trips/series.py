"""
Trips that repeat: a series is announced once, and its occurrences are made ahead as ordinary trips.

An occurrence is known by its series and the day on which the rule put it; a unique index keeps it from
being made twice, whoever makes it at once. What cannot be made is noted with its reason, never left out
in silence.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.osrm import RoadServerAway
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import may_post
from pooling.desk.communities.posting import FOR_EVERYBODY, Posting
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import HoursPast
from pooling.desk.reasons import reason_json
from pooling.desk.trips.empty_series import refusal_of_empty
from pooling.desk.trips.series_words import SeriesWords, template_json, template_of
from pooling.desk.trips.trips import prove_trip, write_proved
from pooling.figures import SERIES_AHEAD
from pooling.hours import DayClock
from pooling.recurrence import occurrences, read_rule
from pooling.store import Ask, Tx, View
from pooling.store.market import trip_series
from pooling.store.rows import added, held
from pooling.store.schema import fresh_id
from pooling.store.series import (
    days_made,
    exceptions_of,
    find_series,
    made_until,
    series_due,
    write_exception,
)

SERIES_AT_ONCE = 20
EXCEPTIONS_LIMIT = 100


class SeriesEnded(Refusal):
    code = "series_ended"
    reason = "The series has ended."
    cure = "No more trips are made of it; announce another one to go on."


class ExceptionStray(Refusal):
    code = "exception_stray"
    reason = "{day} is no day of the series, or is moved onto a day that is."
    cure = "Name a day on which the rule puts a trip, and move it to one on which it does not."


class ExceptionTwice(ExceptionStray):
    reason = "Two exceptions name {day}: each day of a series runs once, and on a day of its own."
    cure = "Move one of the two to another day, or leave it out."


@dataclass(frozen=True)
class Day:
    """Hold one occurrence that is to be made: its original day, and the day on which it runs."""

    original: date
    runs: date


def announce_series(
    desk: Desk, who: Actor, ask: Ask, words: SeriesWords, posting: Posting = FOR_EVERYBODY
) -> str:
    """Announce a recurring trip; its next occurrence is proved on the roads at once, the rest made ahead."""
    who.must_act_for(words.owner_id, "the owner")

    def decide(view: View) -> SeriesWords:
        usual = posting.usual(view, words.owner_id)
        cutoff = usual.cutoff_on_wall(words.stops[0].opens_s, words.cutoff)
        posted = replace(words, detour_s=usual.detour(words.detour_s), cutoff=cutoff)
        must_be_sound(desk, view, posted)
        return posted

    def save(tx: Tx, posted: SeriesWords) -> str:
        may_post(tx, posting.community_id, words.owner_id)
        return write_series(tx, posted, None, posting.community_id)

    series_id = desk.once_decided(ask, decide, save)
    make_ahead(desk, series_id)
    return series_id


def must_be_sound(desk: Desk, view: View, words: SeriesWords) -> None:
    """Refuse a rule without a day soon, exceptions beside it, and hours that no drive could keep."""
    DayClock(words.first_day, words.timezone)  # refuses a time zone that there is not
    rule, today = words.recurrence, today_in(view.now_at, words.timezone)
    horizon = max(today, words.first_day) + timedelta(days=366)
    days = set(rule.days(words.first_day, words.first_day, horizon))
    must_run_apart(words.exceptions)
    for day, moved_to in words.exceptions:
        if day not in days or moved_to in days:
            raise ExceptionStray(day=day)
        must_still_come(view, words, moved_to)
    ahead = today + timedelta(days=SERIES_AHEAD.value)
    coming = occurrences(rule, words.first_day, dict(words.exceptions), today, max(ahead, words.first_day))
    coming = [one for one in coming if words.cutoff_on(one[1]) > view.now_at]
    if not coming:
        raise refusal_of_empty(words, today)
    prove_trip(desk, view, fresh_id("trip", view.now_at), words.on(coming[0][1]))


def must_run_apart(exceptions: Iterable[tuple[date, date | None]]) -> None:
    """Refuse a day that is left out or moved twice, and two days moved onto one: it is one van."""
    known = list(exceptions)
    for named in ([day for day, _ in known], [moved_to for _, moved_to in known if moved_to is not None]):
        for day, times in Counter(named).items():
            if times > 1:
                raise ExceptionTwice(day=day)


def must_still_come(view: View, words: SeriesWords, moved_to: date | None) -> None:
    """Refuse to move a day onto one that is over: no trip would run on either, without a word."""
    if moved_to is not None and words.cutoff_on(moved_to) <= view.now_at:
        raise HoursPast


def write_series(tx: Tx, words: SeriesWords, follows_id: str | None, community_id: str | None) -> str:
    """Write a series with its exceptions; its occurrences are made after it."""
    series_id = added(
        tx,
        trip_series,
        "ser",
        owner_id=words.owner_id,
        timezone=words.timezone,
        rule=words.recurrence.text,
        first_day=words.first_day,
        template=template_json(words),
        follows_id=follows_id,
        community_id=community_id,
    )
    for day, moved_to in words.exceptions:
        write_exception(tx, series_id, day, moved_to)
    tx.tell("series.announced", "series", series_id, (words.owner_id,))
    return series_id


def make_due(desk: Desk) -> int:
    """
    Make the occurrences of every series up to the horizon; returns how many were made.

    Called by the clock, in any number of processes: a day that was made is not made again.
    """
    with desk.store.view() as view:
        due = series_due(view, today_in(view.now_at, desk.timezone) + _AHEAD, SERIES_AT_ONCE)
    return sum(make_ahead(desk, series_id) for series_id in due)


def make_ahead(desk: Desk, series_id: str) -> int:
    """Make the occurrences of one series up to the horizon; returns how many this call made."""
    with desk.store.view() as view:
        row = find_series(view, series_id)
        until_day = today_in(view.now_at, row.timezone) + _AHEAD
        words, days = read_series(view, row), days_to_make(view, row, until_day)
    made = sum(_made(desk, row, words, day) for day in days)

    def noted(tx: Tx) -> None:
        held(tx, trip_series, series_id)
        if find_series(tx, series_id).revision == row.revision:
            made_until(tx, series_id, until_day)

    desk.store.change(noted)
    return made


def days_to_make(view: View, row: Row[Any], until_day: date) -> list[Day]:
    """Return the days of a series up to a day that have no trip yet, and whose hours are still to come."""
    if row.state != "open":
        return []
    known, made = _exceptions(view, row.id), days_made(view, row.id)
    last = until_day if row.until_day is None else min(until_day, row.until_day)
    today = today_in(view.now_at, row.timezone)
    days = occurrences(read_rule(row.rule), row.first_day, known, today, last)
    return [Day(original, runs) for original, runs in days if original not in made and runs >= today]


def read_series(view: View, row: Row[Any]) -> SeriesWords:
    """Return a stored series in the words in which it was announced."""
    exceptions = tuple(sorted(_exceptions(view, row.id).items(), key=lambda one: one[0]))
    return template_of(
        json.loads(row.template), row.owner_id, row.rule, row.first_day, row.timezone, exceptions
    )


def today_in(now_at: int, timezone: str) -> date:
    return datetime.fromtimestamp(now_at, UTC).astimezone(ZoneInfo(timezone)).date()


def _exceptions(view: View, series_id: str) -> dict[date, date | None]:
    return {one.day: one.moved_to for one in exceptions_of(view, series_id)}


def _made(desk: Desk, row: Row[Any], words: SeriesWords, day: Day) -> bool:
    """Make one occurrence, unless somebody else has; tells whether this call did."""
    with desk.store.view() as view:
        if words.cutoff_on(day.runs) <= view.now_at:
            return False
        try:
            may_post(view, row.community_id, row.owner_id)
            proved = prove_trip(desk, view, fresh_id("trip", view.now_at), words.on(day.runs))
        except RoadServerAway:  # it comes back: the day is tried again
            raise
        except Refusal as refusal:
            reason = reason_json(refusal)
            return desk.store.change(lambda tx: _left_out(tx, row, day, reason))

    def work(tx: Tx) -> bool:
        held(tx, trip_series, row.id)
        if find_series(tx, row.id).revision != row.revision or day.original in days_made(tx, row.id):
            return False
        kept = {"series_id": row.id, "series_day": day.original, "community_id": row.community_id}
        write_proved(desk, tx, proved, **kept)
        return True

    try:
        return desk.store.change(work)
    except IntegrityError:  # another worker made this day at the same moment
        return False


def _left_out(tx: Tx, row: Row[Any], day: Day, reason: str) -> bool:
    write_exception(tx, row.id, day.original, None, reason)
    tx.tell("series.day_left_out", "series", row.id, (row.owner_id,), day=str(day.original))
    return False


_AHEAD = timedelta(days=SERIES_AHEAD.value)
