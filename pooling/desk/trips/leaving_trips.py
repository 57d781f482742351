"""
A guest leaves a trip: its room is given back, the others keep their hours, nobody pays for its going.

What it owes by the terms, and for a detour that stays, is pending until the trip has run, and void where it
is cancelled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.market.agreeing import free_shipment, tell_moved_hours
from pooling.desk.trips.cancel_terms import must_not_have_set_out, terms_of_bid, terms_of_stored
from pooling.desk.trips.trip_books import StoredTrip, load_trip, plan_words, rescheduled
from pooling.legs import Stretch, amounts_of
from pooling.market.award import TripBook
from pooling.store import Tx, View
from pooling.store.bids import Rows, guests_of, leavers_of
from pooling.store.ledger import Purpose, party_account, pend, post_pending, void_pending
from pooling.store.market import bid, trip
from pooling.store.rows import changed
from pooling.store.trips import find_trip, give_room_back
from pooling.trips.leaver import Owing, settle_leaver
from routing.check import check
from routing.insertion import best_in_route, empty_plan, insert

LEFT = "left a trip late, or left guests aboard who had come for its detour"
LOWERED = "carriage, at the lower cost of a shorter way"


def leave(
    tx: Tx, stored: StoredTrip, left: TripBook, asked: Row[Any], released: Refusal | None = None
) -> None:
    """
    Undo an accepted bid: its room is given back, its transfer voided, its shipment open again.

    ``left`` is the trip without it. After the cut-off it owes what the terms say. Where the guests who stay
    were let in because this one paid for the way, the owner would now pay for them; whoever leaves owes
    the difference. ``released`` tells why the house lets go of room whose goods nobody named: at whatever
    hour, and nothing is owed for being late.
    """
    terms = terms_of_stored(stored)
    late_cents, late = 0, False
    if released is None:
        must_not_have_set_out(stored.row, terms, tx.now_at)
        terms = terms_of_bid(asked, terms)
        late_cents, late = terms.owed_cents(asked.price_cents, tx.now_at), terms.is_late(tx.now_at)
    settled, owed = settle_leaver(left, owing_of(stored.leavers), asked.id, late_cents)
    moved_if_changed(lambda: changed(tx, trip, stored.row, {"plan": plan_words(stored.standing, settled)}))
    load = stored.standing.day.shipment_by_id[asked.shipment_id].load
    give_room_back(tx, stored.row.id, Stretch(asked.first_leg, asked.last_leg), amounts_of(load))
    _let_go(tx, stored, asked, settled, owed, late_by="payer" if late else "", released=released)
    tell_moved_hours(tx, stored, settled)
    both = (asked.payer_id, stored.row.owner_id)
    topic = "bid.withdrawn" if released is None else "room.released"
    tx.tell(topic, "bid", asked.id, both, after_acceptance=True, owed_cents=owed[asked.id].cents)


def leave_frozen(tx: Tx, stored: StoredTrip, left: TripBook, asked: Row[Any]) -> None:
    """
    Let a guest go whose trip is frozen, for what the terms say: the manifest is repaired, no plan is made.

    ``left`` is the trip without it. What the others owe is lowered where the law asks for it.
    """
    terms = terms_of_bid(asked, terms_of_stored(stored))
    late_by = "payer" if terms.is_late(tx.now_at) else ""
    late_cents = terms.owed_cents(asked.price_cents, tx.now_at)
    settled, owed = settle_leaver(left, owing_of(stored.leavers), asked.id, late_cents)
    _let_go(tx, stored, asked, settled, owed, late_by=late_by)
    both = (asked.payer_id, stored.row.owner_id)
    tx.tell("bid.withdrawn", "bid", asked.id, both, after_acceptance=True, owed_cents=owed[asked.id].cents)


def _let_go(
    tx: Tx,
    stored: StoredTrip,
    asked: Row[Any],
    settled: TripBook,
    owed: Mapping[str, Owing],
    *,
    late_by: str,
    released: Refusal | None = None,
) -> None:
    """Free who leaves a trip for what it owes, and lower what those owe who left before or stay."""
    owing, owner_id = owed[asked.id], stored.row.owner_id
    values = {
        "owed_cents": owing.cents,
        "late_cents": owing.late_cents,
        "late_by": late_by,
        "transfer_id": _pended(tx, asked, owner_id, owing.cents, LEFT),
    }
    free_shipment(tx, asked, "withdrawn", released, values)
    for one in stored.leavers:
        lower(tx, one, owner_id, "owed_cents", owed[one.id].cents, late_cents=owed[one.id].late_cents)
    prices = {guest.shipment.id: guest.price_cents for guest in settled.guests}
    for one in guests_of(tx, stored.row.id):
        lower(tx, one, owner_id, "price_cents", prices[one.shipment_id])


def leaving_costs(desk: Desk, view: View, bids: Sequence[Row[Any]]) -> int:
    """Return what accepted bids that are withdrawn together would owe if they were withdrawn now."""
    stored = load_trip(desk, view, find_trip(view, bids[0].trip_id))
    terms, owed = terms_of_stored(stored), owing_of(stored.leavers)
    for one in bids:
        late_cents = terms_of_bid(one, terms).owed_cents(one.price_cents, view.now_at)
        book, owed = settle_leaver(without(stored, one.shipment_id), owed, one.id, late_cents)
        stored = replace(stored, book=book)
    return sum(owed[one.id].cents for one in bids)


def owing_of(leavers: Rows) -> dict[str, Owing]:
    """Return what those owe who left a trip before, by their bids."""
    return {one.id: Owing(one.late_cents, one.owed_cents - one.late_cents) for one in leavers}


def forgive_leavers(tx: Tx, trip_row: Row[Any]) -> None:
    """Ask nothing more of those who left a trip that its owner has cancelled: no way is left to pay for."""
    for one in leavers_of(tx, trip_row.id):
        lower(tx, one, trip_row.owner_id, "owed_cents", 0, late_cents=0)


def charge_leavers(tx: Tx, trip_id: str) -> None:
    """Make owed what those agreed to owe who left a trip that has run."""
    for one in leavers_of(tx, trip_id):
        post_pending(tx, one.transfer_id)


def without(stored: StoredTrip, shipment_id: str) -> TripBook:
    """
    Return the trip's book without one of its guests, every promise to the others kept.

    The others' stops keep their order; where rounded seconds would break a promise, they are put in
    anew one by one. Judged by the checker.
    """
    book = stored.book
    guests = tuple(guest for guest in book.guests if guest.shipment.id != shipment_id)
    requests = tuple(guest.request for guest in guests)
    fewer = replace(book, guests=guests, problem=replace(book.problem, requests=requests))
    left = rescheduled(fewer) or _inserted_anew(fewer)
    if left is None or check(left.problem, left.plan):
        raise AssertionError("Without one guest, the promises to the others could not be kept.")
    return left


def _inserted_anew(book: TripBook) -> TripBook | None:
    plan = empty_plan(replace(book.problem, requests=()))
    for guest in book.guests:
        slot = plan and best_in_route(book.problem, book.vehicle, plan.routes[0], guest.request)
        if not plan or not slot:
            return None
        plan = insert(plan, slot)
    return replace(book, plan=plan) if plan else None


def lower(tx: Tx, row: Row[Any], owner_id: str, what: str, cents: int, **more: int) -> None:
    """Lower what a bid's payer pays or owes, and tell it; nothing where it stays as it was."""
    if cents == getattr(row, what):
        return
    void_pending(tx, row.transfer_id)
    why = LOWERED if what == "price_cents" else LEFT
    transfer_id = _pended(tx, row, owner_id, cents, why)
    values: Mapping[str, object] = {what: cents, "transfer_id": transfer_id, **more}
    moved_if_changed(lambda: changed(tx, bid, row, values))
    tx.tell("bid.lowered", "bid", row.id, (row.payer_id, owner_id), **{what: cents})


def _pended(tx: Tx, row: Row[Any], owner_id: str, cents: int, why: str) -> str:
    """Note what will be owed; returns the transfer, or nothing where it is nothing."""
    if not cents:
        return ""
    return pend(tx, party_account(row.payer_id), party_account(owner_id), cents, Purpose("bid", row.id, why))
