"""Shops that their producers keep: turns on duty, swaps, and the trip of whoever is on duty."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.trips.trips import NONSENSE
from api.routes.trips.trips import shown as trip_shown
from api.shapes.people.rotas import (
    DutyTripShown,
    RotaShown,
    ShopShown,
    ShopWish,
    SwapShown,
    SwapWish,
    TurnDayWish,
    TurnShown,
    TurnWish,
    duty_shown,
    duty_trip_shown,
    shop_shown,
    swap_shown,
    turn_shown,
)
from api.shapes.trips.trips import TripShown
from api.shapes.words import CHANGES, ROADS, SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk.communities.belonging import own_membership
from pooling.desk.communities.duty_trips import duty_suggestion, post_duty_trip
from pooling.desk.communities.shops import (
    ROTA_DAYS_LIMIT,
    close_shop,
    end_turn,
    leave_turn_out,
    open_shop,
    rota_between,
    seen_shop,
    take_turn,
)
from pooling.desk.communities.swaps import agree_swap, ask_swap, refuse_swap
from pooling.desk.trips.series import today_in
from pooling.store.days import parties_by_id
from pooling.store.rotas import find_shop, find_swap, find_turn, list_shops, list_swaps, list_turns

router = APIRouter(tags=["communities"])
CommunityId = Annotated[Id, Path(description="The community.", examples=["com_01hg0000abcd"])]
ShopId = Annotated[Id, Path(description="The shop.", examples=["shop_01hg0000abcd"])]
TurnId = Annotated[Id, Path(description="The turn.", examples=["turn_01hg0000abcd"])]
SwapId = Annotated[Id, Path(description="The swap.", examples=["swap_01hg0000abcd"])]
OnDay = Annotated[Day, Path(description="The day, local.", examples=["2026-09-19"])]
DUTY = ("not_on_duty", "duty_driven")


@router.post(
    "/communities/{community_id}/shops",
    status_code=201,
    summary="Open a shop that its producers keep",
    operation_id="open_shop",
    responses=refusals(*WRITES, "not_found", "too_many_turns"),
)
def opened(house: TheHouse, who: Who, ask: Wish, community_id: CommunityId, wish: ShopWish) -> ShopShown:
    """Open a shop of the community at the site of one of its members, as a steward."""
    return _shop(house, open_shop(house.desk, who, ask, community_id, wish.words()))


@router.get(
    "/communities/{community_id}/shops",
    summary="List the shops of a community",
    operation_id="list_shops",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def shops(house: TheHouse, who: Who, community_id: CommunityId, page: Paging) -> Listed[ShopShown]:
    """List the shops that are open, to members."""
    with house.desk.store.view() as view:
        own_membership(view, who, community_id)
        rows, after = list_shops(view, community_id, page)
    return Listed(items=[shop_shown(row) for row in rows], next=after)


@router.post(
    "/shops/{shop_id}/close",
    summary="Close a shop",
    operation_id="close_shop",
    responses=refusals(*CHANGES),
)
def closed(house: TheHouse, who: Who, ask: Wish, shop_id: ShopId, revision: Revision) -> ShopShown:
    """Close a shop, as a steward: nobody is on duty any more; trips that were posted stay."""
    return _shop(house, close_shop(house.desk, who, ask, shop_id, revision))


@router.post(
    "/shops/{shop_id}/turns",
    status_code=201,
    summary="Take a turn on duty",
    operation_id="take_turn",
    responses=refusals(*WRITES, "not_found", "too_many_turns", "rule_unreadable"),
)
def turned(house: TheHouse, who: Who, ask: Wish, shop_id: ShopId, wish: TurnWish) -> TurnShown:
    """Be on duty in a shop of your community on the days of a rule."""
    return _turn(house, take_turn(house.desk, who, ask, shop_id, wish.words()))


@router.get(
    "/shops/{shop_id}/turns",
    summary="List the turns of a rota",
    operation_id="list_turns",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def turns(house: TheHouse, who: Who, shop_id: ShopId, page: Paging) -> Listed[TurnShown]:
    """List the turns that go on, to members."""
    with house.desk.store.view() as view:
        seen_shop(view, who, shop_id)
        rows, after = list_turns(view, shop_id, page)
    return Listed(items=[turn_shown(row) for row in rows], next=after)


@router.get(
    "/shops/{shop_id}/rota",
    summary="Read who is on duty",
    operation_id="read_rota",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def rota(
    house: TheHouse,
    who: Who,
    shop_id: ShopId,
    start: Annotated[
        Day | None, Query(alias="from", description="From this day on; else today.", examples=["2026-09-15"])
    ] = None,
    days: Annotated[int, Query(ge=1, le=ROTA_DAYS_LIMIT, description="So many days.", examples=[28])] = 28,
) -> RotaShown:
    """Read who is on duty in a shop, day by day, to members; days swapped and left out are in it."""
    with house.desk.store.view() as view:
        row = seen_shop(view, who, shop_id)
        first: date = start or today_in(view.now_at, row.timezone)
        found = rota_between(view, row, first, first + timedelta(days=days - 1))
        known = parties_by_id(view, [one.party for one in found])
    names = {party: one.name for party, one in known.items()}
    return RotaShown(shop=shop_id, days=[duty_shown(one, names) for one in found])


@router.post(
    "/turns/{turn_id}/end",
    summary="End a turn",
    operation_id="end_turn",
    responses=refusals(*CHANGES),
)
def ended(house: TheHouse, who: Who, ask: Wish, turn_id: TurnId, revision: Revision) -> TurnShown:
    """End a turn of your own party, or as a steward anybody's."""
    return _turn(house, end_turn(house.desk, who, ask, turn_id, revision))


