"""Who lives along the way: places that lie within so many minutes of a line that is driven."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.climbing import Doors, costs_from, costs_to
from geodata.cost import NEVER, Costs
from geodata.doors import Ends, along_one_edge, arrivals, departures
from geodata.driving import Driving
from geodata.edges import Flags, Small
from geodata.roadmap import RoadMap

Piece = tuple[int, float, float]
"""An edge, and the metres along it where it is entered and left."""


@dataclass(frozen=True)
class Near:
    """
    Hold a place near a line: its number, the seconds from the line to it, and from there back to the line.

    A place on the line itself is 0 away, but for what lies between it and the road.
    """

    place: int
    out_s: int
    back_s: int


@dataclass(frozen=True)
class Leg:
    """Hold a driven way between two stops: its arcs, none where it passes no junction, and its pieces."""

    arcs: Sequence[int]
    pieces: Sequence[Piece]


def near_line(
    roads: RoadMap, driving: Driving, stops: Ends, legs: Sequence[Leg], places: Ends, limit_s: int
) -> tuple[Near, ...]:
    """
    Return the places within so many seconds of a line, the nearest first.

    It may be left and met again anywhere: at a stop, at a junction it passes, along its streets. ``limit_s``
    holds for the way out; the way back is told, not judged.
    """
    plain = roads.states.plain
    ahead = [driving.following(int(plain[arc])) for leg in legs for arc in leg.arcs[:-1]]
    onto = [plain[list(leg.arcs[1:])] for leg in legs if leg.arcs]
    from_line = costs_from(driving.slopes, *_joined(departures(stops, roads, driving), *ahead))
    to_line = costs_to(driving.slopes, *_joined(arrivals(stops, roads, driving), *onto))
    out = np.minimum(
        _least(from_line, arrivals(places, roads, driving)),
        along_one_edge(stops, places, driving).min(axis=0),
    )
    back = np.minimum(
        _least(to_line, departures(places, roads, driving)),
        along_one_edge(places, stops, driving).min(axis=1),
    )
    here, off_road = _on_line(places, legs), places.off_road()
    out_s, back_s = ((((np.where(here, 0, way) + off_road) >> 32) + 500) // 1000 for way in (out, back))
    found = [Near(at, int(out_s[at]), int(back_s[at])) for at in np.flatnonzero(out_s <= limit_s).tolist()]
    return tuple(sorted(found, key=lambda near: (near.out_s, near.place)))


def _joined(doors: Doors, *free: Small) -> tuple[Small, Costs]:
    """Return the states of doors at their costs, and further ones that cost nothing."""
    state = np.concatenate([doors.state, *free])
    return state, np.concatenate([doors.cost, np.zeros(len(state) - len(doors.state), dtype=np.int64)])


def _least(cost: Costs, doors: Doors) -> Costs:
    whole = np.minimum(cost[doors.state] + doors.cost, NEVER)
    found = np.full(doors.count, NEVER, dtype=np.int64)
    some = np.flatnonzero(np.diff(doors.start))
    found[some] = np.minimum.reduceat(whole, doors.start[some])
    return found


def _on_line(ends: Ends, legs: Sequence[Leg]) -> Flags:
    here = np.zeros(ends.count, dtype=bool)
    for edge, since, until in (piece for leg in legs for piece in leg.pieces):
        low, high = min(since, until), max(since, until)
        here |= (ends.edge == edge) & (low <= ends.offset_m) & (ends.offset_m <= high)
    return here
