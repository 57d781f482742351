"""A carrier's vehicles and rate cards."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.runs.fleet import (
    CardEnd,
    CardShown,
    CardWish,
    VehicleShown,
    VehicleWish,
    card_shown,
    vehicle_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.carriers.dossiers import carrier_in_sight
from pooling.desk.carriers.fleet import change_vehicle, end_card, enter_card, enter_vehicle
from pooling.store.fleet import find_card, find_vehicle, list_cards, list_vehicles

router = APIRouter(tags=["carriers"])
CarrierId = Annotated[Id, Path(description="The carrier.", examples=["pty_01hg0000abcd"])]
VehicleId = Annotated[Id, Path(description="The vehicle.", examples=["van_01hg0000abcd"])]
CardId = Annotated[Id, Path(description="The rate card.", examples=["card_01hg0000abcd"])]
CARRIER = ("not_found", "not_a_carrier")
NONSENSE = ("room_missing", "profile_unknown", "plate_taken")


@router.post(
    "/carriers/{party_id}/vehicles",
    status_code=201,
    summary="Enter a vehicle",
    operation_id="enter_vehicle",
    responses=refusals(*WRITES, *CARRIER, *NONSENSE),
)
def enter(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: VehicleWish) -> VehicleShown:
    """Enter a vehicle of your carrier: a tour that names it takes its room from it."""
    return _vehicle(house, enter_vehicle(house.desk, who, ask, party_id, wish.words()))


@router.get(
    "/carriers/{party_id}/vehicles",
    summary="List a carrier's vehicles",
    operation_id="list_vehicles",
    responses=refusals(*SIGNED_IN, *CARRIER),
)
def vehicles(house: TheHouse, who: Who, party_id: CarrierId, page: Paging) -> Listed[VehicleShown]:
    """List the vehicles of your carrier, newest first; an operator lists any carrier's."""
    with house.desk.store.view() as view:
        carrier_in_sight(view, who, party_id)
        rows, after = list_vehicles(view, party_id, page)
    return Listed(items=[vehicle_shown(row) for row in rows], next=after)


@router.get(
    "/vehicles/{vehicle_id}",
    summary="Read a vehicle",
    operation_id="read_vehicle",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, vehicle_id: VehicleId, response: Response) -> VehicleShown:
    """Read a vehicle of your carrier; an operator reads any."""
    with house.desk.store.view() as view:
        row = find_vehicle(view, vehicle_id)
    who.must_see("vehicle", vehicle_id, row.party_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return vehicle_shown(row)


@router.put(
    "/vehicles/{vehicle_id}",
    summary="Change a vehicle",
    operation_id="change_vehicle",
    responses=refusals(*CHANGES, "not_a_carrier", *NONSENSE),
)
def change(
    house: TheHouse, who: Who, ask: Wish, vehicle_id: VehicleId, wish: VehicleWish, revision: Revision
) -> VehicleShown:
    """Change a vehicle, or retire it; tours that stand keep the room that they were proposed with."""
    return _vehicle(house, change_vehicle(house.desk, who, ask, vehicle_id, revision, wish.words()))


@router.post(
    "/carriers/{party_id}/rate-cards",
    status_code=201,
    summary="Enter a rate card",
    operation_id="enter_card",
    responses=refusals(*WRITES, *CARRIER, "hours_backwards", "cards_overlap"),
)
def enter_one(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: CardWish) -> CardShown:
    """Enter a rate card of your carrier; a tour takes the one of its day, and is never below it."""
    return _card(house, enter_card(house.desk, who, ask, party_id, wish.words()))


@router.get(
    "/carriers/{party_id}/rate-cards",
    summary="List a carrier's rate cards",
    operation_id="list_cards",
    responses=refusals(*SIGNED_IN, *CARRIER),
)
def cards(house: TheHouse, who: Who, party_id: CarrierId, page: Paging) -> Listed[CardShown]:
    """List the rate cards of your carrier, newest first; an operator lists any carrier's."""
    with house.desk.store.view() as view:
        carrier_in_sight(view, who, party_id)
        rows, after = list_cards(view, party_id, page)
    return Listed(items=[card_shown(row) for row in rows], next=after)


@router.post(
    "/rate-cards/{card_id}/end",
    summary="End a rate card",
    operation_id="end_card",
    responses=refusals(*CHANGES, "not_a_carrier", "card_in_use"),
)
def end(
    house: TheHouse, who: Who, ask: Wish, card_id: CardId, wish: CardEnd, revision: Revision
) -> CardShown:
    """End a rate card with a day; tours that stand keep the prices that they were proposed with."""
    return _card(house, end_card(house.desk, who, ask, card_id, revision, wish.until))


def _vehicle(house: TheHouse, vehicle_id: str) -> VehicleShown:
    with house.desk.store.view() as view:
        return vehicle_shown(find_vehicle(view, vehicle_id))


def _card(house: TheHouse, card_id: str) -> CardShown:
    with house.desk.store.view() as view:
        return card_shown(find_card(view, card_id))
