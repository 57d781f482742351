"""
The least that any group must be allowed to complain, within the caps: 0 where the core and the caps meet.
"""

import numpy as np

from pooling.fair.alike import levelled
from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents
from pooling.fair.programme import NOISE_CENTS, Programme


def least_complaint(game: TourGame, caps_cents: Cents) -> float:
    """
    Return the smallest excess in cents of the group that complains most, over all shares within the caps;
    at least 0.

    The least core of Maschler, Peleg and Shapley (1979), held at 0 and within the caps. The caps must cover
    the cost.
    """
    n = len(game.parties)
    if n == 1:
        return 0.0
    found = Programme(game, caps_cents, [0.0] * n + [1.0], bounds=[(0.0, None)], slack=n).solved().value
    return found if found > NOISE_CENTS else 0.0


def nearest(game: TourGame, caps_cents: Cents, wanted: Cents, allowed: float) -> Cents:
    """
    Return the shares nearest to those that a rule wants, among those within the caps that no group
    complains about.

    Nearest by the sum of what the parties are moved; among equals by the one who is moved most. Of a rule
    that wants the same of parties that are alike.
    """
    n = len(game.parties)
    width = 2 * n + 1
    rows = []
    for at in range(n):
        for sign in (1.0, -1.0):
            moved, most = np.zeros(width), np.zeros(width)
            moved[at] = most[at] = sign
            moved[n + at], most[-1] = -1.0, -1.0
            rows += [(moved, sign * float(wanted[at])), (most, sign * float(wanted[at]))]
    costs = [0.0] * n + [1.0] * n + [0.5]
    programme = Programme(
        game,
        caps_cents,
        costs,
        bounds=[(0.0, None)] * (n + 1),
        rows=rows,
        allowed=allowed + NOISE_CENTS,
    )
    return levelled(game, programme.solved().values[:n], caps_cents, wanted)
