"""Always an alternative: why a shipment does not ride, and what else can be taken in one call."""

from fastapi import APIRouter

from api.asking import Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import NONSENSE, ShipmentId
from api.shapes.market.other_ways import AlternativesShown, TakenShown, TakeWish, alternatives_shown
from api.shapes.words import CHANGES, SIGNED_IN, refusals
from api.spoken import Spoken
from pooling.desk.market.other_ways import other_ways, take_other_way

router = APIRouter(tags=["shipments"])


@router.get(
    "/shipments/{shipment_id}/alternatives",
    summary="Find alternatives",
    operation_id="find_alternatives",
    responses=refusals(*SIGNED_IN, "not_found", "shipment_not_open"),
)
def found(house: TheHouse, who: Who, say: Spoken, shipment_id: ShipmentId) -> AlternativesShown:
    """
    Read why an open shipment does not ride, and the nearest alternatives: another ride, hour, size, day, hub.

    For one that a tour turned away too, trips and tours alike; of a tour that is only proposed the hours
    are told as between which. Each is an offer as acceptance would decide it now; nothing is held by looking.
    """
    return alternatives_shown(other_ways(house.desk, who, shipment_id), say)


@router.post(
    "/shipments/{shipment_id}/alternatives",
    status_code=201,
    summary="Take an alternative",
    operation_id="take_alternative",
    responses=refusals(
        *CHANGES,
        *NONSENSE,
        "shipment_not_open",
        "other_way_gone",
        "ordered_for_day",
        "no_hub",
        "hub_full",
    ),
)
def take(
    house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: TakeWish, revision: Revision
) -> TakenShown:
    """
    Change the crates as an alternative asks and bid for its trip or join its tour, in one call.

    Where the ride cannot be had any more, the crates stand as they were.
    """
    done = take_other_way(house.desk, who, ask, shipment_id, revision, wish.taking())
    return TakenShown(shipment=shipment_id, kind="bid" if wish.kind == "trip" else "sign_up", id=done)
