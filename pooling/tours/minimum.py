"""The least that a tour sets out for: in crates, in shipments, or in what those aboard pay together."""

from dataclasses import dataclass
from typing import Literal

from geodata.refusal import Refusal
from pooling.money import Cents


class NobodyJoined(Refusal):
    code = "minimum_not_met"
    reason = "Nobody has joined tour {tour}."
    cure = "Propose it again with more time to join, or invite the farms on its way."


class MinimumNotMet(Refusal):
    code = "minimum_not_met"
    reason = "Tour {tour} would carry {crates} {crates:crate/crates}; it needs {minimum} to set out."
    cure = "Choose another trip or tour; or the operator proposes it again with a lower minimum."


class TooFewShipments(Refusal):
    code = "minimum_not_met"
    reason = (
        "Tour {tour} would carry {shipments} {shipments:shipment/shipments}; it needs {minimum} to set out."
    )
    cure = "Choose another trip or tour; or the operator proposes it again with a lower minimum."


class SharesTooLow(Refusal):
    code = "minimum_not_met"
    reason = "Those aboard tour {tour} would pay {shares} together; it needs {minimum} to set out."
    cure = "Choose another trip or tour; or the operator proposes it again with a lower minimum."


@dataclass(frozen=True)
class Lack:
    """Hold how much is missing of what: of a minimum, or of the cost that those aboard and the gap cover."""

    kind: Literal["shipments", "crates", "share_cents", "cost_cents"]
    number: int


@dataclass(frozen=True)
class Minimum:
    """Hold what a tour needs to set out; 0 where it needs none."""

    crates: int = 0
    shipments: int = 0
    share_cents: int = 0

    def lacking(self, tour: str, *, crates: int, shipments: int, share_cents: int) -> Refusal | None:
        """Return the first minimum that is not met, or ``None``."""
        if shipments < self.shipments:
            return TooFewShipments(tour=tour, shipments=shipments, minimum=self.shipments)
        if crates < self.crates:
            return MinimumNotMet(tour=tour, crates=crates, minimum=self.crates)
        if share_cents < self.share_cents:
            return SharesTooLow(tour=tour, shares=Cents(share_cents), minimum=Cents(self.share_cents))
        return None

    def missing(self, *, crates: int, shipments: int, share_cents: int) -> Lack | None:
        """Return how much the first minimum that is not met lacks; an empty tour lacks one shipment."""
        if shipments < max(1, self.shipments):
            return Lack("shipments", max(1, self.shipments) - shipments)
        if crates < self.crates:
            return Lack("crates", self.crates - crates)
        if share_cents < self.share_cents:
            return Lack("share_cents", self.share_cents - share_cents)
        return None
