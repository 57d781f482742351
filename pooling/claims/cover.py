"""
The cover of goods in the hands of others: by terms with a version, accepted before a ride is agreed.

Our reading of public texts, not legal advice. Nobody is insured by this: whoever is at fault pays.
"""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.figures import (
    COLD_CONTRACT_PER_KG,
    COLD_CONTRACT_PER_PARCEL,
    CONTRACT_BELOW,
    CONTRACT_PER_KG,
    CONTRACT_PER_PARCEL,
    COVER_HIRED,
    COVER_SHARED,
    DECLARED_VALUE,
)
from pooling.load import Temperature
from pooling.regimes import COST_SHARING, Regime

COVER_VERSION = "2026-11"
"""The terms that stand; whoever accepted earlier ones keeps those."""

DECLARED_LIMIT_CENTS = DECLARED_VALUE.value


class CoverNotAccepted(Refusal):
    code = "cover_not_accepted"
    reason = "The value of these crates is declared, and the cover terms {version} are not accepted."
    cure = "Read them, then bid or join anew and accept them; or declare no value: nothing is covered then."


@dataclass(frozen=True)
class Cover:
    """Hold what is covered of a shipment, at most, under one regime; 0 where nothing is."""

    regime: Regime
    most_cents: int


def cover_of(regime: Regime) -> Cover:
    """Return the most that is covered of one shipment: nothing where one carries one's own goods."""
    if regime is Regime.OWN_ACCOUNT:
        return Cover(regime, 0)
    return Cover(regime, COVER_SHARED.value if regime in COST_SHARING else COVER_HIRED.value)


def covered_cents(declared_cents: int, regime: Regime, accepted: str) -> int:
    """Return how much of a declared value is covered; nothing where no terms were accepted."""
    return min(declared_cents, cover_of(regime).most_cents) if accepted else 0


def must_accept_cover(declared_cents: int, accepted: str) -> None:
    """Refuse a ride for crates of declared value without its terms, and terms that do not stand any more."""
    if accepted != COVER_VERSION and (declared_cents or accepted):
        raise CoverNotAccepted(version=COVER_VERSION)


def by_weight_cents(kg: int, crates: int, affected: int, temperature: str) -> int | None:
    """
    Return the most that the French standard contracts let a carrier owe for some crates, by their weight.

    A crate counts as a parcel. A figure to compare with, owed by nobody here; ``None`` from 3 t on.
    """
    if kg >= CONTRACT_BELOW.value:
        return None
    cold = temperature != Temperature.AMBIENT
    per_kg = COLD_CONTRACT_PER_KG if cold else CONTRACT_PER_KG
    most = COLD_CONTRACT_PER_PARCEL if cold else CONTRACT_PER_PARCEL
    return min(per_kg.value * kg // crates, most.value) * affected
