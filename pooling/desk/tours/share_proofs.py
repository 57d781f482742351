"""The proof of a tour's shares: to its operator of everybody, to each payer of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.tours.shares import provisional_split
from pooling.desk.tours.tour_world import TourWorld, tour_world
from pooling.fair.of_tour import proven
from pooling.fair.proof import Line
from pooling.store.tours import find_tour
from routing.cost import route_cost


@dataclass(frozen=True)
class ShareProof:
    """
    Hold the proof of one party's share, and what it would pay by the Shapley value within the same caps.

    ``group_parties`` counts the group with which it could complain most, ``group_saves_cents`` what that
    group saves by staying: below 0 it could complain. Who is in it is not told.
    """

    line: Line
    shapley_cents: int
    group_parties: int
    group_saves_cents: int


def prove_shares(desk: Desk, who: Actor, tour_id: str) -> tuple[ShareProof, ...]:
    """
    Return the proof of a tour's shares as they are now, by party.

    Whoever neither pays for something aboard nor operates it is shown none.
    """
    with desk.store.view() as view:
        row = find_tour(view, tour_id)
        sees_all = row.operator_id in who.manages
        world = tour_world(desk, view, row)
    seen = [one for one in world.sign_ups if sees_all or one.payer_id in who.manages]
    problem, plan = world.committed
    route = plan.route(world.tour.id)
    if route is None or not seen:
        return ()
    parties = world.payers.aboard(route)
    claimants = world.payers.caps(world.tour, plan, route)
    shares_cents = _shares(world)
    aboard = [one for group in parties.values() for one in group]
    found = proven(problem, route, aboard, claimants, shares_cents)
    payers = {one.payer_id for one in seen}
    return tuple(_told(line, found.by_rule.shares_cents) for line in found.lines if line.party in payers)


def _shares(world: TourWorld) -> Mapping[str, int]:
    """Return what each party pays: as agreed once the tour is confirmed, before as it stands."""
    problem, plan = world.committed
    route = plan.route(world.tour.id)
    if world.row.state == "proposed" and route is not None:
        cost_cents = route_cost(problem.vehicle(world.tour.id), route).total_cents
        return provisional_split(world.tour, world.payers, plan, route, cost_cents).shares_cents
    paid: dict[str, int] = {}
    for one in world.sign_ups:
        paid[one.payer_id] = paid.get(one.payer_id, 0) + (one.share_cents or 0)
    return paid


def _told(line: Line, by_rule: Mapping[str, int]) -> ShareProof:
    group = line.group
    return ShareProof(
        line=line,
        shapley_cents=by_rule[line.party],
        group_parties=len(group.parties) if group else 1,
        group_saves_cents=round(-group.excess) if group else line.saved_cents,
    )
