"""From a place to the nearest road: which edge, how far along, and how far off the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians

import numpy as np
import numpy.typing as npt
import shapely

from geodata.place import EARTH_RADIUS_M, Place, crow_distance_m
from geodata.refusal import Refusal

Floats = npt.NDArray[np.float64]

OFF_MAP_M = 5_000
"""Beyond this distance from any road a place does not lie on the map."""
FAR_FROM_ROAD_M = 1_000
"""Beyond this distance from any road a place is taken, with a warning."""


class PlaceOffMap(Refusal):
    code = "place_off_map"
    reason = "The place {lat}, {lon} lies {off_road_m} m from any road; at most {limit_m} m are taken."
    cure = "Check the address, or choose a region that holds it."


class PlaceSwapped(PlaceOffMap):
    """Refuse a place that would lie on the map with its two degrees the other way round."""

    reason = (
        "Latitude and longitude stand the other way round: {lat}, {lon} lies off the map, "
        "and {lon}, {lat} on it."
    )
    cure = "Swap the two: write latitude {lon} and longitude {lat}."


class PlaceFarFromRoad(Refusal):
    """Warn, not refuse: the place is taken, but its road may be missing on the map."""

    code = "place_far_from_road"
    reason = "The place {lat}, {lon} lies {off_road_m} m from the nearest road."
    cure = "Check the address; the way to the road is counted at the speed of a farm track."


@dataclass(frozen=True)
class Snap:
    """
    Hold where a place meets the road: ``offset_m`` metres after the beginning of an edge.

    ``off_road_m`` is the straight line from the place to that point.
    """

    place: Place
    edge: int
    offset_m: float
    on_road: Place
    off_road_m: float

    @property
    def warn(self) -> PlaceFarFromRoad | None:
        if self.off_road_m <= FAR_FROM_ROAD_M:
            return None
        return PlaceFarFromRoad(lat=self.place.lat, lon=self.place.lon, off_road_m=round(self.off_road_m))


@dataclass(frozen=True)
class Snapped:
    """Hold the outcome for a list of places, by index: good ones are kept beside those refused."""

    snaps: tuple[Snap | None, ...]
    refusals: dict[int, Refusal]
    warnings: dict[int, Refusal]


@dataclass(frozen=True, eq=False)
class EdgeIndex:
    """
    Find the nearest edge among those where one may stop.

    Points are latitude and longitude, those of edge ``e`` are ``points[start[e]:start[e + 1]]``.
    Works in metres on a plane that touches the middle of the region: off by less than 2 % across 200 km.
    """

    points: Floats
    start: npt.NDArray[np.int64]
    edges: npt.NDArray[np.int64]
    one_way: npt.NDArray[np.bool_]

    def nearest(self, places: Sequence[Place]) -> list[Snap]:
        """Return the nearest point on a road for each place, however far; at a tie, on a two-way street."""
        if not places:
            return []
        spots = self._plane(np.array([(place.lat, place.lon) for place in places]))
        which, found = self._tree.query_nearest(shapely.points(spots), all_matches=True)
        edges = self.edges[found]
        order = np.lexsort((edges, self.one_way[edges], which))
        _, firsts = np.unique(which[order], return_index=True)
        best = edges[order][firsts]
        return [self._snap(*each) for each in zip(places, spots, best.tolist(), strict=True)]

    def _snap(self, place: Place, spot: Floats, edge: int) -> Snap:
        line = np.asarray(self.points[self.start[edge] : self.start[edge + 1]])
        flat = self._plane(line)
        step = np.diff(flat, axis=0)
        square = np.maximum((step**2).sum(axis=1), 1e-12)
        share = np.clip(((spot - flat[:-1]) * step).sum(axis=1) / square, 0.0, 1.0)
        gap = ((flat[:-1] + share[:, None] * step - spot) ** 2).sum(axis=1)
        at = int(gap.argmin())
        lat, lon = line[at] + share[at] * (line[at + 1] - line[at])
        along = lengths_m(line)
        on_road = Place(lat=float(lat), lon=float(lon))
        return Snap(
            place=place,
            edge=edge,
            offset_m=float(along[:at].sum() + share[at] * along[at]),
            on_road=on_road,
            off_road_m=crow_distance_m(place, on_road),
        )

    @cached_property
    def _middle(self) -> Floats:
        middle: Floats = (self.points.min(axis=0) + self.points.max(axis=0)) / 2
        return middle

    def _plane(self, points: Floats) -> Floats:
        metres_per_degree = radians(1) * EARTH_RADIUS_M
        scale = np.array([metres_per_degree, metres_per_degree * cos(radians(float(self._middle[0])))])
        flat: Floats = ((points - self._middle) * scale)[:, ::-1]
        return flat

    @cached_property
    def _tree(self) -> shapely.STRtree:
        sizes = np.diff(self.start)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        chosen = np.zeros(len(sizes), dtype=bool)
        chosen[self.edges] = True
        rank = np.cumsum(chosen) - 1
        mine = chosen[owner]
        lines = np.asarray(shapely.linestrings(self._plane(self.points[mine]), indices=rank[owner[mine]]))
        return shapely.STRtree(lines)


def snap_places(places: Sequence[Place], index: EdgeIndex) -> Snapped:
    """Snap many places at once; a place off the map is refused beside the others, not instead of them."""
    found = index.nearest(places)
    refusals: dict[int, Refusal] = {
        at: _off_map(snap, index) for at, snap in enumerate(found) if snap.off_road_m > OFF_MAP_M
    }
    snaps = tuple(None if at in refusals else snap for at, snap in enumerate(found))
    warnings: dict[int, Refusal] = {
        at: warning for at, snap in enumerate(snaps) if snap and (warning := snap.warn)
    }
    return Snapped(snaps, refusals, warnings)


def lengths_m(points: Floats) -> Floats:
    """Return the great-circle length (haversine) of each step along a line of latitudes and longitudes."""
    lat, lon = np.radians(points).T
    half_chord = (
        np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    )
    lengths: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return lengths


def _off_map(snap: Snap, index: EdgeIndex) -> PlaceOffMap:
    place = snap.place
    swapped = False
    if abs(place.lon) <= 90:
        swapped = index.nearest([Place(lat=place.lon, lon=place.lat)])[0].off_road_m <= OFF_MAP_M
    kind = PlaceSwapped if swapped else PlaceOffMap
    return kind(lat=place.lat, lon=place.lon, off_road_m=round(snap.off_road_m), limit_m=OFF_MAP_M)
