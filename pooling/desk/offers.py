"""
Offers: the trips of the day that could carry these crates, and for each that could not, why.

Every offer is decided by the same code as an acceptance, on what is committed now: a trip whose stops
merely pass by is found, because every slot of its route is tried. Nothing is held by looking.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.near_trips import near_trips
from pooling.desk.rides import Decided, decide_ride, must_be_open
from pooling.desk.shipments import ShipmentWords, must_act_for_both, shipment_values
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.shipments import find_shipment
from pooling.store.trips import open_trips

TRIPS_TRIED_LIMIT = 100
"""Trips of one day that one search tries in every slot: of more, those that pass nearest by the road."""

TRIPS_SEEN_LIMIT = 5_000
"""Open trips of one day that one search knows of."""

ASKED = "shp_asked"
"""What crates are called that were not entered yet."""


@dataclass(frozen=True)
class Offer:
    """
    Hold a ride that could be had now: hours at both ends, detour, and what it would cost.

    ``floor_cents`` is what the detour costs the owner: no lower bid can be taken. Whoever bids
    ``price_cents`` or more pays it under cost sharing; a carrier is paid as bid, from there on.
    ``alone_cents`` is what the ride spares its payer.
    """

    kind: Literal["trip", "tour"]
    ride_id: str
    owner_id: str
    owner_name: str
    pickup_at: int
    drop_at: int
    detour_s: int
    floor_cents: int
    price_cents: int
    instant: bool = False
    alone_cents: int | None = None


@dataclass(frozen=True)
class NoOffer:
    """Hold a ride that cannot carry the crates as they are: its true reason, and the smallest change."""

    kind: Literal["trip", "tour"]
    ride_id: str
    owner_id: str
    owner_name: str
    refusal: Refusal


@dataclass(frozen=True)
class Offers:
    """Hold what was found, the cheapest first, and what was tried in vain."""

    rides: tuple[Offer, ...]
    others: tuple[NoOffer, ...]


TourOffers = Callable[[Desk, View, Row[Any]], tuple[Sequence[Offer], Sequence[NoOffer]]]
"""Rank the proposed tours for one shipment's row."""


def find_offers(
    desk: Desk, who: Actor, wanted: str | ShipmentWords, tour_offers: TourOffers | None = None
) -> Offers:
    """Look for rides for a shipment that stands, or for crates that were not entered yet."""
    with desk.store.view() as view:
        row = _wanted(desk, view, who, wanted)
        seen = open_trips(view, row.day, view.now_at, TRIPS_SEEN_LIMIT)
        trips = near_trips(desk, view, seen, row, TRIPS_TRIED_LIMIT)
        names = {one.id: one.name for one in parties_by_id(view, [trip.owner_id for trip in trips]).values()}
        found = [_on_trip(desk, view, trip, row, names[trip.owner_id]) for trip in trips]
        rides: list[Offer] = [one for one in found if isinstance(one, Offer)]
        others: list[NoOffer] = [one for one in found if isinstance(one, NoOffer)]
        if tour_offers is not None:
            more_rides, more_others = tour_offers(desk, view, row)
            rides, others = [*rides, *more_rides], [*others, *more_others]
    rides.sort(key=lambda one: (one.price_cents, one.drop_at, one.ride_id))
    return Offers(tuple(rides), tuple(others))


def _on_trip(desk: Desk, view: View, trip: Row[Any], row: Row[Any], owner_name: str) -> Offer | NoOffer:
    whose = {"kind": "trip", "ride_id": trip.id, "owner_id": trip.owner_id, "owner_name": owner_name}
    try:
        ride = decide_ride(desk, view, trip, row, None)
    except Refusal as refusal:
        return NoOffer(**whose, refusal=refusal)
    return _offer(ride, whose)


def _offer(ride: Decided, whose: dict[str, Any]) -> Offer:
    promised = ride.promised()
    return Offer(
        **whose,
        pickup_at=promised["pickup_at"],
        drop_at=promised["drop_at"],
        detour_s=ride.guest.detour_s,
        floor_cents=ride.floor_cents,
        price_cents=ride.guest.price_cents,
        instant=ride.stored.row.instant,
        alone_cents=max(0, ride.saved_cents),
    )


def _wanted(desk: Desk, view: View, who: Actor, wanted: str | ShipmentWords) -> Any:  # noqa: ANN401
    """Return the shipment's row; crates that were not entered yet are given one that is not kept."""
    if isinstance(wanted, str):
        row = find_shipment(view, wanted)
        who.must_see("shipment", wanted, row.shipper_id, row.payer_id)
        must_be_open(row)
        return row
    must_act_for_both(who, wanted)
    values = shipment_values(desk, view, wanted)
    return SimpleNamespace(id=ASKED, state="open", revision=0, created_at=view.now_at, **values)
