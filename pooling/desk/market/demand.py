"""
Unmet demand: what was looked for in vain, counted by area, day and product, for whoever proposes tours.

A search that found no offer counts where its crates wait; where they would have filled an order it counts
for the buyer too, where that wanted them. Nobody is named: of a party only a mark is kept, by which its next
search of that day is not counted as another party's. Counts of fewer parties than ``PARTIES_LEAST`` are
not told.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.communes import communes_within
from geodata.gazetteer import plain
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.market.demand import PARTIES_LEAST, ProductUnmet, told_products
from pooling.store import Tx, View
from pooling.store.demand import list_unmet, note_unmet, products_unmet
from pooling.store.sites import sites_by_id
from pooling.store.tour_orders import lines_of_orders, products_of_load

NEAR_DEGREES = 0.25
"""How far a commune's town hall may lie, north or east, from the crates that wait there."""


class DaysBackwards(Refusal):
    code = "days_backwards"
    reason = "The last day, {last}, lies before the first, {first}."
    cure = "Name the earlier day first."


@dataclass(frozen=True)
class Unmet:
    """
    Hold what was looked for in vain in one area on one day; ``None`` where the parties are too few.

    ``wanted``: buyers wanted it there; else it waits there. ``products`` are those that may be told.
    """

    area: str
    day: date
    searches: int | None
    crates: int | None
    wanted: bool = False
    products: tuple[ProductUnmet, ...] = ()


def note_unmet_search(desk: Desk, row: Row[Any], place: Place | None = None) -> None:
    """Count a search that found no offer, in the area where its crates wait; ``place`` is no site's."""

    def save(tx: Tx) -> None:
        crates = products_of_load(tx, row.id) or {row.goods: row.crates}
        waits = place or sites_by_id(tx, [row.from_site_id])[row.from_site_id].place
        _note(tx, waits, row.day, row.payer_id, crates)
        if row.ordered_by_id:
            wants = sites_by_id(tx, [row.to_site_id])[row.to_site_id].place
            _note(tx, wants, row.day, row.ordered_by_id, crates, wanted=True)

    _saved(desk, save)


def note_unmet_orders(desk: Desk, orders: Sequence[Row[Any]]) -> None:
    """Count orders from short lists that came to nothing, in the area where their buyers wanted them."""

    def save(tx: Tx) -> None:
        lines = lines_of_orders(tx, [one.id for one in orders])
        sites = sites_by_id(tx, [one.to_site_id for one in orders])
        for one in orders:
            crates: dict[str, int] = {}
            for line in lines.get(one.id, ()):
                if line.state == "open":
                    crates[line.product] = crates.get(line.product, 0) + line.crates
            _note(tx, sites[one.to_site_id].place, one.day, one.buyer_id, crates, wanted=True)

    if orders:
        _saved(desk, save)


def unmet_demand(
    desk: Desk, who: Actor, first: date, last: date, *, limit: int, skip: int
) -> tuple[Unmet, ...]:
    """List what was looked for in vain on some days, by area; for operators."""
    who.must_be_operator()
    if last < first:
        raise DaysBackwards(first=first, last=last)
    with desk.store.view() as view:
        return unmet_told(view, first, last, limit, skip)


def unmet_told(view: View, first: date, last: date, limit: int, skip: int = 0) -> tuple[Unmet, ...]:
    """Return what may be told of the unmet demand of some days."""
    rows = list_unmet(view, first, last, limit, skip)
    many = [row for row in rows if row.parties >= PARTIES_LEAST]
    asked: dict[tuple[object, ...], list[tuple[str, str, int]]] = {}
    for one in products_unmet(view, many):
        asked.setdefault((one.area, one.day, one.wanted), []).append((one.mark, one.product, one.crates))
    return tuple(
        Unmet(row.area, row.day, int(row.searches), int(row.crates), row.wanted, told_products(asked[key]))
        if (key := (row.area, row.day, row.wanted)) in asked
        else Unmet(row.area, row.day, None, None, row.wanted)
        for row in rows
    )


def _note(
    tx: Tx, place: Place, day: date, party_id: str, crates: Mapping[str, int], *, wanted: bool = False
) -> None:
    """Note the products of one search of a party, which counts once however many they are."""
    area = area_of(place)
    known = f"{area}/{day}/{party_id}{'/wanted' if wanted else ''}"
    mark = hashlib.sha256(known.encode()).hexdigest()[:40]
    for at, (product, number) in enumerate(_by_plain_name(crates.items())):
        note_unmet(tx, area, day, mark, number, product, searches=0 if at else 1, wanted=wanted)


def _by_plain_name(crates: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Take together what only accents, capitals and signs keep apart."""
    found: dict[str, int] = {}
    for product, number in crates:
        found[plain(product)] = found.get(plain(product), 0) + number
    return sorted(found.items())


def _saved(desk: Desk, save: Callable[[Tx], None]) -> None:
    try:
        desk.store.change(save)
    except IntegrityError:  # the same party, twice at once: counted once
        return


def area_of(place: Place) -> str:
    """
    Name the commune whose town hall is nearest; beyond France a cell of a tenth of a degree.

    The communes are read once per process, at its start (``api/app.py``): nobody waits for them in a change.
    """
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
