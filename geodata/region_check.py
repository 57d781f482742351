"""
What is suspicious about a region: findings, each with what to do about it.

A finding is said like a refusal and forbids nothing. It is *suspicious* where a person should look before
trusting the region; else it is worth knowing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.edges import Flags
from geodata.gazetteer import SETTLEMENTS, NamedPlace
from geodata.joining import SHORTEST_M
from geodata.maxspeed import limit_written_kmh
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from geodata.region import Region, open_region
from geodata.region_counts import RegionCounts, count_region, driven_edges, km_by_class, km_of
from geodata.survey import Tags

FAR_PLACE_M = 300
"""A named place farther than this from any road may tell that roads are missing."""

CONNECTED_LEAST = 0.9
UNSIGNED_MOST = 0.95
LEFT_OUT_MOST = 0.1
ENDS_ONLY_MOST = 0.5
ODD_SPEEDS_MOST = 0.01
"""Shares beyond which a finding is suspicious."""

PARTS_TOLD = 5
SLOWEST_SIGN_KMH, FASTEST_SIGN_KMH = 5, 150
SPEED_KEYS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
SPEED_WORDS = frozenset({"none", "signals", "variable", "walk", ""})
MAIN_CLASSES = frozenset(
    f"{road_class}{ending}"
    for road_class in ("motorway", "trunk", "primary", "secondary")
    for ending in ("", "_link")
)


class RegionPartsLost(Refusal):
    code = "region_parts_lost"
    reason = (
        "{percent} % of the roads, {km} km, cannot be driven to from the others; the largest part has "
        "{most_km} km."
    )
    cure = (
        "At the border of a cut-out this is usual. Look at the picture (carriole region show {name}), "
        "and cut the map out wider if it takes roads that matter."
    )


class RegionSpeedsMissing(Refusal):
    code = "region_speeds_missing"
    reason = "{percent} % of the km have no written speed limit, of the main roads {main_percent} %."
    cure = (
        "They are driven at the usual speed of their class; write maxspeed into OpenStreetMap where it "
        "matters."
    )


class RegionSpeedsOdd(Refusal):
    code = "region_speeds_odd"
    reason = "{km} km have a speed limit that none can be: {examples}."
    cure = "Mend maxspeed in OpenStreetMap; until then it may be read as missing."


class RegionPlacesMissing(Refusal):
    code = "region_places_missing"
    reason = "The region knows no named places: nothing in it can be found by its name."
    cure = "Give a map file that was not reduced to its roads, or write places as degrees."


class RegionPlacesFar(Refusal):
    code = "region_places_far"
    reason = (
        "{count} named {count:place lies/places lie} more than {limit_m} m from any road where one may stop."
    )
    cure = "Look at them in the list: a track may be missing on the map, or be closed to vans."


class RegionTurnsLeftOut(Refusal):
    code = "region_turns_left_out"
    reason = "{left_out} turn restrictions were not understood and left out; {applied} are heeded."
    cure = "Most are incomplete at the border of the file; build from a wider cut-out if they matter."


class RegionTurnsMissing(Refusal):
    code = "region_turns_missing"
    reason = (
        "No turn restriction is known: a saved graph holds none, and a map file only if it was cut out with "
        "its relations."
    )
    cure = "Build from a complete .osm.pbf if turns that are barred matter."


class RegionStreetsShort(Refusal):
    code = "region_streets_short"
    reason = "Streets without length, their ends drawn on one spot: {count}."
    cure = "They do no harm, but are a slip of the pen: mend them in OpenStreetMap."


class RegionEndsOnly(Refusal):
    code = "region_ends_only"
    reason = "{percent} % of the km may be driven at the ends of a way only (private, delivery, farm tracks)."
    cure = "Look whether the file tags its roads as private by mistake."


@dataclass(frozen=True)
class Finding:
    """Hold what was found; a suspicious one should be looked at."""

    refusal: Refusal
    suspicious: bool


@dataclass(frozen=True)
class LostPart:
    """Hold roads that hang together and that a van cannot reach from the others, or not leave."""

    km: float
    streets: int
    place: Place
    near: str
    street: str


@dataclass(frozen=True)
class FarPlace:
    """Hold a named place that lies far from any road where one may stop, and the warning it is met with."""

    named: NamedPlace
    off_road_m: int
    warning: Refusal | None


@dataclass(frozen=True)
class RegionCheck:
    """Hold what a person should know before trusting a region; parts and places the worst first."""

    counts: RegionCounts
    findings: tuple[Finding, ...]
    lost_parts: tuple[LostPart, ...]
    places_far: tuple[FarPlace, ...]
    unsigned_km: dict[str, float]

    @property
    def suspicious(self) -> bool:
        return any(finding.suspicious for finding in self.findings)


def check_region(name: str, *, home: Path | None = None) -> RegionCheck:
    """Open a region and look at it. Snaps every named place: about a second for a county."""
    return checked(open_region(name, home=home))


def checked(region: Region) -> RegionCheck:
    """Look at an opened region."""
    counts = count_region(region)
    driven = driven_edges(region)
    parts, far = lost_parts(region), far_places(region)
    unsigned = km_by_class(region, driven & ~region.roads.driving.signed)
    findings = (
        *_on_connection(counts, parts),
        *_on_speeds(region, counts, unsigned),
        *_on_places(region, far),
        *_on_turns(counts),
        *_on_streets(region, counts, driven),
    )
    return RegionCheck(counts, findings, parts[:PARTS_TOLD], far, unsigned)


def lost_edges(region: Region) -> Flags:
    """Tell the edges that a small van may drive, but not reach from the others or not leave."""
    lost: Flags = driven_edges(region) & ~region.roads.driving.connected
    return lost


def lost_parts(region: Region) -> tuple[LostPart, ...]:
    """Return the parts of a region that are lost, the longest first."""
    edges = region.map.edges
    lost = np.flatnonzero(lost_edges(region))
    tail, head = edges.tail[lost], edges.head[lost]
    count = int(max(edges.tail.max(), edges.head.max())) + 1
    graph = coo_array((np.ones(len(lost), dtype=np.int8), (tail, head)), shape=(count, count))
    part_of = connected_components(graph, directed=False)[1][tail]
    _, rank = np.unique(part_of, return_inverse=True)
    lengths = np.bincount(rank, weights=edges.length_m[lost])
    ordered = np.argsort(-lengths, kind="stable").tolist()
    told = [_part(region, lost[rank == part]) for part in ordered[:PARTS_TOLD]]
    return tuple(told)


def far_places(region: Region) -> tuple[FarPlace, ...]:
    """Return the named places that lie far from any road where one may stop, the farthest first."""
    places = region.gazetteer.places
    snapped = region.roads.snap_all([named.place for named in places])
    far = []
    for at, (named, snap) in enumerate(zip(places, snapped.snaps, strict=True)):
        refusal = snapped.refusals.get(at)
        off_road_m = (
            int(str(refusal.facts["off_road_m"])) if refusal else round(snap.off_road_m if snap else inf)
        )
        if off_road_m > FAR_PLACE_M:
            far.append(FarPlace(named, off_road_m, refusal or snapped.warnings.get(at)))
    return tuple(sorted(far, key=lambda one: -one.off_road_m))


def _part(region: Region, part: np.ndarray) -> LostPart:
    edges = region.map.edges
    longest_first = part[np.argsort(-edges.length_m[part], kind="stable")]
    line = edges.geometry(int(longest_first[0]))
    lat, lon = line[len(line) // 2].tolist()
    place = Place(lat=lat, lon=lon)
    names = (region.map.names[edges.name[edge]] for edge in longest_first.tolist())
    return LostPart(
        km=round(float(edges.length_m[part].sum()) / 1000, 2),
        streets=len(part),
        place=place,
        near=_nearest_name(region, place),
        street=next(filter(None, names), ""),
    )


def _nearest_name(region: Region, place: Place) -> str:
    near = region.gazetteer.of_kind(*SETTLEMENTS)
    return min(near, key=lambda named: crow_distance_m(named.place, place)).name if near else ""


def _on_connection(counts: RegionCounts, parts: tuple[LostPart, ...]) -> Iterator[Finding]:
    if parts:
        percent = _percent(counts.km_lost, counts.meta.km)
        facts = {"percent": percent, "km": counts.km_lost, "most_km": parts[0].km, "name": counts.name}
        yield Finding(RegionPartsLost(**facts), counts.meta.connected_share < CONNECTED_LEAST)


def _on_speeds(region: Region, counts: RegionCounts, unsigned: dict[str, float]) -> Iterator[Finding]:
    main_km, main_unsigned_km = (
        sum(km for road_class, km in by_class.items() if road_class in MAIN_CLASSES)
        for by_class in (counts.km_by_class, unsigned)
    )
    if unsigned:
        percent, main_percent = (
            _percent(sum(unsigned.values()), counts.meta.km),
            _percent(main_unsigned_km, main_km),
        )
        suspicious = main_unsigned_km > UNSIGNED_MOST * main_km
        yield Finding(RegionSpeedsMissing(percent=percent, main_percent=main_percent), suspicious)
    odd = [sorted(_odd_speeds(tags)) for tags in region.map.traits]
    km = km_of(region, np.asarray(region.map.by_edge([bool(one) for one in odd]), dtype=bool))
    if km:
        examples = ", ".join(sorted({text for one in odd for text in one})[:5])
        yield Finding(RegionSpeedsOdd(km=km, examples=examples), km > ODD_SPEEDS_MOST * counts.meta.km)


def _odd_speeds(tags: Tags) -> Iterator[str]:
    for text in {tags.get(key, "") for key in SPEED_KEYS} - SPEED_WORDS:
        limit = limit_written_kmh(text)
        if limit is None or not SLOWEST_SIGN_KMH <= limit <= FASTEST_SIGN_KMH:
            yield text


def _on_places(region: Region, far: tuple[FarPlace, ...]) -> Iterator[Finding]:
    if not region.gazetteer.places:
        yield Finding(RegionPlacesMissing(), suspicious=True)
    if far:
        yield Finding(RegionPlacesFar(count=len(far), limit_m=FAR_PLACE_M), any(one.warning for one in far))


def _on_turns(counts: RegionCounts) -> Iterator[Finding]:
    applied, left_out = counts.meta.turns_barred, counts.meta.turns_left_out
    if left_out:
        suspicious = left_out > LEFT_OUT_MOST * (applied + left_out)
        yield Finding(RegionTurnsLeftOut(applied=applied, left_out=left_out), suspicious)
    elif not applied:
        yield Finding(RegionTurnsMissing(), suspicious=True)


def _on_streets(region: Region, counts: RegionCounts, driven: Flags) -> Iterator[Finding]:
    short = int((region.map.edges.length_m[driven] <= SHORTEST_M).sum())
    if short:
        yield Finding(RegionStreetsShort(count=short), suspicious=False)
    if counts.km_ends_only > ENDS_ONLY_MOST * counts.meta.km:
        yield Finding(RegionEndsOnly(percent=_percent(counts.km_ends_only, counts.meta.km)), suspicious=True)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
