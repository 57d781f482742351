"""
Change a trip, guests aboard or not: what was promised to them is kept, or the change is refused.

The guests are put anew into the changed trip before the transaction; the transaction holds only if the
trip still stands at the revision on which that was decided, and writes stops, room, plan, hours and
prices together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.belonging import may_post
from pooling.desk.days import Standing
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.market.agreeing import tell_moved_hours
from pooling.desk.market.in_kind import AGREED
from pooling.desk.market.rides import CutoffPassed, TripNotOpen
from pooling.desk.states import said
from pooling.desk.trips.leaving_trips import lower
from pooling.desk.trips.private_years import private_year, year_must_stand
from pooling.desk.trips.trip_books import StoredTrip, guest_of, load_trip
from pooling.desk.trips.trips import (
    Proved,
    ReturnTooEarly,
    StopWords,
    TripWords,
    opened,
    own_trip,
    prove_trip,
    rooms_of,
    stop_rows,
)
from pooling.ledger.reciprocity import must_be_mutual
from pooling.legs import stretch_of
from pooling.market.award import TripBook
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for, guests_of, legs_moved
from pooling.store.market import bid, trip
from pooling.store.people import party
from pooling.store.rows import at_revision, changed, held
from pooling.store.trips import find_trip, return_of, stops_of, write_stops
from pooling.trips.keeping import HOURS, Broken, ChangeBreaksPromises, keep_guests, refusal_of_broken


class GuestsAboard(Refusal):
    code = "guests_aboard"
    reason = (
        "{guests} {guests:shipment rides/shipments ride} on this trip: another party cannot take it over."
    )
    cure = "Keep its owner, or cancel the trip and announce another."


class AskedMore(Refusal):
    code = "asked_more"
    reason = (
        "{guests} {guests:shipment rides/shipments ride} on this trip: what its owner asks can only fall."
    )
    cure = "Leave the price of an hour and of a crate as they are, or lower them."


class BackTooEarly(ReturnTooEarly):
    reason = "The way back would begin elsewhere, or before the trip that it returns from is over."
    cure = "Let it begin where that trip ends, when its last hour is over; or change that trip first."


class TripStays(TripNotOpen):
    reason = "Trip {trip} is {state}: it can no longer be changed."
    cure = "Announce another trip for what you want to drive."


class ChangeLate(CutoffPassed):
    reason = "The last hour for guests on trip {trip} is over: it can no longer be changed."
    cure = "Drive it as it was agreed, or cancel it; its page tells what you would then owe its guests."


@dataclass(frozen=True)
class Changed:
    """Hold a trip's row and what it would become, its guests kept."""

    row: Row[Any]
    proved: Proved


def change_trip(
    desk: Desk, who: Actor, ask: Ask, trip_id: str, revision: int | None, words: TripWords
) -> str:
    """
    Change a trip; its guests keep their hours, room, price and ground, or it stays as it is.

    Bids that wait are decided on the trip as it then stands.
    """

    def decide(view: View) -> Changed:
        row = own_trip(view, who, trip_id)
        at_revision(row, revision, kind="trip")
        who.must_act_for(words.owner_id, "the owner")
        return decide_change(desk, view, row, words)

    def save(tx: Tx, decided: Changed) -> str:
        save_change(desk, tx, decided, {"detached": True} if decided.row.series_id else {})
        return trip_id

    return desk.once_decided(ask, decide, save)


def decide_change(desk: Desk, view: View, row: Row[Any], words: TripWords) -> Changed:
    """Decide what a trip would become; refuses one that breaks promises, with all that it would break."""
    _must_be_in_time(row, view.now_at)
    if words.owner_id != row.owner_id:
        may_post(view, row.community_id, words.owner_id)
    proved = prove_trip(desk, view, row.id, words)
    _must_meet_return(view, row, words)
    stored = load_trip(desk, view, row)
    if stored.book.guests and words.owner_id != row.owner_id:
        raise GuestsAboard(guests=len(stored.book.guests))
    risen = words.hour_cents > row.hour_cents or words.asked_cents > row.asked_cents
    if stored.book.guests and risen:
        raise AskedMore(guests=len(stored.book.guests))
    if stored.book.guests or stored.book.left_cents:
        proved = _with_guests_in_some_order(desk, view, stored, proved, words)
    return Changed(row, proved)


