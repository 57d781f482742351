"""
Searches that are kept: a party says what it looks for, and is told when a trip fits.

Whether a trip fits is decided by the code that finds offers. A duty looks, which reads the events of trips,
so that nobody who announces one waits for it; each search is told of each trip at most once.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.days import day_clock, day_seconds
from pooling.desk.desk import Desk, Moved
from pooling.desk.goods.shipments import THESE, ShipmentWords, day_at, shipment_values
from pooling.desk.goods.sites import HoursBackwards
from pooling.desk.market.offer import Offer
from pooling.desk.market.offers import ASKED, offer_on_trip
from pooling.shipment import PickupIsDrop
from pooling.store import Ask, Tx, View
from pooling.store.finding import saved_search
from pooling.store.notices import advance, events_about, read_to
from pooling.store.people import party
from pooling.store.rows import NotFound, added, held
from pooling.store.searches import (
    count_searches,
    delete_search,
    find_search,
    is_kept,
    note_told,
    searches_of_day,
    was_told,
)
from pooling.store.sites import sites_by_id
from pooling.store.trips import find_trip

SEARCHES_LIMIT = 20
"""Searches that one party keeps."""

SEARCH_DAYS_LIMIT = 366

TRIED_PER_TRIP = 500
"""Searches that are tried on one trip, the oldest first."""

READER, TOPICS, EVENTS_AT_ONCE = "searches", frozenset({"trip.announced", "trip.changed"}), 20


class TooManySearches(Refusal):
    code = "too_many_searches"
    reason = "Your party keeps {limit} searches already."
    cure = "Remove one that nobody needs any more."


class SearchDaysBad(Refusal):
    code = "search_days_bad"
    reason = "From {first} to {last} no day to come is looked for, or more than {limit}."
    cure = "Choose a last day to come that is not before the first, and at least one weekday between them."


@dataclass(frozen=True)
class SearchWords:
    """Hold what is looked for: hours in seconds on the wall clock, ``weekdays`` a bit for each, Monday 1."""

    party_id: str
    from_site_id: str
    to_site_id: str
    temperature: str
    crates: int
    ready_s: int
    pickup_by_s: int
    deliver_from_s: int
    deliver_by_s: int
    first_day: date
    last_day: date
    weekdays: int = 127
    kg: int | None = None
    most_cents: int | None = None


def keep_search(desk: Desk, who: Actor, ask: Ask, words: SearchWords) -> str:
    """Keep a search of one's own party; returns its id."""
    who.must_act_for(words.party_id)
    _must_be_days(words, day_at(desk, desk.clock.now()))
    if words.from_site_id == words.to_site_id:
        raise PickupIsDrop(shipment=THESE)
    if words.pickup_by_s < words.ready_s or words.deliver_by_s < words.deliver_from_s:
        raise HoursBackwards

    def save(tx: Tx) -> str:
        held(tx, party, words.party_id)
        ends = {words.from_site_id, words.to_site_id}
        for missing in sorted(ends - set(sites_by_id(tx, ends))):
            raise NotFound(kind="site", id=missing)
        if count_searches(tx, words.party_id) >= SEARCHES_LIMIT:
            raise TooManySearches(limit=SEARCHES_LIMIT)
        return added(tx, saved_search, "search", **asdict(words))

    return desk.once(ask, save)


def remove_search(desk: Desk, who: Actor, ask: Ask, search_id: str) -> str:
    """Look no more for what a search of one's own party kept."""

    def save(tx: Tx) -> str:
        row = find_search(tx, search_id)
        who.must_see("search", search_id, row.party_id)
        who.must_act_for(row.party_id)
        delete_search(tx, search_id)
        return search_id

    return desk.once(ask, save)


def match_searches(desk: Desk) -> int:
    """
    Tell the searches that a trip fits which was announced or changed since; returns how many were told.

    Called by the clock; any number of workers may do so at once, and calling it again changes nothing.
    """
    told = 0
    while True:
        with desk.store.view() as view:
            seen = read_to(view, READER)
            events = events_about(view, TOPICS, seen or 0, EVENTS_AT_ONCE)
            fits = _fitting(desk, view, list(dict.fromkeys(event.about_id for event in events)))
        if not events:
            return told
        last = int(events[-1].id)
        try:
            told += desk.store.change(lambda tx, seen=seen, last=last, fits=fits: _told(tx, seen, last, fits))  # type: ignore[misc]
        except (Moved, IntegrityError):
            return told  # another worker is at it


Fits = Mapping[tuple[str, str], tuple[str, int]]
"""The party and the price, by the search and the trip that fits it."""


def _fitting(desk: Desk, view: View, trip_ids: list[str]) -> Fits:
    found = {}
    for trip in [find_trip(view, one) for one in trip_ids]:
        if trip.state != "open" or trip.cutoff_at <= view.now_at:
            continue
        for search in searches_of_day(view, trip, TRIED_PER_TRIP):
            offer = _offered(desk, view, trip, search)
            if offer is not None:
                found[search.id, trip.id] = (search.party_id, offer.price_cents)
    return found


def _offered(desk: Desk, view: View, trip: Row[Any], search: Row[Any]) -> Offer | None:
    """Return what a trip offers for a search, where it does and for no more than was said."""
    try:
        values = shipment_values(desk, view, _on_day(desk, search, trip.day))
    except Refusal:
        return None
    row: Any = SimpleNamespace(id=ASKED, state="open", revision=0, created_at=view.now_at, **values)
    if row.day != trip.day:
        return None
    found = offer_on_trip(desk, view.seen_by(search.party_id), trip, row, "")
    if not isinstance(found, Offer):
        return None
    too_dear = search.most_cents is not None and found.price_cents > search.most_cents
    return None if too_dear else found


def _on_day(desk: Desk, search: Row[Any], day: date) -> ShipmentWords:
    """Return the crates of a search as they would be entered for a day, by its local hours."""
    clock = day_clock(desk, day)
    midnight_at = int(clock.midnight.timestamp())
    hours: Mapping[str, Any] = {
        f"{name}_at": midnight_at + day_seconds(clock, getattr(search, f"{name}_s"))
        for name in ("ready", "pickup_by", "deliver_from", "deliver_by")
    }
    return ShipmentWords(
        shipper_id=search.party_id,
        payer_id=search.party_id,
        from_site_id=search.from_site_id,
        to_site_id=search.to_site_id,
        temperature=search.temperature,
        crates=search.crates,
        kg=search.kg,
        **hours,
    )


def _told(tx: Tx, seen: int | None, last: int, fits: Fits) -> int:
    if not advance(tx, seen, last, READER):
        raise Moved
    told = 0
    for (search_id, trip_id), (party_id, price_cents) in fits.items():
        if not is_kept(tx, search_id) or was_told(tx, search_id, trip_id):
            continue
        note_told(tx, search_id, trip_id)
        tx.tell("search.matched", "trip", trip_id, {party_id}, search=search_id, price_cents=price_cents)
        told += 1
    return told


def _must_be_days(words: SearchWords, today: date) -> None:
    """Refuse a search for no day, for days that are over, or for too many."""
    days = (words.last_day - words.first_day).days + 1
    first_week = [words.first_day + timedelta(days=at) for at in range(min(max(days, 0), 7))]
    wanted = any(words.weekdays & 1 << day.weekday() for day in first_week)
    if not wanted or days > SEARCH_DAYS_LIMIT or words.last_day < today:
        raise SearchDaysBad(first=words.first_day, last=words.last_day, limit=SEARCH_DAYS_LIMIT)
