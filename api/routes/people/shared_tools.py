"""Tools that several parties own together: parts, uses, costs, and a month that each agrees to."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.requests import Request

from api.asking import Paging, TheHouse, Who, Wish
from api.files.csv_file import CSV_TYPE
from api.files.tool_files import tool_month_as_csv
from api.problem import asked_words
from api.routes.people.parties import PartyId
from api.shapes.people.shared_tools import (
    MonthAgreed,
    PartAsked,
    PartShown,
    PartTaken,
    ToolCostWish,
    ToolMonthShown,
    ToolShown,
    ToolUseWish,
    ToolWish,
    tool_month_shown,
    tool_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.tools.months import (
    agree_tool_month,
    month_in_sight,
    note_tool_cost,
    note_tool_use,
    withdraw_tool_entry,
)
from pooling.desk.tools.owning import ask_tool_part, leave_tool, share_tool, take_tool_part, tool_in_sight
from pooling.desk.tools.seeing import seen_month
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.shared_tools import find_tool, list_tools, parts_of

router = APIRouter(tags=["money"])
ToolId = Annotated[Id, Path(description="The shared tool.", examples=["tool_01hg0000abcd"])]
EntryId = Annotated[Id, Path(description="What was noted.", examples=["ten_01hg0000abcd"])]
MonthNamed = Annotated[
    str,
    Path(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
        description="The local month, such as 2026-09.",
        examples=["2026-09"],
    ),
]
NOTED = (*WRITES, "not_found", "no_part_of_tool", "tool_month_agreed", "tool_day_ahead", "tool_full")


@router.post(
    "/shared-tools",
    status_code=201,
    summary="Share a tool",
    operation_id="share_tool",
    responses=refusals(*WRITES, "not_found", "plate_unreadable"),
)
def share(house: TheHouse, who: Who, ask: Wish, wish: ToolWish) -> ToolShown:
    """Enter a van or a cold room that your party owns with others; it asks them to take parts."""
    return _tool(house, share_tool(house.desk, who, ask, wish.keeper, wish.words()))


@router.get(
    "/shared-tools",
    summary="List shared tools",
    operation_id="list_shared_tools",
    responses=refusals(*SIGNED_IN),
)
def tools(house: TheHouse, who: Who, page: Paging) -> Listed[ToolShown]:
    """List the tools of which your parties own a part, or are asked to take one."""
    with house.desk.store.view() as view:
        rows, after = list_tools(view, who.manages, page)
        items = [tool_shown(row, _parts(view, row.id)) for row in rows]
    return Listed(items=items, next=after)


@router.get(
    "/shared-tools/{tool_id}",
    summary="Read a shared tool",
    operation_id="read_shared_tool",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, tool_id: ToolId) -> ToolShown:
    """Read a tool of which your party owns a part, with all its owners."""
    with house.desk.store.view() as view:
        row, _ = tool_in_sight(view, who, tool_id)
        return tool_shown(row, _parts(view, tool_id))


@router.post(
    "/shared-tools/{tool_id}/parts",
    summary="Ask a party to take a part",
    operation_id="ask_tool_part",
    responses=refusals(*WRITES, "not_found", "tool_full"),
)
def ask_part(house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, wish: PartAsked) -> ToolShown:
    """Ask a party to own so many parts of the tool that you keep; it owns them once it agrees."""
    return _tool(house, ask_tool_part(house.desk, who, ask, tool_id, wish.party, wish.parts))


@router.post(
    "/shared-tools/{tool_id}/parts/{party_id}/taking",
    summary="Take a part",
    operation_id="take_tool_part",
    responses=refusals(*WRITES, "not_found", "no_part_of_tool"),
)
def take_part(
    house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, party_id: PartyId, wish: PartTaken
) -> ToolShown:
    """Take the part that your party is asked to take."""
    return _tool(house, take_tool_part(house.desk, who, ask, tool_id, party_id, wish.parts))


@router.post(
    "/shared-tools/{tool_id}/parts/{party_id}/leaving",
    summary="Leave a shared tool",
    operation_id="leave_tool",
    responses=refusals(*WRITES, "not_found", "no_part_of_tool", "tool_keeper_stays"),
)
def leave(house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, party_id: PartyId) -> ToolShown:
    """End your party's part, or another's of the tool that you keep; months agreed to stand."""
    return _tool(house, leave_tool(house.desk, who, ask, tool_id, party_id))


@router.post(
    "/shared-tools/{tool_id}/uses",
    summary="Note a use",
    operation_id="note_tool_use",
    responses=refusals(*NOTED, "empty_above_way"),
)
def use(house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, wish: ToolUseWish) -> ToolMonthShown:
    """Note that your party used the tool. Runs that name the van's plate are counted without it."""
    note_tool_use(house.desk, who, ask, tool_id, wish.party, wish.words())
    return _month(house, who, tool_id, wish.day.replace(day=1))


