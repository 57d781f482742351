"""Orders on pages: placed by a buyer, accepted by a producer with what there is to carry."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, FormFaulty, asked
from api.pages.goods.rides import ride_of
from api.pages.lists import part_of
from api.pages.names import own_sites, party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, go, page
from api.pages.states import ORDERS, SHIPMENTS, colour
from api.pages.visit import Signed, Visit
from api.papers.words import TEMPERATURES
from geodata.refusal import Refusal
from pooling.desk.goods.orders import (
    Filling,
    OrderWords,
    accept_order,
    cancel_order,
    place_order,
    place_orders,
    refuse_order,
)
from pooling.hours import DAY_S
from pooling.load import CRATES_LIMIT
from pooling.party import Role
from pooling.store import Page
from pooling.store.directory import search_sites
from pooling.store.orders import find_order, list_orders
from pooling.store.shipments import find_shipment, shipments_by_id
from pooling.store.sites import sites_by_id

router = APIRouter()

BESIDE = {"hours_past": "day", "too_far_ahead": "day", "not_a_producer": "producer", "not_one_day": "until"}
QUANTITY_LIMIT = 1_000_000
LINES_SHOWN_LIMIT = 10
"""Orders that the form takes at one time."""

LINE = ("producer", "product", "quantity", "unit", "price")


@router.get("/orders")
def listed(visit: Signed) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_orders(view, [party.id], part_of(visit))
        names = party_names(view, [one for row in rows for one in (row.buyer_id, row.producer_id)])
        shipments = shipments_by_id(view, [row.shipment_id for row in rows if row.shipment_id])
        rides = {shipment_id: ride_of(view, shipment) for shipment_id, shipment in shipments.items()}
    return page(
        visit,
        "orders.html",
        orders=rows,
        after=after,
        names=names,
        shipments=shipments,
        rides=rides,
        states=ORDERS,
        shipment_states=SHIPMENTS,
        colour=colour,
    )


@router.get("/orders/new")
def new(visit: Signed) -> Response:
    return _form(visit, asked(visit), None)


@router.post("/orders/new")
def place(visit: Signed, form: Filled) -> Response:
    """Place an order; more of them, with several producers, each for itself: what is refused stays."""
    if form.value("more_lines"):
        return _form(visit, form, None)
    if len(_filled(form)) > 1:
        return _several(visit, form)
    return answer(
        form,
        lambda: place_order(visit.desk, visit.who, form.ask, _words(visit, form)[0]),
        then=lambda order_id: f"/orders/{order_id}",
        again=lambda refusal: _form(visit, form, refusal),
        said="order_placed",
        beside=BESIDE,
    )


@router.get("/orders/{order_id}")
def one(visit: Signed, order_id: str) -> Response:
    return _order(visit, order_id, Form(), None)


@router.post("/orders/{order_id}/accept")
def accept(visit: Signed, form: Filled, order_id: str) -> Response:
    """Accept an order, then look for a ride for the shipment that it became."""
    row = _own(visit, order_id)

    def do() -> str:
        filling = _filling(visit, form, row)
        return accept_order(visit.desk, visit.who, form.ask, order_id, form.revision, filling)

    return answer(
        form,
        do,
        then=lambda _: f"/orders/{order_id}",
        again=lambda refusal: _order(visit, order_id, form, refusal),
        said="order_accepted",
    )


@router.post("/orders/{order_id}/refuse")
def refuse(visit: Signed, form: Filled, order_id: str) -> Response:
    return answer(
        form,
        lambda: refuse_order(visit.desk, visit.who, form.ask, order_id, form.revision),
        then=lambda _: f"/orders/{order_id}",
        again=lambda refusal: _order(visit, order_id, form, refusal),
        said="order_refused",
    )


@router.post("/orders/{order_id}/cancel")
def cancel(visit: Signed, form: Filled, order_id: str) -> Response:
    return answer(
        form,
        lambda: cancel_order(visit.desk, visit.who, form.ask, order_id, form.revision),
        then=lambda _: f"/orders/{order_id}",
        again=lambda refusal: _order(visit, order_id, form, refusal),
        said="cancelled",
    )


def _several(visit: Visit, form: Form) -> Response:
    """Place several orders; those that were refused are shown again, each with its reason beside it."""
    filled = _filled(form)
    try:
        found = place_orders(visit.desk, visit.who, form.ask, _words(visit, form))
    except FormFaulty:
        return _form(visit, form, None)
    except Refusal as refusal:
        return _form(visit, form, refusal)
    refused = [(at, one) for at, one in zip(filled, found, strict=True) if isinstance(one, Refusal)]
    if not refused:
        return go("/orders", "orders_placed")
    left = Form({name: one for name, one in form.fields.items() if name not in _ROWS})
    fields = dict(left.fields) | {"rows": str(len(refused))}
    for number, (at, why) in enumerate(refused, start=1):
        fields |= {_named(one, number): form.value(_named(one, at)) for one in LINE}
        said, cure = plain_refusal(visit, why)
        left.wrong(_named("producer", number), "{said} {cure}", said=said, cure=cure)
    return _form(visit, replace(left, fields=fields), None, placed=len(found) - len(refused))


def _named(field: str, number: int) -> str:
    """Name a field of one line; those of the first have no number."""
    return field if number == 1 else f"{field}_{number}"


_ROWS = frozenset(_named(one, number) for one in LINE for number in range(1, LINES_SHOWN_LIMIT + 1))


def _rows(form: Form) -> int:
    given = form.value("rows", 1)
    rows = int(given) if given.isdigit() and len(given) < 3 else 1
    return min(max(rows + bool(form.value("more_lines")), 1), LINES_SHOWN_LIMIT)


def _filled(form: Form) -> list[int]:
    """Return the lines that were filled in; the first counts in any case."""
    rows = range(2, _rows(form) + 1)
    more = [at for at in rows if form.value(_named("producer", at)) or form.value(_named("product", at))]
    return [*([1] if form.value("producer") or form.value("product") or not more else []), *more]


def _words(visit: Visit, form: Form) -> list[OrderWords]:
    buyer = visit.own_party()
    day, at = form.day("day", visit.moments.today), visit.moments.seconds
    words = [
        OrderWords(
            buyer_id=buyer.id,
            producer_id=form.text(_named("producer", number), limit=40),
            to_site_id=form.text("to_site", limit=40),
            product=form.name(_named("product", number)),
            quantity=form.whole(_named("quantity", number), 1, QUANTITY_LIMIT),
            unit=form.text(_named("unit", number), limit=40),
            price_cents=form.cents(_named("price", number)),
            deliver_from_at=at(day, form.hour("from", 0)),
            deliver_by_at=at(day, form.hour("until", DAY_S)),
            note=form.text("note", limit=500, needed=False),
        )
        for number in _filled(form)
    ]
    form.check()
    return words


def _filling(visit: Visit, form: Form, row: Row[Any]) -> Filling:
    day, at = visit.moments.local(row.deliver_from_at).date(), visit.moments.seconds
    filling = Filling(
        from_site_id=form.text("from_site", limit=40),
        temperature=form.choice("temperature", TEMPERATURES),
        crates=form.whole("crates", 1, CRATES_LIMIT),
        ready_at=at(day, form.hour("ready")),
        pickup_by_at=at(day, form.hour("pickup_by", DAY_S)),
        kg=form.whole("kg", 1, 20_000) if form.value("kg").strip() else None,
    )
    form.check()
    return filling


def _own(visit: Visit, order_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = find_order(view, order_id)
    visit.who.must_see("order", order_id, row.buyer_id, row.producer_id)
    return row


def _form(visit: Visit, form: Form, refusal: Refusal | None, placed: int = 0) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        known, _ = search_sites(view, Role.PRODUCER, "", Page(limit=100))
        sites = own_sites(view, party.id)
        owner_of = sites_by_id(view, [one.id for one in known])
    producers = {owner_of[one.id].party: one.party_name for one in known}
    return page(
        visit,
        "order_form.html",
        form=form,
        refusal=refusal,
        producers=sorted(producers.items(), key=lambda one: one[1].casefold()),
        sites=sites,
        rows=_rows(form),
        rows_limit=LINES_SHOWN_LIMIT,
        named=_named,
        placed=placed,
    )


def _order(visit: Visit, order_id: str, form: Form, refusal: Refusal | None) -> Response:
    row = _own(visit, order_id)
    with visit.desk.store.view() as view:
        names = party_names(view, [row.buyer_id, row.producer_id])
        sites = sites_by_id(view, [row.to_site_id])
        shipment = find_shipment(view, row.shipment_id) if row.shipment_id else None
        ride = ride_of(view, shipment) if shipment else None
        from_sites = own_sites(view, row.producer_id) if visit.who.acts_for(row.producer_id) else []
    return page(
        visit,
        "order.html",
        form=form,
        refusal=refusal,
        order=row,
        names=names,
        sites=sites,
        shipment=shipment,
        ride=ride,
        from_sites=from_sites,
        buys=visit.who.acts_for(row.buyer_id),
        sells=visit.who.acts_for(row.producer_id),
        states=ORDERS,
        shipment_states=SHIPMENTS,
        colour=colour,
    )
