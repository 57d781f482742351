"""Orders from short lists, and what is deliverable on a tour."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.house import House
from api.routes.goods.shipments import NONSENSE
from api.routes.tours.sign_ups import NO_PLACE
from api.routes.tours.tours import TourId
from api.shapes.goods.shipments import OrdersPlaced, orders_placed
from api.shapes.goods.tour_orders import (
    TOUR_ORDER,
    DeliverablesShown,
    LineLeftOut,
    TourOrderShown,
    TourOrdersWish,
    TourOrderWish,
    deliverables_shown,
    tour_order_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from api.spoken import Spoken
from pooling.desk.actor import Actor
from pooling.desk.selling.carriage import carriages_of
from pooling.desk.selling.deliverable import deliverable
from pooling.desk.selling.order_lines import withdraw_order_line
from pooling.desk.selling.tour_order_answers import (
    accept_tour_order,
    cancel_tour_order,
    refuse_tour_order,
    seen_order,
)
from pooling.desk.selling.tour_orders import place_tour_order, place_tour_orders
from pooling.store.days import parties_by_id
from pooling.store.tour_orders import find_tour_order, lines_of_orders, list_tour_orders, loads_of_orders

router = APIRouter(tags=["orders for tours"])
TourOrderId = Annotated[Id, Path(description="The order.", examples=[TOUR_ORDER])]
NOT_DELIVERABLE = tuple(dict.fromkeys((*NO_PLACE, *NONSENSE, "carriage_too_dear", "too_many_crates")))
NOT_ON_ROUND = ("tour_not_named", "no_round_that_day", "order_too_late", "no_day_left")
NOT_TO_BE_HAD = ("list_withdrawn", "goods_gone", "below_least", "not_enough_left")


@router.get(
    "/tours/{tour_id}/deliverable",
    summary="List who is deliverable to you",
    operation_id="find_deliverable",
    responses=refusals(*SIGNED_IN, "not_found", "not_allowed", "not_a_buyer", "tour_closed", "cutoff_passed"),
)
def found(
    house: TheHouse,
    who: Who,
    tour_id: TourId,
    page: Paging,
    say: Spoken,
    to_site: Annotated[
        Id, Query(description="Where it goes: a site of yours.", examples=["site_01hg0000abcd"])
    ],
    *,
    others: Annotated[
        bool,
        Query(description="Tell of the lists that are not deliverable too, and why.", examples=[True]),
    ] = False,
) -> DeliverablesShown:
    """
    List the producers whose goods fit on a tour as it stands, from their site to yours.

    Each with its goods, the hours and the carriage of its least order. Nothing is held by looking. At most
    25 lists are tried for one page, 8 where those are told too that do not fit: a page may hold fewer.
    """
    lists, after = deliverable(house.desk, who, tour_id, to_site, page, explained=others)
    with house.desk.store.view() as view:
        known = parties_by_id(view, [one.of_list.producer_id for one in lists])
    names = {one.id: one.name for one in known.values()}
    return deliverables_shown(lists, after, names, say, why=others)


@router.post(
    "/tour-orders",
    status_code=201,
    summary="Order from a short list",
    operation_id="place_tour_order",
    responses=refusals(*WRITES, "not_found", "not_a_buyer", *NOT_TO_BE_HAD, *NOT_ON_ROUND, *NOT_DELIVERABLE),
)
def place(house: TheHouse, who: Who, ask: Wish, wish: TourOrderWish) -> TourOrderShown:
    """
    Order goods of one list, delivered to a site of yours on a tour, or on the round of the list.

    Where the producer accepts by itself, or its list is linked to that round, the order is a place on the
    tour at once; else it waits for the producer until the cut-off. What does not fit is refused now, with
    its reason, and nothing is kept. The goods are paid between the two of you. Who pays the carriage is
    told what it costs now, which may only fall.
    """
    return _shown(house, who, place_tour_order(house.desk, who, ask, wish.words()))


@router.post(
    "/tour-orders/several",
    summary="Order from several short lists",
    operation_id="place_tour_orders",
    responses=refusals(*WRITES, "not_a_buyer"),
)
def place_several(house: TheHouse, who: Who, ask: Wish, say: Spoken, wish: TourOrdersWish) -> OrdersPlaced:
    """
    Order goods of several lists in one call: each list is an order of its own, placed or refused by itself.

    They join a tour one after another, in the order of the call. The same call again places nothing twice; a
    list that was refused is tried anew.
    """
    return orders_placed(place_tour_orders(house.desk, who, ask, wish.words()), say)


@router.get(
    "/tour-orders",
    summary="List orders from short lists",
    operation_id="list_tour_orders",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[TourOrderShown]:
    """List the orders from short lists that your parties placed or received; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_tour_orders(view, None if who.is_operator else who.manages, page)
        lines = lines_of_orders(view, [row.id for row in rows])
        loads = loads_of_orders(view, [row.id for row in rows])
        carriages = carriages_of(view, who, rows, loads)
    shown = [
        tour_order_shown(row, lines.get(row.id, []), loads.get(row.id, []), carriages[row.id]) for row in rows
    ]
    return Listed(items=shown, next=after)


