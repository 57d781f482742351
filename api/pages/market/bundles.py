"""
Bids that belong together, on pages: all or none on one trip, or only one of several.

What is ticked on the page of shipments or of a search is carried here by its address; the amounts are
asked, and all is bid for at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.market.bids import asks_to_mean_it, must_mean_it, said_with
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.bundle_offers import offers_for_all
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.offer import Offer
from pooling.desk.market.offers import find_offers
from pooling.desk.market.placing import BidTerms
from pooling.market.lot import BUNDLE_LIMIT
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id

router = APIRouter()

KINDS = {
    "all": message("All of them on one trip, or none"),
    "any": message("Only one of them is to ride"),
}
"""How bids belong together; the words are the heading of the page."""


@dataclass(frozen=True)
class Line:
    """Hold one bid to be placed: its crates, and the rides to choose from, the best first."""

    shipment: Row[Any]
    offers: tuple[Offer, ...]


@router.get("/bundles/new")
def new(visit: Signed) -> Response:
    return _bundle(visit, asked(visit), None)


@router.post("/bundles/new")
def place(visit: Signed, form: Filled) -> Response:
    return answer(
        form,
        lambda: place_bundle(visit.desk, visit.who, form.ask, _words(visit, form)),
        then=lambda _: "/bids",
        again=lambda refusal: _bundle(visit, form, refusal),
        said="bundle_placed",
    )


def _words(visit: Visit, form: Form) -> BundleWords:
    together = _kind(form) == "all"
    bids = []
    for number in range(1, BUNDLE_LIMIT + 1):
        shipment_id = form.value(f"shipment_{number}")[:40]
        if shipment_id:
            trip_id = form.text("trip" if together else f"trip_{number}", limit=40)
            bids.append(BidWords(trip_id, shipment_id, form.cents(f"most_{number}")))
    message, expires_at = said_with(visit, form)
    form.check()
    _must_mean_it(form, bids, together=together)
    terms = BidTerms(message, expires_at, cover=form.value("cover")[:20], above_alone=form.ticked("sure"))
    return BundleWords("all" if together else "any", tuple(bids), terms)


def _must_mean_it(form: Form, bids: Sequence[BidWords], *, together: bool) -> None:
    """Ask whoever bids more than driving alone would cost it: for all of them together, or for one."""
    if together:
        must_mean_it(form, sum(one.most_cents for one in bids), form.value(f"alone_{bids[0].trip_id}"))
        return
    for number, one in enumerate(bids, 1):
        must_mean_it(form, one.most_cents, form.value(f"alone_{number}_{one.trip_id}"))


def _kind(form: Form) -> str:
    return "any" if form.value("kind") == "any" else "all"


def _picked(form: Form, prefix: str) -> list[str]:
    """Return the ids of what was ticked, by the names of the boxes: at most as many as a bundle holds."""
    return [name.removeprefix(prefix)[:40] for name in form.fields if name.startswith(prefix)][:BUNDLE_LIMIT]


def _bundle(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    visit.own_party()
    kind, picked = _kind(form), _picked(form, "pick_")
    with visit.desk.store.view() as view:
        rows = [find_shipment(view, one) for one in picked]
        for row in rows:
            visit.who.must_see("shipment", row.id, row.shipper_id, row.payer_id)
        sites = sites_by_id(view, [end for row in rows for end in (row.from_site_id, row.to_site_id)])
        together = kind == "all" and len(rows) > 1
        shared = offers_for_all(visit.desk, view, visit.who, picked) if together else []
    lines = [Line(row, ()) for row in rows] if kind == "all" else _lines(visit, rows, _picked(form, "ride_"))
    return page(
        visit,
        "bundle.html",
        form=form,
        refusal=refusal,
        kind=kind,
        title=KINDS[kind],
        lines=lines,
        shared=shared,
        sites=sites,
        may_bid=len(lines) > 1 and (bool(shared) if kind == "all" else all(one.offers for one in lines)),
        ticked=[name for name in form.fields if name.startswith(("pick_", "ride_"))],
        limit=BUNDLE_LIMIT,
        above_alone=asks_to_mean_it(refusal),
    )


def _lines(visit: Visit, rows: Sequence[Row[Any]], rides: Sequence[str]) -> Sequence[Line]:
    """Return a line for each shipment that was ticked; or for each ride, where rides of one were."""
    lines = []
    for row in rows:
        found = find_offers(visit.desk, visit.who, row.id)
        lines.append(Line(row, tuple(one for one in found.rides if one.kind == "trip")))
    if len(lines) == 1:
        (line,) = lines
        return [Line(line.shipment, (one,)) for one in line.offers if one.ride_id in rides]
    return lines
