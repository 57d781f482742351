"""
A tour as it stands, asked as a game: its order at the carrier's card, its parties, their days alone and
caps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pooling.fair.game import tour_game
from pooling.fair.order_game import order_game
from pooling.fair.proof import Line, proof, ridden_by
from pooling.fair.rules import Asked, Rule, Shared, share
from pooling.sharing import Claimant
from pooling.shipment import Shipment
from routing.plan import Route
from routing.problem import Problem


@dataclass(frozen=True)
class ProvenTour:
    """Hold the proof of every share of a tour, and what a rule would ask instead."""

    lines: tuple[Line, ...]
    by_rule: Shared


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
    rule: Rule = "shapley",
) -> ProvenTour:
    """Prove the shares that are paid of a route, beside what a rule would ask within the same caps."""
    shipments = list(aboard)
    asked = asked_of(problem, route, shipments, claimants)
    payer_of = {one.id: one.payer for one in shipments}
    return ProvenTour(proof(problem, route, payer_of, asked, shares_cents), share(asked, rule))
