"""
Searches that are kept: a party says what it looks for, and is told when a ride fits.

What fits is found in ``search_matching``.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import THESE, day_at
from pooling.desk.goods.sites import HoursBackwards
from pooling.shipment import PickupIsDrop
from pooling.store import Ask, Tx
from pooling.store.finding import saved_search
from pooling.store.people import party
from pooling.store.rows import NotFound, added, held
from pooling.store.searches import count_searches, delete_search, find_search
from pooling.store.sites import sites_by_id

SEARCHES_LIMIT = 20
"""Searches that one party keeps."""

SEARCH_DAYS_LIMIT = 366


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
    """Keep a search of one's own party; returns its id. What stands already is tried by a duty."""
    who.must_act_for(words.party_id)
    today = day_at(desk, desk.clock.now())
    _must_be_days(words, today)
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
        standing_day = max(today, words.first_day)
        return added(tx, saved_search, "search", standing_day=standing_day, **asdict(words))

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


def _must_be_days(words: SearchWords, today: date) -> None:
    """Refuse a search for no day, for days that are over, or for too many."""
    days = (words.last_day - words.first_day).days + 1
    first_week = [words.first_day + timedelta(days=at) for at in range(min(max(days, 0), 7))]
    wanted = any(words.weekdays & 1 << day.weekday() for day in first_week)
    if not wanted or days > SEARCH_DAYS_LIMIT or words.last_day < today:
        raise SearchDaysBad(first=words.first_day, last=words.last_day, limit=SEARCH_DAYS_LIMIT)
