"""Rounds on pages: proposed by an operator, looked at by its carrier, a day left out, the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import known_sites, party_names
from api.pages.posting import TOUR_UNSAID, own_communities, posting_of_form
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.states import SERIES, TOURS, colour
from api.pages.tours.newcomers import NEWCOMERS
from api.pages.tours.round_form import WEEKDAYS, round_words, typed_round
from api.pages.tours.sharing_rules import RULE_NAMES
from api.pages.trips.series import rule_words
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.tours.changing_rounds import change_round, end_round, except_round_day, own_round
from pooling.desk.tours.forecasts import seen_forecast
from pooling.desk.tours.round_words import template_of
from pooling.desk.tours.rounds import propose_round
from pooling.party import Role
from pooling.recurrence import read_rule
from pooling.sharing_rule import USUAL_RULE
from pooling.store import Page, View
from pooling.store.fleet import list_vehicles
from pooling.store.parties import list_parties
from pooling.store.rounds import (
    find_round,
    list_rounds,
    round_drivers,
    round_exceptions,
    terms_of,
    tours_of_round,
)
from pooling.store.sites import sites_by_id
from pooling.tours.forecast import FEW_RUNS, LAST_RUNS
from pooling.tours.same_driver import steadiness

router = APIRouter()
DAYS_SHOWN = 60


@router.get("/rounds")
def listed(visit: Signed) -> Response:
    who = visit.who
    visit.own_party(Role.OPERATOR, Role.CARRIER)
    with visit.desk.store.view() as view:
        rows, after = list_rounds(view, None if who.is_operator else who.manages, part_of(visit))
        names = party_names(view, [row.carrier_id for row in rows])
        rules = {row.id: rule_words(visit, read_rule(terms_of(view, row.id)[-1].rule)) for row in rows}
    return page(
        visit, "rounds.html", rows=rows, after=after, names=names, rules=rules, states=SERIES, colour=colour
    )


@router.get("/rounds/new")
def new(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    return _form(visit, Form(), None, "")


@router.post("/rounds/new")
def propose(visit: Signed, form: Filled) -> Response:
    operator = visit.own_party(Role.OPERATOR)
    posting = posting_of_form(form, TOUR_UNSAID)
    return answer(
        form,
        lambda: propose_round(
            visit.desk, visit.who, form.ask, operator.id, round_words(visit, form), posting
        ),
        then=lambda round_id: f"/rounds/{round_id}",
        again=lambda refusal: _form(visit, form, refusal, ""),
        said="round_proposed",
    )


@router.get("/rounds/{round_id}")
def one(visit: Signed, round_id: str) -> Response:
    return _round(visit, round_id, Form(), None)


@router.get("/rounds/{round_id}/change")
def edit(visit: Signed, round_id: str) -> Response:
    with visit.desk.store.view() as view:
        row = own_round(view, visit.who, round_id)
        form = Form(typed_round(visit, row, terms_of(view, round_id)[-1]))
    return _form(visit, form, None, round_id)


@router.post("/rounds/{round_id}/change")
def change(visit: Signed, form: Filled, round_id: str) -> Response:
    return answer(
        form,
        lambda: change_round(visit.desk, visit.who, form.ask, round_id, None, round_words(visit, form)),
        then=lambda _: f"/rounds/{round_id}",
        again=lambda refusal: _form(visit, form, refusal, round_id),
        said="saved",
    )


@router.post("/rounds/{round_id}/except")
def leave_out(visit: Signed, form: Filled, round_id: str) -> Response:
    def do() -> str:
        today = visit.moments.today
        day = form.day("day", today)
        moved_to = form.day("moved_to", today) if form.value("moved_to").strip() else None
        form.check()
        return except_round_day(visit.desk, visit.who, form.ask, round_id, form.revision, day, moved_to)

    return _on(visit, form, round_id, do, "saved")


@router.post("/rounds/{round_id}/end")
def end(visit: Signed, form: Filled, round_id: str) -> Response:
    def do() -> str:
        from_day = form.day("last", visit.moments.today) + timedelta(days=1)
        form.check()
        return end_round(visit.desk, visit.who, form.ask, round_id, form.revision, from_day)

    return _on(visit, form, round_id, do, "series_ended")


def _on(visit: Visit, form: Form, round_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/rounds/{round_id}",
        again=lambda refusal: _round(visit, round_id, form, refusal),
        said=said,
    )


def _form(visit: Visit, form: Form, refusal: Refusal | None, round_id: str) -> Response:
    with visit.desk.store.view() as view:
        carriers = [one for one in _carriers(view) if one.vetted]
        vans = [
            (van.id, f"{one.name} · {van.name}")
            for one in carriers
            for van in list_vehicles(view, one.id, Page(limit=100))[0]
            if van.state == "active"
        ]
        sites, communities = known_sites(view, visit), own_communities(view, visit)
    return page(
        visit,
        "round_form.html",
        communities=communities,
        form=form,
        refusal=refusal,
        round_id=round_id,
        carriers=[(one.id, one.name) for one in carriers],
        vehicles=vans,
        sites=sites,
        weekdays=WEEKDAYS,
        rules=RULE_NAMES,
        newcomers=NEWCOMERS,
    )


def _carriers(view: View) -> list[Row[Any]]:
    parties, _ = list_parties(view, None, Page(limit=100))
    return [one for one in parties if one.role == Role.CARRIER.value]


def _round(visit: Visit, round_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = find_round(view, round_id)
        visit.who.must_see("round", round_id, row.operator_id, row.carrier_id)
        terms = terms_of(view, round_id)[-1]
        template = template_of(terms.template)
        tours = tours_of_round(view, round_id, visit.moments.today, DAYS_SHOWN)
        out = [one for one in round_exceptions(view, round_id) if one.day >= visit.moments.today]
        sites = sites_by_id(view, [template.start_site_id, template.end_site_id])
        names = party_names(view, [row.operator_id, row.carrier_id])
        steady = steadiness(round_drivers(view, round_id))
        forecast = seen_forecast(view, visit.who, round_id)
    return page(
        visit,
        "round.html",
        form=form,
        refusal=refusal,
        row=row,
        template=template,
        rule=rule_words(visit, read_rule(terms.rule)),
        shared=RULE_NAMES[template.sharing_rule or USUAL_RULE],
        tours=tours,
        left_out=[(one, kept_reason(visit, one.reason)) for one in out],
        sites=sites,
        names=names,
        steady=steady,
        forecast=forecast,
        few_runs=FEW_RUNS,
        last_runs=LAST_RUNS,
        day_names=list(WEEKDAYS.values()),
        operates=visit.who.acts_for(row.operator_id),
        states=SERIES,
        tour_states=TOURS,
        colour=colour,
    )
