"""
The terms of cancelling, out of the store: those of a trip as it stands, and those that a bid was told.

A bid keeps the hours that it was placed on. Where the trip's hours move, whoever cancels is asked for no more
than by either.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.market.rides import TripNotOpen
from pooling.desk.states import said
from pooling.desk.trips.trip_books import StoredTrip
from pooling.store import View
from pooling.store.trips import leaving_hours_of
from pooling.trips.cancelling import Terms


class TripSetOut(Refusal):
    code = "trip_set_out"
    reason = "Trip {trip} has set out."
    cure = "Call its driver; what was agreed is settled at the stops."


class WhoRidesIsSettled(TripNotOpen):
    reason = "Trip {trip} is {state}: who rides on it is settled."
    cure = "Call its owner; what was agreed is settled at the stops."


def terms_of_trip(view: View, row: Row[Any]) -> Terms:
    """Return the terms that a trip's hours make now."""
    return terms_of_trips(view, [row.id])[row.id]


def terms_of_stored(stored: StoredTrip) -> Terms:
    """Return the same of a trip that was loaded with its book."""
    midnight_at = int(stored.standing.day.clock.midnight.timestamp())
    return Terms(stored.row.cutoff_at, midnight_at + stored.book.trip.stops[0].hours.closes_s)


def terms_of_bid(asked: Row[Any], now: Terms) -> Terms:
    """Return the terms of a bid: what it was told, or what stands ``now`` where that asks for less."""
    if asked.free_until_at is None:
        return now
    return now.at_most(Terms(asked.free_until_at, asked.sets_out_at))


def terms_of_trips(view: View, trip_ids: Iterable[str]) -> dict[str, Terms]:
    """Return the terms that the hours of several trips make now."""
    return {one: Terms(*hours) for one, hours in leaving_hours_of(view, trip_ids).items()}


def must_not_have_set_out(row: Row[Any], now: Terms, now_at: int) -> None:
    """Refuse to leave a trip that is frozen, over, or on its way."""
    if row.state != "open":
        raise WhoRidesIsSettled(trip=row.id, state=said(row.state))
    if now_at >= now.sets_out_at:
        raise TripSetOut(trip=row.id)
