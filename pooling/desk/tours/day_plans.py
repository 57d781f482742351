"""
A region's day planned whole, as a job: every open shipment on the vans of all tours proposed for that day.

The plan is advice: whoever has joined a tour stays on it, and nobody is put on one. Those concerned are
told, at the operator's word, on which tour their crates would ride and for how much; joining is theirs.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.costs.alone import NOTHING
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.driven import Driven, driven, journeys
from pooling.days.worth import Totals, worth
from pooling.days.would_do import WouldDo
from pooling.desk.actor import Actor
from pooling.desk.days import Standing, day_clock, standing_day
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import HoursPast, day_at
from pooling.desk.reasons import reason_json
from pooling.desk.tours.own_drivers import own_drivers
from pooling.desk.tours.shares import shares
from pooling.store import Ask, Tx, View
from pooling.store.day_plans import add_day_plan, find_day_plan, lines_to_suggest, note_suggested
from pooling.store.hand_moves import held_on
from pooling.store.jobs import jobs_about
from pooling.store.pickups import asked_on
from pooling.store.plans import planned_tasks
from pooling.store.rows import NotFound, held
from pooling.store.shipments import open_counted, open_shipments, payers_day, shipments_by_id
from pooling.store.touring import tour
from pooling.store.tours import sign_ups_aboard, tours_counted, tours_of_day
from pooling.tours.holds import Held
from pooling.tours.same_driver import OwnDriver
from pooling.work.jobs import Progress, enqueue
from routing.task import Task

SHIPMENTS_PLANNED_LIMIT = 2_000
"""Shipments of one day that one planning looks at, the newest first."""

TOURS_PLANNED_LIMIT = 200
"""Tours of one day that one planning looks at."""

JOBS_LOOKED_AT = 20
"""The last jobs of a day among which one may be planning it."""

SEARCH_S = (2.0, 45.0)
"""The shortest and the longest time of each of the four searches of a planning."""

SHIPMENTS_A_SECOND = 40
"""A day of so many more shipments is searched a second longer."""


class NothingToPlan(Refusal):
    code = "nothing_to_plan"
    reason = "On {day} there is no {what} to be planned."
    cure = "Propose tours for that day, and wait until shipments are entered."


class AlreadySuggested(Refusal):
    code = "already_suggested"
    reason = "Those concerned were told of this plan already."
    cure = "Plan the day anew, where it has changed since."


@dataclass(frozen=True)
class _Asked:
    """
    Hold a day as it was read: its tours and shipments, who joined which tour, what is held by hand.

    ``unseen`` counts the shipments and tours of the day that are beyond what one planning looks at.
    ``next_morning`` are open shipments of the following day that a tour still reaches. Where the plan has no
    place for one it waits for its own day, and nothing is said of it.
    """

    tours: Sequence[Row[Any]]
    standing: Standing
    joined: Mapping[str, str]
    own_drivers: Mapping[str, OwnDriver]
    held: Held
    orders: Mapping[str, Sequence[Task]]
    unseen: dict[str, int]
    pickups: Set[str]
    next_morning: frozenset[str] = frozenset()


def ask_plan_day(desk: Desk, who: Actor, ask: Ask, day: date) -> str:
    """
    Ask for a day to be planned; returns the job, that which is at it already where there is one.

    Refuses days that are over, and days without tours.
    """
    who.must_be_operator()
    if day < day_at(desk, desk.clock.now()):
        raise HoursPast
    with desk.store.view() as view:
        _must_have_something(view, day)
    words = {"day": day.isoformat(), "member": who.member_id}

    def save(tx: Tx) -> str:
        for first in tours_of_day(tx, day, "proposed", 1):
            held(tx, tour, first.id)  # of two who ask at once one waits for the other
        at_it = [one for one in jobs_about(tx, "day", day.isoformat(), JOBS_LOOKED_AT) if _goes_on(one)]
        if at_it:
            return str(at_it[0].id)
        return enqueue(tx, "plan_day", words, "day", day.isoformat(), who.member_id)

    return desk.once(ask, save)


def _goes_on(row: Row[Any]) -> bool:
    return row.kind == "plan_day" and row.state in ("queued", "running") and not row.cancel_asked


def plan_day_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``plan_day``: read the day, plan it, keep the plan."""
    day = date.fromisoformat(arguments["day"])
    progress("reading", 0.0)
    with desk.store.view() as view:
        _must_have_something(view, day)
        asked = _asked(desk, view, day)
    reached = [("reading", 0.0)]

    def tell(step: str, share: float) -> None:
        reached[0] = step, 0.05 + 0.9 * share
        progress(*reached[0])

    def cancelled() -> bool:
        progress(*reached[0])
        return False

    plan = plan_day(
        asked.standing.day,
        asked.standing.ground,
        deadline_s=_search_s(len(asked.standing.day.shipments)),
        progress=tell,
        cancelled=cancelled,
        joined=asked.joined,
        own_drivers=asked.own_drivers,
        held=asked.held,
        orders=asked.orders,
    )
    lines = _lines(plan, asked)
    summary = day_summary(plan) | asked.unseen | _pickups(plan, asked)
    summary |= {"shipments": len(lines), "left": len(lines) - summary["riding"]}

    def save(tx: Tx) -> str:
        progress.fence(tx)
        return add_day_plan(tx, day, arguments["member"], summary, lines)

    return {"day_plan": desk.store.change(save), **summary}


