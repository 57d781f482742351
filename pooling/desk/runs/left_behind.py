"""
Crates that stay behind: free again at once, with their true reason, and looked at anew.

A broken van never collected them, or they were called off. What they would have owed is void. A tour's
carrier is still paid in full: what is missing is agreed at once with the operator who proposed the tour, as
for everything that nobody signs for. Where who drives calls them off, it is its own default: it owes a
trip's guest what the terms say, a tour what is missing of it. Either side that does is counted for trust.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.market.agreeing import free_shipment
from pooling.desk.reasons import reason_json
from pooling.desk.runs.no_shows import note_called_off
from pooling.desk.runs.signing import UNSIGNED
from pooling.desk.tours.tours import look_elsewhere, turn_away
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.letting_down import let_down, look_for_another
from pooling.store import Tx
from pooling.store.ledger import Purpose, party_account, pend, tour_account, void_pending
from pooling.store.manifests import accepted_bid
from pooling.store.tours import find_tour, sign_up_of
from pooling.store.trips import find_trip

CALLED_OFF = "tour gap: crates that its carrier called off"


class VanBrokeDown(Refusal):
    code = "van_broke_down"
    reason = "The vehicle of {number} broke down before it collected these crates."
    cure = "Choose another ride: the shipment is open again."


class CalledOff(Refusal):
    code = "called_off"
    reason = "These crates were called off {number}, which was to carry them: {why}"
    cure = "Choose another ride: the shipment is open again."


@dataclass(frozen=True)
class Left:
    """Hold why crates stay behind, and whose doing that is: it pays for it. Nobody's: the operator does."""

    why: Refusal
    by: Literal["", "carrier", "payer"] = ""


def free_left_behind(tx: Tx, row: Row[Any], shipment_ids: Iterable[str], left: Left) -> None:
    """Free what the vehicle of a manifest leaves behind, in the transaction of its repair."""
    behind = sorted(shipment_ids)
    if row.ride_kind == "trip":
        for one in behind:
            _off_trip(tx, row.ride_id, one, left)
        return
    tour = find_tour(tx.by_house(), row.ride_id)
    for one in behind:
        _off_tour(tx, tour, one, left)
    if left.by != "payer":
        look_elsewhere(tx, tour, behind)


def _off_trip(tx: Tx, trip_id: str, shipment_id: str, left: Left) -> None:
    """Free a guest of a trip; as after a cancellation it is matched anew, for no more than it bid."""
    bid = accepted_bid(tx, trip_id, shipment_id)
    if bid is None:
        return
    if left.by == "carrier":
        let_down(tx, find_trip(tx.by_house(), trip_id), [bid], left.why)
        return
    free_shipment(tx, bid, "refused", left.why)
    if not is_unnamed(bid):
        look_for_another(tx, bid)


def _off_tour(tx: Tx, tour: Row[Any], shipment_id: str, left: Left) -> None:
    one = sign_up_of(tx, tour.id, shipment_id)
    if one is None:
        return
    if left.by:
        note_called_off(tx, tour, one, left.by)
    if left.by == "payer":  # its share stays agreed, and is owed when the run ends
        turn_away(tx, one, "", state="left")
        return
    if one.transfer_id:
        void_pending(tx, one.transfer_id)
        payer, why = (tour.carrier_id, CALLED_OFF) if left.by == "carrier" else (tour.operator_id, UNSIGNED)
        pend(tx, party_account(payer), tour_account(tour.id), one.share_cents, Purpose("tour", tour.id, why))
    turn_away(tx, one, reason_json(left.why))
