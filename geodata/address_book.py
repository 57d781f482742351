"""
From a written address to a place: what the map knows, what was imported, what a geocoder tells, or a pin.

A certain match may be taken as it is; anything else is listed for a person, with its candidates.
"""

import atexit
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from geodata.address_files import extract_table, imported_table, sweep_extracts
from geodata.address_match import LEAST_ALIKE, judge, same_thing
from geodata.address_table import AddressTable, write_table
from geodata.address_text import AddressText, read_address
from geodata.addresses import (
    CANDIDATES_LIMIT,
    TEXT_LIMIT,
    AddressMatch,
    AddressTooLong,
    AddressUnknown,
    Doubt,
    Found,
    Kind,
    Known,
)
from geodata.extract_addresses import bounds_around, entries_of
from geodata.geocoder import GeocoderDown
from geodata.pins import read_pin
from geodata.place import Place, crow_distance_m
from geodata.region import Region, addresses_folder

TWINS_APART_M = 100
"""Two matches of one name nearer than this are the same place."""


class Geocoder(Protocol):
    """Find places somewhere else; refused with ``geocoder_down`` where it does not answer."""

    def ask(self, text: str, near: Place) -> tuple[Known, ...]: ...


@dataclass(frozen=True, eq=False)
class AddressBook:
    """Find addresses in a region; ``geocoder`` is asked only where the region knows none for certain."""

    region: Region
    home: Path | None = None
    geocoder: Geocoder | None = None

    def find(self, text: str) -> Found:
        """
        Find one address: a certain match alone, or candidates for a person, or a refusal.

        Sources in their order: a pin, the imported addresses, the map of the region, the geocoder. What
        is certain is said in ``geodata.address_match``; a name that stands for two places is never
        certain. Where the geocoder is down, the answer says so and holds what the region knows.
        """
        return next(iter(self.find_many([text])))

    def find_many(self, texts: Iterable[str]) -> tuple[Found, ...]:
        """
        Find many addresses, one answer for each text in its order, nothing lost.

        A geocoder that is down is not asked again for those that follow.
        """
        return tuple(self._answers(texts))

    def _answers(self, texts: Iterable[str]) -> Iterator[Found]:
        tables = self._tables()
        down: GeocoderDown | None = None
        for text in texts:
            found = self._find_here(text, tables)
            if found.certain is None and self.geocoder and not isinstance(found.refusal, AddressTooLong):
                found, down = self._find_there(text, found, self.geocoder, down)
            yield found

    def _find_here(self, text: str, tables: Sequence[AddressTable]) -> Found:
        if len(text) > TEXT_LIMIT and not read_pin(text):
            return Found(refusal=AddressTooLong(limit=TEXT_LIMIT, letters=len(text)))
        if (place := read_pin(text)) is not None:
            return Found(self._pinned(place))
        asked = read_address(text)
        if not asked.words and not asked.postcode:
            return Found(refusal=AddressUnknown())
        found = _answer(asked, _merged([table.find(asked, exact=True) for table in tables]))
        if found.certain is not None:
            return found
        return _answer(asked, _merged([table.find(asked) for table in tables]))

    def _find_there(
        self, text: str, here: Found, geocoder: Geocoder, down: GeocoderDown | None
    ) -> tuple[Found, GeocoderDown | None]:
        if any(match.kind is Kind.PIN for match in here.matches) or not read_address(text).words:
            return here, down
        if down is None:
            try:
                there = self._inside(geocoder.ask(text, self._middle))
                return _joined(here, _answer(read_address(text), there)), None
            except GeocoderDown as refusal:
                down = refusal
        return replace(here, warning=down), down

    def _tables(self) -> tuple[AddressTable, ...]:
        folder, region = addresses_folder(self.home), self.region
        build = f"{region.meta.sha256} {region.meta.built_at}"
        extract = extract_table(folder, region.name, build)
        if not extract.is_there():
            extract = self._written(extract, build)
        return imported_table(folder, region.name), extract

    def _written(self, extract: AddressTable, build: str) -> AddressTable:
        """Write what the map knows; where the home cannot be written to, for this process alone."""
        notes = {"source": self.region.meta.source}
        try:
            write_table(extract.path, entries_of(self.region), notes)
            sweep_extracts(extract.path.parent, self.region.name, extract)
        except OSError:
            extract = extract_table(_own_folder(), self.region.name, build)
            if not extract.is_there():
                write_table(extract.path, entries_of(self.region), notes)
        return extract

    def _pinned(self, place: Place) -> tuple[AddressMatch, ...]:
        """Return the pin; one that lies off the map is doubted, and shown the other way round too."""
        pin = AddressMatch(f"{place.lat:.5f}, {place.lon:.5f}", Kind.PIN, place, 100)
        if self._holds(place):
            return (pin,)
        swapped = Place(lat=place.lon, lon=place.lat) if abs(place.lon) <= 90 else None
        pin = pin.doubted(Doubt.OUTSIDE)
        if swapped is None or not self._holds(swapped):
            return (pin,)
        label = f"{swapped.lat:.5f}, {swapped.lon:.5f}"
        return AddressMatch(label, Kind.PIN, swapped, 100).doubted(Doubt.SWAPPED), pin

    def _inside(self, found: Sequence[Known]) -> list[Known]:
        return [known for known in found if self._holds(known.place)]

    def _holds(self, place: Place) -> bool:
        south, west, north, east = bounds_around(self.region)
        return south <= place.lat <= north and west <= place.lon <= east

    @property
    def _middle(self) -> Place:
        south, west, north, east = self.region.bounds
        return Place(lat=(south + north) / 2, lon=(west + east) / 2)


