"""By which arcs a snapped place is left and reached, and what lies directly along its own edge."""

from collections.abc import Sequence

import numpy as np

from geodata.edges import Edges, Flags
from geodata.search import Arrivals, Departures, Floats, Turns
from geodata.snapping import Snap


def departures(snaps: Sequence[Snap], edges: Edges, turns: Turns) -> Departures:
    """Return the arcs that begin where the edge of each place ends, in both senses of a two-way street."""
    doors: dict[tuple[int, int], float] = {}
    for at, snap in enumerate(snaps):
        for arc, _, left_m in edges.senses(snap):
            for after in turns.following(arc).tolist():
                doors[at, after] = min(left_m, doors.get((at, after), left_m))
    keys = sorted(doors)
    place = np.array([at for at, _ in keys], dtype=np.int64)
    metres = np.array([doors[key] for key in keys])
    speed = edges.metres_per_second[[snap.edge for snap in snaps]][place]
    return Departures(
        place=place,
        arc=np.array([arc for _, arc in keys], dtype=np.int64),
        seconds=metres / speed,
        metres=metres,
        count=len(snaps),
    )


def arrivals(snaps: Sequence[Snap], edges: Edges) -> Arrivals:
    """Return the arcs through each place, with what is driven on them until there."""
    arc = np.zeros((len(snaps), 2), dtype=np.int64)
    metres = np.full((len(snaps), 2), np.inf)
    for at, snap in enumerate(snaps):
        for side, (through, driven_m, _) in enumerate(edges.senses(snap)):
            arc[at, side], metres[at, side] = through, driven_m
    speed = edges.metres_per_second[[snap.edge for snap in snaps]]
    return Arrivals(arc, metres / speed[:, None], metres)


def along_one_edge(starts: Sequence[Snap], ends: Sequence[Snap], edges: Edges) -> tuple[Floats, Floats]:
    """Return seconds and metres of ways that never leave their edge, infinite where there is none."""
    edge = np.array([snap.edge for snap in starts])
    ahead_m = np.subtract.outer([snap.offset_m for snap in ends], [snap.offset_m for snap in starts]).T
    forward, backward = (edges.arcs[edge] >= 0).T
    open_way = (forward[:, None] & (ahead_m >= 0)) | (backward[:, None] & (ahead_m <= 0))
    same = np.equal.outer(edge, [snap.edge for snap in ends])
    metres = np.where(same & open_way, np.abs(ahead_m), np.inf)
    return metres / edges.metres_per_second[edge][:, None], metres


def same_place(starts: Sequence[Snap], ends: Sequence[Snap]) -> Flags:
    """Tell which pairs are one and the same point of the earth."""
    here, there = ([(snap.place.lat, snap.place.lon) for snap in snaps] for snaps in (starts, ends))
    same: Flags = (np.array(here)[:, None, :] == np.array(there)[None, :, :]).all(axis=2)
    return same
