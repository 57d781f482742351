"""Pages of proposed tours: a place with its prices and what else there is, and who could drive."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.market.bids import stars_and_note
from api.pages.market.other_ways import CHANGES
from api.pages.names import party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.said import message
from api.pages.states import SIGN_UPS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.other_ways import HOURS, other_ways
from pooling.desk.people.trust import may_review_place, review_place
from pooling.desk.tours.choosing_carrier import candidates_now
from pooling.desk.tours.tour_standing import place_standing
from pooling.desk.tours.tours import own_tour
from pooling.store.proposals import Why
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id

router = APIRouter()

WHY: dict[Why, str] = {
    "joined": message("when it joined"),
    "others_joined": message("others joined"),
    "own_place": message("another place of yours joined, and parts of the cost moved to it"),
    "own_left": message("a place of yours left or became smaller"),
    "others_day": message("somebody else's day changed"),
    "other_left": message("somebody left, and the tour became cheaper"),
    "planned": message("the tour was planned"),
    "own_day": message("your own day changed"),
    "by_hand": message("the operator moved the tour by hand, or took a move back"),
}


@router.get("/sign-ups/{sign_up_id}")
def place(visit: Signed, sign_up_id: str) -> Response:
    return _place(visit, sign_up_id, Form(), None)


@router.post("/sign-ups/{sign_up_id}/review")
def review(visit: Signed, form: Filled, sign_up_id: str) -> Response:
    """Write about the carrier of a tour that has handed over one's crates."""

    def do() -> str:
        stars, note = stars_and_note(form)
        return review_place(visit.desk, visit.who, form.ask, sign_up_id, stars, note)

    return answer(
        form,
        do,
        then=lambda _: f"/sign-ups/{sign_up_id}",
        again=lambda refusal: _place(visit, sign_up_id, form, refusal),
        said="reviewed",
    )


def _place(visit: Visit, sign_up_id: str, form: Form, refusal: Refusal | None) -> Response:
    """Show a place: what it pays and when; where it was turned away or has left, what else there is."""
    with visit.desk.store.view() as view:
        found = place_standing(view, visit.who, sign_up_id, part_of(visit, 50))
        shipment = find_shipment(view, found.row.shipment_id)
        sites = sites_by_id(view, [shipment.from_site_id, shipment.to_site_id])
        names = party_names(view, [found.tour.operator_id, found.tour.carrier_id])
        may_review = may_review_place(view, visit.who, found.row, found.tour.carrier_id)
    looks = shipment.state == "open"
    return page(
        visit,
        "place.html",
        form=form,
        refusal=refusal,
        may_review=may_review,
        place=found,
        sign_up=found.row,
        tour=found.tour,
        shipment=shipment,
        sites=sites,
        names=names,
        ways=other_ways(visit.desk, visit.who, shipment.id).ways if looks else None,
        pays=visit.who.acts_for(shipment.payer_id),
        changes=CHANGES,
        hours=HOURS,
        reason=kept_reason(visit, found.row.reason),
        why=WHY,
        states=SIGN_UPS,
        colour=colour,
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
