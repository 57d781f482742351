"""
The nucleolus of a tour within its caps: the worst complaint is made as small as can be, then the next
worst, and so on.

D. Schmeidler, The nucleolus of a characteristic function game, SIAM Journal on Applied Mathematics 17(6),
1969; by a sequence of linear programmes (A. Kopelowitz, 1967; B. Fromen, 1997), each with its groups put in
as they are found.
"""

import numpy as np

from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents
from pooling.fair.programme import Programme, Row

NUCLEOLUS_PARTIES = 16
"""Above so many parties the shares that are nearest to equal profit are taken instead."""

PRICED = 1e-7


def nucleolus(game: TourGame, caps_cents: Cents) -> Cents:
    """Return the nucleolus in cents by party; the caps must cover the cost."""
    n = len(game.parties)
    if n > NUCLEOLUS_PARTIES:
        raise ValueError(f"The nucleolus is found for up to {NUCLEOLUS_PARTIES} parties.")
    settled = [np.ones(n)]
    equal: list[Row] = []
    everyone = _rows_of_all_groups(n)
    while True:
        spared = _within(everyone, np.array(settled))
        if spared.all() or n == 1:
            return _shares(game, caps_cents, equal)
        programme = Programme(
            game,
            caps_cents,
            [0.0] * n + [1.0],
            bounds=[(None, None)],
            equal=equal,
            slack=n,
            spared=spared,
        )
        answer = programme.solved()
        for row in answer.aboard[answer.duals > PRICED]:
            mask = int(row @ (1 << np.arange(n)))
            settled.append(row.astype(float))
            equal.append((np.append(row, 0.0), float(game.of_all_groups[mask]) + answer.value))
        equal = _independent(equal, n)


def _shares(game: TourGame, caps_cents: Cents, equal: list[Row]) -> Cents:
    """Solve for the shares that are settled: every group's sum is known."""
    n = len(game.parties)
    rows = np.array([np.ones(n), *(row[:n] for row, _ in equal)])
    values = np.array([float(game.whole_cents), *(value for _, value in equal)])
    found = np.linalg.lstsq(rows, values, rcond=None)[0]
    return np.asarray(np.clip(found, 0.0, caps_cents))


def _rows_of_all_groups(n: int) -> np.ndarray:
    return (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(float)


def _within(everyone: np.ndarray, settled: np.ndarray) -> np.ndarray:
    """Tell of each group whether its sum follows from those that are settled."""
    _, sizes, directions = np.linalg.svd(settled)
    free = directions[int((sizes > 1e-9).sum()) :]
    return np.asarray(np.abs(everyone @ free.T).max(axis=1, initial=0.0) < 1e-7)


def _independent(equal: list[Row], n: int) -> list[Row]:
    """Keep of the settled sums those that do not follow from others: a solver is calmer without."""
    kept: list[Row] = []
    rows = [np.ones(n)]
    for row, value in equal:
        more = [*rows, row[:n]]
        if np.linalg.matrix_rank(np.array(more)) > len(rows):
            rows, kept = more, [*kept, (row, value)]
    return kept
