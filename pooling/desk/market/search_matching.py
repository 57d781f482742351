"""
Kept searches told: each ride that could carry something new is tried for every search of its day.

A duty reads what may have made room, so that nobody who announces or leaves a ride waits for it. Each such
ride stands in a queue until every search was tried, a page at a time: however many are kept, none is
dropped, and whoever is killed goes on from the last page. Each search is told of each ride at most once.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.days import day_clock
from pooling.desk.desk import Desk, Moved
from pooling.desk.goods.shipments import ShipmentWords, shipment_values
from pooling.desk.market.kept_trips import Asker
from pooling.desk.market.many_rides import try_rides
from pooling.desk.market.night_trips import days_under_way
from pooling.desk.market.offer import Offer
from pooling.desk.market.offers import offer_on_trip, unentered
from pooling.desk.market.rides import asking_of
from pooling.desk.tours.tour_offers import offer_on_tour, whose_tour
from pooling.desk.tours.tour_world import is_of_its_day
from pooling.hours import day_seconds
from pooling.store import Tx, View
from pooling.store.bids import trips_of
from pooling.store.notices import advance, events_about, read_to
from pooling.store.searches import (
    is_kept,
    next_queued,
    note_told,
    queue_ride,
    searches_for,
    was_told,
    went_on,
)
from pooling.store.tour_orders import tours_of_orders
from pooling.store.tours import find_tour, tours_driven_by
from pooling.store.trips import find_trip, hired_trips

log = logging.getLogger("carriole.searches")

READER = "searches"

ON_TRIPS = frozenset(
    {"trip.announced", "trip.changed", "bid.withdrawn", "bid.refused", "goods.named", "room.released"}
)
ON_TOURS = frozenset(
    {"tour.proposed", "tour.changed", "tour.left", "tour.moved_by_hand", "tour.reopened", "tour.van_changed"}
    | {"round.day_made", "tour_order.line_withdrawn"}
)
TOPICS = ON_TRIPS | ON_TOURS | {"party.vetted"}
"""What may give a search a ride: a new one, another one, room that is free, a carrier again."""

EVENTS_AT_ONCE = 50

EVENT_PAGES_AT_ONCE = 100
"""Pages of events that one call of the duty reads; it goes on from there the next time."""

SEARCHES_AT_ONCE = 50
"""Searches that are tried on one ride before it is noted how far that came."""

PAGES_AT_ONCE = 20
"""Pages that one call of the duty tries; the queue keeps the others for the next one."""

Ride = tuple[str, str]
"""Its kind and its id."""


def match_searches(desk: Desk) -> int:
    """
    Tell the searches that a ride fits which is new, has changed or has room again; returns how many.

    Called by the clock; any number of workers may do so at once, and calling it again changes nothing.
    """
    by_turns(lambda: 0 if _queued(desk) else None, EVENT_PAGES_AT_ONCE)
    return by_turns(lambda: _page_told(desk), PAGES_AT_ONCE)


def by_turns(turn: Callable[[], int | None], at_most: int) -> int:
    """Tell turn after turn until nothing is left (``None``), or another worker is at it; returns how many."""
    told = 0
    with suppress(Moved, IntegrityError):
        for _ in range(at_most):
            found = turn()
            if found is None:
                break
            told += found
    return told


def _queued(desk: Desk) -> bool:
    """Put the rides that the next events are about into the queue; false where nothing happened since."""
    with desk.store.view() as view:
        seen = read_to(view, READER)
        events = events_about(view, TOPICS, seen or 0, EVENTS_AT_ONCE)
        rides = [one for one in _rides_of(view, events) if _page_for(view, one, "", 1)]
    if not events:
        return False

    def save(tx: Tx) -> None:
        if not advance(tx, seen, int(events[-1].id), READER):
            raise Moved
        for kind, ride_id in rides:
            queue_ride(tx, kind, ride_id)

    desk.store.change(save)
    return True


def _rides_of(view: View, events: Sequence[Row[Any]]) -> list[Ride]:
    """Return the rides that events are about, each once."""
    about: dict[str, list[str]] = {}
    for event in events:
        about.setdefault(event.about_kind, []).append(event.about_id)
    vetted = about.get("party", [])
    trips = [*about.get("trip", []), *trips_of(view, about.get("bid", []))]
    trips += [one.id for party_id in vetted for one in hired_trips(view, party_id)]
    tours = [*about.get("tour", []), *tours_of_orders(view, about.get("tour_order", []))]
    tours += [one.id for party_id in vetted for one in tours_driven_by(view, party_id, "proposed")]
    return [("trip", one) for one in dict.fromkeys(trips)] + [("tour", one) for one in dict.fromkeys(tours)]


def _page_told(desk: Desk) -> int | None:
    """Try the next searches on the ride that waits longest; ``None`` where no ride waits."""
    with desk.store.view() as stored:
        view = stored.remembering()
        queued = next_queued(view)
        if queued is None:
            return None
        ride = queued.ride_kind, queued.ride_id
        page = _page_for(view, ride, queued.after_id, SEARCHES_AT_ONCE)
        fits = {one.id: offer for one in page if (offer := _offered(desk, view, ride, one)) is not None}

    def save(tx: Tx) -> int:
        after_id = page[-1].id if len(page) == SEARCHES_AT_ONCE else ""
        if not went_on(tx, queued, after_id):
            raise Moved
        return sum(tell_once(tx, ride, search_id, fit) for search_id, fit in fits.items())

    told: int = desk.store.change(save)
    return told


def _page_for(view: View, ride: Ride, after_id: str, limit: int) -> Sequence[Row[Any]]:
    """List searches that this ride may fit and that were not told of it; none where it takes nobody."""
    kind, ride_id = ride
    row = find_trip(view, ride_id) if kind == "trip" else find_tour(view, ride_id)
    if row.state != ("open" if kind == "trip" else "proposed") or row.cutoff_at <= view.now_at:
        return ()
    if kind == "trip":
        return searches_for(view, ride_id, days_under_way(row), row.owner_id, after_id, limit)
    days = (row.day, row.day + timedelta(days=1))  # it may still be under way next morning
    return searches_for(view, ride_id, days, whose_tour(row), after_id, limit)


@dataclass(frozen=True)
class Fit:
    """Hold whose search a ride fits, and at what price."""

    party_id: str
    price_cents: int


def _offered(desk: Desk, view: View, ride: Ride, search: Row[Any]) -> Fit | None:
    """Return what a ride offers for a search, where it does and for no more than was said."""
    eyes = view.seen_by(search.party_id)
    try:
        price_cents = (
            _on_trip(desk, eyes, ride, search) if ride[0] == "trip" else _on_tour(desk, eyes, ride, search)
        )
    except Refusal:  # it does not exist for who looks, or one of its places is gone
        return None
    except Exception:  # of one search no other waits in vain
        log.exception("a search went wrong", extra={"search": search.id, "ride": ride[1]})
        return None
    return fit_for(search, price_cents)


def fit_for(search: Row[Any], price_cents: int | None) -> Fit | None:
    """Return a fit, where a ride has a price that is not more than was said."""
    if price_cents is None or (search.most_cents is not None and price_cents > search.most_cents):
        return None
    return Fit(search.party_id, price_cents)


def _on_trip(desk: Desk, view: View, ride: Ride, search: Row[Any]) -> int | None:
    """Return the price for which crates of its day, or of the next while it is under way, ride on a trip."""
    trip = find_trip(view, ride[1])
    for day in days_under_way(trip):
        price_cents = _for_day(desk, view, trip, search, day) if is_looked_for_on(search, day) else None
        if price_cents is not None:
            return price_cents
    return None


def _for_day(desk: Desk, view: View, trip: Row[Any], search: Row[Any], day: date) -> int | None:
    try:
        row = wanted_on(desk, view, search, day)
    except Refusal:  # its hours of that day are over, or somebody is there on the other day only
        return None
    if row.day != trip.day:
        offer = offer_on_trip(desk, view, trip, row)
        return offer.price_cents if isinstance(offer, Offer) else None
    tried = try_rides(Asker(desk, view, row, asking_of(view, row)), [trip])[0]
    return None if tried.ride is None else tried.ride.guest.price_cents


def _on_tour(desk: Desk, view: View, ride: Ride, search: Row[Any]) -> int | None:
    """Return the share for which crates of its day, or of the next while it is under way, join a tour."""
    tour = find_tour(view, ride[1])
    for day in (tour.day, tour.day + timedelta(days=1)):
        if not is_looked_for_on(search, day):
            continue
        row = wanted_on(desk, view, search, day)
        offer = offer_on_tour(desk, view, tour, row, "") if is_of_its_day(tour, row) else None
        if isinstance(offer, Offer):
            return offer.price_cents
    return None


def is_looked_for_on(search: Row[Any], day: date) -> bool:
    return bool(search.first_day <= day <= search.last_day and search.weekdays & 1 << day.weekday())


def wanted_on(desk: Desk, view: View, search: Row[Any], day: date) -> Any:  # noqa: ANN401 - a row that is not kept
    """Return the crates of a search as they would be entered for a day, by its local hours."""
    clock = day_clock(desk, day)
    midnight_at = int(clock.midnight.timestamp())
    hours: Mapping[str, Any] = {
        f"{name}_at": midnight_at + day_seconds(clock, getattr(search, f"{name}_s"))
        for name in ("ready", "pickup_by", "deliver_from", "deliver_by")
    }
    words = ShipmentWords(
        shipper_id=search.party_id,
        payer_id=search.party_id,
        from_site_id=search.from_site_id,
        to_site_id=search.to_site_id,
        temperature=search.temperature,
        crates=search.crates,
        kg=search.kg,
        **hours,
    )
    return unentered(view, shipment_values(desk, view, words))


def tell_once(tx: Tx, ride: Ride, search_id: str, fit: Fit) -> int:
    """Tell one search of a ride, once; returns 1 where it was told."""
    kind, ride_id = ride
    if not is_kept(tx, search_id) or was_told(tx, search_id, ride_id):
        return 0
    note_told(tx, search_id, ride_id)
    tx.tell("search.matched", kind, ride_id, {fit.party_id}, search=search_id, price_cents=fit.price_cents)
    return 1
