"""
A member's crates that wait for the shop, with what the trip of whoever is on duty offers each of them.

Each is decided by the code of acceptance; it is bid for in one call, as every alternative is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.communities.shops import must_be_open_shop, seen_shop
from pooling.desk.desk import Desk
from pooling.desk.market.offer import NoOffer
from pooling.desk.market.offers import offer_on_trip
from pooling.desk.market.other_ways import OtherWay, as_it_is
from pooling.desk.trips.series import today_in
from pooling.store import View
from pooling.store.rotas import duty_trips_from, waiting_for_shop
from pooling.store.trips import trips_by_id

RIDES_LIMIT = 20
"""So many waiting shipments of one member are asked about at once."""


@dataclass(frozen=True)
class DutyRide:
    """Hold a shipment that waits for the shop, and the ride that it is offered, or why it has none."""

    row: Row[Any]
    ways: Sequence[OtherWay]
    why_not: NoOffer | None = None


def duty_rides(desk: Desk, view: View, who: Actor, shop_id: str) -> list[DutyRide]:
    """Look what the trips that were posted for a shop offer the crates that one's own parties pay for."""
    shop = seen_shop(view, who, shop_id)
    must_be_open_shop(shop)
    return list(_rides(desk, view, who, shop))


def _rides(desk: Desk, view: View, who: Actor, shop: Row[Any]) -> Iterator[DutyRide]:
    posted = duty_trips_from(view, shop.id, today_in(view.now_at, shop.timezone))
    trips = trips_by_id(view, [one.trip_id for one in posted])
    asked = 0
    for one in posted:
        trip = trips.get(one.trip_id)
        if trip is None or trip.state == "cancelled":
            continue
        payers = set(who.manages) - {one.party_id}
        for row in waiting_for_shop(view, shop.site_id, one.day, payers, RIDES_LIMIT - asked):
            asked += 1
            found = offer_on_trip(desk, view.for_payer(row.payer_id), trip, row)
            if isinstance(found, NoOffer):
                yield DutyRide(row, (), found)
            else:
                yield DutyRide(row, (as_it_is(row, found),))
