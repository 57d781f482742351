"""Pickups asked for, on pages: asked from a search in one click, withdrawn where its shipment is shown."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.goods.goods import goods_of
from api.pages.market.search import search_page
from api.pages.press import answer, go
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.asked_pickups import ask_for_pickup, withdraw_pickup
from pooling.store.pickups import find_pickup

router = APIRouter()

STATES = {
    "asked": message("Asked for: whoever plans the day sees it."),
    "suggested": message("A planned tour has a place for it."),
    "riding": message("Its crates ride."),
    "lapsed": message("Nobody drove that way in time."),
    "cancelled": message("Its crates were cancelled."),
    "withdrawn": message("You withdrew it."),
}


@router.post("/pickups/new")
def ask(visit: Signed, form: Filled) -> Response:
    """Ask for a pickup of crates that stand as a shipment, or that were only looked for."""
    return answer(
        form,
        lambda: ask_for_pickup(
            visit.desk, visit.who, form.ask, form.value("shipment")[:40] or goods_of(visit, form)
        ),
        then=lambda pickup_id: f"/shipments/{_shipment_of(visit, pickup_id)}",
        again=lambda refusal: _again(visit, form, refusal),
        said="pickup_asked",
    )


@router.post("/pickups/{pickup_id}/withdraw")
def withdraw(visit: Signed, form: Filled, pickup_id: str) -> Response:
    return answer(
        form,
        lambda: withdraw_pickup(visit.desk, visit.who, form.ask, pickup_id, form.revision),
        then=lambda _: f"/shipments/{_shipment_of(visit, pickup_id)}",
        again=lambda _: go("/shipments"),
        said="withdrawn",
    )


def _shipment_of(visit: Visit, pickup_id: str) -> str:
    with visit.desk.store.view() as view:
        return str(find_pickup(view, pickup_id).shipment_id)


def _again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    """Go back to the shipment; what was only looked for is shown again with why: nothing is typed anew."""
    shipment_id = form.value("shipment")[:40]
    if shipment_id:
        return go(f"/shipments/{shipment_id}", "pickup_not_asked")
    return search_page(visit, form, refusal, None)
