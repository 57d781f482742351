"""
Offers: the trips and tours of the day that could carry these crates, and for each that could not, why.

Every offer is decided by the same code as an acceptance, on what is committed now: a trip whose stops
merely pass by is found, because every slot of its route is tried. Nothing is held by looking.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.costs.carbon import van_co2_g
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import ShipmentWords, must_act_for_both, shipment_values
from pooling.desk.market.demand import note_unmet_search
from pooling.desk.market.kept_trips import Asker
from pooling.desk.market.many_rides import Tried, try_rides
from pooling.desk.market.near_trips import lay_out_ahead, near_trips
from pooling.desk.market.night_trips import night_trips
from pooling.desk.market.offer import NoOffer, Offer, Offers, Sort
from pooling.desk.market.pooled_pickups import pooled_pickup
from pooling.desk.market.rides import Asking, Decided, asking_of, decide_ride, must_be_open, why_no_ride
from pooling.desk.tours.tour_offers import offers_on_tours
from pooling.desk.trips.cancel_terms import terms_of_stored
from pooling.market.saving import spared_m
from pooling.regimes import COST_SHARING, papers_to_carry
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.shipments import seen_shipment
from pooling.store.trips import trips_by_id

TRIPS_TRIED_LIMIT = 40
"""Trips of one day that one search tries in every slot: of more, those that pass nearest by the road."""

TRIPS_SEEN_LIMIT = 5_000
"""Open trips of one day that one search knows of."""

ASKED = "shp_asked"
"""What crates are called that were not entered yet."""


ENOUGH = 12
"""Rides that fit, after which no farther trip is tried: the nearest by the road are tried first."""

EXPLAINED = 10
"""Of so many trips each that does not fit tells why, and of more the nearest ones."""

EXPLAINED_OF_MORE = 4

TRIED_LEAST = 4
"""So many trips at once are tried at least: first as many as rides are wanted, then as many as lack."""

TourOffers = Callable[[Desk, View, Row[Any]], tuple[Sequence[Offer], Sequence[NoOffer], bool]]
"""Rank the proposed tours for one shipment's row, and tell whether there are more than were tried."""


def find_offers(
    desk: Desk,
    who: Actor,
    wanted: str | ShipmentWords,
    tour_offers: TourOffers = offers_on_tours,
    *,
    sort: Sort = "price",
) -> Offers:
    """
    Look for rides for a shipment that stands, or for crates that were not entered yet.

    A search that finds none is counted as unmet demand, which names nobody.
    """
    with desk.store.view() as stored:
        view = stored.remembering()
        row = _wanted(desk, view, who, wanted)
        found = offers_for(desk, view, row, tour_offers, sort=sort)
    if not found.rides:
        note_unmet_search(desk, row)
    return found


def offers_for(
    desk: Desk, view: View, row: Row[Any], tour_offers: TourOffers = offers_on_tours, *, sort: Sort = "price"
) -> Offers:
    """
    Rank the rides of a shipment's day: those that fit in order, then those that do not, the nearest first.

    The trips that pass nearest are decided first, and no more than give enough rides to choose from. Only
    what exists for who pays is offered, whoever looks.
    """
    found = rides_for(desk, view, row, tour_offers, sort=sort)
    return replace(found, pooled=pooled_pickup(desk, view.for_payer(row.payer_id), row))


def get_ready(desk: Desk) -> dict[date, list[str]]:
    """
    Let the first bid find the roads laid out, and the first search its day; for a process that starts.

    Returns the trips of the days that were laid out.
    """
    with suppress(Refusal):  # another engine may be away for now
        desk.grounds.get_ready()
    return lay_out_ahead(desk, TRIPS_TRIED_LIMIT, TRIPS_SEEN_LIMIT)


