"""
Rounds: tours that repeat. A round is one thing through all its occurrences, changes and exceptions.

It is proposed once; its occurrences are made ahead as ordinary tours, each known by the round and the day
on which the rule put it. Its terms may change from a day on, and it stays the same round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import may_post
from pooling.desk.communities.posting import FOR_EVERYBODY, Posting
from pooling.desk.desk import Desk
from pooling.desk.reasons import reason_json
from pooling.desk.tours.round_words import RoundTemplate, RoundWords, template_json, template_of, tour_on
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tours import must_operate, must_take_gap, write_tour
from pooling.desk.trips.empty_series import SeriesEmpty
from pooling.desk.trips.series import today_in
from pooling.figures import SERIES_AHEAD
from pooling.recurrence import occurrences, read_rule
from pooling.sharing_rule import USUAL_RULE
from pooling.store import Ask, Tx, View
from pooling.store.carrying import harvest_round
from pooling.store.rounds import (
    find_round,
    round_days_made,
    round_exceptions,
    round_made_until,
    rounds_due,
    terms_of,
    write_round_exception,
    write_terms,
)
from pooling.store.rows import added, held

ROUNDS_AT_ONCE = 20
AHEAD = timedelta(days=SERIES_AHEAD.value)


@dataclass(frozen=True)
class RoundDay:
    """Hold one occurrence: its original day, the day on which it runs, and the terms that hold then."""

    original: date
    runs: date
    template: RoundTemplate


def propose_round(
    desk: Desk, who: Actor, ask: Ask, operator_id: str, words: RoundWords, posting: Posting = FOR_EVERYBODY
) -> str:
    """Propose a round; its next occurrence is proposed with it, or all is refused for the same reason."""
    must_operate(who, operator_id)
    must_take_gap(who, words.template.gap_party_id)

    def save(tx: Tx) -> str:
        round_id = added(
            tx,
            harvest_round,
            "round",
            operator_id=operator_id,
            carrier_id=words.template.carrier_id,
            name=words.name,
            timezone=desk.timezone,
            community_id=posting.community_id,
        )
        usual, said = posting.usual(tx, operator_id), words.template
        terms = replace(
            said,
            fee_cents=usual.fee(said.fee_cents),
            sharing_rule=said.sharing_rule or USUAL_RULE,
            each_pays_its_way=usual.each_pays(said.each_pays_its_way),
        )
        template = template_json(terms)
        write_terms(tx, round_id, words.first_day, words.recurrence.text, template)
        row = find_round(tx, round_id)
        must_have_a_day(desk, tx, row, words.first_day)
        told = (operator_id, words.template.carrier_id)
        tx.tell("round.proposed", "round", round_id, told)
        return round_id

    round_id = desk.once(ask, save)
    make_round_ahead(desk, round_id)
    return round_id


def must_have_a_day(desk: Desk, tx: Tx, row: Row[Any], from_day: date) -> None:
    """Propose the next occurrence from a day on, so that what it refuses is refused; or there is none."""
    last = max(today_in(tx.now_at, row.timezone), from_day) + AHEAD
    days = [one for one in round_days(tx, row, last) if one.original >= from_day]
    made = round_days_made(tx, row.id)
    if not days:
        raise SeriesEmpty(days=SERIES_AHEAD.value)
    if not any(one.original in made for one in days):
        _write_day(desk, tx, row, days[0])


def make_rounds_due(desk: Desk) -> int:
    """
    Make the occurrences of every round up to the horizon; returns how many were made.

    Called by the clock, in any number of processes: a day that was made is not made again.
    """
    with desk.store.view() as view:
        due = rounds_due(view, today_in(view.now_at, desk.timezone) + AHEAD, ROUNDS_AT_ONCE)
    return sum(make_round_ahead(desk, round_id) for round_id in due)


def make_round_ahead(desk: Desk, round_id: str) -> int:
    """Make the occurrences of one round up to the horizon; returns how many this call made."""
    with desk.store.view() as view:
        row = find_round(view, round_id)
        until_day = today_in(view.now_at, row.timezone) + AHEAD
        known = round_days_made(view, round_id)
        days = [one for one in round_days(view, row, until_day) if one.original not in known]
    made = sum(_made(desk, row, day) for day in days)

    def noted(tx: Tx) -> None:
        held(tx, harvest_round, round_id)
        if find_round(tx, round_id).revision == row.revision:
            round_made_until(tx, round_id, until_day)

    desk.store.change(noted)
    return made


def round_days(view: View, row: Row[Any], until_day: date) -> list[RoundDay]:
    """Return the occurrences of a round up to a day whose hour to join is still to come, made or not."""
    if row.state != "open":
        return []
    known = {one.day: one.moved_to for one in round_exceptions(view, row.id)}
    last = until_day if row.until_day is None else min(until_day, row.until_day)
    days = days_by_terms(terms_of(view, row.id), known, today_in(view.now_at, row.timezone), last)
    return [one for one in days if words_of(row, one).cutoff_at > view.now_at]


def days_by_terms(
    terms: Sequence[Row[Any]], exceptions: Mapping[date, date | None], from_day: date, last: date
) -> list[RoundDay]:
    """Return the days of a stretch of time, each by the terms that hold on it."""
    found = []
    for index, one in enumerate(terms):
        ends = terms[index + 1].from_day - timedelta(days=1) if index + 1 < len(terms) else last
        rule, template = read_rule(one.rule), template_of(one.template)
        days = occurrences(rule, one.from_day, exceptions, from_day, min(ends, last))
        found += [RoundDay(original, runs, template) for original, runs in days]
    return found


def words_of(row: Row[Any], day: RoundDay) -> TourWords:
    """Return the tour of one occurrence, in the round's own time zone."""
    return tour_on(day.template, day.runs, row.timezone)


def _made(desk: Desk, row: Row[Any], day: RoundDay) -> bool:
    """Make one occurrence, unless somebody else has, or leave it out with its reason."""

    def work(tx: Tx) -> bool:
        held(tx, harvest_round, row.id)
        if find_round(tx, row.id).revision != row.revision or day.original in round_days_made(tx, row.id):
            return False
        _write_day(desk, tx, row, day)
        return True

    try:
        return desk.store.change(work)
    except IntegrityError:  # another worker made this day at the same moment
        return False
    except Refusal as refusal:
        why = reason_json(refusal)
    desk.store.change(lambda tx: _left_out(tx, row, day, why))
    return False


def _write_day(desk: Desk, tx: Tx, row: Row[Any], day: RoundDay) -> None:
    more = {"timezone": row.timezone, "round_id": row.id, "round_day": day.original}
    more |= {"detached": day.original != day.runs, "community_id": row.community_id}
    may_post(tx, row.community_id, row.operator_id)
    write_tour(desk, tx, row.operator_id, words_of(row, day), **more)


def _left_out(tx: Tx, row: Row[Any], day: RoundDay, why: str) -> None:
    write_round_exception(tx, row.id, day.original, None, why)
    told = (row.operator_id, row.carrier_id)
    tx.tell("round.day_left_out", "round", row.id, told, day=str(day.original))
