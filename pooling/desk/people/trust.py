"""
Trust: reviews after a handover, what a party's word is worth, and pairs that do not ride together.

A review is written by one side of a trip about the other, and on a tour by who paid about its carrier, once,
after the crates were handed over. Neither is read before both were written, or a fortnight went by. What is
public of it is a mean of several: a single review would tell who rides with whom.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.desk.states import said
from pooling.people.trust import REVIEW_WITHIN_S, Record
from pooling.store import Ask, Tx, View
from pooling.store.bids import find_bid
from pooling.store.days import parties_by_id
from pooling.store.people import party
from pooling.store.rows import NotFound, added, found
from pooling.store.tours import find_sign_up, find_tour
from pooling.store.trips import owners_of
from pooling.store.trust import (
    block_of,
    blocked_with,
    count_blocks,
    find_block,
    last_handover,
    record_of,
    remove_block,
    review_by,
    review_of_place,
)
from pooling.store.trusting import block, review

BLOCKS_LIMIT = 200
"""So many others a party may refuse to ride with."""


class NotHandedOver(Refusal):
    code = "not_handed_over"
    reason = "Nothing was handed over on this ride yet: the bid is {state}."
    cure = "Write when the crates have arrived."


class PlaceNotHandedOver(NotHandedOver):
    """Say the same of a place on a tour."""

    reason = "Nothing was handed over of this place yet: it is {state}."


class ReviewsItself(Refusal):
    code = "reviews_itself"
    reason = "A carrier does not write about its own crates on its own tour."
    cure = "Others that it carried for may write."


class ReviewLate(Refusal):
    code = "review_late"
    reason = "The handover is more than {days} days ago."
    cure = "Write sooner the next time; a damage is still claimed as such."


class ReviewWritten(Refusal):
    code = "review_written"
    reason = "You have written about this ride already."
    cure = "What was written stands."


class PairBlocked(Refusal):
    code = "pair_blocked"
    reason = "{owner} and {payer} do not ride together."
    cure = "Choose another trip or tour."


class BlocksItself(Refusal):
    code = "blocks_itself"
    reason = "A party cannot refuse to ride with itself."
    cure = "Name another party."


class TooManyBlocks(Refusal):
    code = "too_many_blocks"
    reason = "{limit} parties are blocked already."
    cure = "Lift a block that is not needed any more."


def write_review(desk: Desk, who: Actor, ask: Ask, bid_id: str, stars: int, note: str) -> str:
    """Write about the other side of a ride: the payer about the owner, or the owner about the payer."""

    def save(tx: Tx) -> str:
        asked = find_bid(tx, bid_id)
        owner = owners_of(tx, [asked.trip_id])[asked.trip_id]
        who.must_see("bid", bid_id, asked.payer_id, owner)
        if not (who.acts_for(asked.payer_id) or who.acts_for(owner)):
            raise NotAllowed(who="who rode or who drove")
        handed_at = last_handover(tx, "trip", asked.trip_id, asked.shipment_id)
        if asked.state != "accepted" or handed_at is None:
            raise NotHandedOver(state=said(asked.state))
        _must_be_fresh(tx, handed_at)
        left = sides_left(tx, who, asked, owner)
        if not left:
            raise ReviewWritten
        by = left[0]
        about = owner if by == asked.payer_id else asked.payer_id
        words = {"about_id": about, "by_id": by, "stars": stars, "note": note}
        review_id = added(tx, review, "rev", bid_id=bid_id, **words)
        tx.tell("review.written", "review", review_id, (by,))
        return review_id

    return desk.once(ask, save)


def review_place(desk: Desk, who: Actor, ask: Ask, sign_up_id: str, stars: int, note: str) -> str:
    """Write about the carrier of a tour, as who paid for crates that it handed over."""

    def save(tx: Tx) -> str:
        row = find_sign_up(tx, sign_up_id)
        who.must_see("sign-up", sign_up_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
        carrier_id = find_tour(tx, row.tour_id).carrier_id
        if carrier_id == row.payer_id:
            raise ReviewsItself
        handed_at = last_handover(tx, "tour", row.tour_id, row.shipment_id)
        if row.state != "riding" or handed_at is None:
            raise PlaceNotHandedOver(state=said(row.state))
        _must_be_fresh(tx, handed_at)
        if review_of_place(tx, sign_up_id, row.payer_id) is not None:
            raise ReviewWritten
        words = {"about_id": carrier_id, "by_id": row.payer_id, "stars": stars, "note": note}
        review_id = added(tx, review, "rev", sign_up_id=sign_up_id, **words)
        tx.tell("review.written", "review", review_id, (row.payer_id,))
        return review_id

    return desk.once(ask, save)


def may_review_place(view: View, who: Actor, row: Row[Any], carrier_id: str) -> bool:
    """Tell whether this member may still write about the carrier of a place that was handed over."""
    if row.state != "riding" or carrier_id == row.payer_id or not who.acts_for(row.payer_id):
        return False
    handed_at = last_handover(view, "tour", row.tour_id, row.shipment_id)
    fresh = handed_at is not None and view.now_at <= handed_at + REVIEW_WITHIN_S
    return fresh and review_of_place(view, row.id, row.payer_id) is None


def _must_be_fresh(tx: Tx, handed_at: int) -> None:
    if tx.now_at > handed_at + REVIEW_WITHIN_S:
        raise ReviewLate(days=REVIEW_WITHIN_S // 86_400)


def sides_left(view: View, who: Actor, asked: Row[Any], owner: str) -> list[str]:
    """Return for which sides of a ride that was handed over this member may still write."""
    if last_handover(view, "trip", asked.trip_id, asked.shipment_id) is None:
        return []
    sides = [one for one in (asked.payer_id, owner) if who.acts_for(one)]
    return [one for one in sides if review_by(view, asked.id, one) is None]


def trust_in(view: View, party_id: str) -> tuple[str, Record]:
    """Return the name of a party and its record: how well it keeps its word is no secret."""
    return str(found(view, party, party_id).name), record_of(view, party_id)


def block_party(desk: Desk, who: Actor, ask: Ask, party_id: str, other_id: str) -> str:
    """Refuse to ride with another party from now on, on one's own trips and on its; what is agreed stands."""

    def save(tx: Tx) -> str:
        who.must_act_for(party_id)
        if party_id == other_id:
            raise BlocksItself
        found(tx, party, other_id)
        known = block_of(tx, party_id, other_id)
        if known is not None:
            return str(known.id)
        if count_blocks(tx, party_id) >= BLOCKS_LIMIT:
            raise TooManyBlocks(limit=BLOCKS_LIMIT)
        return added(tx, block, "blk", party_id=party_id, other_id=other_id)

    return desk.once(ask, save)


def lift_block(desk: Desk, who: Actor, ask: Ask, block_id: str) -> str:
    """Ride with another party again."""

    def save(tx: Tx) -> str:
        row = find_block(tx, block_id)
        if not who.acts_for(row.party_id):
            raise NotFound(kind="block", id=block_id)
        remove_block(tx, block_id)
        return block_id

    return desk.once(ask, save)


def must_ride_together(view: View, carrier_id: str, payer_ids: Collection[str]) -> None:
    """Refuse a pair of which one does not want the other, without telling which of them."""
    apart = sorted(blocked_with(view, [carrier_id]) & set(payer_ids))
    if apart:
        names = parties_by_id(view, [carrier_id, apart[0]])
        raise PairBlocked(owner=names[carrier_id].name, payer=names[apart[0]].name)
