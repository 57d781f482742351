"""What the carriage of an order costs now, for whoever pays it, and when its crates come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.tours.tour_standing import tour_now
from pooling.fair.outlook import Outlook, TourNow, outlook
from pooling.store import View
from pooling.store.tours import places_of, tours_by_id


@dataclass(frozen=True)
class Carriage:
    """
    Hold the places of an order's shipments, by shipment, and what they cost together.

    The amount and the outlook are told to who pays alone; they are ``None`` while the order waits.
    """

    places: Mapping[str, Row[Any]]
    pays: bool
    share_cents: int | None
    outlook: Outlook | None


def carriages_of(
    view: View, who: Actor, orders: Sequence[Row[Any]], loads: Mapping[str, Sequence[Row[Any]]]
) -> dict[str, Carriage]:
    """Tell what each of these orders costs to carry as its tour stands, by order."""
    shipments = [one.id for order in orders for one in loads.get(order.id, ())]
    places = places_of(view, shipments)
    tours = tours_by_id(view, {one.tour_id for one in places.values()})
    now = {tour.id: tour_now(view, tour) for tour in tours}
    found = {}
    for order in orders:
        own = {one.id: places[one.id] for one in loads.get(order.id, ()) if one.id in places}
        found[order.id] = _carriage(own, now, pays=who.acts_for(order.payer_id))
    return found


def _carriage(places: Mapping[str, Row[Any]], now: Mapping[str, TourNow | None], *, pays: bool) -> Carriage:
    cents = [one.share_cents for one in places.values() if one.share_cents is not None]
    if not (pays and cents):
        return Carriage(places, pays, None, None)
    ridden = {one.tour_id for one in places.values()}
    stands = now[ridden.pop()] if len(ridden) == 1 else None
    seen = None if stands is None else outlook(stands, [one.id for one in places.values()])
    return Carriage(places, pays, sum(cents), seen)
