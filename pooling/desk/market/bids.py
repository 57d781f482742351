"""
Bids: the most a shipper would pay for room on a trip, and what becomes of it.

What could never be accepted is refused at once, with its true reason. A bid that stands waits for the
trip's owner, for so many waking hours and never beyond the trip's cut-off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import must_accept_cover
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.market.agreeing import Agreed, agree, agree_all, end_asking
from pooling.desk.market.asking_sets import decide_bundle
from pooling.desk.market.in_kind import settle_in_kind
from pooling.desk.market.placing import (
    PLAIN,
    BidTerms,
    expiry,
    held_as_decided,
    move_late_cutoff,
    must_have_place,
    put_down,
)
from pooling.desk.market.quotes import QuoteHolds, must_still_hold, price_held
from pooling.desk.market.rides import Decided, decide_ride, in_both_sights
from pooling.desk.states import said
from pooling.desk.trips.cancel_terms import must_not_have_set_out, terms_of_trip
from pooling.desk.trips.leaving_trips import leave, without
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.fair.sharing import Claimant, split
from pooling.ledger.reciprocity import must_be_mutual
from pooling.market.award import TripBook
from pooling.money import Cents
from pooling.store import Ask, Tx, View
from pooling.store.bids import ASKING, find_bid, overdue, whole_of
from pooling.store.market import bid, shipment
from pooling.store.people import party
from pooling.store.quotes import find_quote
from pooling.store.rows import at_revision, changed, held
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip, owners_of

EXPIRED_AT_ONCE = 500


class BidClosed(Refusal):
    code = "bid_closed"
    reason = "The bid is {state}."
    cure = "Look at the shipment: it may ride elsewhere, or bid anew."


class BidExpired(Refusal):
    code = "bid_expired"
    reason = "The time to answer this bid is over."
    cure = "Ask the shipper to bid anew."


class NotCountered(Refusal):
    code = "not_countered"
    reason = "The owner has made no counter-offer on this bid."
    cure = "Wait for the owner's answer."


class RefusedByOwner(Refusal):
    code = "refused_by_owner"
    reason = "The trip's owner refused the bid."
    cure = "Choose another trip or tour."


@dataclass(frozen=True)
class _Asked:
    """Hold bids that are answered together as they were read, with the rides that were decided for them."""

    bids: Sequence[Row[Any]]
    rides: Mapping[str, Decided]
    amounts: Mapping[str, int]
    above_alone: bool = False

    @property
    def agreed(self) -> list[Agreed]:
        """Return what would ride, each for at most its amount."""
        return [
            Agreed(self.rides[one.shipment_id], one, self.amounts[one.id], self.above_alone)
            for one in self.bids
        ]

    @property
    def trip(self) -> Row[Any]:
        return next(iter(self.rides.values())).stored.row


def place_bid(
    desk: Desk,
    who: Actor,
    ask: Ask,
    trip_id: str,
    shipment_id: str,
    most_cents: int,
    terms: BidTerms = PLAIN,
) -> str:
    """
    Bid for a shipment's room on a trip; on a trip that accepts at once it rides at once.

    By a quote that still holds it pays at most what was quoted, until the bid is answered.
    """

    def decide(view: View) -> tuple[Decided, int | None]:
        trip = find_trip(view, trip_id)
        row = find_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        must_accept_cover(row.declared_value_cents, terms.cover)
        held_cents = price_held(view, who, terms.quote_id, trip_id, row) if terms.quote_id else None
        meant = terms.above_alone
        return decide_ride(desk, view, trip, row, most_cents, held_cents, above_alone=meant), held_cents

    def save(tx: Tx, decided: tuple[Decided, int | None]) -> str:
        ride, held_cents = decided
        held(tx, party, ride.shipment.payer_id)
        trip = held_as_decided(tx, ride.stored.row)
        held(tx, shipment, shipment_id)
        if terms.quote_id:
            must_still_hold(find_quote(tx, terms.quote_id), tx.now_at)
        if find_shipment(tx, shipment_id).revision != ride.shipment.revision:
            raise Moved
        must_have_place(tx, trip_id, [shipment_id])
        bid_id = put_down(tx, ride, most_cents, terms, held_cents=held_cents)
        if ride.stored.row.instant:
            agree(tx, ride, find_bid(tx, bid_id), most_cents)
        else:
            move_late_cutoff(tx, trip)
        return bid_id

    return desk.once_decided(ask, decide, save)


def accept_bid(
    desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None, *, in_kind: bool = False
) -> str:
    """
    Accept a bid on one's own trip: the guest rides at the hours promised, and pays at most its bid.

    Of a bundle all ride or none; of bids of which only one may ride, the others end. ``in_kind`` settles it
    as mutual aid: counted, and nothing paid.
    """

    def decide(view: View) -> _Asked:
        asked = _answered_by_owner(view, who, bid_id, revision)
        decided = _decided_for_owner(desk, view, asked, {one.id: one.most_cents for one in asked})
        if in_kind:
            must_be_mutual(decided.trip.regime)
        return decided

    def save(tx: Tx, asked: _Asked) -> str:
        done = _agreed(bid_id)(tx, asked)
        for one in asked.bids if in_kind else ():
            settle_in_kind(tx, one.id)
        return done

    return desk.once_decided(ask, decide, save)


def counter_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None, cents: int) -> str:
    """
    Ask for another amount: the most that the payer should offer, for a whole bundle in all.

    It is tried like a bid of that amount, so that what is asked can be agreed. The bid itself stays
    as it is; only its payer can take the counter. Where a quote holds its price, no more can be asked;
    where it is more than driving alone costs its payer, that is told to its payer as it takes it.
    Under cost sharing only the ceiling moves: what the payer would pay as things stand is kept with it.
    """

    def decide(view: View) -> _Asked:
        asked = _answered_by_owner(view, who, bid_id, revision)
        held_cents = asked[0].held_cents
        if held_cents is not None and cents > held_cents:
            raise QuoteHolds(held=Cents(held_cents), cents=Cents(cents))
        amounts = in_proportion(cents, {one.id: one.most_cents for one in asked})
        return _decided_for_owner(desk, view, asked, amounts, above_alone=True)

    def save(tx: Tx, asked: _Asked) -> str:
        _must_wait(asked.bids, tx.now_at)
        held_as_decided(tx, asked.trip)
        expires_at = expiry(asked.trip, tx.now_at)
        for one in asked.bids:
            values = {
                "state": "countered",
                "counter_cents": asked.amounts[one.id],
                "price_cents": asked.rides[one.shipment_id].guest.price_cents,
                "expires_at": min(expires_at, one.name_by_at or expires_at),
            }
            moved_if_changed(lambda one=one, values=values: changed(tx, bid, one, values))  # type: ignore[misc]
            facts = {"counter_cents": asked.amounts[one.id], "expires_at": expires_at}
            tx.tell("bid.countered", "bid", one.id, (one.payer_id, asked.trip.owner_id), **facts)
        return bid_id

    return desk.once_decided(ask, decide, save)


def take_counter(
    desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None, *, above_alone: bool = False
) -> str:
    """
    Take the owner's counter: the ride is agreed, for at most the amount that was asked.

    Where the ride costs more than driving alone would, its payer says so by ``above_alone``, or is warned.
    """

    def decide(view: View) -> _Asked:
        asked = _asked(view, who, bid_id, revision)
        who.must_act_for(asked[0].payer_id, "who pays for the shipment")
        _must_wait(asked, view.now_at)
        if any(one.state != "countered" for one in asked):
            raise NotCountered
        amounts = {one.id: one.counter_cents for one in asked}
        return _decided(desk, view, asked, amounts, above_alone=above_alone)

    return desk.once_decided(ask, decide, _agreed(bid_id))


def refuse_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """Refuse a bid on one's own trip; a bundle whole."""

    def save(tx: Tx) -> str:
        asked = _answered_by_owner(tx, who, bid_id, revision)
        end_asking(tx, asked, "bid.refused", owners_of(tx, [asked[0].trip_id]), RefusedByOwner())
        return bid_id

    return desk.once(ask, save)


