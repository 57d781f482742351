"""
Which trips could carry several shipments of one payer together, and what they would pay.

A shipment may be worth nothing to carry while its payer drives that way anyway for another; together they
spare the whole way. So they are tried together, by the same code as a bundle's acceptance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.market.asking_sets import ENOUGH_CENTS, decide_bundle
from pooling.desk.market.near_trips import near_trips
from pooling.desk.market.night_trips import night_trips
from pooling.desk.market.offers import TRIPS_SEEN_LIMIT
from pooling.desk.market.rides import Decided
from pooling.desk.trips.cancel_terms import terms_of_stored
from pooling.regimes import COST_SHARING
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.shipments import find_shipment
from pooling.store.trips import trips_by_id
from pooling.trips.cancelling import Terms

TRIPS_TRIED = 10
"""Trips that are tried with all of a bundle: those that pass nearest to its first shipment."""


@dataclass(frozen=True)
class BundleOffer:
    """
    Hold a trip that could carry a bundle: its first pickup and last delivery, and what each would pay.

    ``alone_cents`` is what riding spares for all of them together; ``terms`` are those of cancelling it.
    """

    trip_id: str
    owner_name: str
    pickup_at: int
    drop_at: int
    cents: Mapping[str, int]
    terms: Terms
    alone_cents: int

    @property
    def sum_cents(self) -> int:
        return sum(self.cents.values())


def offers_for_all(desk: Desk, view: View, who: Actor, shipment_ids: Sequence[str]) -> list[BundleOffer]:
    """
    List the trips that could carry all of these shipments, the cheapest first; nothing is held.

    None where they are not of one payer and one day: no trip could.
    """
    rows = [find_shipment(view, one) for one in shipment_ids]
    for row in rows:
        who.must_see("shipment", row.id, row.shipper_id, row.payer_id)
    if len({(row.payer_id, row.day) for row in rows}) != 1:
        return []
    view = view.for_payer(rows[0].payer_id)
    near = near_trips(desk, view, rows[0], TRIPS_TRIED, TRIPS_SEEN_LIMIT).ids[:TRIPS_TRIED]
    by_id = trips_by_id(view, near)
    trips = [*(by_id[one] for one in near), *night_trips(view, rows[0])[0]]
    names = {one.id: one.name for one in parties_by_id(view, [trip.owner_id for trip in trips]).values()}
    found = []
    for trip in trips:
        try:
            rides = decide_bundle(desk, view, trip, rows, dict.fromkeys(shipment_ids, ENOUGH_CENTS))
        except Refusal:
            continue
        found.append(_offer(trip.id, names[trip.owner_id], rides))
    return sorted(found, key=lambda one: (one.sum_cents, one.trip_id))


def _offer(trip_id: str, owner_name: str, rides: Mapping[str, Decided]) -> BundleOffer:
    hours = [ride.promised() for ride in rides.values()]
    return BundleOffer(
        trip_id,
        owner_name,
        min(one["pickup_at"] for one in hours),
        max(one["drop_at"] for one in hours),
        _cents(rides),
        terms_of_stored(next(iter(rides.values())).stored),
        sum(ride.saved_cents for ride in rides.values()),
    )


def _cents(rides: Mapping[str, Decided]) -> dict[str, int]:
    """Return what each would pay; where a carrier is paid as bid, its part of the least that it takes."""
    first = next(iter(rides.values()))
    if first.book.trip.regime in COST_SHARING:
        return {one: ride.guest.price_cents for one, ride in rides.items()}
    crates = sum(ride.shipment.crates for ride in rides.values())
    return {one: -(-first.floor_cents * ride.shipment.crates // crates) for one, ride in rides.items()}
