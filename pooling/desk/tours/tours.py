"""Propose a tour, change it, cancel it: the operator's side."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.carriers.assigning import must_be_assignable, settled
from pooling.desk.communities.communities import must_be_steward
from pooling.desk.communities.posting import FOR_EVERYBODY, Posting
from pooling.desk.days import as_tour
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import HoursPast
from pooling.desk.goods.sites import HoursBackwards
from pooling.desk.people.trust import must_ride_together
from pooling.desk.reasons import reason_json
from pooling.desk.states import must_not_be_cancelled, said
from pooling.desk.tours.choosing_carrier import pencilled_in
from pooling.desk.tours.thresholds import must_have_threshold, plan_at_threshold
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.waiting_list import ask_waiting, end_all_waiting
from pooling.hours import DayClock
from pooling.party import Role
from pooling.sharing_rule import USUAL_RULE
from pooling.store import Ask, Tx, View
from pooling.store.days import parties_by_id
from pooling.store.ledger import void
from pooling.store.manifests import cancel_manifest
from pooling.store.market import shipment
from pooling.store.rows import NotFound, added, at_revision, changed, must_be_seen
from pooling.store.schema import prefix_of
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id
from pooling.store.touring import sign_up, tour
from pooling.store.tours import find_tour, for_any_carrier, open_transfers, sign_ups_aboard
from pooling.tours.confirming import runnable
from pooling.tours.minimum import Minimum
from pooling.tours.newcomer import EACH_PAYS_ITS_WAY
from pooling.work.jobs import enqueue

LONGEST_S = 24 * 3600

LIST_TURNED = "list_turned"
"""The kind of the job that looks at once what else there is for crates that a tour sets free."""


class TourTooLong(Refusal):
    code = "tour_too_long"
    reason = "The tour would last more than {limit_h} hours."
    cure = "Propose it as two tours."


class CutoffTooLate(Refusal):
    code = "cutoff_too_late"
    reason = "The cut-off comes after the tour sets out."
    cure = "Choose a cut-off before the tour's first hour."


class CutoffOver(Refusal):
    code = "cutoff_over"
    reason = "The cut-off is over already: nobody could join."
    cure = "Choose a cut-off that is still to come, before the tour's first hour."


class CratePriceMissing(Refusal):
    code = "crate_price_missing"
    reason = "A crate that costs nothing pays for no tour, and no account takes the gap."
    cure = "Write the most that a crate will cost, or name an account that takes the gap."


class TourClosed(Refusal):
    code = "tour_closed"
    reason = "Tour {tour} is {state}: this is no longer possible."
    cure = "Choose another tour, or ask the operator."


class JoinersHarmed(Refusal):
    code = "joiners_harmed"
    reason = "Somebody has joined tour {tour}: its {what} may only change in their favour."
    cure = "Keep what they joined for, or cancel the tour and propose another."


class SharingRuleFixed(Refusal):
    code = "sharing_rule_fixed"
    reason = "Somebody has joined tour {tour}: the rule by which its cost is shared stays as it is."
    cure = "Keep the rule that they joined under, or cancel the tour and propose another."


class TourCancelled(Refusal):
    code = "tour_cancelled"
    reason = "Tour {tour} was cancelled by its operator."
    cure = "Choose another trip or tour: the shipment is free again."


def propose_tour(
    desk: Desk, who: Actor, ask: Ask, operator_id: str, words: TourWords, posting: Posting = FOR_EVERYBODY
) -> str:
    """Propose a tour; refuses a carrier that is not vetted or has no licence on the day."""
    must_operate(who, operator_id)

    def save(tx: Tx) -> str:
        return write_posted(desk, tx, operator_id, _with_gap(tx, who, words), posting)

    return desk.once(ask, save)


def write_posted(desk: Desk, tx: Tx, operator_id: str, words: TourWords, posting: Posting) -> str:
    """Write a proposed tour where it is posted, with what its community usually does."""
    usual = posting.usual(tx, operator_id)
    cutoff_at = usual.cutoff_before(words.opens_at, words.cutoff_at) or words.cutoff_at
    each = usual.each_pays(words.each_pays_its_way)
    posted = replace(words, fee_cents=usual.fee(words.fee_cents), cutoff_at=cutoff_at, each_pays_its_way=each)
    tour_id = write_tour(desk, tx, operator_id, posted, community_id=posting.community_id)
    _must_leave_time(tx, posted)
    return tour_id


def write_tour(desk: Desk, tx: Tx, operator_id: str, words: TourWords, **more: object) -> str:
    """Write a proposed tour; refuses whom it may not be given to."""
    timezone = str(more.pop("timezone", desk.timezone))
    if words.each_pays_its_way is None:
        words = replace(words, each_pays_its_way=EACH_PAYS_ITS_WAY)
    values = _values(timezone, tx, words, "")
    region = desk.grounds.region.name
    tour_id = added(
        tx, tour, "tour", operator_id=operator_id, timezone=timezone, region=region, **values, **more
    )
    must_be_runnable(tx, find_tour(tx, tour_id))
    topic = "round.day_made" if "round_id" in more else "tour.proposed"
    told = {operator_id, words.carrier_id or operator_id}
    tx.tell(topic, "tour", tour_id, told, day=str(values["day"]))
    return tour_id


def change_tour(
    desk: Desk, who: Actor, ask: Ask, tour_id: str, revision: int | None, words: TourWords
) -> str:
    """Change a proposed tour; once somebody has joined, only in the favour of those who joined."""

    def save(tx: Tx) -> str:
        row = own_tour(tx, who, tour_id)
        must_be_seen(row, revision, kind="tour")
        at_revision(row, revision, kind="tour")
        write_change(tx, row, _with_gap(tx, who, words), detached=row.round_id is not None)
        return tour_id

    return desk.once(ask, save)


def write_change(tx: Tx, row: Row[Any], words: TourWords, **more: object) -> None:
    """Change a proposed tour as its operator wants, where nobody aboard is harmed."""
    must_be_in(row, "proposed")
    if words.each_pays_its_way is None:
        words = replace(words, each_pays_its_way=row.each_pays_its_way)
    values = _values(row.timezone, tx, words, row.id, row.sharing_rule)
    if words.cutoff_at != row.cutoff_at:
        _must_leave_time(tx, words)
    aboard = sign_ups_aboard(tx, row.id)
    if aboard:
        _must_favour(row, values)
        if values["carrier_id"] != row.carrier_id:
            must_ride_together(tx, str(values["carrier_id"]), {one.payer_id for one in aboard})
    changed(tx, tour, row, {**values, **more})
    must_be_runnable(tx, find_tour(tx, row.id))
    plan_at_threshold(tx, row.id)
    ask_waiting(tx, row)
    tx.tell("tour.changed", "tour", row.id, everybody_on(row, aboard))


def cancel_tour(desk: Desk, who: Actor, ask: Ask, tour_id: str, revision: int | None) -> str:
    """Cancel a tour that has not set out: all are told, nothing is owed, every shipment is open again."""

    def save(tx: Tx) -> str:
        row = own_tour(tx, who, tour_id)
        at_revision(row, revision, kind="tour")
        must_not_be_cancelled(row)
        write_cancelled(tx, row)
        return tour_id

    return desk.once(ask, save)


def write_cancelled(tx: Tx, row: Row[Any]) -> None:
    must_be_in(row, "proposed", "confirmed", "frozen")
    aboard = sign_ups_aboard(tx, row.id)
    why = reason_json(TourCancelled(tour=row.id))
    void_all(tx, row.id)
    for one in aboard:
        turn_away(tx, one, why)
    freed = [one.shipment_id for one in aboard]
    look_elsewhere(tx, row, [*freed, *end_all_waiting(tx, row, why)])
    cancel_manifest(tx, "tour", row.id)
    changed(tx, tour, row, {"state": "cancelled", "reason": why})
    tx.tell("tour.cancelled", "tour", row.id, everybody_on(row, aboard), day=str(row.day))


def look_elsewhere(tx: Tx, row: Row[Any], shipment_ids: Iterable[str]) -> None:
    """Ask for what else there is for crates that a tour sets free, in the transaction that does so."""
    freed = sorted(shipment_ids)
    if freed:
        words = {"tour": row.id, "shipments": freed}
        enqueue(tx, LIST_TURNED, words, "tour", row.id, None, party_id=row.operator_id)


def own_tour(view: View, who: Actor, tour_id: str) -> Row[Any]:
    """Return a tour that the actor operates; that the tour exists is no secret."""
    row = find_tour(view, tour_id)
    who.must_act_for(row.operator_id, "its operator")
    return row


def must_be_in(row: Row[Any], *states: str) -> None:
    """Refuse what a tour's state no longer admits."""
    if row.state not in states:
        raise TourClosed(tour=row.id, state=said(row.state))


