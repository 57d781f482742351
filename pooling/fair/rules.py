"""
The rules by which a tour's cost may be shared: what each would ask, and what is paid once the caps have
bound.

Whatever the rule: first nobody pays more than its cap; then no group pays more than it would without the
others, wherever caps and core leave such shares, and else as little more as can be; then the shares nearest
to the rule's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pooling.fair.complaints import Complaint, worst_complaint, worst_excess
from pooling.fair.equal_profit import equal_profit
from pooling.fair.game import TourGame
from pooling.fair.least_complaint import least_complaint, nearest
from pooling.fair.nucleolus import NUCLEOLUS_PARTIES, nucleolus
from pooling.fair.order_game import Cents
from pooling.fair.programme import NOISE_CENTS
from pooling.fair.shapley import shapley
from pooling.sharing_rule import Rule

WEIGHED = ("crates", "km")

PLAIN = ("shapley", "alone", *WEIGHED)
"""What these ask does not hang on the caps: where nobody objects to it, it is what is paid."""


@dataclass(frozen=True)
class Asked:
    """
    Hold what is to be shared: the game, the caps in whole cents by party, and what parties are weighed by.

    ``weights`` names for ``crates`` and ``km`` how many each party has aboard and rides.
    """

    game: TourGame
    caps_cents: Mapping[str, int]
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(self.caps_cents) != set(self.game.parties):
            raise ValueError("Each party of the game has its cap, and nobody else.")

    @property
    def caps(self) -> Cents:
        return np.array([float(self.caps_cents[party]) for party in self.game.parties])


@dataclass(frozen=True)
class Shared:
    """
    Hold who pays what by a rule, and the proof.

    Shares and gap add up to the cost. ``wanted`` is what the rule asks before the caps and the
    groups; ``error`` how far that may be off where it is sampled. ``complaint`` is the group that
    could complain most about the shares; ``allowed`` is what some group can complain under any shares
    within the caps: 0 where the core can be reached. ``proven`` tells whether every group was asked.
    """

    rule: Rule
    cost_cents: int
    shares_cents: Mapping[str, int]
    gap_cents: int
    wanted: Mapping[str, float]
    error: float
    allowed: float
    complaint: Complaint | None
    proven: bool

    def __post_init__(self) -> None:
        if sum(self.shares_cents.values()) + self.gap_cents != self.cost_cents:
            raise ValueError("Shares and gap add up to the cost.")


def share(asked: Asked, rule: Rule) -> Shared:
    """
    Share a tour's cost by a rule, within the caps.

    Where the caps together do not cover the cost everybody pays its cap and the rest is the gap.
    """
    game, caps = asked.game, asked.caps
    if caps.sum() <= game.whole_cents:
        return _shared(asked, rule, caps, caps, 0.0, 0.0)
    plain = wanted_by(asked, rule, 0.0) if rule in PLAIN else None
    if plain is not None and _stands(game, caps, plain[0]):
        return _shared(asked, rule, plain[0], *plain, 0.0)
    allowed = least_complaint(game, caps)
    wanted, error = plain or wanted_by(asked, rule, allowed)
    return _shared(asked, rule, nearest(game, caps, wanted, allowed), wanted, error, allowed)


def wanted_by(asked: Asked, rule: Rule, allowed: float) -> tuple[Cents, float]:
    """Return what a rule asks in cents by party, and how far it may be off; the caps must cover the cost."""
    game = asked.game
    if rule == "shapley":
        value = shapley(game)
        return value.cents, float(value.error.max())
    if rule == "nucleolus" and len(game.parties) <= NUCLEOLUS_PARTIES:
        return nucleolus(game, asked.caps), 0.0
    if rule in ("nucleolus", "equal_profit"):
        return equal_profit(game, asked.caps, allowed), 0.0
    return _in_proportion(asked, rule), 0.0


def _stands(game: TourGame, caps: Cents, wanted: Cents) -> bool:
    """Tell whether what a rule asks is within the caps, and no group complains about it."""
    within = bool((wanted >= 0.0).all() and (wanted <= caps).all())
    return within and worst_excess(game, wanted) <= NOISE_CENTS


def _in_proportion(asked: Asked, rule: Rule) -> Cents:
    game = asked.game
    weights = game.alone_cents
    if rule in WEIGHED:
        weights = np.array([float(asked.weights[rule][party]) for party in game.parties])
    if not weights.sum():
        weights = np.ones(len(game.parties))
    return np.asarray(weights * (game.whole_cents / weights.sum()))


def _shared(asked: Asked, rule: Rule, paid: Cents, wanted: Cents, error: float, allowed: float) -> Shared:
    game = asked.game
    cents = in_whole_cents(paid, asked.caps, min(game.whole_cents, int(asked.caps.sum())))
    return Shared(
        rule=rule,
        cost_cents=game.whole_cents,
        shares_cents=dict(zip(game.parties, map(int, cents), strict=True)),
        gap_cents=game.whole_cents - int(cents.sum()),
        wanted=dict(zip(game.parties, map(float, wanted), strict=True)),
        error=error,
        allowed=allowed,
        complaint=worst_complaint(game, cents.astype(float)),
        proven=game.listed,
    )


def in_whole_cents(paid: Cents, caps: Cents, whole_cents: int) -> np.ndarray:
    """
    Round shares to whole cents that add up: by largest remainder, among those with slack; ties by party.

    What differs by less than a millionth of a cent is the noise of the solver.
    """
    paid = np.asarray(np.round(np.minimum(paid, caps), 6), dtype=np.float64)
    floors = np.floor(paid).astype(np.int64)
    missing = whole_cents - int(floors.sum())
    while missing > 0:
        slack = floors < caps
        order = np.argsort(-np.round(paid - floors, 6), kind="stable")
        more = [at for at in order if slack[at]][:missing]
        floors[more] += 1
        missing -= len(more)
    while missing < 0:
        order = np.argsort(np.round(paid - floors, 6), kind="stable")
        less = [at for at in order if floors[at] > 0][:-missing]
        floors[less] -= 1
        missing += len(less)
    return floors
