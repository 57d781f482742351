"""From an OpenStreetMap file to a survey: ways cut at junctions; one-ways, access, barriers, turns."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import osmium

from geodata.gazetteer import NamedPlace
from geodata.place import Place
from geodata.profiles import SMALL_VAN, Profile, Tags, signed_limit_kmh
from geodata.refusal import Refusal
from geodata.restrictions import Restriction, barred_turns, restriction_of
from geodata.survey import Point, Street, Survey

FILE_LIMIT_BYTES = 500_000_000
"""The largest map file that is read: a French region is 50 to 500 MB."""

KINDS = frozenset(
    {"restaurant", "cafe", "supermarket", "bakery", "convenience", "butcher", "greengrocer", "marketplace"}
    | {"school", "hospital"}
)
"""Amenities and shops that matter to who buys or sells food."""

ONE_WAY = {"yes": (True, False), "true": (True, False), "1": (True, False), "-1": (False, True),
           "reverse": (False, True), "reversible": (False, False)}  # fmt: skip
TWO_WAY_WORDS = frozenset({"no", "false", "0", "alternating"})


class RegionFileUnreadable(Refusal):
    code = "region_file_unreadable"
    reason = "The map file {file} cannot be read: {detail}."
    cure = "Give a complete OpenStreetMap file (.osm.pbf) or OSMnx file (.graphml), or fetch it again."


@dataclass(frozen=True)
class _Way:
    id: int
    tags: Tags
    nodes: list[int]
    points: list[Point | None]
    enters: bool


@dataclass
class _Sheet:
    """Gather what one pass over the file brings, before ways are cut."""

    blocked: set[int] = field(default_factory=set)
    ways: list[_Way] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)
    places: list[NamedPlace] = field(default_factory=list)


def read_osm(path: Path, profile: Profile = SMALL_VAN) -> Survey:
    """
    Read an OpenStreetMap file for one kind of vehicle.

    Ways are cut where they meet, and at barriers that block, where each side becomes a dead end.
    A node that the file does not hold (at the edge of an extract) ends the street before it.
    Reads the file once; about 15 s and 0.7 GB for a region of 150,000 junctions.
    Refused with ``region_file_unreadable`` where the file is missing, empty, broken or of another kind.
    """
    _refuse_size(path)
    try:
        sheet = _scan(path, profile)
    except (RuntimeError, ValueError, OSError) as error:
        raise RegionFileUnreadable(file=str(path), detail=str(error).rstrip(".")) from error
    entered = [way for way in sheet.ways if way.enters]
    streets, ways = _cut(entered, sheet.blocked, profile)
    as_drawn = len(entered) == len(sheet.ways) and not sheet.blocked
    drawn, _ = ([], []) if as_drawn else _cut(sheet.ways, set(), profile)
    barred, left_out = barred_turns(sheet.restrictions, streets, ways)
    return Survey(tuple(streets), tuple(drawn), tuple(sheet.places), barred, left_out)


def directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether a way is driven forward and backward; roundabouts and motorways imply one way."""
    word = tags.get("oneway", "")
    if word in ONE_WAY:
        return ONE_WAY[word]
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return (True, not implied or word in TWO_WAY_WORDS)


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


def _scan(path: Path, profile: Profile) -> _Sheet:
    sheet = _Sheet()
    keys = osmium.filter.KeyFilter(
        "highway", "barrier", "place", "amenity", "shop", "restriction", "restriction:conditional"
    )
    for thing in osmium.FileProcessor(str(path)).with_locations().with_filter(keys):
        tags = {tag.k: tag.v for tag in thing.tags}
        if isinstance(thing, osmium.osm.Node):
            _scan_node(sheet, thing, tags, profile)
        elif isinstance(thing, osmium.osm.Way):
            _scan_way(sheet, thing, tags, profile)
        elif isinstance(thing, osmium.osm.Relation):
            found = restriction_of(tags, ((m.role, m.type, m.ref) for m in thing.members))
            sheet.restrictions.extend([found] if found else [])
    return sheet


def _scan_node(sheet: _Sheet, node: osmium.osm.Node, tags: Tags, profile: Profile) -> None:
    if "barrier" in tags and not profile.may_pass(tags):
        sheet.blocked.add(node.id)
    if node.location.valid():
        _note_place(sheet, tags, [(node.location.lat, node.location.lon)])


def _scan_way(sheet: _Sheet, way: osmium.osm.Way, tags: Tags, profile: Profile) -> None:
    drawn = profile.knows(tags)
    if not drawn and _kind(tags) is None:
        return
    nodes = [node.ref for node in way.nodes]
    points = [(node.lat, node.lon) if node.location.valid() else None for node in way.nodes]
    if drawn:
        sheet.ways.append(_Way(way.id, tags, nodes, points, profile.may_enter(tags)))
    else:
        ring = points[:-1] if way.is_closed() else points
        _note_place(sheet, tags, [point for point in ring if point])


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


def _cut(drawn: list[_Way], blocked: set[int], profile: Profile) -> tuple[list[Street], list[int]]:
    uses = Counter(node for way in drawn for node in way.nodes)
    dead_ends = count(-1, -1)
    streets: list[Street] = []
    ways: list[int] = []
    for way in drawn:
        forward, backward = directions(way.tags)
        for nodes, points in _pieces(way, uses, blocked):
            tail, head = (next(dead_ends) if end in blocked else end for end in (nodes[0], nodes[-1]))
            if forward or backward:
                streets.append(_street(way.tags, profile, (tail, head), points, (forward, backward)))
                ways.append(way.id)
    return streets, ways


def _pieces(way: _Way, uses: Counter[int], blocked: set[int]) -> Iterator[tuple[list[int], list[Point]]]:
    nodes: list[int] = []
    points: list[Point] = []
    for node, point in zip(way.nodes, way.points, strict=True):
        if point is not None and node not in nodes[-1:]:
            nodes.append(node)
            points.append(point)
        if len(nodes) > 1 and (point is None or uses[node] > 1 or node in blocked):
            yield nodes, points
            nodes, points = nodes[-1:], points[-1:]
        if point is None:
            nodes, points = [], []
    if len(nodes) > 1:
        yield nodes, points


def _street(
    tags: Tags, profile: Profile, ends: tuple[int, int], points: list[Point], senses: tuple[bool, bool]
) -> Street:
    return Street(
        tail=ends[0],
        head=ends[1],
        points=tuple(points),
        forward=senses[0],
        backward=senses[1],
        road_class=tags["highway"],
        name=street_name(tags),
        speed_kmh=profile.speed_kmh(tags),
        speed_signed=signed_limit_kmh(tags) is not None,
        may_stop=profile.may_stop(tags),
    )
