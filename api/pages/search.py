"""
Search: carry my crates from here to there on that day. Which rides could, and why the others cannot.

Looking keeps nothing and holds nothing. To bid, the crates are entered as a shipment first.
"""

from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Form, FormFaulty, asked
from api.pages.goods import goods_of
from api.pages.names import has_sites, known_sites, party_names
from api.pages.plain import plain_refusal
from api.pages.press import page
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.offers import Offers, find_offers
from pooling.store import Page, View
from pooling.store.shipments import find_shipment, list_shipments
from pooling.store.sites import sites_by_id
from pooling.store.tours import list_tours

router = APIRouter()


@router.get("/search")
def search(visit: Signed) -> Response:
    form = asked(visit)
    refusal, found = None, None
    try:
        found = _found(visit, form)
    except FormFaulty:
        pass
    except Refusal as refused:
        refusal = refused
    return _search(visit, form, refusal, found)


def _found(visit: Visit, form: Form) -> Offers | None:
    shipment_id = form.value("shipment")[:40]
    if shipment_id:
        return find_offers(visit.desk, visit.who, shipment_id)
    if not form.value("crates"):
        return None
    return find_offers(visit.desk, visit.who, goods_of(visit, form))


def _search(visit: Visit, form: Form, refusal: Refusal | None, found: Offers | None) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        sites = known_sites(view, visit)
        settled = has_sites(view, visit)
        rows, _ = list_shipments(view, [party.id], Page(limit=50))
        open_ones = [row for row in rows if row.state == "open"]
        shipment_id = form.value("shipment")[:40]
        shipment = find_shipment(view, shipment_id) if found and shipment_id else None
        day = shipment.day if shipment else form.day("day", visit.moments.today) if found else None
        tours = _tours(view, day) if day else []
        carriers = party_names(view, [row.carrier_id for row in tours])
        ends = [one for row in open_ones for one in (row.from_site_id, row.to_site_id)]
        named = sites_by_id(view, ends + ([shipment.from_site_id, shipment.to_site_id] if shipment else []))
    return page(
        visit,
        "search.html",
        form=form,
        refusal=refusal,
        found=found,
        reasons=[(one, plain_refusal(visit, one.refusal)) for one in found.others] if found else [],
        shipment=shipment,
        open_ones=open_ones,
        tours=tours,
        carriers=carriers,
        named=named,
        sites=sites,
        settled=settled,
    )


def _tours(view: View, day: date) -> list[Row[Any]]:
    """List the tours of a day that can still be joined: whether the crates fit is said on joining."""
    rows, _ = list_tours(view, Page(limit=20), day=day, state="proposed")
    return [row for row in rows if row.cutoff_at > view.now_at]
