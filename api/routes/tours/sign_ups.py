"""Sign-ups: places of shipments on tours."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.tours.tours import TourId
from api.shapes.tours.share_proofs import ShareProofsShown, share_proofs_shown
from api.shapes.tours.sign_ups import GroupWish, JoinWish
from api.shapes.tours.tours import SignUpShown, sign_up_shown
from api.shapes.words import ROADS, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.tours.company import join_together
from pooling.desk.tours.share_proofs import prove_shares
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.store.tours import find_sign_up, find_tour, list_sign_ups, places_of

router = APIRouter(tags=["sign-ups"])
SignUpId = Annotated[Id, Path(description="The sign-up.", examples=["signup_01hg0000abcd"])]
NO_PLACE = (
    "tour_without_carrier",
    "outside_area",
    "outside_tour_area",
    "adds_more_than_it_pays",
    "too_many_wait",
    "too_late_to_be_fresh",
    "tour_closed",
    "cutoff_passed",
    "shipment_not_open",
    "members_only",
    "pair_blocked",
    "cover_not_accepted",
    "other_day",
    "hours_impossible",
    "no_room",
    "no_compartment",
    "no_tail_lift",
    "drop_hours_missed",
    "pickup_hours_missed",
    "price_too_low",
    "promise_would_break",
    "vehicle_off_duty",
    "does_not_fit",
    "route_full",
    "riding_dearer_than_alone",
)


@router.post(
    "/tours/{tour_id}/sign-ups",
    status_code=201,
    summary="Join a tour",
    operation_id="join_tour",
    responses=refusals(*WRITES, "not_found", *NO_PLACE),
)
def join(house: TheHouse, who: Who, ask: Wish, tour_id: TourId, wish: JoinWish) -> SignUpShown:
    """
    Put a shipment that you pay for on a tour: proposed, or confirmed and not frozen yet.

    It has its place at once where it fits, with the hours between which it is served and its share, which
    never rises; else the answer names what is in the way and the smallest change that would do. A newcomer
    pays at least what it adds (on some tours only once they are paid): else it is refused, or with `wait`
    joined as soon as it fits.
    """
    return _shown(house, join_tour(house.desk, who, ask, tour_id, wish.shipment, wish.cover, wait=wish.wait))


@router.post(
    "/tours/{tour_id}/group-sign-ups",
    status_code=201,
    summary="Join a tour together",
    operation_id="join_tour_together",
    responses=refusals(*WRITES, "not_found", *NO_PLACE),
)
def join_in_company(
    house: TheHouse, who: Who, ask: Wish, tour_id: TourId, wish: GroupWish
) -> Listed[SignUpShown]:
    """
    Put several shipments on a proposed tour, all or none: what they add together they pay together.

    So those ride who would each be refused for what it adds by itself.
    """
    join_together(house.desk, who, ask, tour_id, wish.shipments, wish.cover)
    with house.desk.store.view() as view:
        places = places_of(view, wish.shipments)
    return Listed(items=[sign_up_shown(places[one]) for one in wish.shipments if one in places], next="")


@router.get(
    "/tours/{tour_id}/sign-ups",
    summary="List a tour's sign-ups",
    operation_id="list_sign_ups",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def listed(house: TheHouse, who: Who, tour_id: TourId, page: Paging) -> Listed[SignUpShown]:
    """List your own sign-ups of a tour; an operator sees all."""
    with house.desk.store.view() as view:
        find_tour(view, tour_id)
        rows, after = list_sign_ups(view, tour_id, None if who.is_operator else who.manages, page)
    return Listed(items=[sign_up_shown(row) for row in rows], next=after)


@router.get(
    "/tours/{tour_id}/share-proofs",
    summary="Prove a tour's shares",
    operation_id="prove_shares",
    responses=refusals(*SIGNED_IN, "not_found", *ROADS),
)
def proofs(house: TheHouse, who: Who, tour_id: TourId) -> ShareProofsShown:
    """
    Show what each share of yours rests on; the tour's operator sees those of all.

    Alone, cap, card and fee, what it adds, the way driven for it, the group with which it could complain
    most (in the tour's own order and, of up to ten payers, by every group's best plan), and what the Shapley
    value would ask within the same caps.
    """
    return share_proofs_shown(prove_shares(house.desk, who, tour_id))


@router.post(
    "/sign-ups/{sign_up_id}/leave",
    summary="Leave a tour",
    operation_id="leave_tour",
    responses=refusals(*WRITES, "not_found", "tour_closed", "cutoff_passed", "not_aboard"),
)
def leave(house: TheHouse, who: Who, ask: Wish, sign_up_id: SignUpId) -> SignUpShown:
    """Take a shipment off a tour before its cut-off; it is open again, and nobody owes more."""
    return _shown(house, leave_tour(house.desk, who, ask, sign_up_id))


def _shown(house: TheHouse, sign_up_id: str) -> SignUpShown:
    with house.desk.store.view() as view:
        return sign_up_shown(find_sign_up(view, sign_up_id))
