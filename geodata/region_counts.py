"""What a region consists of, in figures: roads by class, places by kind, what stands in the way, its size."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geodata.edges import Flags
from geodata.home import home_folder
from geodata.profiles import SMALL_VAN
from geodata.refusal import Refusal
from geodata.region import Region, RegionMeta, list_regions, vehicles_of
from geodata.region_files import Shelf
from geodata.region_use import region_in_use
from geodata.snapping import Floats
from geodata.traits import FERRY


@dataclass(frozen=True)
class RegionCounts:
    """Hold the figures of an opened region, its roads as a small van may drive them; the most comes first."""

    name: str
    meta: RegionMeta
    km_by_class: Mapping[str, float]
    km_lost: float
    km_ends_only: float
    ferries: int
    barriers: Mapping[str, int]
    barriers_closed: int
    places: Mapping[str, int]
    bytes_on_disk: int
    vehicles: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """Hold a line of the list; without ``meta`` it is not built yet, or ``refusal`` says what is wrong."""

    name: str
    in_use: bool
    meta: RegionMeta | None = None
    bytes_on_disk: int = 0
    vehicles: tuple[str, ...] = ()
    refusal: Refusal | None = None


def count_region(region: Region) -> RegionCounts:
    """Count an opened region. Costs a moment per vehicle that is opened, none per road in Python."""
    roads, driving = region.map, region.roads.driving
    driven = driven_edges(region)
    return RegionCounts(
        name=region.name,
        meta=region.meta,
        km_by_class=km_by_class(region, driven),
        km_lost=km_of(region, driven & ~driving.connected),
        km_ends_only=km_of(region, driven & ends_only_edges(region)),
        ferries=int((driven & _of_class(region, FERRY)).sum()),
        barriers=_most_common(
            roads.barriers[row].get("barrier", "") for row in roads.barrier[roads.barrier >= 0]
        ),
        barriers_closed=sum(
            not SMALL_VAN.passes(roads.barriers[row]) for row in roads.barrier[roads.barrier >= 0]
        ),
        places=_most_common(named.kind for named in region.gazetteer.places),
        bytes_on_disk=bytes_on_disk(region.shelf, region.name),
        vehicles=vehicle_names(region.shelf, region.name),
    )


def list_counts(*, home: Path | None = None) -> tuple[Listed, ...]:
    """Return every region with what its pointer tells; none is opened, and a broken one hides no other."""
    used = region_in_use(home=home)
    shelf = Shelf(home_folder(home) / "regions")
    return tuple(_listed(shelf, name, in_use=name == used) for name in list_regions(home=home))


def driven_edges(region: Region) -> Flags:
    """Tell the edges that a small van may drive in one sense at least."""
    return np.asarray(np.isfinite(region.roads.driving.arc_s).reshape(-1, 2).any(axis=1))


def ends_only_edges(region: Region) -> Flags:
    """Tell the edges that a small van may use at the ends of a route only."""
    passages = (SMALL_VAN.passage(tags, region.map.country) for tags in region.map.traits)
    return np.asarray(region.map.by_edge([one.ends_only for one in passages]), dtype=bool)


def km_of(region: Region, chosen: Flags) -> float:
    return round(float(region.map.edges.length_m[chosen].sum()) / 1000, 1)


def km_by_class(region: Region, chosen: Flags) -> dict[str, float]:
    """Return the km of some edges by class of road, the longest first."""
    classes = sorted(set(region.map.class_of_traits))
    rank = np.array([classes.index(one) for one in region.map.class_of_traits])[
        region.map.edges.traits[chosen]
    ]
    km: Floats = np.bincount(rank, weights=region.map.edges.length_m[chosen], minlength=len(classes)) / 1000
    ordered = sorted(zip(classes, km.tolist(), strict=True), key=lambda each: -each[1])
    return {road_class: round(length, 1) for road_class, length in ordered if length > 0}


def bytes_on_disk(shelf: Shelf, name: str) -> int:
    """Return what a region and its vehicles take on disk."""
    vehicles = vehicles_of(shelf, name)
    return shelf.bytes_of(name) + sum(shelf.vehicles.bytes_of(vehicle) for vehicle in vehicles)


def vehicle_names(shelf: Shelf, name: str) -> tuple[str, ...]:
    """Return the vehicles that were worked out for a region, each once."""
    kept = (vehicle.removeprefix(f"{name}-").rpartition("-")[0] for vehicle in vehicles_of(shelf, name))
    return tuple(sorted(set(kept)))


def _listed(shelf: Shelf, name: str, *, in_use: bool) -> Listed:
    try:
        meta = RegionMeta(**shelf.facts(name))
        size = bytes_on_disk(shelf, name)
    except FileNotFoundError:
        return Listed(name, in_use)
    except Refusal as refusal:
        return Listed(name, in_use, refusal=refusal)
    return Listed(name, in_use, meta, size, vehicle_names(shelf, name))


def _of_class(region: Region, road_class: str) -> Flags:
    return np.asarray(
        region.map.by_edge([one == road_class for one in region.map.class_of_traits]), dtype=bool
    )


def _most_common(kinds: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kinds).most_common())
