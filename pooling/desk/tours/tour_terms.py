"""
What everybody aboard a tour is told as it stands: a share that never rises, and hours that only narrow.

After each joining and leaving the whole tour is told anew. The last share told is a ceiling from then on
(``pooling.payers``), the last hours told are hard windows (``pooling.hour_windows``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.charging import charged
from pooling.desk.desk import moved_if_changed
from pooling.desk.tours.shares import Share, provisional_split, shares
from pooling.desk.tours.tour_world import TourWorld
from pooling.hour_windows import Told, told_windows
from pooling.sharing import Claimant, split
from pooling.shipment import Shipment
from pooling.store import Tx
from pooling.store.proposals import note_prices
from pooling.store.rows import changed
from pooling.store.touring import sign_up
from routing.cost import route_cost
from routing.plan import Plan, Route
from routing.problem import Problem


@dataclass(frozen=True)
class Terms:
    """
    Hold what a tour would be on a plan: its cost, what each shipment pays, and the hours each is told.

    ``gap_cents`` is what those aboard leave uncovered. ``bound`` are the shipments whose payer pays less
    than it was told only because of its own day: riding spares it no more.
    """

    route: Route | None
    cost_cents: int
    gap_cents: int
    parts: Mapping[str, Share]
    told: Mapping[str, Told]
    bound: frozenset[str] = frozenset()


def terms_on(world: TourWorld, problem: Problem, plan: Plan) -> Terms:
    """Reckon what everybody aboard a plan would be told; ``problem`` is what the plan answers."""
    route = plan.route(world.tour.id)
    if route is None:
        return Terms(None, 0, 0, {}, {})
    cost_cents = route_cost(problem.vehicle(world.tour.id), route).total_cents
    found = provisional_split(world.tour, world.payers, problem, plan, route)
    parts = shares(world.tour, world.payers, plan, route, found.shares_cents)
    claims, bound = world.payers.caps(world.tour, plan, route), []
    for party, group in world.payers.aboard(route).items():
        shown_cents = sum(world.payers.shown_cents(world.tour.crate_cents, one) for one in group)
        if found.shares_cents[party] == claims[party].cap_cents < shown_cents:
            bound += [one.id for one in group]
    told = told_windows(problem, route)
    return Terms(route, cost_cents, found.gap_cents, parts, told, frozenset(bound))


def late_terms(world: TourWorld, problem: Problem, plan: Plan, late: Shipment) -> Terms:
    """
    Reckon what a confirmed tour would be with one more aboard: whoever rides pays at most what was agreed.

    By the tour's rule, each party at most what was agreed for its shipments; the newcomer may pay what its
    payer's cap leaves above that.
    """
    route = plan.route(world.tour.id)
    if route is None:
        raise AssertionError("A shipment that was inserted makes a route.")
    agreed = {one.shipment_id: _agreed(one) for one in world.sign_ups}
    now = world.payers.caps(world.tour, plan, route)
    own = [one.shipment_id for one in world.sign_ups if one.payer_id == late.payer]
    shown_cents, claim = world.payers.shown_cents(world.tour.crate_cents, late), now[late.payer]
    left_cents = max(0, min(shown_cents, claim.cap_cents - sum(agreed[one].cap_cents for one in own)))
    claims = {**agreed, late.id: Claimant(max(left_cents, claim.alone_cents // (len(own) + 1)), left_cents)}
    groups: dict[str, dict[str, Claimant]] = {}
    for shipment_id, claim in claims.items():
        groups.setdefault(world.day.shipment_by_id[shipment_id].payer, {})[shipment_id] = claim
    most = {party: sum(claim.cap_cents for claim in group.values()) for party, group in groups.items()}
    claimants = {one: Claimant(max(now[one].alone_cents, most[one]), most[one]) for one in groups}
    shipments = [world.day.shipment_by_id[one] for one in claims]
    found = charged(world.tour.sharing_rule, problem, route, shipments, claimants)
    parts: dict[str, Share] = {}
    for party, group in groups.items():
        divided = split(found.shares_cents[party], group).shares_cents
        parts |= {one: Share(cents, claims[one].alone_cents) for one, cents in divided.items()}
    return Terms(route, found.cost_cents, found.gap_cents, parts, told_windows(problem, route))


def agreed_gap(world: TourWorld, problem: Problem, plan: Plan) -> int:
    """Return what the shares agreed on a confirmed tour leave to its account."""
    route = plan.route(world.tour.id)
    cost_cents = route_cost(problem.vehicle(world.tour.id), route).total_cents if route else 0
    return max(0, cost_cents - sum(_agreed(one).cap_cents for one in world.sign_ups))


def _agreed(one: Row[Any]) -> Claimant:
    return Claimant(max(one.alone_cents or 0, one.share_cents or 0), one.share_cents or 0)


def begins_in(route: Route, shipment_id: str) -> tuple[int, int]:
    """Return when a route begins to collect a shipment and to hand it over, in seconds of the day."""
    begins = {visit.task.kind: visit.begins_s for visit in route.visits if visit.task.id == shipment_id}
    return begins["pickup"], begins["drop"]


def hours_told(world: TourWorld, route: Route, shipment_id: str, told: Told) -> dict[str, int]:
    """Return the moments of a shipment on a route: as planned, and as it is told."""
    pickup_s, drop_s = begins_in(route, shipment_id)
    return {
        "pickup_at": world.at(pickup_s),
        "drop_at": world.at(drop_s),
        **windows_told(world, told),
    }


def windows_told(world: TourWorld, told: Told) -> dict[str, int]:
    """Return the moments between which a shipment is collected and handed over."""
    return {
        "pickup_from_at": world.at(told.pickup.opens_s),
        "pickup_until_at": world.at(told.pickup.closes_s),
        "drop_from_at": world.at(told.drop.opens_s),
        "drop_until_at": world.at(told.drop.closes_s),
    }


def retell(tx: Tx, world: TourWorld, terms: Terms, why: str, aboard: list[Row[Any]], **more: object) -> None:
    """
    Tell those aboard their shares and hours on another plan; whose share fell is told so.

    A share is never above the least that was told as others joined. It may come back up to that where
    it was lower only because of its payer's own day. ``more`` is changed of each besides. ``Moved``
    where one of them is no longer as it was read.
    """
    fallen = []
    for one in aboard:
        part = terms.parts[one.shipment_id]
        ceiling_cents = world.payers.ceilings_cents.get(one.shipment_id, part.share_cents)
        if terms.route is None or part.share_cents > ceiling_cents:
            raise AssertionError("A share that was told never rises.")
        told_cents = ceiling_cents if one.shipment_id in terms.bound else part.share_cents
        values: dict[str, object] = {"share_cents": part.share_cents, "alone_cents": part.alone_cents}
        values |= {"told_cents": told_cents}
        values |= hours_told(world, terms.route, one.shipment_id, terms.told[one.shipment_id])
        values |= more
        if any(getattr(one, name) != value for name, value in values.items()):
            moved_if_changed(lambda one=one, values=values: changed(tx, sign_up, one, values, kind="sign-up"))  # type: ignore[misc]
        rose = one.share_cents is not None and part.share_cents > one.share_cents
        if part.share_cents != one.share_cents:
            fallen.append((one.id, part.share_cents, "own_day" if rose else why))
        if part.share_cents != one.share_cents and not rose:
            facts = {"tour": world.tour.id, "share_cents": part.share_cents}
            tx.tell("tour.share_fell", "sign_up", one.id, {one.payer_id}, **facts)
    note_prices(tx, fallen)
