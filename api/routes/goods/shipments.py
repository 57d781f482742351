"""Shipments: crates to be carried."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.goods.shipments import LoadNamed, LoadWish, ShipmentShown, ShipmentWish, shipment_shown
from api.shapes.market.rematches import RematchShown, rematch_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.goods.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.market.rematching import seen_rematches
from pooling.desk.runs.calling_off import call_off
from pooling.desk.runs.naming_loads import name_load
from pooling.store.shipments import find_shipment, list_shipments, seen_shipment

router = APIRouter(tags=["shipments"])
ShipmentId = Annotated[Id, Path(description="The shipment.", examples=["shp_01hg0000abcd"])]
NONSENSE = (
    "pickup_is_drop",
    "pickup_elsewhere",
    "outside_site_hours",
    "site_closed",
    "hours_backwards",
    "beyond_next_day",
    "hours_past",
    "hours_impossible",
    "too_far_ahead",
)


@router.post(
    "/shipments",
    status_code=201,
    summary="Enter a shipment",
    operation_id="enter_shipment",
    responses=refusals(*WRITES, "not_found", *NONSENSE),
)
def enter(house: TheHouse, who: Who, ask: Wish, wish: ShipmentWish) -> ShipmentShown:
    """
    Enter crates to be carried; then look for offers, bid, or join a tour.

    Hours are narrowed to those in which somebody is at both sites. What nobody could carry in its
    hours, not even its payer alone, is refused.
    """
    return _shown(house, enter_shipment(house.desk, who, ask, wish.words(house.desk)))


@router.get(
    "/shipments", summary="List shipments", operation_id="list_shipments", responses=refusals(*SIGNED_IN)
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[ShipmentShown]:
    """List what your parties send, pay for or have ordered; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_shipments(view, None if who.is_operator else who.manages, page)
    return Listed(items=[shipment_shown(row) for row in rows], next=after)


@router.get(
    "/shipments/{shipment_id}",
    summary="Read a shipment",
    operation_id="read_shipment",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, shipment_id: ShipmentId, response: Response) -> ShipmentShown:
    """Read a shipment that you send, pay for or have ordered."""
    with house.desk.store.view() as view:
        row = seen_shipment(view, shipment_id)
    who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id, row.ordered_by_id or "")
    response.headers["ETag"] = f'"{row.revision}"'
    return shipment_shown(row)


@router.put(
    "/shipments/{shipment_id}",
    summary="Change a shipment",
    operation_id="change_shipment",
    responses=refusals(*CHANGES, "shipment_not_open", *NONSENSE),
)
def change(
    house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: ShipmentWish, revision: Revision
) -> ShipmentShown:
    """Change a shipment that nothing carries yet. Bids for it that wait for an answer are withdrawn."""
    return _shown(house, change_shipment(house.desk, who, ask, shipment_id, revision, wish.words(house.desk)))


@router.post(
    "/shipments/{shipment_id}/cancel",
    summary="Cancel a shipment",
    operation_id="cancel_shipment",
    responses=refusals(*CHANGES, "shipment_not_open", "cancelled_already"),
)
def cancel(
    house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, revision: Revision
) -> ShipmentShown:
    """Cancel a shipment that nothing carries; withdraw it from its ride first where something does."""
    return _shown(house, cancel_shipment(house.desk, who, ask, shipment_id, revision))


@router.post(
    "/shipments/{shipment_id}/call-off",
    summary="Call a shipment off its frozen ride",
    operation_id="call_off_shipment",
    responses=refusals(
        *WRITES, "not_found", "not_on_frozen_ride", "not_on_manifest", "aboard_already", "too_many_editions"
    ),
)
def call_crates_off(house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId) -> ShipmentShown:
    """
    Call your crates off a frozen ride that has not collected them; they are open again.

    It costs nothing where the vehicle is so late that their hours are not kept. Else you owe what the terms
    of a trip say, and your share of a tour.
    """
    return _shown(house, call_off(house.desk, who, ask, shipment_id))


@router.put(
    "/shipments/{shipment_id}/goods",
    summary="Name the goods of a shipment that rides",
    operation_id="name_load",
    responses=refusals(*WRITES, "not_found", "goods_settled"),
)
def named(house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: LoadWish) -> LoadNamed:
    """
    Say what crates hold that ride and whose goods nobody named: a vehicle for hire needs it to set out.

    As who sends or pays for them, or as who is to drive them. Said once, it stands.
    """
    return LoadNamed(shipment=name_load(house.desk, who, ask, shipment_id, wish.goods), goods=wish.goods)


@router.get(
    "/shipments/{shipment_id}/rematches",
    summary="List what a cancelled trip's crates found",
    operation_id="list_rematches",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def rematches(house: TheHouse, who: Who, shipment_id: ShipmentId, page: Paging) -> Listed[RematchShown]:
    """
    List what became of a shipment that you pay for, each time that its trip was cancelled by its owner.

    Another ride, bids in your name, or what is left to choose from: never above what you bid before.
    """
    with house.desk.store.view() as view:
        rows, after = seen_rematches(view, who, shipment_id, page)
    return Listed(items=[rematch_shown(row) for row in rows], next=after)


def _shown(house: TheHouse, shipment_id: str) -> ShipmentShown:
    with house.desk.store.view() as view:
        return shipment_shown(find_shipment(view, shipment_id))
