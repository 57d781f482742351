"""The directory of sites, and the named places of the region."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Paging, TheHouse, Who
from api.shapes.parties import AddressShown, SiteKnownShown
from api.shapes.people import PLAIN
from api.shapes.words import SIGNED_IN, Listed, refusals
from pooling.party import Role
from pooling.store.directory import search_sites

router = APIRouter(tags=["directory"])


@router.get(
    "/directory/sites",
    summary="Search the directory",
    operation_id="search_directory",
    responses=refusals(*SIGNED_IN),
)
def sites(
    house: TheHouse,
    _who: Who,
    page: Paging,
    role: Annotated[Role | None, Query(description="Sites of such parties only.", examples=["buyer"])] = None,
    q: Annotated[
        str,
        Query(
            max_length=80,
            pattern=PLAIN,
            description="A part of the site's or party's name; capitals and accents do not count.",
            examples=["halles"],
        ),
    ] = "",
) -> Listed[SiteKnownShown]:
    """
    Search where crates may be brought or collected: what every member may know of a site.

    Where private persons live is not listed. A page may be short although more follow: go on by `next`.
    """
    with house.desk.store.view() as view:
        known, after = search_sites(view, role, q, page)
    return Listed(items=[SiteKnownShown(**asdict(one)) for one in known], next=after)


@router.get(
    "/addresses", summary="Find an address", operation_id="find_address", responses=refusals(*SIGNED_IN)
)
def addresses(
    house: TheHouse,
    _who: Who,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=80,
            pattern=PLAIN,
            description="A name, or its beginning; capitals and accents do not count.",
            examples=["monaco"],
        ),
    ],
) -> Listed[AddressShown]:
    """Find named places of the region, the best first, at most 20. It proposes, and never guesses."""
    found = house.region.gazetteer.find(q)
    items = [
        AddressShown(name=one.name, kind=one.kind, lat=one.place.lat, lon=one.place.lon) for one in found
    ]
    return Listed(items=items, next="")
