"""
Put a day of a recurring trip back: one that was left out or moved, or whose trip was cancelled by itself.

A trip that was cancelled stays as it is, with all that was told of it; the day has a new one.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import may_post
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.trips.changing_series import must_go_on, own_series
from pooling.desk.trips.changing_trips import Changed, decide_change, save_change
from pooling.desk.trips.series import ExceptionStray, must_still_come, read_series, today_in
from pooling.desk.trips.series_words import SeriesWords
from pooling.desk.trips.trips import Proved, prove_trip, write_proved
from pooling.figures import SERIES_AHEAD
from pooling.store import Ask, Tx, View
from pooling.store.market import trip, trip_series
from pooling.store.rows import at_revision, changed
from pooling.store.schema import fresh_id
from pooling.store.series import delete_exception, occurrences_of


class DayNotLeftOut(Refusal):
    code = "day_not_left_out"
    reason = "On {day} the trip runs as it is: it is announced, or will be."
    cure = "Name a day that was left out or moved, or whose trip was cancelled."


@dataclass(frozen=True)
class _Back:
    """Hold a day that comes back: the trip that it gets, or the one that was moved; neither: later."""

    row: Row[Any]
    made: Row[Any] | None
    trip: Changed | Proved | None


def put_back_day(desk: Desk, who: Actor, ask: Ask, series_id: str, revision: int | None, day: date) -> str:
    """
    Put back one day of a series; returns the series.

    Its trip is announced at once where the others of that time are. One that runs on another day instead
    comes back to its own, with every promise to its guests kept, or it is refused.
    """

    def decide(view: View) -> _Back:
        row = own_series(view, who, series_id)
        at_revision(row, revision, kind="series")
        must_go_on(row)
        words = read_series(view, row)
        made = next((one for one in occurrences_of(view, series_id, day, 1) if one.series_day == day), None)
        _must_be_out(row, words, made, day)
        must_still_come(view, words, day)
        return _Back(row, made, _trip(desk, view, row, words, made, day))

    def save(tx: Tx, back: _Back) -> str:
        moved_if_changed(lambda: changed(tx, trip_series, back.row, {}))
        delete_exception(tx, series_id, day)
        if isinstance(back.trip, Changed):
            save_change(desk, tx, back.trip, {"detached": False})
        elif back.trip is not None:
            _announce(desk, tx, back, back.trip, day)
        return series_id

    return desk.once_decided(ask, decide, save)


def _must_be_out(row: Row[Any], words: SeriesWords, made: Row[Any] | None, day: date) -> None:
    ended = row.until_day is not None and day > row.until_day
    if ended or day not in words.recurrence.days(row.first_day, row.first_day, day):
        raise ExceptionStray(day=day)
    if day not in dict(words.exceptions) and (made is None or made.state != "cancelled"):
        raise DayNotLeftOut(day=day)


def _trip(
    desk: Desk, view: View, row: Row[Any], words: SeriesWords, made: Row[Any] | None, day: date
) -> Changed | Proved | None:
    if made is not None and made.state != "cancelled":
        return decide_change(desk, view, made, words.on(day))
    if day > today_in(view.now_at, row.timezone) + timedelta(days=SERIES_AHEAD.value):
        return None
    may_post(view, row.community_id, row.owner_id)
    return prove_trip(desk, view, fresh_id("trip", view.now_at), words.on(day))


def _announce(desk: Desk, tx: Tx, back: _Back, proved: Proved, day: date) -> None:
    """Write the trip of the day; one that was cancelled gives up its place in the series."""
    if back.made is not None:
        changed(tx, trip, back.made, {"series_id": None, "series_day": None})
    kept = {"series_id": back.row.id, "series_day": day, "community_id": back.row.community_id}
    write_proved(desk, tx, proved, **kept)