@router.get(
    "/tour-orders/{tour_order_id}",
    summary="Read an order from a short list",
    operation_id="read_tour_order",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, tour_order_id: TourOrderId, response: Response) -> TourOrderShown:
    """Read an order from a short list that you placed or received."""
    with house.desk.store.view() as view:
        row = seen_order(view, who, tour_order_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return _shown(house, who, tour_order_id)


@router.post(
    "/tour-orders/{tour_order_id}/accept",
    summary="Accept an order from a list",
    operation_id="accept_tour_order",
    responses=refusals(*CHANGES, "order_closed", "crate_dearer", *NOT_DELIVERABLE),
)
def accept(
    house: TheHouse, who: Who, ask: Wish, tour_order_id: TourOrderId, revision: Revision
) -> TourOrderShown:
    """Accept an order from a list of yours: its crates ride on its tour, or it is refused with the reason."""
    accept_tour_order(house.desk, who, ask, tour_order_id, revision)
    return _shown(house, who, tour_order_id)


@router.post(
    "/tour-orders/{tour_order_id}/refuse",
    summary="Refuse an order from a list",
    operation_id="refuse_tour_order",
    responses=refusals(*CHANGES, "order_closed"),
)
def refuse(
    house: TheHouse, who: Who, ask: Wish, tour_order_id: TourOrderId, revision: Revision
) -> TourOrderShown:
    """Refuse an order from a list of yours that waits for you."""
    refuse_tour_order(house.desk, who, ask, tour_order_id, revision)
    return _shown(house, who, tour_order_id)


@router.post(
    "/tour-orders/{tour_order_id}/cancel",
    summary="Cancel an order from a list",
    operation_id="cancel_tour_order",
    responses=refusals(
        *CHANGES, "order_closed", "cancelled_already", "shipment_not_open", "tour_closed", "cutoff_passed"
    ),
)
def cancel(
    house: TheHouse, who: Who, ask: Wish, tour_order_id: TourOrderId, revision: Revision
) -> TourOrderShown:
    """Cancel an order, as its buyer or producer: until the cut-off it leaves its tour and owes nothing."""
    cancel_tour_order(house.desk, who, ask, tour_order_id, revision)
    return _shown(house, who, tour_order_id)


@router.post(
    "/tour-orders/{tour_order_id}/lines/withdraw",
    summary="Leave a line out of an order",
    operation_id="withdraw_order_line",
    responses=refusals(
        *CHANGES,
        *("order_closed", "cancelled_already", "line_withdrawn", "last_order_line"),
        *("shipment_not_open", "tour_closed", "cutoff_passed"),
    ),
)
def withdraw(
    house: TheHouse, who: Who, ask: Wish, tour_order_id: TourOrderId, revision: Revision, wish: LineLeftOut
) -> TourOrderShown:
    """Leave one line out, as the buyer or as the producer that has run out of it; the others ride on."""
    withdraw_order_line(house.desk, who, ask, tour_order_id, revision, wish.line)
    return _shown(house, who, tour_order_id)


def _shown(house: House, who: Actor, order_id: str) -> TourOrderShown:
    with house.desk.store.view() as view:
        row = find_tour_order(view, order_id)
        lines, loads = lines_of_orders(view, [order_id]), loads_of_orders(view, [order_id])
        carriage = carriages_of(view, who, [row], loads)[order_id]
    return tour_order_shown(row, lines.get(order_id, []), loads.get(order_id, []), carriage)
