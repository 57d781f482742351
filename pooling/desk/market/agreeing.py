"""
A ride agreed, and a bid ended: what changes in one transaction, all of it or nothing.

What was decided holds only on the trip's revision that it was decided on. The room is taken by one
conditional statement on the legs; money is pending until the crates are handed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import Moved, moved_if_changed
from pooling.desk.market.rides import Decided, begins_of, must_take_guests, standing_of
from pooling.desk.reasons import reason_json
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.private_years import year_must_stand
from pooling.desk.trips.trip_books import StoredTrip, plan_words
from pooling.legs import amounts_of
from pooling.market.award import TripBook
from pooling.market.outbid import AnotherChosen
from pooling.store import Tx
from pooling.store.bids import (
    ASKING,
    asking_for,
    bundle_of,
    guests_of,
    hours_moved,
    paid_that_day,
    whole_of,
)
from pooling.store.ledger import Purpose, party_account, pend, void_pending
from pooling.store.market import bid, shipment, trip
from pooling.store.people import party
from pooling.store.rows import changed, held
from pooling.store.shipments import find_shipment, payers_day
from pooling.store.trips import owners_of, take_room

NOTHING: Mapping[str, object] = {}

HOURS_TOLD_S = 60
"""An hour that moves by less, within what was promised, is not worth a word."""


@dataclass(frozen=True)
class Agreed:
    """
    Hold one ride of those agreed together: as it was decided, its bid, and the most that is paid.

    ``above_alone`` tells that its payer knew that driving alone would cost less as it agreed.
    """

    ride: Decided
    asked: Row[Any]
    most_cents: int
    above_alone: bool = False


def agree(tx: Tx, decided: Decided, asked: Row[Any], most_cents: int) -> None:
    """Let a bid's shipment ride as it was decided; ``Moved`` where that no longer stands."""
    agree_all(tx, [Agreed(decided, asked, most_cents)])


def agree_all(tx: Tx, rides: Sequence[Agreed]) -> None:
    """
    Let the shipments of several bids ride on one trip, all of them or none.

    All were decided together: each holds the trip's book with all of them aboard.
    """
    stored, book = rides[0].ride.stored, rides[0].ride.book
    must_take_guests(stored.row, tx.now_at)
    _must_stand(tx, rides)
    moved_if_changed(lambda: changed(tx, trip, stored.row, {"plan": plan_words(stored.standing, book)}))
    for one in rides:
        _let_ride(tx, one)
    _withdraw_others(tx, rides)
    tell_moved_hours(tx, stored, book)
    for one in rides:
        row, promised = one.ride.shipment, one.ride.promised()
        hours = {"pickup_at": promised["pickup_at"], "drop_at": promised["drop_at"]}
        both = (row.payer_id, stored.row.owner_id)
        tx.tell("bid.accepted", "bid", one.asked.id, both, price_cents=one.ride.guest.price_cents, **hours)
        tell_buyer(tx, row, drop_at=promised["drop_at"])


def _must_stand(tx: Tx, rides: Sequence[Agreed]) -> None:
    """
    Raise ``Moved`` where a bid's hour is over, whatever took so long to decide.

    And where anything that a payer sends or pays that day has changed since it was counted.
    """
    if any(tx.now_at >= one.asked.expires_at for one in rides):
        raise Moved
    by_payer = {one.ride.shipment.payer_id: one.ride for one in rides}
    stored = rides[0].ride.stored
    year, row = stored.book.year, stored.row
    for party_id in sorted({*by_payer, *((row.owner_id,) if year else ())}):
        held(tx, party, party_id)
    if year is not None:
        year_must_stand(tx, year, row.id, row.owner_id, row.day)
    for payer_id, ride in by_payer.items():
        own = payers_day(tx, payer_id, ride.shipment.day)
        if standing_of(own, paid_that_day(tx, payer_id, ride.shipment.day)) != ride.payers_day:
            raise Moved


def _let_ride(tx: Tx, one: Agreed) -> None:
    stored, row = one.ride.stored, one.ride.shipment
    if not take_room(tx, stored.row.id, one.ride.stretch, amounts_of(one.ride.guest.shipment.load)):
        raise Moved
    state = "reserved" if is_unnamed(one.asked) else "riding"
    rides = {"state": state, "rides_kind": "trip", "rides_id": stored.row.id}
    moved_if_changed(lambda: changed(tx, shipment, row, rides))
    values = _agreed(tx, one.ride, one.asked, one.most_cents) | one.ride.promised()
    values["above_alone"] = one.asked.above_alone or one.above_alone
    moved_if_changed(lambda: changed(tx, bid, one.asked, values))


