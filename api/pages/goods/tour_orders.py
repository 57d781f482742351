"""Orders for tours on pages: what is deliverable to a buyer, what it orders, and what becomes of that."""

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.goods.rides import ride_of
from api.pages.lists import part_of
from api.pages.names import own_sites, party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.states import SHIPMENTS, TOUR_ORDERS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk import Actor, Desk
from pooling.desk.selling.carriage import carriages_of
from pooling.desk.selling.deliverable import LISTS_AT_ONCE, OnTour, deliverable
from pooling.desk.selling.order_lines import withdraw_order_line
from pooling.desk.selling.tour_order_answers import (
    accept_tour_order,
    cancel_tour_order,
    refuse_tour_order,
    seen_order,
)
from pooling.desk.selling.tour_orders import TourOrderWords, place_tour_order
from pooling.goods.goods import UNITS_LIMIT
from pooling.goods.goods_file import GOODS_LIMIT
from pooling.party import Role
from pooling.store import Ask, Page
from pooling.store.sites import sites_by_id
from pooling.store.tour_orders import lines_of_orders, list_tour_orders, loads_of_orders
from pooling.store.tours import find_tour

router = APIRouter()

UNITS = re.compile(r"units_(goods_[0-9a-z]{1,32})")


@router.get("/tours/{tour_id}/deliverable")
def offered(visit: Signed, tour_id: str) -> Response:
    """Show a buyer the producers whose goods fit on a tour, and on request why others do not."""
    visit.own_party(Role.BUYER, Role.INTERMEDIARY)
    return _offered(visit, tour_id, asked(visit), None)


