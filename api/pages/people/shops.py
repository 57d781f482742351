"""A shop that its producers keep, on pages: who is on duty, swaps, and the trip of one's own day."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.market.other_ways import CHANGES
from api.pages.names import own_sites, party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.trips.series import rule_words
from api.pages.trips.series_form import DAY_NAMES
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.communities.belonging import own_membership
from pooling.desk.communities.duty_rides import duty_rides
from pooling.desk.communities.duty_trips import DutySuggestion, duty_suggestion, post_duty_trip
from pooling.desk.communities.shops import (
    TurnWords,
    close_shop,
    end_turn,
    leave_turn_out,
    rota_between,
    seen_shop,
    take_turn,
)
from pooling.desk.communities.swaps import SwapWords, agree_swap, ask_swap, refuse_swap
from pooling.desk.market.other_ways import HOURS
from pooling.load import CRATES_LIMIT
from pooling.people.rota import Duty
from pooling.recurrence import WEEKDAYS, Recurrence, read_rule
from pooling.store import Page, View
from pooling.store.rotas import list_swaps, turns_of
from pooling.store.sites import sites_by_id

router = APIRouter()

DAYS_SHOWN = 56
WEEKS_LIMIT = 12


@router.get("/shops/{shop_id}")
def one(visit: Signed, shop_id: str) -> Response:
    return _shop(visit, shop_id, Form(), None)


@router.post("/shops/{shop_id}/turns")
def take(visit: Signed, form: Filled, shop_id: str) -> Response:
    party = visit.own_party()

    def do() -> str:
        words = TurnWords(
            party.id,
            form.text("from_site", limit=40),
            _rule(form).text,
            form.day("first_day", visit.moments.today),
            form.whole("ambient", 0, CRATES_LIMIT, 0),
            form.whole("chilled", 0, CRATES_LIMIT, 0),
        )
        form.check()
        return take_turn(visit.desk, visit.who, form.ask, shop_id, words)

    return _on(visit, form, shop_id, do, "saved")


@router.post("/shops/{shop_id}/close")
def close(visit: Signed, form: Filled, shop_id: str) -> Response:
    with visit.desk.store.view() as view:
        community_id = str(seen_shop(view, visit.who, shop_id).community_id)
    return answer(
        form,
        lambda: close_shop(visit.desk, visit.who, form.ask, shop_id, form.revision),
        then=lambda _: f"/communities/{community_id}",
        again=lambda refusal: _shop(visit, shop_id, form, refusal),
        said="saved",
    )


@router.post("/shops/{shop_id}/turns/{turn_id}/end")
def end(visit: Signed, form: Filled, shop_id: str, turn_id: str) -> Response:
    def do() -> str:
        return end_turn(visit.desk, visit.who, form.ask, turn_id, form.revision)

    return _on(visit, form, shop_id, do, "saved")


@router.post("/shops/{shop_id}/turns/{turn_id}/leave-out")
def leave_out(visit: Signed, form: Filled, shop_id: str, turn_id: str) -> Response:
    def do() -> str:
        day = form.day("day", visit.moments.today)
        form.check()
        return leave_turn_out(visit.desk, visit.who, form.ask, turn_id, day)

    return _on(visit, form, shop_id, do, "saved")


@router.post("/shops/{shop_id}/turns/{turn_id}/swap")
def swap(visit: Signed, form: Filled, shop_id: str, turn_id: str) -> Response:
    def do() -> str:
        today = visit.moments.today
        with_day = form.day("with_day", today) if form.value("with_day").strip() else None
        words = SwapWords(form.day("day", today), form.text("with_turn", limit=40), with_day)
        form.check()
        return ask_swap(visit.desk, visit.who, form.ask, turn_id, words)

    return _on(visit, form, shop_id, do, "swap_asked")


@router.post("/shops/{shop_id}/swaps/{swap_id}/agree")
def agree(visit: Signed, form: Filled, shop_id: str, swap_id: str) -> Response:
    def do() -> str:
        return agree_swap(visit.desk, visit.who, form.ask, swap_id, form.revision)

    return _on(visit, form, shop_id, do, "saved")


@router.post("/shops/{shop_id}/swaps/{swap_id}/refuse")
def refuse(visit: Signed, form: Filled, shop_id: str, swap_id: str) -> Response:
    """Refuse a swap that one was asked for, or take one's own back."""

    def do() -> str:
        return refuse_swap(visit.desk, visit.who, form.ask, swap_id, form.revision)

    return _on(visit, form, shop_id, do, "saved")


