"""
What is to be planned: vehicles with the stops they announced, and requests to be carried.

A problem is an immutable value; nonsense is refused when it is made, with a numbered reason.
Times are whole seconds after the day's beginning, weights and crates whole numbers, money whole
cents. A place is an index into the matrix.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from geodata.matrix import Matrix
from routing.nonsense import ProblemNonsense
from routing.request import Load, Request
from routing.sense import AMOUNT_LIMIT, REQUESTS_LIMIT, VEHICLES_LIMIT, refuse_nonsense
from routing.task import Task
from routing.vehicle import AnnouncedStop, Vehicle
from routing.visit import ALWAYS, FOREVER_S, Visit, Window

STOPS_PER_ROUTE_LIMIT = 200

__all__ = [
    "ALWAYS",
    "AMOUNT_LIMIT",
    "FOREVER_S",
    "REQUESTS_LIMIT",
    "STOPS_PER_ROUTE_LIMIT",
    "VEHICLES_LIMIT",
    "AnnouncedStop",
    "Load",
    "Problem",
    "ProblemNonsense",
    "Request",
    "Vehicle",
    "Visit",
    "Window",
]


@dataclass(frozen=True)
class Problem:
    """
    Hold everything a plan is judged by. ``dimensions`` names what a load is counted in.

    ``apart`` holds pairs of kinds of goods that are never on board of one vehicle at the same time.
    """

    dimensions: tuple[str, ...]
    matrix: Matrix
    vehicles: tuple[Vehicle, ...]
    requests: tuple[Request, ...]
    apart: frozenset[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        refuse_nonsense(self.dimensions, self.matrix, self.vehicles, self.requests, self.apart)

    def narrowed(
        self,
        vehicles: tuple[Vehicle, ...],
        requests: tuple[Request, ...],
        apart: frozenset[frozenset[str]] | None = None,
    ) -> "Problem":
        """Return a problem of some of these, their limits moved; that they make sense is not asked again."""
        made = object.__new__(Problem)
        parts = {"vehicles": vehicles, "requests": requests, "apart": self.apart if apart is None else apart}
        made.__dict__.update({"dimensions": self.dimensions, "matrix": self.matrix} | parts)
        return made

    def on(self, matrix: Matrix) -> "Problem":
        """Return the same problem on a matrix that has its places, the same way apart, and further ones."""
        made = self.narrowed(self.vehicles, self.requests)
        made.__dict__["matrix"] = matrix
        return made

    def vehicle(self, vehicle_id: str) -> Vehicle:
        return self._vehicle_by_id[vehicle_id]

    def request(self, request_id: str) -> Request:
        return self._request_by_id[request_id]

    @cached_property
    def _vehicle_by_id(self) -> dict[str, Vehicle]:
        return {vehicle.id: vehicle for vehicle in self.vehicles}

    @cached_property
    def _request_by_id(self) -> dict[str, Request]:
        return {request.id: request for request in self.requests}

    @cached_property
    def first_twin(self) -> dict[str, str]:
        """Map each vehicle to the first one that differs from it in name only (often itself)."""
        first: dict[Vehicle, str] = {}
        return {v.id: first.setdefault(replace(v, id=""), v.id) for v in self.vehicles}

    @cached_property
    def bundles(self) -> Mapping[str, tuple[str, ...]]:
        """Map each bundle to its requests, in the problem's order."""
        found: dict[str, tuple[str, ...]] = {}
        for request in self.requests:
            if request.bundle is not None:
                found[request.bundle] = (*found.get(request.bundle, ()), request.id)
        return found

    @cached_property
    def locked_in(self) -> Mapping[str, str]:
        """Map each request that a head picks up to the vehicle of that head."""
        return {
            task.id: vehicle.id for vehicle in self.vehicles for task in vehicle.head if task.kind == "pickup"
        }

    @cached_property
    def foes(self) -> Mapping[str, frozenset[str]]:
        """Map each kind of goods to the kinds that it must not travel with; others are not listed."""
        found: dict[str, frozenset[str]] = {}
        for pair in self.apart:
            for kind in pair:
                found[kind] = found.get(kind, frozenset()) | (pair - {kind})
        return found

    def foes_of(self, request: Request) -> frozenset[str]:
        """Return the kinds of goods that must not be on board together with a request."""
        return frozenset().union(*(self.foes.get(kind, frozenset()) for kind in request.goods))


def open_drops(vehicle: Vehicle) -> tuple[Task, ...]:
    """Return the drops, still to be made, of what the vehicle's head picks up."""
    dropped = {task.id for task in vehicle.head if task.kind == "drop"}
    return tuple(
        Task("drop", task.id) for task in vehicle.head if task.kind == "pickup" and task.id not in dropped
    )