def withdraw_bid(desk: Desk, who: Actor, ask: Ask, bid_id: str, revision: int | None) -> str:
    """
    Withdraw one's own bid; after acceptance too, until the trip sets out. A bundle is withdrawn whole.

    The room is given back, the transfer voided, the shipment open again. Until the cut-off that is free;
    later the payer owes what the terms say. Whoever leaves others behind that rode only because it paid
    for the way owes the trip's owner that difference.
    """

    def decide(view: View) -> tuple[Sequence[Row[Any]], StoredTrip | None, TripBook | None]:
        asked = _asked(view, who, bid_id, revision)
        who.must_act_for(asked[0].payer_id, "who pays for the shipment")
        if asked[0].state != "accepted":
            return asked, None, None
        trip = find_trip(view, asked[0].trip_id)
        must_not_have_set_out(trip, terms_of_trip(view, trip), view.now_at)
        stored = load_trip(desk, view, trip)
        return asked, stored, without(stored, asked[0].shipment_id)

    def save(tx: Tx, decided: tuple[Sequence[Row[Any]], StoredTrip | None, TripBook | None]) -> str:
        asked, stored, left = decided
        if stored is not None and left is not None:
            leave(tx, stored, left, asked[0])
            for one in asked[1:]:
                _leave_too(desk, tx, one)
        elif asked[0].state in ASKING:
            end_asking(tx, asked, "bid.withdrawn", owners_of(tx, [one.trip_id for one in asked]))
        else:
            raise BidClosed(state=said(asked[0].state))
        return bid_id

    return desk.once_decided(ask, decide, save)


