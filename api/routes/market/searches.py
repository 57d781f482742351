"""Searches that are kept, and what was looked for in vain."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Paging, TheHouse, Who, Wish
from api.shapes.market.searches import SEARCH, SearchShown, SearchWish, UnmetListed, search_shown, unmet_shown
from api.shapes.words import SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk.market.demand import unmet_demand
from pooling.desk.market.searches import keep_search, remove_search
from pooling.store.searches import find_search, list_searches

router = APIRouter(tags=["searches"])
SearchId = Annotated[Id, Path(description="The search.", examples=[SEARCH])]
DAYS_USUAL = 14


@router.post(
    "/searches",
    status_code=201,
    summary="Keep a search",
    operation_id="keep_search",
    responses=refusals(
        *WRITES, "not_found", "too_many_searches", "search_days_bad", "hours_backwards", "pickup_is_drop"
    ),
)
def keep(house: TheHouse, who: Who, ask: Wish, wish: SearchWish) -> SearchShown:
    """
    Be told when a trip or tour fits that is new, has changed or has room again, once for each.

    By event, webhook and mail. Whether it fits is decided by the code that finds offers, on what then stands.
    """
    search_id = keep_search(house.desk, who, ask, wish.words())
    with house.desk.store.view() as view:
        return search_shown(find_search(view, search_id))


@router.get(
    "/searches", summary="List searches", operation_id="list_searches", responses=refusals(*SIGNED_IN)
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[SearchShown]:
    """List the searches of the parties that you manage."""
    with house.desk.store.view() as view:
        rows, after = list_searches(view, who.manages, page)
    return Listed(items=[search_shown(row) for row in rows], next=after)


@router.delete(
    "/searches/{search_id}",
    status_code=204,
    summary="Remove a search",
    operation_id="remove_search",
    responses=refusals(*WRITES, "not_found"),
)
def remove(house: TheHouse, who: Who, ask: Wish, search_id: SearchId) -> None:
    """Look no more for what a search of a party that you manage kept."""
    remove_search(house.desk, who, ask, search_id)


@router.get(
    "/demand",
    summary="List unmet demand",
    operation_id="list_unmet_demand",
    responses=refusals(*SIGNED_IN, "not_allowed", "days_backwards"),
)
def unmet(
    house: TheHouse,
    who: Who,
    first: Annotated[
        Day | None, Query(description="From this day on; else today.", examples=["2026-09-12"])
    ] = None,
    last: Annotated[
        Day | None, Query(description="Until this day; else two weeks later.", examples=["2026-09-26"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.", examples=[50])] = 50,
    skip: Annotated[int, Query(ge=0, le=100_000, description="Leave out so many.", examples=[0])] = 0,
) -> UnmetListed:
    """
    List what was looked for in vain, by commune, day and product; for operators.

    What was ordered counts twice: where the crates wait for who would have paid, and where the buyer wanted
    them for the buyer (`wanted`). Nobody is named; of fewer than three parties no count is told.
    """
    begins = first or datetime.fromtimestamp(house.desk.clock.now(), UTC).date()
    ends = last or begins + timedelta(days=DAYS_USUAL)
    found = unmet_demand(house.desk, who, begins, ends, limit=limit, skip=skip)
    return UnmetListed(items=[unmet_shown(one) for one in found])
