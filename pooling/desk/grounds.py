"""Where the desk gets its times from: the roads of the region, with a cache in front."""

import hashlib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

import numpy as np

from geodata.matrix import Matrix
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.region import Region
from geodata.snapping import Snap, Snapped
from pooling.ground import Ground, Way, survey
from pooling.site import Site

_VAN = SMALL_VAN.fingerprint

KEPT_CELLS = 4_000_000
"""The matrices kept in the memory of one process hold so many pairs in all; the oldest go first."""

CELLS_LEAST = 100
"""A small matrix counts for so many: that of a bid has sixteen, and its frame takes more than they do."""

SNAPS_KEPT = 20_000
"""Places whose road is kept in mind."""


class MatrixShelf(Protocol):
    """Keep matrices where other processes find them; it may lose any of them at any moment."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, matrix: bytes) -> None: ...


Points = tuple[tuple[float, float], ...]


@dataclass
class Kept:
    """Hold the matrices of the points that were asked about lately."""

    matrices: dict[Points, Matrix] = field(default_factory=dict)
    cells: int = 0

    def keep(self, points: Points, matrix: Matrix) -> None:
        self.cells += _cells(points) if points not in self.matrices else 0
        self.matrices[points] = matrix
        while self.cells > KEPT_CELLS and len(self.matrices) > 1:
            oldest = next(iter(self.matrices))
            del self.matrices[oldest]
            self.cells -= _cells(oldest)


@dataclass(frozen=True)
class Grounds:
    """
    Answer the matrix of any sites of the region; what was asked lately is not searched again.

    ``engine`` names whose times they are where they are not the region's own: those of one are never
    taken for those of another.
    """

    region: Region
    shelf: MatrixShelf | None = None
    engine: str = ""
    _kept: Kept = field(default_factory=Kept, repr=False, compare=False)
    _snaps: MutableMapping[tuple[float, float], Snap] = field(default_factory=dict, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def ground(self, sites: Sequence[Site]) -> Ground:
        """Return the ground of these sites; sites at one point share a row."""
        points = tuple({(site.place.lat, site.place.lon): None for site in sites})
        row_of = {point: row for row, point in enumerate(points)}
        rows = {site.id: row_of[site.place.lat, site.place.lon] for site in sites}
        return Ground(self._matrix(points, sites), rows)

    def way(self, sites: Sequence[Site]) -> tuple[Ground, Way, Mapping[str, object]]:
        """Return the ground with the way on the road between any two rows, for papers and maps."""
        surveyed = survey(list(sites), self.region.roads)
        return surveyed.ground, surveyed.way, surveyed.warnings

    def get_ready(self) -> None:
        """Lay out what the first question waits for: ask the way between two points of the map."""
        lat, lon = self.region.roads.map.edges.points[[0, -1]].T.tolist()
        ends = [Place(lat=one, lon=other) for one, other in zip(lat, lon, strict=True)]
        self.region.roads.matrix([snap for snap in self.snapped(ends).snaps if snap is not None])

    def snapped(self, places: Sequence[Place]) -> Snapped:
        """Find the road of each place; where one lay on the road lately is not looked for again."""
        with self._lock:
            known = {at: self._snaps.get((one.lat, one.lon)) for at, one in enumerate(places)}
        new = [at for at, snap in known.items() if snap is None]
        if not new:
            return Snapped(tuple(known.values()), {}, {})
        found = self.region.roads.snap_all([places[at] for at in new])
        known |= dict(zip(new, found.snaps, strict=True))
        with self._lock:
            if len(self._snaps) >= SNAPS_KEPT:
                self._snaps.clear()
            self._snaps.update(((s.place.lat, s.place.lon), s) for s in found.snaps if s is not None)
        told = ({new[at]: one for at, one in each.items()} for each in (found.refusals, found.warnings))
        return Snapped(tuple(known.values()), *told)

    def _matrix(self, points: Points, sites: Sequence[Site]) -> Matrix:
        with self._lock:
            if points in self._kept.matrices:
                return self._kept.matrices[points]
        key = self._key(points) if self.shelf else ""
        stored = self.shelf.get(key) if self.shelf else None
        matrix = _unpacked(stored) if stored else self._measured(sites)
        if self.shelf and not stored:
            self.shelf.put(key, _packed(matrix))
        with self._lock:
            self._kept.keep(points, matrix)
        return matrix

    def _measured(self, sites: Sequence[Site]) -> Matrix:
        """Fill a matrix. Refuses the first place off the map."""
        places = {(site.place.lat, site.place.lon): site.place for site in sites}
        snapped = self.snapped(list(places.values()))
        for refusal in snapped.refusals.values():
            raise refusal
        return self.region.roads.matrix([snap for snap in snapped.snaps if snap is not None])

    @property
    def roads(self) -> str:
        """Return by what these times are known from any others: the region as built, the van, the engine."""
        build = f"{self.region.meta.sha256}/{self.region.meta.built_at}/{_VAN}"
        return f"{self.region.name}/{build}/{self.engine}"

    def _key(self, points: Points) -> str:
        return hashlib.sha256(f"{self.roads}/{list(points)!r}".encode()).hexdigest()


def _cells(points: Points) -> int:
    return max(CELLS_LEAST, len(points) ** 2)


def _packed(matrix: Matrix) -> bytes:
    return np.stack([matrix.durations_s, matrix.distances_m]).astype("<i4").tobytes()


def _unpacked(stored: bytes) -> Matrix:
    grids = np.frombuffer(stored, dtype="<i4").astype(np.int64)
    size = int((grids.size // 2) ** 0.5)
    durations, distances = grids.reshape(2, size, size)
    return Matrix(durations.copy(), distances.copy())
