"""
What whoever leaves a trip owes: by the terms, and for the loss that its going leaves to the owner.

Guests may have been let in cheaply because another one paid for the way. Where that one leaves, the
owner would drive their detour for less than it costs; the difference is owed by who left. Whoever leaves
after the cut-off owes a share of its price besides, which counts towards that loss: never a cent twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pooling.fair.sharing import Claimant, split
from pooling.market.award import TripBook, within_cap
from pooling.trips.cancelling import uncovered_cents


@dataclass(frozen=True)
class Owing:
    """Hold what one who left owes: by the terms for leaving late, and for the way that it left to others."""

    late_cents: int = 0
    loss_cents: int = 0

    @property
    def cents(self) -> int:
        return self.late_cents + self.loss_cents


def settle_leaver(
    book: TripBook, before: Mapping[str, Owing], leaver: str, late_cents: int = 0
) -> tuple[TripBook, dict[str, Owing]]:
    """
    Settle a trip that one guest has left; returns its book, and what each who ever left owes for it.

    ``book`` is the trip without the leaver, ``before`` what those owe who left before, ``late_cents``
    what the terms ask of the leaver. First the law: a shorter way lowers what the guests who stay may pay
    together, and fees go no further than the cost that nobody else pays. Then the owner: what it would
    still lose is owed by who left last; where it would lose less than before, those before owe less.
    """
    stay = within_cap(replace(book, left_cents=0))
    lost_cents = max(0, stay.owner_cents - stay.announced_cents)
    fees = {one: owing.late_cents for one, owing in before.items()} | {leaver: late_cents}
    most_cents = uncovered_cents(stay)
    if most_cents is not None:
        fees = _at_most(max(most_cents, lost_cents), fees)
    losses = {one: owing.loss_cents for one, owing in before.items()}
    left_cents, known_cents = max(0, lost_cents - sum(fees.values())), sum(losses.values())
    losses[leaver] = max(0, left_cents - known_cents)
    losses = _at_most(left_cents, losses)
    owed = {one: Owing(fees[one], losses[one]) for one in fees}
    return replace(stay, left_cents=sum(one.cents for one in owed.values())), owed


def _at_most(cents: int, parts: Mapping[str, int]) -> dict[str, int]:
    """Lower parts in proportion where they come to more than an amount together."""
    if sum(parts.values()) <= cents:
        return dict(parts)
    return dict(split(cents, {one: Claimant(part, part) for one, part in parts.items()}).shares_cents)
