"""
Guests let down: what an owner that cancels owes them, and the word that their crates look for a ride.

All of it in the transaction that cancels the trip, or calls them off it. What is found instead comes right
after it: see ``rematching``.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.market.agreeing import free_shipment
from pooling.desk.trips.cancel_terms import terms_of_bid, terms_of_trip
from pooling.desk.trips.held_room import is_unnamed
from pooling.store import Tx, View
from pooling.store.bids import guests_of
from pooling.store.ledger import Purpose, party_account, pay
from pooling.store.market import rematch
from pooling.store.rows import added
from pooling.store.trips import return_of

CANCELLED_ON = "its ride was cancelled after the cut-off"


class TripCancelled(Refusal):
    code = "trip_cancelled"
    reason = "The owner cancelled the trip."
    cure = "Look for another offer: the shipment is open again."


def let_down(tx: Tx, row: Row[Any], guests: Iterable[Row[Any]], why: Refusal) -> None:
    """Free guests whom a trip's owner cancels: what they owe is void, what the terms say is owed."""
    now = terms_of_trip(tx, row)
    for one in guests:
        terms = terms_of_bid(one, now)
        cents = terms.owed_cents(one.price_cents, tx.now_at)
        if cents:
            purpose = Purpose("bid", one.id, CANCELLED_ON)
            pay(tx, party_account(row.owner_id), party_account(one.payer_id), cents, purpose)
        late_by = "owner" if terms.is_late(tx.now_at) else ""
        free_shipment(tx, one, "refused", why, {"compensation_cents": cents, "late_by": late_by})
        facts = {"why": why.code, "compensation_cents": cents}
        tx.tell("bid.refused", "bid", one.id, (one.payer_id, row.owner_id), **facts)
        if not is_unnamed(one):
            look_for_another(tx, one)


def cancelling_costs(view: View, row: Row[Any]) -> int:
    """Return what the owner of a trip would owe its guests if it cancelled now, its way back with it."""
    now, back = terms_of_trip(view, row), return_of(view, row.id)
    guests = guests_of(view, row.id)
    cents = sum(terms_of_bid(one, now).owed_cents(one.price_cents, view.now_at) for one in guests)
    if back is not None and back.state in ("open", "frozen"):
        cents += cancelling_costs(view, back)
    return cents


def look_for_another(tx: Tx, asked: Row[Any]) -> None:
    """Note that the crates of a bid look for another ride, for no more than it would have paid at most."""
    most_cents = asked.most_cents if asked.held_cents is None else min(asked.most_cents, asked.held_cents)
    added(
        tx,
        rematch,
        "rem",
        bid_id=asked.id,
        shipment_id=asked.shipment_id,
        payer_id=asked.payer_id,
        most_cents=most_cents,
        price_cents=asked.price_cents,
    )
