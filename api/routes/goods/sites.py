"""Sites: where crates are handed over."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.goods.sites import SiteShown, SiteWish, shown, wall_seconds
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.goods.sites import SiteWords, change_site, enter_site
from pooling.store.sites import find_site, list_sites

router = APIRouter(tags=["sites"])
SAID_WRONGLY = (
    *("place_off_map", "hours_backwards", "site_name_taken", "address_unreadable"),
    *("week_unreadable", "never_open", "too_many_hours"),
)
SiteId = Annotated[Id, Path(description="The site.", examples=["site_01hg0000abcd"])]


@router.post(
    "/sites",
    status_code=201,
    summary="Enter a site",
    operation_id="enter_site",
    responses=refusals(*WRITES, *SAID_WRONGLY),
)
def enter(house: TheHouse, who: Who, ask: Wish, wish: SiteWish) -> SiteShown:
    """Enter a place where crates are handed over. It must lie near a road of the region."""
    site_id = enter_site(house.desk, who, ask, wish.party, _words(wish))
    return _shown(house, site_id)


@router.get("/sites", summary="List sites", operation_id="list_sites", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[SiteShown]:
    """List the sites of your own parties; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_sites(view, None if who.is_operator else who.manages, page)
    return Listed(items=[shown(row) for row in rows], next=after)


@router.get(
    "/sites/{site_id}",
    summary="Read a site",
    operation_id="read_site",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, site_id: SiteId, response: Response) -> SiteShown:
    """Read a site of your own parties."""
    with house.desk.store.view() as view:
        row = find_site(view, site_id)
    who.must_see("site", site_id, row.party_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return shown(row)


@router.put(
    "/sites/{site_id}",
    summary="Change a site",
    operation_id="change_site",
    responses=refusals(*CHANGES, *SAID_WRONGLY),
)
def change(
    house: TheHouse, who: Who, ask: Wish, site_id: SiteId, wish: SiteWish, revision: Revision
) -> SiteShown:
    """Change a site of your own party."""
    change_site(house.desk, who, ask, site_id, revision, _words(wish))
    return _shown(house, site_id)


def _words(wish: SiteWish) -> SiteWords:
    return SiteWords(
        name=wish.name,
        lat=wish.lat,
        lon=wish.lon,
        opens_s=wall_seconds(wish.opens),
        closes_s=wall_seconds(wish.closes),
        note=wish.note,
        address=wish.address,
        contact=wish.contact,
        phone=wish.phone,
        tail_lift=wish.tail_lift,
        week=wish.week,
    )


def _shown(house: TheHouse, site_id: str) -> SiteShown:
    with house.desk.store.view() as view:
        return shown(find_site(view, site_id))
