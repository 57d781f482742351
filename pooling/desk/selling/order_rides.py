"""
Which tour an order from a short list rides on, and the crates with which it asks for a place there.

An order names a tour, or it goes to the round that its list is linked to: then it rides on that round's tour
of a day, or on the next one that can be joined.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.days import day_clock
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import THESE, ShipmentWords
from pooling.desk.tours.sign_ups import must_be_in_time
from pooling.desk.tours.tours import must_be_in
from pooling.desk.trips.series import today_in
from pooling.goods.goods import GoodsLoad
from pooling.hours import DayClock, day_seconds
from pooling.store import View
from pooling.store.rounds import tours_of_round
from pooling.store.schema import fresh_id
from pooling.store.tours import find_tour
from pooling.tours.confirming import RidingDearerThanAlone

TOURS_LOOKED = 60
MOVED_DAYS = 7
"""An occurrence may run so long after the day on which the rule put it."""

GOODS_NAME_LIMIT = 120


class TourNotNamed(Refusal):
    code = "tour_not_named"
    reason = "This list is linked to no round, and no tour was named."
    cure = "Name a tour that can be joined."


class NoRoundThatDay(Refusal):
    code = "no_round_that_day"
    reason = "The round of this list does not run on {day}."
    cure = "Order for one of its days, or name no day: then the next one is taken."


class OrderTooLate(Refusal):
    code = "order_too_late"
    reason = "The last hour to order for {day} is over."
    cure = "Order for {next_day}: it is the next day on which this round runs."


class NoDayLeft(Refusal):
    code = "no_day_left"
    reason = "The round of this list has no tour that can still be joined."
    cure = "Name another tour, or ask the producer."


class CarriageTooDear(Refusal):
    code = "carriage_too_dear"
    reason = "The producer pays for the carriage, and this ride would cost it more than to drive itself."
    cure = "Order more at once, choose another tour, or ask the producer to let you pay."


@dataclass(frozen=True)
class Terms:
    """Hold what all shipments of an order share: who, where, and between which moments."""

    producer_id: str
    payer_id: str
    buyer_id: str
    from_site_id: str
    to_site_id: str
    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int


def tour_of_order(view: View, of_list: Row[Any], tour_id: str | None, day: date | None) -> Row[Any]:
    """Return the tour that an order rides on; refuses one that can be joined no more."""
    if tour_id is not None:
        return joinable_tour(view, tour_id)
    if of_list.round_id is None:
        raise TourNotNamed
    return _tour_of_round(view, of_list.round_id, day)


def joinable_tour(view: View, tour_id: str) -> Row[Any]:
    """Return a tour that can be joined, or refuse."""
    row = find_tour(view, tour_id)
    must_be_in(row, "proposed")
    must_be_in_time(view, row)
    return row


def _tour_of_round(view: View, round_id: str, day: date | None) -> Row[Any]:
    from_day = today_in(view.now_at, "UTC") - timedelta(days=MOVED_DAYS)
    tours = tours_of_round(view, round_id, from_day, TOURS_LOOKED)
    open_ones = [one for one in tours if one.state == "proposed" and one.cutoff_at > view.now_at]
    following = min(open_ones, key=lambda one: (one.opens_at, one.id), default=None)
    if following is None:
        raise NoDayLeft
    if day is None:
        return following
    of_day = [one for one in tours if one.day == day]
    still = next((one for one in open_ones if one.day == day), None)
    if still is not None:
        return still
    if not of_day:
        raise NoRoundThatDay(day=day)
    raise OrderTooLate(day=day, next_day=following.day)


def terms_of(
    desk: Desk,
    of_list: Row[Any],
    tour_row: Row[Any],
    buyer_id: str,
    to_site_id: str,
    deliver_at: tuple[int | None, int | None],
) -> Terms:
    """
    Return the terms of an order from a list: its hours are those of the list and, unless said, any.

    On a tour that goes over midnight goods may be handed over until it ends, and those of a list that is
    ready too early for its evening are collected next morning.
    """
    clock = _collected_on(desk, of_list, tour_row)
    midnight_at = int(clock.midnight.timestamp())
    ends_at = max(midnight_at + clock.seconds("24:00"), tour_row.closes_at)
    from_at, by_at = deliver_at
    return Terms(
        producer_id=of_list.producer_id,
        payer_id=of_list.producer_id if of_list.carriage == "producer" else buyer_id,
        buyer_id=buyer_id,
        from_site_id=of_list.site_id,
        to_site_id=to_site_id,
        ready_at=midnight_at + day_seconds(clock, of_list.ready_s),
        pickup_by_at=midnight_at + day_seconds(clock, of_list.collect_by_s),
        deliver_from_at=midnight_at if from_at is None else from_at,
        deliver_by_at=ends_at if by_at is None else by_at,
    )


def _collected_on(desk: Desk, of_list: Row[Any], tour_row: Row[Any]) -> DayClock:
    """Return the day on which a tour drives in the hours of a list: its own, or the one that follows."""
    first = day_clock(desk, tour_row.day, tour_row)
    for clock in (first, day_clock(desk, tour_row.day + timedelta(days=1), tour_row)):
        ready_at, by_at = (
            int(clock.midnight.timestamp()) + day_seconds(clock, at)
            for at in (of_list.ready_s, of_list.collect_by_s)
        )
        if ready_at < tour_row.closes_at and by_at > tour_row.opens_at:
            return clock
    return first


def shipment_words(terms: Terms, load: GoodsLoad) -> ShipmentWords:
    """Say one load of an order as a shipment of the producer's."""
    return ShipmentWords(
        shipper_id=terms.producer_id,
        payer_id=terms.payer_id,
        ordered_by_id=terms.buyer_id,
        from_site_id=terms.from_site_id,
        to_site_id=terms.to_site_id,
        ready_at=terms.ready_at,
        pickup_by_at=terms.pickup_by_at,
        deliver_from_at=terms.deliver_from_at,
        deliver_by_at=terms.deliver_by_at,
        temperature=load.temperature,
        food=load.food,
        crates=load.crates,
        kg=load.kg,
        goods_value_cents=load.value_cents,
        goods=goods_name(load),
    )


def goods_name(load: GoodsLoad) -> str:
    """Name what a shipment of an order holds, as far as there is room for it."""
    return ", ".join(load.products)[:GOODS_NAME_LIMIT]


def wished(view: View, values: Iterable[dict[str, object]]) -> list[SimpleNamespace]:
    """Return rows of shipments that are not kept yet, with the ids that they will have."""
    new = {"state": "open", "revision": 1, "created_at": view.now_at}
    return [SimpleNamespace(id=fresh_id("shp", view.now_at), **new, **one) for one in values]


def said_to_buyer(refusal: Refusal, terms: Terms) -> Refusal:
    """Say a refusal to the buyer, whose business it is not what riding is worth to the producer."""
    if isinstance(refusal, RidingDearerThanAlone) and terms.payer_id != terms.buyer_id:
        return CarriageTooDear()
    if "shipment" in refusal.facts:
        refusal.facts["shipment"] = THESE
    if refusal.besides is not None:
        refusal.besides = said_to_buyer(refusal.besides, terms)
    return refusal
