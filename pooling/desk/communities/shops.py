"""
Shops that their producers keep: one is opened in a community, and its members take turns on duty.

Turns repeat by a rule, as trips do. A day is left out by who has it, or swapped when both agree.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.communities.belonging import own_membership
from pooling.desk.communities.communities import must_be_steward
from pooling.desk.desk import Desk
from pooling.desk.trips.series import today_in
from pooling.people.rota import Duty, duties, duty_of
from pooling.recurrence import read_rule
from pooling.store import Ask, Tx, View
from pooling.store.belonging import rota_turn, shop
from pooling.store.communities import belongs
from pooling.store.rotas import (
    as_turns,
    changes_of,
    count_days_left_out,
    count_shops,
    duty_trip_of,
    find_shop,
    find_turn,
    turns_of,
    write_day,
)
from pooling.store.rows import NotFound, added, at_revision, changed, held
from pooling.store.sites import find_site

SHOPS_LIMIT = 20
"""How many shops one community may keep open."""

TURNS_LIMIT = 200
"""How many turns the rota of one shop may hold."""

DAYS_LIMIT = 200
"""How many days of one turn may be left out or swapped."""

ROTA_DAYS_LIMIT = 92
"""How many days of a rota are shown at once."""


class TooManyTurns(Refusal):
    code = "too_many_turns"
    reason = "The community has {limit} of these already; no more are kept."
    cure = "End those that are needed no more."


class NotOnDuty(Refusal):
    code = "not_on_duty"
    reason = "On {day} this turn is not on duty."
    cure = "Look at the rota: the day may have been swapped or left out."


class DutyDriven(Refusal):
    code = "duty_driven"
    reason = "A trip was posted for the duty of {day}."
    cure = "Cancel that trip first, then swap or leave out the day."


@dataclass(frozen=True)
class ShopWords:
    """Hold what is said of a shop: where it is, and by which hour on the wall somebody must be there."""

    site_id: str
    name: str
    opens_s: int
    timezone: str = ""


@dataclass(frozen=True)
class TurnWords:
    """Hold a party's turn: by which rule, from which of its farms, with how much room in its van."""

    party_id: str
    from_site_id: str
    rule: str
    first_day: date
    ambient_crates: int = 0
    chilled_crates: int = 0


def open_shop(desk: Desk, who: Actor, ask: Ask, community_id: str, words: ShopWords) -> str:
    """Open a shop of a community at the site of one of its members, as its steward."""

    def save(tx: Tx) -> str:
        must_be_steward(tx, who, community_id)
        site = find_site(tx, words.site_id)
        if belongs(tx, community_id, site.party_id) is None:
            raise NotFound(kind="site", id=words.site_id)
        if count_shops(tx, community_id) >= SHOPS_LIMIT:
            raise TooManyTurns(limit=SHOPS_LIMIT)
        timezone = words.timezone or desk.timezone
        values = {"site_id": words.site_id, "name": words.name, "opens_s": words.opens_s}
        shop_id = added(tx, shop, "shop", community_id=community_id, timezone=timezone, **values)
        tx.tell("shop.opened", "shop", shop_id, {site.party_id})
        return shop_id

    return desk.once(ask, save)


def close_shop(desk: Desk, who: Actor, ask: Ask, shop_id: str, revision: int | None) -> str:
    """Close a shop, as a steward: nobody is on duty any more; trips that were posted stay."""

    def save(tx: Tx) -> str:
        row = seen_shop(tx, who, shop_id)
        must_be_steward(tx, who, row.community_id)
        at_revision(row, revision, kind="shop")
        must_be_open_shop(row)
        changed(tx, shop, row, {"state": "closed"})
        tx.tell("shop.closed", "shop", shop_id, {one.party_id for one in turns_of(tx, shop_id)})
        return shop_id

    return desk.once(ask, save)


