"""
Order from a producer's short list for a tour: several of its lines at once, carried together.

The crates have their place before the order is written: what does not fit, or cannot be paid, is refused
with its reason and nothing is kept. Where the producer accepts by itself the order is a place on the tour
at once; else its goods are kept for it until the producer answers. The goods are paid between the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved
from pooling.desk.goods.shipments import shipment_values
from pooling.desk.line_by_line import each_by_itself
from pooling.desk.selling.boarding import Boarding, board, found_places
from pooling.desk.selling.order_rides import (
    Terms,
    said_to_buyer,
    shipment_words,
    terms_of,
    tour_of_order,
    wished,
)
from pooling.desk.selling.shortlists import BUYERS, ListWithdrawn, seen_list
from pooling.desk.tours.sign_ups import must_be_in_time
from pooling.goods.goods import GoodsLoad, crates_for, loads_of
from pooling.store import Ask, Tx, View
from pooling.store.rows import NotFound, added, held
from pooling.store.selling import goods, tour_order
from pooling.store.shortlists import find_short_list, goods_by_id, spoken_for
from pooling.store.sites import find_site
from pooling.store.tour_orders import write_lines, write_loads


class NotABuyer(Refusal):
    code = "not_a_buyer"
    reason = "Only restaurants, shops and intermediaries order from short lists."
    cure = "Order as a party that buys."


class GoodsGone(Refusal):
    code = "goods_gone"
    reason = "{product} is not to be had from this list on {day}."
    cure = "Look at the list again, or choose another day."


class BelowLeast(Refusal):
    code = "below_least"
    reason = "{product} is sold from {least} {unit} on."
    cure = "Order at least as much, or leave it out."


class NotEnoughLeft(Refusal):
    code = "not_enough_left"
    reason = "Of {product} only {left} {unit} are left."
    cure = "Order no more than that, or leave it out."


@dataclass(frozen=True)
class TourOrderWords:
    """
    Hold an order: how many units of which goods of one list, where to, and on which ride.

    Without ``tour_id`` it goes to the round of the list: on ``day``, or its next one. Hours of delivery
    that are not said are those of the site.
    """

    buyer_id: str
    list_id: str
    to_site_id: str
    quantities: Mapping[str, int]
    tour_id: str | None = None
    day: date | None = None
    deliver_from_at: int | None = None
    deliver_by_at: int | None = None
    note: str = ""


@dataclass(frozen=True)
class OrderLine:
    """Hold one line as it is kept, with what there is to carry of it."""

    goods_id: str
    product: str
    unit: str
    quantity: int
    price_cents: int
    crates: int
    kg: int
    temperature: str
    food: str

    @property
    def cents(self) -> int:
        return self.quantity * self.price_cents


@dataclass(frozen=True)
class Placing:
    """Hold an order that can be placed: on what it was decided, and its places on the tour."""

    of_list: Row[Any]
    goods: Mapping[str, Row[Any]]
    terms: Terms
    lines: Sequence[OrderLine]
    places: Boarding


def place_tour_order(desk: Desk, who: Actor, ask: Ask, words: TourOrderWords) -> str:
    """Order goods of one list for a tour; returns the order, which stands or waits for the producer."""
    _must_buy(who, words.buyer_id)
    return desk.once_decided(
        ask,
        lambda view: _decided(desk, view, who, words),
        lambda tx, placing: _placed(tx, words, placing),
    )


def place_tour_orders(
    desk: Desk, who: Actor, ask: Ask, orders: Sequence[TourOrderWords]
) -> list[str | Refusal]:
    """Order from several lists in one call; returns the order of each, or why there is none."""
    for buyer_id in sorted({words.buyer_id for words in orders}):
        _must_buy(who, buyer_id)
    return each_by_itself(desk, ask, orders, lambda part, words: place_tour_order(desk, who, part, words))


def _must_buy(who: Actor, buyer_id: str) -> None:
    who.must_act_for(buyer_id, "the buyer")
    if who.manages[buyer_id] not in BUYERS:
        raise NotABuyer


def places_for(
    desk: Desk, view: View, tour_row: Row[Any], terms: Terms, loads: Sequence[GoodsLoad]
) -> Boarding:
    """Find places on a tour for all loads of an order, or refuse as its buyer may hear it."""
    try:
        values = [shipment_values(desk, view, shipment_words(terms, one)) for one in loads]
        return found_places(desk, view, tour_row, wished(view, values))
    except Refusal as refusal:
        raise said_to_buyer(refusal, terms) from refusal


def _decided(desk: Desk, view: View, who: Actor, words: TourOrderWords) -> Placing:
    of_list = seen_list(view, who, words.list_id)
    if of_list.state != "open":
        raise ListWithdrawn
    who.must_act_for(find_site(view, words.to_site_id).party_id, "whose site it goes to")
    tour_row = tour_of_order(view, of_list, words.tour_id, words.day)
    rows = goods_by_id(view, words.quantities)
    lines = [_line(rows.get(one), one, units, words, tour_row.day) for one, units in words.quantities.items()]
    _must_be_left(rows, words.quantities, spoken_for(view, rows))
    hours_at = (words.deliver_from_at, words.deliver_by_at)
    terms = terms_of(desk, of_list, tour_row, words.buyer_id, words.to_site_id, hours_at)
    places = places_for(desk, view, tour_row, terms, loads_of(lines))
    return Placing(of_list, rows, terms, lines, places)


def _line(row: Row[Any] | None, goods_id: str, units: int, words: TourOrderWords, day: date) -> OrderLine:
    """Return what an order takes of one line of the list."""
    if row is None or row.list_id != words.list_id:
        raise NotFound(kind="goods", id=goods_id)
    early = row.from_day is not None and day < row.from_day
    late = row.until_day is not None and day > row.until_day
    if row.state != "open" or early or late:
        raise GoodsGone(product=row.product, day=day)
    if units < row.least:
        raise BelowLeast(product=row.product, least=row.least, unit=row.unit)
    crates = crates_for(units, row.units_per_crate)
    return OrderLine(
        goods_id=row.id,
        product=row.product,
        unit=row.unit,
        quantity=units,
        price_cents=row.price_cents,
        crates=crates,
        kg=crates * row.kg_per_crate,
        temperature=row.temperature,
        food=row.food,
    )


def _must_be_left(
    rows: Mapping[str, Row[Any]], quantities: Mapping[str, int], taken: Mapping[str, int]
) -> None:
    for goods_id, units in quantities.items():
        row = rows[goods_id]
        left = None if row.available is None else max(0, row.available - taken.get(goods_id, 0))
        if left is not None and units > left:
            raise NotEnoughLeft(product=row.product, left=left, unit=row.unit)


def _placed(tx: Tx, words: TourOrderWords, placing: Placing) -> str:
    """Write an order on goods that are as they were read, each held from everybody else meanwhile."""
    for goods_id in sorted(placing.goods):
        held(tx, goods, goods_id)
    rows = goods_by_id(tx, placing.goods)
    if {one: row.revision for one, row in rows.items()} != {
        one: row.revision for one, row in placing.goods.items()
    } or find_short_list(tx, words.list_id).revision != placing.of_list.revision:
        raise Moved
    _must_be_left(rows, words.quantities, spoken_for(tx, rows))
    tour_row = placing.places.world.row
    must_be_in_time(tx, tour_row)
    at_once = placing.of_list.accepts or (
        placing.of_list.round_id is not None and placing.of_list.round_id == tour_row.round_id
    )
    order_id = added(tx, tour_order, "tord", **_row_of(words, placing, accepted=at_once))
    write_lines(tx, order_id, [vars(one) for one in placing.lines])
    if at_once:
        write_loads(tx, order_id, board(tx, placing.places))
    topic = "tour_order.accepted" if at_once else "tour_order.placed"
    told = (placing.terms.buyer_id, placing.terms.producer_id)
    tx.tell(topic, "tour_order", order_id, told, day=str(tour_row.day))
    return order_id


def _row_of(words: TourOrderWords, placing: Placing, *, accepted: bool) -> dict[str, object]:
    tour_row = placing.places.world.row
    return {
        **vars(placing.terms),
        "list_id": words.list_id,
        "tour_id": tour_row.id,
        "day": tour_row.day,
        "price_cents": sum(one.cents for one in placing.lines),
        "crate_cents": tour_row.crate_cents,
        "note": words.note,
        "state": "accepted" if accepted else "asked",
    }