def seen_day_plan(view: View, who: Actor, plan_id: str) -> Row[Any]:
    """Return a plan to an operator; to anybody else there is none."""
    if not who.is_operator:
        raise NotFound(kind="day plan", id=plan_id)
    return find_day_plan(view, plan_id)


def suggest_tours(desk: Desk, who: Actor, ask: Ask, plan_id: str) -> str:
    """Tell each payer, once, on which tour its crates would ride, and for how much as things stand."""

    def save(tx: Tx) -> str:
        seen_day_plan(tx, who, plan_id)
        if not note_suggested(tx, plan_id):
            raise AlreadySuggested
        lines = lines_to_suggest(tx, plan_id)
        rows = shipments_by_id(tx, [one.shipment_id for one in lines])
        for one in lines:
            if rows[one.shipment_id].state == "open":
                facts = {"tour": one.tour_id, "share_cents": one.share_cents}
                tx.tell("tour.suggested", "shipment", one.shipment_id, {one.payer_id}, **facts)
        return plan_id

    return desk.once(ask, save)


def day_summary(plan: DayPlan) -> dict[str, Any]:
    """Count what a plan comes to beside everyone alone; shipments left behind are counted at alone."""
    compared = worth(plan)
    before, after = (driven(one, plan.ground) for one in journeys(plan))
    riding = plan.tour_plan.served
    return {
        "shipments": len(plan.day.shipments),
        "riding": len(riding),
        "left": len(plan.day.shipments) - len(riding),
        "tours": len(plan.tours),
        "tours_offered": len(plan.day.tours),
        "round_tours": plan.same_driver.rounds,
        "same_driver": plan.same_driver.own,
        "alone": _totals(compared.alone, before),
        "pooled": _totals(compared.pooled, after),
    }


def _pickups(plan: DayPlan, asked: _Asked) -> dict[str, int]:
    """Count the pickups that were asked for, and those that a plan has a place for."""
    looked_at = asked.pickups & {one.id for one in plan.day.shipments}
    return {"asked": len(looked_at), "asked_riding": len(looked_at & set(plan.tour_plan.served))}


def _totals(one: Totals, driven: Driven) -> dict[str, int]:
    return {
        "vehicles": one.vehicles,
        "distance_m": one.distance_m,
        "duration_s": one.duration_s,
        "cents": one.cents,
        "co2_g": one.co2_g,
        "empty_m": driven.empty_m,
        "fill_pct": round(100 * driven.fill_mean),
    }


def _must_have_something(view: View, day: date) -> None:
    if not tours_of_day(view, day, "proposed", 1):
        raise NothingToPlan(day=day, what="proposed tour")
    if not open_shipments(view, day, 1):
        raise NothingToPlan(day=day, what="open shipment")


