"""Names for ids: of parties and sites, and the places that a form offers to choose from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from api.pages.visit import Visit
from geodata.place import crow_distance_m
from pooling.party import Role
from pooling.site import Site
from pooling.store import Page, View
from pooling.store.days import parties_by_id
from pooling.store.directory import search_sites
from pooling.store.fleet import list_vehicles
from pooling.store.sites import list_sites

OFFERED_LIMIT = 100
"""How many sites of others a form offers; a word in its search narrows them down."""

Choices = list[tuple[str, str]]
Say = Callable[..., str]


def party_names(view: View, party_ids: Iterable[str | None]) -> Mapping[str, str]:
    return {one.id: one.name for one in parties_by_id(view, [each for each in party_ids if each]).values()}


def trip_way(say: Say, stops: Sequence[Any], sites: Mapping[str, Site]) -> str:
    """Say from where to where a trip goes; one that ends where it begins, by its stop farthest from there."""
    first, last = (sites[stops[at].site_id] for at in (0, -1))
    if first.id != last.id:
        return f"{first.name} → {last.name}"
    between = [sites[stop.site_id] for stop in stops[1:-1]]
    if not between:
        return first.name
    farthest = max(between, key=lambda one: crow_distance_m(first.place, one.place))
    return say("{place} and back, by {farthest}", place=first.name, farthest=farthest.name)


def own_sites(view: View, party_id: str) -> Choices:
    return [(row.id, row.name) for row in list_sites(view, [party_id], Page(limit=OFFERED_LIMIT))[0]]


def fleet_choices(view: View, carriers: Iterable[Row[Any]]) -> Choices:
    """Offer the vehicles in use of these carriers, each with whose it is."""
    fleets = [(one.name, list_vehicles(view, one.id, Page(limit=OFFERED_LIMIT))[0]) for one in carriers]
    return [
        (van.id, f"{name} · {van.name}") for name, fleet in fleets for van in fleet if van.state == "active"
    ]


def has_sites(view: View, visit: Visit) -> bool:
    """Tell whether the party that one acts for has a site: without one nothing is picked up or received."""
    return visit.party is not None and bool(own_sites(view, visit.party.id))


def known_sites(view: View, visit: Visit, *roles: Role, text: str = "") -> Choices:
    """Offer one's own sites first, then those of others by name; ``roles`` are those of the others."""
    own = own_sites(view, visit.party.id) if visit.party is not None else []
    others = []
    for role in roles or (None,):
        found, _ = search_sites(view, role, text, Page(limit=OFFERED_LIMIT))
        others += [(one.id, _with_party(one.name, one.party_name)) for one in found]
    seen = {site_id for site_id, _ in own}
    return own + sorted((one for one in others if one[0] not in seen), key=lambda one: one[1].casefold())


def _with_party(site_name: str, party_name: str) -> str:
    return site_name if site_name == party_name else f"{site_name} · {party_name}"
