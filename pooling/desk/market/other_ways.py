"""
Always an alternative: why a shipment does not ride, and what else there is, each to be taken in one call.

Another ride as it is, other hours of its day, fewer crates, another day, a hub. Each is an offer decided by
the code of acceptance on the crates as they would be; taking one changes them and joins in one transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from types import SimpleNamespace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.days import day_clock, hours_on, hours_there, hours_until_next
from pooling.desk.desk import Desk
from pooling.desk.goods.hubs import send_by_hub
from pooling.desk.goods.shipments import ShipmentWords, change_shipment, day_at, shipment_values
from pooling.desk.market.bids import place_bid
from pooling.desk.market.hub_ways import HubWay, by_hubs
from pooling.desk.market.offer import NoOffer, Offer, Offers, RideKind
from pooling.desk.market.offers import offers_for, rides_for
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rides import must_be_open
from pooling.desk.tours.sign_ups import join_tour
from pooling.goods.hub import HubUse
from pooling.site import OutsideSiteHours, SiteClosed
from pooling.store import Ask, Tx, View
from pooling.store.other_ways import kept_reasons
from pooling.store.rows import NotFound, as_words
from pooling.store.shipments import as_shipment, find_shipment, opened, seen_shipment
from pooling.store.sites import sites_by_id
from pooling.week import common, joined
from routing.problem import Window

WAYS_LIMIT = 3
"""So many alternatives of each kind are listed."""

DAYS_TRIED = (1, -1, 2, -2, 3, -3)
"""Days from its own on which a ride is looked for, the nearest first."""

HOURS = ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
WayKind = Literal["ride", "hours", "size", "day", "bring", "fetch"]


class OtherWayGone(Refusal):
    code = "other_way_gone"
    reason = "That ride cannot be had any more: {why}"
    cure = "Look at the alternatives again; the shipment stands as it was."


class OrderedForDay(Refusal):
    code = "ordered_for_day"
    reason = "Shipment {shipment} was ordered for {day}: it goes on that day only."
    cure = "Choose a ride of that day, or let its buyer order it for another one."


@dataclass(frozen=True)
class OtherWay:
    """Hold one alternative: what of the crates would be other, and the ride that they would have."""

    kind: WayKind
    offer: Offer
    crates: int
    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int
    hub: HubWay | None = None


@dataclass(frozen=True)
class OtherWays:
    """Hold why a shipment does not ride, rides that cannot carry it and why, and what else there is."""

    row: Row[Any]
    reasons: Sequence[dict[str, Any]]
    ways: Sequence[OtherWay]
    others: Sequence[NoOffer]


@dataclass(frozen=True)
class Taking:
    """
    Hold which alternative is taken: the crates, the ride, the most it may cost, the terms accepted.

    Where no most is said, a trip is bid what it costs now, and on a tour the price of a crate and the payer's
    day alone are the most. ``hub_id`` is where the crates are brought or fetched by whoever asks.
    """

    kind: RideKind
    ride_id: str
    most_cents: int | None
    crates: int
    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int
    cover: str = ""
    hub_id: str = ""
    hub_use: HubUse | None = None


def other_ways(desk: Desk, who: Actor, shipment_id: str) -> OtherWays:
    """Look for whatever else could carry an open shipment, for who pays or sends it."""
    with desk.store.view() as view:
        row = seen_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
        must_be_open(row)
        now = offers_for(desk, view, row)
        ways = [_way("ride", row, one) for one in now.rides[:WAYS_LIMIT]]
        known = {one.ride_id for one in now.rides}
        for kind, changed in (("size", _smaller(row, now)), ("hours", _any_hour(desk, view, row))):
            found = offers_for(desk, view, changed).rides if changed is not None else ()
            fresh = [one for one in found if one.ride_id not in known][:WAYS_LIMIT]
            ways += [_way(kind, changed, one) for one in fresh]  # type: ignore[arg-type]
        ways += [] if row.ordered_by_id else _other_days(desk, view, row)
        ways += [] if now.rides else _hub_ways(desk, view, who, row)
        return OtherWays(row, kept_reasons(view, shipment_id), ways, now.others[:WAYS_LIMIT])


def as_it_is(row: Row[Any], offer: Offer) -> OtherWay:
    """Return a ride that takes a shipment as it is."""
    return _way("ride", row, offer)


def take_other_way(
    desk: Desk, who: Actor, ask: Ask, shipment_id: str, revision: int | None, taking: Taking
) -> str:
    """
    Change a shipment as an alternative asks, and have it ride so; returns the bid or the sign-up.

    Both in one transaction: where the ride cannot be had any more it is refused, and the crates stand as
    they were, with the bids that wait for them.
    """
    with desk.store.view() as view:
        row = find_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    who.must_act_for(row.payer_id, "who pays for the shipment")
    if row.ordered_by_id and day_at(desk, taking.ready_at) != row.day:
        raise OrderedForDay(shipment=row.id, day=row.day)
    wanted = _taken(row, taking)
    changes = wanted != _words(row)
    if taking.kind == "trip" and taking.most_cents is None:
        taking = replace(taking, most_cents=_price_now(desk, ask, row, wanted, taking))

    def save(tx: Tx) -> str:
        both = desk.within(tx)
        if taking.hub_use is not None:
            send_by_hub(both, who, ask.part("crates"), shipment_id, revision, wanted, taking.hub_use)
        elif changes:
            change_shipment(both, who, ask.part("crates"), shipment_id, revision, wanted)
        try:
            return _ride(both, who, ask.part("ride"), shipment_id, taking)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            raise OtherWayGone(why=refusal.sentence, because=refusal.code) from refusal

    return desk.once(ask, save)


def _ride(desk: Desk, who: Actor, ask: Ask, shipment_id: str, taking: Taking) -> str:
    most_cents = taking.most_cents
    if taking.kind == "tour":
        return join_tour(desk, who, ask, taking.ride_id, shipment_id, taking.cover, most_cents=most_cents)
    return place_bid(
        desk, who, ask, taking.ride_id, shipment_id, most_cents or 0, BidTerms(cover=taking.cover)
    )


def _price_now(desk: Desk, ask: Ask, row: Row[Any], wanted: ShipmentWords, taking: Taking) -> int:
    """Return what a trip costs now, the same for a wish sent again; refuses one that cannot be had."""

    def decide(view: View) -> int:
        found = rides_for(desk, view, _changed(row, **shipment_values(desk, view, wanted)))
        for one in found.rides:
            if one.ride_id == taking.ride_id:
                return one.price_cents
        gone = next((one.refusal for one in found.others if one.ride_id == taking.ride_id), None)
        if gone is None:
            raise NotFound(kind="trip", id=taking.ride_id)
        raise OtherWayGone(why=gone.sentence, because=gone.code)

    return int(desk.once_decided(ask.part("price"), decide, lambda _, cents: str(cents)))


def _words(row: Row[Any]) -> ShipmentWords:
    kept = as_words(row)
    return ShipmentWords(**{name: kept[name] for name in ShipmentWords.__dataclass_fields__})  # type: ignore[arg-type]


def _taken(row: Row[Any], taking: Taking) -> ShipmentWords:
    """Return the crates as they will be; of fewer, weight, litres and worth are in proportion."""
    hours = {name: getattr(taking, name) for name in HOURS}
    part = {
        name: -(-getattr(row, name) * taking.crates // row.crates)
        for name in ("kg", "litres", "goods_value_cents", "declared_value_cents")
    }
    words = replace(_words(row), crates=taking.crates, **hours, **part)
    if taking.hub_use is None:
        return words
    stood = _words(row)
    if taking.hub_use == "bring":
        there = ("ready_at", "pickup_by_at")
        return replace(stood, from_site_id=taking.hub_id, **{name: hours[name] for name in there})
    there = ("deliver_from_at", "deliver_by_at")
    return replace(stood, to_site_id=taking.hub_id, **{name: hours[name] for name in there})


def _hub_ways(desk: Desk, view: View, who: Actor, row: Row[Any]) -> Iterator[OtherWay]:
    """Look for rides from or to a hub that with the way there cost no more than everything alone."""
    found: dict[str, int] = {}
    for changed, way in by_hubs(desk, view, who, row):
        fit = (one for one in offers_for(desk, view, changed).rides if way.suits(one.price_cents))
        for one in fit:
            if found.setdefault(way.use, 0) < WAYS_LIMIT:
                found[way.use] += 1
                yield replace(_way(way.use, changed, one), hub=way)


def _way(kind: WayKind, row: Any, offer: Offer) -> OtherWay:  # noqa: ANN401 - a row, stored or only asked about
    """Return an alternative; of other hours no more are asked for than the ride needs."""
    return OtherWay(
        kind=kind,
        offer=offer,
        crates=row.crates,
        ready_at=row.ready_at,
        pickup_by_at=row.pickup_by_at,
        deliver_from_at=row.deliver_from_at,
        deliver_by_at=row.deliver_by_at,
    )


def _changed(row: Row[Any], **values: object) -> Any:  # noqa: ANN401
    return SimpleNamespace(**{**as_words(row), **values})


def _smaller(row: Row[Any], now: Offers) -> Any:  # noqa: ANN401
    """Return the crates as many as the fullest ride that has room for some of them would take."""
    free = [one.refusal.facts.get("free", 0) for one in now.others]
    most = max((one for one in free if isinstance(one, int) and 0 < one < row.crates), default=0)
    return _changed(row, crates=most, kg=-(-row.kg * most // row.crates)) if most else None


def _any_hour(desk: Desk, view: View, row: Row[Any]) -> Any:  # noqa: ANN401
    """Return the crates at whatever hours of their day somebody is at both ends, once they are ready."""
    clock, one = day_clock(desk, row.day), as_shipment(row, day_clock(desk, row.day))
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    first, last = sites[row.from_site_id], sites[row.to_site_id]
    that_day = [
        hours_on(clock, site) or (stands,) for site, stands in ((first, one.pickup), (last, one.drop))
    ]
    pickup = Window(one.pickup.opens_s, max(one.pickup.closes_s, that_day[0][-1].closes_s))
    drop = Window(
        min(one.drop.opens_s, max(one.pickup.opens_s, that_day[1][0].opens_s)),
        max(one.drop.closes_s, that_day[1][-1].closes_s),
    )
    there = [
        common(joined(chain(*hours_until_next(clock, site))), hours) or (hours,)
        for site, hours in ((first, pickup), (last, drop))
    ]
    wide = opened(clock, *there)
    stands = all(getattr(row, name) == at for name, at in wide.items())
    return None if stands else _changed(row, **wide)


def _other_days(desk: Desk, view: View, row: Row[Any]) -> Iterator[OtherWay]:
    """Look for the same crates at the same local hours of the days around; the nearest days come first."""
    found = 0
    zone = ZoneInfo(desk.timezone)
    for days in DAYS_TRIED:
        hours = {name: _on_day(getattr(row, name), days, zone) for name in HOURS}
        if found >= WAYS_LIMIT or hours["ready_at"] <= view.now_at:
            continue
        asked = _asked_on(desk, view, row, row.day + timedelta(days=days), hours)
        if asked is None:
            continue
        for one in offers_for(desk, view, asked).rides[:1]:
            found += 1
            yield _way("day", asked, one)


def _asked_on(desk: Desk, view: View, row: Row[Any], day: date, hours: Mapping[str, int]) -> Any:  # noqa: ANN401
    """Return the crates at hours of another day; ``None`` where nobody is there then."""
    clock, sites = day_clock(desk, day), sites_by_id(view, [row.from_site_id, row.to_site_id])
    ready_at, pickup_by_at, from_at, by_at = (hours[name] for name in HOURS)
    try:
        pickup = hours_there(clock, sites[row.from_site_id], ready_at, pickup_by_at)
        drop = hours_there(clock, sites[row.to_site_id], from_at, by_at, latest=True)
    except (OutsideSiteHours, SiteClosed):
        return None
    return _changed(row, day=day, **opened(clock, pickup, drop))


def _on_day(at: int, days: int, zone: ZoneInfo) -> int:
    """Return the same hour on the wall, some days later."""
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return int((local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone).timestamp())
