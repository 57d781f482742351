"""What carries a shipment, and when: for whoever waits for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.store import View
from pooling.store.manifests import accepted_bid, manifest_of
from pooling.store.tours import sign_up_of


@dataclass(frozen=True)
class RideSeen:
    """Hold a shipment's ride: its hours as planned and, on a trip, as promised; what it costs its payer."""

    kind: str
    id: str
    pickup_at: int | None
    drop_at: int | None
    drop_from_at: int | None
    drop_until_at: int | None
    cents: int | None
    manifest_id: str


def ride_of(view: View, shipment: Row[Any]) -> RideSeen | None:
    """Return what a shipment rides on, if it does."""
    if not shipment.rides_id:
        return None
    kind, ride_id = shipment.rides_kind, shipment.rides_id
    frozen = manifest_of(view, kind, ride_id)
    manifest_id = frozen.id if frozen else ""
    if kind == "trip":
        bid = accepted_bid(view, ride_id, shipment.id)
        return RideSeen(
            kind,
            ride_id,
            pickup_at=bid.pickup_at if bid else None,
            drop_at=bid.drop_at if bid else None,
            drop_from_at=bid.drop_from_at if bid else None,
            drop_until_at=bid.drop_until_at if bid else None,
            cents=bid.price_cents if bid else None,
            manifest_id=manifest_id,
        )
    joined = sign_up_of(view, ride_id, shipment.id)
    return RideSeen(
        kind,
        ride_id,
        pickup_at=joined.pickup_at if joined else None,
        drop_at=joined.drop_at if joined else None,
        drop_from_at=None,
        drop_until_at=None,
        cents=joined.share_cents if joined else None,
        manifest_id=manifest_id,
    )
