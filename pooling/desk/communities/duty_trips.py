"""
The trip of whoever is on duty in a producers' shop: suggested with its likely guests, posted by consent.

Who is on duty drives to the shop anyway. The suggestion is a way from its farm that is there when the shop
opens, and the members whose sites lie near that way, by the same matrix of the road on which the trip
would be planned. Nothing is posted before the party on duty says so, by one call; then the neighbours whose
crates wait for the shop that day are told, and find the trip among their offers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.place import crow_distance_m
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.posting import Posting
from pooling.desk.communities.shops import DutyDriven, NotOnDuty, must_be_open_shop, rota_between, seen_shop
from pooling.desk.desk import Desk
from pooling.desk.trips.series import today_in
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.figures import TRIP_DETOUR
from pooling.legs import Amounts
from pooling.load import UNLIMITED
from pooling.party import Role
from pooling.people.rota import Duty
from pooling.recurrence import moment_on
from pooling.regimes import Regime
from pooling.site import Site
from pooling.store import Ask, Tx, View
from pooling.store.communities import belongs, find_community, parties_in
from pooling.store.days import parties_by_id
from pooling.store.idempotency import answered
from pooling.store.rotas import (
    crates_sent,
    duty_trip_of,
    find_turn,
    note_duty_told,
    note_duty_trip,
    open_shops,
    sites_of_parties,
    waiting_for_shop,
)
from pooling.store.sites import as_site, find_site
from pooling.store.trips import trips_by_id

SITES_SEEN_LIMIT = 1_000
SITES_TRIED_LIMIT = 60
"""Of the members' sites, those nearest to the way by the crow are measured on the road."""

GUESTS_LIMIT = 20
SHIPMENTS_LIMIT = 100
SLACK_S = 15 * 60
"""How much earlier than it must one who drives alone would leave, and each guest's handling beside it."""

USUAL_WEEKS = 8
USUAL_OF_LEAST = 3
"""Of fewer members nothing is said of what usually comes along: one could be read from it."""

USUAL_STEP = 5

TOLD_AHEAD_DAYS = 2
"""So many days ahead whoever is on duty is told what way would serve its neighbours."""


class DutyTooLate(Refusal):
    code = "duty_too_late"
    reason = "The last hour for guests on the way to the shop on {day} is over."
    cure = "Announce a trip of your own hours, or post the trip of another day on duty."


@dataclass(frozen=True)
class LikelyGuest:
    """Hold a member near the way: the detour to its site, and which of its shipments wait for the shop."""

    party_id: str
    name: str
    site_id: str
    site_name: str
    detour_s: int
    shipments: Sequence[str] = ()


@dataclass(frozen=True)
class DutySuggestion:
    """
    Hold the trip that would be posted, who would ride, and the trip that was posted, if it was.

    ``usual_crates`` is what the likely guests send to the shop on such a day, all together.
    """

    duty: Duty
    shop: Row[Any]
    words: TripWords
    drive_s: int
    cutoff_at: int
    guests: Sequence[LikelyGuest]
    trip_id: str | None = None
    usual_crates: int | None = None


def duty_suggestion(desk: Desk, view: View, who: Actor, shop_id: str, day: date) -> DutySuggestion:
    """Return what would serve the neighbours of whoever is on duty, to that party only."""
    row = seen_shop(view, who, shop_id)
    must_be_open_shop(row)
    return _suggested(desk, view, row, _own_duty(view, who, row, day))


def post_duty_trip(desk: Desk, who: Actor, ask: Ask, shop_id: str, day: date) -> str:
    """
    Post the trip that is suggested, for members only, with what the community usually does.

    The members whose crates wait for the shop that day are told of it.
    """
    with desk.store.view() as view:
        seen = answered(view, ask)
        if seen is not None:
            return seen
        found = duty_suggestion(desk, view, who, shop_id, day)
    if found.trip_id is not None:
        raise DutyDriven(day=day)

    def noted(tx: Tx, trip_id: str) -> None:
        if _standing_trip(tx, found.shop, found.duty) is not None:
            raise DutyDriven(day=day)
        note_duty_trip(tx, shop_id, day, found.duty.party, trip_id)
        _tell_neighbours(tx, found, trip_id)

    posting = Posting(found.shop.community_id, frozenset({"detour", "cutoff"}))
    return announce_trip(desk, who, ask, found.words, posting, noted)


