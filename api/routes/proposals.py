"""Proposed tours: how they stand, who could drive, what a place was told, and what else could be taken."""

from fastapi import APIRouter

from api.asking import Paging, TheHouse, Who, Wish
from api.problem import problem_of
from api.routes.bids import NO_RIDE
from api.routes.sign_ups import NO_PLACE, SignUpId
from api.routes.tours import TourId
from api.shapes.proposals import (
    DriverCandidate,
    OtherRideWish,
    PlaceShown,
    RidesElsewhere,
    Taken,
    TourStands,
    candidate_shown,
    place_shown,
    ride_elsewhere,
    tour_stands,
)
from api.shapes.words import ROADS, SIGNED_IN, WRITES, Listed, refusals
from api.spoken import Spoken
from pooling.desk.tours.choosing_carrier import candidates_now
from pooling.desk.tours.tour_alternatives import alternatives_of, take_alternative
from pooling.desk.tours.tour_standing import place_standing, tour_standing
from pooling.desk.tours.tours import own_tour

router = APIRouter(tags=["tours"])
TAKEN = tuple(dict.fromkeys((*NO_PLACE, *NO_RIDE, "bid_stands", "too_many_bids", "ordered_for_day")))


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


@router.get(
    "/sign-ups/{sign_up_id}/alternatives",
    summary="List where else a shipment could ride",
    operation_id="list_other_rides",
    responses=refusals(*SIGNED_IN, "not_found", *ROADS),
)
def alternatives(house: TheHouse, who: Who, sign_up_id: SignUpId) -> RidesElsewhere:
    """
    List the nearest other rides for a shipment that a tour did not take.

    Tours and trips of its own day, then the proposed tours of the days around. `take` takes one of them.
    """
    found = alternatives_of(house.desk, who, sign_up_id)
    return RidesElsewhere(items=[ride_elsewhere(one) for one in found])


@router.post(
    "/sign-ups/{sign_up_id}/take",
    status_code=201,
    summary="Take another ride",
    operation_id="take_other_ride",
    responses=refusals(*WRITES, "not_found", *TAKEN),
)
def take(house: TheHouse, who: Who, ask: Wish, sign_up_id: SignUpId, wish: OtherRideWish) -> Taken:
    """
    Put the shipment of a sign-up on another ride, at what it costs as shown now.

    On a tour of another day the shipment moves to that day, at the same hours.
    """
    done = take_alternative(house.desk, who, ask, sign_up_id, wish.kind, wish.ride)
    return Taken(kind="bid" if wish.kind == "trip" else "sign_up", id=done)
