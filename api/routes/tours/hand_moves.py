"""An operator's hands on a tour: looked at first, done, undone; its history."""

from fastapi import APIRouter

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.house import House
from api.routes.tours.tours import TourId
from api.shapes.tours.hand_moves import (
    HandLook,
    HandMoveShown,
    HandWish,
    TourByHand,
    hand_look,
    hand_move_shown,
    tour_by_hand,
)
from api.shapes.words import CHANGES, SIGNED_IN, Listed, refusals
from pooling.desk.hands.hand_moves import (
    look_by_hand,
    move_by_hand,
    seen_by_hand,
    seen_hand_moves,
    undo_by_hand,
)
from pooling.desk.hands.hand_splits import NOT_MADE
from pooling.store.hand_moves import entries_of
from pooling.store.members import names_of

router = APIRouter(tags=["tours"])
ASKED = (
    "tour_closed",
    "hand_unsaid",
    "hours_backwards",
    "hand_fewer_stops",
    "hand_order_impossible",
    "hand_not_aboard",
    "hand_nothing",
    "hand_other_tour",
    "hand_last_aboard",
    "driver_not_theirs",
    "more_than_vehicle",
    "no_rate_card",
    "below_rate_card",
    "room_unsaid",
)
MADE = ("carrier_not_active", "papers_lacking", "vehicle_taken", "outside_area", "week_full")


@router.get(
    "/tours/{tour_id}/by-hand",
    summary="Read a tour's stops and locks",
    operation_id="read_tour_by_hand",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, tour_id: TourId) -> TourByHand:
    """Read the stops of a tour in order, with what is pinned and locked, for its operator."""
    with house.desk.store.view() as view:
        return tour_by_hand(seen_by_hand(house.desk, view, who, tour_id))


@router.post(
    "/tours/{tour_id}/by-hand/look",
    summary="Look at a move by hand",
    operation_id="look_by_hand",
    responses=refusals(*SIGNED_IN, "not_allowed", "not_found", *ASKED),
)
def look(house: TheHouse, who: Who, tour_id: TourId, wish: HandWish) -> HandLook:
    """Read what a move would cost, whose hours and shares it changes, and which promises it would break."""
    return hand_look(look_by_hand(house.desk, who, tour_id, wish.words()), NOT_MADE)


@router.post(
    "/tours/{tour_id}/by-hand",
    status_code=201,
    summary="Move by hand",
    operation_id="move_by_hand",
    responses=refusals(*CHANGES, "revision_needed", *ASKED, *MADE, "hand_breaks_promises"),
)
def move(
    house: TheHouse, who: Who, ask: Wish, tour_id: TourId, wish: HandWish, revision: Revision
) -> HandMoveShown:
    """
    Pin, lock, move, split or merge, until the manifest is frozen; on revisions that you saw.

    Refused with the list where it would break a promise. Who has other hours is told, and nobody else.
    """
    act = move_by_hand(house.desk, who, ask, tour_id, revision, wish.words(), wish.others())
    return _shown(house, act, tour_id)


@router.post(
    "/tours/{tour_id}/by-hand/undo",
    status_code=201,
    summary="Undo the last move by hand",
    operation_id="undo_by_hand",
    responses=refusals(
        *CHANGES,
        "revision_needed",
        "tour_closed",
        "hand_nothing_to_undo",
        "hand_undo_too_late",
        "hand_breaks_promises",
    ),
)
def undo(house: TheHouse, who: Who, ask: Wish, tour_id: TourId, revision: Revision) -> HandMoveShown:
    """Take back the last move on a tour; called again, the one before, while nothing depends on it."""
    return _shown(house, undo_by_hand(house.desk, who, ask, tour_id, revision), tour_id)


@router.get(
    "/tours/{tour_id}/by-hand/moves",
    summary="List moves by hand",
    operation_id="list_hand_moves",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def listed(house: TheHouse, who: Who, tour_id: TourId, page: Paging) -> Listed[HandMoveShown]:
    """List what was done by hand on a tour, by whom and when, newest first, for its operator."""
    with house.desk.store.view() as view:
        rows, after = seen_hand_moves(view, who, tour_id, page)
        names = names_of(view, {row.member_id for row in rows})
    return Listed(items=[hand_move_shown(row, names) for row in rows], next=after)


def _shown(house: House, act: str, tour_id: str) -> HandMoveShown:
    with house.desk.store.view() as view:
        row = next(one for one in entries_of(view, act) if one.tour_id == tour_id)
        return hand_move_shown(row, names_of(view, {row.member_id}))
