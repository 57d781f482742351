"""
Unmet demand: searches that found no offer, counted by area and day, for whoever proposes tours.

Nobody is named: of a party only a mark is kept, by which its next search of that day is not counted as
another party's. Counts of fewer parties than ``PARTIES_LEAST`` are not told.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.communes import communes_within
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.store.demand import list_unmet, note_unmet
from pooling.store.sites import sites_by_id

PARTIES_LEAST = 3
"""Of fewer parties no count is told: from two, each could reckon the other's crates."""

NEAR_DEGREES = 0.25
"""How far a commune's town hall may lie, north or east, from the crates that wait there."""


class DaysBackwards(Refusal):
    code = "days_backwards"
    reason = "The last day, {last}, lies before the first, {first}."
    cure = "Name the earlier day first."


@dataclass(frozen=True)
class Unmet:
    """Hold what was looked for in vain in one area on one day; ``None`` where the parties are too few."""

    area: str
    day: date
    searches: int | None
    crates: int | None


def note_unmet_search(desk: Desk, row: Row[Any], place: Place | None = None) -> None:
    """Count a search that found no offer, in the area where its crates wait; ``place`` is no site's."""

    if place is None:
        with desk.store.view() as view:
            place = sites_by_id(view, [row.from_site_id])[row.from_site_id].place
    area = area_of(place)
    mark = hashlib.sha256(f"{area}/{row.day}/{row.payer_id}".encode()).hexdigest()[:40]
    try:
        desk.store.change(lambda tx: note_unmet(tx, area, row.day, mark, row.crates))
    except IntegrityError:  # the same party, twice at once: counted once
        return


def unmet_demand(
    desk: Desk, who: Actor, first: date, last: date, *, limit: int, skip: int
) -> tuple[Unmet, ...]:
    """List what was looked for in vain on some days, by area; for operators."""
    who.must_be_operator()
    if last < first:
        raise DaysBackwards(first=first, last=last)
    with desk.store.view() as view:
        rows = list_unmet(view, first, last, limit, skip)
    return tuple(
        Unmet(row.area, row.day, int(row.searches), int(row.crates))
        if row.parties >= PARTIES_LEAST
        else Unmet(row.area, row.day, None, None)
        for row in rows
    )


def area_of(place: Place) -> str:
    """Name the commune whose town hall is nearest; beyond France a cell of a tenth of a degree."""
    near = communes_within(
        place.lat - NEAR_DEGREES,
        place.lon - NEAR_DEGREES,
        place.lat + NEAR_DEGREES,
        place.lon + NEAR_DEGREES,
    )
    known = [(crow_distance_m(place, one.place), one) for one in near if one.place is not None]
    if not known:
        return f"{place.lat:.1f}, {place.lon:.1f}"
    commune = min(known, key=lambda pair: (pair[0], pair[1].insee))[1]
    return f"{commune.insee} {commune.name}"
