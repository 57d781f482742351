"""By which states a snapped place is left and reached, and what lies directly along its own edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.climbing import Doors
from geodata.cost import NEVER, Costs, costs
from geodata.driving import Driving
from geodata.edges import Flags, Ints
from geodata.roadmap import RoadMap
from geodata.snapping import Floats, Snap


@dataclass(frozen=True, eq=False)
class Ends:
    """Hold snapped places as columns: the edge of each, and how far along it lies, at most to its end."""

    edge: Ints
    offset_m: Floats
    length_m: Floats

    def driven_m(self) -> Floats:
        """Return the metres driven to reach each place, on the arc forward and on the arc backward."""
        return np.stack([self.offset_m, self.length_m - self.offset_m], axis=1)

    def left_m(self) -> Floats:
        """Return the metres that remain from each place to the end of its arc, forward and backward."""
        return self.driven_m()[:, ::-1]


def ends_of(snaps: Sequence[Snap], roads: RoadMap) -> Ends:
    edge = np.array([snap.edge for snap in snaps], dtype=np.int64)
    length_m = roads.edges.length_m[edge]
    return Ends(edge, np.minimum([snap.offset_m for snap in snaps], length_m), length_m)


def departures(ends: Ends, roads: RoadMap, driving: Driving) -> Doors:
    """Return the states that come after the arcs of each place, in both senses of a two-way street."""
    price = _partial(ends, ends.left_m(), driving)
    found: list[tuple[int, int, int]] = []
    for place, edge in enumerate(ends.edge.tolist()):
        for sense in (0, 1):
            cost = int(price[place, sense])
            if cost < NEVER:
                after = driving.following(int(roads.states.plain[2 * edge + sense]))
                found.extend((place, state, cost) for state in after.tolist())
    return _doors(found, len(ends.edge))


def arrivals(ends: Ends, roads: RoadMap, driving: Driving) -> Doors:
    """Return the states of the arcs through each place, with what is driven on them until there."""
    price = _partial(ends, ends.driven_m(), driving)
    found = [
        (place, state, int(price[place, sense]))
        for place, edge in enumerate(ends.edge.tolist())
        for sense in (0, 1)
        if price[place, sense] < NEVER
        for state in roads.states.of_arc(2 * edge + sense).tolist()
    ]
    return _doors(found, len(ends.edge))


def along_one_edge(starts: Ends, ends: Ends, driving: Driving) -> Costs:
    """Return the cost of ways that never leave their edge, ``NEVER`` where there is none."""
    ahead_m = np.subtract.outer(ends.offset_m, starts.offset_m).T
    same = np.equal.outer(starts.edge, ends.edge)
    pace = _pace(starts, driving)
    open_arc = np.isfinite(pace)
    pace_on = np.where(open_arc, pace, 0)
    senses = [
        np.where(
            same & open_arc[:, side, None] & (ahead_m * sign >= 0),
            np.abs(ahead_m) * pace_on[:, side, None],
            np.inf,
        )
        for side, sign in ((0, 1), (1, -1))
    ]
    return costs(np.minimum(*senses), np.abs(ahead_m))


def same_place(starts: Sequence[Snap], ends: Sequence[Snap]) -> Flags:
    """Tell which pairs are one and the same point of the earth."""
    here, there = ([(snap.place.lat, snap.place.lon) for snap in snaps] for snaps in (starts, ends))
    same: Flags = (np.array(here)[:, None, :] == np.array(there)[None, :, :]).all(axis=2)
    return same


def _pace(ends: Ends, driving: Driving) -> Floats:
    """Return the seconds per metre of both arcs through each place, infinite where closed."""
    arcs = np.stack([2 * ends.edge, 2 * ends.edge + 1], axis=1)
    pace: Floats = driving.arc_s[arcs] / driving.arc_m[arcs]
    return pace


def _partial(ends: Ends, metres: Floats, driving: Driving) -> Costs:
    pace = _pace(ends, driving)
    seconds = np.where(np.isfinite(pace), metres * np.where(np.isfinite(pace), pace, 0), np.inf)
    return costs(seconds, metres)


def _doors(found: list[tuple[int, int, int]], count: int) -> Doors:
    table = np.array(found, dtype=np.int64).reshape(-1, 3).T
    start = np.concatenate([[0], np.cumsum(np.bincount(table[0], minlength=count))])
    return Doors(start.astype(np.int64), table[1].astype(np.int32), table[2])
