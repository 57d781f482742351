"""
What a clearing was decided on, kept whole: from it alone the same answer comes again, or it is told that not.

Kept are the trip as it was committed, the room of its legs, the bids with crates and hours, what riding
spares each payer, and the seconds and metres between the places that matter, beside what it was decided
with: the roads, the figures, the limits. Nothing is drawn by lot, so there is no seed.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from geodata.matrix import Matrix
from pooling import figures
from pooling.day import Day
from pooling.ground import Ground
from pooling.market.award import TripBook
from pooling.market.clearing import Case, Limits
from pooling.market.joining import Aboard, Spared
from pooling.market.lot import Lot
from pooling.market.plain_words import made, parts_made, plain
from pooling.site import Site
from routing.problem import Problem

SCHEMA = 1
"""Raised when a record is written otherwise."""

TRIP_LETTERS_LIMIT = 1_000_000
DAY_LETTERS_LIMIT = 16_000_000
"""Letters that the record of a trip's, or of a day's, clearing may take, packed. A larger one is not kept."""


class NotInTheRecordError(Exception):
    """Tell that a clearing asked for something on which the one recorded was not decided."""


@dataclass
class Heard:
    """Answer what riding spares, and hold every answer that was given."""

    ask: Spared
    known: dict[tuple[str, Aboard], int] = field(default_factory=dict)

    def __call__(self, payer: str, aboard: Aboard) -> int:
        if (payer, aboard) not in self.known:
            self.known[payer, aboard] = self.ask(payer, aboard)
        return self.known[payer, aboard]


def heard(case: Case) -> Case:
    """Return the same case with its ear open: what it asks while it is decided is held, to be kept."""
    return case if isinstance(case.spared, Heard) else replace(case, spared=Heard(case.spared))


def decided_with(roads: str) -> dict[str, Any]:
    """Return what else the answer hangs on: the roads, the figures, the limits and the way of writing."""
    told = {name: one.value for name, one in vars(figures).items() if isinstance(one, figures.Figure)}
    return {"schema": SCHEMA, "roads": roads, "figures": digest_of(told), "limits": asdict(Limits())}


def limits_of(words: Mapping[str, Any]) -> Limits:
    """Return how far a clearing looked when it was decided: the first records bounded no number of sets."""
    return Limits(**{"sets": None, "tries": None, **words["limits"]})


def case_words(case: Case) -> dict[str, Any]:
    """Return a case that was decided with an open ear as plain words: what matters to it, and no more."""
    book = case.book
    asking = {one for lot in case.lots for one in lot.shipments}
    aboard = [*book.own, *(guest.shipment for guest in book.guests)]
    shipments = (*aboard, *(one for one in case.day.shipments if one.id in asking))
    rows = _rows(case, {end for one in shipments for end in (one.from_site, one.to_site)})
    sites = {one.id: one for one in case.day.sites.values() if case.ground.row.get(one.id) in rows}
    parties = {book.trip.owner, *(one.payer for one in shipments)}
    at = np.array(rows)
    matrix = case.ground.matrix
    return {
        "day": {
            "clock": plain(case.day.clock),
            "region": case.day.region,
            "parties": {one: plain(case.day.parties[one]) for one in sorted(parties)},
            "sites": {name: plain(_bare(one)) for name, one in sites.items()},
            "shipments": plain(list({one.id: one for one in shipments}.values())),
        },
        "ground": {
            "places": matrix.size,
            "rows": rows,
            "row": {name: case.ground.row[name] for name in sites},
            "seconds": matrix.durations_s[np.ix_(at, at)].tolist(),
            "metres": matrix.distances_m[np.ix_(at, at)].tolist(),
        },
        "book": _parts(book, but="problem") | {"problem": _parts(book.problem, but="matrix")},
        "lots": plain(case.lots),
        "spared": _spared_words(case.spared),
    }


def _parts(value: TripBook | Problem, *, but: str) -> dict[str, Any]:
    return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name != but}


def case_made(words: Mapping[str, Any], limits: Limits) -> Case:
    """Make a case again from its words; it answers nothing that was not asked when it was decided."""
    ground = _ground_made(words["ground"])
    book = dict(words["book"])
    problem = Problem(matrix=ground.matrix, **parts_made(Problem, book.pop("problem")))
    sites = {name: _with_spans(one) for name, one in words["day"]["sites"].items()}
    day = made(Day, {**words["day"], "sites": sites, "trips": [], "bids": [], "tours": []})
    lots = tuple(made(Lot, one) for one in words["lots"])
    stands = TripBook(problem=problem, **parts_made(TripBook, book))
    return Case(day, ground, stands, lots, _told(words["spared"]), limits)


def packed(words: Mapping[str, Any]) -> str:
    """Return a record as it is kept: JSON, packed, in letters."""
    return base64.b64encode(zlib.compress(_written(words).encode())).decode()


def unpacked(letters: str) -> dict[str, Any]:
    """Return a record as it was written; raises ``ValueError`` where these letters are none."""
    try:
        words: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(letters)))
    except zlib.error as error:
        raise ValueError("These letters were never packed.") from error
    return words


def _written(words: Mapping[str, Any]) -> str:
    """Write a record: the same words are always written with the same letters."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(words: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record as it is written."""
    return hashlib.sha256(_written(words).encode()).hexdigest()


def _bare(site: Site) -> Site:
    """Leave out of a site whatever is for who drives there."""
    return replace(site, address="", contact="", phone="", access="", week=None)


def _with_spans(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a site of a record; the first records hold one span of hours instead of several."""
    hours = kept["hours"]
    return {**kept, "hours": [hours] if isinstance(hours, Mapping) else hours}


def _rows(case: Case, ends: Iterable[str]) -> list[int]:
    """Return the rows of the matrix that the trip, its guests and whoever asks stand at."""
    book, vehicle = case.book, case.book.vehicle
    visits = [stop.visit for stop in vehicle.announced]
    visits += [visit for one in book.problem.requests for visit in (one.pickup, one.drop)]
    sites = (*ends, *(stop.site for stop in book.trip.stops))
    rows = {vehicle.start, *(visit.place for visit in visits)} | {case.ground.row[one] for one in sites}
    return sorted(rows | ({vehicle.end} if vehicle.end is not None else set()))


def _ground_made(words: Mapping[str, Any]) -> Ground:
    """Spread the rows that were kept over a matrix of the size it had; the rest of it is never looked at."""
    size, at = words["places"], np.array(words["rows"])
    grids = [np.zeros((size, size), dtype=np.int64) for _ in range(2)]
    for grid, name in zip(grids, ("seconds", "metres"), strict=True):
        grid[np.ix_(at, at)] = words[name]
    return Ground(Matrix(*grids), words["row"])


def _spared_words(spared: Spared) -> list[Any]:
    if not isinstance(spared, Heard):
        raise TypeError("Nothing was held of what this case asked: decide it as ``heard`` returns it.")
    return sorted([payer, sorted(aboard), cents] for (payer, aboard), cents in spared.known.items())


def _told(words: Sequence[Any]) -> Spared:
    known = {(payer, frozenset(aboard)): cents for payer, aboard, cents in words}

    def spared(payer: str, aboard: Aboard) -> int:
        if (payer, aboard) not in known:
            raise NotInTheRecordError
        return int(known[payer, aboard])

    return spared