def save_change(desk: Desk, tx: Tx, decided: Changed, more: Mapping[str, object]) -> None:
    """
    Write a changed trip: stops, room, plan, and what moves for its guests; ``Moved`` where it is stale.

    ``more`` is kept of the trip besides.
    """
    row, proved = decided.row, decided.proved
    _must_be_in_time(row, tx.now_at)
    _year_must_stand(tx, row.id, proved)
    _hold_both_ways(tx, row)
    _must_meet_return(tx, row, proved.words)
    moved_if_changed(lambda: changed(tx, trip, row, {**proved.values(desk), **more}))
    write_stops(tx, row.id, stop_rows(proved.words), proved.book.legs or rooms_of(proved.words))
    aboard = guests_of(tx, row.id)
    prices = {guest.shipment.id: guest.price_cents for guest in proved.book.guests}
    for one in aboard:
        lower(tx, one, row.owner_id, "price_cents", prices[one.shipment_id])
        stretch = stretch_of(proved.book.route, one.shipment_id)
        legs_moved(tx, one.id, stretch.first, stretch.last)
    tell_moved_hours(tx, StoredTrip(row, proved.book, proved.standing), proved.book)
    asking = asking_for(tx, trip_id=row.id)
    for one in asking:  # none waits longer than it can be answered
        if one.expires_at > proved.cutoff_at:
            ends = {"expires_at": proved.cutoff_at}
            moved_if_changed(lambda one=one, ends=ends: changed(tx, bid, one, ends))  # type: ignore[misc]
    told = {one.payer_id for one in (*aboard, *asking)}
    tx.tell("trip.changed", "trip", row.id, {row.owner_id, proved.words.owner_id, *told})


def _year_must_stand(tx: Tx, trip_id: str, proved: Proved) -> None:
    """Hold a private owner, whose prices were lowered into its year; ``Moved`` where that has changed."""
    year, owner_id = proved.book.year, proved.words.owner_id
    if year is not None:
        held(tx, party, owner_id)
        year_must_stand(tx, year, trip_id, owner_id, proved.day)


def _must_be_in_time(row: Row[Any], now_at: int) -> None:
    if row.state != "open":
        raise TripStays(trip=row.id, state=said(row.state))
    if now_at >= row.cutoff_at:
        raise ChangeLate(trip=row.id)


def _hold_both_ways(tx: Tx, row: Row[Any]) -> None:
    """Hold a trip and its way back, in one order for everybody: each may be changed, not past the other."""
    back = return_of(tx, row.id)
    both = {row.id, row.returns_id or row.id, row.id if back is None else back.id}
    for trip_id in sorted(both) if len(both) > 1 else ():
        held(tx, trip, trip_id)


def _must_meet_return(view: View, row: Row[Any], words: TripWords) -> None:
    """Refuse a change after which one van would still be on its way there when its way back begins."""
    back = return_of(view, row.id)
    if back is not None and not _meet(words.stops[-1], stops_of(view, [back.id])[back.id][0]):
        raise ReturnTooEarly
    there = find_trip(view, row.returns_id) if row.returns_id else None
    if there is None or there.state == "cancelled":
        return
    if not _meet(stops_of(view, [there.id])[there.id][-1], words.stops[0]):
        raise BackTooEarly


def _meet(ends: Row[Any] | StopWords, begins: Row[Any] | StopWords) -> bool:
    """Tell whether a way back begins where the way there ends, when its last hour is over."""
    return bool(begins.site_id == ends.site_id and begins.opens_at >= ends.closes_at)


def _with_guests_in_some_order(
    desk: Desk, view: View, stored: StoredTrip, proved: Proved, words: TripWords
) -> Proved:
    """Put the guests in; where another order of free stops would break their promises, as it was written."""
    try:
        return _with_guests(desk, view, stored, proved)
    except ChangeBreaksPromises:
        if proved.words.stops == words.stops:
            raise
    written = prove_trip(desk, view, stored.row.id, replace(words, free_order=False))
    kept = _with_guests(desk, view, stored, written)
    return replace(kept, words=replace(kept.words, free_order=True))


def _with_guests(desk: Desk, view: View, stored: StoredTrip, proved: Proved) -> Proved:
    """Put the guests into the changed trip; sites of what was agreed lie where they lay then."""
    bids = guests_of(view, stored.row.id)
    if any(one.in_kind == AGREED for one in bids):
        must_be_mutual(proved.words.regime)
    parties = stored.standing.day.parties
    if bids and proved.day != stored.row.day:
        raise refusal_of_broken(
            [Broken(one.shipment_id, one.payer_id, (HOURS,)) for one in bids],
            {one.payer_id: parties[one.payer_id].name for one in bids},
        )
    standing = _merged(desk, stored.standing, proved)
    words, row = proved.words, stored.row
    without = replace(
        opened(standing, proved.book.trip),
        legs=rooms_of(words),
        left_cents=stored.book.left_cents,
        year=private_year(desk, view, row.id, words.owner_id, words.regime, proved.day),
    )
    book: TripBook = keep_guests(standing.day, without, [guest_of(standing, one) for one in bids])
    return replace(proved, standing=standing, book=book)


def _merged(desk: Desk, agreed: Standing, proved: Proved) -> Standing:
    """Return the day of the changed trip with its guests' shipments, on one ground."""
    theirs = proved.standing
    sites = {**theirs.day.sites, **agreed.day.sites}
    parties = {**theirs.day.parties, **agreed.day.parties}
    day = replace(theirs.day, sites=sites, parties=parties, shipments=agreed.day.shipments)
    return Standing(day, desk.grounds.ground(list(sites.values())), {})
