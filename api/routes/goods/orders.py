"""Orders: what a buyer wants from a producer."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import NONSENSE
from api.shapes.goods.shipments import (
    FillingWish,
    OrderShown,
    OrdersPlaced,
    OrdersWish,
    OrderWish,
    order_shown,
    orders_placed,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from api.spoken import Spoken
from pooling.desk.goods.orders import accept_order, cancel_order, place_order, place_orders, refuse_order
from pooling.store.orders import find_order, list_orders

router = APIRouter(tags=["orders"])
OrderId = Annotated[Id, Path(description="The order.", examples=["ord_01hg0000abcd"])]


@router.post(
    "/orders",
    status_code=201,
    summary="Place an order",
    operation_id="place_order",
    responses=refusals(
        *WRITES,
        "not_found",
        "not_a_producer",
        "hours_backwards",
        "outside_site_hours",
        "site_closed",
        "not_one_day",
        "hours_past",
        "too_far_ahead",
    ),
)
def place(house: TheHouse, who: Who, ask: Wish, wish: OrderWish) -> OrderShown:
    """Ask a producer for goods, delivered to a site of your own."""
    return _shown(house, place_order(house.desk, who, ask, wish.words(house.desk)))


@router.post(
    "/orders/several",
    summary="Place orders with several producers",
    operation_id="place_orders",
    responses=refusals(*WRITES),
)
def place_several(house: TheHouse, who: Who, ask: Wish, say: Spoken, wish: OrdersWish) -> OrdersPlaced:
    """
    Ask several producers for goods in one call: each line is an order, placed or refused by itself.

    The same call again places nothing twice; a line that was refused is tried anew.
    """
    return orders_placed(place_orders(house.desk, who, ask, wish.words(house.desk)), say)


@router.get("/orders", summary="List orders", operation_id="list_orders", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[OrderShown]:
    """List the orders that your parties placed or received; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_orders(view, None if who.is_operator else who.manages, page)
    return Listed(items=[order_shown(row) for row in rows], next=after)


@router.get(
    "/orders/{order_id}",
    summary="Read an order",
    operation_id="read_order",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, order_id: OrderId, response: Response) -> OrderShown:
    """Read an order that you placed or received."""
    with house.desk.store.view() as view:
        row = find_order(view, order_id)
    who.must_see("order", order_id, row.buyer_id, row.producer_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return order_shown(row)


@router.post(
    "/orders/{order_id}/accept",
    summary="Accept an order",
    operation_id="accept_order",
    responses=refusals(*CHANGES, "order_closed", *NONSENSE),
)
def accept(
    house: TheHouse, who: Who, ask: Wish, order_id: OrderId, wish: FillingWish, revision: Revision
) -> OrderShown:
    """Accept an order: it becomes a shipment of yours, ordered by the buyer; you pay for its carriage."""
    return _shown(house, accept_order(house.desk, who, ask, order_id, revision, wish.words(house.desk)))


@router.post(
    "/orders/{order_id}/refuse",
    summary="Refuse an order",
    operation_id="refuse_order",
    responses=refusals(*CHANGES, "order_closed"),
)
def refuse(house: TheHouse, who: Who, ask: Wish, order_id: OrderId, revision: Revision) -> OrderShown:
    """Refuse an order that was placed with you."""
    return _shown(house, refuse_order(house.desk, who, ask, order_id, revision))


@router.post(
    "/orders/{order_id}/cancel",
    summary="Cancel an order",
    operation_id="cancel_order",
    responses=refusals(*CHANGES, "order_closed", "shipment_not_open", "cancelled_already"),
)
def cancel(house: TheHouse, who: Who, ask: Wish, order_id: OrderId, revision: Revision) -> OrderShown:
    """Cancel an order of yours; one that was accepted, as long as nothing carries its crates."""
    return _shown(house, cancel_order(house.desk, who, ask, order_id, revision))


def _shown(house: TheHouse, order_id: str) -> OrderShown:
    with house.desk.store.view() as view:
        return order_shown(find_order(view, order_id))
