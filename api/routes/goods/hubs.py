"""Hubs: sites at which crates of others wait, and what they keep."""

from fastapi import APIRouter

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.sites import SiteId
from api.shapes.goods.hubs import AtHubShown, HubShown, HubWish, at_hub_shown, hub_shown
from api.shapes.words import CHANGES, SIGNED_IN, Listed, refusals
from pooling.desk.goods.hubs import crates_expected, mark_hub
from pooling.store.hubs import list_hubs
from pooling.store.parties import find_party
from pooling.store.sites import find_site

router = APIRouter(tags=["sites"])


@router.get("/hubs", summary="List hubs", operation_id="list_hubs", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, _who: Who, page: Paging) -> Listed[HubShown]:
    """List the places to which crates may be brought, or where they are fetched, and their room."""
    with house.desk.store.view() as view:
        rows, after = list_hubs(view, page)
    return Listed(items=[hub_shown(row, row.keeper_name) for row in rows], next=after)


@router.get(
    "/sites/{site_id}/hub-crates",
    summary="List the crates at a hub",
    operation_id="list_hub_crates",
    responses=refusals(*SIGNED_IN, "not_found", "not_allowed"),
)
def expected(house: TheHouse, who: Who, site_id: SiteId, page: Paging) -> Listed[AtHubShown]:
    """List what is brought to a hub of yours and what is fetched there from today on, and the room left."""
    with house.desk.store.view() as view:
        rows, after = crates_expected(house.desk, view, who, site_id, page)
    return Listed(items=[at_hub_shown(one) for one in rows], next=after)


@router.put(
    "/sites/{site_id}/hub",
    summary="Mark a site as a hub",
    operation_id="mark_hub",
    responses=refusals(*CHANGES, "no_hub_keeper"),
)
def mark(
    house: TheHouse, who: Who, ask: Wish, site_id: SiteId, wish: HubWish, revision: Revision
) -> HubShown:
    """
    Say how many crates of others a site of your operator or intermediary keeps in a day.

    None of any class: it is a hub no more. What was sent there stays as it was agreed.
    """
    mark_hub(house.desk, who, ask, site_id, revision, wish.room())
    with house.desk.store.view() as view:
        row = find_site(view, site_id)
        return hub_shown(row, find_party(view, row.party_id).name)
