"""
The national address file of France (Base Adresse Nationale, CSV) beside a region: every house with its point.

Its form is the file of a department as https://adresse.data.gouv.fr/data/ban/adresses/latest/csv has it
(``adresses-81.csv.gz``, or ``lieux-dits-81-beta.csv.gz``): semicolons, UTF-8, degrees in ``lon`` and ``lat``.
"""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from math import inf
from pathlib import Path
from typing import TextIO

from geodata.address_files import imported_table
from geodata.address_table import Entry, House, write_table
from geodata.address_text import key_of, number_of
from geodata.addresses import Kind, Known
from geodata.communes import communes
from geodata.extract_addresses import bounds_around
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from geodata.region import Region, addresses_folder

HOUSES_LIMIT = 2_000_000
"""How many houses one region may hold: six departments."""

LINE_LIMIT = 10_000
"""Letters of one line: a quotation mark that is never closed ends here."""

BAD_LINES_KEPT = 1_000
"""How many bad lines are told one by one; all are counted."""

FAR_FROM_COMMUNE_M = 40_000
"""A point farther than this from its town hall is wrong: no commune of the mainland is that wide."""

NUMBER_DIGITS = 5
NO_NUMBER = frozenset({"", "99999"})
"""How the file writes that a street or hamlet has no numbers."""

ALWAYS = ("code_postal", "code_insee", "nom_commune", "lon", "lat")
NAME_COLUMNS = ("nom_voie", "nom_lieu_dit")

Progress = Callable[[str, float], None]


class AddressFileUnreadable(Refusal):
    code = "address_file_unreadable"
    reason = "The address file {file} cannot be read: {detail}."
    cure = "Give a file of the Base Adresse Nationale (adresses-81.csv or .csv.gz), whole, or fetch it again."


class AddressesTooMany(Refusal):
    code = "addresses_too_many"
    reason = "More than {limit} houses lie in the region {region}."
    cure = "Build a smaller region, or give fewer files."


class AddressLineBad(Refusal):
    """Tell what is wrong with one line; the others are taken."""

    code = "address_line_bad"
    reason = "“{value}” is no house number."
    cure = "Write digits here, and bis, ter or a letter in the column rep."


class AddressNameMissing(AddressLineBad):
    reason = "The name of the street or of the commune is missing or cannot be read."
    cure = "Fill it in, in UTF-8."


class AddressPointBad(AddressLineBad):
    reason = "“{value}” is no degree."
    cure = "Write degrees with a point, such as 43.92812."


class AddressPointFar(AddressLineBad):
    reason = "The point lies {far_km} km from {commune}."
    cure = "Correct its degrees, or the commune."


@dataclass(frozen=True)
class BadAddress:
    """Hold what is wrong in a line, the first line being the header's: the column, and the refusal."""

    file: str
    line: int
    column: str
    refusal: Refusal


@dataclass
class BanImport:
    """Hold what came of an import: lines read, houses and names kept, lines outside the region, bad ones."""

    lines: int = 0
    houses: int = 0
    names: int = 0
    outside: int = 0
    bad: int = 0
    bad_lines: list[BadAddress] = field(default_factory=list)

    def refuse(self, file: str, line: int, column: str, refusal: Refusal) -> None:
        self.bad += 1
        if len(self.bad_lines) < BAD_LINES_KEPT:
            self.bad_lines.append(BadAddress(file, line, column, refusal))


def import_ban(
    region: Region, sources: Sequence[Path], *, home: Path | None = None, progress: Progress | None = None
) -> BanImport:
    """
    Keep the addresses of these files beside a region, instead of those imported before.

    Lines outside of the region are left out and counted; bad ones are told and the good ones beside
    them kept. The same files again change nothing. A file that cannot be read leaves everything as it was.
    Costs about 12 s for the 300,000 addresses of a department. Refused with ``address_file_unreadable`` or
    ``addresses_too_many``.
    """
    report = BanImport()
    streets: Streets = {}
    for done, source in enumerate(sources):
        if progress is not None:
            progress("reading", done / len(sources))
        with _opened(source) as file:
            _read(file, region, streets, report, source)
    entries = [street.entry() for _, street in sorted(streets.items())]
    report.names = len(entries)
    report.houses = sum(len(entry.houses) for entry in entries)
    if progress is not None:
        progress("writing", 0.9)
    notes = {"source": ", ".join(source.name for source in sources), "houses": report.houses}
    write_table(imported_table(addresses_folder(home), region.name).path, entries, notes)
    return report


@dataclass
class _Street:
    """Gather the houses of one street, or the one point of a hamlet without numbers."""

    name: str
    commune: str
    former: str
    postcode: str
    kind: Kind
    points: list[Place] = field(default_factory=list)
    houses: dict[tuple[int, str], House] = field(default_factory=dict)

    def entry(self) -> Entry:
        """Return the street: the point nearest the middle of its houses, and how far these reach."""
        points = self.points
        lat, lon = (sum(axis) / len(points) for axis in zip(*((p.lat, p.lon) for p in points), strict=True))
        middle = Place(lat=lat, lon=lon)
        chosen = min(points, key=lambda point: crow_distance_m(point, middle))
        within_m = round(max(crow_distance_m(point, chosen) for point in points))
        what = "lieu-dit" if self.kind is Kind.PLACE else ""
        known = Known(self.kind, self.name, chosen, self.commune, self.former, self.postcode, within_m, what)
        return Entry(known, [self.houses[key] for key in sorted(self.houses)])


