"""
Waiting at a stop beyond the plan: noted by who drives, paid by the card, owed by whoever is at fault.

What nobody is at fault for is taken by the account that the tour names for its gap, else by who proposed it;
never by the others aboard. It goes over the tour's account, as a share does, and an operator corrects it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.carriers.pay import Work, carrier_pay
from pooling.desk.actor import Actor
from pooling.desk.carriers.assigning import card_of
from pooling.desk.corrections import CorrectionInOwnFavour
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.runs.correcting import CORRECTED_WITHIN_DAYS, CorrectedBefore, CorrectionUnexplained
from pooling.desk.runs.handovers import NotOnManifest, RunNotUnderWay, seen_manifest
from pooling.desk.states import said
from pooling.desk.tours.tours import local_day
from pooling.ledger.ledger_proof import CORRECTION
from pooling.runs.manifest_json import read_manifest
from pooling.store import Ask, Tx, View
from pooling.store.ledger import (
    Purpose,
    community_account,
    left_cents,
    party_account,
    pay,
    pend,
    tour_account,
    transfer_state,
    void,
)
from pooling.store.manifests import find_manifest
from pooling.store.rows import NotFound, added, changed, found
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import manifest
from pooling.store.tours import find_tour
from pooling.store.waiting import WAITING, find_waiting, waiting, waitings_of
from pooling.store.work import transfer

WAITED_MIN_LIMIT = 4 * 60
"""Waiting at one stop for one shipment; whoever waits longer drives on, and notes why."""

Blame = Literal["sender", "receiver", "carrier", "nobody"]
BLAMES: tuple[Blame, ...] = ("sender", "receiver", "carrier", "nobody")


class WaitingUnpaid(Refusal):
    code = "waiting_unpaid"
    reason = "Waiting is paid on tours alone: on a trip its owner drives anyway."
    cure = "Write it beside the handover."


class WaitingNoted(Refusal):
    code = "waiting_noted"
    reason = "Waiting for these crates at this stop was noted before."
    cure = "Ask an operator to correct it where it is wrong."


@dataclass(frozen=True)
class WaitWords:
    """Hold how long a vehicle waited beyond its plan, for which crates, by whose fault, and why."""

    shipment_id: str
    way: Literal["on", "off"]
    minutes: int
    fault: Blame
    note: str


def note_waiting(desk: Desk, who: Actor, ask: Ask, manifest_id: str, words: WaitWords) -> str:
    """Note waiting on a tour's run, until 7 days after it has ended; returns the note."""

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        if row.ride_kind != "tour":
            raise WaitingUnpaid
        here = find_tour(tx.by_house(), row.ride_id).timezone
        late = local_day(tx.now_at, here) > row.day + timedelta(days=CORRECTED_WITHIN_DAYS)
        if row.state not in ("under_way", "done") or late:
            raise RunNotUnderWay(number=row.number, state=said(row.state))
        if not words.note:
            raise CorrectionUnexplained
        handled = (each for stop in read_manifest(row.body).stops for each in stop.handlings)
        if all((each.shipment, each.way) != (words.shipment_id, words.way) for each in handled):
            raise NotOnManifest(number=row.number, shipment=words.shipment_id)
        moved_if_changed(lambda: changed(tx, manifest, row, {}))
        if any(
            (one.shipment_id, one.way) == (words.shipment_id, words.way) for one in waitings_of(tx, row.id)
        ):
            raise WaitingNoted
        return _written(tx, who, row, words)

    return desk.once(ask, save)


