"""Proposed tours: how they stand, who could drive, and what a place was told."""

from fastapi import APIRouter

from api.asking import Paging, TheHouse, Who
from api.problem import problem_of
from api.routes.tours.sign_ups import SignUpId
from api.routes.tours.tours import TourId
from api.shapes.tours.proposals import (
    DriverCandidate,
    PlaceShown,
    TourStands,
    candidate_shown,
    place_shown,
    tour_stands,
)
from api.shapes.words import ROADS, SIGNED_IN, Listed, refusals
from api.spoken import Spoken
from pooling.desk.tours.choosing_carrier import candidates_now
from pooling.desk.tours.tour_standing import place_standing, tour_standing
from pooling.desk.tours.tours import own_tour

router = APIRouter(tags=["tours"])


@router.get(
    "/tours/{tour_id}/standing",
    summary="Read how a tour stands",
    operation_id="read_standing",
    responses=refusals(*SIGNED_IN, "not_found", "not_allowed"),
)
def standing(house: TheHouse, who: Who, tour_id: TourId) -> TourStands:
    """Read what a tour costs as planned now, what its shares cover, and what it still needs."""
    with house.desk.store.view() as view:
        return tour_stands(tour_standing(view, who, tour_id))


@router.get(
    "/tours/{tour_id}/candidates",
    summary="List who could drive a tour",
    operation_id="list_candidates",
    responses=refusals(*SIGNED_IN, "not_found", "not_allowed", *ROADS),
)
def candidates(house: TheHouse, who: Who, tour_id: TourId, say: Spoken) -> Listed[DriverCandidate]:
    """List the vetted carriers by what the plan costs with each, then why the others fall out."""
    with house.desk.store.view() as view:
        row = own_tour(view, who, tour_id)
        found = candidates_now(house.desk, view, row)
    items = [candidate_shown(one, problem_of(one.refusal, say) if one.refusal else None) for one in found]
    return Listed(items=items, next="")


@router.get(
    "/sign-ups/{sign_up_id}",
    summary="Read how a place on a tour stands",
    operation_id="read_place",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def place(house: TheHouse, who: Who, sign_up_id: SignUpId, page: Paging) -> PlaceShown:
    """Read the prices that a place was told, and with how many more stops its share would fall."""
    with house.desk.store.view() as view:
        return place_shown(place_standing(view, who, sign_up_id, page))
