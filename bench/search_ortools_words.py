"""
A problem in the words of OR-Tools; what it is told otherwise stands in ``bench.search_ortools``.

A node for each visit, and one for each start and end. An announced stop is told as a shipment of its
vehicle's own, from the start of the route to the stop: its first solutions put shipments in before all
single stops, and would leave no time for these. Matrices are handed over once, so that no Python runs in
the search.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from ortools.constraint_solver import pywrapcp

from bench.search_clock import Orders
from bench.search_words import Prices, handling_of, setups_of
from routing.insertion import may_carry
from routing.problem import Problem, Visit
from routing.task import Task

Rows = list[list[int]]


class Told:
    """Hold the model, and by its node numbers what each node stands for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.tasks: list[Task | None] = [
            Task(kind, request.id) for request in problem.requests for kind in ("pickup", "drop")
        ]
        self._visits = [visit for one in problem.requests for visit in (one.pickup, one.drop)]
        for vehicle in problem.vehicles:
            for stop in vehicle.announced:
                self.tasks += [None, Task("announced", stop.id)]
                self._visits += [Visit(vehicle.start), stop.visit]  # Nothing is set up at the start.
        self._setups = setups_of(problem)
        self._prices = Prices(problem)
        self._ends_s = max(vehicle.shift.closes_s for vehicle in problem.vehicles)
        vehicles, first = len(problem.vehicles), len(self._visits)
        starts = list(range(first, first + vehicles))
        self._ends = [number + vehicles for number in starts]
        self.manager = pywrapcp.RoutingIndexManager(first + 2 * vehicles, vehicles, starts, self._ends)
        self.model = pywrapcp.RoutingModel(self.manager)
        seconds = self._times()
        self._say_costs(self._rows(problem.matrix.metres), seconds)
        self._say_times(seconds)
        self._say_limits()
        self._say_loads()
        self._say_requests()
        self._say_announced()

    def orders(self, following: Callable[[int], int]) -> Orders:
        """Read the routes, given what follows each index."""
        orders: Orders = {}
        for number, vehicle in enumerate(self.problem.vehicles):
            index, tasks = following(self.model.Start(number)), []
            while not self.model.IsEnd(index):
                task = self.tasks[self.manager.IndexToNode(index)]
                tasks += [task] if task else []
                index = following(index)
            if tasks:
                orders[vehicle.id] = tuple(tasks)
        return orders

    def _index(self, node: int) -> int:
        return int(self.manager.NodeToIndex(node))

    def _rows(self, table: Sequence[Sequence[int]]) -> Rows:
        """Spread a table between places over all nodes; the way to an open end is nothing."""
        vehicles = self.problem.vehicles
        columns = [visit.place for visit in self._visits] + [vehicle.start for vehicle in vehicles]
        ends = [vehicle.start if vehicle.end is None else vehicle.end for vehicle in vehicles]
        rows = []
        for place in columns + ends:
            from_here = table[place]
            home = [0 if vehicle.end is None else from_here[vehicle.end] for vehicle in vehicles]
            rows.append([from_here[column] for column in columns] + home)
        return rows

    def _say_costs(self, metres: Rows, seconds: Rows) -> None:
        by_price: dict[tuple[int, int], int] = {}
        for number, vehicle in enumerate(self.problem.vehicles):
            per_m, per_s = price = self._prices.per_m(vehicle), self._prices.per_s(vehicle)
            if price not in by_price:
                by_price[price] = self.model.RegisterTransitMatrix(
                    [
                        [way_m * per_m + way_s * per_s for way_m, way_s in zip(*rows, strict=True)]
                        for rows in zip(metres, seconds, strict=True)
                    ]
                )
            self.model.SetArcCostEvaluatorOfVehicle(by_price[price], number)
            self.model.SetFixedCostOfVehicle(self._prices.of(vehicle.fixed_cents), number)

    def _times(self) -> Rows:
        """Return the seconds from the begin at one node to the arrival at another."""
        rows = self._rows(self.problem.matrix.seconds)
        for node, visit in enumerate(self._visits):
            service_s = handling_of(visit, self._setups)
            moving_s = service_s + min(visit.setup_s, self._setups[visit.place])
            beside = [other.place == visit.place for other in self._visits]
            beside += [False] * (len(rows) - len(beside))
            rows[node] = [
                way_s + (service_s if same else moving_s)
                for way_s, same in zip(rows[node], beside, strict=True)
            ]
        return rows

    def _say_times(self, seconds: Rows) -> None:
        transit = self.model.RegisterTransitMatrix(seconds)
        self.model.AddDimension(transit, self._ends_s, self._ends_s, False, "time")
        time = self.model.GetDimensionOrDie("time")
        for node, visit in enumerate(self._visits):
            self._say_windows(time.CumulVar(self._index(node)), visit)
        for number, vehicle in enumerate(self.problem.vehicles):
            for index in (self.model.Start(number), self.model.End(number)):
                time.CumulVar(index).SetRange(vehicle.shift.opens_s, vehicle.shift.closes_s)

    def _say_windows(self, hour: pywrapcp.IntVar, visit: Visit) -> None:
        hour.SetRange(visit.windows[0].opens_s, min(visit.windows[-1].closes_s, self._ends_s))
        for earlier, later in pairwise(visit.windows):
            hour.RemoveInterval(earlier.closes_s + 1, later.opens_s - 1)

    def _say_limits(self) -> None:
        for name, table, longest in (
            ("metres", self.problem.matrix.metres, [v.longest_m for v in self.problem.vehicles]),
            ("driving", self.problem.matrix.seconds, [v.longest_drive_s for v in self.problem.vehicles]),
        ):
            if all(limit is None for limit in longest):
                continue
            most = sum(max(row) for row in table)
            transit = self.model.RegisterTransitMatrix(self._rows(table))
            self.model.AddDimension(transit, 0, most, True, name)
            way = self.model.GetDimensionOrDie(name)
            for number, limit in enumerate(longest):
                if limit is not None:
                    way.CumulVar(self.model.End(number)).SetMax(limit)

    def _say_loads(self) -> None:
        for at, name in enumerate(self.problem.dimensions):
            changes = [sign * request.load[at] for request in self.problem.requests for sign in (1, -1)]
            for vehicle in self.problem.vehicles:
                changes += [amount for stop in vehicle.announced for amount in (0, stop.change[at])]
            changes += [0] * (2 * len(self.problem.vehicles))
            rooms = [vehicle.capacity[at] for vehicle in self.problem.vehicles]
            transit = self.model.RegisterUnaryTransitVector(changes)
            self.model.AddDimensionWithVehicleCapacity(transit, 0, rooms, False, name)
            load = self.model.GetDimensionOrDie(name)
            for number, vehicle in enumerate(self.problem.vehicles):
                own = vehicle.load_at_start(len(self.problem.dimensions))[at]
                load.CumulVar(self.model.Start(number)).SetRange(own, own)

    def _say_requests(self) -> None:
        time, solver = self.model.GetDimensionOrDie("time"), self.model.solver()
        must = self._prices.of(sum(v.fixed_cents for v in self.problem.vehicles)) + 1
        must += sum(self._prices.of(request.prize_cents or 0) for request in self.problem.requests)
        for number, request in enumerate(self.problem.requests):
            pickup, drop = self._index(2 * number), self._index(2 * number + 1)
            self.model.AddPickupAndDelivery(pickup, drop)
            solver.Add(self.model.VehicleVar(pickup) == self.model.VehicleVar(drop))
            solver.Add(time.CumulVar(pickup) <= time.CumulVar(drop))
            price = must if request.prize_cents is None else self._prices.of(request.prize_cents)
            self.model.AddDisjunction([pickup], price // 2)
            self.model.AddDisjunction([drop], price - price // 2)
            able = [at for at, v in enumerate(self.problem.vehicles) if may_carry(v, request)]
            if len(able) < len(self.problem.vehicles):
                for index in (pickup, drop):
                    self.model.VehicleVar(index).SetValues([-1, *able])
            if request.longest_ride_s is not None:
                loading_s = handling_of(request.pickup, self._setups) + self._setups[request.pickup.place]
                ride_s = time.CumulVar(drop) - time.CumulVar(pickup)
                solver.Add(ride_s <= request.longest_ride_s + loading_s)

    def _say_announced(self) -> None:
        time, solver = self.model.GetDimensionOrDie("time"), self.model.solver()
        for number, nodes in self._announced():
            for loading, stop in zip(nodes[::2], nodes[1::2], strict=True):
                for node in (loading, stop):
                    self.model.VehicleVar(self._index(node)).SetValues([number])
                self.model.AddPickupAndDelivery(self._index(loading), self._index(stop))
                solver.Add(time.CumulVar(self._index(loading)) <= time.CumulVar(self._index(stop)))
            for before, after in pairwise(nodes[1::2]):
                time.AddNodePrecedence(self._index(before), self._index(after), 0)

    def _announced(self) -> Iterator[tuple[int, list[int]]]:
        """Yield the nodes of each vehicle's own: for each announced stop its loading, then itself."""
        first = 2 * len(self.problem.requests)
        for number, vehicle in enumerate(self.problem.vehicles):
            yield number, list(range(first, first + 2 * len(vehicle.announced)))
            first += 2 * len(vehicle.announced)
