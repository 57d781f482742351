"""Mutual aid settled in kind: a ride is agreed for nothing, and counted in the reciprocity balance."""

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.trips.leaving_trips import lower
from pooling.reciprocity import MUTUAL
from pooling.store import Ask, Tx
from pooling.store.bids import find_bid
from pooling.store.ledger import transfer_state
from pooling.store.reciprocity import IN_KIND_STATES
from pooling.store.trips import find_trip


class NoMutualAid(Refusal):
    code = "no_mutual_aid"
    reason = "This trip is no mutual aid between farms: nothing on it is settled in kind."
    cure = "Let the price stand, or announce the next trip as mutual aid between farms."


class InKindOutOfTime(Refusal):
    code = "in_kind_out_of_time"
    reason = "A price is settled in kind while its trip is frozen or under way, before it is owed."
    cure = "Before it is frozen, others come and go and prices follow; once it is owed, record a payment."


def agree_in_kind(desk: Desk, who: Actor, ask: Ask, bid_id: str) -> str:
    """
    Ask nothing for a ride on one's own trip: its price becomes 0, and it is counted as mutual aid.

    By the owner alone, who gives up its own money. Once who rides is settled: before, the price of one
    guest bears on what the others pay.
    """

    def save(tx: Tx) -> str:
        row = find_bid(tx, bid_id)
        trip = find_trip(tx, row.trip_id)
        who.must_see("bid", bid_id, trip.owner_id, row.payer_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        if trip.regime not in MUTUAL:
            raise NoMutualAid
        owed = bool(row.transfer_id) and transfer_state(tx, row.transfer_id) == "pending"
        if row.state != "accepted" or trip.state not in IN_KIND_STATES or not owed:
            raise InKindOutOfTime
        lower(tx, row, trip.owner_id, "price_cents", 0)
        return bid_id

    return desk.once(ask, save)
