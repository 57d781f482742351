"""From an OpenStreetMap file to a survey: ways cut at junctions and barriers, turns, named places."""

from collections import Counter
from collections.abc import Iterator, KeysView
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import osmium

from geodata.access import has_host
from geodata.country import country_of
from geodata.gazetteer import NamedPlace
from geodata.measures import seconds_written
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from geodata.restrictions import OTHERS, Restriction, barred_turns, restriction_of
from geodata.survey import Point, Street, Survey, Tags
from geodata.traits import PRIVATE_DRIVE, barrier_of, is_known, traits_of

FILE_LIMIT_BYTES = 500_000_000
"""The largest map file that is read: a French region is 50 to 500 MB."""

KINDS = frozenset(
    {"restaurant", "cafe", "supermarket", "bakery", "convenience", "butcher", "greengrocer", "marketplace"}
    | {"school", "hospital"}
)
"""Amenities and shops that matter to who buys or sells food."""

KEYS = (
    "highway",
    "route",
    "barrier",
    "place",
    "amenity",
    "shop",
    "restriction",
    "restriction:conditional",
    *OTHERS,
)
FASTEST_FERRY_KMH = 70.0
SAMPLED = 20
"""The middle of a map is that of every so many streets."""
MISSING_SHARE_LIMIT = 0.5
"""A map of which more nodes than this are missing was cut out wrongly."""


class RegionFileUnreadable(Refusal):
    code = "region_file_unreadable"
    reason = "The map file {file} cannot be read: {detail}."
    cure = "Give a complete OpenStreetMap file (.osm.pbf) or OSMnx file (.graphml), or fetch it again."


@dataclass(frozen=True)
class _Way:
    id: int
    traits: int
    name: str
    nodes: list[int]
    points: list[Point | None]


@dataclass
class _Sheet:
    """Gather what one pass over the file brings, before ways are cut."""

    barriers: dict[int, Tags] = field(default_factory=dict)
    ways: list[_Way] = field(default_factory=list)
    traits: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    places: list[NamedPlace] = field(default_factory=list)

    def traits_row(self, told: dict[str, str]) -> int:
        """Return the row of the table of traits that holds these tags, each combination once."""
        return self.traits.setdefault(tuple(told.items()), len(self.traits))


def read_osm(path: Path, *, country: str | None = None) -> Survey:
    """
    Read an OpenStreetMap file for every kind of vehicle.

    Ways are cut where they meet, and at barriers. A node that the file does not hold (at the edge of an
    extract) ends the street before it. The country is guessed from the middle of the roads unless given.
    Reads the file once; about 15 s and 0.7 GB for a region of 150,000 junctions.
    Refused with ``region_file_unreadable`` where the file is missing, empty, broken, of another kind, or
    where its roads point to nodes that it does not hold.
    """
    _refuse_size(path)
    try:
        sheet = _scan(path)
    except (RuntimeError, ValueError, OSError) as error:
        raise RegionFileUnreadable(file=str(path), detail=str(error).rstrip(".")) from error
    _refuse_loose_ends(path, sheet.ways)
    streets, ways = _cut(sheet)
    traits = tuple(dict(told) for told in sheet.traits)
    barred, left_out = barred_turns(sheet.restrictions, streets, ways, traits)
    return Survey(
        streets=tuple(streets),
        traits=traits,
        barriers=_standing(sheet.barriers, streets, traits),
        barred=barred,
        places=tuple(sheet.places),
        turns_left_out=left_out,
        country=country or country_of(point for one in streets[::SAMPLED] for point in one.points),
    )


def street_name(tags: Tags) -> str:
    """Return what stands on the street's sign: its name, else its number, else nothing."""
    signs = (tags.get(key, "") for key in ("name", "ref"))
    return next((sign for sign in signs if any(letter.isalnum() for letter in sign)), "")


def _refuse_size(path: Path) -> None:
    if not path.is_file():
        raise RegionFileUnreadable(file=str(path), detail="there is no such file")
    size = path.stat().st_size
    if size == 0:
        raise RegionFileUnreadable(file=str(path), detail="it is empty")
    if size > FILE_LIMIT_BYTES:
        raise RegionFileUnreadable(
            file=str(path), detail=f"it holds {size:,} bytes, at most {FILE_LIMIT_BYTES:,} are read"
        )


def _refuse_loose_ends(path: Path, ways: list[_Way]) -> None:
    loose = [
        (way.id, node) for way in ways for node, point in zip(way.nodes, way.points, strict=True) if not point
    ]
    if loose and len(loose) > MISSING_SHARE_LIMIT * sum(len(way.nodes) for way in ways):
        way, node = loose[0]
        detail = f"way {way} points to node {node}, which it does not hold, and so do {len(loose) - 1} others"
        raise RegionFileUnreadable(file=str(path), detail=detail)