def take_turn(desk: Desk, who: Actor, ask: Ask, shop_id: str, words: TurnWords) -> str:
    """Take a turn in the rota of a shop, with a party of one's own that belongs to its community."""

    def save(tx: Tx) -> str:
        row = seen_shop(tx, who, shop_id)
        must_be_open_shop(row)
        who.must_act_for(words.party_id, "a manager of the party")
        if belongs(tx, row.community_id, words.party_id) is None:
            raise NotFound(kind="shop", id=shop_id)
        if find_site(tx, words.from_site_id).party_id != words.party_id:
            raise NotFound(kind="site", id=words.from_site_id)
        held(tx, shop, shop_id)
        if len(turns_of(tx, shop_id)) >= TURNS_LIMIT:
            raise TooManyTurns(limit=TURNS_LIMIT)
        turn_id = added(
            tx,
            rota_turn,
            "turn",
            shop_id=shop_id,
            party_id=words.party_id,
            from_site_id=words.from_site_id,
            rule=read_rule(words.rule).text,
            first_day=words.first_day,
            ambient_crates=words.ambient_crates,
            chilled_crates=words.chilled_crates,
        )
        tx.tell("rota.changed", "shop", shop_id, {words.party_id}, turn=turn_id)
        return turn_id

    return desk.once(ask, save)


def end_turn(desk: Desk, who: Actor, ask: Ask, turn_id: str, revision: int | None) -> str:
    """End a turn, of one's own party or as a steward; days that were swapped onto it end with it."""

    def save(tx: Tx) -> str:
        turn, row = seen_turn(tx, who, turn_id)
        if not who.acts_for(turn.party_id):
            must_be_steward(tx, who, row.community_id)
        at_revision(turn, revision, kind="turn")
        changed(tx, rota_turn, turn, {"state": "ended"}, kind="turn")
        tx.tell("rota.changed", "shop", row.id, {turn.party_id}, turn=turn_id)
        return turn_id

    return desk.once(ask, save)


def leave_turn_out(desk: Desk, who: Actor, ask: Ask, turn_id: str, day: date) -> str:
    """Leave out one day of a turn: nobody serves in its place."""

    def save(tx: Tx) -> str:
        turn, row = seen_turn(tx, who, turn_id)
        if not who.acts_for(turn.party_id):
            must_be_steward(tx, who, row.community_id)
        held(tx, rota_turn, turn_id)
        duty = must_have_duty(tx, row, turn_id, day)
        if duty.swapped or count_days_left_out(tx, turn_id) >= DAYS_LIMIT:
            raise NotOnDuty(day=day)
        write_day(tx, turn_id, day, None)
        tx.tell("rota.changed", "shop", row.id, {turn.party_id}, turn=turn_id, day=str(day))
        return turn_id

    return desk.once(ask, save)


def seen_shop(view: View, who: Actor, shop_id: str) -> Row[Any]:
    """Return a shop to who belongs to its community; to everybody else there is none."""
    row = find_shop(view, shop_id)
    try:
        own_membership(view, who, row.community_id)
    except NotFound:
        raise NotFound(kind="shop", id=shop_id) from None
    return row


def seen_turn(view: View, who: Actor, turn_id: str) -> tuple[Row[Any], Row[Any]]:
    """Return a turn that goes on, and its shop."""
    turn = find_turn(view, turn_id)
    try:
        row = seen_shop(view, who, turn.shop_id)
    except NotFound:
        raise NotFound(kind="turn", id=turn_id) from None
    if turn.state != "open" or row.state != "open":
        raise NotFound(kind="turn", id=turn_id)
    return turn, row


def must_be_open_shop(row: Row[Any]) -> None:
    if row.state != "open":
        raise NotFound(kind="shop", id=row.id)


def rota_between(view: View, shop_row: Row[Any], from_day: date, until_day: date) -> list[Duty]:
    """Return who is on duty in a shop from one day to another, at most so many days."""
    until_day = min(until_day, from_day + timedelta(days=ROTA_DAYS_LIMIT))
    rows = turns_of(view, shop_row.id) if shop_row.state == "open" else []
    return duties(as_turns(rows), changes_of(view, [one.id for one in rows]), from_day, until_day)


def must_have_duty(view: View, shop_row: Row[Any], turn_id: str, day: date) -> Duty:
    """Return the duty that a turn's rule puts on a day to come, for which no trip was posted yet."""
    rows = turns_of(view, shop_row.id)
    duty = duty_of(as_turns(rows), changes_of(view, [one.id for one in rows]), turn_id, day)
    if duty is None or day < today_in(view.now_at, shop_row.timezone):
        raise NotOnDuty(day=day)
    noted = duty_trip_of(view, shop_row.id, day, duty.party)
    if noted is not None and noted.trip_id:
        raise DutyDriven(day=day)
    return duty


def must_serve(who: Actor, duty: Duty) -> None:
    """Refuse who does not act for the party that is on duty."""
    if not who.acts_for(duty.party):
        raise NotAllowed(who="who is on duty")
