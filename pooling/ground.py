"""The sites of a day on the road network: from names to the numbers that the routing core counts in."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.matrix import Matrix
from pooling.figures import SERVICE_PER_CRATE, SETUP_PER_STOP
from pooling.load import DIMENSIONS
from pooling.shipment import Shipment
from routing.problem import Problem, Request, Vehicle, Visit, Window


@dataclass(frozen=True)
class Ground:
    """Hold the matrix of a day and which row each site is."""

    matrix: Matrix
    row: Mapping[str, int]

    def visit(self, site_id: str, hours: Window, crates: int = 0) -> Visit:
        """Return the handling of so many crates at a site: parking once, then each crate."""
        return Visit(
            place=self.row[site_id],
            windows=(hours,),
            service_s=crates * SERVICE_PER_CRATE.value,
            setup_s=SETUP_PER_STOP.value,
        )

    def request(self, shipment: Shipment, prize_cents: int | None = None) -> Request:
        """Return the shipment as the routing core sees it; without a prize it must be carried."""
        return Request(
            id=shipment.id,
            pickup=self.visit(shipment.from_site, shipment.pickup, shipment.load.crates),
            drop=self.visit(shipment.to_site, shipment.drop, shipment.load.crates),
            load=shipment.load.amounts,
            prize_cents=prize_cents,
        )

    def problem(self, vehicles: tuple[Vehicle, ...], requests: tuple[Request, ...]) -> Problem:
        return Problem(DIMENSIONS, self.matrix, vehicles, requests)
