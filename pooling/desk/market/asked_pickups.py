"""
Pickups asked for: crates that are to be pooled with others, though nobody drives that way yet.

Asking holds nothing and owes nothing. The crates count among what is looked for in vain, of which tours are
drafted; whoever plans the day sees the pickup, and is told how many of those asked for find a place. Joining
the tour stays the asker's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved
from pooling.desk.goods.shipments import ShipmentWords, must_act_for_both, shipment_values, write_entered
from pooling.desk.market.demand import note_unmet_search
from pooling.desk.market.offers import unentered
from pooling.desk.market.pooled_pickups import pooled_pickup
from pooling.desk.market.rides import must_be_open
from pooling.store import Ask, Page, Tx, View
from pooling.store.finding import pickup_ask
from pooling.store.market import shipment
from pooling.store.pickups import find_pickup, list_pickups, pickup_asked_for, places_suggested
from pooling.store.rows import added, at_revision, changed, held
from pooling.store.shipments import find_shipment, shipments_by_id

PickupState = Literal["asked", "suggested", "riding", "lapsed", "cancelled", "withdrawn"]


class PickupAsked(Refusal):
    code = "pickup_asked"
    reason = "A pickup is asked for these crates already."
    cure = "Look at what became of it, or withdraw it and ask anew."


class PickupClosed(Refusal):
    code = "pickup_closed"
    reason = "The pickup is not asked for any more."
    cure = "Look at the shipment: it may ride, or ask for a pickup anew."


@dataclass(frozen=True)
class AskedPickup:
    """Hold a pickup that was asked for, its crates, what became of it, and the place suggested for it."""

    row: Row[Any]
    shipment: Row[Any]
    state: PickupState
    place: Row[Any] | None


@dataclass(frozen=True)
class _Wanted:
    """Hold the crates that ask, what is kept of those that are entered with it, and the expected price."""

    row: Any
    values: Mapping[str, object] | None
    expected_cents: int | None


def ask_for_pickup(desk: Desk, who: Actor, ask: Ask, wanted: str | ShipmentWords) -> str:
    """
    Ask that crates be collected with those of others; crates that were not entered are entered with it.

    Returns the pickup. Its expected price is kept where enough parties go that way to tell one.
    """
    if not isinstance(wanted, str):
        must_act_for_both(who, wanted)

    def decide(view: View) -> _Wanted:
        values = None if isinstance(wanted, str) else shipment_values(desk, view, wanted)
        row = _own_crates(view, who, str(wanted)) if values is None else unentered(view, values)
        found = pooled_pickup(desk, view.for_payer(row.payer_id), row)
        return _Wanted(row, values, None if found is None else found.expected_cents)

    def save(tx: Tx, asked: _Wanted) -> str:
        row = asked.row
        shipment_id = row.id if asked.values is None else write_entered(tx, asked.values)
        held(tx, shipment, shipment_id)
        if asked.values is None and find_shipment(tx, shipment_id).revision != row.revision:
            raise Moved
        if pickup_asked_for(tx, shipment_id) is not None:
            raise Moved
        words = {"shipment_id": shipment_id, "payer_id": row.payer_id, "day": row.day}
        pickup_id = added(tx, pickup_ask, "pck", expected_cents=asked.expected_cents, **words)
        tx.tell("pickup.asked", "shipment", shipment_id, {row.payer_id}, pickup=pickup_id, day=str(row.day))
        return pickup_id

    pickup_id: str = desk.once_decided(ask, decide, save)
    with desk.store.view() as view:
        row = find_shipment(view, find_pickup(view, pickup_id).shipment_id)
    note_unmet_search(desk, row)
    return pickup_id


def _own_crates(view: View, who: Actor, shipment_id: str) -> Row[Any]:
    row = find_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    who.must_act_for(row.payer_id, "who pays for the shipment")
    must_be_open(row)
    if pickup_asked_for(view, shipment_id) is not None:
        raise PickupAsked
    return row


def withdraw_pickup(desk: Desk, who: Actor, ask: Ask, pickup_id: str, revision: int | None) -> str:
    """Ask for a pickup no more; its crates stay as they are."""

    def save(tx: Tx) -> str:
        row = find_pickup(tx, pickup_id)
        who.must_see("pickup", pickup_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        at_revision(row, revision, kind="pickup")
        if row.state != "asked":
            raise PickupClosed
        changed(tx, pickup_ask, row, {"state": "withdrawn"})
        tx.tell("pickup.withdrawn", "shipment", row.shipment_id, {row.payer_id}, pickup=pickup_id)
        return pickup_id

    return desk.once(ask, save)


def seen_pickups(
    view: View, who: Actor, page: Page, *, day: date | None = None, shipment_id: str = ""
) -> tuple[Sequence[AskedPickup], str]:
    """List what one's own parties asked for, each with what became of it; an operator sees all."""
    whose = None if who.is_operator else who.manages
    rows, after = list_pickups(view, whose, page, day=day, shipment_id=shipment_id)
    return asked_pickups(view, rows), after


def asked_pickups(view: View, rows: Sequence[Row[Any]]) -> list[AskedPickup]:
    """Return pickups with their crates and with what became of them."""
    crates = shipments_by_id(view, [row.shipment_id for row in rows])
    places = places_suggested(view, list(crates))
    found = []
    for row in rows:
        state = _state(row, crates[row.shipment_id], row.shipment_id in places, view.now_at)
        place = places[row.shipment_id] if state == "suggested" else None
        found.append(AskedPickup(row, crates[row.shipment_id], state, place))
    return found


def _state(row: Row[Any], crates: Row[Any], placed: bool, now_at: int) -> PickupState:  # noqa: FBT001
    """Tell what became of a pickup: a tour that is cancelled leaves it asked for, as it was before."""
    if row.state == "withdrawn":
        return "withdrawn"
    if crates.state == "cancelled":
        return "cancelled"
    if crates.state != "open":
        return "riding"
    if now_at >= crates.pickup_by_at:
        return "lapsed"
    return "suggested" if placed else "asked"
