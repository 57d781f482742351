"""
The same driver on the same round: preferred at a stated price, never by force, and counted.

The preference is a cost of the plan beside the core: a vehicle of another driver than the round's own is
dearer by the stated price while a plan is chosen, and by nothing when it is paid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.problem import Vehicle

PREFERENCE_CENTS = 1_000
"""What it is worth that the round's own driver comes, unless the round says otherwise: 10 €."""


@dataclass(frozen=True)
class Steadiness:
    """Hold how steadily a round is driven: its most frequent driver, on how many of how many."""

    driver: str
    times: int
    runs: int


@dataclass(frozen=True)
class OwnDriver:
    """Hold who drives a round as a rule, and what it is worth that this driver comes."""

    driver: str
    price_cents: int = PREFERENCE_CENTS


@dataclass(frozen=True)
class SameDriverRate:
    """Hold how many tours of a plan belong to a round, and on how many of them its own driver comes."""

    rounds: int = 0
    own: int = 0


def preferring(
    vehicles: Iterable[Vehicle], driver_of: Mapping[str, str], own: str, price_cents: int = PREFERENCE_CENTS
) -> tuple[Vehicle, ...]:
    """Return vehicles as a plan is to choose among them: dearer by the price where another drives."""
    return tuple(
        one if driver_of[one.id] == own else replace(one, fixed_cents=one.fixed_cents + price_cents)
        for one in vehicles
    )


def as_chosen(
    vehicles: Iterable[Vehicle], driver_of: Mapping[str, str], own_of: Mapping[str, OwnDriver]
) -> tuple[Vehicle, ...]:
    """Return the vehicles of a day as a plan chooses among them, each held against its own round's driver."""
    found: list[Vehicle] = []
    for one in vehicles:
        own = own_of.get(one.id)
        found += [one] if own is None else preferring([one], driver_of, own.driver, own.price_cents)
    return tuple(found)


def same_driver_rate(driver_of: Mapping[str, str], own_of: Mapping[str, OwnDriver]) -> SameDriverRate:
    """Count the tours that belong to a round, and those on which the round's own driver comes."""
    of_rounds = [own_of[tour].driver == driver for tour, driver in driver_of.items() if tour in own_of]
    return SameDriverRate(len(of_rounds), sum(of_rounds))


def cheapest_driver(costs_cents: Mapping[str, int], own: str, price_cents: int = PREFERENCE_CENTS) -> str:
    """Choose who drives, of those who could at these costs; the round's own where costs are equal."""
    return min(costs_cents, key=lambda one: (costs_cents[one] + price_cents * (one != own), one != own, one))


def steadiness(drivers: Sequence[str]) -> Steadiness:
    """Count who drove most of the runs of a round, the first to come where several did."""
    if not drivers:
        return Steadiness("", 0, 0)
    (driver, times), *_ = Counter(drivers).most_common(1)
    return Steadiness(driver, times, len(drivers))
