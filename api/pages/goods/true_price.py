"""What a shipment truly costs and what carrying it emits; its buyer sees it where its producer wants."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from api.shapes.goods.true_price import green_terms
from geodata.refusal import Refusal
from pooling.desk.goods.true_prices import seen_true_price, share_true_price
from pooling.goods.true_price import NOT_PAID
from pooling.store.sites import sites_by_id

router = APIRouter()

LINES = {
    "goods": message("The goods"),
    "carriage": message("Carriage: its part of the card, or of the owner's costs"),
    "fee": message("Carriage: its part of the platform's fee"),
    "loading": message("Labour of its sender: loading"),
    "carbon": message("Carbon, at the price of this house"),
}


@router.get("/shipments/{shipment_id}/true-price")
def told(visit: Signed, shipment_id: str) -> Response:
    return _price(visit, shipment_id, Form(), None)


@router.post("/shipments/{shipment_id}/true-price")
def share(visit: Signed, form: Filled, shipment_id: str) -> Response:
    """Show it to the buyer, or no longer."""
    shared = form.value("shared") == "yes"
    return answer(
        form,
        lambda: share_true_price(visit.desk, visit.who, form.ask, shipment_id, shared=shared),
        then=lambda _: f"/shipments/{shipment_id}/true-price",
        again=lambda refusal: _price(visit, shipment_id, form, refusal),
        said="saved",
    )


def _price(visit: Visit, shipment_id: str, form: Form, refusal: Refusal | None) -> Response:
    terms = green_terms(visit.house.settings)
    seen = seen_true_price(visit.desk, visit.who, shipment_id, terms)
    with visit.desk.store.view() as view:
        sites = sites_by_id(view, [seen.row.from_site_id, seen.row.to_site_id])
    return page(
        visit,
        "true_price.html",
        form=form,
        refusal=refusal,
        row=seen.row,
        seen=seen,
        sites=sites,
        lines=LINES,
        not_paid=NOT_PAID,
        reference_m=terms.reference_m,
    )