def _asked(desk: Desk, view: View, day: date) -> _Asked:
    """Read a day's proposed tours with who has joined them, and its open shipments."""
    found = tours_of_day(view, day, "proposed", TOURS_PLANNED_LIMIT)
    tours = [one for one in found if one.timezone == found[0].timezone]
    joined = {one.shipment_id: tour.id for tour in tours for one in sign_ups_aboard(view, tour.id)}
    riding = shipments_by_id(view, joined)
    opened = open_shipments(view, day, SHIPMENTS_PLANNED_LIMIT)
    rows = {one.id: one for one in opened} | {one.id: one for one in riding.values() if one.state == "riding"}
    morning = {one.id: one for one in _next_morning(desk, view, day, tours)}
    standing = standing_day(desk, view, day, shipments=[*rows.values(), *morning.values()], tours=tours)
    aboard = {one: tour for one, tour in joined.items() if one in rows}
    by_hand = held_on(view, [one.id for one in tours])
    orders = {one.id: planned_tasks(view, one.plan_id) for one in tours if one.id in by_hand}
    drivers = own_drivers(view, tours)
    unseen = {
        "shipments_unseen": open_counted(view, day) - len(opened),
        "tours_unseen": tours_counted(view, day, "proposed") - len(tours),
    }
    return _Asked(
        tours, standing, aboard, drivers, by_hand, orders, unseen, asked_on(view, day), frozenset(morning)
    )


def _next_morning(desk: Desk, view: View, day: date, tours: Sequence[Row[Any]]) -> list[Row[Any]]:
    """
    Read the open shipments of the following day that a tour over midnight reaches.

    Only of payers all of whose crates of that day it reaches: what others would pay alone depends on the
    rest of their day, which is not planned here.
    """
    until_at, following = max(one.closes_at for one in tours), day + timedelta(days=1)
    if until_at <= int(day_clock(desk, following).midnight.timestamp()):
        return []
    reached: dict[str, list[Row[Any]]] = {}
    for one in open_shipments(view, following, SHIPMENTS_PLANNED_LIMIT):
        if one.ready_at < until_at and one.deliver_from_at < until_at:
            reached.setdefault(one.payer_id, []).append(one)
    whole = (rows for payer, rows in reached.items() if len(payers_day(view, payer, following)) == len(rows))
    return [one for rows in whole for one in rows]


def _search_s(shipments: int) -> float:
    least, most = SEARCH_S
    return min(most, max(least, shipments / SHIPMENTS_A_SECOND))


def _lines(plan: DayPlan, asked: _Asked) -> list[dict[str, object]]:
    left = {one.subject: one for one in plan.turned if one.about == "shipment"}
    riding, midnight_at = _riding(plan, asked), _midnight_at(asked)
    return [
        {
            "shipment_id": one.id,
            "payer_id": one.payer,
            "tour_id": "",
            "joined": "yes" if one.id in asked.joined else "",
            "pickup_at": None,
            "drop_at": None,
            "share_cents": None,
            "alone_cents": (plan.payers.baseline.alone(one.payer, [one]) or NOTHING).cents,
            "reason": reason_json(left[one.id].refusal) if one.id in left else "",
            "would_do": _would_do(left[one.id].would_do, midnight_at) if one.id in left else "",
        }
        | riding.get(one.id, {})
        for one in plan.day.shipments
        if one.id in riding or one.id not in asked.next_morning
    ]


def _riding(plan: DayPlan, asked: _Asked) -> dict[str, dict[str, object]]:
    """Return the tour, hours and share of each shipment that rides."""
    midnight_at = _midnight_at(asked)
    found: dict[str, dict[str, object]] = {}
    for book in plan.tours:
        begins = {(one.task.kind, one.task.id): midnight_at + one.begins_s for one in book.route.visits}
        parts = shares(book.tour, plan.payers, plan.tour_plan, book.route, book.split.shares_cents)
        for shipment_id, part in parts.items():
            found[shipment_id] = {
                "tour_id": book.tour.id,
                "pickup_at": begins["pickup", shipment_id],
                "drop_at": begins["drop", shipment_id],
                "share_cents": part.share_cents,
            }
    return found


def _would_do(changes: Sequence[WouldDo], midnight_at: int) -> str:
    """Write down the changes by which a tour of the plan would carry what is left behind."""
    return json.dumps(
        [
            {
                "change": one.kind,
                "tour": one.ride,
                "crates": one.crates,
                "pickup_at": midnight_at + one.pickup_s,
                "drop_at": midnight_at + one.drop_s,
                "most_cents": one.price_cents,
                "missing_cents": one.missing_cents,
            }
            for one in changes
        ]
    )


def _midnight_at(asked: _Asked) -> int:
    return int(asked.standing.day.clock.midnight.timestamp())
