"""
Enter a shipment, change it, cancel it.

Crates may wait where their shipper has a site, and at a hub anybody's. Where a farm pays, they may wait in
any yard that is entered: neighbours put their crates together for one pickup. They may go to any site. A
shipment is of the local day on which it is ready; its hours may end with the day that follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.cold_chain import must_be_cold
from pooling.days.dayplan import HoursImpossible
from pooling.desk.actor import Actor
from pooling.desk.days import day_clock, hours_there, standing_day
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.at_hubs import hubs_follow
from pooling.desk.goods.sites import HoursBackwards
from pooling.desk.market.agreeing import end_asking
from pooling.desk.market.rides import must_be_open
from pooling.desk.states import must_not_be_cancelled
from pooling.figures import CRATE_WEIGHT
from pooling.party import Role
from pooling.phrases import Phrases, message
from pooling.shipment import PickupIsDrop
from pooling.site import Site
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for
from pooling.store.days import parties_by_id
from pooling.store.market import order, shipment
from pooling.store.orders import order_of_shipment
from pooling.store.pickups import pickups_follow
from pooling.store.rows import NotFound, added, at_revision, changed
from pooling.store.shipments import as_shipment, find_shipment, opened
from pooling.store.sites import sites_by_id
from pooling.store.trips import owners_of

DAY_S = 24 * 3600
DAYS_AHEAD_LIMIT = 366
THESE = Phrases((message("these crates"),))
"""What a shipment is called before it has a name."""


class NotOneDay(Refusal):
    code = "not_one_day"
    reason = "The hours do not lie on one local day."
    cure = "Choose hours of one day; send what goes on two days as two."


class LongerThanADay(Refusal):
    code = "longer_than_a_day"
    reason = "From its first hour to its last a trip takes a day at most: 24 hours."
    cure = "Announce it as two trips, the second from where the first ends."


class BeyondNextDay(Refusal):
    code = "beyond_next_day"
    reason = "Crates that are ready on {day} are handed over on that day or the next: not before, not after."
    cure = "Choose hours between the day on which they are ready and the end of the day that follows."


class HoursPast(Refusal):
    code = "hours_past"
    reason = "These hours are over."
    cure = "Choose hours that are still to come."


class TooFarAhead(Refusal):
    code = "too_far_ahead"
    reason = "That is more than {days} days ahead."
    cure = "Enter it when its day is nearer."


class PickupElsewhere(Refusal):
    code = "pickup_elsewhere"
    reason = "{site} is no site of the shipper, and no farm pays for the carriage."
    cure = "Name a site of the shipper's own, or let the producer pay."


@dataclass(frozen=True)
class ShipmentWords:
    """Hold what is said of a shipment; ``…_at`` are moments, ``kg`` is reckoned where it is not said."""

    shipper_id: str
    payer_id: str
    from_site_id: str
    to_site_id: str
    temperature: str
    crates: int
    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int
    kg: int | None = None
    litres: int = 0
    goods_value_cents: int = 0
    declared_value_cents: int = 0
    ordered_by_id: str | None = None
    goods: str = ""
    food: str = ""
    tail_lift: bool = False


def enter_shipment(desk: Desk, who: Actor, ask: Ask, words: ShipmentWords) -> str:
    """Enter crates to be carried; refuses hours that nobody could keep, not even their payer alone."""
    must_act_for_both(who, words)

    return desk.once_decided(ask, lambda view: shipment_values(desk, view, words), write_entered)


def write_entered(tx: Tx, values: Mapping[str, object]) -> str:
    """Write crates that were found possible; returns the shipment."""
    shipment_id = added(tx, shipment, "shp", **values)
    hubs_follow(tx, None, find_shipment(tx, shipment_id))
    return shipment_id


def change_shipment(
    desk: Desk, who: Actor, ask: Ask, shipment_id: str, revision: int | None, words: ShipmentWords
) -> str:
    """Change a shipment that nothing carries yet. Bids that wait for an answer are withdrawn."""

    def decide(view: View) -> tuple[Row[Any], Mapping[str, object]]:
        row = _own(view, who, shipment_id)
        at_revision(row, revision, kind="shipment")
        must_be_open(row)
        must_act_for_both(who, words)
        return row, shipment_values(desk, view, replace(words, ordered_by_id=row.ordered_by_id))

    def save(tx: Tx, decided: tuple[Row[Any], Mapping[str, object]]) -> str:
        row, values = decided
        moved_if_changed(lambda: changed(tx, shipment, row, values))
        now = find_shipment(tx, shipment_id)
        hubs_follow(tx, row, now)
        pickups_follow(tx, now)
        withdraw_bids(tx, shipment_id)
        return shipment_id

    return desk.once_decided(ask, decide, save)


def cancel_shipment(desk: Desk, who: Actor, ask: Ask, shipment_id: str, revision: int | None) -> str:
    """
    Cancel a shipment that nothing carries; what rides is withdrawn from its ride first.

    An order that it was to fill waits for its producer's answer again.
    """

    def save(tx: Tx) -> str:
        row = _own(tx, who, shipment_id)
        at_revision(row, revision, kind="shipment")
        cancel_open(tx, row)
        filled = order_of_shipment(tx, shipment_id)
        if filled is not None:
            changed(tx, order, filled, {"state": "asked", "shipment_id": None})
        return shipment_id

    return desk.once(ask, save)


def cancel_open(tx: Tx, row: Row[Any]) -> None:
    """Cancel a shipment inside another change; its bids are withdrawn, its parties told."""
    must_not_be_cancelled(row)
    must_be_open(row)
    changed(tx, shipment, row, {"state": "cancelled"})
    hubs_follow(tx, row, None)
    withdraw_bids(tx, row.id)
    parties = {row.shipper_id, row.payer_id, *([row.ordered_by_id] if row.ordered_by_id else [])}
    tx.tell("shipment.cancelled", "shipment", row.id, parties)


def must_act_for_both(who: Actor, words: ShipmentWords) -> None:
    who.must_act_for(words.shipper_id, "the shipper")
    who.must_act_for(words.payer_id, "who pays for the shipment")


def shipment_values(
    desk: Desk, view: View, words: ShipmentWords, *, collected: bool = False
) -> dict[str, object]:
    """
    Return what is kept of a shipment; refuses hours that not even its payer alone could keep.

    ``collected`` tells that an intermediary has it collected: then it may wait at any producer's too.
    """
    values = wished_values(desk, view, words, collected=collected)
    _must_be_possible(desk, view, words, values)
    return values


def wished_values(
    desk: Desk, view: View, words: ShipmentWords, *, collected: bool = False
) -> dict[str, object]:
    """
    Return the same before the road is asked.

    That is its day, and its hours narrowed to when somebody is at both ends.
    """
    if words.from_site_id == words.to_site_id:
        raise PickupIsDrop(shipment=THESE)
    must_be_cold(words.temperature, words.food)
    pickup_at = (words.ready_at, words.pickup_by_at)
    drop_at = (words.deliver_from_at, words.deliver_by_at)
    must_run_forward(pickup_at, drop_at)
    day = _day_when_ready(desk, view, *pickup_at, *drop_at)
    clock = day_clock(desk, day)
    sites = known_sites(view, words)
    _must_wait_there(view, words, sites[words.from_site_id], collected=collected)
    first, last = sites[words.from_site_id], sites[words.to_site_id]
    open_hours = opened(
        clock,
        hours_there(clock, first, *pickup_at),
        hours_there(clock, last, *drop_at, latest=True),
    )
    return {
        "shipper_id": words.shipper_id,
        "payer_id": words.payer_id,
        "ordered_by_id": words.ordered_by_id,
        "from_site_id": words.from_site_id,
        "to_site_id": words.to_site_id,
        "day": day,
        "temperature": words.temperature,
        "goods": words.goods,
        "food": words.food,
        "crates": words.crates,
        "kg": words.crates * CRATE_WEIGHT.value if words.kg is None else words.kg,
        "litres": words.litres,
        "tail_lift": words.tail_lift or first.tail_lift or last.tail_lift,
        **open_hours,
        "goods_value_cents": words.goods_value_cents,
        "declared_value_cents": words.declared_value_cents,
    }


def day_at(desk: Desk, moment_at: int) -> date:
    """Return the local day of a moment."""
    return datetime.fromtimestamp(moment_at, UTC).astimezone(ZoneInfo(desk.timezone)).date()


def day_of(desk: Desk, view: View, *moments_at: int) -> date:
    """
    Return the local day on which all these moments lie; the midnight that ends it belongs to it.

    Refuses hours that are over, and such as lie too far ahead.
    """
    _must_lie_ahead(view, *moments_at)
    day = day_at(desk, min(moments_at))
    if max(moments_at) > day_ends_at(desk, day):
        raise NotOneDay
    return day


def night_of(desk: Desk, view: View, *moments_at: int) -> date:
    """
    Return the local day on which the first of these moments lies; the last is at most a day later.

    For what may begin in the evening and end next morning. Refuses as ``day_of`` does.
    """
    _must_lie_ahead(view, *moments_at)
    day = day_at(desk, min(moments_at))
    if max(moments_at) > max(day_ends_at(desk, day), min(moments_at) + DAY_S):
        raise LongerThanADay
    return day


def _day_when_ready(desk: Desk, view: View, ready_at: int, *moments_at: int) -> date:
    """Return the local day on which crates are ready; refuses hours before it or after the next one."""
    _must_lie_ahead(view, ready_at, *moments_at)
    day = day_at(desk, ready_at)
    begins_at = int(day_clock(desk, day).midnight.timestamp())
    if min(moments_at) < begins_at or max(moments_at) > day_ends_at(desk, day + timedelta(days=1)):
        raise BeyondNextDay(day=day)
    return day


def day_ends_at(desk: Desk, day: date) -> int:
    """Return the midnight that ends a local day."""
    clock = day_clock(desk, day)
    return int(clock.midnight.timestamp()) + clock.seconds("24:00")


def _must_lie_ahead(view: View, *moments_at: int) -> None:
    if min(moments_at) < view.now_at - DAY_S or max(moments_at) <= view.now_at:
        raise HoursPast
    if max(moments_at) > view.now_at + DAYS_AHEAD_LIMIT * DAY_S:
        raise TooFarAhead(days=DAYS_AHEAD_LIMIT)


def must_run_forward(*hours_at: tuple[int, int]) -> None:
    """Refuse hours that end before they begin."""
    if any(closes_at < opens_at for opens_at, closes_at in hours_at):
        raise HoursBackwards


def known_sites(view: View, words: ShipmentWords) -> dict[str, Site]:
    known = sites_by_id(view, [words.from_site_id, words.to_site_id])
    for site_id in (words.from_site_id, words.to_site_id):
        if site_id not in known:
            raise NotFound(kind="site", id=site_id)
    return known


def _must_wait_there(view: View, words: ShipmentWords, site: Site, *, collected: bool) -> None:
    known = parties_by_id(view, [words.payer_id, site.party])
    fetched = collected and known[site.party].role is Role.PRODUCER
    if site.hub:
        return
    if site.party != words.shipper_id and known[words.payer_id].role is not Role.PRODUCER and not fetched:
        raise PickupElsewhere(site=site.name)


def _must_be_possible(desk: Desk, view: View, words: ShipmentWords, values: Mapping[str, object]) -> None:
    """Refuse hours that not even the payer's own van could keep."""
    row: Any = SimpleNamespace(id="", **values)
    alone = standing_day(desk, view, row.day, shipments=[row]).baseline
    pure = as_shipment(row, day_clock(desk, row.day))
    if alone.alone(words.payer_id, [pure]) is None:
        raise HoursImpossible(shipment=THESE)


def withdraw_bids(tx: Tx, shipment_id: str) -> None:
    """Withdraw the bids for a shipment that wait for an answer."""
    asking = asking_for(tx, shipment_id=shipment_id)
    end_asking(tx, asking, "bid.withdrawn", owners_of(tx, [one.trip_id for one in asking]))


def _own(view: View, who: Actor, shipment_id: str) -> Row[Any]:
    row = find_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    who.must_act_for(row.shipper_id, "the shipper")
    return row
