"""
Change or end a round from a day on, and leave out or move one of its days; it stays the same round.

Who has joined an occurrence is harmed by no change: else all of it is refused.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import HoursPast, day_at
from pooling.desk.tours.round_words import RoundWords, template_json, template_of
from pooling.desk.tours.rounds import RoundDay, days_by_terms, make_round_ahead, must_have_a_day, words_of
from pooling.desk.tours.tours import JoinersHarmed, must_take_gap, write_cancelled, write_change
from pooling.desk.trips.series import EXCEPTIONS_LIMIT, ExceptionStray, SeriesEnded
from pooling.store import Ask, Tx, View
from pooling.store.carrying import harvest_round
from pooling.store.rounds import (
    find_round,
    round_exceptions,
    terms_of,
    tours_of_round,
    write_round_exception,
    write_terms,
)
from pooling.store.rows import at_revision, changed, held
from pooling.store.tours import sign_ups_aboard

TOURS_LIMIT = 400
FREE = ("proposed", "confirmed", "frozen")


def change_round(
    desk: Desk, who: Actor, ask: Ask, round_id: str, revision: int | None, words: RoundWords
) -> str:
    """
    Change a round from ``words.first_day`` on; what it was before that day stays as it was.

    Occurrences that were edited by themselves, or take nobody more, stay as they are.
    """
    must_take_gap(who, words.template.gap_party_id)

    def save(tx: Tx) -> str:
        row = _open_round(tx, who, round_id, revision)
        terms = terms_of(tx, round_id)
        if words.first_day < terms[0].from_day:
            raise ExceptionStray(day=words.first_day)
        rule = words.template.sharing_rule or template_of(terms[-1].template).sharing_rule
        template = template_json(replace(words.template, sharing_rule=rule))
        write_terms(tx, round_id, words.first_day, words.recurrence.text, template)
        values = {"name": words.name, "carrier_id": words.template.carrier_id, "made_until_day": None}
        changed(tx, harvest_round, row, values)
        _change_tours(tx, find_round(tx, round_id), words.first_day)
        must_have_a_day(desk, tx, find_round(tx, round_id), words.first_day)
        told = (row.operator_id, row.carrier_id, words.template.carrier_id)
        tx.tell("round.changed", "round", round_id, told, from_day=str(words.first_day))
        return round_id

    desk.once(ask, save)
    make_round_ahead(desk, round_id)
    return round_id


def end_round(desk: Desk, who: Actor, ask: Ask, round_id: str, revision: int | None, from_day: date) -> str:
    """End a round before a day: its tours from then on are cancelled, everybody aboard is freed and told."""

    def save(tx: Tx) -> str:
        row = _open_round(tx, who, round_id, revision)
        if from_day < day_at(desk, tx.now_at):
            raise HoursPast
        changed(tx, harvest_round, row, {"until_day": from_day - timedelta(days=1), "state": "ended"})
        for one in tours_of_round(tx, round_id, from_day, TOURS_LIMIT):
            if one.state in FREE:
                write_cancelled(tx, one)
        told = (row.operator_id, row.carrier_id)
        tx.tell("round.ended", "round", round_id, told, from_day=str(from_day))
        return round_id

    return desk.once(ask, save)


def except_round_day(
    desk: Desk, who: Actor, ask: Ask, round_id: str, revision: int | None, day: date, moved_to: date | None
) -> str:
    """Leave one day of a round out, or move it; where its tour was made, that is cancelled or moved."""

    def save(tx: Tx) -> str:
        row = _open_round(tx, who, round_id, revision)
        last = max(day, moved_to or day)
        days = {one.original: one for one in days_by_terms(terms_of(tx, round_id), {}, day, last)}
        known = {one.day for one in round_exceptions(tx, round_id)}
        if day not in days or moved_to in days or len(known | {day}) > EXCEPTIONS_LIMIT:
            raise ExceptionStray(day=day)
        write_round_exception(tx, round_id, day, moved_to)
        changed(tx, harvest_round, row, {"made_until_day": None})
        _move(tx, row, days[day], moved_to)
        return round_id

    desk.once(ask, save)
    make_round_ahead(desk, round_id)
    return round_id


def own_round(view: View, who: Actor, round_id: str) -> Row[Any]:
    """Return a round that the actor operates; to whoever neither operates nor drives it there is none."""
    row = find_round(view, round_id)
    who.must_see("round", round_id, row.operator_id, row.carrier_id)
    who.must_act_for(row.operator_id, "its operator")
    return row


def _open_round(tx: Tx, who: Actor, round_id: str, revision: int | None) -> Row[Any]:
    own_round(tx, who, round_id)
    held(tx, harvest_round, round_id)
    row = find_round(tx, round_id)
    at_revision(row, revision, kind="round")
    if row.state != "open":
        raise SeriesEnded
    return row


def _change_tours(tx: Tx, row: Row[Any], from_day: date) -> None:
    """Change the tours that were made already, or cancel those whose day the rule no longer has."""
    made = tours_of_round(tx, row.id, from_day, TOURS_LIMIT)
    ours = [one for one in made if one.state == "proposed" and not one.detached and one.cutoff_at > tx.now_at]
    if not ours:
        return
    known = {one.day: one.moved_to for one in round_exceptions(tx, row.id)}
    last = max(one.round_day for one in ours)
    days = {one.original: one for one in days_by_terms(terms_of(tx, row.id), known, from_day, last)}
    gone = [one for one in ours if one.round_day not in days]
    for one in gone:
        if sign_ups_aboard(tx, one.id):
            raise JoinersHarmed(tour=one.id, what="day")
        write_cancelled(tx, one)
    for one in ours:
        if one not in gone:
            write_change(tx, one, words_of(row, days[one.round_day]))


def _move(tx: Tx, row: Row[Any], day: RoundDay, moved_to: date | None) -> None:
    made = next(iter(tours_of_round(tx, row.id, day.original, 1)), None)
    if made is None or made.round_day != day.original or made.state not in FREE:
        return
    if moved_to is None:
        write_cancelled(tx, made)
    else:
        moved = words_of(row, RoundDay(day.original, moved_to, day.template))
        write_change(tx, made, moved, detached=True)
