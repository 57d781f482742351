"""Short lists: what producers have this week, for whoever buys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.files.csv_file import CSV_TYPE, csv_file
from api.house import House
from api.kept_reasons import said_in
from api.routes.goods.collecting import sent_bytes, words_of
from api.shapes.goods.shortlists import (
    GOODS,
    SHORT_LIST,
    GoodsShown,
    GoodsTableShown,
    GoodsWish,
    ShortListShown,
    ShortListWish,
    goods_shown,
    short_list_shown,
    table_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.selling.goods import (
    add_goods,
    change_goods,
    send_goods_file,
    withdraw_goods,
    words_of_goods,
)
from pooling.desk.selling.shortlists import (
    buys,
    change_short_list,
    open_short_list,
    seen_list,
    withdraw_short_list,
)
from pooling.goods.goods_file import GOODS_COLUMNS, GOODS_LIMIT, goods_row
from pooling.store.shortlists import (
    all_goods,
    find_goods,
    find_goods_file,
    find_short_list,
    goods_of,
    list_short_lists,
    spoken_for,
)

router = APIRouter(tags=["short lists"])
ShortListId = Annotated[Id, Path(description="The short list.", examples=[SHORT_LIST])]
GoodsId = Annotated[Id, Path(description="The goods.", examples=[GOODS])]
TERMS = ("not_found", "not_a_producer", "hours_backwards", "round_ended")
KEEPS = (
    *("list_withdrawn", "reference_taken", "goods_too_many", "bad_name"),
    *("goods_end_early", "food_needs_cold"),
)
UNREADABLE = ("goods_file_unreadable", "workbook_unreadable", "workbooks_unknown")


@router.post(
    "/short-lists",
    status_code=201,
    summary="Open a short list",
    operation_id="open_short_list",
    responses=refusals(*WRITES, *TERMS),
)
def opened(house: TheHouse, who: Who, ask: Wish, wish: ShortListWish) -> ShortListShown:
    """Open a short list of what you have this week; then put goods on it. Other producers do not see it."""
    return _shown(house, who, open_short_list(house.desk, who, ask, wish.words()))


@router.get(
    "/short-lists",
    summary="List short lists",
    operation_id="list_short_lists",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[ShortListShown]:
    """List your own short lists; as a buyer, all that are open; an operator sees all."""
    with house.desk.store.view() as view:
        own = None if who.is_operator else who.manages
        rows, after = list_short_lists(view, own, page, buys=buys(who))
    return Listed(items=[short_list_shown(row, own=_own(who, row.producer_id)) for row in rows], next=after)


@router.get(
    "/short-lists/{short_list_id}",
    summary="Read a short list",
    operation_id="read_short_list",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, short_list_id: ShortListId, response: Response) -> ShortListShown:
    """Read the terms of a short list: your own, or as a buyer one that is open."""
    with house.desk.store.view() as view:
        row = seen_list(view, who, short_list_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return short_list_shown(row, own=_own(who, row.producer_id))


@router.put(
    "/short-lists/{short_list_id}",
    summary="Change a short list",
    operation_id="change_short_list",
    responses=refusals(*CHANGES, "list_withdrawn", *TERMS),
)
def change(
    house: TheHouse,
    who: Who,
    ask: Wish,
    short_list_id: ShortListId,
    wish: ShortListWish,
    revision: Revision,
) -> ShortListShown:
    """Change the terms of a list of yours; orders that stand keep those under which they were placed."""
    change_short_list(house.desk, who, ask, short_list_id, revision, wish.words())
    return _shown(house, who, short_list_id)


@router.post(
    "/short-lists/{short_list_id}/withdraw",
    summary="Withdraw a short list",
    operation_id="withdraw_short_list",
    responses=refusals(*CHANGES, "list_withdrawn"),
)
def withdraw(
    house: TheHouse, who: Who, ask: Wish, short_list_id: ShortListId, revision: Revision
) -> ShortListShown:
    """Withdraw a list of yours: nobody orders from it any more; orders that stand, stand."""
    withdraw_short_list(house.desk, who, ask, short_list_id, revision)
    return _shown(house, who, short_list_id)


@router.post(
    "/short-lists/{short_list_id}/goods",
    status_code=201,
    summary="Put goods on a list",
    operation_id="add_goods",
    responses=refusals(*WRITES, "not_found", *KEEPS),
)
def add(house: TheHouse, who: Who, ask: Wish, short_list_id: ShortListId, wish: GoodsWish) -> GoodsShown:
    """Put goods on a list of yours: a product, its price for a unit, and how many units fill a crate."""
    return _goods(house, add_goods(house.desk, who, ask, short_list_id, wish.words()))


@router.get(
    "/short-lists/{short_list_id}/goods",
    summary="List the goods of a list",
    operation_id="list_goods",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def listed_goods(house: TheHouse, who: Who, short_list_id: ShortListId, page: Paging) -> Listed[GoodsShown]:
    """List the goods of a short list with what is left of each, those that were withdrawn too."""
    with house.desk.store.view() as view:
        seen_list(view, who, short_list_id)
        rows, after = goods_of(view, short_list_id, page)
        taken = spoken_for(view, [row.id for row in rows])
    return Listed(items=[goods_shown(row, taken) for row in rows], next=after)


@router.put(
    "/goods/{goods_id}",
    summary="Change goods",
    operation_id="change_goods",
    responses=refusals(*CHANGES, *KEEPS),
)
def changed_goods(
    house: TheHouse, who: Who, ask: Wish, goods_id: GoodsId, wish: GoodsWish, revision: Revision
) -> GoodsShown:
    """Change goods on a list of yours; orders that stand keep the price at which they were placed."""
    change_goods(house.desk, who, ask, goods_id, revision, wish.words())
    return _goods(house, goods_id)


@router.post(
    "/goods/{goods_id}/withdraw",
    summary="Withdraw goods",
    operation_id="withdraw_goods",
    responses=refusals(*CHANGES, "list_withdrawn"),
)
def withdrawn_goods(
    house: TheHouse, who: Who, ask: Wish, goods_id: GoodsId, revision: Revision
) -> GoodsShown:
    """Take goods off a list of yours; orders of them that stand, stand."""
    withdraw_goods(house.desk, who, ask, goods_id, revision)
    return _goods(house, goods_id)


@router.post(
    "/short-lists/{short_list_id}/table",
    status_code=201,
    summary="Send a table of goods",
    operation_id="send_goods_table",
    responses=refusals(*WRITES, "not_found", "list_withdrawn", "goods_too_many", *UNREADABLE),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The table as it is: CSV or XLSX, told apart by its bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def sent(
    house: TheHouse,
    who: Who,
    ask: Wish,
    short_list_id: ShortListId,
    raw: Annotated[bytes, Depends(sent_bytes)],
) -> GoodsTableShown:
    """
    Send a table with a line for each product. The same table again changes nothing twice.

    A line is known by its reference. Bad lines are told with number, column and cure; good ones are kept,
    and goods that the table does not name stay as they are.
    """
    file_id = send_goods_file(house.desk, who, ask, short_list_id, raw)
    with house.desk.store.view() as view:
        return table_shown(find_goods_file(view, file_id), words_of(view, who), said_in)


@router.get(
    "/short-lists/{short_list_id}/table",
    summary="Read a list as a table",
    operation_id="read_goods_table",
    response_class=Response,
    responses=refusals(*SIGNED_IN, "not_found")
    | {200: {"content": {CSV_TYPE: {}}, "description": "One line for each product that is to be had."}},
)
def table(house: TheHouse, who: Who, short_list_id: ShortListId) -> Response:
    """Read the goods of a list as CSV with the columns in which it is sent."""
    with house.desk.store.view() as view:
        seen_list(view, who, short_list_id)
        rows = all_goods(view, short_list_id, GOODS_LIMIT)
    text = csv_file(GOODS_COLUMNS, [goods_row(words_of_goods(row)) for row in rows])
    return Response(text, media_type=CSV_TYPE)


def _own(who: Actor, producer_id: str) -> bool:
    return who.is_operator or who.acts_for(producer_id)


def _shown(house: House, who: Actor, list_id: str) -> ShortListShown:
    with house.desk.store.view() as view:
        row = find_short_list(view, list_id)
    return short_list_shown(row, own=_own(who, row.producer_id))


def _goods(house: House, goods_id: str) -> GoodsShown:
    with house.desk.store.view() as view:
        return goods_shown(find_goods(view, goods_id), spoken_for(view, [goods_id]))
