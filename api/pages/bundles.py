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
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.offer import Offer
from pooling.desk.offers import find_offers
from pooling.lot import BUNDLE_LIMIT
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
        lambda: place_bundle(visit.desk, visit.who, form.ask, _words(form)),
        then=lambda _: "/bids",
        again=lambda refusal: _bundle(visit, form, refusal),
        said="bundle_placed",
    )


def _words(form: Form) -> BundleWords:
    together = _kind(form) == "all"
    bids = []
    for number in range(1, BUNDLE_LIMIT + 1):
        shipment_id = form.value(f"shipment_{number}")[:40]
        if shipment_id:
            trip_id = form.text("trip" if together else f"trip_{number}", limit=40)
            bids.append(BidWords(trip_id, shipment_id, form.cents(f"most_{number}")))
    form.check()
    return BundleWords("all" if together else "any", tuple(bids))


def _kind(form: Form) -> str:
    return "any" if form.value("kind") == "any" else "all"


def _picked(form: Form, prefix: str) -> list[str]:
    """Return the ids of what was ticked, by the names of the boxes: at most as many as a bundle holds."""
    return [name.removeprefix(prefix)[:40] for name in form.fields if name.startswith(prefix)][:BUNDLE_LIMIT]


def _bundle(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    visit.own_party()
    lines = _lines(visit, form)
    kind = _kind(form)
    shared = _shared(lines) if kind == "all" else []
    with visit.desk.store.view() as view:
        ends = [end for one in lines for end in (one.shipment.from_site_id, one.shipment.to_site_id)]
        sites = sites_by_id(view, ends)
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
        picked=[name for name in form.fields if name.startswith(("pick_", "ride_"))],
        limit=BUNDLE_LIMIT,
    )


def _lines(visit: Visit, form: Form) -> Sequence[Line]:
    """Return a line for each shipment that was ticked; or for each ride, where rides of one were."""
    lines = []
    for shipment_id in _picked(form, "pick_"):
        with visit.desk.store.view() as view:
            row = find_shipment(view, shipment_id)
        found = find_offers(visit.desk, visit.who, shipment_id)
        lines.append(Line(row, tuple(one for one in found.rides if one.kind == "trip")))
    rides = _picked(form, "ride_")
    if len(lines) == 1 and rides:
        (line,) = lines
        return [Line(line.shipment, (one,)) for one in line.offers if one.ride_id in rides]
    return lines


def _shared(lines: Sequence[Line]) -> list[tuple[Offer, int]]:
    """Return the trips on which each of the shipments could ride by itself, and what all would pay."""
    if len(lines) < 2:
        return []
    by_line = [{one.ride_id: one for one in line.offers} for line in lines]
    first, others = by_line[0], by_line[1:]
    return [
        (offer, sum(each[ride_id].price_cents for each in by_line))
        for ride_id, offer in first.items()
        if all(ride_id in each for each in others)
    ]
