"""Pickups asked for: crates that are to be pooled with others, though nobody drives that way yet."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import NONSENSE
from api.routes.market.bids import NothingAsked
from api.shapes.market.pickups import PICKUP, PickupShown, PickupWish, pickup_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk.desk import Desk
from pooling.desk.market.asked_pickups import ask_for_pickup, asked_pickups, seen_pickups, withdraw_pickup
from pooling.store.pickups import find_pickup

router = APIRouter(tags=["pickups"])
PickupId = Annotated[Id, Path(description="The pickup.", examples=[PICKUP])]


@router.post(
    "/pickups",
    status_code=201,
    summary="Ask for a pooled pickup",
    operation_id="ask_for_pickup",
    responses=refusals(
        *WRITES, "not_allowed", "not_found", "nothing_asked", "shipment_not_open", "pickup_asked", *NONSENSE
    ),
)
def ask_for(house: TheHouse, who: Who, ask: Wish, wish: PickupWish) -> PickupShown:
    """
    Ask that crates be collected together with those of others, though nobody drives that way yet.

    This is how the pooled pickup of an offer is taken. Whoever plans the day sees it; a planned day that has
    a place for it tells you, and joining that tour stays yours. Crates that were not entered are entered too.
    """
    wanted = wish.shipment or (wish.crates.words(house.desk) if wish.crates else None)
    if wanted is None or (wish.shipment and wish.crates):
        raise NothingAsked
    return _shown(house.desk, ask_for_pickup(house.desk, who, ask, wanted))


@router.get(
    "/pickups",
    summary="List pickups asked for",
    operation_id="list_pickups",
    responses=refusals(*SIGNED_IN),
)
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    day: Annotated[Day | None, Query(description="Only of this day.", examples=["2026-09-12"])] = None,
) -> Listed[PickupShown]:
    """List the pickups that your parties asked for, each with what became of it; an operator sees all."""
    with house.desk.store.view() as view:
        found, after = seen_pickups(view, who, page, day=day)
    return Listed(items=[pickup_shown(one) for one in found], next=after)


@router.post(
    "/pickups/{pickup_id}/withdraw",
    summary="Withdraw a pickup asked for",
    operation_id="withdraw_pickup",
    responses=refusals(*CHANGES, "pickup_closed"),
)
def withdraw(house: TheHouse, who: Who, ask: Wish, pickup_id: PickupId, revision: Revision) -> PickupShown:
    """Ask for a pickup no more; its crates stay as they are, and on whatever they ride."""
    return _shown(house.desk, withdraw_pickup(house.desk, who, ask, pickup_id, revision))


def _shown(desk: Desk, pickup_id: str) -> PickupShown:
    with desk.store.view() as view:
        return pickup_shown(asked_pickups(view, [find_pickup(view, pickup_id)])[0])
