"""Searches that are kept, on pages: kept from a search as it was made, and removed."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.goods.goods import goods_of
from api.pages.press import answer, go
from api.pages.said import message
from api.pages.visit import Signed, Visit
from pooling.desk.market.searches import SearchWords, keep_search, remove_search
from pooling.hours import DAY_S

router = APIRouter()

KEPT_DAYS = 90
"""How long a search is kept that was kept by the button."""


@router.post("/searches/new")
def keep(visit: Signed, form: Filled) -> Response:
    """Keep a search as it was made: the same crates and hours, each day of that weekday from then on."""
    return answer(
        form,
        lambda: keep_search(visit.desk, visit.who, form.ask, _words(visit, form)),
        then=lambda _: "/search",
        again=lambda _: go("/search", "search_not_kept"),
        said="search_kept",
    )


@router.post("/searches/{search_id}/remove")
def remove(visit: Signed, form: Filled, search_id: str) -> Response:
    return answer(
        form,
        lambda: remove_search(visit.desk, visit.who, form.ask, search_id),
        then=lambda _: "/search",
        again=lambda _: go("/search"),
        said="search_removed",
    )


def _words(visit: Visit, form: Form) -> SearchWords:
    if form.ticked("deliver_next"):
        form.wrong("deliver_next", message("A search that is kept looks for rides of one day."))
    goods = goods_of(visit, form)
    day = visit.moments.local(goods.ready_at).date()

    def wall_s(at: int) -> int:
        local = visit.moments.local(at)
        if local.date() > day:
            return DAY_S
        return local.hour * 3600 + local.minute * 60

    return SearchWords(
        party_id=goods.payer_id,
        from_site_id=goods.from_site_id,
        to_site_id=goods.to_site_id,
        temperature=goods.temperature,
        crates=goods.crates,
        kg=goods.kg,
        ready_s=wall_s(goods.ready_at),
        pickup_by_s=wall_s(goods.pickup_by_at),
        deliver_from_s=wall_s(goods.deliver_from_at),
        deliver_by_s=wall_s(goods.deliver_by_at),
        weekdays=1 << day.weekday(),
        first_day=day,
        last_day=day + timedelta(days=KEPT_DAYS),
    )
