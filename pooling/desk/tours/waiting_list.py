"""
Who waits until it fits on a tour: crates that add more than they may pay by themselves.

Whoever said so is joined as soon as it pays its way, alone or in company (``company``). Until then its
shipment is open, and may ride anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import moved_if_changed
from pooling.store import Tx
from pooling.store.rows import added, changed
from pooling.store.shipments import shipments_by_id
from pooling.store.touring import sign_up
from pooling.store.tours import planning_waits, waiting_on
from pooling.work.jobs import enqueue

JOIN_WAITING = "join_waiting"
"""The kind of the job that joins those who wait, as soon as they pay their way."""

WAITING_LIMIT = 40
"""Shipments that wait for one tour."""


class TooManyWait(Refusal):
    code = "too_many_wait"
    reason = "{limit} shipments wait for tour {tour} already."
    cure = "Choose another tour, or ask again once some of them ride or have given up."


@dataclass(frozen=True)
class Waiting:
    """Hold a shipment that would wait for a tour, and why it has no place yet."""

    tour: Row[Any]
    shipment: Row[Any]
    reason: str
    cover: str


def write_waiting(tx: Tx, waiting: Waiting) -> str:
    """Let a shipment wait for a tour, and have it tried with the others who wait."""
    tour, row = waiting.tour, waiting.shipment
    already = waiting_on(tx, tour.id)
    waits = next((one for one in already if one.shipment_id == row.id), None)
    if waits is not None:
        return str(waits.id)
    if len(already) >= WAITING_LIMIT:
        raise TooManyWait(limit=WAITING_LIMIT, tour=tour.id)
    sign_up_id = added(
        tx,
        sign_up,
        "signup",
        tour_id=tour.id,
        shipment_id=row.id,
        payer_id=row.payer_id,
        crate_cents=tour.crate_cents,
        state="waiting",
        reason=waiting.reason,
        cover_version=waiting.cover,
    )
    tx.tell("tour.waiting", "sign_up", sign_up_id, {row.payer_id}, tour=tour.id, shipment=row.id)
    ask_waiting(tx, tour)
    return sign_up_id


def ask_waiting(tx: Tx, tour: Row[Any]) -> None:
    """Ask for those who wait for a tour to be tried again, where any do."""
    if tour.state != "proposed" or not waiting_on(tx, tour.id) or planning_waits(tx, tour.id, JOIN_WAITING):
        return
    enqueue(tx, JOIN_WAITING, {"tour": tour.id}, "tour", tour.id, None, party_id=tour.operator_id)


def place_waited_for(
    tx: Tx, tour: Row[Any], shipment_id: str, values: Mapping[str, object], cover: str
) -> str:
    """Turn a sign-up that waits for this place into it; empty where none does."""
    for one in waiting_on(tx, tour.id):
        if one.shipment_id == shipment_id:
            now = {**values, "state": "joined", "reason": "", "created_at": tx.now_at}
            now["cover_version"] = cover or one.cover_version
            moved_if_changed(lambda one=one, now=now: changed(tx, sign_up, one, now, kind="sign-up"))  # type: ignore[misc]
            return str(one.id)
    return ""


def end_waiting(tx: Tx, one: Row[Any], reason: str = "", *, state: str) -> None:
    """Let a sign-up wait no more."""
    changed(tx, sign_up, one, {"state": state, "reason": reason or one.reason}, kind="sign-up")


def end_all_waiting(tx: Tx, tour: Row[Any], reason: str = "") -> list[str]:
    """
    Turn away all who wait for a tour that is settled; returns their shipments, which are still open.

    Each keeps why it had no place, where the tour itself has no ``reason``.
    """
    waiting = waiting_on(tx, tour.id)
    rows = shipments_by_id(tx, [one.shipment_id for one in waiting])
    still = [one for one in waiting if rows[one.shipment_id].state == "open"]
    for one in waiting:
        end_waiting(tx, one, reason, state="turned" if one in still else "left")
    for one in still:
        tx.tell(
            "tour.refused", "sign_up", one.id, {one.payer_id}, tour=tour.id, code="adds_more_than_it_pays"
        )
    return [one.shipment_id for one in still]
