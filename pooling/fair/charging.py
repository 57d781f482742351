"""
What a tour charges: its cost, by the rule that its operator named, never above anybody's cap.

The same function answers at the confirmation, after every joining and leaving, and where an operator looks at
an order of its own. The same tour comes to the same cents every time. How it was found is said with it, and
kept (``share_book``): a proof is of what was charged, not of what would be charged today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pooling.fair.nucleolus import NUCLEOLUS_PARTIES
from pooling.fair.of_tour import asked_of
from pooling.fair.rules import Shared, share
from pooling.fair.sharing import Claimant, Split, split
from pooling.sharing_rule import Rule
from pooling.shipment import Shipment
from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem

How = Literal["rule", "equal_profit", "told", "caps", "one", "alone_unknown", "unsolved"]
"""
How shares were found. ``rule``: by the tour's rule. ``equal_profit``: in place of the nucleolus, of too many
parties. ``told``: everybody pays its cap, which together are the cost: what it was told before. ``caps``:
everybody pays its cap, which together are less than the cost. ``one``: one party rides. In proportion to
alone: ``alone_unknown``, where somebody's day alone is not known; ``unsolved``, where the solver found no
shares.
"""


@dataclass(frozen=True)
class Charge:
    """
    Hold who pays what of a tour, within which caps, and how it was found.

    ``shared`` is the answer of the game, ``None`` where it was not asked.
    """

    rule: Rule
    how: How
    claimants: Mapping[str, Claimant]
    split: Split
    shared: Shared | None = None


def charge(
    rule: Rule,
    problem: Problem,
    route: Route,
    aboard: Iterable[Shipment],
    claimants: Mapping[str, Claimant],
) -> Charge:
    """
    Share what a route costs among whoever pays for what is aboard.

    First the caps; then no group pays more than it would without the others, wherever the caps leave such
    shares; then as near as can be to the rule. In proportion to alone instead, within the caps, where the
    game cannot be asked: where the caps leave nothing to choose, where somebody rides whose day alone is not
    known, and where the solver finds no shares.
    """
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    shipments = list(aboard)
    how: How = _how(rule, claimants)
    if {task.id for task in route.tasks} != {one.id for one in shipments}:
        how = "alone_unknown"
    elif len(claimants) < 2:
        how = "one"
    elif sum(one.cap_cents for one in claimants.values()) <= cost_cents:
        how = "told" if sum(one.cap_cents for one in claimants.values()) == cost_cents else "caps"
    else:
        try:
            shared = share(asked_of(problem, route, shipments, claimants), rule)
        except ArithmeticError:
            how = "unsolved"
        else:
            shares_cents = {party: shared.shares_cents[party] for party in claimants}
            return Charge(rule, how, claimants, Split(cost_cents, shares_cents, shared.gap_cents), shared)
    return Charge(rule, how, claimants, split(cost_cents, claimants))


def _how(rule: Rule, claimants: Mapping[str, Claimant]) -> How:
    """Tell by what shares are found where the game is asked."""
    return "equal_profit" if rule == "nucleolus" and len(claimants) > NUCLEOLUS_PARTIES else "rule"
