"""
Refusals as people read them: with the names of things where programs read their ids.

The desk names what it refuses by ids, for machines. A page says a shipment by its way, a trip or tour by
who drives it and when, a party and a site by name. What its reader may not see keeps no name at all.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row

from api.pages.said import message
from api.pages.visit import Visit
from geodata.refusal import Refusal
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.rows import ChangedMeanwhile, NotFound
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id
from pooling.store.tours import find_tour
from pooling.store.trips import find_trip

Sentences = tuple[str, str]

ID = re.compile(r"(?:\d{8}-)?\b(shp|trip|tour|pty|site)_([0-9a-z]{20,}|asked)\b(?: \([^()]*\))?")
"""An id, with the day that a manifest's number puts before it and the name that some rides have after it."""

THESE_CRATES = message("these crates")

PLAIN: Mapping[str, Sentences] = {
    NotFound.code: (
        message("There is nothing here that you may see."),
        message("Look for it in your own lists: it may have been removed, or belong to somebody else."),
    ),
    ChangedMeanwhile.code: (
        message("This was changed meanwhile, by somebody else or by you in another window."),
        message("Look at it as it stands now, then do what you wanted once more."),
    ),
}
"""What a page says otherwise than the API, which speaks of revisions and ids."""


def plain_refusal(visit: Visit, refusal: Refusal) -> Sentences:
    """Return the reason of a refusal and what to do about it, for a person."""
    if refusal.code in PLAIN:
        reason, cure = PLAIN[refusal.code]
        return visit.words.say(reason), visit.words.say(cure)
    reason, cure = visit.words.refusal(refusal)
    return named(visit, reason), named(visit, cure)


def named(visit: Visit, sentence: str) -> str:
    """Put names where a sentence has ids."""
    if not ID.search(sentence):
        return sentence
    with visit.desk.store.view() as view:
        return ID.sub(lambda found: _name(view, visit, found), sentence)


def _name(view: View, visit: Visit, found: re.Match[str]) -> str:
    kind = found[1]
    try:
        return NAMES[kind](view, visit, f"{kind}_{found[2]}")
    except NotFound:
        return visit.words.say(THESE_CRATES) if kind == "shp" else "–"


def _crates(view: View, visit: Visit, shipment_id: str) -> str:
    row = find_shipment(view, shipment_id)
    if visit.actor is None:
        raise NotFound(kind="shipment", id=shipment_id)
    visit.actor.must_see("shipment", shipment_id, row.shipper_id, row.payer_id, row.ordered_by_id or "")
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    return f"{sites[row.from_site_id].name} → {sites[row.to_site_id].name}"


def _ride(find: Callable[[View, str], Row[Any]], drives: str) -> Callable[[View, Visit, str], str]:
    def name(view: View, visit: Visit, ride_id: str) -> str:
        row = find(view, ride_id)
        return f"{_party(view, visit, getattr(row, drives))} ({visit.moments.day(row.day, inside=True)})"

    return name


def _party(view: View, _visit: Visit, party_id: str) -> str:
    known = parties_by_id(view, [party_id])
    return known[party_id].name if party_id in known else "–"


def _site(view: View, _visit: Visit, site_id: str) -> str:
    known = sites_by_id(view, [site_id])
    return known[site_id].name if site_id in known else "–"


NAMES: Mapping[str, Callable[[View, Visit, str], str]] = {
    "shp": _crates,
    "trip": _ride(find_trip, "owner_id"),
    "tour": _ride(find_tour, "carrier_id"),
    "pty": _party,
    "site": _site,
}
