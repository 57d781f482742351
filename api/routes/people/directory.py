"""The directory of sites, and the addresses of the region."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Paging, TheHouse, Who
from api.shapes.goods.addresses import AddressesFound, addresses_shown
from api.shapes.people.parties import SiteKnownShown
from api.shapes.words import SIGNED_IN, Listed, refusals
from pooling.names import PLAIN
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
    "/addresses",
    summary="Find an address",
    operation_id="find_address",
    responses=refusals(*SIGNED_IN, "address_unknown"),
)
def addresses(
    house: TheHouse,
    _who: Who,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=1_000,
            pattern=PLAIN,
            description="Number, street and commune; a name; degrees, or a link of a map.",
            examples=["12 bis bd de la République, 06240 Beausoleil"],
        ),
    ],
) -> AddressesFound:
    """
    Find an address in the region: one certain place, or at most 20 candidates for a person, the best first.

    Certain is what has every word of the text, the commune among them, and stands once; a pin is, if it lies
    on the map. Anything else says why not, and is never to be taken without a person. Where the house has a
    geocoder, it is asked for what the region does not know for certain.
    """
    found = house.addresses.find(q)
    if found.refusal is not None:
        raise found.refusal
    return addresses_shown(found)