Streets = dict[tuple[str, ...], _Street]


@contextmanager
def _opened(source: Path) -> Iterator[TextIO]:
    """Open a file as text, packed or not; whatever goes wrong while it is read is one refusal."""
    try:
        with source.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        opened = gzip.open if packed else open
        with opened(source, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
            yield file
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise AddressFileUnreadable(file=str(source), detail=detail.rstrip(".")) from error


def _read(file: TextIO, region: Region, streets: Streets, report: BanImport, source: Path) -> None:
    rows = csv.DictReader(_lines(file), delimiter=";", quoting=csv.QUOTE_NONE, restval="")
    columns = [_bare(column) for column in rows.fieldnames or ()]
    rows.fieldnames = columns
    named = next((column for column in NAME_COLUMNS if column in columns), NAME_COLUMNS[0])
    missing = [column for column in (named, *ALWAYS) if column not in columns]
    if missing:
        raise AddressFileUnreadable(file=str(source), detail=f"it has no column {missing[0]}")
    reader = _Reader(source.name, named, bounds_around(region), report)
    for row in rows:
        report.lines += 1
        reader.take({name: _bare(value) for name, value in row.items() if name}, rows.line_num, streets)
        if report.houses > HOUSES_LIMIT:
            raise AddressesTooMany(limit=HOUSES_LIMIT, region=region.name)


@dataclass(frozen=True)
class _Reader:
    """Read one line after the other into streets; a bad one is told, and leaves nothing behind."""

    file: str
    named: str
    bounds: tuple[float, float, float, float]
    report: BanImport

    def take(self, row: Mapping[str, str], line: int, streets: Streets) -> None:
        place = self._place(row, line)
        if place is None:
            return
        if not self._holds(place):
            self.report.outside += 1
            return
        house = self._house(row, line, place)
        name, commune = row[self.named], row["nom_commune"]
        for column in (self.named, "nom_commune"):
            if not key_of(row[column]) or "\ufffd" in row[column]:
                self.report.refuse(self.file, line, column, AddressNameMissing())
                return
        if house is None or self._far(row, line, place):
            return
        kind = Kind.PLACE if self.named == "nom_lieu_dit" else Kind.STREET
        former, code = row.get("nom_ancienne_commune", ""), row["code_postal"]
        key = (row["code_insee"], key_of(name), key_of(former), _street_id(row), kind)
        street = streets.setdefault(key, _Street(name, commune, former, code, kind))
        street.points.append(place)
        if house and house[:2] not in street.houses:
            street.houses[house[:2]] = house
            self.report.houses += 1

    def _place(self, row: Mapping[str, str], line: int) -> Place | None:
        degrees: list[float] = []
        for column, most in (("lat", 90), ("lon", 180)):
            try:
                degrees.append(float(row[column]))
            except ValueError:
                degrees.append(inf)
            if not abs(degrees[-1]) <= most:
                self.report.refuse(self.file, line, column, AddressPointBad(value=row[column][:40]))
                return None
        return Place(lat=degrees[0], lon=degrees[1])

    def _house(self, row: Mapping[str, str], line: int, place: Place) -> House | tuple[()] | None:
        """Return the house of a line; nothing where it tells of the whole street; ``None`` if unreadable."""
        number = row.get("numero", "")
        if number in NO_NUMBER:
            return ()
        if not (number.isascii() and number.isdigit() and len(number) <= NUMBER_DIGITS):
            self.report.refuse(self.file, line, "numero", AddressLineBad(value=number[:40]))
            return None
        digits, _, suffix = number_of(number, row.get("rep", "")).partition(" ")
        return int(digits), suffix, place.lat, place.lon

    def _far(self, row: Mapping[str, str], line: int, place: Place) -> bool:
        """Tell of a point that lies too far from the town hall of its commune, where that is known."""
        hall = _town_halls().get(row["code_insee"])
        far_m = crow_distance_m(place, hall) if hall else 0.0
        if far_m > FAR_FROM_COMMUNE_M:
            refusal = AddressPointFar(far_km=round(far_m / 1000), commune=row["nom_commune"])
            self.report.refuse(self.file, line, "lon", refusal)
        return far_m > FAR_FROM_COMMUNE_M

    def _holds(self, place: Place) -> bool:
        south, west, north, east = self.bounds
        return south <= place.lat <= north and west <= place.lon <= east


@cache
def _town_halls() -> Mapping[str, Place]:
    return {one.insee: one.place for one in communes() if one.place}


def _street_id(row: Mapping[str, str]) -> str:
    """Return commune and street of a line's id: ``81004_1530_00012_bis`` is a house of 81004_1530."""
    return "_".join(row.get("id", "").split("_")[:2])


def _lines(file: TextIO) -> Iterator[str]:
    """Yield lines of bounded length: whatever has longer ones is no such file."""
    while line := file.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            raise csv.Error(f"a line is longer than {LINE_LIMIT} letters")
        yield line


def _bare(value: str | None) -> str:
    """Return a field without quotation marks around it."""
    text = (value or "").strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
