"""A day cleared, on the operator's page: looked at first, then taken; how far it is, and what came of it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.board import next_busy_day
from api.pages.forms import Filled, Form, asked
from api.pages.names import party_names, trip_way
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.states import JOBS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.jobs import cancel_job
from pooling.desk.market.clearing_days import TRIPS_CLEARED_LIMIT, ask_clear_day
from pooling.party import Role
from pooling.store import View
from pooling.store.bids import trips_asked
from pooling.store.clearings import clearings_by_id
from pooling.store.jobs import jobs_about
from pooling.store.sites import sites_by_id
from pooling.store.trips import owners_of, stops_of

router = APIRouter()
JOBS_SHOWN = 5
TRIPS_SHOWN = 20
"""Trips of one clearing that its page names, each with the way to its set."""


@router.get("/clear-day")
def looked_at(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    return _page(visit, asked(visit), None)


@router.post("/clear-day")
def start(visit: Signed, form: Filled) -> Response:
    """Ask for the day to be cleared; without ``take`` it is only told what it would be worth."""
    visit.own_party(Role.OPERATOR)

    def do() -> str:
        day = form.day("day", visit.moments.today)
        form.check()
        ask_clear_day(
            visit.desk,
            visit.who,
            form.ask,
            day,
            take=bool(form.value("take")),
            propose=bool(form.value("propose")),
        )
        return day.isoformat()

    return answer(
        form,
        do,
        then=lambda day: f"/clear-day?day={day}",
        again=lambda refusal: _page(visit, form, refusal),
        said="clearing",
    )


@router.post("/clear-day/{job_id}/stop")
def stop(visit: Signed, form: Filled, job_id: str) -> Response:
    visit.own_party(Role.OPERATOR)
    return answer(
        form,
        lambda: cancel_job(visit.desk, visit.who, form.ask, job_id),
        then=lambda _: f"/clear-day?day={form.value('day')[:10]}",
        again=lambda refusal: _page(visit, form, refusal),
        said="stopping",
    )


def _page(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        day = _day(view, visit, form)
        jobs = jobs_about(view, "day", day.isoformat(), JOBS_SHOWN)
        waiting = len(trips_asked(view, day, TRIPS_CLEARED_LIMIT))
        results = {one.id: _result(visit, one) for one in jobs}
        named = {one: _named(visit, view, result) for one, result in results.items() if result}
    return page(
        visit,
        "clear_day.html",
        form=form,
        refusal=refusal,
        day=day,
        jobs=[(one, results[one.id], _failure(visit, one)) for one in jobs],
        named=named,
        shown=TRIPS_SHOWN,
        waiting=waiting,
        states=JOBS,
        colour=colour,
    )


def _day(view: View, visit: Visit, form: Form) -> date:
    today = visit.moments.today
    return form.day("day", today) if form.value("day") else next_busy_day(view, today)


def _result(visit: Visit, row: Row[Any]) -> dict[str, Any] | None:
    """Return what came of it; why trips were left out in the reader's language."""
    if not row.result:
        return None
    told = json.loads(row.result)
    left = {trip_id: said_reason(visit, why) for trip_id, why in told.get("left", {}).items()}
    return {**told, "left": left}


def _named(visit: Visit, view: View, result: Mapping[str, Any]) -> list[tuple[Row[Any], str, str]]:
    """Return the first trips on which something was decided: the set, which way it goes, and whose it is."""
    ids = [*result["clearings"], *result.get("proposed", ())][:TRIPS_SHOWN]
    rows = clearings_by_id(view, ids)
    trips = [rows[one].trip_id for one in ids if one in rows]
    stops, owners = stops_of(view, trips), owners_of(view, trips)
    sites = sites_by_id(view, [stop.site_id for each in stops.values() for stop in each])
    names = party_names(view, owners.values())
    return [
        (row, trip_way(visit.words.say, stops[row.trip_id], sites), names[owners[row.trip_id]])
        for row in (rows[one] for one in ids if one in rows)
    ]


def _failure(visit: Visit, row: Row[Any]) -> tuple[str, str] | None:
    return said_reason(visit, json.loads(row.reason)) if row.reason else None