def void_all(tx: Tx, tour_id: str) -> None:
    """Undo all that was agreed to be paid for a tour and is not yet owed."""
    for transfer_id in open_transfers(tx, "tour", tour_id):
        void(tx, transfer_id)


def turn_away(tx: Tx, row: Row[Any], reason: str, *, state: str = "turned") -> None:
    """Take a sign-up off its tour; its shipment is open again."""
    changed(
        tx,
        sign_up,
        row,
        {"state": state, "reason": reason, "share_cents": None, "transfer_id": "", **NO_HOURS},
        kind="sign-up",
    )
    free_shipment(tx, row.shipment_id)


NO_HOURS: Mapping[str, None] = dict.fromkeys(
    ("pickup_at", "drop_at", "pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")
)


def free_shipment(tx: Tx, shipment_id: str) -> None:
    """Let a shipment look for another ride."""
    changed(
        tx,
        shipment,
        find_shipment(tx, shipment_id),
        {"state": "open", "rides_kind": "", "rides_id": ""},
    )


def must_operate(who: Actor, operator_id: str) -> None:
    who.must_be_operator()
    if who.manages.get(operator_id) is not Role.OPERATOR:
        raise NotAllowed(who="an operator, in its own name,")


def must_take_gap(who: Actor, gap_party_id: str | None) -> None:
    """Refuse to put a gap on somebody else's account."""
    if gap_party_id is not None:
        who.must_act_for(gap_party_id, "whoever takes the gap")


