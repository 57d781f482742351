"""
Mutual aid settled in kind: a ride is agreed for nothing, and counted in the reciprocity balance.

Its payer asks for it with its bid, its owner says so as it accepts, or later. The price becomes 0 once the
trip is frozen: before, guests come and go, and the price of one bears on what the others pay.
"""

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.trips.leaving_trips import lower
from pooling.ledger.reciprocity import must_be_mutual
from pooling.store import Ask, Tx
from pooling.store.bids import find_bid, guests_of
from pooling.store.ledger import transfer_state
from pooling.store.market import bid
from pooling.store.reciprocity import IN_KIND_STATES
from pooling.store.rows import changed
from pooling.store.trips import find_trip

AGREED = "agreed"


class InKindOutOfTime(Refusal):
    code = "in_kind_out_of_time"
    reason = "A ride is settled in kind from its acceptance on, before it is owed."
    cure = "Accept the bid first; once it is owed, record a payment."


def agree_in_kind(desk: Desk, who: Actor, ask: Ask, bid_id: str) -> str:
    """
    Ask nothing for a ride on one's own trip: it is counted as mutual aid in place of its price.

    By the owner alone, who gives up its own money.
    """

    def save(tx: Tx) -> str:
        row = find_bid(tx, bid_id)
        trip = find_trip(tx, row.trip_id)
        who.must_see("bid", bid_id, trip.owner_id, row.payer_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        must_be_mutual(trip.regime)
        owed = bool(row.transfer_id) and transfer_state(tx, row.transfer_id) == "pending"
        if row.state != "accepted" or trip.state not in IN_KIND_STATES or not owed:
            raise InKindOutOfTime
        settle_in_kind(tx, bid_id)
        if trip.state != "open":
            lower(tx, find_bid(tx, bid_id), trip.owner_id, "price_cents", 0)
        return bid_id

    return desk.once(ask, save)


def settle_in_kind(tx: Tx, bid_id: str) -> None:
    """Note that a ride is settled in kind, as its owner says."""
    row = find_bid(tx, bid_id)
    if row.in_kind != AGREED:
        moved_if_changed(lambda: changed(tx, bid, row, {"in_kind": AGREED}))


def give_up_prices(tx: Tx, trip_id: str, owner_id: str) -> None:
    """Lower to 0, as a trip is frozen, what was agreed to be settled in kind."""
    for one in guests_of(tx, trip_id):
        if one.in_kind == AGREED:
            lower(tx, one, owner_id, "price_cents", 0)