def correct_waiting(
    desk: Desk, who: Actor, ask: Ask, waiting_id: str, minutes: int, fault: Blame, note: str
) -> str:
    """
    Put another note in the place of one that was wrong, as an operator that has no part in it; returns it.

    What was owed by the first is given back, or undone where the run has not ended.
    """

    def save(tx: Tx) -> str:
        wrong = seen_waiting(tx, who, waiting_id)
        who.must_be_operator()
        row = find_manifest(tx.by_house(), wrong.manifest_id)
        if not note:
            raise CorrectionUnexplained
        if {wrong.fault_id, row.carrier_id} & set(who.parties):
            raise CorrectionInOwnFavour(transfer=wrong.charge_id)
        moved_if_changed(lambda: changed(tx, manifest, row, {}))
        if wrong.id not in {one.id for one in waitings_of(tx, row.id)}:
            raise CorrectedBefore
        for transfer_id in filter(None, (wrong.charge_id, wrong.pay_id)):
            _give_back(tx, transfer_id, note)
        words = WaitWords(wrong.shipment_id, wrong.way, minutes, fault, note)
        return _written(tx, who, row, words, wrong)

    return desk.once(ask, save)


def seen_waiting(view: View, who: Actor, waiting_id: str) -> Row[Any]:
    """Return a note of waiting to who drove, who owes it, and operators; to others there is none."""
    one = find_waiting(view, waiting_id)
    carrier_id = find_manifest(view.by_house(), one.manifest_id).carrier_id
    if not who.is_operator and not {carrier_id, one.fault_id or ""} & set(who.parties):
        raise NotFound(kind="waiting", id=waiting_id)
    return one


def _written(tx: Tx, who: Actor, row: Row[Any], words: WaitWords, wrong: Row[Any] | None = None) -> str:
    """Write a note with what is owed by it, and tell who owes and who is owed."""
    tour = find_tour(tx.by_house(), row.ride_id)
    work = Work(0, 0, 0, waited_s=60 * words.minutes)
    due = 0 if words.fault == "carrier" else carrier_pay(card_of(tour), work).waiting_cents
    fault_id, account = _at_fault(tx, tour, words)
    charge_id = pay_id = ""
    if due:
        owe = pay if row.state == "done" else pend
        about = Purpose("tour", tour.id, WAITING)
        charge_id = owe(tx, account, tour_account(tour.id), due, about)
        pay_id = owe(tx, tour_account(tour.id), party_account(row.carrier_id), due, about)
    waiting_id = added(
        tx,
        waiting,
        "wai",
        manifest_id=row.id,
        **vars(words),
        cents=due,
        fault_id=fault_id if due else None,
        charge_id=charge_id,
        pay_id=pay_id,
        member_id=who.member_id or None,
        corrects=wrong.id if wrong else None,
    )
    told = {row.carrier_id, tour.operator_id, *([fault_id] if fault_id else [])}
    _tell(tx, "waiting.corrected" if wrong else "waiting.noted", words, told, due)
    if wrong and wrong.fault_id and wrong.fault_id not in told:
        _tell(tx, "waiting.corrected", replace(words, minutes=0), {wrong.fault_id}, 0)
    return waiting_id


def _tell(tx: Tx, topic: str, words: WaitWords, told: set[str], cents: int) -> None:
    facts = {"minutes": words.minutes, "cents": cents, "note": words.note}
    tx.tell(topic, "shipment", words.shipment_id, told, **facts)


def _at_fault(tx: Tx, tour: Row[Any], words: WaitWords) -> tuple[str | None, str]:
    """Return the party and the account that owes it: at fault, or the one named for what nobody is."""
    shipment = find_shipment(tx.by_house(), words.shipment_id)
    if words.fault == "sender":
        return shipment.shipper_id, party_account(shipment.shipper_id)
    if words.fault == "receiver":
        receiver_id = find_site(tx, shipment.to_site_id).party_id
        return receiver_id, party_account(receiver_id)
    if words.fault == "nobody" and tour.gap_community_id:
        return None, community_account(tour.gap_community_id)
    payer_id = tour.gap_party_id or tour.operator_id
    return payer_id, party_account(payer_id)


def _give_back(tx: Tx, transfer_id: str, note: str) -> None:
    """Undo what is agreed only; give back what is owed by a transfer of its own."""
    state = transfer_state(tx, transfer_id)
    if state == "pending":
        void(tx, transfer_id)
    left = left_cents(tx, transfer_id) if state == "posted" else 0
    if left:
        row = found(tx, transfer, transfer_id)
        pay(tx, row.payee, row.payer, left, Purpose(CORRECTION, transfer_id, note))
