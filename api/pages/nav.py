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
    "buyer": (HOME, ORDERS, SHORT_LISTS, SHIPMENTS, TOURS, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    "intermediary": (
        *(HOME, COLLECTIONS, SHIPMENTS, SEARCH, BIDS, ORDERS, SHORT_LISTS, TOURS),
        *(SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "private": (HOME, SEARCH, TRIPS, BIDS, SHIPMENTS, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    "carrier": (HOME, MANIFESTS, TOURS, ROUNDS, TRIPS, DOSSIER, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    "operator": (
        *(HOME, TOURS, ROUNDS, DAY_PLANS, CLEARING, DEMAND, SEEDING, PARTIES),
        *(MANIFESTS, SITES, MONEY, CLAIMS, COMMUNITIES, PARTY, ME),
    ),
    "driver": (HOME, MANIFESTS, ME),
    "": (HOME, ME),
}


def links_of(visit: "Visit") -> tuple[Link, ...]:
    return LINKS[visit.role] if visit.actor is not None else ()