@cache
def _own_folder() -> Path:
    """Return a folder of this process, gone with it."""
    folder = TemporaryDirectory(prefix="carriole-addresses-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def find_address(
    text: str, region: Region, *, home: Path | None = None, geocoder: Geocoder | None = None
) -> Found:
    """Find one address in a region: see ``AddressBook.find``."""
    return AddressBook(region, home, geocoder).find(text)


def _merged(sources: Sequence[Sequence[Known]]) -> list[Known]:
    """Put sources behind one another; what a source knows is taken from no later one."""
    found: list[Known] = []
    for source in sources:
        before = {same_thing(known) for known in found}
        found += [known for known in source if same_thing(known) not in before]
    return found


def _answer(asked: AddressText, known: Sequence[Known]) -> Found:
    """Judge what the sources know: one certain match, or what is alike, the best first."""
    matches: list[AddressMatch] = []
    for match in (judge(asked, one) for one in known):
        if not any(_is_same(match, other) for other in matches):
            matches.append(match)
    certain = [match for match in matches if match.certain]
    if len(certain) == 1:
        return Found((certain[0],))
    matches = [match.doubted(Doubt.TWINS) if match.certain else match for match in matches]
    alike = [match for match in matches if match.score >= LEAST_ALIKE]
    best = sorted(alike, key=lambda match: (-match.score, list(Kind).index(match.kind)))[:CANDIDATES_LIMIT]
    return Found(tuple(best)) if best else Found(refusal=AddressUnknown())


def _joined(here: Found, there: Found) -> Found:
    """
    Put what the geocoder found first among the candidates; a certain one stands alone.

    Unless the region knows several of that name: the geocoder may know only one of them.
    """
    twins = any(Doubt.TWINS in match.doubts for match in here.matches)
    if there.certain is not None and not twins:
        return there
    new = [match for match in there.matches if not any(_is_same(match, other) for other in here.matches)]
    new = [match.doubted(Doubt.TWINS) if match.certain else match for match in new]
    matches = sorted((*new, *here.matches), key=lambda match: -match.score)[:CANDIDATES_LIMIT]
    return Found(tuple(matches)) if matches else here


def _is_same(one: AddressMatch, other: AddressMatch) -> bool:
    """Tell whether two matches are one place under one name."""
    return one.label == other.label and crow_distance_m(one.place, other.place) < TWINS_APART_M
