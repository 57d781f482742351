"""
A tour as it stands, asked as a game: its order at the carrier's card, its parties, their days alone and
caps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from pooling.fair.best_plans import BestPlans
from pooling.fair.complaints import Complaint, worst_of_each
from pooling.fair.game import BEST_PLAN_PARTIES, tour_game, with_best_plans
from pooling.fair.order_game import order_game
from pooling.fair.proof import Line, proof, ridden_by
from pooling.fair.rules import Asked
from pooling.fair.sharing import Claimant
from pooling.shipment import Shipment
from routing.plan import Route
from routing.problem import Problem


@dataclass(frozen=True)
class ProvenTour:
    """Hold the proof of every share of a tour, and the game that was asked."""

    lines: tuple[Line, ...]
    asked: Asked


@dataclass(frozen=True)
class BestGroups:
    """
    Hold the group with which each party could complain most, were the best plan made for every group.

    ``searched`` are those whose best plan was asked for, of ``groups`` that there are; both 0, and nobody is
    named, where there are too many parties to ask.
    """

    groups: int = 0
    searched: int = 0
    of: Mapping[str, Complaint] = field(default_factory=dict)


def asked_of(
    problem: Problem, route: Route, aboard: Iterable[Shipment], claimants: Mapping[str, Claimant]
) -> Asked:
    """Return what is to be shared of a route among whoever pays for what is aboard."""
    shipments = list(aboard)
    payer_of = {one.id: one.payer for one in shipments}
    alone = {party: one.alone_cents for party, one in claimants.items()}
    crates = dict.fromkeys(claimants, 0)
    for one in shipments:
        crates[one.payer] += one.load.crates
    weights = {"crates": crates, "km": ridden_by(route, problem, payer_of)}
    caps = {party: one.cap_cents for party, one in claimants.items()}
    return Asked(tour_game(order_game(problem, route, payer_of), alone), caps, weights)


def proven(
    problem: Problem,
    route: Route,
    aboard: Iterable[Shipment],
    claimants: Mapping[str, Claimant],
    shares_cents: Mapping[str, int],
) -> ProvenTour:
    """Prove the shares that are paid of a route, in the game of its own order."""
    shipments = list(aboard)
    asked = asked_of(problem, route, shipments, claimants)
    payer_of = {one.id: one.payer for one in shipments}
    return ProvenTour(proof(problem, route, payer_of, asked, shares_cents), asked)


def best_groups(
    problem: Problem,
    route: Route,
    aboard: Iterable[Shipment],
    claimants: Mapping[str, Claimant],
    shares_cents: Mapping[str, int],
    is_over: Callable[[], bool] = lambda: False,
) -> BestGroups:
    """
    Hold the shares that are paid against the best plan of every group, of two up to ten parties.

    As far as it is found before ``is_over``: where it is over before any was, nothing is said.
    """
    shipments = list(aboard)
    payer_of = {one.id: one.payer for one in shipments}
    parties = sorted(set(payer_of.values()))
    if not 1 < len(parties) <= BEST_PLAN_PARTIES:
        return BestGroups()
    game = asked_of(problem, route, shipments, claimants).game
    plans = BestPlans(problem, route, payer_of, is_over)
    paid = np.array([float(shares_cents[party]) for party in game.parties])
    best = with_best_plans(game, plans.cents, paid)
    groups = (1 << len(parties)) - 2
    if not plans.searched:
        return BestGroups(groups)
    worst = zip(game.parties, worst_of_each(best, paid), strict=True)
    return BestGroups(groups, plans.searched, {party: one for party, one in worst if one is not None})