def _scan(path: Path) -> _Sheet:
    sheet = _Sheet()
    source = osmium.FileProcessor(str(path))
    if source.header.has_multiple_object_versions:
        raise ValueError("it holds changes or a history, not a map of one day")
    for thing in source.with_locations().with_filter(osmium.filter.KeyFilter(*KEYS)):
        tags = dict(thing.tags)
        if isinstance(thing, osmium.osm.Node):
            _scan_node(sheet, thing, tags)
        elif isinstance(thing, osmium.osm.Way):
            _scan_way(sheet, thing, tags)
        elif isinstance(thing, osmium.osm.Relation):
            found = restriction_of(tags, ((m.role, m.type, m.ref) for m in thing.members))
            sheet.restrictions.extend([found] if found else [])
    return sheet


def _scan_node(sheet: _Sheet, node: osmium.osm.Node, tags: Tags) -> None:
    barrier = barrier_of(tags)
    if barrier is not None:
        sheet.barriers[node.id] = barrier
    if node.location.valid():
        _note_place(sheet, tags, [(node.location.lat, node.location.lon)])


def _scan_way(sheet: _Sheet, way: osmium.osm.Way, tags: Tags) -> None:
    known = is_known(tags)
    if not known and _kind(tags) is None:
        return
    ends = [(node.ref, node.location) for node in way.nodes]
    nodes = [node for node, _ in ends]
    points = [(spot.lat, spot.lon) if spot.valid() else None for _, spot in ends]
    if known:
        traits = sheet.traits_row(traits_of(tags, ferry_kmh=_ferry_kmh(tags, points)))
        sheet.ways.append(_Way(way.id, traits, street_name(tags), nodes, points))
    else:
        ring = points[:-1] if way.is_closed() else points
        _note_place(sheet, tags, [point for point in ring if point])


def _ferry_kmh(tags: Tags, points: list[Point | None]) -> float | None:
    """Return the speed of a ferry whose duration is written and whose whole line we hold."""
    seconds = seconds_written(tags.get("duration", ""))
    if seconds is None or tags.get("route") != "ferry" or None in points:
        return None
    line = [Place(lat=point[0], lon=point[1]) for point in points if point]
    metres = sum(crow_distance_m(*pair) for pair in pairwise(line))
    return min(max(1.0, metres / seconds * 3.6), FASTEST_FERRY_KMH)


def _note_place(sheet: _Sheet, tags: Tags, points: list[Point]) -> None:
    kind = _kind(tags)
    if kind is None or not points:
        return
    lat, lon = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    sheet.places.append(NamedPlace(tags["name"], kind, Place(lat=lat, lon=lon, name=tags["name"])))


def _kind(tags: Tags) -> str | None:
    if not tags.get("name", "").strip():
        return None
    if "place" in tags:
        return tags["place"]
    return next((tags[key] for key in ("amenity", "shop") if tags.get(key) in KINDS), None)


def _cut(sheet: _Sheet) -> tuple[list[Street], list[int]]:
    """Return the streets, and the way that each was cut from."""
    uses = Counter(node for way in sheet.ways for node in way.nodes)
    streets: list[Street] = []
    ways: list[int] = []
    for way in sheet.ways:
        for nodes, points in _pieces(way, uses, sheet.barriers.keys()):
            streets.append(Street(nodes[0], nodes[-1], tuple(points), way.traits, way.name))
            ways.append(way.id)
    return streets, ways


def _pieces(
    way: _Way, uses: Counter[int], barriers: KeysView[int]
) -> Iterator[tuple[list[int], list[Point]]]:
    nodes: list[int] = []
    points: list[Point] = []
    for node, point in zip(way.nodes, way.points, strict=True):
        if point is not None and node not in nodes[-1:]:
            nodes.append(node)
            points.append(point)
        if len(nodes) > 1 and (point is None or uses[node] > 1 or node in barriers):
            yield nodes, points
            nodes, points = nodes[-1:], points[-1:]
        if point is None:
            nodes, points = [], []
    if len(nodes) > 1:
        yield nodes, points


def _standing(barriers: dict[int, Tags], streets: list[Street], traits: tuple[Tags, ...]) -> dict[int, Tags]:
    """Return the barriers that stand on streets, with a word where they stand before a private drive."""
    private = [has_host(told) for told in traits]
    standing: dict[int, Tags] = {}
    for street in streets:
        for end in (street.tail, street.head):
            if end in barriers:
                word = {PRIVATE_DRIVE: "yes"} if private[street.traits] else {}
                standing[end] = {**standing.get(end, barriers[end]), **word}
    return standing
