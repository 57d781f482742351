"""
A tour as it stands, asked as a game: its order at the carrier's card, its parties, their days alone and
caps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pooling.fair.best_plans import BestPlans
from pooling.fair.game import BEST_PLAN_PARTIES, tour_game, with_best_plans
from pooling.fair.order_game import order_game
from pooling.fair.proof import Line, proof, ridden_by
from pooling.fair.rules import Asked, Shared, share
from pooling.sharing import Claimant
from pooling.sharing_rule import USUAL_RULE, Rule
from pooling.shipment import Shipment
from routing.plan import Route
from routing.problem import Problem


@dataclass(frozen=True)
class ProvenTour:
    """
    Hold the proof of every share of a tour, and what a rule would ask instead.

    ``groups_searched`` are those whose best plan was asked for, of ``groups`` that there are; both 0 where
    there are too many parties to ask.
    """

    lines: tuple[Line, ...]
    by_rule: Shared
    groups: int = 0
    groups_searched: int = 0


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
    rule: Rule = USUAL_RULE,
    own_hours: Problem | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> ProvenTour:
    """
    Prove the shares that are paid of a route, beside what a rule would ask within the same caps.

    Of up to ten parties also against the best plan of every group, in the hours of ``own_hours`` where they
    are others than the tour's, as far as it is found before ``is_over``.
    """
    shipments = list(aboard)
    asked = asked_of(problem, route, shipments, claimants)
    payer_of = {one.id: one.payer for one in shipments}
    parties, by_rule = asked.game.parties, share(asked, rule)
    if not 1 < len(parties) <= BEST_PLAN_PARTIES:
        return ProvenTour(proof(problem, route, payer_of, asked, shares_cents), by_rule)
    plans = BestPlans(own_hours or problem, route, payer_of, is_over)
    paid = np.array([float(shares_cents[party]) for party in parties])
    best = with_best_plans(asked.game, plans.cents, paid)
    lines = proof(problem, route, payer_of, asked, shares_cents, best)
    return ProvenTour(lines, by_rule, (1 << len(parties)) - 2, plans.searched)
