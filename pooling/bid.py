"""The most a shipper would pay for room on a trip."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bid:
    """
    Hold a ceiling in cents for one shipment on one trip. It is never raised.

    ``held_cents`` is the price that a quote holds for it: it pays no more, whatever its ceiling.
    """

    shipment: str
    trip: str
    most_cents: int
    held_cents: int | None = None
