"""
Linear programmes over shares, with the groups that could complain put in as they are found.

2ⁿ groups are too many rows; few of them bind. So a programme is solved with those that are likely to, those
that complain most about its answer are put in, and so on until nobody complains (row generation). Solved by
HiGHS (scipy.optimize.linprog).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from pooling.fair.complaints import excesses, members
from pooling.fair.game import TourGame
from pooling.fair.order_game import Cents, Groups

NOISE_CENTS = 1e-4
"""Below this a complaint is the noise of the solver."""

ROWS_AT_ONCE = 48

ROUNDS, MANY_PARTIES, FEW_ROUNDS = 60, 16, 5
"""So often the groups that complain are put in; of more than so many parties, all groups cost a tenth of a
second to ask, so less often."""

Row = tuple[Cents, float]
"""What each variable counts in a row, and the most that the row may come to."""


@dataclass
class Programme:
    """
    Hold a programme whose first variables are the shares, one per party, between nothing and the caps.

    ``costs`` are those of all variables; ``bounds`` those beyond the shares. A group's row says ``paid -
    slack <= own + allowed``: ``slack`` is the column of a variable (``None``: none), ``allowed`` how
    much any group may complain. ``spared`` groups, by bit mask, are never put in.
    """

    game: TourGame
    caps_cents: Cents
    costs: Sequence[float]
    bounds: Sequence[tuple[float | None, float | None]] = ()
    rows: Sequence[Row] = ()
    equal: Sequence[Row] = ()
    slack: int | None = None
    allowed: float = 0.0
    spared: np.ndarray | None = None

    def solved(self) -> "Answer":
        """
        Return the best shares about which no group complains more than allowed; raises where there are
        none.

        Where rounds run out, groups that were not put in may complain more: who asks what they complain of
        (``complaints``) is told.
        """
        aboard, own_cents = self.game.likely
        if self.spared is not None:
            asked = ~self.spared[aboard @ (1 << np.arange(len(self.game.parties)))]
            aboard, own_cents = aboard[asked], own_cents[asked]
        answer = self._answer(aboard, own_cents)
        for _ in range(ROUNDS if len(self.game.parties) <= MANY_PARTIES else FEW_ROUNDS):
            more = self._complaining(answer)
            if not len(more):
                break
            aboard = np.concatenate([aboard, more])
            own_cents = np.concatenate([own_cents, self.game.of_groups(more)])
            try:
                answer = self._answer(aboard, own_cents)
            except ArithmeticError:
                break  # more than some group must bear was not allowed: what stood before is as near
        return answer

    def _answer(self, aboard: Groups, own_cents: Cents) -> "Answer":
        n, width = len(self.game.parties), len(self.costs)
        groups = np.zeros((len(aboard), width))
        groups[:, :n] = aboard
        if self.slack is not None:
            groups[:, self.slack] = -1.0
        others = np.array([row for row, _ in self.rows]).reshape(-1, width)
        everybody = np.concatenate([np.ones(n), np.zeros(width - n)])
        equal = [(everybody, float(self.game.whole_cents)), *self.equal]
        found = linprog(
            self.costs,
            A_ub=np.concatenate([groups, others]),
            b_ub=np.concatenate([own_cents + self.allowed, [most for _, most in self.rows]]),
            A_eq=np.array([row for row, _ in equal]),
            b_eq=np.array([value for _, value in equal]),
            bounds=[*((0.0, float(cap)) for cap in self.caps_cents), *self.bounds],
            method="highs",
        )
        if not found.success:
            raise ArithmeticError(f"No shares were found: {found.message}")
        duals = -np.asarray(found.ineqlin.marginals[: len(aboard)])
        return Answer(np.asarray(found.x), float(found.fun or 0.0), aboard, duals)

    def _complaining(self, answer: "Answer") -> Groups:
        """Return the groups that complain most beyond what is allowed; none when nobody does."""
        n = len(self.game.parties)
        allowed = self.allowed + (0.0 if self.slack is None else answer.values[self.slack])
        paid_cents = answer.values[:n]
        if not self.game.listed:
            aboard, own_cents = self.game.likely
            found = aboard @ paid_cents - own_cents
            worst = np.argsort(-found, kind="stable")[:ROWS_AT_ONCE]
            return aboard[worst[found[worst] > allowed + NOISE_CENTS]]
        found = excesses(self.game, paid_cents)
        if self.spared is not None:
            found[self.spared] = -np.inf
        few = min(ROWS_AT_ONCE, len(found))
        most = np.sort(np.argpartition(-found, few - 1)[:few])
        over = most[found[most] > allowed + NOISE_CENTS]
        worst = over[np.argsort(-found[over], kind="stable")]
        return np.array([members(int(mask), n) for mask in worst], dtype=bool).reshape(-1, n)


@dataclass(frozen=True)
class Answer:
    """
    Hold the variables of a solved programme, its value, and the groups put in, with the price of each row.
    """

    values: Cents
    value: float
    aboard: Groups
    duals: Cents
