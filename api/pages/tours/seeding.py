"""Seeding on the operator's page: past purchases, who buys most nearby, and tours drafted from them."""

import json

from fastapi import APIRouter
from starlette.responses import Response

from api.letters.invite_letters import WEEKDAYS
from api.pages.forms import Filled, FilledWithFile, Form, FormFaulty, SentFile, asked
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.said import message
from api.pages.states import DRAFT_ANSWERS, JOBS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.jobs import cancel_job
from pooling.desk.seeds.flows import FLOWS_LIMIT, ranked, remove_flows, send_flows
from pooling.desk.seeds.seeding import ask_drafts, body_of
from pooling.party import Role
from pooling.seeding.draft import CARD, CLOSES_S, DAYS, OPENS_S, VAN, Terms
from pooling.seeding.flow import FLOW_COLUMNS
from pooling.seeding.ranking import areas
from pooling.store import Page
from pooling.store.draft_invitations import answers_counted
from pooling.store.drafts import drafts_of, newest_drafting
from pooling.store.flows import flows_counted, list_lists
from pooling.store.jobs import jobs_about

router = APIRouter()
RANKED_SHOWN, DRAFTS_SHOWN, FAULTS_SHOWN, JOBS_SHOWN = 20, 40, 50, 3
SIDES = {"buyers": message("Who buys most nearby"), "producers": message("Who sells most nearby")}
BESIDE = {"flows_unreadable": "file", "too_many_flows": "file"}
BESIDE |= {"workbook_unreadable": "file", "workbooks_unknown": "file"}


@router.get("/seeding")
def looked_at(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    return _page(visit, asked(visit), None)


@router.post("/seeding/send")
def send(visit: Signed, sent: FilledWithFile) -> Response:
    """Send past purchases, as a file or pasted."""
    operator, form = visit.own_party(Role.OPERATOR), sent.form
    return answer(
        form,
        lambda: send_flows(visit.desk, visit.who, form.ask, operator.id, _raw(sent)),
        then=lambda _: "/seeding",
        again=lambda refusal: _page(visit, form, refusal),
        said="list_sent",
        beside=BESIDE,
    )


@router.post("/seeding/forget")
def forget(visit: Signed, form: Filled) -> Response:
    """Forget all past purchases that were sent."""
    operator = visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: remove_flows(visit.desk, visit.who, form.ask, operator.id),
        then=lambda _: "/seeding",
        again=lambda refusal: _page(visit, form, refusal),
        said="flows_forgotten",
    )


@router.post("/seeding/draft")
def draft(visit: Signed, form: Filled) -> Response:
    """Ask for tours to be drafted."""
    operator = visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: ask_drafts(visit.desk, visit.who, form.ask, operator.id, _terms(form)),
        then=lambda _: "/seeding",
        again=lambda refusal: _page(visit, form, refusal),
        said="tours_drafting",
        beside={"hours_backwards": "closes"},
    )


@router.post("/seeding/{job_id}/stop")
def stop(visit: Signed, form: Filled, job_id: str) -> Response:
    visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: cancel_job(visit.desk, visit.who, form.ask, job_id),
        then=lambda _: "/seeding",
        again=lambda refusal: _page(visit, form, refusal),
        said="stopping",
    )


def _raw(sent: SentFile) -> bytes:
    raw = sent.raw or sent.form.value("lines").encode()
    if not raw.strip():
        sent.form.wrong("file", message("Choose a file, or paste its lines below."))
        raise FormFaulty
    return raw


def _terms(form: Form) -> Terms:
    """Read on which days and between which hours tours run; van and card are the defaults shown."""
    days = tuple(day for day in range(1, 8) if form.ticked(f"day{day}"))
    if not days:
        form.wrong("day1", message("Choose one day at least."))
    opens_s, closes_s = form.hour("opens", OPENS_S), form.hour("closes", CLOSES_S)
    form.check()
    return Terms(days=days, opens_s=opens_s, closes_s=closes_s)


def _page(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    operator = visit.own_party(Role.OPERATOR)
    query = visit.request.query_params
    side = query.get("side", "") if query.get("side", "") in SIDES else "buyers"
    everybody = ranked(visit.desk, visit.who, operator.id, side)
    area = query.get("area", "")[:120]
    inside = [one for one in everybody if not area or one.area == area]
    with visit.desk.store.view() as view:
        lists, _ = list_lists(view, operator.id, Page(limit=1))
        jobs = [
            one for one in jobs_about(view, "party", operator.id, JOBS_SHOWN) if one.kind == "draft_tours"
        ]
        newest = newest_drafting(view, operator.id)
        drafts = drafts_of(view, newest.id, DRAFTS_SHOWN) if newest else []
        answers = answers_counted(view, [one.id for one in drafts])
        flows = flows_counted(view, operator.id)
    faults = json.loads(lists[0].faults) if lists else []
    return page(
        visit,
        "seeding.html",
        form=form,
        refusal=refusal,
        flows=flows,
        sent=lists[0] if lists else None,
        faults=[(one, said_reason(visit, one)) for one in faults[:FAULTS_SHOWN]],
        faulty=len({one["line"] for one in faults}),
        columns=", ".join(FLOW_COLUMNS),
        lines_limit=FLOWS_LIMIT,
        sides=SIDES,
        side=side,
        area=area,
        areas=areas(everybody)[:RANKED_SHOWN],
        ranked=inside[:RANKED_SHOWN],
        jobs=[(one, said_reason(visit, json.loads(one.reason)) if one.reason else None) for one in jobs],
        newest=newest,
        summary=json.loads(newest.summary) if newest else {},
        drafts=[(one, body_of(one), answers.get(one.id, {})) for one in drafts],
        weekdays=WEEKDAYS,
        usual_days=DAYS,
        van=VAN,
        card=CARD,
        states=JOBS,
        answer_words=DRAFT_ANSWERS,
        colour=colour,
    )
