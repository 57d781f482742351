"""
What a share would be with more stops: "two more stops and it is 9.40 €", reckoned by a stated rule.

One more stop is taken to add what a stop of the plan costs on average (its cost without the fixed amount
and the fee, divided by its stops), and to bring what a stop brought on average at the prices shown when
those aboard joined. No game can be asked about stops that nobody has named yet: so, whatever the tour's
rule, the cost is shared in proportion to what each pays now, a newcomer counted like a mean stop, and
nobody pays more than it was told. The figure is rounded up to ten cents, so that nobody's part can be
reckoned from it, and it is no promise.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pooling.fair.sharing import Claimant, split

FURTHER_LIMIT = 10
"""So many further stops are looked at."""

ROUNDED_CENTS = 10


@dataclass(frozen=True)
class TourNow:
    """
    Hold what a tour costs as it stands: ``standing_cents`` of it however many stops it makes.

    ``claimants`` are those aboard, each with what it was told to pay as its cap; ``joined_cents`` is what
    they were told together when they joined.
    """

    cost_cents: int
    standing_cents: int
    stops: int
    claimants: Mapping[str, Claimant]
    joined_cents: int


@dataclass(frozen=True)
class Outlook:
    """Hold how many more stops would let a share fall, and to how much."""

    stops: int
    share_cents: int


def outlook(now: TourNow, ones: Collection[str]) -> Outlook | None:
    """Return the fewest further stops with which shares fall together; ``None`` where ten do not suffice."""
    if not now.stops or not ones or not set(ones) <= now.claimants.keys():
        return None
    told_cents = sum(now.claimants[one].cap_cents for one in ones)
    adds_cents = -(-max(0, now.cost_cents - now.standing_cents) // now.stops)
    brings_cents = now.joined_cents // now.stops
    alone_cents = sum(each.alone_cents for each in now.claimants.values())
    newcomer = Claimant(max(brings_cents, alone_cents // now.stops), brings_cents)
    aboard = _by_what_they_pay(now.claimants, alone_cents)
    for further in range(1, FURTHER_LIMIT + 1):
        claimants = {**aboard, **{f"+{number}": newcomer for number in range(further)}}
        shares_cents = split(now.cost_cents + further * adds_cents, claimants).shares_cents
        shown_cents = -(-sum(shares_cents[one] for one in ones) // ROUNDED_CENTS) * ROUNDED_CENTS
        if shown_cents < told_cents:
            return Outlook(further, shown_cents)
    return None


def _by_what_they_pay(claimants: Mapping[str, Claimant], alone_cents: int) -> dict[str, Claimant]:
    """Measure those aboard by what they pay now, all together by their days alone."""
    paid_cents = sum(each.cap_cents for each in claimants.values())
    return {
        one: Claimant(max(each.cap_cents, each.cap_cents * alone_cents // max(1, paid_cents)), each.cap_cents)
        for one, each in claimants.items()
    }
