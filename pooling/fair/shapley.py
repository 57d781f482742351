"""
The Shapley value of a tour: everybody pays what it adds on average, over all orders of signing up.

L. S. Shapley, A value for n-person games, 1953. Where all groups are listed it is exact, by subsets. Above
that it is sampled: the value of the fixed order is known exactly (``order_game``), so only what the
alternative of staying alone takes off is sampled, over permutations and their reverses (antithetic: J.
Castro, D. Gómez, J. Tejada, Polynomial calculation of the Shapley value based on sampling, Computers &
Operations Research 36, 2009; R. Mitchell et al., Sampling permutations for Shapley value estimation,
Journal of Machine Learning Research 23, 2022).
"""

from dataclasses import dataclass
from math import factorial

import numpy as np

from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents

PAIRS = 2048
"""So many permutations are drawn, each taken forwards and backwards."""

AT_ONCE = 64
"""So many permutations are asked about at a time."""

STANDARD_ERRORS = 2.576
"""The error bound holds with 99 %: so many standard errors of the mean, by the central limit theorem."""

SEED = 20_260_912


@dataclass(frozen=True)
class Value:
    """Hold a value in cents by party, and the most that each may be off, with 99 %: 0 where it is exact."""

    cents: Cents
    error: Cents


def shapley(game: TourGame, *, pairs: int = PAIRS, seed: int = SEED) -> Value:
    """Return the Shapley value: exact by subsets where all groups are listed, else sampled."""
    if game.listed:
        return Value(by_subsets(game.of_all_groups), np.zeros(len(game.parties)))
    return sampled(game, pairs=pairs, seed=seed)


def by_subsets(of_all_groups: Cents) -> Cents:
    """Return the Shapley value of a game by the cost of its groups, by bit mask: O(n · 2ⁿ)."""
    n = len(of_all_groups).bit_length() - 1
    orders = np.array([factorial(size) * factorial(n - 1 - size) / factorial(n) for size in range(n)])
    sizes = np.zeros(1, dtype=np.int8)
    for _ in range(n - 1):
        sizes = np.concatenate([sizes, sizes + 1])
    weights = orders[sizes]
    value = np.empty(n)
    for party in range(n):
        pairs = of_all_groups.reshape(-1, 2, 1 << party)
        value[party] = weights @ (pairs[:, 1, :] - pairs[:, 0, :]).ravel()
    return value


def sampled(game: TourGame, *, pairs: int = PAIRS, seed: int = SEED) -> Value:
    """
    Return the Shapley value estimated from permutations, with its error bound; the same for the same seed.

    The parts add up to the tour's cost: a permutation's marginal costs do.
    """
    random, n = np.random.default_rng(seed), len(game.parties)
    orders = np.array([random.permutation(n) for _ in range(pairs)])
    taken_off = np.concatenate(
        [
            (_taken_off(game, some) + _taken_off(game, some[:, ::-1])) / 2
            for some in np.array_split(orders, -(-pairs // AT_ONCE))
        ]
    )
    spread = taken_off.std(axis=0, ddof=1) / np.sqrt(pairs)
    return Value(game.order.shapley + taken_off.mean(axis=0), STANDARD_ERRORS * spread)


def _taken_off(game: TourGame, orders: np.ndarray) -> Cents:
    """Return what the game differs from the fixed order's for each party as it joins in each order."""
    some, n = orders.shape
    aboard = np.zeros((some, n, n), dtype=bool)
    np.put_along_axis(aboard, orders[:, None, :], np.tri(n, dtype=bool)[None], axis=2)
    groups = aboard.reshape(some * n, n)
    less = (game.of_groups(groups) - game.order.of_groups(groups)).reshape(some, n)
    marginal = np.empty((some, n))
    np.put_along_axis(marginal, orders, np.diff(less, prepend=0.0, axis=1), axis=1)
    return marginal