@router.post(
    "/turns/{turn_id}/exceptions",
    summary="Leave out a day of a turn",
    operation_id="leave_turn_out",
    responses=refusals(*WRITES, "not_found", *DUTY),
)
def left_out(house: TheHouse, who: Who, ask: Wish, turn_id: TurnId, wish: TurnDayWish) -> TurnShown:
    """Leave out one day of your turn: nobody serves in its place. To give it to somebody, ask for a swap."""
    return _turn(house, leave_turn_out(house.desk, who, ask, turn_id, wish.day))


@router.post(
    "/turns/{turn_id}/swaps",
    status_code=201,
    summary="Ask to swap a day on duty",
    operation_id="ask_swap",
    responses=refusals(*WRITES, "not_found", "too_many_swaps", "swap_with_oneself", *DUTY),
)
def asked(house: TheHouse, who: Who, ask: Wish, turn_id: TurnId, wish: SwapWish) -> SwapShown:
    """Ask another to take a day of your turn, for a day of its own or for none. It agrees or does not."""
    return _swap(house, ask_swap(house.desk, who, ask, turn_id, wish.words()))


@router.get(
    "/shops/{shop_id}/swaps",
    summary="List swaps",
    operation_id="list_swaps",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def swaps(house: TheHouse, who: Who, shop_id: ShopId, page: Paging) -> Listed[SwapShown]:
    """List the swaps that your parties asked for or were asked for, newest first."""
    with house.desk.store.view() as view:
        seen_shop(view, who, shop_id)
        rows, after = list_swaps(view, shop_id, who.manages, page)
    return Listed(items=[swap_shown(row) for row in rows], next=after)


@router.post(
    "/swaps/{swap_id}/agree",
    summary="Agree to a swap",
    operation_id="agree_swap",
    responses=refusals(*CHANGES, "swap_closed", *DUTY),
)
def agreed(house: TheHouse, who: Who, ask: Wish, swap_id: SwapId, revision: Revision) -> SwapShown:
    """Agree to a swap that you were asked for: from now on each serves the other's day."""
    return _swap(house, agree_swap(house.desk, who, ask, swap_id, revision))


@router.post(
    "/swaps/{swap_id}/refuse",
    summary="Refuse or withdraw a swap",
    operation_id="refuse_swap",
    responses=refusals(*CHANGES, "swap_closed"),
)
def refused(house: TheHouse, who: Who, ask: Wish, swap_id: SwapId, revision: Revision) -> SwapShown:
    """Refuse a swap that you were asked for, or take back one that you asked for."""
    return _swap(house, refuse_swap(house.desk, who, ask, swap_id, revision))


@router.get(
    "/shops/{shop_id}/days/{duty_day}/trip",
    summary="Read the trip that your duty suggests",
    operation_id="read_duty_trip",
    responses=refusals(*SIGNED_IN, "not_found", "not_on_duty", "duty_too_late", "place_off_map", *ROADS),
)
def suggested(house: TheHouse, who: Who, shop_id: ShopId, duty_day: OnDay) -> DutyTripShown:
    """Read which trip would serve your neighbours on your day on duty, and who would ride."""
    with house.desk.store.view() as view:
        return duty_trip_shown(duty_suggestion(house.desk, view, who, shop_id, duty_day))


@router.post(
    "/shops/{shop_id}/days/{duty_day}/trip",
    status_code=201,
    summary="Post the trip that your duty suggests",
    operation_id="post_duty_trip",
    responses=refusals(*WRITES, "not_found", *DUTY, "duty_too_late", *NONSENSE),
)
def posted(house: TheHouse, who: Who, ask: Wish, shop_id: ShopId, duty_day: OnDay) -> TripShown:
    """
    Post it for the members of the community; nobody else can.

    The members whose crates wait for the shop that day are told, and find it among their offers.
    """
    return trip_shown(house, who, post_duty_trip(house.desk, who, ask, shop_id, duty_day))


def _shop(house: TheHouse, shop_id: str) -> ShopShown:
    with house.desk.store.view() as view:
        return shop_shown(find_shop(view, shop_id))


def _turn(house: TheHouse, turn_id: str) -> TurnShown:
    with house.desk.store.view() as view:
        return turn_shown(find_turn(view, turn_id))


def _swap(house: TheHouse, swap_id: str) -> SwapShown:
    with house.desk.store.view() as view:
        return swap_shown(find_swap(view, swap_id))
