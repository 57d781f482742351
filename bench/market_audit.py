"""
An audit of a market: every promise held against what the store keeps, once a race or the killing is over.

Rooms are added up anew from the bids, hours are read in the kept plans, and each plan is judged by the
checker, which shares no code with what made it. Nothing is believed that the desk says of itself.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table, select

from api.house import House
from pooling.desk.trips.trip_books import load_trip
from pooling.pricing import shareable_cost
from pooling.regimes import COST_SHARING, Regime
from pooling.store import View
from pooling.store.ledger import check_ledger, transfer_state
from pooling.store.market import CLASSES, bid, shipment, trip, trip_leg
from routing.check import check

ASKING = ("open", "countered")
Rows = dict[str, Row[Any]]


@dataclass
class Audit:
    """Hold what was found: legs sold beyond their room, crates held for nobody, and each broken promise."""

    oversold: int = 0
    undersold: int = 0
    ledger_sum_cents: int = 0
    broken: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Return the figures, and of what is broken how often each."""
        return {
            "oversold": self.oversold,
            "undersold": self.undersold,
            "ledger_sum_cents": self.ledger_sum_cents,
            "broken_promises": len(self.broken),
            "broken": dict(Counter(self.broken)),
        }


def audit(house: House) -> Audit:
    """Hold the whole store of a house against the promises."""
    found = Audit()
    with house.desk.store.view() as view:
        bids, shipments, trips = (_all(view, table) for table in (bid, shipment, trip))
        guests = defaultdict[str, list[Row[Any]]](list)
        for one in bids.values():
            if one.state == "accepted":
                guests[one.trip_id].append(one)
        _rooms(view, found, guests, shipments)
        found.broken += _rides(bids, shipments)
        found.broken += _bundles(bids)
        found.broken += _money(view, found, bids)
        for row in trips.values():
            found.broken += _plan(house, view, row, guests[row.id])
    return found


def _all(view: View, table: Table) -> Rows:
    return {row.id: row for row in view.connection.execute(select(table))}


def _rooms(view: View, found: Audit, guests: dict[str, list[Row[Any]]], shipments: Rows) -> None:
    """Add up leg by leg what the guests take, and compare it with what is sold and with the room."""
    for leg in view.connection.execute(select(trip_leg)):
        taken = dict.fromkeys(CLASSES, 0)
        for one in guests[leg.trip_id]:
            if one.first_leg <= leg.leg <= one.last_leg:
                load = shipments[one.shipment_id]
                taken[load.temperature] += load.crates
                taken["kg"] += load.kg
        sold = {name: getattr(leg, f"{name}_sold") for name in CLASSES}
        over = any(max(taken[name], sold[name]) > getattr(leg, f"{name}_cap") for name in CLASSES)
        found.oversold += int(over or any(taken[name] > sold[name] for name in CLASSES))
        found.undersold += int(any(sold[name] > taken[name] for name in CLASSES))


def _rides(bids: Rows, shipments: Rows) -> Iterator[str]:
    """Name what rides twice, or rides and does not know it, or asks though it rides."""
    rides = defaultdict[str, list[str]](list)
    asking = {one.shipment_id for one in bids.values() if one.state in ASKING}
    for one in bids.values():
        if one.state == "accepted":
            rides[one.shipment_id].append(one.trip_id)
    for one in shipments.values():
        if rides[one.id] != ([one.rides_id] if one.state == "riding" else []):
            yield "a shipment rides once"
        if one.state != "open" and one.id in asking:
            yield "what rides asks no more"


def _bundles(bids: Rows) -> Iterator[str]:
    bundles = defaultdict[tuple[str, str], list[str]](list)
    for one in bids.values():
        if one.bundle_id:
            bundles[one.bundle_id, one.bundle_kind].append(one.state)
    for (_, kind), states in bundles.items():
        asking = sum(state in ASKING for state in states)
        if kind == "all" and (asking not in (0, len(states)) or len(set(states)) > 1):
            yield "a bundle is answered whole"
        if kind == "any" and (states.count("accepted") > 1 or ("accepted" in states and asking)):
            yield "of a choice one rides"


def _money(view: View, found: Audit, bids: Rows) -> Iterator[str]:
    """Judge prices against bids and quotes, and each pending transfer against its bid."""
    ledger = check_ledger(view)
    found.ledger_sum_cents = ledger.sum_cents
    if ledger.unbalanced:
        yield "a transfer has two sides"
    for one in bids.values():
        stands = transfer_state(view, one.transfer_id) if one.transfer_id else ""
        if one.state == "accepted":
            if not 0 <= one.price_cents <= one.most_cents:
                yield "a bid is a ceiling"
            if one.held_cents is not None and one.price_cents > one.held_cents:
                yield "a quote holds"
            if stands != ("pending" if one.price_cents else ""):
                yield "what is agreed is pending"
        elif stands == "pending" and not (one.state == "withdrawn" and one.owed_cents):
            yield "what ended is not owed"


def _plan(house: House, view: View, row: Row[Any], guests: list[Row[Any]]) -> Iterator[str]:
    """Judge the plan that a trip keeps: legal, everybody in it, at the hours promised, within the cap."""
    midnight = datetime.combine(row.day, datetime.min.time(), ZoneInfo(row.timezone))
    begins = {
        (visit["kind"], visit["id"]): int(midnight.timestamp()) + visit["begins_s"]
        for visit in json.loads(row.plan)["route"]["visits"]
    }
    if {key[1] for key in begins if key[0] != "announced"} != {one.shipment_id for one in guests}:
        yield "the plan carries whom it promised"
        return
    for one in guests:
        on, off = begins["pickup", one.shipment_id], begins["drop", one.shipment_id]
        collected = one.pickup_from_at <= on <= one.pickup_until_at
        if not collected or not one.drop_from_at <= off <= one.drop_until_at:
            yield "a promised hour is kept"
            return
    if row.state != "open":
        if guests:
            yield "nothing rides on what was cancelled"
        return
    book = load_trip(house.desk, view, row).book
    if check(book.problem, book.plan):
        yield "a plan is legal"
    shareable_cents = shareable_cost(book.route, refrigerated=row.refrigerated).total_cents
    if Regime(row.regime) in COST_SHARING and book.received_cents > shareable_cents:
        yield "all received stays within the shareable cost"
    if book.owner_cents > book.announced_cents:
        yield "an owner is never worse off"
