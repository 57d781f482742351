"""
Who is alike in a game pays alike.

A linear programme has many best answers, and picks one; of two farms that no group could tell apart one might
pay more. The mean of what both would pay is as good an answer, and a fair one.
"""

import numpy as np

from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents

SAME_CENTS = 1e-6


def levelled(game: TourGame, paid_cents: Cents, *same: Cents) -> Cents:
    """
    Return shares in which parties that are alike pay the same: as good in every way, by convexity.

    ``same`` are figures by party in which those who are alike do not differ, such as caps. Only of tours
    whose groups are all listed; above that hardly two are alike to the cent.
    """
    if not game.listed:
        return paid_cents
    told = np.array([game.alone_cents, *same])
    level = paid_cents.copy()
    for parties in _classes(game, told):
        level[parties] = paid_cents[parties].mean()
    return level


def _classes(game: TourGame, told: np.ndarray) -> list[list[int]]:
    """List who is alike with whom, each class once, nobody who is like none."""
    left, found = list(range(len(game.parties))), list[list[int]]()
    while left:
        one, *others = left
        alike = [one, *(other for other in others if _alike(game, told, one, other))]
        left = [other for other in others if other not in alike]
        found += [alike] if len(alike) > 1 else []
    return found


def _alike(game: TourGame, told: np.ndarray, one: int, other: int) -> bool:
    """Tell whether every group costs the same with either of two parties, and all their figures are one."""
    if np.abs(told[:, one] - told[:, other]).max() > SAME_CENTS:
        return False
    costs = game.of_all_groups.reshape(-1, 2, 1 << (other - one - 1), 2, 1 << one)
    return bool(np.abs(costs[:, 0, :, 1, :] - costs[:, 1, :, 0, :]).max() <= SAME_CENTS)
