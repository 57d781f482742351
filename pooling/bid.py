"""The most a shipper would pay for room on a trip."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bid:
    """
    Hold a ceiling in cents for one shipment on one trip. It is never raised.

    ``held_cents`` is the price that a quote holds for it: it pays no more, whatever its ceiling. Whoever
    says ``above_alone`` knows that driving alone would cost less, and pays what its ride costs all the same.
    ``rides_with`` are the other shipments of a bundle of which all ride or none.
    """

    shipment: str
    trip: str
    most_cents: int
    held_cents: int | None = None
    above_alone: bool = False
    rides_with: frozenset[str] = frozenset()

    @property
    def ceiling_cents(self) -> int:
        """Return the most that may be asked: the bid, or what a quote holds where that is less."""
        return self.most_cents if self.held_cents is None else min(self.most_cents, self.held_cents)