def free_shipment(
    tx: Tx, asked: Row[Any], state: str, why: Refusal | None, more: Mapping[str, object] = NOTHING
) -> None:
    """
    End an accepted bid: void its transfer, and open its shipment again; ``more`` is noted of the bid.

    Room whose goods were not named is no shipment: it is gone.
    """
    void_pending(tx, asked.transfer_id)
    row = find_shipment(tx, asked.shipment_id)
    free = {"state": "released" if is_unnamed(asked) else "open", "rides_kind": "", "rides_id": ""}
    moved_if_changed(lambda: changed(tx, shipment, row, free))
    ended = {"state": state, "reason": reason_json(why) if why else "", **more}
    moved_if_changed(lambda: changed(tx, bid, asked, ended))
    tell_buyer(tx, row, drop_at=None)


def end_asking(
    tx: Tx,
    bids: Sequence[Row[Any]],
    topic: str,
    owners: Mapping[str, str],
    why: Refusal | None = None,
    **facts: object,
) -> None:
    """
    End bids that wait for an answer, and tell their payers and the owner of each trip.

    Where one of a bundle of all or none is ended, all of it is.
    """
    values = {"state": topic.partition(".")[2], "reason": reason_json(why) if why else ""}
    whole = {one.id: one for each in bids for one in whole_of(tx, each)} | {one.id: one for one in bids}
    for one in whole.values():
        if one.state not in ASKING:
            continue
        moved_if_changed(lambda one=one: changed(tx, bid, one, values))  # type: ignore[misc]
        if is_unnamed(one):
            row = find_shipment(tx, one.shipment_id)
            changed(tx, shipment, row, {"state": "released"})
        tx.tell(topic, "bid", one.id, {one.payer_id, owners[one.trip_id]}, **facts)


def _agreed(tx: Tx, decided: Decided, asked: Row[Any], most_cents: int) -> dict[str, object]:
    """Return what an accepted bid holds: its price, its legs, and the transfer that is pending for it."""
    guest, owner = decided.guest, decided.stored.row.owner_id
    transfer_id = ""
    if guest.price_cents:
        purpose = Purpose("bid", asked.id, f"carriage of {guest.shipment.load.crates} crates")
        payer, payee = party_account(asked.payer_id), party_account(owner)
        transfer_id = pend(tx, payer, payee, guest.price_cents, purpose)
    return {
        "state": "accepted",
        "reason": "",
        "most_cents": most_cents,
        "price_cents": guest.price_cents,
        "saved_cents": decided.saved_cents,
        "detour_s": guest.detour_s,
        "first_leg": decided.stretch.first,
        "last_leg": decided.stretch.last,
        "transfer_id": transfer_id,
    }


def _withdraw_others(tx: Tx, rides: Sequence[Agreed]) -> None:
    """End what else asks for the shipments that now ride, and the others of which only one may ride."""
    agreed = {one.asked.id for one in rides}
    elsewhere = [one for ride in rides for one in asking_for(tx, shipment_id=ride.ride.shipment.id)]
    chosen = [one for ride in rides for one in _others_of_choice(tx, ride.asked)]
    for found, why in ((elsewhere, None), (chosen, AnotherChosen())):
        asking = {one.id: one for one in found if one.state in ASKING and one.id not in agreed}
        others = [asking[bid_id] for bid_id in sorted(asking)]
        agreed |= set(asking)
        owners = owners_of(tx, [one.trip_id for one in others])
        end_asking(tx, others, "bid.withdrawn", owners, why, rides_elsewhere=True)


def _others_of_choice(tx: Tx, asked: Row[Any]) -> Sequence[Row[Any]]:
    return bundle_of(tx, asked.bundle_id) if asked.bundle_kind == "any" else []


def tell_moved_hours(tx: Tx, stored: StoredTrip, book: TripBook) -> None:
    """Note the hours of everybody aboard as they are planned now; tell whom it moves."""
    midnight_at = int(stored.standing.day.clock.midnight.timestamp())
    begins = begins_of(book.route)
    for guest in guests_of(tx, stored.row.id):
        if guest.shipment_id not in begins:
            continue
        pickup_at, drop_at = (midnight_at + begin_s for begin_s in begins[guest.shipment_id])
        moved_s = max(abs(pickup_at - guest.pickup_at), abs(drop_at - guest.drop_at))
        if moved_s:
            hours_moved(tx, guest.id, pickup_at, drop_at)
        if moved_s >= HOURS_TOLD_S:
            hours = {"pickup_at": pickup_at, "drop_at": drop_at}
            tx.tell("hours.changed", "bid", guest.id, (guest.payer_id, stored.row.owner_id), **hours)


def tell_buyer(tx: Tx, row: Row[Any], *, drop_at: int | None) -> None:
    """Tell the buyer whose order it fills when it comes; of price and carrier it learns nothing."""
    if row.ordered_by_id:
        tx.tell("hours.changed", "shipment", row.id, (row.ordered_by_id,), drop_at=drop_at)
