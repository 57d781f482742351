"""
Crates that a broken van never collected: free again, with their true reason, and looked at anew at once.

What they would have owed is void. A tour's carrier is still paid in full: what is missing is agreed at once
with the operator who proposed the tour, as for everything that nobody signs for.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.market.agreeing import free_shipment
from pooling.desk.reasons import reason_json
from pooling.desk.runs.signing import UNSIGNED
from pooling.desk.tours.tours import look_elsewhere, turn_away
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.letting_down import look_for_another
from pooling.store import Tx
from pooling.store.ledger import Purpose, party_account, pend, tour_account, void_pending
from pooling.store.manifests import accepted_bid
from pooling.store.tours import find_tour, sign_up_of


class VanBrokeDown(Refusal):
    code = "van_broke_down"
    reason = "The vehicle of {number} broke down before it collected these crates."
    cure = "Choose another ride: the shipment is open again."


def free_left_behind(tx: Tx, row: Row[Any], shipment_ids: Iterable[str]) -> None:
    """Free what the vehicle of a manifest leaves behind, in the transaction of its repair."""
    why = VanBrokeDown(number=row.number)
    left = sorted(shipment_ids)
    if row.ride_kind == "trip":
        for one in left:
            _off_trip(tx, row.ride_id, one, why)
        return
    tour = find_tour(tx.by_house(), row.ride_id)
    for one in left:
        _off_tour(tx, tour, one, why)
    look_elsewhere(tx, tour, left)


def _off_trip(tx: Tx, trip_id: str, shipment_id: str, why: Refusal) -> None:
    """Free a guest of a trip; as after a cancellation it is matched anew, for no more than it bid."""
    bid = accepted_bid(tx, trip_id, shipment_id)
    if bid is None:
        return
    free_shipment(tx, bid, "refused", why)
    if not is_unnamed(bid):
        look_for_another(tx, bid)


def _off_tour(tx: Tx, tour: Row[Any], shipment_id: str, why: Refusal) -> None:
    one = sign_up_of(tx, tour.id, shipment_id)
    if one is None:
        return
    if one.transfer_id:
        void_pending(tx, one.transfer_id)
        about = Purpose("tour", tour.id, UNSIGNED)
        pend(tx, party_account(tour.operator_id), tour_account(tour.id), one.share_cents, about)
    turn_away(tx, one, reason_json(why))
