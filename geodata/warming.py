"""Compile the road engine before anybody waits for it: ``python -m geodata.warming``."""

from geodata.corridor import Announced, corridor_of
from geodata.driving import drive
from geodata.joining import join_streets
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.roads import RoadNetwork
from geodata.survey import Street, Survey

CORNERS = ((43.70, 7.40), (43.70, 7.41), (43.71, 7.41), (43.71, 7.40))


def warm() -> None:
    """Ask every question once of four streets round a block."""
    streets = tuple(
        Street(at, (at + 1) % 4, (corner, CORNERS[(at + 1) % 4]), 0, "") for at, corner in enumerate(CORNERS)
    )
    roads = join_streets(Survey(streets, ({"highway": "residential"},)))
    network = RoadNetwork(roads, drive(roads, SMALL_VAN))
    snaps = [network.snap(Place(lat=lat, lon=lon)) for lat, lon in CORNERS[:3]]
    network.matrix(snaps)
    network.line(snaps[0], snaps[2])
    corridor_of([Announced((snaps[0], snaps[2]), 600)], network).matches(snaps[0], snaps[1])


if __name__ == "__main__":
    warm()
