"""From what a party pays of a tour to what each of its shipments pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pooling.fair.charging import Charge, charge
from pooling.fair.sharing import Claimant, apportioned, split
from pooling.shipment import Shipment
from pooling.tour import Tour
from pooling.tours.payers import Payers
from routing.plan import Plan, Route
from routing.problem import Problem


@dataclass(frozen=True)
class Share:
    """Hold what one shipment pays of a tour, and its part of what riding spares its payer."""

    share_cents: int
    alone_cents: int


def shares(
    tour: Tour, payers: Payers, plan: Plan, route: Route, of_party: Mapping[str, int]
) -> dict[str, Share]:
    """
    Divide each party's part among its shipments by their crates.

    No shipment pays more than the price that it was told; nor more than its part of what riding
    spares, which is divided in the same proportion. Both add up to the party's to the cent.
    """
    claims = payers.caps(tour, plan, route)
    found: dict[str, Share] = {}
    for party, group in payers.aboard(route).items():
        prices = {one.id: payers.shown_cents(tour.crate_cents, one) for one in group}
        claimants = {
            one.id: Claimant(max(prices[one.id], tour.crate_cents * one.load.crates), prices[one.id])
            for one in group
        }
        found |= divided(group, claimants, of_party.get(party, 0), claims[party].alone_cents)
    return found


def divided(
    group: Sequence[Shipment], claimants: Mapping[str, Claimant], share_cents: int, alone_cents: int
) -> dict[str, Share]:
    """Divide a party's share among its shipments, each within its cap, and its alone alike."""
    parts = split(share_cents, claimants).shares_cents
    alone = apportioned(alone_cents, parts if share_cents else {one.id: one.load.crates for one in group})
    return {one: Share(parts[one] if share_cents else 0, alone[one]) for one in claimants}


def provisional(tour: Tour, payers: Payers, problem: Problem, plan: Plan, route: Route) -> Charge:
    """Share what the tour would cost now by its rule, as if it set out as it stands."""
    aboard = [one for group in payers.aboard(route).values() for one in group]
    return charge(tour.sharing_rule, problem, route, aboard, payers.caps(tour, plan, route))
