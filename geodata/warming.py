"""Compile the road engine before anybody waits for it: ``python -m geodata.warming``."""

from dataclasses import replace

from geodata.corridor import Announced, corridor_of
from geodata.driving import Driving, drive
from geodata.joining import join_streets
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.region_files import Stored
from geodata.roadmap import RoadMap
from geodata.roads import RoadNetwork
from geodata.shelving import opened_driving, opened_map, stored_driving, stored_map
from geodata.survey import Street, Survey

CORNERS = ((43.70, 7.40), (43.70, 7.41), (43.71, 7.41), (43.71, 7.40))


def warm() -> None:
    """Ask every question once of four streets round a block."""
    streets = tuple(
        Street(at, (at + 1) % 4, (corner, CORNERS[(at + 1) % 4]), 0, "") for at, corner in enumerate(CORNERS)
    )
    roads = join_streets(Survey(streets, ({"highway": "residential"},)))
    network = _as_opened(roads, drive(roads, SMALL_VAN))
    snaps = [network.snap(Place(lat=lat, lon=lon)) for lat, lon in CORNERS[:3]]
    network.matrix(snaps)
    network.line(snaps[0], snaps[2])
    corridor_of([Announced((snaps[0], snaps[2]), 600)], network).matches(snaps[0], snaps[1])


def _as_opened(roads: RoadMap, driving: Driving) -> RoadNetwork:
    """Return a network as one opened from disk, whose arrays are only read: that is code of its own."""
    opened = opened_map(_only_read(stored_map(roads, {}, {})))
    return RoadNetwork(opened, opened_driving(_only_read(stored_driving(driving, {})), opened))


def _only_read(stored: Stored) -> Stored:
    arrays = {key: array.view() for key, array in stored.arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    return replace(stored, arrays=arrays)


if __name__ == "__main__":
    warm()
