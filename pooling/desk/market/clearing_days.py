"""
A day cleared: the bids that wait on all its open trips, as a job that an operator asks for.

What is chosen is decided over all trips at once; then each trip is cleared in a transaction of its own,
decided anew on what stands, so that nothing is ever half done. A trip that cannot be decided, because its
vehicle is broken or its places lie nowhere, is left out and told with its reason; the others are cleared.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row

from geodata.refusal import Refusal
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
from pooling.desk.reasons import reason_words
from pooling.market.clearing import Case
from pooling.market.clearing_days import DayCleared, clear_day
from pooling.store import Ask, Tx, View
from pooling.store.bids import trips_asked
from pooling.store.trips import find_trip
from pooling.work.jobs import Progress, enqueue

TRIPS_CLEARED_LIMIT = 1_000
"""Trips of one day that one clearing looks at, those announced first."""

LEFT_TOLD_LIMIT = 200
"""Trips left out whose reasons are told with the result; how many there are is told of all."""

BROKEN = (LookupError, ValueError, TypeError, ArithmeticError, AssertionError)
"""What reading and deciding a trip raises whose rows make no sense: our mistake, and logged as one."""

log = logging.getLogger("carriole.clearing")

T = TypeVar("T")


class TripNotDecided(Refusal):
    code = "trip_not_decided"
    reason = "This trip cannot be read as it stands: something kept of it makes no sense."
    cure = "Look at the trip, its vehicle and its guests; if they are as they should be, tell its id."


@dataclass
class LeftOut:
    """Hold the trips that a clearing of a day leaves out, and why."""

    why: dict[str, Refusal] = field(default_factory=dict)

    def tried(self, trip_id: str, do: Callable[[], T]) -> T | None:
        """Do something with a trip; ``None`` where that is refused or goes wrong, which is noted."""
        try:
            return do()
        except Refusal as refusal:
            self.why[trip_id] = refusal
        except BROKEN:
            log.exception("trip left out of its day", extra={"trip": trip_id})
            self.why[trip_id] = TripNotDecided()
        return None

    def words(self) -> dict[str, Any]:
        told = list(self.why.items())[:LEFT_TOLD_LIMIT]
        return {"left_out": len(self.why), "left": {trip_id: reason_words(why) for trip_id, why in told}}


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
    left = LeftOut()
    with desk.store.view() as view:
        trips = [find_trip(view, one) for one in trips_asked(view, day, TRIPS_CLEARED_LIMIT)]
        cases = list(_cases(desk, view, trips, left, progress))
    cleared = clear_day(cases, lambda share: progress("choosing", 0.2 + 0.3 * share))
    told: dict[str, Any] = {
        "trips": len(trips),
        "chosen": sum(len(one.book.guests) - len(one.case.book.guests) for one in cleared.trips),
        "value_cents": cleared.value_cents,
        "bound_cents": cleared.bound_cents,
        "clearings": [],
        "proposed": [],
    }
    take, propose = arguments["take"], arguments.get("propose", False)
    if take or propose:
        told["record"] = desk.store.change(lambda tx: _record(desk, tx, cleared, cases, left, progress))
        told |= _each(desk, cleared, left, progress, take=take)
    return told | left.words()


def _cases(
    desk: Desk, view: View, trips: Iterable[Row[Any]], left: LeftOut, progress: Progress
) -> Iterable[Case]:
    for trip in trips:
        progress("reading", 0.1)
        case = left.tried(trip.id, lambda trip=trip: case_of(desk, view, trip))  # type: ignore[misc]
        if case is not None:
            yield case


def _record(
    desk: Desk, tx: Tx, cleared: DayCleared, cases: Sequence[Case], left: LeftOut, progress: Progress
) -> str:
    """Keep on what the day was decided before anything of it is taken."""
    progress.fence(tx)
    return keep_day_record(tx, desk.grounds.roads, cleared, tuple(cases), left.why)


def _each(
    desk: Desk, cleared: DayCleared, left: LeftOut, progress: Progress, *, take: bool
) -> dict[str, list[str]]:
    """Clear trip by trip, or keep each one's set; each leaves to the others what they were given."""
    given = {one.case.book.trip.id: one.chosen for one in cleared.trips}
    records: dict[str, list[str]] = {"clearings": [], "proposed": []}
    for number, (trip_id, chosen) in enumerate(given.items()):
        progress("taking", 0.5 + 0.5 * number / len(given))
        elsewhere = [lot for other, lots in given.items() if other != trip_id for lot in lots]
        shipments = frozenset(one for lot in elsewhere for one in lot.shipments)
        choices = frozenset(lot.choice for lot in elsewhere if lot.choice)
        do = partial(_one, desk, trip_id, Given(shipments, choices), progress, take=take)
        for where, record in (left.tried(trip_id, do) or ()) if chosen else ():
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
