"""
Names where sentences have ids: what people read names things by what they know.

The desk names what it refuses by ids, for machines; they stay in the facts. A sentence says a shipment by
its way, a trip or tour by who drives it and when, a party and a site by name. What its reader may not see
keeps no name at all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from api.papers.words import Words
from pooling.desk import Actor
from pooling.desk.actor import HOUSE
from pooling.desk.communities.belonging import own_membership
from pooling.phrases import message
from pooling.store import Store, View
from pooling.store.communities import communities_by_id
from pooling.store.days import parties_by_id
from pooling.store.rows import ChangedMeanwhile, NotFound, RevisionNeeded
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id
from pooling.store.tours import find_tour, for_any_carrier
from pooling.store.trips import find_trip

ID = re.compile(r"(?:\d{8}-)?\b(shp|trip|tour|pty|site|com)_([0-9a-z]{20,}|asked)\b(?: \([^()]*\))?")
"""An id, with the day that a manifest's number puts before it and the name that some rides have after it."""

THESE_CRATES = message("these crates")
THE_COMMUNITY = message("the community")
FOR_ANY_CARRIER = message("for any vetted carrier")

MEANWHILE = message("This tour was changed meanwhile: {changes}.")
"""What its operator is told whose hand comes too late, with what was done since and by whom."""

PLAIN: Mapping[str, tuple[str, str]] = {
    NotFound.code: (
        message("There is nothing here that you may see."),
        message("Look for it in your own lists: it may have been removed, or belong to somebody else."),
    ),
    ChangedMeanwhile.code: (
        message("This was changed meanwhile, by somebody else or by you in another window."),
        message("Look at it as it stands now, then do what you wanted once more."),
    ),
    RevisionNeeded.code: (
        message("It is not known on which state of this you acted, and somebody else may have changed it."),
        message("Look at it as it stands now, then do what you wanted once more."),
    ),
}
"""What a person is told otherwise than a program, which looks for revisions and ids."""


@dataclass(frozen=True)
class Reader:
    """Hold who reads a sentence, in which words, and how a day is said inside it."""

    store: Store
    actor: Actor | None
    words: Words
    day: Callable[[date], str]


def named(reader: Reader, sentence: str) -> str:
    """Put names where a sentence has ids."""
    if not ID.search(sentence):
        return sentence
    with reader.store.view() as view:
        return ID.sub(lambda found: _name(view, reader, found), sentence)


def _name(view: View, reader: Reader, found: re.Match[str]) -> str:
    kind = found[1]
    try:
        return NAMES[kind](view, reader, f"{kind}_{found[2]}")
    except NotFound:
        return reader.words.say(UNNAMED[kind]) if kind in UNNAMED else "–"


def _crates(view: View, reader: Reader, shipment_id: str) -> str:
    row = find_shipment(view, shipment_id)
    if reader.actor is None:
        raise NotFound(kind="shipment", id=shipment_id)
    reader.actor.must_see("shipment", shipment_id, row.shipper_id, row.payer_id, row.ordered_by_id or "")
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    return f"{sites[row.from_site_id].name} → {sites[row.to_site_id].name}"


def _ride(find: Callable[[View, str], Row[Any]], drives: str) -> Callable[[View, Reader, str], str]:
    def name(view: View, reader: Reader, ride_id: str) -> str:
        row = find(view, ride_id)
        return f"{_party(view, reader, getattr(row, drives))} ({reader.day(row.day)})"

    return name


def _tour(view: View, reader: Reader, tour_id: str) -> str:
    """Name a tour by who drives it; one that is proposed for any carrier has none yet that is told."""
    row = find_tour(view, tour_id)
    if not for_any_carrier(row):
        return _ride(find_tour, "carrier_id")(view, reader, tour_id)
    return f"{reader.words.say(FOR_ANY_CARRIER)} ({reader.day(row.day)})"


def _party(view: View, _reader: Reader, party_id: str) -> str:
    known = parties_by_id(view, [party_id])
    return known[party_id].name if party_id in known else "–"


def _site(view: View, _reader: Reader, site_id: str) -> str:
    known = sites_by_id(view, [site_id])
    return known[site_id].name if site_id in known else "–"


def _community(view: View, reader: Reader, community_id: str) -> str:
    """Name a community to who belongs to it; to others its name is not told."""
    own_membership(view, reader.actor or HOUSE, community_id)
    return str(communities_by_id(view, [community_id])[community_id].name)


UNNAMED: Mapping[str, str] = {"shp": THESE_CRATES, "com": THE_COMMUNITY}
"""What is said in place of a name that its reader may not know."""

NAMES: Mapping[str, Callable[[View, Reader, str], str]] = {
    "shp": _crates,
    "trip": _ride(find_trip, "owner_id"),
    "tour": _tour,
    "pty": _party,
    "site": _site,
    "com": _community,
}
