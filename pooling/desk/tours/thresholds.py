"""
Pre-ordering: a tour that is confirmed as soon as what is booked on it reaches its minimum.

Asked for in the transaction of whoever reaches it, and planned by a job like any other: the caps of those
aboard pay card and fee with everybody riding, or the tour stays proposed and the next one is tried.
"""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.store import Tx
from pooling.store.shipments import shipments_by_id
from pooling.store.tours import find_tour, planning_waits, sign_ups_aboard
from pooling.tours.minimum import Minimum
from pooling.work.jobs import enqueue


class ThresholdMissing(Refusal):
    code = "threshold_missing"
    reason = "A tour that is confirmed at its threshold needs one, and this has no minimum."
    cure = "Say the least crates, shipments or amount together, or leave it to the cut-off."


def minimum_of(row: Row[Any]) -> Minimum:
    """Return what a tour needs to set out."""
    return Minimum(row.minimum_crates, row.minimum_shipments, row.minimum_share_cents)


def must_have_threshold(*, at_threshold: bool, minimum: Minimum) -> None:
    """Refuse the option to a tour for which nobody was asked to wait."""
    if at_threshold and minimum == Minimum():
        raise ThresholdMissing


def plan_at_threshold(tx: Tx, tour_id: str) -> None:
    """
    Ask for a tour to be planned now, where what is booked reaches its minimum; else do nothing.

    Two who reach it at once write the tour's row one after the other: the second finds the job that waits.
    """
    row = find_tour(tx, tour_id)
    if not row.at_threshold or row.state != "proposed" or tx.now_at >= row.cutoff_at:
        return
    if _is_reached(tx, row) and not planning_waits(tx, tour_id):
        words = {"tour": tour_id, "everybody": True}
        enqueue(tx, "plan_tour", words, "tour", tour_id, None, party_id=row.operator_id)


def _is_reached(tx: Tx, row: Row[Any]) -> bool:
    aboard = sign_ups_aboard(tx, row.id)
    crates = sum(one.crates for one in shipments_by_id(tx, [one.shipment_id for one in aboard]).values())
    share_cents = sum(one.share_cents or 0 for one in aboard)
    lack = minimum_of(row).missing(crates=crates, shipments=len(aboard), share_cents=share_cents)
    return lack is None
