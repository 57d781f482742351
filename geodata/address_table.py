"""
A table of addresses on disk, searched in milliseconds: one SQLite file, written aside and put in place whole.

A search never reads the table through: exact names are found by an index, misspelled ones by their words
(``geodata.address_index``). Every search opens the file anew, so threads and processes share it, and one
that is replaced is seen at the next search.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from geodata.address_index import SCHEMA as INDEX_SCHEMA
from geodata.address_index import WordIndex, things_like
from geodata.address_text import AddressText, bare, commune_key, key_of
from geodata.addresses import Kind, Known
from geodata.place import Place

FORMAT = 1
"""Counts up whenever the form of the file changes; an older file is as good as none."""

NEIGHBOURS_LIMIT = 2
"""How many houses next to an unknown number are proposed."""

SCHEMA = """
CREATE TABLE note(name TEXT PRIMARY KEY, told TEXT) WITHOUT ROWID;
CREATE TABLE known(id INTEGER PRIMARY KEY, kind TEXT, name TEXT, commune TEXT, former TEXT, postcode TEXT,
    lat REAL, lon REAL, within_m INT, what TEXT, key TEXT, commune_key TEXT, former_key TEXT);
CREATE TABLE house(known INT, number INT, suffix TEXT, lat REAL, lon REAL,
    PRIMARY KEY(known, number, suffix)) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX known_by_key ON known(key, commune_key);
CREATE INDEX known_by_former ON known(key, former_key) WHERE former_key <> '';
CREATE INDEX communes ON known(id) WHERE kind = 'commune';
"""
EXACT = (
    "SELECT * FROM known WHERE key = ? AND commune_key = ? LIMIT 40",
    "SELECT * FROM known WHERE key = ? AND former_key = ? AND former_key <> '' LIMIT 40",
)
NAMED = "SELECT * FROM known WHERE key = ? ORDER BY kind <> 'commune', postcode <> ? LIMIT 40"
POSTED = "SELECT * FROM known WHERE kind = 'commune' AND instr(postcode, ?) LIMIT 10"
BY_ID = "SELECT * FROM known WHERE id = ?"
HOUSES = (
    "SELECT number, suffix, lat, lon FROM house WHERE known = ? ORDER BY abs(number - ?), suffix <> ? LIMIT 3"
)

House = tuple[int, str, float, float]
"""Number, suffix, latitude and longitude."""

Row = tuple[Any, ...]


@dataclass
class Entry:
    """Hold a thing to be written, with the houses on it."""

    known: Known
    houses: list[House] = field(default_factory=list)


@dataclass(frozen=True)
class AddressTable:
    """Search one file of addresses; one that is missing, or of another form, holds nothing."""

    path: Path

    def notes(self) -> Mapping[str, str]:
        """Return what was written down of the file: its form, its source, how much it holds."""
        try:
            with closing(self._opened()) as opened:
                return dict(opened.execute("SELECT name, told FROM note"))
        except sqlite3.Error:
            return {}

    def is_there(self) -> bool:
        return self.path.is_file() and self.notes().get("format") == str(FORMAT)

    def find(self, asked: AddressText, *, exact: bool = False) -> list[Known]:
        """
        Return what the text may mean: exact names, communes in it, and then names that look alike.

        Where a number is asked and the street has it, the house stands for the street; else the street
        and its nearest houses are returned. Exact ones cost 2 ms among 40,000 streets, all of them 20.
        """
        if not self.is_there():
            return []
        with closing(self._opened()) as opened:
            rows = {row[0]: row for row in _exact(opened, asked)}
            if not exact:
                things = int(opened.execute("SELECT told FROM note WHERE name = 'things'").fetchone()[0])
                for number in things_like(opened, asked.words, things):
                    rows.setdefault(number, opened.execute(BY_ID, (number,)).fetchone())
            return [known for row in rows.values() for known in _houses(opened, row, asked.number)]

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)


def write_table(path: Path, entries: Iterable[Entry], notes: Mapping[str, object]) -> None:
    """Write a table aside, then put it in its place: a reader sees the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid4().hex[:12]}")
    try:
        with closing(sqlite3.connect(aside)) as opened:
            opened.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA} {INDEX_SCHEMA}")
            index, number = WordIndex(), 0
            for number, entry in enumerate(entries, 1):
                _write(opened, number, entry, index)
            index.close(opened)
            told = {"format": FORMAT, "things": number, **notes}
            opened.executemany("INSERT INTO note VALUES (?, ?)", [(name, str(t)) for name, t in told.items()])
            opened.executescript(INDEXES)
            opened.execute("ANALYZE")
            opened.commit()
        _sync(aside)
        aside.replace(path)
        _sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _write(opened: sqlite3.Connection, number: int, entry: Entry, index: WordIndex) -> None:
    one = entry.known
    name = commune_key(one.name) if one.kind is Kind.COMMUNE else key_of(one.name)
    keys = [name, commune_key(one.commune), commune_key(one.former)]
    row = (one.kind, one.name, one.commune, one.former, one.postcode)
    opened.execute(
        "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *row, one.place.lat, one.place.lon, one.within_m, one.what, *keys),
    )
    index.note(opened, number, " ".join(keys).split())
    opened.executemany(
        "INSERT OR IGNORE INTO house VALUES (?, ?, ?, ?, ?)", [(number, *one) for one in entry.houses]
    )


def _exact(opened: sqlite3.Connection, asked: AddressText) -> Iterator[Row]:
    for commune, rest in asked.splits():
        names = " ".join(rest or commune), " ".join(bare(commune))
        for exact in EXACT:
            yield from opened.execute(exact, names)
    yield from opened.execute(NAMED, (" ".join(asked.words), asked.postcode))
    for commune, _ in asked.splits():
        yield from opened.execute(EXACT[0], (" ".join(bare(commune)),) * 2)
    if asked.postcode:
        yield from opened.execute(POSTED, (asked.postcode,))


def _houses(opened: sqlite3.Connection, row: Row, number: str) -> Iterator[Known]:
    """Yield the house that is asked for; else the street and its nearest houses."""
    street = _known(row)
    if not number or street.kind is not Kind.STREET:
        yield street
        return
    digits, _, suffix = number.partition(" ")
    found = opened.execute(HOUSES, (row[0], int(digits), suffix)).fetchall()
    exact = [house for house in found if (house[0], house[1]) == (int(digits), suffix)]
    if not exact:
        yield street
    for house in exact or found[:NEIGHBOURS_LIMIT]:
        yield _house(street, house)


def _house(street: Known, house: House) -> Known:
    number, suffix, lat, lon = house
    written = f"{number} {suffix}".strip()
    place = Place(lat=lat, lon=lon, name=f"{written} {street.name}")
    return replace(street, kind=Kind.HOUSE, number=written, place=place, within_m=0)


def _known(row: Row) -> Known:
    _, kind, name, commune, former, postcode, lat, lon, within_m, what, *_ = row
    place = Place(lat=lat, lon=lon, name=name)
    return Known(Kind(kind), name, place, commune, former, postcode, within_m, what)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
