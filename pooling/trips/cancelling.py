"""
What it costs to let the other side down: graded terms, the same for both, shown before anything is agreed.

Until a trip's cut-off either side may cancel for nothing. After it, whoever cancels owes the other a share of
the price, which rises as the hour of setting out comes near; whoever is not there at all owes all of it.
"""

from dataclasses import dataclass

from pooling.figures import (
    CANCEL_FIRST_SHARE,
    CANCEL_LAST_FROM,
    CANCEL_LAST_SHARE,
    CANCEL_SECOND_FROM,
    CANCEL_SECOND_SHARE,
    NOT_THERE_SHARE,
)
from pooling.market.award import TripBook
from pooling.pricing import shareable_cost
from pooling.regimes import COST_SHARING


@dataclass(frozen=True)
class Step:
    """Hold what cancelling costs until an hour (``None``: from the step before on), in % of the price."""

    until_at: int | None
    percent: int

    def owed_cents(self, price_cents: int) -> int:
        """Return what that is of a price, rounded down: never more than the price itself."""
        return price_cents * self.percent // 100


@dataclass(frozen=True)
class Terms:
    """Hold until when cancelling is free, and when the trip sets out."""

    cutoff_at: int
    sets_out_at: int

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps in their order; one that would end before the one before it is left out."""
        free_until_at = min(self.cutoff_at, self.sets_out_at)
        graded = (
            Step(self.sets_out_at - CANCEL_SECOND_FROM.value, CANCEL_FIRST_SHARE.value),
            Step(self.sets_out_at - CANCEL_LAST_FROM.value, CANCEL_SECOND_SHARE.value),
            Step(self.sets_out_at, CANCEL_LAST_SHARE.value),
        )
        later = tuple(step for step in graded if step.until_at is not None and step.until_at > free_until_at)
        return Step(free_until_at, 0), *later, Step(None, NOT_THERE_SHARE.value)

    def step(self, now_at: int) -> Step:
        """Return the step that holds at an hour: an hour belongs to the step that it begins."""
        return next(step for step in self.steps if step.until_at is None or now_at < step.until_at)

    def owed_cents(self, price_cents: int, now_at: int) -> int:
        """Return what whoever cancels now owes the other side."""
        return self.step(now_at).owed_cents(price_cents)

    def is_late(self, now_at: int) -> bool:
        """Tell whether cancelling now lets the other side down."""
        return self.step(now_at).percent > 0

    def at_most(self, other: "Terms") -> "Terms":
        """Return terms that ask nobody for more than either of two: what was agreed never gets worse."""
        return Terms(max(self.cutoff_at, other.cutoff_at), max(self.sets_out_at, other.sets_out_at))


@dataclass(frozen=True)
class TourTerms:
    """Hold until when a place on a tour is left for nothing; from then on its payer owes its share."""

    cutoff_at: int

    @property
    def steps(self) -> tuple[Step, ...]:
        return Step(self.cutoff_at, 0), Step(None, NOT_THERE_SHARE.value)


def uncovered_cents(book: TripBook) -> int | None:
    """
    Return how much of a trip's cost nobody pays yet: under cost sharing no fee goes beyond it.

    Such an owner carries for no profit: all that it receives, fees among it, stays within its shareable
    cost. ``None`` where the law sets no bound: a registered carrier's.
    """
    if book.trip.regime not in COST_SHARING:
        return None
    shareable_cents = shareable_cost(book.route, refrigerated=book.trip.refrigerated).total_cents
    return max(0, shareable_cents - book.received_cents)