def suggest_duty_trips(desk: Desk) -> int:
    """
    Tell whoever is on duty soon what way would serve its neighbours; returns how many were told.

    Called by the clock; any number of workers may do so at once, and each party is told once of a day.
    """
    with desk.store.view() as view:
        due = [(shop, duty) for shop in open_shops(view) for duty in _untold(view, shop)]
    return sum(desk.store.change(lambda tx, one=one: _told(tx, *one)) for one in due)  # type: ignore[misc]


def _untold(view: View, shop: Row[Any]) -> list[Duty]:
    today = today_in(view.now_at, shop.timezone)
    coming = rota_between(view, shop, today + timedelta(days=1), today + timedelta(days=TOLD_AHEAD_DAYS))
    return [one for one in coming if duty_trip_of(view, shop.id, one.day, one.party) is None]


def _told(tx: Tx, shop: Row[Any], duty: Duty) -> bool:
    if not note_duty_told(tx, shop.id, duty.day, duty.party):
        return False
    tx.tell("duty.coming", "shop", shop.id, {duty.party}, day=str(duty.day))
    return True


def _own_duty(view: View, who: Actor, shop: Row[Any], day: date) -> Duty:
    """Return the duty of a day that the actor's own party has."""
    duty = next((one for one in rota_between(view, shop, day, day) if who.acts_for(one.party)), None)
    if duty is None or day < today_in(view.now_at, shop.timezone):
        raise NotOnDuty(day=day)
    return duty


def _suggested(desk: Desk, view: View, shop: Row[Any], duty: Duty) -> DutySuggestion:
    turn, community = find_turn(view, duty.by_turn), find_community(view, shop.community_id)
    farm, there = as_site(find_site(view, turn.from_site_id)), as_site(find_site(view, shop.site_id))
    detour_s = TRIP_DETOUR.value if community.detour_s is None else int(community.detour_s)
    members = [one for one in parties_in(view, community.id) if one != duty.party]
    drive_s, detours = _near(desk, view, farm, there, members)
    words = _words(view, shop, duty, turn, drive_s, detour_s)
    cutoff_at = words.stops[0].opens_at - (community.cutoff_s or 0)
    waiting = waiting_for_shop(view, shop.site_id, duty.day, members, SHIPMENTS_LIMIT)
    guests = _guests(view, detours, waiting, detour_s)
    standing = _standing_trip(view, shop, duty)
    if standing is None and cutoff_at <= view.now_at:
        raise DutyTooLate(day=duty.day)
    usual = _usual_crates(view, shop, duty.day, guests)
    return DutySuggestion(duty, shop, words, drive_s, cutoff_at, guests, standing, usual)


