"""
Groups that could complain: who pays more on the tour than it would without the others, and how many are
asked.
"""

from dataclasses import dataclass

import numpy as np

from pooling.fair.game import TourGame, sums_of_all_groups
from pooling.fair.order_game import Cents, Groups


@dataclass(frozen=True)
class Complaint:
    """
    Hold a group, what it pays together, what it would cost without the others, and what it could complain
    of.
    """

    parties: tuple[str, ...]
    paid: float
    own: float

    @property
    def excess(self) -> float:
        """Return what the group pays too much; below 0 it gains by staying."""
        return self.paid - self.own


def worst_complaint(game: TourGame, paid_cents: Cents) -> Complaint | None:
    """
    Return the group, not of all, that could complain most.

    Exact where all groups are listed. Above that the likely ones are asked (``TourGame.likely``). ``None``
    for a tour of one, where nobody else could complain.
    """
    if len(game.parties) == 1:
        return None
    if game.listed:
        return _listed(game, paid_cents, int(np.argmax(excesses(game, paid_cents))))
    aboard, costs = game.likely
    worst = int(np.argmax(aboard @ paid_cents - costs))
    return _named(game, paid_cents, aboard[worst], float(costs[worst]))


def worst_of_each(game: TourGame, paid_cents: Cents) -> list[Complaint | None]:
    """Return for each party, in their order, the group with which it could complain most."""
    parties = range(len(game.parties))
    if len(parties) == 1:
        return [None]
    if game.listed:
        found = excesses(game, paid_cents)
        return [_listed(game, paid_cents, _worst_with(found, of)) for of in parties]
    aboard, costs = game.likely
    excess = aboard @ paid_cents - costs
    worst = [int(np.argmax(np.where(aboard[:, of], excess, -np.inf))) for of in parties]
    return [_named(game, paid_cents, aboard[at], float(costs[at])) for at in worst]


def worst_excess(game: TourGame, paid_cents: Cents) -> float:
    """Return what the group that could complain most could complain of, of those that are asked."""
    if len(game.parties) == 1:
        return 0.0
    if game.listed:
        return float(excesses(game, paid_cents).max())
    aboard, costs = game.likely
    return float((aboard @ paid_cents - costs).max())


def excesses(game: TourGame, paid_cents: Cents) -> Cents:
    """Return what every group pays too much, by bit mask; nobody and all of them never complain."""
    found = sums_of_all_groups(paid_cents) - game.of_all_groups
    found[0] = found[-1] = -np.inf
    return found


def members(mask: int, parties: int) -> Groups:
    """Return a group's row: who of so many parties is in it."""
    return np.array([bool(mask >> at & 1) for at in range(parties)])


def _worst_with(found: Cents, of: int) -> int:
    """Return the bit mask of the group that complains most of those with one party."""
    high, low = divmod(int(np.argmax(found.reshape(-1, 2, 1 << of)[:, 1, :])), 1 << of)
    return high << of + 1 | 1 << of | low


def _listed(game: TourGame, paid_cents: Cents, mask: int) -> Complaint:
    return _named(game, paid_cents, members(mask, len(game.parties)), float(game.of_all_groups[mask]))


def _named(game: TourGame, paid_cents: Cents, aboard: Groups, own: float) -> Complaint:
    parties = tuple(party for at, party in enumerate(game.parties) if aboard[at])
    return Complaint(parties, float(aboard @ paid_cents), own)
