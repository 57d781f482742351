"""
Plan a tour at its cut-off: who rides, what each pays, or why the tour cannot set out.

Long work, done by a job. The tour is planned as it stood at one revision and saved only while it
still stands there. What the search finds only replaces the plan of insertions that proved each
place; where the search is killed or fails, the tour stands on those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.days.alternatives import Committed
from pooling.days.turned import tour_reason
from pooling.desk.carriers.assigning import unfit
from pooling.desk.desk import TRIES, Desk, DeskBusy, Moved
from pooling.desk.reasons import reason_json, reason_words
from pooling.desk.tours.choosing_carrier import give_to_cheapest
from pooling.desk.tours.retelling import retell_stale
from pooling.desk.tours.share_keeping import keep_shares
from pooling.desk.tours.shares import shares
from pooling.desk.tours.thresholds import minimum_of
from pooling.desk.tours.tour_books import agree_card, write_riding
from pooling.desk.tours.tour_terms import note_told
from pooling.desk.tours.tour_world import TourWorld, payers_must_stand, payers_of, stand_on, tour_world
from pooling.desk.tours.tours import everybody_on, look_elsewhere, must_be_in, turn_away, void_all
from pooling.desk.tours.waiting_list import end_all_waiting
from pooling.goods.freshness import too_late
from pooling.money import Cents
from pooling.store import Tx
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.tours.confirming import TourBook, confirm, payable
from pooling.tours.holds import bound, kept_by
from pooling.tours.minimum import NobodyJoined
from pooling.tours.searching_tours import plan_tours
from routing.cost import route_cost
from routing.engine import Engine
from routing.plan import Plan


class TourUnpaid(Refusal):
    code = "tour_not_payable"
    reason = "Tour {tour} would cost {cost}; those who joined may pay {most} together: {gap} is missing."
    cure = "It would set out with more company, a higher price per crate, or an account that takes the gap."


@dataclass(frozen=True)
class Planned:
    """
    Hold what planning a tour came to: its book, or why it cannot set out.

    ``reasons`` are those of the shipments that do not ride.
    """

    world: TourWorld
    plan: Plan
    book: TourBook | None
    refusal: Refusal | None
    reasons: Mapping[str, Refusal]


class Progress(Protocol):
    """Tell how far the planning is; stops it where nobody waits for it any more."""

    def __call__(self, step: str, share: float) -> None: ...

    def fence(self, tx: Tx) -> None: ...


def plan_tour(
    desk: Desk,
    tour_id: str,
    progress: Progress,
    *,
    search_s: float,
    engine: Engine | None = None,
    everybody: bool = False,
) -> dict[str, Any]:
    """
    Plan a tour and confirm or refuse it; planned anew where somebody joined or left meanwhile.

    A tour that cannot be paid as it stands is searched for; where that finds none that can, nothing else is
    searched: everybody's days alone and the last cents of a route are no use to a tour that does not run.
    Before its cut-off a tour that cannot set out yet stays proposed. A confirmed tour is planned
    again only to everybody's good: with all who ride, at no higher cost. With ``everybody`` it turns nobody
    away before its cut-off: whoever joins until then may make room for all to pay.
    """
    for _ in range(TRIES):
        progress("reading", 0.0)
        try:
            nobody_drives = give_to_cheapest(desk, tour_id)
        except Moved:
            continue
        with desk.store.view() as view:
            row = find_tour(view, tour_id)
            must_be_in(row, "proposed", "confirmed")
            world, barred = tour_world(desk, view, row), nobody_drives or unfit(view, row)
        planned = _planned(world, barred, progress, search_s, engine)
        progress("saving", 0.9)
        try:
            return desk.store.change(
                lambda tx, one=planned: _saved(tx, progress, one, search_s, everybody=everybody)  # type: ignore[misc]
            )
        except Moved:
            continue
    raise DeskBusy


def _planned(
    world: TourWorld, barred: Refusal | None, progress: Progress, search_s: float, engine: Engine | None
) -> Planned:
    if barred is not None:
        return Planned(world, Plan((), ()), None, barred, {})
    if not world.aboard:
        return Planned(world, Plan((), ()), None, NobodyJoined(tour=world.tour.id), {})
    if search_s <= 0:
        return _confirmed_of(world, [world.committed[1]], progress, 0.0, engine)
    plans = _where_unpaid(world, [world.committed[1]], progress, search_s, engine)
    if not confirm(world.day, world.problem, plans, world.payers, deadline_s=0.0, held=world.held)[1]:
        return _confirmed_of(world, plans, progress, 0.0, engine)
    progress("alone", 0.4)
    world = _alone_bettered(world, search_s, engine, _waited_for(progress, "alone", 0.4))
    plans = _where_unpaid(world, plans, progress, search_s, engine)
    return _confirmed_of(world, plans, progress, search_s, engine)


def _where_unpaid(
    world: TourWorld, plans: list[Plan], progress: Progress, search_s: float, engine: Engine | None
) -> list[Plan]:
    """Search, once, for a tour that cannot be paid as it stands."""
    if len(plans) > 1 or payable(world.day, world.problem, plans[0], world.payers):
        return plans
    progress("tours", 0.1)
    return [*plans, *_searched(world, search_s, engine, _waited_for(progress, "tours", 0.1))]


def _confirmed_of(
    world: TourWorld, plans: list[Plan], progress: Progress, search_s: float, engine: Engine | None
) -> Planned:
    """Confirm the best of some plans, where one can be paid; and give whoever does not ride its reason."""
    day, problem, payers = world.day, world.problem, world.payers
    progress("confirming", 0.6)
    asked = _waited_for(progress, "confirming", 0.6)
    how: Any = {"deadline_s": search_s, "engine": engine, "cancelled": asked, "held": world.held}
    plan, books = confirm(day, problem, plans, payers, **how)
    progress("reasons", 0.8)
    committed = Committed(day, world.ground, (), problem, plan, payers, ())
    reasons = {one.id: tour_reason(committed, one) for one in committed.left}
    book = books[0] if books else None
    return Planned(world, plan, book, _refusal(world, book), reasons)


def _searched(
    world: TourWorld, search_s: float, engine: Engine | None, cancelled: Callable[[], bool]
) -> list[Plan]:
    """
    Search for plans that keep what the operator holds by hand.

    The search knows a locked beginning; where it moves a stop that is locked further back, it is asked
    again with everything locked up to the last such stop.
    """
    held, stands = world.held, world.committed[1]
    route = stands.route(world.tour.id)
    if not held or route is None:
        return list(plan_tours(world.problem, deadline_s=search_s, engine=engine, cancelled=cancelled))
    how: Any = {"deadline_s": search_s, "engine": engine, "cancelled": cancelled}
    found = list[Plan]()
    for locked in dict.fromkeys((len(world.holds.first), world.holds.floor(route.tasks))):
        asked = bound(world.problem, held, {world.tour.id: route.tasks[:locked]})
        left = tuple(one.id for one in asked.requests if one.id not in stands.served)
        plans = plan_tours(asked, start=Plan(stands.routes, left), **how)
        found = [one for one in plans if kept_by(one, held)]
        if found:
            break
    return found


def _waited_for(progress: Progress, step: str, share: float) -> Callable[[], bool]:
    """Ask while a search runs whether the job is still ours and wanted; that it is not, is raised."""

    def ask() -> bool:
        progress(step, share)
        return False

    return ask


def _alone_bettered(
    world: TourWorld, search_s: float, engine: Engine | None, cancelled: Callable[[], bool]
) -> TourWorld:
    """Hold everybody's day alone to what the search finds."""
    baseline, shipments = world.payers.baseline, world.day.shipments
    wishes = {payer: [one for one in shipments if one.payer == payer] for payer in world.payers.wanting}
    possible = {
        payer: [one for one in group if baseline.alone(payer, [one]) is not None]
        for payer, group in wishes.items()
    }
    baseline.better(possible, deadline_s=search_s, engine=engine, cancelled=cancelled)
    wanting = {one.id for group in world.payers.wanting.values() for one in group}
    payers = payers_of(baseline, shipments, wanting, world.paid_cents, world.payers.ceilings_cents)
    return replace(world, payers=payers)


