"""
A bid put down: until when it waits, what is said with it, and what a late one does to the cut-off.

Whoever bids in the last minutes leaves the others no time to answer; so the cut-off is moved a little,
a few times at most, and everybody concerned is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.clock import waking_hours_later
from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Moved, moved_if_changed
from pooling.desk.market.rides import Decided, must_take_guests
from pooling.desk.trips.cancel_terms import terms_of_stored
from pooling.figures import ANSWER_TIME, CUTOFF_EXTENSIONS, LATE_BID
from pooling.ledger.reciprocity import must_be_mutual
from pooling.store import Tx, View
from pooling.store.bids import asking_for, count_asking, guests_of
from pooling.store.market import bid
from pooling.store.market import trip as trip_table
from pooling.store.rows import added, changed, held
from pooling.store.trips import find_trip, stops_of

OPEN_BIDS_LIMIT = 100
"""Bids that wait for an answer on one trip."""

MESSAGE_LIMIT = 500
"""Letters said with a bid."""


class BidStands(Refusal):
    code = "bid_stands"
    reason = "Shipment {shipment} has a bid on this trip already."
    cure = "Wait for its answer, or withdraw it and bid anew."


class TooManyBids(Refusal):
    code = "too_many_bids"
    reason = "{limit} bids wait for an answer on this trip already."
    cure = "Try again when its owner has answered some, or choose another trip."


class ExpiryPast(Refusal):
    code = "expiry_past"
    reason = "The bid would end before it begins."
    cure = "Let it wait until a later hour, at most until the trip's cut-off."


@dataclass(frozen=True)
class BidTerms:
    """
    Hold what a bidder adds to its bid: a message to the owner, and until when the bid waits.

    Without ``expires_at`` it waits for so many waking hours; never beyond the trip's cut-off. By a quote
    it pays at most what was quoted. ``rematch`` asks for other rides to be looked for in the bidder's
    name, where the trip is cancelled by its owner. ``cover`` is the version of the cover terms that are
    accepted with it. ``above_alone`` says that its payer knows that driving alone would cost less;
    ``in_kind`` that it would rather carry something in return than pay.
    """

    message: str = ""
    expires_at: int | None = None
    quote_id: str = ""
    rematch: bool = True
    cover: str = ""
    above_alone: bool = False
    in_kind: bool = False

    def __post_init__(self) -> None:
        if len(self.message) > MESSAGE_LIMIT:
            raise ValueError(f"A message has at most {MESSAGE_LIMIT} letters.")


PLAIN = BidTerms()


@dataclass(frozen=True)
class Bundle:
    """Hold which bids belong together, and how: ``all`` ride or none, or ``any`` one of them."""

    id: str = ""
    kind: str = ""


NO_BUNDLE = Bundle()


def expiry(trip: Row[Any], now_at: int, chosen_at: int | None = None) -> int:
    """Return when a bid ends: as its bidder chose, or after the time for an answer; at most the cut-off."""
    if chosen_at is not None and chosen_at <= now_at:
        raise ExpiryPast
    wanted_at = waking_hours_later(now_at, ANSWER_TIME.value, trip.timezone)
    return min(wanted_at if chosen_at is None else chosen_at, int(trip.cutoff_at))


def price_in_sight(row: Row[Any], *, to_payer: bool) -> int | None:
    """
    Return what a bid pays or would pay, as far as who looks may know it.

    What a payer would pay above its own bid, by a counter-offer that it has not taken, may be all that
    riding spares it: that is nobody's but its own.
    """
    agreed = row.state == "accepted" or row.price_cents is None
    return row.price_cents if to_payer or agreed or row.price_cents <= row.most_cents else None


def held_as_decided(tx: Tx, decided: Row[Any]) -> Row[Any]:
    """
    Hold a trip until the end of this change; ``Moved`` where it was changed since a bid was decided on it.

    Its cut-off, ground, owner and stops are what the bid was found feasible with.
    """
    held(tx, trip_table, decided.id)
    row = find_trip(tx, decided.id)
    must_take_guests(row, tx.now_at)
    if row.revision != decided.revision:
        raise Moved
    return row


def must_have_place(view: View, trip_id: str, shipment_ids: Sequence[str]) -> None:
    """Refuse a second bid for one shipment on one trip, and more bids than an owner could answer."""
    for shipment_id in shipment_ids:
        if any(one.trip_id == trip_id for one in asking_for(view, shipment_id=shipment_id)):
            raise BidStands(shipment=shipment_id)
    if count_asking(view, trip_id) + len(shipment_ids) > OPEN_BIDS_LIMIT:
        raise TooManyBids(limit=OPEN_BIDS_LIMIT)


def put_down(
    tx: Tx,
    ride: Decided,
    most_cents: int,
    terms: BidTerms = PLAIN,
    bundle: Bundle = NO_BUNDLE,
    *,
    held_cents: int | None = None,
    free_until_at: int = 0,
    name_by_at: int | None = None,
) -> str:
    """
    Write a bid as it was decided, and tell the trip's owner; returns its id.

    ``free_until_at`` is an hour until which it is left for nothing, cut-off or not. Refuses a payer that
    has left the trip's community since it was decided.
    """
    must_belong(tx, ride.stored.row, ride.shipment.payer_id)
    if terms.in_kind:
        must_be_mutual(ride.stored.row.regime)
    cancelling = terms_of_stored(ride.stored)
    bid_id = added(
        tx,
        bid,
        "bid",
        trip_id=ride.stored.row.id,
        shipment_id=ride.shipment.id,
        payer_id=ride.shipment.payer_id,
        most_cents=most_cents,
        expires_at=expiry(ride.stored.row, tx.now_at, terms.expires_at),
        price_cents=ride.guest.price_cents,
        saved_cents=ride.saved_cents,
        detour_s=ride.guest.detour_s,
        first_leg=ride.stretch.first,
        last_leg=ride.stretch.last,
        bundle_id=bundle.id,
        bundle_kind=bundle.kind,
        message=terms.message,
        quote_id=terms.quote_id,
        cover_version=terms.cover,
        held_cents=held_cents,
        free_until_at=max(cancelling.cutoff_at, free_until_at),
        sets_out_at=cancelling.sets_out_at,
        rematch=terms.rematch,
        above_alone=terms.above_alone,
        in_kind="asked" if terms.in_kind else "",
        name_by_at=name_by_at,
        **ride.promised(),
    )
    both = (ride.shipment.payer_id, ride.stored.row.owner_id)
    tx.tell("bid.placed", "bid", bid_id, both, most_cents=most_cents)
    return bid_id


def move_late_cutoff(tx: Tx, row: Row[Any]) -> None:
    """
    Move a trip's cut-off where a bid came in its last minutes; bids that would end with it wait as long.

    Never beyond the hour at which the trip sets out, and only so often.
    """
    trip_id, late = row.id, row.cutoff_at - tx.now_at < LATE_BID.value
    if row.instant or not late or row.extensions >= CUTOFF_EXTENSIONS.value:
        return
    sets_out_at = int(stops_of(tx, [trip_id])[trip_id][0].closes_at)
    cutoff_at = min(tx.now_at + LATE_BID.value, sets_out_at)
    if cutoff_at <= row.cutoff_at:
        return
    values = {"cutoff_at": cutoff_at, "extensions": row.extensions + 1}
    moved_if_changed(lambda: changed(tx, trip_table, row, values))
    asking = asking_for(tx, trip_id=trip_id)
    for one in asking:
        if one.expires_at == row.cutoff_at:
            moved_if_changed(lambda one=one: changed(tx, bid, one, {"expires_at": cutoff_at}))  # type: ignore[misc]
    concerned = {row.owner_id, *(one.payer_id for one in (*asking, *guests_of(tx, trip_id)))}
    tx.tell("cutoff.moved", "trip", trip_id, concerned, cutoff_at=cutoff_at)
