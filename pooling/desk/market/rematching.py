"""
Crates set free by a cancelled trip, matched onto other rides of the day at once.

A duty looks right after the cancellation. A trip that accepts at once, at no more than was paid, carries them
now; where an owner must answer, bids are placed in the payer's name, for no more than it bid before; the
rest is listed with its true reasons and the nearest offers. Each step is one transaction on what stands, so
that a second look changes nothing, whoever is killed when.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.market.agreeing import agree
from pooling.desk.market.demand import note_unmet_search
from pooling.desk.market.offer import NoOffer, Offer, Offers
from pooling.desk.market.offers import offers_for
from pooling.desk.market.placing import (
    BidStands,
    BidTerms,
    TooManyBids,
    held_as_decided,
    move_late_cutoff,
    must_have_place,
    put_down,
)
from pooling.desk.market.rides import CutoffPassed, Decided, TripNotOpen, decide_ride
from pooling.desk.reasons import reason_words
from pooling.figures import REMATCH_TIME
from pooling.money import Cents
from pooling.store import Ask, Page, Tx, View
from pooling.store.bids import ASKING, bids_by_id, bids_for, find_bid
from pooling.store.market import rematch, shipment
from pooling.store.market import trip as trip_table
from pooling.store.people import party
from pooling.store.rematching import due_rematches, find_rematch, rematches_of
from pooling.store.rows import changed, held
from pooling.store.shipments import find_shipment, seen_shipment
from pooling.store.trips import find_trip

log = logging.getLogger("carriole.rematching")

AT_ONCE = 50
"""Shipments that one round of the duty looks at."""

TRIED_LIMIT = 3
"""So often a match may go wrong before the shipment is left to its payer."""

ASKED_LIMIT = 3
"""Owners that are asked for one shipment at a time: the cheapest rides first."""

LISTED_LIMIT = 5
"""Offers, and rides that cannot, that are listed for a payer."""

DUE = ("waiting", "asked")


class RematchNotWanted(Refusal):
    code = "rematch_not_wanted"
    reason = "Its payer chose not to be matched anew."
    cure = "Choose one of the offers, or look for a ride."


class BundleNotTorn(Refusal):
    code = "bundle_not_torn"
    reason = "It was to ride with the rest of its bundle or not at all."
    cure = "Bid for the bundle on another trip, or for each of its shipments."


class NoRideWithinBid(Refusal):
    code = "no_ride_within_bid"
    reason = "No other trip of that day carries it for at most {most}."
    cure = "Choose an offer that costs more, or change its hours."


class MatchWentWrong(Refusal):
    code = "match_went_wrong"
    reason = "Looking for another ride went wrong {times} times."
    cure = "Look for a ride yourself; tell the operator."


@dataclass(frozen=True)
class Match:
    """Hold what would become of crates set free: its state, the rides decided, what is left to the payer."""

    row: Row[Any]
    shipment: Row[Any]
    state: str
    rides: Sequence[Decided] = ()
    most_cents: int = 0
    found: Offers = field(default_factory=lambda: Offers((), ()))
    why: Refusal | None = None


def rematch_freed(desk: Desk) -> int:
    """
    Match what cancelled trips set free; returns how many shipments were looked at.

    Called by the clock; any number of workers may do so at once, and calling it again changes nothing.
    """
    with desk.store.view() as view:
        due = due_rematches(view, AT_ONCE)
    for row in due:
        try:
            if _begun(desk, row):
                _matched(desk, row.id)
        except Exception:
            log.exception("matching anew went wrong", extra={"rematch": row.id})
    return len(due)


def seen_rematches(view: View, who: Actor, shipment_id: str, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List what became of a shipment that a cancelled trip set free, to who pays for it."""
    row = seen_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.payer_id)
    return rematches_of(view, None if who.is_operator else who.manages, page, shipment_id=shipment_id)


def _begun(desk: Desk, row: Row[Any]) -> bool:
    """Count one more try, unless another worker was quicker or it went wrong too often."""

    def work(tx: Tx) -> bool:
        stands = find_rematch(tx, row.id)
        if (stands.state, stands.tried) != (row.state, row.tried):
            return False
        if stands.tried >= TRIED_LIMIT:
            match = Match(stands, find_shipment(tx, row.shipment_id), "stranded")
            _settle(tx, match, [], MatchWentWrong(times=TRIED_LIMIT))
            return False
        moved_if_changed(lambda: changed(tx, rematch, stands, {"tried": stands.tried + 1}))
        return True

    try:
        begun: bool = desk.store.change(work)
    except Moved:
        return False
    return begun


def _matched(desk: Desk, rematch_id: str) -> None:
    """Decide on what stands and write it, in one transaction; decide anew where it has moved."""
    ended: list[Match] = []

    def decide(view: View) -> Match | None:
        row = find_rematch(view, rematch_id)
        return decide_match(desk, view, row) if row.state in DUE else None

    def save(tx: Tx, match: Match | None) -> str:
        if match is not None:
            _save(tx, match)
            ended.append(match)
        return rematch_id

    with desk.store.view() as view:
        revision = find_rematch(view, rematch_id).revision
    desk.once_decided(Ask("", f"{rematch_id}:{revision}", "rematch"), decide, save)
    if ended and ended[-1].state == "stranded" and not ended[-1].found.rides:
        note_unmet_search(desk, ended[-1].shipment)


