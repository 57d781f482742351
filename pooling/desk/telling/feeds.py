"""
Calendar feeds: a secret link of a member's own, by which a calendar reads its trips and its rides.

Only the hash of the link is kept, so it is shown once; whoever holds it reads what the member may see
at that moment, until it is revoked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.people.links import fresh_token
from pooling.desk.people.sessions import actor_of_member, token_hash
from pooling.desk.trips.series import today_in
from pooling.store import Ask, Tx
from pooling.store.feeds import count_feeds, live_feed, revoke, rides_between, trips_between
from pooling.store.members import find_member
from pooling.store.people import calendar_feed
from pooling.store.rows import NotFound, added
from pooling.store.sites import sites_by_id
from pooling.store.trips import Rows, stops_of

FEEDS_LIMIT = 10
DAYS_BACK, DAYS_AHEAD = 30, 120
EVENTS_LIMIT = 1_000


class TooManyFeeds(Refusal):
    code = "too_many_feeds"
    reason = "{limit} calendar links are yours already."
    cure = "Revoke one that is used no more."


@dataclass(frozen=True)
class Opened:
    """Hold a feed that was opened; ``token`` is empty where the same wish had opened it before."""

    feed_id: str
    token: str


@dataclass(frozen=True)
class Calendar:
    """Hold what stands in a member's calendar, and the language in which it reads it."""

    language: str
    trips: Rows
    stops: dict[str, Rows]
    rides: Sequence[Row[Any]]
    site_names: dict[str, str]


def open_feed(desk: Desk, who: Actor, ask: Ask) -> Opened:
    """Make a link of the member's own; it is shown this once."""
    token = fresh_token()
    kept: list[str] = []

    def save(tx: Tx) -> str:
        if count_feeds(tx, who.member_id) >= FEEDS_LIMIT:
            raise TooManyFeeds(limit=FEEDS_LIMIT)
        feed_id = added(tx, calendar_feed, "cal", member_id=who.member_id, token_hash=token_hash(token))
        kept[:] = [feed_id]
        return feed_id

    feed_id = desk.once(ask, save)
    return Opened(feed_id, token if kept == [feed_id] else "")


def revoke_feed(desk: Desk, who: Actor, ask: Ask, feed_id: str) -> str:
    """End one of the member's own links, at once."""

    def save(tx: Tx) -> str:
        if not revoke(tx, feed_id, who.member_id):
            raise NotFound(kind="calendar feed", id=feed_id)
        return feed_id

    return desk.once(ask, save)


def read_feed(desk: Desk, token: str) -> Calendar:
    """Read the calendar behind a link: own trips, and what rides on the trips of others."""
    with desk.store.view() as view:
        feed = live_feed(view, token_hash(token))
        if feed is None:
            raise NotFound(kind="calendar", id="")
        parties = actor_of_member(view, feed.member_id).manages
        today = today_in(view.now_at, desk.timezone)
        days = (today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD))
        trips = trips_between(view, parties, *days, EVENTS_LIMIT)
        rides = rides_between(view, parties, *days, EVENTS_LIMIT)
        stops = stops_of(view, [one.id for one in trips])
        used = {stop.site_id for one in stops.values() for stop in one}
        used |= {site for one in rides for site in (one.from_site_id, one.to_site_id)}
        names = {one.id: one.name for one in sites_by_id(view, used).values()}
        return Calendar(find_member(view, feed.member_id).language, trips, stops, rides, names)