def rides_for(
    desk: Desk, view: View, row: Row[Any], tour_offers: TourOffers = offers_on_tours, *, sort: Sort = "price"
) -> Offers:
    """Rank the same without looking at what others send."""
    view = view.for_payer(row.payer_id).remembering()
    near = near_trips(desk, view, row, TRIPS_TRIED_LIMIT, TRIPS_SEEN_LIMIT)
    asker = Asker(desk, view, row, asking_of(view, row), near.ways)
    rides, others, more = tour_offers(desk, view, row)
    found: list[Offer | NoOffer] = [*rides, *others]
    nights, more_nights = night_trips(view, row)
    found += [offer_on_trip(desk, view, one, row, asker.asking) for one in nights]
    missed: list[Tried] = []
    lacking, left = ENOUGH - len(rides), list(near.ids)
    while lacking > 0 and left:
        count = max(TRIED_LEAST, lacking)
        some, left = left[:count], left[count:]
        trips = trips_by_id(view, some)
        for one in try_rides(asker, [trips[each] for each in some]):
            if one.ride is None:
                missed.append(one)
            else:
                alone_m = asker.spared(one.ride.stored.standing).metres
                found.append(_offer(one.ride, _whose(view, one.trip), alone_m))
                lacking -= 1
    explained = EXPLAINED if len(near.ids) <= EXPLAINED else EXPLAINED_OF_MORE
    found += [_missed(asker, one) for one in missed[:explained]]
    fit = sorted((one for one in found if isinstance(one, Offer)), key=lambda one: one.rank(sort))
    missing = tuple(one for one in found if isinstance(one, NoOffer))
    return Offers(tuple(fit), missing, seen=near.seen + len(nights), beyond=near.cut or more or more_nights)


def offer_on_trip(
    desk: Desk, view: View, trip: Row[Any], row: Row[Any], asking: Asking | None = None
) -> Offer | NoOffer:
    """Decide what one trip offers for a shipment, or why it cannot carry it."""
    whose = _whose(view, trip)
    try:
        ride = decide_ride(desk, view, trip, row, None, asking=asking)
    except Refusal as refusal:
        return NoOffer(**whose, refusal=refusal)
    own = [one for one in ride.stored.standing.day.shipments if one.payer == row.payer_id]
    return _offer(ride, whose, spared_m(ride.stored.standing.baseline, own, row.id))


def _missed(asker: Asker, tried: Tried) -> Offer | NoOffer:
    """Say why a trip that was tried cannot carry a shipment; one that was not loaded is refused before."""
    if tried.stored is None or asker.shipment.state != "open":
        return offer_on_trip(asker.desk, asker.view, tried.trip, asker.shipment, asker.asking)
    saved = asker.spared(tried.stored.standing).cents
    refusal = saved if isinstance(saved, Refusal) else why_no_ride(tried.stored, asker.shipment, saved)
    return NoOffer(**_whose(asker.view, tried.trip), refusal=refusal)


def _whose(view: View, trip: Row[Any]) -> dict[str, Any]:
    owner = parties_by_id(view, [trip.owner_id])[trip.owner_id]
    return {"kind": "trip", "ride_id": trip.id, "owner_id": owner.id, "owner_name": owner.name}


def _offer(ride: Decided, whose: Mapping[str, Any], alone_m: int) -> Offer:
    stands, book = ride.stored.standing, ride.book
    stops = [stands.day.sites[stop.site].name for stop in book.trip.stops]
    sharing = book.trip.regime in COST_SHARING
    detour_m = book.route.distance_m - ride.stored.book.route.distance_m
    hours: Mapping[str, Any] = ride.promised()
    return Offer(
        **whose,
        **hours,
        detour_s=ride.guest.detour_s,
        detour_m=detour_m,
        floor_cents=ride.floor_cents,
        price_cents=ride.guest.price_cents,
        most_cents=ride.guest.price_cents if sharing else max(ride.guest.price_cents, ride.saved_cents),
        regime=book.trip.regime,
        papers=papers_to_carry(book.trip.regime),
        co2_g=van_co2_g(max(0, detour_m)),
        alone_co2_g=van_co2_g(alone_m),
        way_from=stops[ride.stretch.first],
        way_to=stops[ride.stretch.last + 1],
        instant=ride.stored.row.instant,
        alone_cents=max(0, ride.saved_cents),
        terms=terms_of_stored(ride.stored),
        asks=(book.trip.hour_cents, book.trip.asked_cents),
    )


def _wanted(desk: Desk, view: View, who: Actor, wanted: str | ShipmentWords) -> Any:  # noqa: ANN401
    """Return the shipment's row; crates that were not entered yet are given one that is not kept."""
    if isinstance(wanted, str):
        row = seen_shipment(view, wanted)
        who.must_see("shipment", wanted, row.shipper_id, row.payer_id)
        must_be_open(row)
        return row
    must_act_for_both(who, wanted)
    return unentered(view, shipment_values(desk, view, wanted))


def unentered(view: View, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - a row that is not kept
    """Return crates that nobody entered as a row."""
    return SimpleNamespace(id=ASKED, state="open", revision=0, created_at=view.now_at, **values)
