"""
Empty crates: whose they are, who has them, and how many a van takes back on its way.

A crate belongs to whoever sent it. It goes with the goods to who receives them, and comes back empty: from
there to a driver, from the driver to its owner. What is noted of handovers tells where each one is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pooling.manifest import Empties, FreeRoom, Manifest
from pooling.runs.custody import DELIVERING, OUTSIDE, Way

EMPTY_CRATE_KG = 2
"""An empty crate of 600 by 400 mm weighs so much at most."""

Held = Mapping[tuple[str, str, str], int]
"""Crates by who has them, whose they are, and their kind."""


@dataclass(frozen=True)
class Moved:
    """Hold what one handover moved: full crates from giver to taker, and empty ones the other way."""

    owner: str
    kind: str
    way: Way
    giver: str
    taker: str
    crates: int
    empties: Mapping[str, int]


def balances(moves: Iterable[Moved]) -> dict[tuple[str, str, str], int]:
    """
    Add up how many crates of whom everybody has, full ones and empty ones; owners are in no balance.

    Delivered less taken back. Below nothing where more came back than was ever noted as delivered: such
    crates were there before.
    """
    held: dict[tuple[str, str, str], int] = {}
    for one in moves:
        for holder, kind, crates in _moved(one):
            if holder != one.owner:
                held[holder, one.owner, kind] = held.get((holder, one.owner, kind), 0) + crates
    return {key: crates for key, crates in held.items() if crates}


def with_empties(manifest: Manifest, wanted: Mapping[int, Mapping[str, int]]) -> Manifest:
    """
    Say at each stop how many empties to bring back: as many as wait there and find room to the end.

    ``wanted`` counts those that wait, by the stop's number and their kind. Who comes first takes first. A
    trip ends at its last stop, from where nothing rides on.
    """
    going = manifest.stops[:-1] if manifest.kind == "trip" else manifest.stops
    taken = taken_back([wanted.get(stop.number, {}) for stop in going], [stop.free for stop in going])
    stops = (
        replace(stop, empties=tuple(Empties(kind, crates) for kind, crates in sorted(some.items())))
        for stop, some in zip(going, taken, strict=True)
    )
    return replace(manifest, stops=(*stops, *manifest.stops[len(going) :]))


def taken_back(waiting: Sequence[Mapping[str, int]], free: Sequence[FreeRoom]) -> list[dict[str, int]]:
    """
    Choose how many empties to take at each stop, so that on no leg from there on the van is too full.

    ``free`` is what is left on the leg that leaves each stop, guests' crates and own goods counted.
    """
    left = [_room(one) for one in free]
    found: list[dict[str, int]] = []
    for at, some in enumerate(waiting):
        taken: dict[str, int] = {}
        for kind, crates in sorted(some.items()):
            most = min(min(leg.get(kind, 0), leg["kg"] // EMPTY_CRATE_KG) for leg in left[at:])
            count = max(0, min(crates, most))
            for leg in left[at:]:
                leg[kind] = leg.get(kind, 0) - count
                leg["kg"] -= count * EMPTY_CRATE_KG
            taken |= {kind: count} if count else {}
        found.append(taken)
    return found


def _moved(one: Moved) -> list[tuple[str, str, int]]:
    moved = [(one.giver, one.kind, -one.crates), (one.taker, one.kind, one.crates)]
    if one.way == "on" or (one.way in DELIVERING and one.taker != OUTSIDE):
        for kind, crates in one.empties.items():
            moved += [(one.taker, kind, -crates), (one.giver, kind, crates)]
    return moved


def _room(free: FreeRoom) -> dict[str, int]:
    return {
        "ambient": free.ambient_crates,
        "chilled": free.chilled_crates,
        "frozen": free.frozen_crates,
        "kg": 10**6 if free.kg is None else free.kg,
    }
