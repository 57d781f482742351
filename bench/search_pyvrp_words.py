"""A problem in the words of PyVRP; what each word stands for is told in ``bench.search_pyvrp``."""

from dataclasses import replace

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Shipment, VehicleType

from bench.search_words import Prices, handling_of, longest_window, setups_of
from geodata.matrix import Grid
from routing.problem import AnnouncedStop, Problem, Request, Vehicle

ANYWHERE = -1
"""Where a route ends that ends at its last stop."""


MARK = 1_000
"""So much of the room that says whose a stop is: no saving outweighs a stop on another vehicle."""


class Told:
    """
    Hold the problem and, by PyVRP's numbers, its announced stops and its kinds of vehicles.

    The places come first among the locations; starts and ends are locations of their own, because
    nothing is set up there.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.stops: list[AnnouncedStop] = [stop for v in problem.vehicles for stop in v.announced]
        self.kinds: list[Vehicle] = []
        self.vehicles: list[list[str]] = []
        self._numbers: dict[Vehicle, int] = {}
        for vehicle in problem.vehicles:
            kind = replace(vehicle, id="")
            if kind not in self._numbers:
                self._numbers[kind] = len(self.kinds)
                self.kinds.append(vehicle)
                self.vehicles.append([])
            self.vehicles[self._numbers[kind]].append(vehicle.id)
        self._owners = [vehicle for vehicle in self.kinds if vehicle.announced]
        ends = {place for v in self.kinds for place in (v.start, ANYWHERE if v.end is None else v.end)}
        self._depots = sorted(ends)
        self._setups = setups_of(problem)
        self._prices = Prices(problem)

    def data(self) -> ProblemData:
        places = self.problem.matrix.size
        distances, durations = self._grids()
        return ProblemData(
            locations=[Location(0, 0) for _ in range(places + len(self._depots))],
            clients=[self._client(v, stop) for v in self.problem.vehicles for stop in v.announced],
            depots=[Depot(places + at) for at in range(len(self._depots))],
            vehicle_types=[self._type(at, kind) for at, kind in enumerate(self.kinds)],
            distance_matrices=[distances],
            duration_matrices=[durations],
            shipments=[self._shipment(request) for request in self.problem.requests],
        )

    def trips(self) -> dict[int, list[int]]:
        """Return the announced stops of each kind of vehicle, by PyVRP's numbers."""
        found, first = {}, 0
        for number, kind in enumerate(self.kinds):
            if kind.announced:
                found[number] = list(range(first, first + len(kind.announced)))
                first += len(kind.announced)
        return found

    def _grids(self) -> tuple[Grid, Grid]:
        """Return metres and seconds between locations; leaving a place costs what was set up there."""
        matrix, places = self.problem.matrix, self.problem.matrix.size
        real = [place for place in self._depots if place != ANYWHERE]
        at = np.array([*range(places), *real])
        distances, durations = matrix.distances_m[np.ix_(at, at)], matrix.durations_s[np.ix_(at, at)]
        durations[:places] += np.array(self._setups)[:, None]
        durations[range(places), range(places)] = 0
        if ANYWHERE in self._depots:  # It sorts first among the depots.
            free = np.zeros(len(at) + 1, dtype=np.int64)
            free[:places] = self._setups
            distances, durations = (np.insert(grid, places, 0, axis=0) for grid in (distances, durations))
            distances = np.insert(distances, places, 0, axis=1)
            durations = np.insert(durations, places, free, axis=1)
        return distances, durations

    def _type(self, number: int, vehicle: Vehicle) -> VehicleType:
        further = {} if vehicle.longest_m is None else {"max_distance": vehicle.longest_m}
        return VehicleType(
            num_available=len(self.vehicles[number]),
            capacity=[*self._room(vehicle), *self._marks(vehicle, len(vehicle.announced))],
            start_depot=self._depots.index(vehicle.start),
            end_depot=self._depots.index(ANYWHERE if vehicle.end is None else vehicle.end),
            fixed_cost=self._prices.of(vehicle.fixed_cents),
            tw_early=vehicle.shift.opens_s,
            tw_late=vehicle.shift.closes_s,
            unit_distance_cost=self._prices.per_m(vehicle),
            unit_duration_cost=self._prices.per_s(vehicle),
            **further,
        )

    def _room(self, vehicle: Vehicle) -> list[int]:
        """For PyVRP what stops put out is on board from the start, and nothing else is."""
        first = vehicle.load_at_start(len(self.problem.dimensions))
        put_out = [sum(max(0, -stop.change[i]) for stop in vehicle.announced) for i in range(len(first))]
        return [room - own + seen for room, own, seen in zip(vehicle.capacity, first, put_out, strict=True)]

    def _marks(self, vehicle: Vehicle, stops: int) -> list[int]:
        if not self._owners:
            return []
        at = self._owners.index(vehicle) + 1 if vehicle.announced else 0
        return [at * stops * MARK, (len(self._owners) + 1 - at) * stops * MARK]

    def _client(self, vehicle: Vehicle, stop: AnnouncedStop) -> Client:
        window = longest_window(stop.visit)
        marks = self._marks(vehicle, 1)
        return Client(
            stop.visit.place,
            delivery=[max(0, -amount) for amount in stop.change] + marks,
            pickup=[max(0, amount) for amount in stop.change] + [0] * len(marks),
            service_duration=handling_of(stop.visit, self._setups),
            tw_early=window.opens_s,
            tw_late=window.closes_s,
        )

    def _shipment(self, request: Request) -> Shipment:
        pickup, drop = request.pickup, request.drop
        first, last = longest_window(pickup), longest_window(drop)
        return Shipment(
            pickup.place,
            drop.place,
            pickup_tw_early=first.opens_s,
            pickup_tw_late=first.closes_s,
            pickup_service_duration=handling_of(pickup, self._setups),
            delivery_tw_early=last.opens_s,
            delivery_tw_late=last.closes_s,
            delivery_service_duration=handling_of(drop, self._setups),
            amount=[*request.load, *([0, 0] if self._owners else [])],
            prize=self._prices.of(request.prize_cents or 0),
            required=request.prize_cents is None,
        )
