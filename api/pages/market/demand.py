"""Unmet demand, on the operator's page: what was looked for in vain, by area, day and product."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import asked
from api.pages.press import page
from api.pages.visit import Signed
from pooling.desk.market.demand import unmet_demand
from pooling.market.demand import PARTIES_LEAST
from pooling.party import Role

router = APIRouter()
DAYS_USUAL = 14
ROWS = 50


@router.get("/demand")
def listed(visit: Signed) -> Response:
    """List what was looked for in vain, the first day first; counts of few parties are not told."""
    visit.own_party(Role.OPERATOR)
    form, today = asked(visit), visit.moments.today
    first = form.day("first", today) if form.value("first") else today
    last = form.day("last", today) if form.value("last") else first + timedelta(days=DAYS_USUAL)
    given = form.value("skip")
    skip = int(given) if given.isdecimal() and len(given) < 6 else 0
    rows = unmet_demand(visit.desk, visit.who, first, last, limit=ROWS + 1, skip=skip)
    return page(
        visit,
        "demand.html",
        form=form,
        rows=rows[:ROWS],
        first=first,
        last=last,
        following=skip + ROWS if len(rows) > ROWS else 0,
        least=PARTIES_LEAST,
    )
