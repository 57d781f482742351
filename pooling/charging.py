"""
What a tour charges: its cost, by the rule that its operator named, never above anybody's cap.

The same function answers at the confirmation, after every joining and leaving, in the proof, and where an
operator looks at an order of its own. The same tour comes to the same cents every time.
"""

from collections.abc import Iterable, Mapping

from pooling.fair.of_tour import asked_of
from pooling.fair.rules import share
from pooling.sharing import Claimant, Split, split
from pooling.sharing_rule import Rule
from pooling.shipment import Shipment
from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem


def charged(
    rule: Rule,
    problem: Problem,
    route: Route,
    aboard: Iterable[Shipment],
    claimants: Mapping[str, Claimant],
) -> Split:
    """
    Share what a route costs among whoever pays for what is aboard.

    First the caps; then no group pays more than it would without the others, wherever the caps leave such
    shares; then as near as can be to the rule. In proportion to alone instead, within the caps, where the
    game cannot be asked: where the caps leave nothing to choose, where somebody rides whose day alone is not
    known, and where the solver finds no shares.
    """
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    shipments = list(aboard)
    known = {task.id for task in route.tasks} == {one.id for one in shipments}
    if not known or len(claimants) < 2 or sum(c.cap_cents for c in claimants.values()) <= cost_cents:
        return split(cost_cents, claimants)
    try:
        shared = share(asked_of(problem, route, shipments, claimants), rule)
    except ArithmeticError:
        return split(cost_cents, claimants)
    return Split(cost_cents, {party: shared.shares_cents[party] for party in claimants}, shared.gap_cents)
