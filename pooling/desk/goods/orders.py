"""Orders: what a buyer wants from a producer, and the shipment that fills it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.days import day_clock, hours_there
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.shipments import (
    ShipmentWords,
    cancel_open,
    day_of,
    must_act_for_both,
    must_run_forward,
    shipment_values,
)
from pooling.desk.line_by_line import each_by_itself
from pooling.desk.states import must_not_be_cancelled, said
from pooling.party import Role
from pooling.store import Ask, Tx, View
from pooling.store.days import parties_by_id
from pooling.store.market import order, shipment
from pooling.store.orders import find_order
from pooling.store.rows import NotFound, added, at_revision, changed
from pooling.store.shipments import find_shipment
from pooling.store.sites import as_site, find_site


class OrderClosed(Refusal):
    code = "order_closed"
    reason = "The order is {state}."
    cure = "Place a new one."


class NotAProducer(Refusal):
    code = "not_a_producer"
    reason = "{party} is no producer."
    cure = "Order from a producer."


@dataclass(frozen=True)
class OrderWords:
    """Hold what a buyer wants; ``price_cents`` is for the whole quantity."""

    buyer_id: str
    producer_id: str
    to_site_id: str
    product: str
    quantity: int
    unit: str
    price_cents: int
    deliver_from_at: int
    deliver_by_at: int
    note: str = ""


@dataclass(frozen=True)
class Filling:
    """Hold with what a producer fills an order: how much there is to carry, where it waits and when."""

    from_site_id: str
    temperature: str
    crates: int
    ready_at: int
    pickup_by_at: int
    kg: int | None = None
    litres: int = 0


def place_order(desk: Desk, who: Actor, ask: Ask, words: OrderWords) -> str:
    """Ask a producer for goods, delivered to a site of one's own."""
    who.must_act_for(words.buyer_id, "the buyer")

    def save(tx: Tx) -> str:
        producer = parties_by_id(tx, [words.producer_id]).get(words.producer_id)
        if producer is None:
            raise NotFound(kind="party", id=words.producer_id)
        if producer.role is not Role.PRODUCER:
            raise NotAProducer(party=producer.name)
        stands = find_site(tx, words.to_site_id)
        who.must_act_for(stands.party_id, "whose site it goes to")
        must_run_forward((words.deliver_from_at, words.deliver_by_at))
        clock = day_clock(desk, day_of(desk, tx, words.deliver_from_at, words.deliver_by_at))
        there = hours_there(clock, as_site(stands), words.deliver_from_at, words.deliver_by_at)
        midnight_at = int(clock.midnight.timestamp())
        hours = {
            "deliver_from_at": midnight_at + there[0].opens_s,
            "deliver_by_at": midnight_at + there[-1].closes_s,
        }
        order_id = added(tx, order, "ord", **asdict(words) | hours)
        tx.tell("order.placed", "order", order_id, (words.buyer_id, words.producer_id))
        return order_id

    return desk.once(ask, save)


def place_orders(desk: Desk, who: Actor, ask: Ask, orders: Sequence[OrderWords]) -> list[str | Refusal]:
    """Ask several producers in one call; returns the order of each, or why there is none."""
    for buyer_id in sorted({words.buyer_id for words in orders}):
        who.must_act_for(buyer_id, "the buyer")
    return each_by_itself(desk, ask, orders, lambda part, words: place_order(desk, who, part, words))


def accept_order(
    desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None, filling: Filling
) -> str:
    """Accept an order: it becomes a shipment of the producer's, which pays for its carriage."""

    def decide(view: View) -> tuple[Row[Any], dict[str, object]]:
        asked = _asked(view, who, order_id, revision)
        who.must_act_for(asked.producer_id, "the producer")
        _must_be_asked(asked)
        words = _shipment_words(asked, filling)
        must_act_for_both(who, words)
        return asked, shipment_values(desk, view, words)

    def save(tx: Tx, decided: tuple[Row[Any], dict[str, object]]) -> str:
        asked, crates = decided
        shipment_id = added(tx, shipment, "shp", **crates)
        values = {"state": "accepted", "shipment_id": shipment_id}
        moved_if_changed(lambda: changed(tx, order, asked, values))
        tx.tell("order.accepted", "order", order_id, (asked.buyer_id, asked.producer_id))
        return order_id

    return desk.once_decided(ask, decide, save)


def refuse_order(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
    """Refuse an order that was placed with one's own farm."""

    def save(tx: Tx) -> str:
        asked = _asked(tx, who, order_id, revision)
        who.must_act_for(asked.producer_id, "the producer")
        _must_be_asked(asked)
        changed(tx, order, asked, {"state": "refused"}, kind="order")
        tx.tell("order.refused", "order", order_id, (asked.buyer_id, asked.producer_id))
        return order_id

    return desk.once(ask, save)


def cancel_order(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
    """Cancel one's own order; one that was accepted as long as nothing carries its crates."""

    def save(tx: Tx) -> str:
        asked = _asked(tx, who, order_id, revision)
        who.must_act_for(asked.buyer_id, "the buyer")
        must_not_be_cancelled(asked)
        if asked.state == "accepted":
            cancel_open(tx, find_shipment(tx, asked.shipment_id))
        else:
            _must_be_asked(asked)
        changed(tx, order, asked, {"state": "cancelled"}, kind="order")
        tx.tell("order.cancelled", "order", order_id, (asked.buyer_id, asked.producer_id))
        return order_id

    return desk.once(ask, save)


def _shipment_words(asked: Row[Any], filling: Filling) -> ShipmentWords:
    return ShipmentWords(
        shipper_id=asked.producer_id,
        payer_id=asked.producer_id,
        to_site_id=asked.to_site_id,
        deliver_from_at=asked.deliver_from_at,
        deliver_by_at=asked.deliver_by_at,
        goods_value_cents=asked.price_cents,
        ordered_by_id=asked.buyer_id,
        goods=asked.product,
        **asdict(filling),
    )


def _asked(view: View, who: Actor, order_id: str, revision: int | None) -> Row[Any]:
    asked = find_order(view, order_id)
    who.must_see("order", order_id, asked.buyer_id, asked.producer_id)
    at_revision(asked, revision, kind="order")
    return asked


def _must_be_asked(asked: Row[Any]) -> None:
    if asked.state != "asked":
        raise OrderClosed(state=said(asked.state))
