"""The most a shipper would pay for room on a trip."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bid:
    """Hold a ceiling in cents for one shipment on one trip. It is never raised."""

    shipment: str
    trip: str
    most_cents: int