def _refusal(world: TourWorld, book: TourBook | None) -> Refusal | None:
    """Say why the tour as a whole cannot set out, if it cannot."""
    if book is None:
        return _unpaid(world)
    late_s = world.fresh.late_s(book.route)
    if late_s:
        return too_late(world.tour.id, late_s)
    return minimum_of(world.row).lacking(
        world.tour.id,
        crates=sum(one.load.crates for one in book.shipments),
        shipments=len(book.shipments),
        share_cents=sum(book.split.shares_cents.values()),
    )


def _unpaid(world: TourWorld) -> TourUnpaid:
    """Say what is missing with everybody aboard who joined."""
    problem, plan = world.committed
    route = plan.route(world.tour.id)
    if route is None:
        raise AssertionError("Whoever joined has a place in the tour's plan.")
    cost_cents = route_cost(problem.vehicle(world.tour.id), route).total_cents
    caps = world.payers.caps(world.tour, plan, route)
    most_cents = sum(one.cap_cents for one in caps.values())
    return TourUnpaid(
        tour=world.tour.id,
        cost=Cents(cost_cents),
        most=Cents(most_cents),
        gap=Cents(max(0, cost_cents - most_cents - world.tour.gap_cents)),
    )


def _saved(
    tx: Tx, progress: Progress, planned: Planned, search_s: float, *, everybody: bool
) -> dict[str, Any]:
    """Write what planning came to, while the tour stands as it was read."""
    progress.fence(tx)
    row = planned.world.row
    if find_tour(tx, row.id).revision != row.revision:
        raise Moved
    payers_must_stand(tx, planned.world, planned.world.payers_days)
    if row.state == "confirmed" and not _better(planned):
        return {"state": row.state, "plan": row.plan_id, "kept": True}
    turns_away = everybody and tx.now_at < row.cutoff_at and bool(planned.plan.unserved)
    if planned.refusal is not None or planned.book is None or turns_away:
        return _refused(tx, planned)
    return _confirmed(tx, planned, planned.book, "search" if search_s > 0 else "insertion")


