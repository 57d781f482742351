"""
Announce a trip, and cancel it; ``changing_trips`` changes one.

At announcing the trip is proved possible on the roads; the route that proves it is kept, and every
later plan is that route with guests put in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import may_post
from pooling.desk.communities.posting import FOR_EVERYBODY, Posting
from pooling.desk.days import Standing, day_clock, hours_there, site_on
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import HoursPast, must_run_forward, night_of
from pooling.desk.market.agreeing import end_asking
from pooling.desk.planbook import announced_again
from pooling.desk.states import must_not_be_cancelled, said
from pooling.desk.trips.leaving_trips import forgive_leavers
from pooling.desk.trips.letting_down import TripCancelled, let_down
from pooling.desk.trips.trip_books import plan_words
from pooling.figures import LABOUR_PER_HOUR, RESERVED_SHARE
from pooling.kinds import ANY_KIND, Kinds, kinds_words
from pooling.legs import Amounts, LegRoom
from pooling.load import Room, Space
from pooling.market.award import TripBook, open_book
from pooling.regimes import Carriage, Regime, forbidden_by_law
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for, guests_of, payers_on
from pooling.store.days import parties_by_id
from pooling.store.manifests import cancel_manifest
from pooling.store.market import trip
from pooling.store.rows import NotFound, at_revision, changed
from pooling.store.schema import fresh_id
from pooling.store.shipments import hours
from pooling.store.sites import sites_by_id
from pooling.store.trips import empty_legs, find_trip, return_of, write_stops, write_trip
from pooling.trip import Trip, TripStop
from pooling.trips.free_order import Counting, best_order


class TripUnderWay(Refusal):
    code = "trip_under_way"
    reason = "The trip is {state}."
    cure = "What happened cannot be undone; settle what went wrong with its guests."


class CutoffLate(Refusal):
    code = "cutoff_late"
    reason = "The last hour for guests lies after the first stop."
    cure = "Choose an hour before you leave."


class StopTwice(Refusal):
    code = "stop_twice"
    reason = "The trip stops at {site} twice in a row, in hours that overlap."
    cure = "Make it one stop, or let the second begin when the first is over."


class ReturnNowhere(Refusal):
    code = "return_nowhere"
    reason = "The trip ends where it begins: there is no empty way back."
    cure = "Announce the room of each leg, or leave the return out."


class ReturnTooEarly(Refusal):
    code = "return_too_early"
    reason = "The way back begins elsewhere, or before the changed trip ends."
    cure = "Change the way back first, or cancel it."


@dataclass(frozen=True)
class StopWords:
    """
    Hold one announced stop: where, when, and the room that is free when it is left (none at the last).

    Where it ``stands`` the van stays until the next stop, at the same site.
    """

    site_id: str
    opens_at: int
    closes_at: int
    free: Amounts
    stands: bool = False


@dataclass(frozen=True)
class ReturnWords:
    """Hold that the van drives back empty: by when it is where it began, and the room on that way."""

    by_at: int
    free: Amounts


@dataclass(frozen=True)
class TripWords:
    """
    Hold what an owner announces; without ``cutoff_at`` guests may be agreed on until the first stop.

    ``reserve_percent`` of the room may be held for goods that are named later. ``hour_cents`` and
    ``asked_cents`` are what the owner asks, ``carries`` what may travel: see ``Trip``. In
    ``free_order`` the stops between the ends are made in the best order that is found.
    """

    owner_id: str
    driver: str
    regime: Regime
    stops: tuple[StopWords, ...]
    detour_s: int
    refrigerated: bool = False
    instant: bool = False
    cutoff_at: int | None = None
    detour_m: int | None = None
    timezone: str = ""
    returns: ReturnWords | None = None
    reserve_percent: int = RESERVED_SHARE.value
    hour_cents: int = LABOUR_PER_HOUR.value
    asked_cents: int = 0
    carries: Kinds = ANY_KIND
    free_order: bool = False
    tail_lift: bool = False


@dataclass(frozen=True)
class Proved:
    """Hold a trip that can be driven and is lawful: its book without guests, and the day it stands on."""

    words: TripWords
    day: date
    cutoff_at: int
    standing: Standing
    book: TripBook

    def values(self, desk: Desk) -> dict[str, object]:
        """Return what is kept of it."""
        words = self.words
        return {
            "owner_id": words.owner_id,
            "driver": words.driver,
            "regime": words.regime.value,
            "refrigerated": words.refrigerated,
            "day": self.day,
            "timezone": words.timezone or desk.timezone,
            "region": desk.grounds.region.name,
            "detour_s": words.detour_s,
            "detour_m": words.detour_m,
            "cutoff_at": self.cutoff_at,
            "ends_at": words.stops[-1].closes_at,
            "instant": words.instant,
            "reserve_percent": words.reserve_percent,
            "hour_cents": words.hour_cents,
            "asked_cents": words.asked_cents,
            "carries": kinds_words(words.carries),
            "free_order": words.free_order,
            "tail_lift": words.tail_lift,
            "plan": plan_words(self.standing, self.book),
        }


def announce_trip(
    desk: Desk,
    who: Actor,
    ask: Ask,
    words: TripWords,
    posting: Posting = FOR_EVERYBODY,
    noted: Callable[[Tx, str], None] = lambda _tx, _trip_id: None,
) -> str:
    """
    Announce a trip that one makes anyway; refuses one that no drive on these roads could make.

    ``noted`` writes down what belongs to it, in the same transaction.
    """
    who.must_act_for(words.owner_id, "the owner")

    def decide(view: View) -> tuple[Proved, Proved | None]:
        posted = _posted(view, words, posting)
        there = prove_trip(desk, view, fresh_id("trip", view.now_at), posted)
        back = None if posted.returns is None else way_back(posted, posted.returns)
        if back is None:
            return there, None
        return there, prove_trip(desk, view, fresh_id("trip", view.now_at), back)

    def save(tx: Tx, proved: tuple[Proved, Proved | None]) -> str:
        there, back = proved
        may_post(tx, posting.community_id, words.owner_id)
        kept = {"community_id": posting.community_id}
        write_proved(desk, tx, there, **kept)
        if back is not None:
            write_proved(desk, tx, back, returns_id=there.book.trip.id, **kept)
        noted(tx, there.book.trip.id)
        return there.book.trip.id

    return desk.once_decided(ask, decide, save)


def _posted(view: View, words: TripWords, posting: Posting) -> TripWords:
    """Return a trip with what its community usually does where its owner said nothing."""
    usual = posting.usual(view, words.owner_id)
    cutoff_at = usual.cutoff_before(words.stops[0].opens_at, words.cutoff_at)
    return replace(words, detour_s=usual.detour(words.detour_s), cutoff_at=cutoff_at)


def way_back(words: TripWords, returns: ReturnWords) -> TripWords:
    """
    Return the empty way back as a trip of its own: from where the trip ends, once it has, to where it began.

    It is offered on its own, under the same ground, detour and last hour for guests.
    """
    first, last = words.stops[0], words.stops[-1]
    if first.site_id == last.site_id:
        raise ReturnNowhere
    back = (
        StopWords(last.site_id, last.closes_at, returns.by_at, returns.free),
        StopWords(first.site_id, last.closes_at, returns.by_at, (0, 0, 0, 0)),
    )
    cutoff_at = first.opens_at if words.cutoff_at is None else words.cutoff_at
    return replace(words, stops=back, returns=None, cutoff_at=cutoff_at)


def write_proved(desk: Desk, tx: Tx, proved: Proved, **more: object) -> None:
    """Write a new trip with its stops and its room, and tell its owner; ``more`` is kept of it besides."""
    trip_id = proved.book.trip.id
    write_trip(tx, trip_id, proved.values(desk) | more)
    write_stops(tx, trip_id, stop_rows(proved.words), rooms_of(proved.words))
    tx.tell("trip.announced", "trip", trip_id, (proved.words.owner_id,))


def cancel_trip(desk: Desk, who: Actor, ask: Ask, trip_id: str, revision: int | None) -> str:
    """
    Cancel a trip: every guest is freed and told, what it owed is voided, its shipment open again.

    After the cut-off its owner owes each guest what the terms say; their crates look for other rides.
    """

    def save(tx: Tx) -> str:
        row = own_trip(tx, who, trip_id)
        at_revision(row, revision, kind="trip")
        cancel_row(tx, row)
        return trip_id

    return desk.once(ask, save)


def cancel_row(tx: Tx, row: Row[Any]) -> None:
    """Cancel a trip inside another change, and its empty way back with it: the van is not there."""
    must_not_be_cancelled(row)
    if row.state not in ("open", "frozen"):
        raise TripUnderWay(state=said(row.state))
    changed(tx, trip, row, {"state": "cancelled", "plan": announced_again(row.plan)})
    aboard, waiting = guests_of(tx, row.id), asking_for(tx, trip_id=row.id)
    let_down(tx, row, aboard, TripCancelled())
    end_asking(tx, waiting, "bid.refused", {row.id: row.owner_id}, TripCancelled())
    forgive_leavers(tx, row)
    empty_legs(tx, row.id)
    cancel_manifest(tx, "trip", row.id)
    told = {row.owner_id, *(one.payer_id for one in (*aboard, *waiting))}
    tx.tell("trip.cancelled", "trip", row.id, told)
    back = return_of(tx, row.id)
    if back is not None and back.state in ("open", "frozen"):
        cancel_row(tx, back)


def prove_trip(desk: Desk, view: View, trip_id: str, words: TripWords) -> Proved:
    """Prove that the trip can be driven and is lawful, on a day of its own time zone."""
    desk = replace(desk, timezone=words.timezone or desk.timezone)
    must_run_forward(*((stop.opens_at, stop.closes_at) for stop in words.stops))
    moments = [moment for stop in words.stops for moment in (stop.opens_at, stop.closes_at)]
    day = night_of(desk, view, *moments)
    cutoff_at = _cutoff(view, words)
    try:
        standing, stops, words = _stops(desk, view, day, words)
        _must_move_on(view, words)
        pure = _pure(trip_id, words, stops)
        _must_be_lawful(standing.day, pure)
        return Proved(words, day, cutoff_at, standing, opened(standing, pure))
    except Refusal as refusal:
        if "trip" in refusal.facts:  # a trip that is only wished for has no id that its owner could know
            refusal.facts["trip"] = _way_of(view, words)
        raise


def _must_move_on(view: View, words: TripWords) -> None:
    """Refuse two stops at one site in the same hours: no way lies between them on which to ride."""
    for one, following in pairwise(words.stops):
        if one.site_id == following.site_id and following.opens_at < one.closes_at:
            known = sites_by_id(view, [one.site_id])
            raise StopTwice(site=known[one.site_id].name if one.site_id in known else one.site_id)


def _way_of(view: View, words: TripWords) -> str:
    """Name a trip by its places, as its owner knows it."""
    known = sites_by_id(view, [stop.site_id for stop in words.stops])
    return " → ".join(known[stop.site_id].name for stop in words.stops)


def opened(standing: Standing, pure: Trip) -> TripBook:
    """Return the book of a trip without guests; refuses one that no drive on these roads could make."""
    book = open_book(standing.ground, pure)
    if isinstance(book, Refusal):
        raise book
    return book


def _stops(
    desk: Desk, view: View, day: date, words: TripWords
) -> tuple[Standing, tuple[TripStop, ...], TripWords]:
    """Return the day and the stops in the order in which they are made, with the trip in that order."""
    clock = day_clock(desk, day)
    known = sites_by_id(view, [stop.site_id for stop in words.stops])
    for stop in words.stops:
        if stop.site_id not in known:
            raise NotFound(kind="site", id=stop.site_id)
        if known[stop.site_id].week is not None and known[stop.site_id].party != words.owner_id:
            hours_there(clock, known[stop.site_id], stop.opens_at, stop.closes_at)
    sites = {one: site_on(clock, known[one]) for one in sorted(known)}
    stops = tuple(
        TripStop(stop.site_id, hours(clock, stop.opens_at, stop.closes_at), _room(stop.free), stop.stands)
        for stop in words.stops
    )
    ground = desk.grounds.ground(list(sites.values()))
    if words.free_order:
        order = best_order(ground, stops, Counting(words.refrigerated, words.hour_cents))
        stops = tuple(stops[at] for at in order)
        words = replace(words, stops=tuple(words.stops[at] for at in order))
    parties = parties_by_id(view, [words.owner_id])
    market_day = Day(clock, desk.grounds.region.name, parties, sites, (), (), (), ())
    return Standing(market_day, ground, {}), stops, words


def _pure(trip_id: str, words: TripWords, stops: tuple[TripStop, ...]) -> Trip:
    return Trip(
        id=trip_id,
        owner=words.owner_id,
        driver=words.driver,
        regime=words.regime,
        stops=stops,
        detour_s=words.detour_s,
        refrigerated=words.refrigerated,
        detour_m=words.detour_m,
        hour_cents=words.hour_cents,
        asked_cents=words.asked_cents,
        carries=words.carries,
        tail_lift=words.tail_lift,
    )


def _must_be_lawful(day: Day, pure: Trip) -> None:
    """Refuse a regime that this owner may not drive under, whoever asks: as if it carried for itself."""
    owner, origin = day.parties[pure.owner], day.sites[pure.stops[0].site].place
    itself = Carriage(owner, payer=owner, origin=origin, pickup=origin, drop=origin, day=day.clock.day)
    forbidden = forbidden_by_law(pure.regime, itself)
    if forbidden is not None:
        raise forbidden


def _cutoff(view: View, words: TripWords) -> int:
    cutoff_at = words.stops[0].opens_at if words.cutoff_at is None else words.cutoff_at
    if cutoff_at > words.stops[0].closes_at:
        raise CutoffLate
    if cutoff_at <= view.now_at:
        raise HoursPast
    return cutoff_at


def _room(free: Amounts) -> Room:
    return Room(Space(free[0]), Space(free[1]), Space(free[2]), free[3])


def stop_rows(words: TripWords) -> Sequence[dict[str, object]]:
    """Return the announced stops as they are kept."""
    kept = ("site_id", "opens_at", "closes_at", "stands")
    return [{name: getattr(one, name) for name in kept} for one in words.stops]


def rooms_of(words: TripWords) -> tuple[LegRoom, ...]:
    """Return the room of the legs as it is announced, nothing of it sold."""
    return tuple(LegRoom(stop.free) for stop in words.stops[:-1])


def trip_in_sight(view: View, who: Actor, trip_id: str) -> Row[Any]:
    """Return a trip that this member may know of: an open one, its own, or one that it bid on."""
    row = find_trip(view, trip_id)
    if row.state != "open":
        who.must_see("trip", trip_id, row.owner_id, *payers_on(view, trip_id))
    return row


def own_trip(view: View, who: Actor, trip_id: str) -> Row[Any]:
    """Return a trip of a party that the member manages, or refuse."""
    row = trip_in_sight(view, who, trip_id)
    who.must_act_for(row.owner_id, "the trip's owner")
    return row
