"""
Mutual aid, counted: who carried how much for whom, in km·crates and in euro of shareable cost.

Counted from what was handed over, whatever was paid for it: beside money, or in its place. A shipment's part
of a kilometre is what that may cost by law (no labour), shared with the owner and the others aboard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from geodata.refusal import Refusal
from pooling.figures import TOLLS_PER_KM
from pooling.ledger.signed import due_cents
from pooling.manifest import Manifest
from pooling.pricing import own_cents_per_km
from pooling.regimes import Regime

MUTUAL = frozenset({Regime.OWN_ACCOUNT, Regime.ENTRAIDE, Regime.COTRANSPORT_AGRICOLE, Regime.GROUPEMENT})
"""Regimes of mutual aid: what one carries for another comes back some day."""


class NoMutualAid(Refusal):
    code = "no_mutual_aid"
    reason = "This trip is no mutual aid between farms: nothing on it is settled in kind."
    cure = "Let the price stand, or announce the next trip as mutual aid between farms."


def must_be_mutual(regime: str) -> None:
    """Refuse to settle in kind what is no mutual aid."""
    if regime not in MUTUAL:
        raise NoMutualAid


@dataclass(frozen=True)
class Carriage:
    """Hold crates of one party that another carried; ``shareable_cents`` is their part of the way's cost."""

    carrier: str
    payer: str
    day: date
    shipment: str
    crates: int
    distance_m: int
    shareable_cents: int
    price_cents: int

    @property
    def crate_m(self) -> int:
        return self.crates * self.distance_m


@dataclass(frozen=True)
class Between:
    """Hold what a party did for another, and the other for it; above 0 the other is in its debt."""

    given_crate_m: int = 0
    taken_crate_m: int = 0
    given_cents: int = 0
    taken_cents: int = 0
    paid_cents: int = 0
    """What the other agreed to pay for what was given, less what was agreed for what was taken."""

    @property
    def crate_m(self) -> int:
        return self.given_crate_m - self.taken_crate_m

    @property
    def cents(self) -> int:
        return self.given_cents - self.taken_cents


def between(carriages: Iterable[Carriage], party: str) -> Mapping[str, Between]:
    """Add up what a party and each other carried for one another, by the other."""
    found: dict[str, Between] = {}
    for one in carriages:
        if party not in (one.carrier, one.payer) or one.carrier == one.payer:
            continue
        gives = one.carrier == party
        other = one.payer if gives else one.carrier
        was = found.get(other, Between())
        found[other] = Between(
            was.given_crate_m + (one.crate_m if gives else 0),
            was.taken_crate_m + (0 if gives else one.crate_m),
            was.given_cents + (one.shareable_cents if gives else 0),
            was.taken_cents + (0 if gives else one.shareable_cents),
            was.paid_cents + (one.price_cents if gives else -one.price_cents),
        )
    return found


def way_of(manifest: Manifest, shipment: str) -> tuple[int, int]:
    """
    Return the metres that a shipment rides by its manifest, and those that it bears of them.

    It shares each leg with the owner and with every other shipment aboard there, each alike.
    """
    aboard: set[str] = set()
    ridden_m = borne_m = 0
    for stop in manifest.stops:
        for one in stop.handlings:
            (aboard.add if one.way == "on" else aboard.discard)(one.shipment)
        if shipment in aboard:
            ridden_m += stop.leg_m
            borne_m += stop.leg_m // (len(aboard) + 1)
    return ridden_m, borne_m


def shareable_part(borne_m: int, crates: int, agreed: int, *, refrigerated: bool) -> int:
    """Return the shareable cost of the metres that a shipment bears, for the crates that were handed over."""
    cents_per_km = own_cents_per_km(refrigerated=refrigerated) + TOLLS_PER_KM.value
    return due_cents((borne_m * cents_per_km + 500) // 1000, crates, agreed)
