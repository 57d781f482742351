"""
One shipment tried on many trips at once: which could carry it, at what hours and price; no reasons.

Decided by the code of an acceptance. What is known of the asker is read once, and what is known of a trip is
kept (``kept_trips``), so that of a large day twenty trips are tried in the time that two took by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.communities.belonging import may_ride
from pooling.desk.market.kept_trips import Asker, trips_for
from pooling.desk.market.rides import Decided, ride_on, room_somewhere
from pooling.desk.trips.trip_books import StoredTrip
from pooling.store.trips import legs_of
from pooling.store.trust import blocked_with


@dataclass(frozen=True)
class Tried:
    """Hold a trip that was tried: the ride where it can be had, and the trip as it was loaded, if it was."""

    trip: Row[Any]
    stored: StoredTrip | None = None
    ride: Decided | None = None


def try_rides(asker: Asker, trips: Sequence[Row[Any]]) -> list[Tried]:
    """Try a shipment on open trips of its day, in their order."""
    view, shipment = asker.view, asker.shipment
    legs = legs_of(view, [trip.id for trip in trips])
    blocked = blocked_with(view, [shipment.payer_id])
    able = [
        trip
        for trip in trips
        if trip.owner_id != shipment.payer_id
        and trip.owner_id not in blocked
        and may_ride(view, trip, shipment.payer_id)
        and room_somewhere(legs[trip.id], shipment)
    ]
    stored = trips_for(asker, able, legs) if able else []
    found = {trip.id: _tried(asker, one) for trip, one in zip(able, stored, strict=True)}
    return [found.get(trip.id) or Tried(trip) for trip in trips]


def _tried(asker: Asker, stored: StoredTrip | Refusal) -> Tried | None:
    if isinstance(stored, Refusal):
        return None
    saved_cents = asker.spared(stored.standing).cents
    if isinstance(saved_cents, Refusal):
        return Tried(stored.row, stored)
    return Tried(stored.row, stored, ride_on(stored, asker.shipment, asker.asking, saved_cents))
