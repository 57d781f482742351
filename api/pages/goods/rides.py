"""What carries a shipment, and when: for whoever waits for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.store import View
from pooling.store.manifests import accepted_bid, manifest_of
from pooling.store.tours import sign_up_of


@dataclass(frozen=True)
class RideSeen:
    """
    Hold a shipment's ride: its hours as planned and between which it is promised, what it costs its payer.

    Of a tour that is not confirmed yet no hour is planned for others to see: only between which.
    """

    kind: str
    id: str
    manifest_id: str
    pickup_at: int | None = None
    pickup_from_at: int | None = None
    pickup_until_at: int | None = None
    drop_at: int | None = None
    drop_from_at: int | None = None
    drop_until_at: int | None = None
    cents: int | None = None

    @property
    def collected(self) -> bool:
        """Tell whether anything is known of when it is collected."""
        return self.pickup_at is not None or self.pickup_from_at is not None

    @property
    def handed(self) -> bool:
        """Tell whether anything is known of when it is handed over."""
        return self.drop_at is not None or self.drop_from_at is not None


def ride_of(view: View, shipment: Row[Any]) -> RideSeen | None:
    """Return what a shipment rides on, if it does."""
    if not shipment.rides_id:
        return None
    kind, ride_id = shipment.rides_kind, shipment.rides_id
    frozen = manifest_of(view, kind, ride_id)
    manifest_id = frozen.id if frozen else ""
    of_trip = kind == "trip"
    place = accepted_bid(view, ride_id, shipment.id) if of_trip else sign_up_of(view, ride_id, shipment.id)
    if place is None:
        return RideSeen(kind, ride_id, manifest_id)
    planned = of_trip or place.state == "riding"
    return RideSeen(
        kind,
        ride_id,
        manifest_id,
        pickup_at=place.pickup_at if planned else None,
        pickup_from_at=place.pickup_from_at,
        pickup_until_at=place.pickup_until_at,
        drop_at=place.drop_at if planned else None,
        drop_from_at=place.drop_from_at,
        drop_until_at=place.drop_until_at,
        cents=place.price_cents if of_trip else place.share_cents,
    )
