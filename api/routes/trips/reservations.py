"""Room reserved on trips before its goods are named."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import NONSENSE
from api.routes.market.bids import NO_RIDE, all_bids_shown
from api.routes.trips.trips import TripId
from api.shapes.market.bids import BID, BidShown
from api.shapes.trips.reservations import NamingWish, RoomWish
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.trips.naming_goods import name_goods
from pooling.desk.trips.reserving import release_room, reservation_of, reserve_room
from pooling.store.bids import find_bid
from pooling.store.reservations import list_reservations

router = APIRouter(tags=["reservations"])
ReservationId = Annotated[Id, Path(description="The reservation: the bid that asked for it.", examples=[BID])]
UNLIKE = ("goods_unclear", "goods_unlike_room", "kind_not_carried")
OVER = ("reservation_closed", "naming_over", "trip_not_open", "cutoff_passed", "trip_impossible")


@router.post(
    "/trips/{trip_id}/reservations",
    status_code=201,
    summary="Reserve room",
    operation_id="reserve_room",
    responses=refusals(
        *WRITES,
        "not_found",
        "no_room_held",
        "held_enough",
        "naming_over",
        "too_many_reservations",
        "bid_stands",
        "too_many_bids",
        "expiry_past",
        *NONSENSE,
        *(code for code in NO_RIDE if code != "hours_impossible"),
    ),
)
def reserve(house: TheHouse, who: Who, ask: Wish, trip_id: TripId, wish: RoomWish) -> BidShown:
    """
    Reserve room on a trip before you know what you will send: a bid for crates without goods.

    It is answered like a bid, and its room is sold to nobody else. Name the goods until `name_by`, 2 hours
    before the trip's cut-off; what is not named by then is given back. How much of a trip may be held
    so is its owner's choice (`reserve_percent`).
    """
    placed = reserve_room(house.desk, who, ask, trip_id, wish.words(), wish.most_cents, wish.terms())
    return _shown(house, who, placed)


@router.get(
    "/reservations",
    summary="List reservations",
    operation_id="list_reservations",
    responses=refusals(*SIGNED_IN),
)
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    trip: Annotated[
        Id | None, Query(description="Only those on this trip.", examples=["trip_01hg0000abcd"])
    ] = None,
) -> Listed[BidShown]:
    """List the room that your parties reserved, and what is reserved on their trips; an operator sees all."""
    parties = None if who.is_operator else who.manages
    with house.desk.store.view() as view:
        rows, after = list_reservations(view, parties, page, trip_id=trip or "")
        return Listed(items=all_bids_shown(view, who, rows), next=after)


@router.get(
    "/reservations/{reservation_id}",
    summary="Read a reservation",
    operation_id="read_reservation",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, reservation_id: ReservationId, response: Response) -> BidShown:
    """Read a reservation of yours, or one on your own trip; once its goods are named it shows them."""
    with house.desk.store.view() as view:
        row = reservation_of(view, who, reservation_id)
        response.headers["ETag"] = f'"{row.revision}"'
        return all_bids_shown(view, who, [row])[0]


@router.post(
    "/reservations/{reservation_id}/name",
    summary="Name the goods",
    operation_id="name_goods",
    responses=refusals(
        *CHANGES,
        "goods_unclear",
        "goods_unlike_room",
        "kind_not_carried",
        "shipment_not_open",
        *NONSENSE,
        *OVER,
    ),
)
def name(
    house: TheHouse, who: Who, ask: Wish, reservation_id: ReservationId, wish: NamingWish, revision: Revision
) -> BidShown:
    """
    Name the goods that ride in the room that you hold: a shipment of yours, or crates that are entered by it.

    At most so many crates and kg, of the same class, between the same places, within the promised
    hours. The rest of the room is given back; the price stays as it was agreed for the room.
    """
    return _shown(house, who, name_goods(house.desk, who, ask, reservation_id, revision, wish.words()))


@router.post(
    "/reservations/{reservation_id}/release",
    summary="Release room",
    operation_id="release_room",
    responses=refusals(*CHANGES, "bid_closed", *OVER),
)
def release(
    house: TheHouse, who: Who, ask: Wish, reservation_id: ReservationId, revision: Revision
) -> BidShown:
    """
    Give back room that you reserved, before its goods are named.

    Nothing is owed, but for what leaving any trip may owe: see withdrawing a bid.
    """
    return _shown(house, who, release_room(house.desk, who, ask, reservation_id, revision))


def _shown(house: TheHouse, who: Actor, bid_id: str) -> BidShown:
    with house.desk.store.view() as view:
        return all_bids_shown(view, who, [find_bid(view, bid_id)])[0]
