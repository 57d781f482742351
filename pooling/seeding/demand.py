"""What was looked for in vain, as wishes that a drafted tour may take along."""

from collections.abc import Iterable
from datetime import date

from geodata.communes import town_halls
from pooling.seeding.draft import Wish


def wishes_of(unmet: Iterable[tuple[str, date, int]]) -> tuple[Wish, ...]:
    """
    Make wishes of areas, days and crates; of one area and weekday the crates of all days are added.

    Areas are named as unmet demand names them, ``06104 Roquebrune``; others have no place and are left out.
    """
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