def expire_due(desk: Desk) -> int:
    """
    End the bids whose time to be answered is up; returns how many.

    Called by the clock; calling it again changes nothing.
    """

    def work(tx: Tx) -> int:
        found = {
            one.id: one for each in overdue(tx, tx.now_at, EXPIRED_AT_ONCE) for one in whole_of(tx, each)
        }
        due = [one for one in found.values() if one.state in ASKING]
        end_asking(tx, due, "bid.expired", owners_of(tx, [one.trip_id for one in due]))
        return len(due)

    try:
        ended: int = desk.store.change(work)
    except Moved:
        return 0
    return ended


def in_proportion(cents: int, most: Mapping[str, int]) -> dict[str, int]:
    """Share an amount for a bundle among its bids, by what each offers."""
    most = most if any(most.values()) else dict.fromkeys(most, 1)
    scale = max(cents, sum(most.values()))
    claims = {one: Claimant(share * scale, share * scale) for one, share in most.items()}
    return dict(split(cents, claims).shares_cents)


def _asked(view: View, who: Actor, bid_id: str, revision: int | None) -> Sequence[Row[Any]]:
    """Return a bid and what is answered together with it, which payer, owner or an operator may see."""
    asked = find_bid(view, bid_id)
    who.must_see("bid", bid_id, asked.payer_id, owners_of(view, [asked.trip_id])[asked.trip_id])
    at_revision(asked, revision, kind="bid")
    others = [one for one in whole_of(view, asked) if one.id != bid_id and one.state == asked.state]
    return [asked, *others]


def _decided_for_owner(
    desk: Desk,
    view: View,
    asked: Sequence[Row[Any]],
    amounts: Mapping[str, int],
    *,
    above_alone: bool = False,
) -> _Asked:
    try:
        return _decided(desk, view, asked, amounts, above_alone=above_alone)
    except Refusal as refusal:
        raise in_both_sights(refusal) from None


def _answered_by_owner(view: View, who: Actor, bid_id: str, revision: int | None) -> Sequence[Row[Any]]:
    """Return the same to the trip's owner, while it waits for an answer."""
    asked = _asked(view, who, bid_id, revision)
    who.must_act_for(owners_of(view, [asked[0].trip_id])[asked[0].trip_id], "the trip's owner")
    _must_wait(asked, view.now_at)
    return asked


def _decided(
    desk: Desk,
    view: View,
    asked: Sequence[Row[Any]],
    amounts: Mapping[str, int],
    *,
    above_alone: bool = False,
) -> _Asked:
    """Decide bids at these amounts; ``above_alone`` where their payer knows, or is told as it agrees."""
    meant = above_alone or asked[0].above_alone
    trip = find_trip(view, asked[0].trip_id)
    rows = [find_shipment(view, one.shipment_id) for one in asked]
    if asked[0].bundle_kind == "all":
        most = {one.shipment_id: amounts[one.id] for one in asked}
        rides = decide_bundle(desk, view, trip, rows, most, above_alone=meant)
        return _Asked(asked, rides, amounts, above_alone)
    one, how = asked[0], {"name_by_at": asked[0].name_by_at, "above_alone": meant}
    ride = decide_ride(desk, view, trip, rows[0], amounts[one.id], one.held_cents, **how)
    return _Asked(asked, {rows[0].id: ride}, amounts, above_alone)


def _agreed(bid_id: str) -> Callable[[Tx, _Asked], str]:
    def save(tx: Tx, asked: _Asked) -> str:
        _must_wait(asked.bids, tx.now_at)
        agree_all(tx, asked.agreed)
        return bid_id

    return save


def _leave_too(desk: Desk, tx: Tx, one: Row[Any]) -> None:
    """Let the next of a bundle leave a trip that others of it have just left."""
    stored = load_trip(desk, tx, find_trip(tx, one.trip_id))
    leave(tx, stored, without(stored, one.shipment_id), find_bid(tx, one.id))


def _must_wait(asked: Sequence[Row[Any]], now_at: int) -> None:
    for one in asked:
        if one.state not in ASKING:
            raise BidClosed(state=said(one.state))
        if now_at >= one.expires_at:
            raise BidExpired
