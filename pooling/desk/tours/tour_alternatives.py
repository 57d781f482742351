"""
Where else a shipment could ride that a tour did not take: each one call from being taken.

Its own day first (tours and trips, decided by the code of joining and bidding), then the proposed tours of
the days around, at the same hours of the day. Nothing is held by looking.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.market.bids import place_bid
from pooling.desk.market.offer import NoOffer, Offer
from pooling.desk.market.offers import offer_on_trip, offers_for
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rides import must_be_open
from pooling.desk.tours.sign_ups import join_tour, join_tour_moved
from pooling.desk.tours.tour_offers import offer_on_tour
from pooling.store import Ask, View
from pooling.store.days import parties_by_id
from pooling.store.proposals import proposed_near
from pooling.store.shipments import find_shipment
from pooling.store.tours import find_sign_up, find_tour
from pooling.store.trips import find_trip

SAME_DAY_LIMIT = 4
OTHER_DAYS = 3
OTHER_DAYS_LIMIT = 3
"""So many tours of other days are offered, of at most twice as many that are tried."""

MOMENTS = ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")


class OrderedForDay(Refusal):
    code = "ordered_for_day"
    reason = "Shipment {shipment} was ordered for {day}: it goes on that day only."
    cure = "Choose a ride of that day, or let its buyer order it for another one."


@dataclass(frozen=True)
class Elsewhere:
    """Hold another ride for a shipment and its day; ``moves`` where that is another one."""

    offer: Offer
    day: date
    moves: bool


def alternatives_of(desk: Desk, who: Actor, sign_up_id: str) -> list[Elsewhere]:
    """List where else the shipment of a sign-up could ride, for whoever pays for it."""
    with desk.store.view() as view:
        one = find_sign_up(view, sign_up_id)
        who.must_see("sign-up", sign_up_id, one.payer_id)
        row = find_shipment(view, one.shipment_id)
        if row.state != "open":
            return []
        here = offers_for(desk, view, row).rides[:SAME_DAY_LIMIT]
        return [*(Elsewhere(offer, row.day, moves=False) for offer in here), *_on_other_days(desk, view, row)]


def take_alternative(desk: Desk, who: Actor, ask: Ask, sign_up_id: str, kind: str, ride_id: str) -> str:
    """
    Put the shipment of a sign-up on another ride; returns the sign-up or the bid.

    On a tour of another day the shipment moves to that day at the same hours; on a trip it bids what the
    ride costs as it is shown now. The cover terms that were accepted with the sign-up go with it.
    """
    with desk.store.view() as view:
        one = find_sign_up(view, sign_up_id)
        who.must_see("sign-up", sign_up_id, one.payer_id)
        who.must_act_for(one.payer_id, "whoever pays for it")
        row = find_shipment(view, one.shipment_id)
        if kind == "trip":
            cents = _price_on(desk, view, ride_id, row)
        else:
            other = find_tour(view, ride_id)
    if kind == "trip":
        return place_bid(desk, who, ask, ride_id, row.id, cents, BidTerms(cover=one.cover_version))
    if other.day == row.day:
        return join_tour(desk, who, ask, ride_id, row.id, one.cover_version)
    who.must_act_for(row.shipper_id, "its shipper, where the day changes,")
    _must_be_free_to_move(row)
    return join_tour_moved(desk, who, ask, ride_id, row.id, moved_to, one.cover_version)


def moved_to(row: Row[Any], day: date, timezone: str) -> dict[str, object]:
    """Return what changes of a shipment that goes on another day: its hours stay those on the wall."""
    zone, by = ZoneInfo(timezone), day - row.day
    moved = {name: _moved(getattr(row, name), by, zone) for name in MOMENTS}
    return {"day": day, **moved}


def _moved(at: int, by: timedelta, zone: ZoneInfo) -> int:
    return int((datetime.fromtimestamp(at, UTC).astimezone(zone) + by).timestamp())


def _must_be_free_to_move(row: Row[Any]) -> None:
    if row.ordered_by_id:
        raise OrderedForDay(shipment=row.id, day=row.day)


def _price_on(desk: Desk, view: View, trip_id: str, row: Row[Any]) -> int:
    must_be_open(row)
    trip = find_trip(view, trip_id)
    found = offer_on_trip(desk, view, trip, row, "")
    if isinstance(found, NoOffer):
        raise found.refusal
    return found.price_cents


def _on_other_days(desk: Desk, view: View, row: Row[Any]) -> list[Elsewhere]:
    """Try the proposed tours of the days around; none for what a buyer ordered for its day."""
    if row.ordered_by_id:
        return []
    found: list[Elsewhere] = []
    for tour in proposed_near(view, row.day, OTHER_DAYS, 2 * OTHER_DAYS_LIMIT):
        shifted: Any = SimpleNamespace(**row._asdict() | moved_to(row, tour.day, tour.timezone))
        names = parties_by_id(view, [tour.operator_id, tour.carrier_id])
        whose = tour.operator_id if tour.carrier_open else tour.carrier_id
        offer = offer_on_tour(desk, view, tour, shifted, names[whose].name)
        if isinstance(offer, Offer):
            found.append(Elsewhere(offer, tour.day, moves=True))
        if len(found) == OTHER_DAYS_LIMIT:
            break
    return found