def decide_match(desk: Desk, view: View, row: Row[Any]) -> Match:
    """Decide what becomes of crates set free, on what stands now."""
    crates, asked = find_shipment(view, row.shipment_id), find_bid(view, row.bid_id)
    if crates.state != "open":
        ours = {one.trip_id for one in bids_by_id(view, json.loads(row.bids or "[]"))}
        return Match(row, crates, "riding" if crates.rides_id in ours else "settled")
    before = bids_for(view, crates.id)
    if any(one.state in ASKING for one in before):  # its payer was quicker
        return Match(row, crates, "asked")
    found = offers_for(desk, view, crates)
    refusal = _not_ours_to_match(asked, before, json.loads(row.bids or "[]"))
    if refusal is not None:
        return Match(row, crates, "stranded", found=found, why=refusal)
    tried = {one.trip_id for one in before if one.state in ("refused", "expired")}
    trips = [one for one in found.rides if one.kind == "trip" and one.ride_id not in tried]
    at_once = [one for one in trips if one.instant and one.floor_cents <= row.price_cents]
    rides = _decided(desk, view, crates, at_once, row.price_cents, 1)
    if rides:
        return Match(row, crates, "riding", rides, row.price_cents, found)
    answered = [one for one in trips if not one.instant and one.floor_cents <= row.most_cents]
    rides = _decided(desk, view, crates, answered, row.most_cents, ASKED_LIMIT)
    if rides:
        return Match(row, crates, "asked", rides, row.most_cents, found)
    return Match(row, crates, "stranded", found=found, why=NoRideWithinBid(most=Cents(row.most_cents)))


def _not_ours_to_match(asked: Row[Any], before: Sequence[Row[Any]], placed: Sequence[str]) -> Refusal | None:
    """Tell why nothing is placed in the payer's name, though other rides may be offered to it."""
    withdrawn = any(one.id in placed and one.state == "withdrawn" for one in before)
    if not asked.rematch or withdrawn:  # it took back what was placed in its name
        return RematchNotWanted()
    return BundleNotTorn() if asked.bundle_kind == "all" else None


def _decided(
    desk: Desk, view: View, crates: Row[Any], offers: Sequence[Offer], most_cents: int, limit: int
) -> list[Decided]:
    """Decide rides by the code that decides every bid, the first that hold."""
    rides: list[Decided] = []
    for one in offers:
        if len(rides) == limit:
            break
        try:
            must_have_place(view, one.ride_id, [crates.id])
            rides.append(decide_ride(desk, view, find_trip(view, one.ride_id), crates, most_cents))
        except Refusal:
            continue
    return rides


def _save(tx: Tx, match: Match) -> None:
    """Write the bids and what became of the crates; ``Moved`` where anything of it is no longer so."""
    crates = match.shipment
    held(tx, party, crates.payer_id)
    for trip_id in sorted(ride.stored.row.id for ride in match.rides):
        held(tx, trip_table, trip_id)
    held(tx, shipment, crates.id)
    if find_shipment(tx, crates.id).revision != crates.revision:
        raise Moved
    placed = [_placed(tx, ride, match) for ride in match.rides]
    _settle(tx, match, placed, match.why)


def _placed(tx: Tx, ride: Decided, match: Match) -> str:
    """Place a bid in the payer's name; on a trip that accepts at once its crates ride."""
    trip_id = ride.stored.row.id
    try:
        held_as_decided(tx, ride.stored.row)
        must_have_place(tx, trip_id, [match.shipment.id])
    except (BidStands, CutoffPassed, TooManyBids, TripNotOpen) as error:
        raise Moved from error
    terms = BidTerms(cover=find_bid(tx, match.row.bid_id).cover_version)
    bid_id = put_down(tx, ride, match.most_cents, terms, free_until_at=tx.now_at + REMATCH_TIME.value)
    if match.state == "riding":
        agree(tx, ride, find_bid(tx, bid_id), match.most_cents)
    else:
        move_late_cutoff(tx, find_trip(tx, trip_id))
    return bid_id


def _settle(tx: Tx, match: Match, placed: Sequence[str], why: Refusal | None) -> None:
    """Note what became of the crates, and tell their payer."""
    row, words = match.row, found_words(match.found, why)
    values = {
        "state": match.state,
        "tried": 0,
        "bids": json.dumps([*json.loads(row.bids or "[]"), *placed]),
        "found": json.dumps(words, ensure_ascii=False),
        "settled_at": None if match.state == "asked" else tx.now_at,
        "rides_id": match.rides[0].stored.row.id if match.state == "riding" and match.rides else "",
    }
    if match.state == "riding" and not match.rides:
        values["rides_id"] = match.shipment.rides_id
    moved_if_changed(lambda: changed(tx, rematch, find_rematch(tx, row.id), values))
    if match.state == "settled" or (match.state == "asked" and not placed):
        return
    topic = "shipment.stranded" if match.state == "stranded" else "shipment.rematched"
    facts = {"state": match.state, "bids": list(placed), "rides": values["rides_id"]}
    tx.tell(topic, "shipment", row.shipment_id, (row.payer_id,), **facts, **words)


def found_words(found: Offers, why: Refusal | None) -> dict[str, object]:
    """Return what is left to a payer: why nothing was placed, offers at any price, rides that cannot."""
    return {
        "why": None if why is None else reason_words(why),
        "offers": [_offer_words(one) for one in found.rides[:LISTED_LIMIT]],
        "others": [_other_words(one) for one in found.others[:LISTED_LIMIT]],
    }


def _offer_words(one: Offer) -> dict[str, object]:
    return {
        "kind": one.kind,
        "ride": one.ride_id,
        "owner_name": one.owner_name,
        "price_cents": one.price_cents,
        "pickup_at": one.pickup_at,
        "pickup_from_at": one.pickup_from_at,
        "drop_at": one.drop_at,
        "drop_until_at": one.drop_until_at,
        "instant": one.instant,
    }


def _other_words(one: NoOffer) -> dict[str, object]:
    why = reason_words(one.refusal)
    return {"kind": one.kind, "ride": one.ride_id, "owner_name": one.owner_name, "why": why}
