"""The sites of a day on the road network: from names to the numbers that the routing core counts in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.matrix import Matrix
from geodata.place import Place
from geodata.refusal import Refusal
from geodata.roads import RoadLine, RoadNetwork
from pooling.figures import SERVICE_PER_CRATE, SETUP_PER_STOP
from pooling.load import DIMENSIONS, LIFTING
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.week import common, without
from routing.problem import FOREVER_S, Problem, Request, Vehicle, Visit, Window


@dataclass(frozen=True)
class Ground:
    """Hold the matrix of a day and which row each site is."""

    matrix: Matrix
    row: Mapping[str, int]

    def visit(self, site_id: str, hours: Window, crates: int = 0, shut: tuple[Window, ...] = ()) -> Visit:
        """Return the handling of so many crates at a site: parking once, then each crate."""
        return Visit(
            place=self.row[site_id],
            windows=without(hours, shut) if shut else (hours,),
            service_s=crates * SERVICE_PER_CRATE.value,
            setup_s=SETUP_PER_STOP.value,
        )

    def request(self, shipment: Shipment, prize_cents: int | None = None) -> Request:
        """Return the shipment as the routing core sees it; without a prize it must be carried."""
        return Request(
            id=shipment.id,
            pickup=self.visit(
                shipment.from_site, shipment.pickup, shipment.load.crates, shipment.pickup_shut
            ),
            drop=self.visit(shipment.to_site, shipment.drop, shipment.load.crates, shipment.drop_shut),
            load=shipment.load.amounts,
            prize_cents=prize_cents,
            skills=LIFTING if shipment.tail_lift else frozenset(),
        )

    def problem(self, vehicles: tuple[Vehicle, ...], requests: tuple[Request, ...]) -> Problem:
        return Problem(DIMENSIONS, self.matrix, vehicles, requests)


def at_open_hours(sites: Mapping[str, Site], shipment: Shipment, request: Request) -> Request | None:
    """Return a request at whatever hours somebody is at both ends, once the crates are ready."""
    pickups = common(sites[shipment.from_site].hours, Window(shipment.pickup.opens_s, FOREVER_S))
    drops = sites[shipment.to_site].hours
    if not pickups or not drops:
        return None
    pickup, drop = replace(request.pickup, windows=pickups), replace(request.drop, windows=drops)
    return replace(request, pickup=pickup, drop=drop)


Way = Callable[[int, int], RoadLine]
"""Return the line on the road between two rows of the matrix."""


@dataclass(frozen=True)
class Survey:
    """Hold the ground of a day, how to draw a way on it, and the places that lie far from any road."""

    ground: Ground
    way: Way
    warnings: Mapping[str, Refusal]


def survey(sites: Sequence[Site], roads: RoadNetwork) -> Survey:
    """
    Put the sites of a day on the roads and fill their matrix; sites at one point share a row.

    Raises the refusal of the first site that lies off the map: read the day with ``off_road`` first.
    """
    points = {(site.place.lat, site.place.lon): site.place for site in sites}
    snapped = roads.snap_all(list(points.values()))
    for refusal in snapped.refusals.values():
        raise refusal
    snaps = [snap for snap in snapped.snaps if snap is not None]
    row_of_point = {point: row for row, point in enumerate(points)}
    row = {site.id: row_of_point[site.place.lat, site.place.lon] for site in sites}
    warned = {site.id: snapped.warnings[row[site.id]] for site in sites if row[site.id] in snapped.warnings}
    known: dict[tuple[int, int], RoadLine] = {}

    def way(start: int, end: int) -> RoadLine:
        if (start, end) not in known:
            known[start, end] = roads.line(snaps[start], snaps[end])
        return known[start, end]

    return Survey(Ground(roads.matrix(snaps), row), way, warned)


def off_road(roads: RoadNetwork) -> Callable[[Sequence[Place]], Mapping[int, Refusal]]:
    """Tell which places no road reaches, for the intake of a day."""
    return lambda places: roads.snap_all(places).refusals
