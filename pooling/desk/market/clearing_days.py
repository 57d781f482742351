"""
A day cleared: the bids that wait on all its open trips, as a job that an operator asks for.

What is chosen is decided over all trips at once; then each trip is cleared in a transaction of its own,
decided anew on what stands, so that nothing is ever half done.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from pooling.clearing import Case
from pooling.clearing_days import DayCleared, clear_day
from pooling.desk.actor import Actor
from pooling.desk.desk import TRIES, Desk, DeskBusy, Moved
from pooling.desk.goods.shipments import HoursPast, day_at
from pooling.desk.market.clearing_trips import (
    Given,
    Proposal,
    case_of,
    keep_proposal,
    proposal_of,
    take_proposal,
)
from pooling.desk.market.replaying import keep_day_record
from pooling.jobs import Progress, enqueue
from pooling.store import Ask, Tx
from pooling.store.bids import trips_asked
from pooling.store.trips import find_trip

TRIPS_CLEARED_LIMIT = 1_000
"""Trips of one day that one clearing looks at, those announced first."""


def ask_clear_day(desk: Desk, who: Actor, ask: Ask, day: date, *, take: bool, propose: bool = False) -> str:
    """
    Ask for a day to be cleared; returns the job.

    It only tells what it would do; to ``propose`` keeps each trip's set for its owner to take. ``take``
    accepts where a trip's owner, or the house, wants it so, and proposes to the others.
    """
    who.must_be_operator()
    if day < day_at(desk, desk.clock.now()):
        raise HoursPast
    words = {"day": day.isoformat(), "take": take, "propose": propose, "sight": sorted(who.parties)}
    return desk.once(ask, lambda tx: enqueue(tx, "clear_day", words, "day", day.isoformat(), who.member_id))


def clear_day_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``clear_day``, on what exists for who asked."""
    desk = desk.seen_by(arguments["sight"]) if "sight" in arguments else desk
    day = date.fromisoformat(arguments["day"])
    progress("reading", 0.0)
    with desk.store.view() as view:
        trips = [find_trip(view, one) for one in trips_asked(view, day, TRIPS_CLEARED_LIMIT)]
        cases = [case_of(desk, view, trip, lambda: progress("reading", 0.2)) for trip in trips]
    cleared = clear_day(cases, lambda: progress("choosing", 0.4))
    told: dict[str, Any] = {
        "trips": len(trips),
        "chosen": sum(len(one.book.guests) - len(one.case.book.guests) for one in cleared.trips),
        "value_cents": cleared.value_cents,
        "bound_cents": cleared.bound_cents,
    }
    take, propose = arguments["take"], arguments.get("propose", False)
    if not take and not propose:
        return told | {"clearings": [], "proposed": []}
    told["record"] = desk.store.change(lambda tx: _record(desk, tx, cleared, cases, progress))
    return told | _each(desk, trips, cleared, progress, take=take)


def _record(desk: Desk, tx: Tx, cleared: DayCleared, cases: Sequence[Case], progress: Progress) -> str:
    """Keep on what the day was decided before anything of it is taken."""
    progress.fence(tx)
    return keep_day_record(tx, desk.grounds.roads, cleared, tuple(cases))


def _each(
    desk: Desk, trips: Sequence[Row[Any]], cleared: DayCleared, progress: Progress, *, take: bool
) -> dict[str, list[str]]:
    """Clear trip by trip, or keep each one's set; each leaves to the others what they were given."""
    given = {one.case.book.trip.id: one.chosen for one in cleared.trips}
    records: dict[str, list[str]] = {"clearings": [], "proposed": []}
    for number, trip in enumerate(trips):
        progress("taking", 0.5 + 0.5 * number / len(trips))
        elsewhere = [lot for other, lots in given.items() if other != trip.id for lot in lots]
        shipments = frozenset(one for lot in elsewhere for one in lot.shipments)
        choices = frozenset(lot.choice for lot in elsewhere if lot.choice)
        if given.get(trip.id):
            for where, record in _one(desk, trip.id, Given(shipments, choices), progress, take=take):
                records[where].append(record)
    return records


def _one(desk: Desk, trip_id: str, given: Given, progress: Progress, *, take: bool) -> list[tuple[str, str]]:
    """
    Clear one trip on what stands now; nothing where its last hour is over or nothing is left to choose.

    It is only proposed to an owner that answers bids itself, unless the house takes for its owners.
    """

    def save(tx: Tx, proposal: Proposal) -> tuple[str, str]:
        progress.fence(tx)
        if take and (desk.takes_for_owners or proposal.trip.instant):
            return "clearings", take_proposal(tx, proposal)
        return "proposed", keep_proposal(tx, proposal, given)

    for _ in range(TRIES):
        with desk.store.view() as view:
            trip = find_trip(view, trip_id)
            if trip.state != "open" or view.now_at >= trip.cutoff_at:
                return []
            proposal = proposal_of(desk, view, trip, given)
        if not proposal.chosen:
            return []
        try:
            return [desk.store.change(lambda tx, one=proposal: save(tx, one))]  # type: ignore[misc]
        except Moved:
            continue
    raise DeskBusy
