"""
Where a shipment that does not ride could begin or end at a hub, and what the way there costs its own people.

The way is driven by the search that finds everybody's day alone, on the same roads: from the farm to the hub
and home, or from the buyer's place. A vehicle that carries the rest is looked for like any other ride.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.days import Standing, day_clock, hours_on, standing_day
from pooling.desk.desk import Desk
from pooling.goods.hub import LEEWAY_S, Hub, HubUse, nearest_hubs
from pooling.hours import DayClock
from pooling.store import View
from pooling.store.hubs import crates_at_hub, hubs_known
from pooling.store.rows import as_words
from pooling.store.shipments import as_shipment, opened
from pooling.store.sites import sites_by_id
from pooling.week import common, without
from routing.problem import Window

QUARTER_S = 15 * 60
THERE = "shp_there"
"""What the way to the hub is called on the day that is asked about."""


@dataclass(frozen=True)
class HubWay:
    """
    Hold a hub, who goes there, and the way: one way on the road, and the full cost of going and coming back.

    ``alone_cents`` is what the whole shipment would cost its payer without anybody.
    """

    use: HubUse
    hub: Hub
    way_m: int
    way_s: int
    way_cents: int
    alone_cents: int | None

    def suits(self, price_cents: int) -> bool:
        """Tell whether ride and way together cost no more than everything alone."""
        return self.alone_cents is None or price_cents + self.way_cents <= self.alone_cents


def by_hubs(desk: Desk, view: View, who: Actor, row: Row[Any]) -> Iterator[tuple[Any, HubWay]]:
    """Return the shipment as it would begin or end at the hubs nearby, those that have room, with the way."""
    known = hubs_known(view)
    if not known:
        return
    ends = sites_by_id(view, [row.from_site_id, row.to_site_id])
    first, last = ends[row.from_site_id], ends[row.to_site_id]
    uses: list[tuple[HubUse, Any]] = []
    uses += [("bring", first)] if who.acts_for(row.shipper_id) else []
    uses += [("fetch", last)] if who.acts_for(last.party) else []
    for use, end in uses:
        for hub in nearest_hubs(known, end.place):
            kept = crates_at_hub(view, hub.site.id, row.day, row.temperature, row.id)
            full = kept + row.crates > hub.room.of(row.temperature)
            if full or hub.site.id in ends:
                continue
            found = _by_hub(desk, view, row, hub, use)
            if found is not None:
                yield found


def _by_hub(desk: Desk, view: View, row: Row[Any], hub: Hub, use: HubUse) -> tuple[Any, HubWay] | None:
    clock = day_clock(desk, row.day)
    there = hours_on(clock, hub.site)
    if not there:
        return None
    hub = replace(hub, site=replace(hub.site, hours=hub.site.wall_hours(row.day)))
    going = _going(view, row, hub, use, int(clock.midnight.timestamp()) + there[-1].closes_s)
    day = standing_day(desk, view, row.day, shipments=[row, going])
    way_s, way_m = _way(day, going)
    changed = _hours_by(clock, row, hub, use, way_s)
    own = day.baseline.alone(going.payer_id, [day.day.shipment_by_id[THERE]]) if changed else None
    if own is None:
        return None
    whole = day.baseline.alone(row.payer_id, [day.day.shipment_by_id[row.id]])
    alone_cents = None if whole is None else whole.cents
    way = HubWay(use, hub, way_m, way_s, own.cents, alone_cents)
    return SimpleNamespace(**{**as_words(row), **changed}), way


def _hours_by(clock: DayClock, row: Row[Any], hub: Hub, use: HubUse, way_s: int) -> Mapping[str, object]:
    """Return the shipment's end at the hub, in the hours of both; nothing where they have none in common."""
    one, there = as_shipment(row, clock), hours_on(clock, hub.site)
    pickup, drop = without(one.pickup, one.pickup_shut), without(one.drop, one.drop_shut)
    if use == "bring":
        brought_s = _quarter_after(row.ready_at + way_s + LEEWAY_S) - int(clock.midnight.timestamp())
        pickup = _within(there, brought_s, one.drop.closes_s)
        return {"from_site_id": hub.site.id, **opened(clock, pickup, drop)} if pickup else {}
    drop = _within(there, one.pickup.opens_s, one.drop.closes_s - way_s - LEEWAY_S)
    return {"to_site_id": hub.site.id, **opened(clock, pickup, drop)} if drop else {}


def _within(there: Sequence[Window], from_s: int, until_s: int) -> tuple[Window, ...]:
    return common(there, Window(from_s, until_s)) if from_s <= until_s else ()


def _going(view: View, row: Row[Any], hub: Hub, use: HubUse, closes_at: int) -> Any:  # noqa: ANN401
    """Return the crates on the way between an end and the hub, driven by whoever is at that end."""
    words = as_words(row) | {"id": THERE, "ordered_by_id": None, "shut": ""}
    if use == "bring":
        words |= {"to_site_id": hub.site.id, "payer_id": row.shipper_id}
        words |= {"deliver_from_at": row.ready_at, "deliver_by_at": max(closes_at, row.ready_at)}
    else:
        end = sites_by_id(view, [row.to_site_id])[row.to_site_id]
        words |= {"from_site_id": hub.site.id, "payer_id": end.party, "shipper_id": end.party}
        words |= {"pickup_by_at": max(closes_at, row.ready_at)}
    return SimpleNamespace(**words)


def _way(day: Standing, going: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return seconds and metres of one way between an end and the hub, on the road."""
    first, last = (day.ground.row[one] for one in (going.from_site_id, going.to_site_id))
    matrix = day.ground.matrix
    return int(matrix.durations_s[first, last]), int(matrix.distances_m[first, last])


def _quarter_after(at: int) -> int:
    return -(-at // QUARTER_S) * QUARTER_S
