"""
What everybody aboard a tour is told as it stands: a share that never rises, and hours that only narrow.

After each joining and leaving the whole tour is told anew. The last share told is a ceiling from then on
(``pooling.tours.payers``), the last hours told are hard windows (``pooling.tours.hour_windows``).
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.desk import moved_if_changed
from pooling.desk.tours.shares import Share, divided, provisional, shares
from pooling.desk.tours.tour_world import TourWorld
from pooling.fair.charging import Charge, charge
from pooling.fair.sharing import Claimant
from pooling.shipment import Shipment
from pooling.store import Tx
from pooling.store.proposals import note_prices
from pooling.store.rows import changed
from pooling.store.touring import sign_up
from pooling.tours.hour_windows import Told, told_windows
from routing.cost import route_cost
from routing.plan import Plan, Route
from routing.problem import Problem


@dataclass(frozen=True)
class Terms:
    """
    Hold what a tour would be on a plan: its cost, what each shipment pays, and the hours each is told.

    ``gap_cents`` is what those aboard leave uncovered. ``bound`` are the shipments whose payer pays less
    than it was told only because of its own day: riding spares it no more. ``charged`` is how the shares were
    found, of the plan of ``problem``.
    """

    route: Route | None
    cost_cents: int
    gap_cents: int
    parts: Mapping[str, Share]
    told: Mapping[str, Told]
    bound: frozenset[str] = frozenset()
    charged: Charge | None = None
    problem: Problem | None = None


def terms_on(world: TourWorld, problem: Problem, plan: Plan) -> Terms:
    """Reckon what everybody aboard a plan would be told; ``problem`` is what the plan answers."""
    route = plan.route(world.tour.id)
    if route is None:
        return Terms(None, 0, 0, {}, {})
    found = provisional(world.tour, world.payers, problem, plan, route)
    split, claims, bound = found.split, found.claimants, list[str]()
    parts = shares(world.tour, world.payers, plan, route, split.shares_cents)
    for party, group in world.payers.aboard(route).items():
        shown_cents = sum(world.payers.shown_cents(world.tour.crate_cents, one) for one in group)
        if split.shares_cents[party] == claims[party].cap_cents < shown_cents:
            bound += [one.id for one in group]
    told = told_windows(problem, route)
    return Terms(route, split.cost_cents, split.gap_cents, parts, told, frozenset(bound), found, problem)


def late_terms(world: TourWorld, problem: Problem, plan: Plan, late: Shipment) -> Terms:
    """
    Reckon what a confirmed tour would be with one more aboard: whoever rides pays at most what was agreed.

    By the tour's rule, each party at most what was agreed for its shipments; the newcomer may pay what its
    payer's cap leaves above that. What was agreed stays beside what alone was when it was.
    """
    route = plan.route(world.tour.id)
    if route is None:
        raise AssertionError("A shipment that was inserted makes a route.")
    agreed = {one.shipment_id: _agreed(one) for one in world.sign_ups}
    groups: dict[str, list[Shipment]] = {}
    for one in (*(world.day.shipment_by_id[agreed_one] for agreed_one in agreed), late):
        groups.setdefault(one.payer, []).append(one)
    alone = {
        party: sum(agreed[one.id].alone_cents for one in group if one.id != late.id)
        for party, group in groups.items()
    }
    now = world.payers.caps(world.tour, plan, route)[late.payer]
    own_cents = sum(agreed[one.id].cap_cents for one in groups[late.payer] if one.id != late.id)
    shown_cents = world.payers.shown_cents(world.tour.crate_cents, late)
    left_cents = max(0, min(shown_cents, now.cap_cents - own_cents))
    claims = {**agreed, late.id: Claimant(left_cents, left_cents)}
    alone[late.payer] = max(alone[late.payer] + left_cents, now.alone_cents)
    claimants = {
        party: Claimant(alone[party], sum(claims[one.id].cap_cents for one in group))
        for party, group in groups.items()
    }
    shipments = [one for group in groups.values() for one in group]
    found = charge(world.tour.sharing_rule, problem, route, shipments, claimants)
    split, parts = found.split, dict[str, Share]()
    for party, group in groups.items():
        of_it = {one.id: claims[one.id] for one in group}
        parts |= divided(group, of_it, split.shares_cents[party], alone[party])
    told = told_windows(problem, route)
    return Terms(route, split.cost_cents, split.gap_cents, parts, told, charged=found, problem=problem)


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


OWN = {"others_joined": "own_place", "other_left": "own_left", "others_day": "own_day"}
"""What the payer reads that did itself what the others were told."""


def retell(
    tx: Tx,
    world: TourWorld,
    terms: Terms,
    why: str,
    aboard: Sequence[Row[Any]],
    own: Container[str] = (),
    **more: object,
) -> None:
    """
    Tell those aboard their shares and hours on another plan; ``own`` are the payers who caused it.

    A share is never above the least that was told as others joined. It may come back up to that where
    it was lower only because of its payer's own day. ``more`` is changed of each besides. ``Moved``
    where one of them is no longer as it was read.
    """
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
    note_told(tx, world, terms.parts, aboard, why, own)


def note_told(
    tx: Tx,
    world: TourWorld,
    parts: Mapping[str, Share],
    aboard: Sequence[Row[Any]],
    why: str,
    own: Container[str] = (),
    *,
    tells: bool = True,
) -> None:
    """
    Note what places that were aboard before are told to pay now, with the total of their payer.

    A payer with several places is held to their total: the part of each may move as it adds its own. Whose
    total for the places that it had fell or rose is told so, unless it caused that itself.
    """
    before: dict[str, list[Row[Any]]] = {}
    for one in aboard:
        before.setdefault(one.payer_id, []).append(one)
    totals = totals_of(world, parts)
    noted = []
    for payer, rows in before.items():
        was = None if any(one.share_cents is None for one in rows) else sum(one.share_cents for one in rows)
        now = sum(parts[one.shipment_id].share_cents for one in rows)
        rose = was is not None and now > was
        said = OWN.get(why, why) if payer in own else "own_day" if rose and why in OWN else why
        moved = totals[payer] != was and (len(rows) > 1 or totals[payer] != now)
        noted += [
            (one.id, parts[one.shipment_id].share_cents, said, totals[payer])
            for one in rows
            if moved or parts[one.shipment_id].share_cents != one.share_cents
        ]
        if tells and now != was and payer not in own:
            facts = {"tour": world.tour.id, "share_cents": totals[payer], "places": len(rows)}
            topic = "tour.share_rose" if rose else "tour.share_fell"
            tx.tell(topic, "sign_up", rows[0].id, {payer}, **facts)
    note_prices(tx, noted)


def totals_of(world: TourWorld, parts: Mapping[str, Share]) -> dict[str, int]:
    """Return what each payer would pay for all its places together."""
    totals: dict[str, int] = {}
    for shipment_id, part in parts.items():
        payer = world.day.shipment_by_id[shipment_id].payer
        totals[payer] = totals.get(payer, 0) + part.share_cents
    return totals
