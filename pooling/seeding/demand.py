"""
What was looked for in vain, as wishes that a drafted tour may take along, and who has what was asked for.

Areas are named as unmet demand names them, ``06104 Roquebrune``; others have no place and are left out.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from geodata.communes import town_halls
from geodata.gazetteer import plain
from geodata.place import Place, crow_distance_m
from pooling.market.demand import ProductUnmet
from pooling.seeding.draft import InVain, Sought, Stock, Stop, Wish

NEAR_M = 10_000
"""What was looked for in vain so near to a stop of a draft is counted as a wish for it."""

SAME_FARM_M = 2_000
"""A producer of past purchases is the one of that name whose short list is collected so near."""


def wishes_of(unmet: Iterable[tuple[str, date, int]]) -> tuple[Wish, ...]:
    """Make wishes of areas, days and crates; of one area and weekday the crates of all days are added."""
    crates: dict[tuple[str, int], int] = {}
    for area, day, count in unmet:
        known = (area, day.isoweekday())
        crates[known] = crates.get(known, 0) + count
    return tuple(
        Wish(area, place, weekday, count)
        for (area, weekday), count in sorted(crates.items())
        for place in [town_halls().get(area.partition(" ")[0])]
        if place is not None
    )


def sought_of(unmet: Iterable[tuple[str, date, Sequence[ProductUnmet]]]) -> tuple[Sought, ...]:
    """Return which products buyers asked for in vain; of one weekday the day on which most of them did."""
    buyers: dict[tuple[str, int, str], int] = {}
    for area, day, products in unmet:
        for one in products:
            known = (area, day.isoweekday(), one.product)
            buyers[known] = max(buyers.get(known, 0), one.parties)
    return tuple(
        Sought(place, weekday, InVain(area, product, number))
        for (area, weekday, product), number in sorted(buyers.items())
        for place in [town_halls().get(area.partition(" ")[0])]
        if place is not None
    )


def wished(wishes: Sequence[Wish], weekday: int, stops: Sequence[Stop]) -> int:
    """Count the crates that were looked for in vain on this weekday near any of the stops."""
    return sum(wish.crates for wish in wishes if wish.weekday == weekday and _near(wish.place, stops))


def in_vain(sought: Sequence[Sought], weekday: int, stops: Sequence[Stop]) -> tuple[InVain, ...]:
    """Return what buyers near any of the stops asked for in vain on this weekday, most buyers first."""
    found = [one.what for one in sought if one.weekday == weekday and _near(one.place, stops)]
    return tuple(sorted(found, key=lambda one: (-one.buyers, one.area, one.product)))


def had_by(
    producer: Place, sold: Iterable[str], stocks: Sequence[Stock], asked: Sequence[InVain]
) -> tuple[InVain, ...]:
    """Return what of that a producer has: on its short lists, or among what it ``sold`` before."""
    has = {plain(one) for one in sold}
    for stock in stocks:
        if plain(stock.producer) == plain(producer.name):
            has |= stock.products if crow_distance_m(stock.place, producer) <= SAME_FARM_M else frozenset()
    return tuple(one for one in asked if one.product in has)


def _near(place: Place, stops: Sequence[Stop]) -> bool:
    return any(crow_distance_m(place, stop.place) <= NEAR_M for stop in stops)
