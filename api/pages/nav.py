"""The ways from every page to the others, by what a party is; and the sentences with which a page begins."""

from typing import TYPE_CHECKING

from api.pages.said import message

if TYPE_CHECKING:
    from api.pages.visit import Visit

Link = tuple[str, str]

HOME = ("/", message("Home"))
TRIPS = ("/trips", message("My trips"))
SEARCH = ("/search", message("Send crates"))
BIDS = ("/bids", message("My bids"))
ORDERS = ("/orders", message("Orders"))
SHORT_LISTS = ("/short-lists", message("Short lists"))
SHIPMENTS = ("/shipments", message("My shipments"))
TOURS = ("/tours", message("Tours"))
MANIFESTS = ("/manifests", message("Manifests"))
COLLECTIONS = ("/collections", message("Collections"))
COLLECTED = ("/collections", message("Collected from you"))
SITES = ("/sites", message("My sites"))
MONEY = ("/money", message("Money"))
CLAIMS = ("/claims", message("Claims"))
COMMUNITIES = ("/communities", message("Communities"))
PARTY = ("/party", message("My party"))
CLEARING = ("/clear-day", message("Clear a day"))
DAY_PLANS = ("/plan-day", message("Plan a day"))
DEMAND = ("/demand", message("Looked for in vain"))
SEEDING = ("/seeding", message("Seeding"))
DOSSIER = ("/dossier", message("My dossier"))
ROUNDS = ("/rounds", message("Rounds"))
PARTIES = ("/parties", message("Parties"))
ME = ("/me", message("Settings"))

LINKS: dict[str, tuple[Link, ...]] = {
    "producer": (
        HOME,
        SEARCH,
        TRIPS,
        BIDS,
        ORDERS,
        SHORT_LISTS,
        SHIPMENTS,
        COLLECTED,
        TOURS,
        SITES,
        MANIFESTS,
        MONEY,
        CLAIMS,
        COMMUNITIES,
        PARTY,
        ME,
    ),
    "buyer": (
        *(HOME, ORDERS, SHORT_LISTS, SHIPMENTS, SEARCH, BIDS, TOURS),
        *(SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "intermediary": (
        *(HOME, COLLECTIONS, SHIPMENTS, SEARCH, BIDS, ORDERS, SHORT_LISTS, TOURS),
        *(SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "private": (HOME, SEARCH, TRIPS, BIDS, SHIPMENTS, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    "carrier": (
        *(HOME, MANIFESTS, TOURS, ROUNDS, TRIPS, BIDS, DOSSIER),
        *(SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "operator": (
        *(HOME, TOURS, ROUNDS, DAY_PLANS, CLEARING, DEMAND, SEEDING, PARTIES),
        *(MANIFESTS, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "driver": (HOME, MANIFESTS, ME),
    "": (HOME, ME),
}


ABOVE: dict[str, Link] = {
    "bundles": SEARCH,
    "cover-terms": CLAIMS,
    "day-plans": DAY_PLANS,
    "draft-invitations": TOURS,
    "partner-events": MANIFESTS,
    "reservations": BIDS,
    "series": TRIPS,
    "shops": COMMUNITIES,
    "sign-ups": TOURS,
    "tour-drafts": SEEDING,
    "tour-orders": ORDERS,
    "vehicles": DOSSIER,
}
"""The list above the pages of a kind that is no list of its own in the menu."""

ONE = {
    "communities": message("The community"),
    "rounds": message("The round"),
    "shipments": message("The shipment"),
    "tours": message("The tour"),
    "trips": message("The trip"),
    "manifests": message("The manifest"),
}
"""What the page of one thing is called from the pages below it."""

TOOLS = ("/money/tools", message("Shared tools"))


def links_of(visit: "Visit") -> tuple[Link, ...]:
    return LINKS[visit.role] if visit.actor is not None else ()


def above(visit: "Visit") -> Link | None:
    """Return the page above this one: the trip or tour that it lies below, else the list in the menu."""
    links = links_of(visit)
    first, *below = visit.path.strip("/").split("/")
    if not links or visit.path in dict(links):
        return None
    if len(below) > 1 and first in ONE:
        return f"/{first}/{below[0]}", ONE[first]
    if len(below) > 1 and below[0] == "tools":
        return TOOLS
    found = ABOVE.get(first) or next((one for one in links if one[0] == f"/{first}"), HOME)
    return found if found in links else HOME
