"""Pages of proposed tours: a place with its prices and what else there is, and who could drive."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.said import message
from api.pages.states import SIGN_UPS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.tours.choosing_carrier import candidates_now
from pooling.desk.tours.tour_alternatives import alternatives_of, take_alternative
from pooling.desk.tours.tour_standing import place_standing
from pooling.desk.tours.tours import own_tour
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id

router = APIRouter()

WHY = {
    "joined": message("when it joined"),
    "others_joined": message("others joined"),
    "other_left": message("somebody left, and the tour became cheaper"),
    "planned": message("the tour was planned"),
    "own_day": message("your own day changed"),
    "by_hand": message("the operator moved the tour by hand, or took a move back"),
}


@router.get("/sign-ups/{sign_up_id}")
def place(visit: Signed, sign_up_id: str) -> Response:
    return _place(visit, sign_up_id, Form(), None)


@router.post("/sign-ups/{sign_up_id}/take")
def take(visit: Signed, form: Filled, sign_up_id: str) -> Response:
    kind, ride_id = form.value("kind")[:10], form.value("ride")[:40]
    return answer(
        form,
        lambda: take_alternative(visit.desk, visit.who, form.ask, sign_up_id, kind, ride_id),
        then=lambda done: f"/bids/{done}" if kind == "trip" else f"/sign-ups/{done}",
        again=lambda refusal: _place(visit, sign_up_id, form, refusal),
        said="bid_placed" if kind == "trip" else "joined",
    )


@router.get("/tours/{tour_id}/candidates")
def candidates(visit: Signed, tour_id: str) -> Response:
    with visit.desk.store.view() as view:
        row = own_tour(view, visit.who, tour_id)
        found = candidates_now(visit.desk, view, row)
    return page(
        visit,
        "candidates.html",
        tour=row,
        fit=[one for one in found if one.refusal is None],
        others=[(one, plain_refusal(visit, one.refusal)) for one in found if one.refusal is not None],
    )


def _place(visit: Visit, sign_up_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        found = place_standing(view, visit.who, sign_up_id, part_of(visit, 50))
        shipment = find_shipment(view, found.row.shipment_id)
        sites = sites_by_id(view, [shipment.from_site_id, shipment.to_site_id])
        names = party_names(view, [found.tour.operator_id, found.tour.carrier_id])
    others = alternatives_of(visit.desk, visit.who, sign_up_id) if shipment.state == "open" else []
    return page(
        visit,
        "place.html",
        form=form,
        refusal=refusal,
        place=found,
        sign_up=found.row,
        tour=found.tour,
        shipment=shipment,
        sites=sites,
        names=names,
        others=others,
        looks=shipment.state == "open",
        reason=kept_reason(visit, found.row.reason),
        why=WHY,
        states=SIGN_UPS,
        colour=colour,
    )
