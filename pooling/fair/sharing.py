"""Who pays what of a tour: in proportion to alone, within the caps, in whole cents."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Claimant:
    """Hold what one party's share is measured by (alone) and the most it may be (the cap), in cents."""

    alone_cents: int
    cap_cents: int

    def __post_init__(self) -> None:
        if not 0 <= self.cap_cents <= self.alone_cents:
            raise ValueError("A cap lies between nothing and alone.")


@dataclass(frozen=True)
class Split:
    """Hold each party's share and the gap that the caps leave; together they add up to the cost."""

    cost_cents: int
    shares_cents: Mapping[str, int]
    gap_cents: int

    def __post_init__(self) -> None:
        if sum(self.shares_cents.values()) + self.gap_cents != self.cost_cents:
            raise ValueError("Shares and gap add up to the cost.")


def split(cost_cents: int, claimants: Mapping[str, Claimant]) -> Split:
    """
    Share a cost in proportion to alone; nobody pays more than its cap.

    What a cap cuts off is shared among those with slack, again in proportion, until nothing is left
    or nobody has slack. Cents are settled last, by largest remainder among those with slack. Where
    the caps together do not cover the cost, everybody pays its cap and the rest is the gap.
    """
    caps = {party: claimant.cap_cents for party, claimant in claimants.items()}
    if sum(caps.values()) <= cost_cents:
        return Split(cost_cents, caps, cost_cents - sum(caps.values()))
    capped = _capped(cost_cents, claimants)
    left_cents = cost_cents - sum(caps[party] for party in capped)
    open_parties = {party: c.alone_cents for party, c in claimants.items() if party not in capped}
    shares = {party: caps[party] for party in capped} | apportioned(left_cents, open_parties)
    return Split(cost_cents, {party: shares[party] for party in claimants}, 0)


def fee_parts(fee_cents: int, shares_cents: Mapping[str, int], gap_cents: int) -> dict[str, int]:
    """
    Return how much of each share is the fee, a line of its own; the rest of it is the carrier's card.

    In proportion to what each pays, whoever takes the gap included, in whole cents that add up.
    """
    paid = {**shares_cents, "": gap_cents}
    if not sum(paid.values()):
        return dict.fromkeys(shares_cents, 0)
    parts = apportioned(fee_cents, paid)
    return {party: parts[party] for party in shares_cents}


def _capped(cost_cents: int, claimants: Mapping[str, Claimant]) -> set[str]:
    """
    Find who pays its cap: those whose proportional part of what is left would not stay below it.

    A party stays open only if its part rounded up stays within its cap, so that the last cents never
    break a cap.
    """
    capped: set[str] = set()
    while True:
        left_cents = cost_cents - sum(claimants[party].cap_cents for party in capped)
        weight = sum(c.alone_cents for party, c in claimants.items() if party not in capped)
        more = {
            party
            for party, c in claimants.items()
            if party not in capped and left_cents * c.alone_cents >= c.cap_cents * weight
        }
        if not more:
            return capped
        capped |= more


def apportioned(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split cents in proportion to weights; the last cents go to the largest remainders, ties by name."""
    whole = sum(weights.values())
    parts = {party: cents * weight // whole for party, weight in weights.items()}
    remainders = sorted(weights, key=lambda party: (-(cents * weights[party] % whole), party))
    for party in remainders[: cents - sum(parts.values())]:
        parts[party] += 1
    return parts
