"""Shipments on pages: entered, followed, changed, cancelled."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.goods.goods import goods_of
from api.pages.goods.left_over import left_over
from api.pages.goods.rides import ride_of
from api.pages.lists import part_of
from api.pages.market.pickups import STATES as PICKUPS
from api.pages.names import has_sites, known_sites, party_names
from api.pages.press import answer, page
from api.pages.runs.custody import custody_told
from api.pages.states import BIDS, SHIPMENTS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.goods.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.goods.true_prices import knows_true_price
from pooling.desk.market.asked_pickups import seen_pickups
from pooling.desk.runs.calling_off import call_off, leaves_for_nothing
from pooling.desk.runs.custody import seen_custody
from pooling.store import Page
from pooling.store.bids import list_bids
from pooling.store.shipments import find_shipment, list_shipments, seen_shipment
from pooling.store.sites import sites_by_id

router = APIRouter()
PICKUPS_SHOWN = 3

BESIDE = {
    "pickup_is_drop": "to_site",
    "pickup_elsewhere": "from_site",
    "hours_past": "day",
    "too_far_ahead": "day",
    "beyond_next_day": "deliver_by",
}


@router.get("/shipments")
def listed(visit: Signed) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_shipments(view, [party.id], part_of(visit))
        sites = sites_by_id(view, [one for row in rows for one in (row.from_site_id, row.to_site_id)])
    return page(
        visit, "shipments.html", shipments=rows, after=after, sites=sites, states=SHIPMENTS, colour=colour
    )


@router.get("/shipments/new")
def new(visit: Signed) -> Response:
    return _form(visit, asked(visit), None, None)


@router.post("/shipments/new")
def enter(visit: Signed, form: Filled) -> Response:
    """Enter a shipment, then look for its rides."""
    return answer(
        form,
        lambda: enter_shipment(visit.desk, visit.who, form.ask, goods_of(visit, form)),
        then=lambda shipment_id: f"/search?shipment={shipment_id}",
        again=lambda refusal: _form(visit, form, refusal, None),
        said="shipment_entered",
        beside=BESIDE,
    )


@router.get("/shipments/{shipment_id}")
def one(visit: Signed, shipment_id: str) -> Response:
    return _shipment(visit, shipment_id, Form(), None)


@router.get("/shipments/{shipment_id}/change")
def edit(visit: Signed, shipment_id: str) -> Response:
    return _form(visit, Form(), None, _own(visit, shipment_id))


@router.post("/shipments/{shipment_id}/change")
def change(visit: Signed, form: Filled, shipment_id: str) -> Response:
    row = _own(visit, shipment_id)
    return answer(
        form,
        lambda: change_shipment(
            visit.desk, visit.who, form.ask, shipment_id, form.revision, goods_of(visit, form)
        ),
        then=lambda _: f"/shipments/{shipment_id}",
        again=lambda refusal: _form(visit, form, refusal, row),
        said="saved",
        beside=BESIDE,
    )


@router.post("/shipments/{shipment_id}/cancel")
def cancel(visit: Signed, form: Filled, shipment_id: str) -> Response:
    return answer(
        form,
        lambda: cancel_shipment(visit.desk, visit.who, form.ask, shipment_id, form.revision),
        then=lambda _: f"/shipments/{shipment_id}",
        again=lambda refusal: _shipment(visit, shipment_id, form, refusal),
        said="cancelled",
    )


@router.post("/shipments/{shipment_id}/call-off")
def off(visit: Signed, form: Filled, shipment_id: str) -> Response:
    """Call one's own crates off a frozen ride."""
    return answer(
        form,
        lambda: call_off(visit.desk, visit.who, form.ask, shipment_id),
        then=lambda _: f"/shipments/{shipment_id}",
        again=lambda refusal: _shipment(visit, shipment_id, form, refusal),
        said="called_off",
    )


def _own(visit: Visit, shipment_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = find_shipment(view, shipment_id)
    visit.who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
    return row


def _form(visit: Visit, form: Form, refusal: Refusal | None, row: Row[Any] | None) -> Response:
    visit.own_party()
    with visit.desk.store.view() as view:
        sites = known_sites(view, visit)
        settled = has_sites(view, visit)
    return page(
        visit,
        "shipment_form.html",
        form=form,
        refusal=refusal,
        row=row,
        sites=sites,
        settled=settled,
        action=visit.path,
    )


def _shipment(visit: Visit, shipment_id: str, form: Form, refusal: Refusal | None) -> Response:
    """Show a shipment; to the buyer whose order it fills its hours, not what carries it for how much."""
    with visit.desk.store.view() as view:
        row = seen_shipment(view, shipment_id)
        visit.who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id, row.ordered_by_id or "")
        sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
        names = party_names(view, [row.shipper_id, row.payer_id, row.ordered_by_id])
        bids, _ = list_bids(view, list(visit.who.manages), Page(limit=50), shipment_id=shipment_id)
        ride = ride_of(view, row)
        left = left_over(view, visit, row)
        told = custody_told(visit, view, seen_custody(view, visit.who, shipment_id))
        pickups, _ = seen_pickups(view, visit.who, Page(limit=PICKUPS_SHOWN), shipment_id=shipment_id)
        for_nothing = leaves_for_nothing(view, row) if visit.who.acts_for(row.payer_id) else None
    return page(
        visit,
        "shipment.html",
        form=form,
        refusal=refusal,
        row=row,
        sites=sites,
        names=names,
        bids=bids,
        ride=ride,
        left=left,
        told=told,
        for_nothing=for_nothing,
        pickups=pickups,
        pickup_states=PICKUPS,
        knows_price=knows_true_price(visit.who, row),
        sends=visit.who.is_operator or visit.who.acts_for(row.shipper_id) or visit.who.acts_for(row.payer_id),
        states=SHIPMENTS,
        bid_states=BIDS,
        colour=colour,
    )