def _better(planned: Planned) -> bool:
    """Tell whether all who ride on a confirmed tour still ride, nobody for more, at no higher cost."""
    book = planned.book
    if planned.refusal is not None or book is None or planned.plan.unserved:
        return False
    agreed: dict[str, int] = {}
    for one in planned.world.sign_ups:
        agreed[one.payer_id] = agreed.get(one.payer_id, 0) + (one.share_cents or 0)
    if any(cents > agreed.get(payer, 0) for payer, cents in book.split.shares_cents.items()):
        return False
    problem, stands = planned.world.committed
    before = stands.route(planned.world.tour.id)
    vehicle = problem.vehicle(planned.world.tour.id)
    return before is None or book.split.cost_cents <= route_cost(vehicle, before).total_cents


def _refused(tx: Tx, planned: Planned) -> dict[str, Any]:
    """Refuse a tour past its cut-off and free everybody; before it, all may still change."""
    world, refusal = planned.world, planned.refusal or _unpaid(planned.world)
    found = reason_words(refusal)
    if tx.now_at < world.row.cutoff_at:
        book_id = retell_stale(tx, world) if world.sign_ups else ""
        return {"state": "proposed", "not_yet": found, "book": book_id}
    why = reason_json(refusal)
    stand_on(tx, world, None, 0, "insertion", {"state": "refused", "reason": why})
    void_all(tx, world.tour.id)
    for one in sign_ups_aboard(tx, world.tour.id):
        turn_away(
            tx, one, reason_json(planned.reasons[one.shipment_id]) if _own_reason(planned, one) else why
        )
        tx.tell("tour.refused", "sign_up", one.id, {one.payer_id}, tour=world.tour.id, code=refusal.code)
    look_elsewhere(tx, world.row, [*world.aboard, *end_all_waiting(tx, world.row, why)])
    told = everybody_on(world.row, ())
    tx.tell("tour.refused", "tour", world.tour.id, told, code=refusal.code)
    return {"state": "refused", "reason": found}


def _own_reason(planned: Planned, one: Row[Any]) -> bool:
    """Tell whether a shipment was left behind by a tour that others could pay."""
    return planned.book is not None and one.shipment_id in planned.reasons


def _confirmed(tx: Tx, planned: Planned, book: TourBook, source: str) -> dict[str, Any]:
    world, tour_id = planned.world, planned.world.tour.id
    cost_cents = book.split.cost_cents
    plan_id = stand_on(tx, world, book.route, cost_cents, source, {"state": "confirmed", "reason": ""})
    void_all(tx, tour_id)
    parts = shares(world.tour, world.payers, planned.plan, book.route, book.split.shares_cents)
    if sum(one.share_cents for one in parts.values()) + book.split.gap_cents != cost_cents:
        raise AssertionError("Shares and gap add up to the cost.")
    turned: list[str] = []
    aboard = sign_ups_aboard(tx, tour_id)
    note_told(tx, world, parts, [one for one in aboard if one.shipment_id in parts], "planned", tells=False)
    for one in aboard:
        if one.shipment_id in parts:
            write_riding(tx, world, book.route, one, parts[one.shipment_id])
        else:
            turned.append(one.shipment_id)
            refusal = planned.reasons.get(one.shipment_id)
            turn_away(tx, one, reason_json(refusal) if refusal else "")
            code = refusal.code if refusal else ""
            tx.tell("tour.refused", "sign_up", one.id, {one.payer_id}, tour=tour_id, code=code)
    look_elsewhere(tx, world.row, [*turned, *end_all_waiting(tx, world.row)])
    agree_card(tx, world, book.route, book.split.gap_cents, cost_cents)
    keep_shares(tx, world, plan_id, world.problem, book.route, book.charged)
    told = {world.row.operator_id, world.row.carrier_id}
    tx.tell("tour.confirmed", "tour", tour_id, told, riding=len(parts), turned=len(turned))
    return {
        "state": "confirmed",
        "plan": plan_id,
        "riding": len(parts),
        "turned": len(turned),
        "cost_cents": cost_cents,
        "gap_cents": book.split.gap_cents,
    }
