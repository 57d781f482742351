"""
The addresses that a region's own map holds: its streets with the settlement they belong to, and its places.

No house numbers: a street is its middle, and how far it reaches from there. The settlement of a street
is the nearest one, larger ones reaching farther: at the border of two communes it may be the other one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geodata.address_table import Entry
from geodata.address_text import commune_key
from geodata.addresses import Kind, Known
from geodata.communes import Commune, communes_within
from geodata.place import EARTH_RADIUS_M, Place, crow_distance_m
from geodata.region import Region
from geodata.snapping import OFF_MAP_M

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

REACH = {"city": 3.0, "town": 2.0, "village": 1.0}
"""How many times farther than a village a settlement draws streets to itself."""

CITY_PEOPLE, TOWN_PEOPLE = 50_000, 5_000
SAME_PLACE_M = 10_000
"""A commune and a settlement of one name this near are the same."""


def bounds_around(region: Region) -> tuple[float, float, float, float]:
    """Return the degrees within which a place may lie near the roads of a region."""
    south, west, north, east = region.bounds
    high = OFF_MAP_M / (radians(1) * EARTH_RADIUS_M)
    wide = high / cos(radians((south + north) / 2))
    return south - high, west - wide, north + high, east + wide


def entries_of(region: Region) -> Iterator[Entry]:
    """Yield every commune, place and street of a region's map: 4 s for 150,000 junctions."""
    settled = _settlements(region)
    yield from (Entry(one) for one in settled)
    near = _Nearest(settled)
    yield from _places(region, near)
    yield from _streets(region, near)


@dataclass(frozen=True, eq=False)
class _Nearest:
    """Find the settlement to which a point belongs."""

    settled: Sequence[Known]

    def of(self, points: Floats) -> Ints:
        """Return the index of the settlement of each point; -1 where there is none at all."""
        if not self.settled:
            return np.full(len(points), -1)
        found = [(*tree.query(_flat(points, self._lat)), at, reach) for tree, at, reach in self._trees]
        far_m = np.stack([distance_m / reach for distance_m, _, _, reach in found])
        which = np.stack([at[index] for _, index, at, _ in found])
        best: Ints = np.take_along_axis(which, far_m.argmin(axis=0)[None], axis=0)[0]
        return best

    @cached_property
    def _lat(self) -> float:
        return float(self._points[:, 0].mean())

    @cached_property
    def _points(self) -> Floats:
        return np.array([(one.place.lat, one.place.lon) for one in self.settled])

    @cached_property
    def _trees(self) -> list[tuple[cKDTree, Ints, float]]:
        kinds = np.array([one.what for one in self.settled])
        chosen = [(np.flatnonzero(kinds == kind), reach) for kind, reach in REACH.items()]
        flat = _flat(self._points, self._lat)
        return [(cKDTree(flat[at]), at, reach) for at, reach in chosen if len(at)]


def _settlements(region: Region) -> list[Known]:
    """Return the map's own settlements with their postcodes, and the communes that it does not name."""
    communes: dict[str, list[Commune]] = {}
    for one in communes_within(*bounds_around(region)):
        communes.setdefault(commune_key(one.name), []).append(one)
    found = []
    for named in region.gazetteer.of_kind(*REACH):
        same = communes.get(commune_key(named.name), [])
        here = next((one for one in same if one.place and _is_near(one.place, named.place)), None)
        if here:
            same.remove(here)
        codes = " ".join(here.postcodes) if here else ""
        found.append(Known(Kind.COMMUNE, named.name, named.place, named.name, "", codes, 0, named.kind))
    for one in (commune for same in communes.values() for commune in same):
        if one.place:
            codes, what = " ".join(one.postcodes), _size(one.population)
            found.append(Known(Kind.COMMUNE, one.name, one.place, one.name, "", codes, 0, what))
    return found


def _places(region: Region, near: _Nearest) -> Iterator[Entry]:
    named = [one for one in region.gazetteer.places if one.kind not in REACH]
    points = np.array([(one.place.lat, one.place.lon) for one in named]).reshape(-1, 2)
    for one, at in zip(named, near.of(points).tolist(), strict=True):
        commune, codes = _of(near, at)
        yield Entry(Known(Kind.PLACE, one.name, one.place, commune, "", codes, 0, one.kind))


def _streets(region: Region, near: _Nearest) -> Iterator[Entry]:
    """Yield each name once per settlement: the point of the street nearest its middle, and its reach."""
    edges, names = region.roads.edges, region.roads.names
    named = np.flatnonzero(np.array([bool(name) for name in names])[edges.name])
    if not len(named):
        return
    middle = np.asarray(edges.points[(edges.start[named] + edges.start[named + 1] - 1) // 2])
    pairs = np.stack([edges.name[named].astype(np.int64), near.of(middle)], axis=1)
    streets, group = np.unique(pairs, axis=0, return_inverse=True)
    spots, reach_m = _middles(middle, np.asarray(edges.length_m[named]), group.reshape(-1))
    for (name, at), (lat, lon), within_m in zip(
        streets.tolist(), spots.tolist(), reach_m.tolist(), strict=True
    ):
        commune, codes = _of(near, at)
        place = Place(lat=lat, lon=lon, name=names[name])
        yield Entry(Known(Kind.STREET, names[name], place, commune, "", codes, round(within_m)))


def _middles(points: Floats, length_m: Floats, group: Ints) -> tuple[Floats, Floats]:
    """Return for each group the one of its points nearest its middle, and how far it reaches from there."""
    weight = np.maximum(np.bincount(group, length_m), 1e-9)
    mean = np.stack([np.bincount(group, length_m * axis) / weight for axis in points.T], axis=1)
    lat = float(points[:, 0].mean())
    flat = _flat(points, lat)
    off_m = np.hypot(*(flat - _flat(mean, lat)[group]).T)
    order = np.lexsort((off_m, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    reach_m = np.zeros(len(first))
    np.maximum.at(reach_m, group, np.hypot(*(flat - flat[first][group]).T) + length_m / 2)
    return points[first], reach_m


def _flat(points: Floats, lat: float) -> Floats:
    """Return metres on a plane that touches the earth at a latitude."""
    flat: Floats = points * np.array([1.0, cos(radians(lat))]) * radians(1) * EARTH_RADIUS_M
    return flat


def _of(near: _Nearest, at: int) -> tuple[str, str]:
    """Return name and postcodes of a settlement; nothing where there is none."""
    return (near.settled[at].name, near.settled[at].postcode) if at >= 0 else ("", "")


def _is_near(one: Place, other: Place) -> bool:
    return crow_distance_m(one, other) < SAME_PLACE_M


def _size(people: int) -> str:
    if people >= CITY_PEOPLE:
        return "city"
    return "town" if people >= TOWN_PEOPLE else "village"
