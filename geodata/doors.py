"""By which states a snapped place is left and reached, and what lies directly along its own edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.climbing import Doors
from geodata.cost import NEVER, Costs, costs
from geodata.driving import Driving
from geodata.edges import Flags, Ints, Small
from geodata.place import EARTH_RADIUS_M
from geodata.roadmap import RoadMap
from geodata.snapping import Floats, Snap

OFF_ROAD_KMH = 10
"""Between a place and its road: a farm track, or a hand cart over a yard."""


@dataclass(frozen=True, eq=False)
class Ends:
    """
    Hold snapped places as columns: where they lie, on which edge, how far along it, and how far off the road.

    ``point`` are latitudes and longitudes; ``offset_m`` is at most the edge's ``length_m``.
    """

    point: Floats
    edge: Ints
    offset_m: Floats
    length_m: Floats
    off_road_m: Floats

    @property
    def count(self) -> int:
        return len(self.edge)

    def driven_m(self) -> Floats:
        """Return the metres driven to reach each place, on the arc forward and on the arc backward."""
        return np.stack([self.offset_m, self.length_m - self.offset_m], axis=1)

    def left_m(self) -> Floats:
        """Return the metres that remain from each place to the end of its arc, forward and backward."""
        return self.driven_m()[:, ::-1]

    def only(self, chosen: Ints | Flags) -> "Ends":
        return Ends(
            self.point[chosen],
            self.edge[chosen],
            self.offset_m[chosen],
            self.length_m[chosen],
            self.off_road_m[chosen],
        )

    def off_road(self) -> Costs:
        """Return the cost of the straight line between each place and its road."""
        return costs(self.off_road_m / (OFF_ROAD_KMH / 3.6), self.off_road_m)

    def in_space(self) -> Floats:
        """Return each place as a point in space, in metres: between two, the straight line is the chord."""
        lat, lon = np.radians(self.point).T
        flat = np.cos(lat)
        return EARTH_RADIUS_M * np.stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)], axis=1)


def ends_of(snaps: Sequence[Snap], roads: RoadMap) -> Ends:
    edge = np.array([snap.edge for snap in snaps], dtype=np.int64)
    length_m = roads.edges.length_m[edge]
    return Ends(
        point=np.array([(snap.place.lat, snap.place.lon) for snap in snaps]).reshape(-1, 2),
        edge=edge,
        offset_m=np.minimum([snap.offset_m for snap in snaps], length_m),
        length_m=length_m,
        off_road_m=np.array([snap.off_road_m for snap in snaps]),
    )


def departures(ends: Ends, roads: RoadMap, driving: Driving) -> Doors:
    """Return the states that come after the arcs of each place, in both senses of a two-way street."""
    states = roads.states.plain[_arcs(ends)].ravel()
    return _doors(driving.start, driving.after, states, _partial(ends, ends.left_m(), driving))


def arrivals(ends: Ends, roads: RoadMap, driving: Driving) -> Doors:
    """Return the states of the arcs through each place, with what is driven on them until there."""
    arcs = _arcs(ends).ravel()
    return _doors(roads.states.of_start, roads.states.of, arcs, _partial(ends, ends.driven_m(), driving))


def along_one_edge(starts: Ends, ends: Ends, driving: Driving) -> Costs:
    """Return the cost of ways that never leave their edge, ``NEVER`` where there is none."""
    ahead_m = np.subtract.outer(ends.offset_m, starts.offset_m).T
    pairs = np.nonzero(np.equal.outer(starts.edge, ends.edge))
    found = np.full(ahead_m.shape, NEVER, dtype=np.int64)
    metres = ahead_m[pairs]
    pace = _pace(starts, driving)[pairs[0]]
    for side, sign in ((0, 1), (1, -1)):
        on = np.isfinite(pace[:, side]) & (metres * sign >= 0)
        seconds = np.where(on, np.abs(metres) * np.where(on, pace[:, side], 0), np.inf)
        found[pairs] = np.minimum(found[pairs], costs(seconds, np.abs(metres)))
    return found


def same_place(starts: Ends, ends: Ends) -> Flags:
    """Tell which pairs are one and the same point of the earth."""
    same: Flags = (starts.point[:, None, :] == ends.point[None, :, :]).all(axis=2)
    return same


def _arcs(ends: Ends) -> Ints:
    return np.stack([2 * ends.edge, 2 * ends.edge + 1], axis=1)


def _pace(ends: Ends, driving: Driving) -> Floats:
    """Return the seconds per metre of both arcs through each place, infinite where closed."""
    arcs = _arcs(ends)
    pace: Floats = driving.arc_s[arcs] / driving.arc_m[arcs]
    return pace


def _partial(ends: Ends, metres: Floats, driving: Driving) -> Costs:
    pace = _pace(ends, driving)
    seconds = np.where(np.isfinite(pace), metres * np.where(np.isfinite(pace), pace, 0), np.inf)
    return costs(seconds, metres)


def _doors(start: Ints, listed: Small, rows: Ints | Small, price: Costs) -> Doors:
    """List for each place, both senses, what ``listed`` holds in its rows, where the sense is open."""
    price = price.ravel()
    sizes = np.where(price < NEVER, start[rows + 1] - start[rows], 0)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    nth = np.arange(first[-1]) - np.repeat(first[:-1], sizes)
    return Doors(first[::2], listed[np.repeat(start[rows], sizes) + nth], np.repeat(price, sizes))
