"""
Equal profit: everybody saves as nearly the same part of its alone as no group's complaint forbids.

M. Frisk, M. Göthe-Lundgren, K. Jörnsten, M. Rönnqvist, Cost allocation in collaborative forest
transportation, European Journal of Operational Research 205(2), 2010: the largest difference of relative
savings is made smallest, in the core.
"""

import numpy as np

from pooling.fair.alike import levelled
from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents
from pooling.fair.programme import NOISE_CENTS, Programme


def equal_profit(game: TourGame, caps_cents: Cents, allowed: float) -> Cents:
    """
    Return the shares in cents by party; ``allowed`` is how much a group may complain
    (``least_complaint``).

    The caps must cover the cost, and be within alone.
    """
    n = len(game.parties)
    rows = []
    for at, alone in enumerate(game.alone_cents):
        if alone > 0:
            below, above = np.zeros(n + 2), np.zeros(n + 2)
            below[at] = above[at] = 1.0 / alone
            below[n], above[n + 1] = -1.0, -1.0
            rows += [(below, 0.0), (-above, 0.0)]
    programme = Programme(
        game,
        caps_cents,
        [0.0] * n + [1.0, -1.0],
        bounds=[(0.0, None)] * 2,
        rows=rows,
        allowed=allowed + NOISE_CENTS,
    )
    return levelled(game, programme.solved().values[:n], caps_cents)
