"""What is known of a shipment on which something is claimed: its ride as it was agreed, and its record."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import covered_cents
from pooling.claims.placing import Case, Noted, aboard
from pooling.figures import ADDED_DELAY
from pooling.goods.warmth import too_warm
from pooling.regimes import Regime
from pooling.runs.custody import DELIVERING, standing
from pooling.store import View
from pooling.store.custody import as_change, chain_of
from pooling.store.manifests import accepted_bid
from pooling.store.sites import find_site
from pooling.store.tours import sign_up_of
from pooling.store.trips import find_trip


class NothingCarried(Refusal):
    code = "nothing_carried"
    reason = "Nobody else has carried these crates."
    cure = "A claim is for crates that rode with somebody: look at your shipments."


@dataclass(frozen=True)
class Ride:
    """Hold a ride as it was agreed: its law, its cover, what it costs, and the ends of its promised hours."""

    kind: str
    id: str
    regime: Regime
    cover_version: str
    carriage_cents: int
    pickup_by_at: int | None
    drop_by_at: int | None


@dataclass(frozen=True)
class Evidence:
    """Hold a shipment with its ride and its record."""

    shipment: Row[Any]
    ride: Ride
    receiver_id: str
    case: Case

    @property
    def received_at(self) -> int | None:
        """Return when crates were last handed over to who receives them, if any were."""
        given = [one.change for one in self.case.standing if one.change.way in DELIVERING]
        return max((one.happened_at for one in given if one.crates), default=None)

    @property
    def known_at(self) -> int | None:
        """Return when it could be known that crates were received: not before it was told."""
        given = [one for one in self.case.standing if one.change.way in DELIVERING and one.change.crates]
        return max((max(one.change.happened_at, one.told_at) for one in given), default=None)

    @property
    def due_at(self) -> int:
        """Return the end of the hours that were promised, else wished for."""
        return int(self.case.drop_by_at or self.shipment.deliver_by_at)

    @property
    def aboard(self) -> int:
        return aboard(one.change for one in self.case.noted)

    @property
    def covered_cents(self) -> int:
        shipment, ride = self.shipment, self.ride
        return covered_cents(shipment.declared_value_cents, ride.regime, ride.cover_version)


def evidence_of(view: View, shipment: Row[Any]) -> Evidence:
    """Read what is known of a shipment, with the house's eyes; refuses what nobody else carried."""
    house = view.by_house()
    ride = _ride(house, shipment)
    receiver_id = receiver_of(house, shipment)
    noted = tuple(_noted(row, shipment.food) for row in chain_of(house, shipment.id))
    hours = (ride.pickup_by_at, ride.drop_by_at or shipment.deliver_by_at)
    return Evidence(
        shipment, ride, receiver_id, Case(shipment.crates, shipment.shipper_id, receiver_id, noted, *hours)
    )


def holders_of(view: View, shipment_id: str) -> frozenset[str]:
    """Return who had a shipment's crates in its hands at any time; who is no party has no part in a claim."""
    stood = standing(as_change(row) for row in chain_of(view, shipment_id))
    return frozenset(side for one in stood for side in (one.giver, one.taker)) - {""}


def payee_for(view: View, shipment: Row[Any], fault_id: str | None) -> str:
    """Return who is paid: who paid for the carriage, unless it is itself at fault; then who receives."""
    payer_id = str(shipment.payer_id)
    return receiver_of(view, shipment) if fault_id == payer_id else payer_id


def receiver_of(view: View, shipment: Row[Any]) -> str:
    return str(find_site(view.by_house(), shipment.to_site_id).party_id)


def _ride(view: View, shipment: Row[Any]) -> Ride:
    """Return the ride of a shipment; its owner's own goods ride by no bid."""
    kind, ride_id = shipment.rides_kind, shipment.rides_id
    if kind == "trip" and (bid := accepted_bid(view, ride_id, shipment.id)) is not None:
        regime = Regime(find_trip(view, ride_id).regime)
        hours = bid.pickup_until_at, bid.drop_until_at
        return Ride(kind, ride_id, regime, bid.cover_version, bid.price_cents or 0, *hours)
    if kind == "tour" and (joined := sign_up_of(view, ride_id, shipment.id)) is not None:
        hours = (
            joined.pickup_until_at or _later(joined.pickup_at),
            joined.drop_until_at or _later(joined.drop_at),
        )
        return Ride(kind, ride_id, Regime.TRANSPORTEUR, joined.cover_version, joined.share_cents or 0, *hours)
    raise NothingCarried


def _later(planned_at: int | None) -> int | None:
    return None if planned_at is None else planned_at + ADDED_DELAY.value


def _noted(row: Row[Any], food: str) -> Noted:
    return Noted(
        as_change(row),
        damaged=bool(row.damaged) or row.condition == "damaged" or row.reason == "damaged",
        warm=too_warm(row.kind, row.temperature_tenths, food),
        reason=row.reason,
        told_at=row.created_at,
    )
