"""
The game of a tour: what any group of its parties could do without the others.

A group's cost is the cheaper of the tour driven for it alone, in the tour's own order, and everybody of it
alone; with a few parties also of the best plan found for it. The group of all owes the tour itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pooling.fair.order_game import EXACT_PARTIES, Cents, Groups, OrderGame

BEST_PLAN_PARTIES = 10
"""Up to so many parties the best plan of every group is searched for: 1,023 searches."""


@dataclass(frozen=True)
class TourGame:
    """
    Hold the game of a tour.

    ``alone_cents`` is what each party would spend without it; ``best_cents`` the cost of the best plan
    known for each group, by bit mask, where it was searched for.
    """

    order: OrderGame
    alone_cents: Cents
    best_cents: Cents | None = None

    def __post_init__(self) -> None:
        if self.alone_cents.shape != (len(self.parties),):
            raise ValueError("Each party has its alone.")

    @property
    def parties(self) -> tuple[str, ...]:
        return self.order.parties

    @cached_property
    def whole_cents(self) -> int:
        """Return what is to be shared: the tour's cost, in whole cents."""
        return round(self.order.whole_cents)

    @property
    def listed(self) -> bool:
        """Tell whether the cost of every group can be listed."""
        return len(self.parties) <= EXACT_PARTIES

    def of_groups(self, aboard: Groups) -> Cents:
        """Return the cost of some groups in cents: a row per group, a column per party."""
        if self.listed:
            return np.asarray(self.of_all_groups[aboard @ (1 << np.arange(len(self.parties)))])
        costs = np.minimum(self.order.of_groups(aboard), aboard @ self.alone_cents)
        return np.where(aboard.all(axis=1), self.whole_cents, costs)

    @cached_property
    def likely(self) -> tuple[Groups, Cents]:
        """Return the groups that are likely to complain, and the cost of each."""
        aboard = likely_groups(self.order)
        return aboard, self.of_groups(aboard)

    @cached_property
    def of_all_groups(self) -> Cents:
        """Return the cost of every group, by its bit mask."""
        costs = np.minimum(self.order.of_all_groups, sums_of_all_groups(self.alone_cents))
        if self.best_cents is not None:
            costs = np.minimum(costs, self.best_cents)
        costs[-1] = self.whole_cents
        return costs


def likely_groups(order: OrderGame) -> Groups:
    """
    List groups that are likely to complain where there are too many to ask all.

    Each party, all but each, all pairs, and whoever lies together: the parties of each run of visits.
    """
    n, owner = len(order.parties), order.owner
    groups = {1 << a | 1 << b for a in range(n) for b in range(n)}
    groups |= {(1 << n) - 1 - (1 << a) for a in range(n)}
    for first in range(len(owner)):
        run = 0
        for party in owner[first : first + 2 * n]:
            run |= 1 << party
            groups.add(run)
    asked = sorted(groups - {(1 << n) - 1}, key=lambda group: (group.bit_count(), group))
    return np.array([[group >> at & 1 for at in range(n)] for group in asked], dtype=bool).reshape(-1, n)


def sums_of_all_groups(of_party: Cents) -> Cents:
    """Add something up over the parties of every group, by its bit mask."""
    sums = np.zeros(1)
    for each in of_party:
        sums = np.concatenate([sums, sums + each])
    return sums


def tour_game(order: OrderGame, alone_cents: Mapping[str, int]) -> TourGame:
    """Return the game of a tour's order, for parties whose days alone are known."""
    return TourGame(order, np.array([float(alone_cents[party]) for party in order.parties]))


def with_best_plans(
    game: TourGame, best: Callable[[Sequence[str]], int | None], paid_cents: Cents
) -> TourGame:
    """
    Return the game in which a group may also take the best plan found for it, of up to ten parties.

    ``best`` finds the cents of a plan for some parties, ``None`` where it finds none. Whoever complains
    most of what is paid already is asked first, should time run out.
    """
    n = len(game.parties)
    if n > BEST_PLAN_PARTIES:
        raise ValueError(f"Best plans are searched for up to {BEST_PLAN_PARTIES} parties.")
    found = np.full(1 << n, np.inf)
    complaining = np.argsort(game.of_all_groups - sums_of_all_groups(paid_cents), kind="stable")
    for mask in (int(one) for one in complaining if 0 < one < (1 << n) - 1):
        cents = best([party for at, party in enumerate(game.parties) if mask >> at & 1])
        found[mask] = np.inf if cents is None else cents
    found[0], found[-1] = 0.0, game.whole_cents
    return TourGame(game.order, game.alone_cents, found)
