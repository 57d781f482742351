"""What a shipment truly costs, and what carrying it emits."""

from fastapi import APIRouter

from api.asking import TheHouse, Who, Wish
from api.routes.goods.shipments import ShipmentId
from api.shapes.goods.true_price import (
    CarbonAnswer,
    SharingWish,
    TruePriceShown,
    carbon_shown,
    green_terms,
    true_price_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, refusals
from pooling.desk.goods.true_prices import seen_carbon, seen_true_price, share_true_price

router = APIRouter(tags=["shipments"])


@router.get(
    "/shipments/{shipment_id}/true-price",
    summary="Read a shipment's true price",
    operation_id="read_true_price",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, shipment_id: ShipmentId) -> TruePriceShown:
    """
    Read what a shipment that you send or pay for truly costs, line by line, to the cent.

    Its buyer reads it where the producer wants that; for anybody else, operators too, there is none.
    """
    return true_price_shown(seen_true_price(house.desk, who, shipment_id, green_terms(house.settings)))


@router.put(
    "/shipments/{shipment_id}/true-price/sharing",
    summary="Show a shipment's true price to its buyer",
    operation_id="share_true_price",
    responses=refusals(*CHANGES),
)
def share(house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: SharingWish) -> TruePriceShown:
    """Show the true price of a shipment that you send to the buyer whose order it fills, or no longer."""
    share_true_price(house.desk, who, ask, shipment_id, shared=wish.shared)
    return true_price_shown(seen_true_price(house.desk, who, shipment_id, green_terms(house.settings)))


@router.get(
    "/shipments/{shipment_id}/co2",
    summary="Read what carrying a shipment emits",
    operation_id="read_shipment_carbon",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def co2(house: TheHouse, who: Who, shipment_id: ShipmentId) -> CarbonAnswer:
    """
    Read what carrying a shipment that you send, pay for or have ordered emits: transport only.

    Energy × factor with its upstream, empty ways in, shared out among what rides by kilos × metres of each
    direct way; beside driving alone, and beside a full lorry to a wholesale market.
    """
    found = seen_carbon(house.desk, who, shipment_id, green_terms(house.settings))
    return CarbonAnswer(carbon=carbon_shown(found) if found else None)
