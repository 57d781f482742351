"""
Whoever pays for crates calls them off a frozen ride, until they are noted at their pickup.

Where the van is so late that their hours can no longer be kept, they leave for nothing, or stay: nobody is
held to hours that were not agreed. Else it costs what was agreed: on a trip what the terms say, on a tour the
share, for its carrier drives for it all the same.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.runs.handovers import NotOnManifest
from pooling.desk.runs.left_behind import CalledOff, Left
from pooling.desk.runs.repairing_runs import AboardAlready, Mended, mended, write_mended
from pooling.desk.trips.leaving_trips import leave_frozen, without
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.manifest import Manifest, whose_crates
from pooling.market.award import TripBook
from pooling.phrases import message
from pooling.runs.manifest_json import read_manifest
from pooling.runs.repairing import Repair, stops_done, too_late
from pooling.store import Ask, Tx, View
from pooling.store.manifests import accepted_bid, handovers_of, manifest_of
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip

BY_PAYER = message("a shipment was called off by whoever pays for it")


class NotOnFrozenRide(Refusal):
    code = "not_on_frozen_ride"
    reason = "No frozen ride is to collect these crates."
    cure = "Withdraw the bid, or leave the tour; what rides nowhere is cancelled."


class HoursNotKept(Refusal):
    code = "hours_not_kept"
    reason = "The vehicle of {number} is so late that the hours of these crates can no longer be kept."
    cure = "Choose another ride: the shipment is open again."


@dataclass(frozen=True)
class _Going:
    """Hold a ride without the crates that leave it; of a trip, for a price, the bid and the books."""

    mended: Mended
    asked: Row[Any] | None = None
    books: tuple[StoredTrip, TripBook] | None = None


def call_off(desk: Desk, who: Actor, ask: Ask, shipment_id: str) -> str:
    """Call one's own crates off a frozen ride; they are open again."""

    def decide(view: View) -> _Going:
        shipment = find_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, shipment.shipper_id, shipment.payer_id)
        who.must_act_for(shipment.payer_id, "whoever pays for the shipment")
        return _going(desk, view, shipment)

    return desk.once_decided(ask, decide, _gone)


def leaves_for_nothing(view: View, shipment: Row[Any]) -> bool | None:
    """Tell whether crates may leave their frozen ride for nothing; ``None``: no frozen ride collects them."""
    row = _ridden(view, shipment)
    return None if row is None else _is_broken(view, row, read_manifest(row.body), shipment.id)


def _ridden(view: View, shipment: Row[Any]) -> Row[Any] | None:
    """Return the manifest that is to collect a shipment; it is its payer's to leave, not to read."""
    if shipment.state != "riding":
        return None
    row = manifest_of(view, shipment.rides_kind, shipment.rides_id)
    return row if row is not None and row.state in ("frozen", "under_way") else None


def _is_broken(view: View, row: Row[Any], written: Manifest, shipment_id: str) -> bool:
    late = too_late(written, frozenset(handovers_of(view, row.id)))
    return any(one.handling.shipment == shipment_id for one in late)


def _going(desk: Desk, view: View, shipment: Row[Any]) -> _Going:
    row = _ridden(view, shipment)
    if row is None:
        raise NotOnFrozenRide
    old, noted = read_manifest(row.body), frozenset(handovers_of(view, row.id))
    if (shipment.id, "on") in noted:
        raise AboardAlready(**whose_crates(old, shipment.id))
    if all(one.shipment != shipment.id for stop in old.stops for one in stop.handlings):
        raise NotOnManifest(number=row.number, shipment=shipment.id)
    broken = _is_broken(view, row, old, shipment.id)
    left = Left(HoursNotKept(number=row.number)) if broken else Left(_own(row), by="payer")
    gone = frozenset({shipment.id})
    repair = Repair(why=BY_PAYER, gone=gone, done=stops_done(old, noted), away=row.state == "under_way")
    going = _Going(mended(desk, row, old, repair, left))
    asked = accepted_bid(view, row.ride_id, shipment.id) if row.ride_kind == "trip" and not broken else None
    if asked is None:
        return going
    stored = load_trip(desk, view, find_trip(view, row.ride_id))
    return _Going(going.mended, asked, (stored, without(stored, shipment.id)))


def _own(row: Row[Any]) -> CalledOff:
    return CalledOff(number=row.number, why=message("whoever pays for them no longer wants it"))


def _gone(tx: Tx, going: _Going) -> str:
    (shipment_id,) = going.mended.gone
    if going.asked is not None and going.books is not None:
        leave_frozen(tx, *going.books, going.asked)
    write_mended(tx, going.mended)
    return shipment_id
