"""
Change or cancel a recurring trip from a day on, and leave out or move one of its days.

A change of this and all that follow ends the series the day before and goes on as another. Occurrences
with guests keep every promise, or the whole change is refused with all that it would break.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.trips.changing_trips import Changed, decide_change, save_change
from pooling.desk.trips.series import (
    EXCEPTIONS_LIMIT,
    ExceptionStray,
    SeriesEnded,
    make_ahead,
    must_be_sound,
    must_run_apart,
    must_still_come,
    read_series,
    write_series,
)
from pooling.desk.trips.series_words import SeriesWords
from pooling.desk.trips.trips import cancel_row
from pooling.recurrence import read_rule
from pooling.store import Ask, Tx, View
from pooling.store.bids import guests_of
from pooling.store.days import parties_by_id
from pooling.store.market import trip_series
from pooling.store.rows import at_revision, changed
from pooling.store.series import exceptions_of, find_series, occurrences_of, write_exception
from pooling.trips.keeping import HOURS, Broken, ChangeBreaksPromises, refusal_of_broken

OCCURRENCES_LIMIT = 400
"""More than a year of every day: no series is made further ahead."""


@dataclass(frozen=True)
class _Following:
    """Hold what becomes of the occurrences from a day on: changed, cancelled, or left as they are."""

    row: Row[Any]
    words: SeriesWords
    seen: tuple[tuple[str, int], ...]
    changed: tuple[Changed, ...]
    cancelled: tuple[Row[Any], ...]


def change_following(
    desk: Desk, who: Actor, ask: Ask, series_id: str, revision: int | None, words: SeriesWords
) -> str:
    """
    Change a series from ``words.first_day`` on; returns the series that goes on from there.

    Occurrences that were edited by themselves, or take no guests any more, stay as they are.
    """

    def decide(view: View) -> _Following:
        row = own_series(view, who, series_id)
        at_revision(row, revision, kind="series")
        who.must_act_for(words.owner_id, "the owner")
        must_go_on(row)
        if words.first_day < row.first_day:
            raise ExceptionStray(day=words.first_day)
        return _decided(desk, view, row, words)

    def save(tx: Tx, decided: _Following) -> str:
        _end_before(tx, decided.row, words.first_day)
        if _seen(occurrences_of(tx, series_id, words.first_day, OCCURRENCES_LIMIT)) != decided.seen:
            raise Moved
        next_id = write_series(tx, decided.words, series_id, decided.row.community_id)
        for one in decided.changed:
            save_change(desk, tx, one, {"series_id": next_id})
        for row in decided.cancelled:
            cancel_row(tx, row)
        return next_id

    next_id = desk.once_decided(ask, decide, save)
    make_ahead(desk, next_id)
    return next_id


def cancel_following(
    desk: Desk, who: Actor, ask: Ask, series_id: str, revision: int | None, from_day: date
) -> str:
    """Cancel the occurrences of a series from a day on: guests are freed and told, none is made again."""

    def save(tx: Tx) -> str:
        row = own_series(tx, who, series_id)
        at_revision(row, revision, kind="series")
        must_go_on(row)
        _end_before(tx, row, from_day)
        for one in occurrences_of(tx, series_id, from_day, OCCURRENCES_LIMIT):
            if one.state in ("open", "frozen"):
                cancel_row(tx, one)
        tx.tell("series.cancelled", "series", series_id, (row.owner_id,), from_day=str(from_day))
        return series_id

    return desk.once(ask, save)


def except_day(
    desk: Desk,
    who: Actor,
    ask: Ask,
    series_id: str,
    revision: int | None,
    day: date,
    moved_to: date | None,
) -> str:
    """Leave one day of a series out, or move it; where its trip was made, that is cancelled or changed."""

    def decide(view: View) -> Changed | Row[Any] | None:
        row = own_series(view, who, series_id)
        at_revision(row, revision, kind="series")
        must_go_on(row)
        _must_be_a_day(view, row, day, moved_to)
        made = next(iter(occurrences_of(view, series_id, day, 1)), None)
        if made is None or made.series_day != day:
            return None
        if moved_to is None:
            return None if made.state == "cancelled" else made
        return decide_change(desk, view, made, read_series(view, row).on(moved_to))

    def save(tx: Tx, decided: Changed | Row[Any] | None) -> str:
        row = own_series(tx, who, series_id)
        moved_if_changed(lambda: changed(tx, trip_series, row, {}))
        write_exception(tx, series_id, day, moved_to)
        if isinstance(decided, Changed):
            save_change(desk, tx, decided, {"detached": True})
        elif decided is not None:
            cancel_row(tx, decided)
        return series_id

    series_id = desk.once_decided(ask, decide, save)
    make_ahead(desk, series_id)
    return series_id


def own_series(view: View, who: Actor, series_id: str) -> Row[Any]:
    """Return a series of a party that the member manages; to everybody else there is none."""
    row = find_series(view, series_id)
    who.must_see("series", series_id, row.owner_id)
    who.must_act_for(row.owner_id, "the series' owner")
    return row


def _decided(desk: Desk, view: View, row: Row[Any], words: SeriesWords) -> _Following:
    standing = occurrences_of(view, row.id, words.first_day, OCCURRENCES_LIMIT)
    apart = [one for one in standing if one.detached or one.state != "open" or one.cutoff_at <= view.now_at]
    ours = [one for one in standing if one not in apart]
    words = _without(words, (one.series_day for one in apart))
    must_be_sound(desk, view, words)
    last = max((one.series_day for one in ours), default=words.first_day)
    runs = set(words.recurrence.days(words.first_day, words.first_day, last))
    days: Mapping[date, date | None] = {day: day for day in runs} | dict(words.exceptions)
    edited, cancelled, broken = list[Changed](), list[Row[Any]](), list[Broken]()
    for one in ours:
        on_day = days.get(one.series_day)
        if on_day is None:
            broken += [
                Broken(guest.shipment_id, guest.payer_id, (HOURS,)) for guest in guests_of(view, one.id)
            ]
            cancelled.append(one)
            continue
        try:
            edited.append(decide_change(desk, view, one, words.on(on_day)))
        except ChangeBreaksPromises as refusal:
            broken += _all_of(
                refusal, {guest.shipment_id: guest.payer_id for guest in guests_of(view, one.id)}
            )
    if broken:
        names = parties_by_id(view, [one.payer for one in broken])
        raise refusal_of_broken(broken, {party: known.name for party, known in names.items()})
    return _Following(row, words, _seen(standing), tuple(edited), tuple(cancelled))


def _without(words: SeriesWords, days: Iterable[date]) -> SeriesWords:
    """Leave out the days that another trip of the series covers already."""
    known = dict(words.exceptions)
    runs = set(words.recurrence.days(words.first_day, words.first_day, words.first_day + timedelta(days=366)))
    known |= {day: None for day in days if day in runs}
    return replace(words, exceptions=tuple(sorted(known.items(), key=lambda one: one[0])))


def _all_of(refusal: ChangeBreaksPromises, payers: Mapping[str, str]) -> list[Broken]:
    listed: Any = refusal.facts["broken"]
    return [Broken(shipment, payers[shipment], tuple(promises)) for shipment, promises in listed.items()]


def _seen(rows: Iterable[Row[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((row.id, row.revision) for row in rows)


def _end_before(tx: Tx, row: Row[Any], day: date) -> None:
    """End a series before a day; with none left before it, for good."""
    last = day - timedelta(days=1)
    until_day = last if row.until_day is None else min(last, row.until_day)
    over = not read_rule(row.rule).days(row.first_day, row.first_day, until_day)
    values = {"until_day": until_day, "state": "ended" if over else "open"}
    moved_if_changed(lambda: changed(tx, trip_series, row, values))


def must_go_on(row: Row[Any]) -> None:
    if row.state != "open":
        raise SeriesEnded


def _must_be_a_day(view: View, row: Row[Any], day: date, moved_to: date | None) -> None:
    known = {one.day: one.moved_to for one in exceptions_of(view, row.id)} | {day: moved_to}
    until = max(day, moved_to or day)
    days = set(read_rule(row.rule).days(row.first_day, row.first_day, until))
    ended = row.until_day is not None and day > row.until_day
    if day not in days or moved_to in days or ended or len(known) > EXCEPTIONS_LIMIT:
        raise ExceptionStray(day=day)
    must_run_apart(known.items())
    must_still_come(view, read_series(view, row), moved_to)
