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
class SharedTour:
    """Hold who pays what of a tour by a rule, with the proof of each share."""

    shared: Shared
    lines: tuple[Line, ...]


def asked_of(
    problem: Problem, route: Route, aboard: Iterable[Shipment], claimants: Mapping[str, Claimant]
) -> Asked:
    """Return what is to be shared of a route among whoever pays for what is aboard."""
    shipments = list(aboard)
    payer_of = {one.id: one.payer for one in shipments}
    game = tour_game(
        order_game(problem, route, payer_of), {party: one.alone_cents for party, one in claimants.items()}
    )
    crates = dict.fromkeys(claimants, 0)
    for one in shipments:
        crates[one.payer] += one.load.crates
    weights = {"crates": crates, "km": ridden_by(route, problem, payer_of)}
    return Asked(game, {party: one.cap_cents for party, one in claimants.items()}, weights)


def share_tour(
    problem: Problem,
    route: Route,
    aboard: Iterable[Shipment],
    claimants: Mapping[str, Claimant],
    rule: Rule,
) -> SharedTour:
    """Share what a route costs by a rule, within the caps, and prove each share."""
    shipments = list(aboard)
    asked = asked_of(problem, route, shipments, claimants)
    shared = share(asked, rule)
    payer_of = {one.id: one.payer for one in shipments}
    return SharedTour(shared, proof(problem, route, payer_of, asked, shared))