@router.post("/shops/{shop_id}/post")
def post(visit: Signed, form: Filled, shop_id: str) -> Response:
    def do() -> str:
        day = form.day("day", visit.moments.today)
        form.check()
        return post_duty_trip(visit.desk, visit.who, form.ask, shop_id, day)

    return answer(
        form,
        do,
        then=lambda trip_id: f"/trips/{trip_id}",
        again=lambda refusal: _shop(visit, shop_id, form, refusal),
        said="duty_trip_posted",
    )


def _on(visit: Visit, form: Form, shop_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/shops/{shop_id}",
        again=lambda refusal: _shop(visit, shop_id, form, refusal),
        said=said,
    )


def _rule(form: Form) -> Recurrence:
    weekdays = tuple((0, one) for one in WEEKDAYS if form.ticked(f"on_{one}"))
    return Recurrence("WEEKLY", form.whole("weeks", 1, WEEKS_LIMIT, 1), weekdays)


def _shop(visit: Visit, shop_id: str, form: Form, refusal: Refusal | None) -> Response:
    today = visit.moments.today
    with visit.desk.store.view() as view:
        row = seen_shop(view, visit.who, shop_id)
        steward = own_membership(view, visit.who, row.community_id).role == "steward"
        turns = turns_of(view, shop_id)
        rota = rota_between(view, row, today, today + timedelta(days=DAYS_SHOWN))
        swaps = _swaps(view, visit, shop_id)
        names = party_names(view, [one.party_id for one in turns])
        sites = sites_by_id(view, [row.site_id])
        next_own = next((one for one in rota if visit.who.acts_for(one.party)), None)
        suggestion, why_not = _suggestion(visit, view, shop_id, next_own)
        mine = own_sites(view, visit.party.id) if visit.party is not None else []
        rides = duty_rides(visit.desk, view, visit.who, shop_id) if row.state == "open" else []
        ends = {site for one in rides for site in (one.row.from_site_id, one.row.to_site_id)}
        ride_sites = sites_by_id(view, ends)
    return page(
        visit,
        "shop.html",
        form=form,
        refusal=refusal,
        row=row,
        site=sites[row.site_id],
        steward=steward,
        turns=turns,
        rules={one.id: rule_words(visit, read_rule(one.rule)) for one in turns},
        rota=rota,
        swaps=swaps,
        names=names,
        own_sites=mine,
        suggestion=suggestion,
        why_not=why_not,
        next_own=next_own,
        weekdays=DAY_NAMES,
        rides=rides,
        ride_sites=ride_sites,
        reasons={one.row.id: plain_refusal(visit, one.why_not.refusal) for one in rides if one.why_not},
        changes=CHANGES,
        hours=HOURS,
        turn_party={one.id: one.party_id for one in turns},
    )


def _swaps(view: View, visit: Visit, shop_id: str) -> Sequence[Row[Any]]:
    rows, _ = list_swaps(view, shop_id, visit.who.manages, Page(limit=50))
    return [one for one in rows if one.state == "asked"]


def _suggestion(
    visit: Visit, view: View, shop_id: str, duty: Duty | None
) -> tuple[DutySuggestion | None, tuple[str, str] | None]:
    """Return what would serve one's neighbours on one's next day on duty, or why there is nothing."""
    if duty is None:
        return None, None
    try:
        return duty_suggestion(visit.desk, view, visit.who, shop_id, duty.day), None
    except Refusal as refusal:
        return None, visit.words.refusal(refusal)
