"""
Where a collection begins and ends: a site, a place that is remembered, a certain address, or a doubt.

An address is never guessed: what is not certain is kept with its candidates until a person has chosen. A
place that was found or chosen becomes a site of the intermediary's, in no directory, and is known again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.address_book import AddressBook
from geodata.addresses import AddressMatch, AddressUnknown, Doubt, Found, Kind
from geodata.pins import read_pin
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.desk.desk import Desk
from pooling.intake import NotKnown
from pooling.party import Role
from pooling.store import Tx, View
from pooling.store.collected import (
    is_private_place,
    place_called,
    producers_called,
    remember_place,
    site_called,
)
from pooling.store.days import parties_by_id
from pooling.store.people import site
from pooling.store.rows import added
from pooling.store.sites import is_site_named, sites_by_id

ENDS = ("pickup", "drop")
SITE_ID = re.compile(r"site_[0-9a-z]{1,34}")
NAME_LIMIT = 110
TOWNS = frozenset({"city", "town", "village", "suburb", "quarter", "neighbourhood"})
"""Places that are too large to send a driver to without another word."""

DAY_END_S = 24 * 3600

SAME_YARD_M = 500
"""A producer that is named is known by its name and its place: a site of its own this near the pickup."""


SAME_PIN_M = 10
"""Two ends as near as this are one pin: nothing would be carried."""


class EndsTogether(Refusal):
    code = "pickup_is_drop"
    reason = "{reference} is collected and handed over at one and the same place."
    cure = "Write where it goes; where both are in one yard, nothing need be carried."


@dataclass(frozen=True)
class End:
    """Hold one end: its ``site_id`` if known, else a certain ``place``, or ``candidates`` for a person."""

    called: str
    address: str
    site_id: str = ""
    place: Place | None = None
    candidates: tuple[AddressMatch, ...] = ()

    @property
    def doubtful(self) -> bool:
        return not self.site_id and self.place is None


def find_end(
    view: View, book: AddressBook, intermediary_id: str, which: str, called: str, address: str
) -> End:
    """
    Find one end: a site by its id or name, what this address was found to be before, else the address.

    Only what the map knows nothing of is doubtful without a candidate: a person puts a pin.
    """
    site_id = _known_site(view, intermediary_id, which, called, address)
    if site_id:
        return End(called, address, site_id)
    found = book.find(address)
    if found.refusal is not None and not isinstance(found.refusal, AddressUnknown):
        raise found.refusal
    matches = exact_enough(found)
    if len(matches) == 1 and matches[0].certain:
        return End(called, address, place=matches[0].place)
    return End(called, address, candidates=matches)


def exact_enough(found: Found) -> tuple[AddressMatch, ...]:
    """
    Doubt what is certain on the map and not enough for a driver that nobody briefs: a town, a bare street.

    On a page a person sees the pin before it is saved; in a list of a thousand lines nobody does.
    """
    one = found.certain
    if one is None:
        return found.matches
    if one.kind is Kind.COMMUNE or (one.kind is Kind.PLACE and one.what in TOWNS):
        return (one.doubted(Doubt.COMMUNE_ONLY),)
    if one.kind is Kind.STREET:
        return (one.doubted(Doubt.NUMBER_MISSING),)
    return (one,)


def must_lie_apart(view: View, reference: str, ends: Iterable[End]) -> None:
    """Refuse ends that are one place, whatever each is called."""
    ends = list(ends)
    sites = sites_by_id(view, [one.site_id for one in ends if one.site_id])
    places = [sites[one.site_id].place if one.site_id else one.place for one in ends]
    first, last = places
    if first is not None and last is not None and crow_distance_m(first, last) <= SAME_PIN_M:
        raise EndsTogether(reference=reference)


def must_be_on_road(desk: Desk, place: Place) -> None:
    """Refuse a place that no road of the region reaches."""
    for refusal in desk.grounds.region.roads.snap_all([place]).refusals.values():
        raise refusal


def settled(tx: Tx, intermediary_id: str, end: End) -> str:
    """Return the site of an end; where it was found just now, make it one and remember it."""
    if end.site_id:
        return end.site_id
    known = place_called(tx, intermediary_id, end.called, end.address)
    if known is not None:
        return known
    place = end.place
    if place is None:
        raise ValueError("A doubtful end has no site.")
    words: dict[str, object] = {"lat": place.lat, "lon": place.lon, "opens_s": 0, "closes_s": DAY_END_S}
    if read_pin(end.address) is None:  # a waybill names the address as it was ordered; a pin is none
        words["address"] = end.address
    name = _fresh_name(tx, intermediary_id, end.called or place.name or end.address)
    site_id = added(tx, site, "site", party_id=intermediary_id, name=name, **words)
    remember_place(tx, intermediary_id, end.called, end.address, site_id)
    return site_id


def producer_at(view: View, producer: str, from_site_id: str) -> str | None:
    """
    Return the party of the house from which is collected, if it is one.

    Its own yard tells it; else it is the only producer of that name, with a site near the pickup: a name
    alone might be that of another farm, which would then learn what is collected from its namesake.
    """
    yard = sites_by_id(view, [from_site_id])[from_site_id]
    if parties_by_id(view, [yard.party])[yard.party].role is Role.PRODUCER:
        return yard.party
    for row in producers_called(view, producer):
        if crow_distance_m(Place(lat=row.lat, lon=row.lon), yard.place) <= SAME_YARD_M:
            return str(row.party_id)
    return None


def candidates_kept(ends: Mapping[str, End]) -> dict[str, list[dict[str, Any]]]:
    """Return of each doubtful end what it may be, as it is kept."""
    return {
        which: [
            {
                "label": match.label,
                "kind": match.kind.value,
                "lat": match.place.lat,
                "lon": match.place.lon,
                "name": match.place.name,
                "doubts": [doubt.value for doubt in match.doubts],
            }
            for match in end.candidates
        ]
        for which, end in ends.items()
        if end.doubtful
    }


def _known_site(view: View, intermediary_id: str, which: str, called: str, address: str) -> str | None:
    if SITE_ID.fullmatch(address):
        return _site_by_id(view, intermediary_id, which, address)
    yards: list[Row[Any]] = producers_called(view, called) if which == "pickup" else []
    own_yard = next((row.id for row in yards if row.name.casefold() == address.casefold()), None)
    return (
        site_called(view, [intermediary_id], address)
        or place_called(view, intermediary_id, called, address)
        or own_yard
    )


def _site_by_id(view: View, intermediary_id: str, which: str, site_id: str) -> str:
    """Return a site that may be named: one's own, a producer's to collect from, anybody's to deliver to."""
    known = sites_by_id(view, [site_id]).get(site_id)
    unknown: Refusal = NotKnown(column=which, kind="site", name=site_id)
    if known is None:
        raise unknown
    if known.party == intermediary_id:
        return site_id
    role = parties_by_id(view, [known.party])[known.party].role
    hidden = is_private_place(view, site_id) or role is Role.PRIVATE
    if hidden or (which == "pickup" and role is not Role.PRODUCER):
        raise unknown
    return site_id


def _fresh_name(tx: Tx, party_id: str, wanted: str) -> str:
    """Return a name that no other site of the party has."""
    wanted = " ".join(wanted.split())[:NAME_LIMIT]
    name, number = wanted, 2
    while is_site_named(tx, party_id, name):
        name, number = f"{wanted} ({number})", number + 1
    return name