@router.post(
    "/shared-tools/{tool_id}/costs",
    summary="Note a cost",
    operation_id="note_tool_cost",
    responses=refusals(*NOTED),
)
def cost(house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, wish: ToolCostWish) -> ToolMonthShown:
    """Note what your party laid out for the tool: it counts towards its own share."""
    note_tool_cost(house.desk, who, ask, tool_id, wish.party, wish.words())
    return _month(house, who, tool_id, wish.day.replace(day=1))


@router.post(
    "/shared-tools/{tool_id}/entries/{entry_id}/withdrawal",
    summary="Take back what was noted",
    operation_id="withdraw_tool_entry",
    responses=refusals(*WRITES, "not_found", "tool_month_agreed"),
)
def withdraw(house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, entry_id: EntryId) -> ToolShown:
    """Take back a use or a cost that your party noted, before anybody agreed to its month."""
    withdraw_tool_entry(house.desk, who, ask, tool_id, entry_id)
    return _tool(house, tool_id)


@router.get(
    "/shared-tools/{tool_id}/months/{month}",
    summary="Read a month of a shared tool",
    operation_id="read_tool_month",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def month(house: TheHouse, who: Who, tool_id: ToolId, month: MonthNamed) -> ToolMonthShown:
    """Read who bears what of a month, how much the tool was used, and which empty ways others used."""
    return _month(house, who, tool_id, _first(month))


@router.get(
    "/shared-tools/{tool_id}/months/{month}/file.csv",
    summary="Read a month of a shared tool as CSV",
    operation_id="read_tool_month_file",
    response_class=Response,
    responses=refusals(*SIGNED_IN, "not_found")
    | {200: {"content": {CSV_TYPE: {}}, "description": "Uses, costs, shares, and who pays whom."}},
)
def month_file(house: TheHouse, who: Who, request: Request, tool_id: ToolId, month: MonthNamed) -> Response:
    """Read the same month line by line, as CSV that a spreadsheet opens safely."""
    with house.desk.store.view() as view:
        return tool_month_as_csv(view, who, tool_id, _first(month), asked_words(request))


@router.post(
    "/shared-tools/{tool_id}/months/{month}/agreement",
    summary="Agree to a month of a shared tool",
    operation_id="agree_tool_month",
    responses=refusals(*WRITES, "not_found", "tool_month_open", "tool_share_differs"),
)
def agree(
    house: TheHouse, who: Who, ask: Wish, tool_id: ToolId, month: MonthNamed, wish: MonthAgreed
) -> ToolMonthShown:
    """Agree to what your party owes for a month that is over: it is posted to those who laid it out."""
    first = _first(month)
    agree_tool_month(house.desk, who, ask, tool_id, wish.party, first, wish.cents)
    return _month(house, who, tool_id, first)


def _tool(house: TheHouse, tool_id: str) -> ToolShown:
    with house.desk.store.view() as view:
        return tool_shown(find_tool(view, tool_id), _parts(view, tool_id))


def _parts(view: View, tool_id: str) -> list[PartShown]:
    known = parts_of(view, tool_id)
    names = parties_by_id(view, known)
    return [
        PartShown(party=one, name=names[one].name, parts=row.parts, state=row.state)
        for one, row in known.items()
    ]


def _month(house: TheHouse, who: Who, tool_id: str, first: date) -> ToolMonthShown:
    with house.desk.store.view() as view:
        found = month_in_sight(view, who, tool_id, first)
    return tool_month_shown(found, seen_month(found, who.manages))


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
