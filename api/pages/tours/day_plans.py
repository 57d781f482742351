"""A day planned, on the operator's page: asked for, watched, read beside everyone alone, and told."""

import json
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.board import next_busy_day
from api.pages.forms import Filled, Form, asked
from api.pages.market.pickups import STATES as PICKUPS
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.states import JOBS, TOURS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.jobs import cancel_job
from pooling.desk.market.asked_pickups import seen_pickups
from pooling.desk.tours.day_plans import (
    SHIPMENTS_PLANNED_LIMIT,
    TOURS_PLANNED_LIMIT,
    ask_plan_day,
    seen_day_plan,
    suggest_tours,
)
from pooling.party import Role
from pooling.store import Page, View
from pooling.store.day_plans import list_day_plans, list_lines, shipments_by_tour
from pooling.store.days import parties_by_id
from pooling.store.jobs import jobs_about
from pooling.store.sites import sites_by_id
from pooling.store.tours import tours_by_id, tours_of_day

router = APIRouter()
JOBS_SHOWN, PLANS_SHOWN, LINES_SHOWN, TOURS_SHOWN = 10, 5, 50, 200


@router.get("/plan-day")
def looked_at(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    return _page(visit, asked(visit), None)


@router.post("/plan-day")
def start(visit: Signed, form: Filled) -> Response:
    """Ask for the day to be planned."""
    visit.own_party(Role.OPERATOR)

    def do() -> str:
        day = form.day("day", visit.moments.today)
        form.check()
        ask_plan_day(visit.desk, visit.who, form.ask, day)
        return day.isoformat()

    return answer(
        form,
        do,
        then=lambda day: f"/plan-day?day={day}",
        again=lambda refusal: _page(visit, form, refusal),
        said="day_planning",
    )


@router.post("/plan-day/{job_id}/stop")
def stop(visit: Signed, form: Filled, job_id: str) -> Response:
    visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: cancel_job(visit.desk, visit.who, form.ask, job_id),
        then=lambda _: f"/plan-day?day={form.value('day')[:10]}",
        again=lambda refusal: _page(visit, form, refusal),
        said="stopping",
    )


@router.get("/day-plans/{plan_id}")
def plan(visit: Signed, plan_id: str) -> Response:
    """Show a plan: what it comes to, its tours, and who is left behind and why."""
    return _plan_page(visit, asked(visit), plan_id, None)


@router.post("/day-plans/{plan_id}/suggest")
def suggest(visit: Signed, form: Filled, plan_id: str) -> Response:
    visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: suggest_tours(visit.desk, visit.who, form.ask, plan_id),
        then=lambda _: f"/day-plans/{plan_id}",
        again=lambda refusal: _plan_page(visit, form, plan_id, refusal),
        said="tours_suggested",
    )


def _page(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        day = _day(view, visit, form)
        jobs = [one for one in jobs_about(view, "day", day.isoformat(), JOBS_SHOWN) if one.kind == "plan_day"]
        plans, _ = list_day_plans(view, day, Page("", PLANS_SHOWN))
        tours = len(tours_of_day(view, day, "proposed", TOURS_SHOWN))
        pickups, more = seen_pickups(view, visit.who, Page(form.value("after"), LINES_SHOWN), day=day)
        names = party_names(view, [one.row.payer_id for one in pickups])
        ends = [one for each in pickups for one in (each.shipment.from_site_id, each.shipment.to_site_id)]
        sites = sites_by_id(view, ends)
    return page(
        visit,
        "plan_day.html",
        form=form,
        refusal=refusal,
        day=day,
        jobs=[(one, said_reason(visit, json.loads(one.reason)) if one.reason else None) for one in jobs],
        plans=[(one, json.loads(one.summary)) for one in plans],
        tours=tours,
        pickups=pickups,
        more=more,
        names=names,
        sites=sites,
        pickup_states=PICKUPS,
        states=JOBS,
        colour=colour,
    )


def _plan_page(visit: Visit, form: Form, plan_id: str, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_day_plan(view, visit.who, plan_id)
        left, more = list_lines(view, plan_id, Page(form.value("after"), LINES_SHOWN), riding=False)
        riding = shipments_by_tour(view, plan_id)
        changes = {one.id: json.loads(one.would_do or "[]") for one in left}
        asked_of = {other["tour"] for found in changes.values() for other in found}
        all_tours = {one.id: one for one in tours_by_id(view, {*riding, *asked_of})}
        tours = [one for one in all_tours.values() if one.id in riding]
        people = [*(one.payer_id for one in left), *(one.carrier_id for one in all_tours.values())]
        names = {one.id: one.name for one in parties_by_id(view, people).values()}
    return page(
        visit,
        "day_plan.html",
        form=form,
        refusal=refusal,
        plan=row,
        summary=json.loads(row.summary),
        left=[(one, _why(visit, one.reason), changes[one.id]) for one in left],
        all_tours=all_tours,
        more=more,
        tours=[(one, riding[one.id]) for one in tours],
        names=names,
        limits=(SHIPMENTS_PLANNED_LIMIT, TOURS_PLANNED_LIMIT),
        joinable=any(one.state == "proposed" for one in tours),
        states=TOURS,
        colour=colour,
    )


def _why(visit: Visit, reason: str) -> Any:  # noqa: ANN401 - a sentence with its cure, where there is one
    return said_reason(visit, json.loads(reason)) if reason else None


def _day(view: View, visit: Visit, form: Form) -> date:
    today = visit.moments.today
    return form.day("day", today) if form.value("day") else next_busy_day(view, today)