@router.post("/tours/{tour_id}/deliverable")
def order_there(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _ordered(visit, form, tour_id, again=lambda refusal: _offered(visit, tour_id, form, refusal))


@router.post("/tour-orders/new")
def order_on_round(visit: Signed, form: Filled) -> Response:
    """Order from a list for the next day of its round, or for the day that is named."""
    return _ordered(visit, form, None, again=lambda refusal: _refused(visit, form, refusal))


@router.get("/tour-orders")
def listed(visit: Signed) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_tour_orders(view, [party.id], part_of(visit))
        names = party_names(view, [one for row in rows for one in (row.buyer_id, row.producer_id)])
        lines = lines_of_orders(view, [row.id for row in rows])
    return page(
        visit,
        "tour_orders.html",
        orders=rows,
        after=after,
        names=names,
        lines=lines,
        states=TOUR_ORDERS,
        colour=colour,
    )


@router.get("/tour-orders/{tour_order_id}")
def one(visit: Signed, tour_order_id: str) -> Response:
    return _order(visit, tour_order_id, Form(), None)


@router.post("/tour-orders/{tour_order_id}/accept")
def accept(visit: Signed, form: Filled, tour_order_id: str) -> Response:
    return _answered(visit, form, tour_order_id, accept_tour_order, "tour_order_accepted")


@router.post("/tour-orders/{tour_order_id}/refuse")
def refuse(visit: Signed, form: Filled, tour_order_id: str) -> Response:
    return _answered(visit, form, tour_order_id, refuse_tour_order, "order_refused")


@router.post("/tour-orders/{tour_order_id}/cancel")
def cancel(visit: Signed, form: Filled, tour_order_id: str) -> Response:
    return _answered(visit, form, tour_order_id, cancel_tour_order, "cancelled")


@router.post("/tour-orders/{tour_order_id}/lines/withdraw")
def withdraw(visit: Signed, form: Filled, tour_order_id: str) -> Response:
    """Leave one line out of an order that stands or waits."""

    def leave_out(desk: Desk, who: Actor, ask: Ask, order_id: str, revision: int | None) -> str:
        number = form.whole("line", 1, GOODS_LIMIT)
        form.check()
        return withdraw_order_line(desk, who, ask, order_id, revision, number)

    return _answered(visit, form, tour_order_id, leave_out, "line_left_out")


def _answered(visit: Visit, form: Form, order_id: str, change: Callable[..., str], said: str) -> Response:
    return answer(
        form,
        lambda: change(visit.desk, visit.who, form.ask, order_id, form.revision),
        then=lambda _: f"/tour-orders/{order_id}",
        again=lambda refusal: _order(visit, order_id, form, refusal),
        said=said,
    )


def _ordered(
    visit: Visit, form: Form, tour_id: str | None, *, again: Callable[[Refusal | None], Response]
) -> Response:
    visit.own_party(Role.BUYER, Role.INTERMEDIARY)
    return answer(
        form,
        lambda: place_tour_order(visit.desk, visit.who, form.ask, _words(visit, form, tour_id)),
        then=lambda order_id: f"/tour-orders/{order_id}",
        again=again,
        said="tour_ordered",
    )


def _words(visit: Visit, form: Form, tour_id: str | None) -> TourOrderWords:
    quantities = {}
    for name, given in form.fields.items():
        hit = UNITS.fullmatch(name)
        if hit is not None and given.strip() not in ("", "0"):
            quantities[hit[1]] = form.whole(name, 1, UNITS_LIMIT)
    if not quantities:
        form.wrong("lines", message("Write how much you want of something."))
    words = TourOrderWords(
        buyer_id=visit.own_party().id,
        list_id=form.text("list", limit=40),
        to_site_id=form.text("to_site", limit=40),
        quantities=quantities,
        tour_id=tour_id,
        day=form.day("day", visit.moments.today) if form.value("day").strip() else None,
        note=form.text("note", limit=500, needed=False),
    )
    form.check()
    return words


def _refused(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    """Say on a page of its own why an order for a round is not placed; the list is one step back."""
    list_id = form.value("list")[:40]
    return page(visit, "tour_order_refused.html", form=form, refusal=refusal, list_id=list_id)


def _offered(visit: Visit, tour_id: str, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party(Role.BUYER, Role.INTERMEDIARY)
    with visit.desk.store.view() as view:
        row = find_tour(view, tour_id)
        sites = own_sites(view, party.id)
    to_site = form.value("to_site")[:40] or (sites[0][0] if sites else "")
    found, after, why = list[OnTour](), "", form.value("others") == "yes"
    if to_site:
        try:
            part = Page(part_of(visit).after, LISTS_AT_ONCE)
            found, after = deliverable(visit.desk, visit.who, tour_id, to_site, part, explained=why)
        except Refusal as closed:
            refusal = refusal or closed
    with visit.desk.store.view() as view:
        names = party_names(view, [row.carrier_id, *(one.of_list.producer_id for one in found)])
    return page(
        visit,
        "deliverable.html",
        form=form,
        refusal=refusal,
        tour=row,
        sites=sites,
        to_site=to_site,
        lists=[one for one in found if one.refusal is None],
        others=[(one, plain_refusal(visit, one.refusal)) for one in found if why and one.refusal],
        why=why,
        after=after,
        names=names,
    )


def _order(visit: Visit, order_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_order(view, visit.who, order_id)
        lines = lines_of_orders(view, [order_id])[order_id]
        loads = loads_of_orders(view, [order_id]).get(order_id, [])
        rides = {one.id: ride_of(view, one) for one in loads}
        carriage = carriages_of(view, visit.who, [row], {order_id: loads})[order_id]
        names = party_names(view, [row.buyer_id, row.producer_id, row.payer_id])
        sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    return page(
        visit,
        "tour_order.html",
        form=form,
        refusal=refusal,
        order=row,
        lines=lines,
        loads=loads,
        rides=rides,
        carriage=carriage,
        waits=any(one.state == "joined" for one in carriage.places.values()),
        names=names,
        sites=sites,
        buys=visit.who.acts_for(row.buyer_id),
        sells=visit.who.acts_for(row.producer_id),
        may_cancel=_may_cancel(visit, row),
        may_lessen=_may_cancel(visit, row) and sum(one.state == "open" for one in lines) > 1,
        states=TOUR_ORDERS,
        shipment_states=SHIPMENTS,
        colour=colour,
    )


def _may_cancel(visit: Visit, row: Row[Any]) -> bool:
    mine = visit.who.acts_for(row.buyer_id) or visit.who.acts_for(row.producer_id)
    return mine and row.state in ("asked", "accepted")
