"""
Search: carry my crates from here to there on that day. Which rides could, and why the others cannot.

Looking keeps nothing and holds nothing. To bid, the crates are entered as a shipment first.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, FormFaulty, asked
from api.pages.goods.goods import goods_of
from api.pages.names import has_sites, known_sites, party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.offer import Offers, Sort
from pooling.desk.market.offers import find_offers
from pooling.desk.market.quotes import quote_offer
from pooling.desk.market.searches import SEARCHES_LIMIT
from pooling.ledger.reciprocity import MUTUAL
from pooling.store import Page, View
from pooling.store.quotes import list_quotes
from pooling.store.searches import list_searches
from pooling.store.shipments import find_shipment, list_shipments
from pooling.store.sites import sites_by_id
from pooling.store.tours import list_tours

router = APIRouter()

SORTS: Mapping[Sort, str] = {
    "price": message("the lowest price"),
    "hour": message("the earliest delivery"),
    "detour": message("the shortest detour"),
}
SHOWN_USUAL, SHOWN_LIMIT = 10, 50


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
    return search_page(visit, form, refusal, found)


@router.post("/quotes/new")
def hold(visit: Signed, form: Filled) -> Response:
    """Hold the price of an offer, and show the search again with it."""
    trip_id, shipment_id = form.value("trip")[:40], form.value("shipment")[:40]
    return answer(
        form,
        lambda: quote_offer(visit.desk, visit.who, form.ask, trip_id, shipment_id),
        then=lambda _: f"/search?shipment={shipment_id}",
        again=lambda refusal: search_page(visit, Form(), refusal, None),
        said="price_held",
    )


def _found(visit: Visit, form: Form) -> Offers | None:
    shipment_id = form.value("shipment")[:40]
    if shipment_id:
        return find_offers(visit.desk, visit.who, shipment_id, sort=_sort(form))
    if not form.value("crates"):
        return None
    return find_offers(visit.desk, visit.who, goods_of(visit, form), sort=_sort(form))


def _sort(form: Form) -> Sort:
    given = form.value("sort", "price")
    return next((one for one in SORTS if one == given), "price")


def _shown(form: Form) -> int:
    given = form.value("shown")
    return min(int(given), SHOWN_LIMIT) if re.fullmatch(r"[1-9]\d?", given) else SHOWN_USUAL


def search_page(visit: Visit, form: Form, refusal: Refusal | None, found: Offers | None) -> Response:
    """Show the search with what was typed, what was found, and what was refused."""
    party = visit.own_party()
    with visit.desk.store.view() as view:
        sites = known_sites(view, visit)
        settled = has_sites(view, visit)
        rows, _ = list_shipments(view, [party.id], Page(limit=50))
        open_ones = [row for row in rows if row.state == "open"]
        shipment_id = form.value("shipment")[:40]
        shipment = find_shipment(view, shipment_id) if found and shipment_id else None
        day = shipment.day if shipment else form.day("day", visit.moments.today) if found else None
        offered = _ride_ids(found)
        tours = [one for one in _tours(view, day) if one.id not in offered] if day else []
        kept, _ = list_searches(view, [party.id], Page(limit=SEARCHES_LIMIT))
        quotes = _quotes(view, party.id, shipment_id) if shipment else {}
        carriers = party_names(view, [row.carrier_id for row in tours])
        ends = [one for row in open_ones for one in (row.from_site_id, row.to_site_id)]
        ends += [one for row in kept for one in (row.from_site_id, row.to_site_id)]
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
        places=dict(sites),
        day=day,
        settled=settled,
        quotes=quotes,
        kept=kept,
        mutual=MUTUAL,
        sorts=SORTS,
        sort=_sort(form),
        shown=_shown(form),
    )


def _ride_ids(found: Offers | None) -> set[str]:
    return {one.ride_id for one in found.rides} | {one.ride_id for one in found.others} if found else set()


def _quotes(view: View, party_id: str, shipment_id: str) -> dict[str, Row[Any]]:
    """Return the newest quote that holds for a shipment on each trip."""
    rows, _ = list_quotes(view, [party_id], Page(limit=50), shipment_id=shipment_id)
    return {row.trip_id: row for row in reversed(rows)}


def _tours(view: View, day: date) -> list[Row[Any]]:
    """List the tours of a day that can still be joined: whether the crates fit is said on joining."""
    rows, _ = list_tours(view, Page(limit=20), day=day, state="proposed")
    return [row for row in rows if row.cutoff_at > view.now_at]
