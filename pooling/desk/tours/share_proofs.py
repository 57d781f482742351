"""The proof of a tour's shares: to its operator of everybody, to each payer of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.tours.shares import provisional_split
from pooling.desk.tours.tour_world import TourWorld, tour_world
from pooling.fair.complaints import Complaint
from pooling.fair.of_tour import ProvenTour, proven
from pooling.fair.proof import Line
from pooling.sharing import Claimant, fee_parts
from pooling.sharing_rule import Rule
from pooling.store.tours import find_tour
from routing.cost import route_cost
from routing.plan import Plan, Route

BEST_PLANS_S = 2.0
"""So long the best plans of groups are searched for; what was not reached counts by the tour's own order."""


@dataclass(frozen=True)
class Group:
    """
    Hold the group with which a party could complain most: how many it is, and what it saves by staying.

    Below 0 it could complain. Who is in it is not told.
    """

    parties: int
    saves_cents: int


@dataclass(frozen=True)
class ShareProof:
    """
    Hold the proof of one party's share, of which ``fee_cents`` are the fee and the rest is the card.

    ``shapley_cents`` is what it would pay by the Shapley value within the same caps. ``group`` is asked in
    the tour's own order, ``best_group`` by the best plan of every group, where that was asked.
    """

    line: Line
    fee_cents: int
    shapley_cents: int
    group: Group
    best_group: Group | None

    @property
    def card_cents(self) -> int:
        return self.line.share_cents - self.fee_cents


@dataclass(frozen=True)
class ShareProofs:
    """
    Hold the proofs that one may see of a tour's shares, the rule by which they are shared, and how many
    groups' best plans were asked for.
    """

    rule: Rule
    items: tuple[ShareProof, ...] = ()
    groups: int = 0
    groups_searched: int = 0


def prove_shares(desk: Desk, who: Actor, tour_id: str) -> ShareProofs:
    """
    Return the proof of a tour's shares as they are now, by party.

    Whoever neither pays for something aboard nor operates it is shown none.
    """
    until_s = monotonic() + BEST_PLANS_S
    with desk.store.view() as view:
        row = find_tour(view, tour_id)
        sees_all = row.operator_id in who.manages
        world = tour_world(desk, view, row)
    seen = [one for one in world.sign_ups if sees_all or one.payer_id in who.manages]
    problem, plan = world.committed
    route = plan.route(world.tour.id)
    if route is None or not seen:
        return ShareProofs(world.tour.sharing_rule)
    aboard = [one for group in world.payers.aboard(route).values() for one in group]
    found = proven(
        problem,
        route,
        aboard,
        _claims(world, plan, route),
        _shares(world, route),
        own_hours=world.at_own_hours(problem),
        is_over=lambda: monotonic() > until_s,
    )
    return ShareProofs(
        world.tour.sharing_rule,
        _told(world, route, found, {one.payer_id for one in seen}),
        found.groups,
        found.groups_searched,
    )


def _claims(world: TourWorld, plan: Plan, route: Route) -> Mapping[str, Claimant]:
    """
    Return what each party may pay: as things stand, or as they stood when the tour was confirmed.

    What has become of a payer's other rides since changes neither its share nor what that is held to.
    """
    if world.row.state == "proposed":
        return world.payers.caps(world.tour, plan, route)
    agreed: dict[str, list[Row[Any]]] = {}
    for one in world.sign_ups:
        agreed.setdefault(one.payer_id, []).append(one)
    return {payer: _agreed(rows) for payer, rows in agreed.items()}


def _agreed(rows: Sequence[Row[Any]]) -> Claimant:
    share_cents, alone_cents, joined_cents = (
        sum(getattr(one, name) or 0 for one in rows)
        for name in ("share_cents", "alone_cents", "joined_cents")
    )
    alone_cents = max(alone_cents, share_cents)
    return Claimant(alone_cents, max(share_cents, min(alone_cents, joined_cents)))


def _shares(world: TourWorld, route: Route) -> Mapping[str, int]:
    """Return what each party pays: as agreed once the tour is confirmed, before as it stands."""
    if world.row.state == "proposed":
        problem, plan = world.committed
        return provisional_split(world.tour, world.payers, problem, plan, route).shares_cents
    paid: dict[str, int] = {}
    for one in world.sign_ups:
        paid[one.payer_id] = paid.get(one.payer_id, 0) + (one.share_cents or 0)
    return paid


def _told(world: TourWorld, route: Route, found: ProvenTour, payers: set[str]) -> tuple[ShareProof, ...]:
    shares_cents = {line.party: line.share_cents for line in found.lines}
    cost_cents = route_cost(world.committed[0].vehicle(world.tour.id), route).total_cents
    gap_cents = max(0, cost_cents - sum(shares_cents.values()))
    fees = fee_parts(world.tour.fee_cents, shares_cents, gap_cents)
    return tuple(
        ShareProof(
            line=line,
            fee_cents=fees[line.party],
            shapley_cents=found.by_rule.shares_cents[line.party],
            group=_group(line, line.group),
            best_group=_group(line, line.best_group) if found.groups else None,
        )
        for line in found.lines
        if line.party in payers
    )


def _group(line: Line, complaint: Complaint | None) -> Group:
    """Count a group; of a tour of one nobody else is there, and it saves what it saves."""
    if complaint is None:
        return Group(1, line.saved_cents)
    return Group(len(complaint.parties), round(-complaint.excess))
