"""
Who was not there: nobody at a pickup, as the driver notes it; or no van, as the payer says.

Each is counted for trust. Whoever was not there with its crates owes the price. On a payer's word alone
nothing is owed: an owner that says itself that it will not come cancels its trip, by the terms.
"""

from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.market.agreeing import free_shipment
from pooling.desk.market.bids import BidClosed
from pooling.desk.states import said
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.leaving_trips import without
from pooling.desk.trips.letting_down import look_for_another
from pooling.desk.trips.trip_books import StoredTrip, load_trip, plan_words
from pooling.legs import Stretch, amounts_of
from pooling.market.award import TripBook
from pooling.people.trust import REPORT_WITHIN_S
from pooling.store import Ask, Tx, View
from pooling.store.bids import find_bid
from pooling.store.market import trip
from pooling.store.rows import added, changed
from pooling.store.trips import find_trip, give_room_back, owners_of
from pooling.store.trust import no_show_of, pickup_noted
from pooling.store.trusting import no_show

Rest = tuple[StoredTrip, TripBook]
"""An open trip, and its book without the guest whose van did not come."""


class HourNotOver(Refusal):
    code = "hour_not_over"
    reason = "The hour that was promised for the pickup is not over yet."
    cure = "Wait until it is over, or call the driver."


class ReportLate(Refusal):
    code = "report_late"
    reason = "The pickup should have been more than {days} days ago."
    cure = "Say so sooner the next time."


class PickupNoted(Refusal):
    code = "pickup_noted"
    reason = "The driver noted what happened at the pickup."
    cure = "Look at the shipment; where it is wrong, write a review or a word to the operator."


class VanDidNotCome(Refusal):
    code = "van_did_not_come"
    reason = "The van did not come to the pickup, as who pays for the ride says."
    cure = "Choose another ride: the shipment is open again."


def say_nobody_came(desk: Desk, who: Actor, ask: Ask, bid_id: str) -> str:
    """
    Say, as who pays for a ride, that its van did not come to the pickup; a second time changes nothing.

    Where the ride has not set out, what was agreed lapses with it: the transfer is void, the crates are free
    and look for another ride. Where it has, a driver without network may have noted the pickup already.
    """

    def decide(view: View) -> Rest | None:
        asked = find_bid(view, bid_id)
        ride = find_trip(view.by_house(), asked.trip_id)
        if asked.state != "accepted" or ride.state != "open":
            return None
        stored = load_trip(desk, view.by_house(), ride)
        return stored, without(stored, asked.shipment_id)

    def save(tx: Tx, rest: Rest | None) -> str:
        asked = find_bid(tx, bid_id)
        owner_id = owners_of(tx, [asked.trip_id])[asked.trip_id]
        who.must_see("bid", bid_id, asked.payer_id, owner_id)
        who.must_act_for(asked.payer_id, "who pays for the shipment")
        said_before = no_show_of(tx, asked.trip_id, asked.shipment_id, "owner") is not None
        refusal = why_not_said(tx, asked)
        if refusal is not None and not (said_before and asked.state == "refused"):
            raise refusal
        if not said_before:
            _write(tx, "trip", asked.trip_id, asked.shipment_id, "owner", owner_id, asked.payer_id)
            tx.tell("no_show.noted", "bid", bid_id, (asked.payer_id, owner_id), side="owner")
            _lapse(tx, asked, rest)
        return bid_id

    return desk.once_decided(ask, decide, save)


def _lapse(tx: Tx, asked: Row[Any], rest: Rest | None) -> None:
    """End a ride whose van did not set out; ``rest`` is an open trip without it, which has its room back."""
    ride = find_trip(tx.by_house(), asked.trip_id)
    if ride.state not in ("open", "frozen"):
        return
    if rest is not None:
        stored, left = rest
        moved_if_changed(lambda: changed(tx, trip, stored.row, {"plan": plan_words(stored.standing, left)}))
        load = stored.standing.day.shipment_by_id[asked.shipment_id].load
        give_room_back(tx, ride.id, Stretch(asked.first_leg, asked.last_leg), amounts_of(load))
    free_shipment(tx, asked, "refused", VanDidNotCome())
    if not is_unnamed(asked):
        look_for_another(tx, asked)


def why_not_said(view: View, asked: Row[Any]) -> Refusal | None:
    """Return why a payer cannot say (yet, or any more) that nobody came."""
    if asked.state != "accepted":
        return BidClosed(state=said(asked.state))
    if view.now_at <= asked.pickup_until_at:
        return HourNotOver()
    if view.now_at > asked.pickup_until_at + REPORT_WITHIN_S:
        return ReportLate(days=REPORT_WITHIN_S // 86_400)
    return PickupNoted() if pickup_noted(view, asked.trip_id, asked.shipment_id) else None


def note_nobody_there(tx: Tx, manifest: Row[Any], shipment: Row[Any]) -> None:
    """Note that nobody gave a shipment's crates to the driver; of the driver's own goods nothing."""
    if shipment.payer_id == manifest.carrier_id:
        return
    ride = manifest.ride_kind, manifest.ride_id
    _write(tx, *ride, shipment.id, "payer", shipment.payer_id, manifest.carrier_id)
    told = (shipment.payer_id, manifest.carrier_id)
    tx.tell("no_show.noted", "shipment", shipment.id, told, side="payer")


def note_called_off(tx: Tx, tour: Row[Any], riding: Row[Any], by: Literal["carrier", "payer"]) -> None:
    """Note that crates were called off a frozen tour, by its carrier or by who pays for them."""
    side, party_id = ("called_off", tour.carrier_id) if by == "carrier" else ("left", riding.payer_id)
    _write(tx, "tour", tour.id, riding.shipment_id, side, party_id, party_id)


def _write(
    tx: Tx, ride_kind: str, ride_id: str, shipment_id: str, side: str, about_id: str, by_id: str
) -> None:
    words = {"ride_kind": ride_kind, "ride_id": ride_id, "shipment_id": shipment_id, "side": side}
    added(tx, no_show, "nsh", about_id=about_id, by_id=by_id, **words)
