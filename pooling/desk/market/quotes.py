"""
Quotes: the price of an offer, held for a while.

A quote holds the price, not the room: whoever bids by it is decided on the trip as it then stands, and
pays at most what was quoted. What it can be refused for is what any bid can be: the law, the road, the room,
and an owner that would be worse off than without any guests.
"""

import json
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved
from pooling.desk.market.rides import Decided, decide_ride, must_take_guests
from pooling.figures import QUOTE_TIME
from pooling.store import Ask, Tx, View
from pooling.store.finding import quote
from pooling.store.people import party
from pooling.store.quotes import count_quotes, find_quote
from pooling.store.rows import added, held
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip

QUOTES_LIMIT = 50
"""Quotes that hold for one party at a time."""

QUOTED = (
    "payer_id",
    "from_site_id",
    "to_site_id",
    "temperature",
    "crates",
    "kg",
    "litres",
    "ready_at",
    "pickup_by_at",
    "deliver_from_at",
    "deliver_by_at",
)
"""What of a shipment a price is made for."""


class QuoteExpired(Refusal):
    code = "quote_expired"
    reason = "The quote has run out: it holds its price no more."
    cure = "Ask for a new quote, or bid without one."


class QuoteElsewhere(Refusal):
    code = "quote_elsewhere"
    reason = "The quote is for another trip or other crates: what it was given for has changed."
    cure = "Ask for a quote for these crates on this trip, or bid without one."


class QuoteHolds(Refusal):
    code = "quote_holds"
    reason = "A quote holds the price of this bid at {held}; {cents} is more."
    cure = "Ask for at most {held}, or accept or refuse the bid."


class TooManyQuotes(Refusal):
    code = "too_many_quotes"
    reason = "{limit} quotes hold for your party already."
    cure = "Bid by one of them, or wait until some have run out."


def quote_offer(desk: Desk, who: Actor, ask: Ask, trip_id: str, shipment_id: str) -> str:
    """Hold the price of a ride for a shipment, as a bid would find it now; returns the quote."""

    def decide(view: View) -> Decided:
        row = find_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        return decide_ride(desk, view, find_trip(view, trip_id), row, None)

    def save(tx: Tx, ride: Decided) -> str:
        payer_id, trip = ride.shipment.payer_id, find_trip(tx, trip_id)
        held(tx, party, payer_id)
        must_take_guests(trip, tx.now_at)
        stands = (trip.revision, find_shipment(tx, shipment_id).revision)
        if stands != (ride.stored.row.revision, ride.shipment.revision):
            raise Moved
        if count_quotes(tx, payer_id) >= QUOTES_LIMIT:
            raise TooManyQuotes(limit=QUOTES_LIMIT)
        return _written(tx, ride)

    return desk.once_decided(ask, decide, save)


def price_held(view: View, who: Actor, quote_id: str, trip_id: str, shipment: Row[Any]) -> int:
    """Return the cents that a quote holds for these crates on this trip, or refuse."""
    row = find_quote(view, quote_id)
    who.must_see("quote", quote_id, row.payer_id)
    if (row.trip_id, row.shipment_id, row.asked) != (trip_id, shipment.id, _asked(shipment)):
        raise QuoteElsewhere
    must_still_hold(row, view.now_at)
    return int(row.price_cents)


def must_still_hold(row: Row[Any], now_at: int) -> None:
    """Refuse a quote whose hour is over."""
    if now_at >= row.expires_at:
        raise QuoteExpired


def _written(tx: Tx, ride: Decided) -> str:
    row, promised = ride.shipment, ride.promised()
    expires_at = min(tx.now_at + QUOTE_TIME.value, ride.stored.row.cutoff_at)
    quote_id = added(
        tx,
        quote,
        "quote",
        trip_id=ride.stored.row.id,
        shipment_id=row.id,
        payer_id=row.payer_id,
        asked=_asked(row),
        price_cents=ride.guest.price_cents,
        detour_s=ride.guest.detour_s,
        pickup_at=promised["pickup_at"],
        drop_at=promised["drop_at"],
        expires_at=expires_at,
    )
    facts = {"price_cents": ride.guest.price_cents, "expires_at": expires_at}
    tx.tell("quote.given", "quote", quote_id, (row.payer_id,), shipment=row.id, **facts)
    return quote_id


def _asked(shipment: Row[Any]) -> str:
    return json.dumps([getattr(shipment, name) for name in QUOTED])