def _usual_crates(view: View, shop: Row[Any], day: date, guests: Sequence[LikelyGuest]) -> int | None:
    """Return what likely guests usually send on this weekday, together; nothing where few of them do."""
    days = [day - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    sent = crates_sent(view, shop.site_id, days, [one.party_id for one in guests])
    if len(sent) < USUAL_OF_LEAST:
        return None
    return -(-sum(sent.values()) // USUAL_STEP) * USUAL_STEP


def _words(view: View, shop: Row[Any], duty: Duty, turn: Row[Any], drive_s: int, detour_s: int) -> TripWords:
    """Return the trip that is at the shop when it opens: it leaves early enough for its whole detour."""
    there_at = moment_on(duty.day, shop.opens_s, shop.timezone)
    latest_at = there_at - drive_s - SLACK_S
    first_at = latest_at - detour_s - SLACK_S
    room: Amounts = (turn.ambient_crates, turn.chilled_crates, 0, UNLIMITED)
    owner = parties_by_id(view, [duty.party])[duty.party]
    farm = owner.role is Role.PRODUCER
    return TripWords(
        owner_id=duty.party,
        driver=owner.name,
        regime=Regime.COTRANSPORT_AGRICOLE if farm else Regime.OWN_ACCOUNT,
        stops=(
            StopWords(turn.from_site_id, first_at, latest_at, room),
            StopWords(shop.site_id, first_at + drive_s, there_at, (0, 0, 0, 0)),
        ),
        detour_s=detour_s,
        timezone=shop.timezone,
    )


def _near(
    desk: Desk, view: View, farm: Site, there: Site, members: Sequence[str]
) -> tuple[int, list[tuple[int, Row[Any]]]]:
    """Return the drive from a farm to a shop, and the detour on the road to each member's site near it."""
    rows = [one for one in sites_of_parties(view, members, SITES_SEEN_LIMIT) if one.id != there.id]
    sites = {row.id: as_site(row) for row in rows}

    def around_m(row: Row[Any]) -> float:
        place = sites[row.id].place
        return crow_distance_m(farm.place, place) + crow_distance_m(place, there.place)

    nearest = sorted(rows, key=lambda row: (around_m(row), row.id))[:SITES_TRIED_LIMIT]
    snapped = desk.grounds.region.roads.snap_all([sites[row.id].place for row in nearest]).snaps
    known = [row for row, snap in zip(nearest, snapped, strict=True) if snap is not None]
    ground = desk.grounds.ground([farm, there, *(sites[row.id] for row in known)])
    seconds, row_of = ground.matrix.durations_s, ground.row
    here, shop = row_of[farm.id], row_of[there.id]
    drive_s = int(seconds[here, shop])
    detours = [
        (int(seconds[here, row_of[one.id]] + seconds[row_of[one.id], shop]) - drive_s, one) for one in known
    ]
    return drive_s, sorted(detours, key=lambda one: (one[0], one[1].id))


def _guests(
    view: View, detours: Sequence[tuple[int, Row[Any]]], waiting: Sequence[Row[Any]], limit_s: int
) -> list[LikelyGuest]:
    """Return the members near the way, once each, those whose crates wait for the shop first."""
    names = parties_by_id(view, [row.party_id for _, row in detours])
    by_site: dict[str, list[str]] = {}
    for one in waiting:
        by_site.setdefault(one.from_site_id, []).append(one.id)
    found: dict[str, LikelyGuest] = {}
    for detour_s, row in detours:
        shipments = tuple(by_site.get(row.id, ()))
        before = found.get(row.party_id)
        if detour_s > limit_s or (before is not None and (before.shipments or not shipments)):
            continue
        name = names[row.party_id].name
        found[row.party_id] = LikelyGuest(row.party_id, name, row.id, row.name, max(0, detour_s), shipments)
    ranked = sorted(found.values(), key=lambda one: (not one.shipments, one.detour_s, one.party_id))
    return ranked[:GUESTS_LIMIT]


def _standing_trip(view: View, shop: Row[Any], duty: Duty) -> str | None:
    """Return the trip that was posted for a duty, unless it was cancelled since."""
    noted = duty_trip_of(view, shop.id, duty.day, duty.party)
    if noted is None or not noted.trip_id:
        return None
    rows: Mapping[str, Row[Any]] = trips_by_id(view, [noted.trip_id])
    return str(noted.trip_id) if rows[noted.trip_id].state != "cancelled" else None


def _tell_neighbours(tx: Tx, found: DutySuggestion, trip_id: str) -> None:
    """Tell the members whose crates wait for the shop near the way that there is a trip now."""
    for guest in found.guests:
        for shipment_id in guest.shipments:
            if belongs(tx, found.shop.community_id, guest.party_id) is not None:
                told = {guest.party_id}
                tx.tell("duty.trip_posted", "shipment", shipment_id, told, trip=trip_id, shop=found.shop.id)