def _with_gap(tx: Tx, who: Actor, words: TourWords) -> TourWords:
    """Put a gap on the account that was named: one's own party's, or a community's that one looks after."""
    if words.gap_party_id is None or prefix_of(words.gap_party_id) != "com":
        must_take_gap(who, words.gap_party_id)
        return words
    must_be_steward(tx, who, words.gap_party_id)
    return replace(words, gap_party_id=None, gap_community_id=words.gap_party_id)


def _values(
    timezone: str, tx: Tx, words: TourWords, tour_id: str, rule: str = USUAL_RULE
) -> dict[str, object]:
    """Return the columns of a tour; its day is the local one on which it sets out."""
    if words.closes_at <= words.opens_at:
        raise HoursBackwards
    if words.opens_at < tx.now_at:
        raise HoursPast
    if not words.crate_cents and not words.gap_cents:
        raise CratePriceMissing
    if words.closes_at - words.opens_at > LONGEST_S:
        raise TourTooLong(limit_h=LONGEST_S // 3600)
    if words.cutoff_at > words.opens_at:
        raise CutoffTooLate
    sites = {words.start_site_id, words.end_site_id}
    for missing in sorted(sites - set(sites_by_id(tx, sites))):
        raise NotFound(kind="site", id=missing)
    day, carrier_open = local_day(words.opens_at, timezone), not words.carrier_id
    if carrier_open:
        words = pencilled_in(tx, words, day, tour_id)
    parties = {words.carrier_id, words.gap_party_id} - {None}
    for unknown in sorted(map(str, parties - set(parties_by_id(tx, map(str, parties))))):
        raise NotFound(kind="party", id=unknown)
    _must_leave_hours(words)
    least = Minimum(words.minimum_crates, words.minimum_shipments, words.minimum_share_cents)
    must_have_threshold(at_threshold=words.at_threshold, minimum=least)
    more = {"day": day, "carrier_open": carrier_open, "sharing_rule": words.sharing_rule or rule}
    return {**asdict(words), **settled(tx, words, day), **more}


def _must_leave_time(tx: Tx, words: TourWords) -> None:
    if words.cutoff_at <= tx.now_at:
        raise CutoffOver


def _must_leave_hours(words: TourWords) -> None:
    """Refuse harvest hours between which nothing could be driven."""
    ready_at = words.opens_at if words.ready_from_at is None else words.ready_from_at
    fresh_at = words.closes_at if words.fresh_by_at is None else words.fresh_by_at
    if fresh_at <= max(ready_at, words.opens_at) or ready_at >= words.closes_at:
        raise HoursBackwards


def local_day(at: int, timezone: str) -> date:
    """Return the day on the wall calendar at a moment."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(timezone)).date()


def must_be_runnable(tx: Tx, row: Row[Any]) -> None:
    """Refuse a tour that its carrier may not drive as it stands."""
    clock = DayClock(row.day, row.timezone)
    proposed = as_tour(row, clock)
    parties = parties_by_id(tx, {row.carrier_id})
    day = Day(clock, row.region, parties, {}, (), (), (), (proposed,))
    for _, refusal in runnable(day, day.tours)[1]:
        raise refusal
    must_be_assignable(tx, row)


LOWER_IS_BETTER = (
    "fixed_cents",
    "cents_per_km",
    "cents_per_hour",
    "cents_per_stop",
    "crate_cents",
    "fee_cents",
    "minimum_crates",
    "minimum_shipments",
    "minimum_share_cents",
    "opens_at",
)
HIGHER_IS_BETTER = (
    "ambient_crates",
    "chilled_crates",
    "frozen_crates",
    "payload_kg",
    "gap_cents",
    "closes_at",
    "cutoff_at",
)
SAME = (
    "carrier_id",
    "start_site_id",
    "end_site_id",
    "day",
    "ready_from_at",
    "fresh_by_at",
    "area",
    "each_pays_its_way",
)


def _must_favour(row: Row[Any], values: Mapping[str, Any]) -> None:
    """Refuse a change that would take from those who joined what they joined for."""
    if values["sharing_rule"] != row.sharing_rule:
        raise SharingRuleFixed(tour=row.id)
    harmed = [name for name in LOWER_IS_BETTER if values[name] > getattr(row, name)]
    harmed += [name for name in HIGHER_IS_BETTER if values[name] < getattr(row, name)]
    same = SAME[1:] if row.carrier_open else SAME
    harmed += [name for name in same if values[name] != getattr(row, name)]
    if harmed:
        raise JoinersHarmed(tour=row.id, what=harmed[0])


def everybody_on(row: Row[Any], aboard: Iterable[Row[Any]]) -> set[str]:
    """Name whom a tour concerns; a carrier that is only pencilled in was told nothing yet."""
    drives = set() if for_any_carrier(row) else {row.carrier_id}
    return {row.operator_id, *drives, *(one.payer_id for one in aboard)}
