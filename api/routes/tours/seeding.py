"""Seeding: past purchases, who buys most nearby, tours drafted from them, and whom to invite."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.asking import Paging, TheHouse, Who, Wish
from api.house import House
from api.kept_reasons import said_in
from api.routes.goods.collecting import sent_bytes, words_of
from api.routes.tours.tours import PROPOSED
from api.shapes.tours.draft_invitations import DRAFT_INVITATION
from api.shapes.tours.flows import FLOW_LIST, FlowListShown, RankingShown, Side, flow_list_shown, ranked_shown
from api.shapes.tours.tour_drafts import (
    DRAFT,
    DraftToursWish,
    ProposedDraft,
    ProposeDraftWish,
    TourDraftShown,
    tour_draft_shown,
)
from api.shapes.tours.tours import PARTY, Asked
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.seeds.flows import ranked, remove_flows, seen_list, send_flows
from pooling.desk.seeds.seeding import ask_drafts, body_of, propose_draft, seen_draft
from pooling.desk.tours.tours import must_operate
from pooling.store.drafts import list_drafts

router = APIRouter(tags=["seeding"])
FlowListId = Annotated[Id, Path(description="The file of past purchases.", examples=[FLOW_LIST])]
DraftId = Annotated[Id, Path(description="The drafted tour.", examples=[DRAFT])]
DraftInvitationId = Annotated[Id, Path(description="The invitation.", examples=[DRAFT_INVITATION])]
Operator = Annotated[Id, Query(description="The operator: one of your parties.", examples=[PARTY])]
UNREADABLE = ("flows_unreadable", "too_many_flows", "workbook_unreadable", "workbooks_unknown")


@router.post(
    "/flows/files",
    status_code=201,
    summary="Send past purchases",
    operation_id="send_flows",
    responses=refusals(*WRITES, *UNREADABLE),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file as it is: CSV or XLSX, told apart by its bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def sent(
    house: TheHouse, who: Who, ask: Wish, raw: Annotated[bytes, Depends(sent_bytes)], operator: Operator
) -> FlowListShown:
    """
    Send who bought what from whom. Good lines are kept; the same file again changes nothing.

    Nobody but you sees it. Where a line says no volume, a stated default stands.
    """
    return _flow_list(house, who, send_flows(house.desk, who, ask, operator, raw))


@router.get(
    "/flows/files/{flow_list_id}",
    summary="Read a file of past purchases",
    operation_id="read_flow_list",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read_list(house: TheHouse, who: Who, flow_list_id: FlowListId) -> FlowListShown:
    """Read what became of the lines of a file that you sent."""
    return _flow_list(house, who, flow_list_id)


@router.delete(
    "/flows",
    status_code=204,
    summary="Forget past purchases",
    operation_id="remove_flows",
    responses=refusals(*WRITES),
)
def forget(house: TheHouse, who: Who, ask: Wish, operator: Operator) -> None:
    """Forget every link that you sent; drafts and invitations made of them stay."""
    remove_flows(house.desk, who, ask, operator)


@router.get(
    "/flows/ranking",
    summary="Rank buyers or producers",
    operation_id="rank_flows",
    responses=refusals(*SIGNED_IN, "not_allowed"),
)
def ranking(
    house: TheHouse,
    who: Who,
    operator: Operator,
    side: Annotated[Side, Query(description="Whom to rank.", examples=["buyers"])] = "buyers",
    area: Annotated[
        str, Query(max_length=120, description="Only those of this area.", examples=["44109 Nantes"])
    ] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.", examples=[25])] = 25,
    skip: Annotated[int, Query(ge=0, le=100_000, description="Leave out so many.", examples=[0])] = 0,
) -> RankingShown:
    """Rank by local crates a week, then by how many they work with; each with whom it works."""
    found = ranked(house.desk, who, operator, side, area)
    return RankingShown(items=[ranked_shown(one) for one in found[skip : skip + limit]], total=len(found))


@router.post(
    "/tour-drafts",
    status_code=202,
    summary="Draft tours",
    operation_id="draft_tours",
    responses=refusals(*WRITES, "no_flows", "hours_backwards"),
)
def draft(house: TheHouse, who: Who, ask: Wish, wish: DraftToursWish) -> Asked:
    """
    Ask for tours to be drafted from your past purchases, by area and day.

    The job tells how far it is and can be cancelled; nobody is told of a draft before you invite.
    """
    return Asked(job=ask_drafts(house.desk, who, ask, wish.operator, wish.terms()))


@router.get(
    "/tour-drafts",
    summary="List drafted tours",
    operation_id="list_tour_drafts",
    responses=refusals(*SIGNED_IN, "not_allowed"),
)
def drafts(house: TheHouse, who: Who, page: Paging, operator: Operator) -> Listed[TourDraftShown]:
    """List your drafted tours, newest first."""
    must_operate(who, operator)
    with house.desk.store.view() as view:
        rows, after = list_drafts(view, operator, page)
    return Listed(items=[tour_draft_shown(row, body_of(row)) for row in rows], next=after)


@router.get(
    "/tour-drafts/{draft_id}",
    summary="Read a drafted tour",
    operation_id="read_tour_draft",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read_draft(house: TheHouse, who: Who, draft_id: DraftId) -> TourDraftShown:
    """Read a draft: stops, cost per crate, kilometres beside alone, whom to invite."""
    with house.desk.store.view() as view:
        row = seen_draft(view, who, draft_id)
    return tour_draft_shown(row, body_of(row))


@router.post(
    "/tour-drafts/{draft_id}/propose",
    status_code=201,
    summary="Propose a drafted tour",
    operation_id="propose_draft",
    responses=refusals(
        *WRITES,
        "not_found",
        *PROPOSED,
        "draft_proposed",
        "draft_off_roads",
        "draft_wrong_day",
        "draft_price_missing",
    ),
)
def propose(house: TheHouse, who: Who, ask: Wish, draft_id: DraftId, wish: ProposeDraftWish) -> ProposedDraft:
    """Make a draft a proposed tour, where the roads in use reach all of its stops."""
    return ProposedDraft(tour=propose_draft(house.desk, who, ask, draft_id, wish.filling(), wish.posting()))


def _flow_list(house: House, who: Actor, list_id: str) -> FlowListShown:
    with house.desk.store.view() as view:
        row, words = seen_list(view, who, list_id), words_of(view, who)
    return flow_list_shown(row, lambda kept: said_in(words, kept))
