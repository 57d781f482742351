"""
What was signed for is owed, what was not is not: the price of a ride follows the crates that arrived.

A trip's guest owes its price once all its crates are signed for; for fewer, its part when the run ends.
On a tour everything is owed when the run ends, and what nobody signed for is taken by whoever proposed
it. Crates signed for later, and corrections, move the difference at once.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.runs.recording import Chain, read_chain
from pooling.ledger.signed import due_cents
from pooling.runs.custody import signed, standing
from pooling.store import Tx
from pooling.store.ledger import (
    Purpose,
    party_account,
    pay,
    post,
    posted_cents,
    tour_account,
    transfer_state,
    void,
)
from pooling.store.manifests import accepted_bid, manifest_of
from pooling.store.shipments import find_shipment
from pooling.store.tours import find_tour, open_transfers, sign_up_of, sign_ups_aboard
from pooling.store.trust import no_show_of

LATER = "carriage, as signed for later"
UNSIGNED = "tour gap: crates that nobody signed for"


@dataclass(frozen=True)
class Debt:
    """Hold what a shipment's carriage costs in all, and between whom it is put right once it is settled."""

    transfer_id: str
    cents: int
    payer: str
    payee: str


def settle(tx: Tx, manifest: Row[Any], chain: Chain) -> None:
    """Make owed what follows from a new record: all of a trip's price once all is signed for."""
    manifest = _agreed_run(tx, manifest, chain.shipment)
    debt = _debt(tx, manifest, chain.shipment)
    if debt is None:
        return
    due = _due(tx, manifest, chain, debt)
    state = transfer_state(tx, debt.transfer_id)
    if state in ("posted", "voided"):
        _put_right(tx, chain.shipment.id, debt, due)
    elif state == "pending" and manifest.ride_kind == "trip" and due == debt.cents:
        post(tx, debt.transfer_id)


def settle_trip(tx: Tx, manifest: Row[Any], shipments: set[str]) -> None:
    """Settle, at the end of a trip's run, what its guests owe for the crates that were signed for."""
    for shipment_id in sorted(shipments):
        chain = read_chain(tx, find_shipment(tx, shipment_id))
        debt = _debt(tx, manifest, chain.shipment)
        if debt is not None and transfer_state(tx, debt.transfer_id) == "pending":
            _settle_part(tx, debt.transfer_id, _due(tx, manifest, chain, debt))


def settle_tour(tx: Tx, manifest: Row[Any]) -> None:
    """
    Settle a tour whose run has ended: each share by what was signed for, card and fee in full.

    The carrier has driven; what is missing is the operator's, who proposed the tour, until a claim says
    whose fault it was.
    """
    tour = find_tour(tx.by_house(), manifest.ride_id)
    shares, missing = dict[str, int](), 0
    for one in sign_ups_aboard(tx, tour.id):
        chain = read_chain(tx, find_shipment(tx, one.shipment_id))
        debt = _debt(tx, manifest, chain.shipment)
        if debt is not None:
            shares[debt.transfer_id] = _due(tx, manifest, chain, debt)
            missing += debt.cents - shares[debt.transfer_id]
    for transfer_id in open_transfers(tx, "tour", tour.id):
        if transfer_id in shares:
            _settle_part(tx, transfer_id, shares[transfer_id])
        else:
            post(tx, transfer_id)
    if missing:
        about = Purpose("tour", tour.id, UNSIGNED)
        pay(tx, party_account(tour.operator_id), tour_account(tour.id), missing, about)


def _agreed_run(tx: Tx, manifest: Row[Any], shipment: Row[Any]) -> Row[Any]:
    """Return the run on which a shipment's carriage was agreed, whichever van has it now."""
    return manifest_of(tx.by_house(), shipment.rides_kind, shipment.rides_id) or manifest


def _debt(tx: Tx, manifest: Row[Any], shipment: Row[Any]) -> Debt | None:
    """Return what a shipment owes for a ride; ``None`` where it rides for nothing."""
    if manifest.ride_kind == "trip":
        bid = accepted_bid(tx, manifest.ride_id, shipment.id)
        if bid is None or not bid.transfer_id:
            return None
        payee = party_account(manifest.carrier_id)
        return Debt(bid.transfer_id, bid.price_cents, party_account(bid.payer_id), payee)
    one = sign_up_of(tx, manifest.ride_id, shipment.id)
    if one is None or not one.transfer_id:
        return None
    payee = party_account(find_tour(tx.by_house(), manifest.ride_id).operator_id)
    return Debt(one.transfer_id, one.share_cents, party_account(one.payer_id), payee)


def _due(tx: Tx, manifest: Row[Any], chain: Chain, debt: Debt) -> int:
    """Return what is owed by now; whoever was not there with its crates owes all."""
    nobody = any(one.way == "on" and not one.crates for one in standing(chain.changes))
    if nobody and no_show_of(tx, manifest.ride_id, chain.shipment.id, "payer") is not None:
        return debt.cents
    return due_cents(debt.cents, signed(chain.changes), chain.shipment.crates)


def _settle_part(tx: Tx, transfer_id: str, cents: int) -> None:
    if cents:
        post(tx, transfer_id, cents)
    else:
        void(tx, transfer_id)


def _put_right(tx: Tx, shipment_id: str, debt: Debt, due: int) -> None:
    """Move the difference to what was settled before, forth or back."""
    more = due - posted_cents(tx, debt.transfer_id, shipment_id, debt.payer)
    payer, payee = (debt.payer, debt.payee) if more > 0 else (debt.payee, debt.payer)
    if more and payer != payee:
        pay(tx, payer, payee, abs(more), Purpose("shipment", shipment_id, LATER))
