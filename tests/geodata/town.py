"""Small towns drawn in text: a sign is 100 m wide and a line 100 m high; capital letters are nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, degrees, radians
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

from geodata.driving import drive
from geodata.joining import join_streets
from geodata.osm import read_osm
from geodata.place import EARTH_RADIUS_M, Place
from geodata.profiles import SMALL_VAN, Profile
from geodata.roads import RoadNetwork
from geodata.survey import Survey

NORTH, WEST = 44.0, 2.0
STEP = degrees(100 / EARTH_RADIUS_M)

WayDrawn = str | tuple[str, dict[str, str]]
Turn = tuple[str, int, str, int]
"""Value, way from, node, way to; ways count from 1 in the order drawn."""


def network_of(survey: Survey, profile: Profile = SMALL_VAN) -> RoadNetwork:
    """Return the roads of a survey as a vehicle drives them."""
    roads = join_streets(survey)
    return RoadNetwork(roads, drive(roads, profile))


@dataclass(frozen=True)
class Town:
    """Hold a drawn map file, and where its letters lie."""

    path: Path
    spots: dict[str, tuple[float, float]]

    def survey(self) -> Survey:
        return read_osm(self.path)

    def roads(self, profile: Profile = SMALL_VAN) -> RoadNetwork:
        return network_of(self.survey(), profile)

    def place(self, letter: str, *, east_m: float = 0, north_m: float = 0) -> Place:
        x, y = self.spots[letter]
        return at(x + east_m, y - north_m)

    def metres(self, *letters: str, profile: Profile = SMALL_VAN) -> int:
        """Return the metres of the fastest way from the first letter to the second."""
        roads = self.roads(profile)
        snaps = [roads.snap(self.place(letter)) for letter in letters]
        return int(roads.matrix(snaps).distances_m[0, 1])


def at(x_m: float, y_m: float) -> Place:
    """Return the place so many metres east and south of the corner."""
    return Place(lat=NORTH - y_m / 100 * STEP, lon=WEST + x_m / 100 * STEP / cos(radians(NORTH)))


def draw(
    folder: Path,
    sketch: str,
    ways: Sequence[WayDrawn],
    *,
    nodes: dict[str, dict[str, str]] | None = None,
    turns: Sequence[Turn | dict[str, object]] = (),
    missing: str = "",
    name: str = "town.osm.pbf",
) -> Town:
    """Write a map file: ways as letters (``"ABC"``, residential) or with their own tags."""
    spots = {
        sign: (100.0 * x, 100.0 * y)
        for y, line in enumerate(sketch.strip("\n").splitlines())
        for x, sign in enumerate(line)
        if sign.isupper()
    }
    writer = osmium.SimpleWriter(str(folder / name))
    for letter, (x, y) in spots.items():
        place = at(x, y)
        if letter not in missing:
            tags = (nodes or {}).get(letter, {})
            writer.add_node(Node(id=ord(letter), location=(place.lon, place.lat), tags=tags))
    for number, way in enumerate(ways, 1):
        letters, tags = (way, {}) if isinstance(way, str) else way
        tags = tags if {"building", "route"} & tags.keys() else {"highway": "residential", **tags}
        writer.add_way(Way(id=number, nodes=[ord(letter) for letter in letters], tags=tags))
    for number, turn in enumerate(turns, 1):
        writer.add_relation(Relation(id=number, **(turn if isinstance(turn, dict) else _relation(turn))))
    writer.close()
    return Town(folder / name, spots)


def _relation(turn: Turn) -> dict[str, object]:
    value, way_from, via, way_to = turn
    return {
        "tags": {"type": "restriction", "restriction": value},
        "members": [("w", way_from, "from"), ("n", ord(via), "via"), ("w", way_to, "to")],
    }
