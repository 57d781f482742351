"""
The cheapest plan of a small problem, by trying everything.

All assignments of requests to vehicles, and all orders of each route, with the hours that
``routing.schedule`` gives an order (its own tests hold these to brute force). For at most three
vehicles and four requests; a few announced stops more do no harm.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from routing.check import check
from routing.cost import route_cost
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle
from routing.schedule import schedule_route
from routing.task import Task

VEHICLES, REQUESTS = 3, 4


def best_plan(problem: Problem) -> Plan | None:
    """Return a cheapest legal plan, ``None`` where no plan is legal."""
    assert len(problem.vehicles) <= VEHICLES and len(problem.requests) <= REQUESTS
    force = _Force(problem)
    plans = (force.plan_of(carriers) for carriers in _assignments(problem))
    found = min((plan for plan in plans if plan is not None), key=lambda plan: plan[0], default=None)
    if found is None:
        return None
    assert check(problem, found[1]) == ()
    return found[1]


def _assignments(problem: Problem) -> Iterator[tuple[Vehicle | None, ...]]:
    """Yield a vehicle for each request, or none, wherever skills, names, bundles and heads allow it."""
    for carriers in product((None, *problem.vehicles), repeat=len(problem.requests)):
        riding = dict(zip((one.id for one in problem.requests), carriers, strict=True))
        mates: dict[str, set[Vehicle | None]] = {}
        for request in problem.requests:
            mates.setdefault(request.bundle or f"alone {request.id}", set()).add(riding[request.id])
        locked = {task.id: one for one in problem.vehicles for task in one.head if task.kind == "pickup"}
        if (
            all(_may_ride(riding[request.id], request) for request in problem.requests)
            and all(len(one) == 1 for one in mates.values())
            and all(riding[name] is vehicle for name, vehicle in locked.items())
        ):
            yield carriers


def _may_ride(vehicle: Vehicle | None, request) -> bool:
    if vehicle is None:
        return request.prize_cents is not None
    named = request.vehicles is None or vehicle.id in request.vehicles
    return named and request.skills <= vehicle.skills


@dataclass
class _Force:
    """Remember the cheapest route of each vehicle with each set of requests."""

    problem: Problem
    known: dict[tuple[str, frozenset[str]], tuple[int, Route | None] | None] = field(default_factory=dict)

    def plan_of(self, carriers: tuple[Vehicle | None, ...]) -> tuple[int, Plan] | None:
        requests = self.problem.requests
        left = [one for one, carrier in zip(requests, carriers, strict=True) if carrier is None]
        cents = sum(one.prize_cents or 0 for one in left)
        routes = []
        for vehicle in self.problem.vehicles:
            aboard = frozenset(
                one.id for one, carrier in zip(requests, carriers, strict=True) if carrier is vehicle
            )
            if (vehicle.id, aboard) not in self.known:
                self.known[vehicle.id, aboard] = self._cheapest(vehicle, aboard)
            found = self.known[vehicle.id, aboard]
            if found is None:
                return None
            cents += found[0]
            routes += [found[1]] if found[1] is not None else []
        return cents, Plan(tuple(routes), tuple(one.id for one in left))

    def _cheapest(self, vehicle: Vehicle, aboard: frozenset[str]) -> tuple[int, Route | None] | None:
        """Return what the cheapest route costs and the route, ``None`` where no order is legal."""
        if not aboard and not vehicle.announced and not vehicle.head:
            return 0, None
        best: tuple[int, Route | None] | None = None
        for order in self._orders(vehicle, aboard):
            route = schedule_route(self.problem, vehicle, order)
            if route is not None:
                cents = route_cost(vehicle, route).total_cents
                if best is None or cents < best[0]:
                    best = cents, route
        return best

    def _orders(self, vehicle: Vehicle, aboard: frozenset[str]) -> Iterator[tuple[Task, ...]]:
        """Yield every order behind the head, but what begins with loads or drives that are too much."""
        stops = [Task("announced", stop.id) for stop in vehicle.announced]
        yield from self._behind(
            vehicle, vehicle.head, [one for one in stops if one not in vehicle.head], aboard
        )

    def _behind(
        self, vehicle: Vehicle, done: tuple[Task, ...], stops: list[Task], aboard: frozenset[str]
    ) -> Iterator[tuple[Task, ...]]:
        if not self._bearable(vehicle, done):
            return
        up = [Task("pickup", one) for one in sorted(aboard) if Task("pickup", one) not in done]
        down = [
            Task("drop", one)
            for one in sorted(aboard)
            if Task("pickup", one) in done and Task("drop", one) not in done
        ]
        if not (up or down or stops):
            yield done
            return
        for task in (*up, *down):
            yield from self._behind(vehicle, (*done, task), stops, aboard)
        if stops:
            yield from self._behind(vehicle, (*done, stops[0]), stops[1:], aboard)

    def _bearable(self, vehicle: Vehicle, done: tuple[Task, ...]) -> bool:
        """Tell whether a beginning keeps room, driving limits and the last hours: no more than that."""
        load = list(vehicle.load_at_start(len(self.problem.dimensions)))
        place, clock_s, drive_s, distance_m = vehicle.start, vehicle.shift.opens_s, 0, 0
        for task in done:
            visit, change = self._visit(vehicle, task)
            load = [a + b for a, b in zip(load, change, strict=True)]
            if any(not 0 <= a <= room for a, room in zip(load, vehicle.capacity, strict=True)):
                return False
            leg_s = int(self.problem.matrix.durations_s[place, visit.place])
            drive_s, clock_s = drive_s + leg_s, clock_s + leg_s
            distance_m += int(self.problem.matrix.distances_m[place, visit.place])
            open_s = [max(clock_s, one.opens_s) for one in visit.windows if one.closes_s >= clock_s]
            if not open_s:
                return False
            clock_s = open_s[0] + visit.service_s + (visit.setup_s if place != visit.place else 0)
            place = visit.place
        late = clock_s > vehicle.shift.closes_s
        far = vehicle.longest_m is not None and distance_m > vehicle.longest_m
        return (
            not late and not far and (vehicle.longest_drive_s is None or drive_s <= vehicle.longest_drive_s)
        )

    def _visit(self, vehicle: Vehicle, task: Task):
        if task.kind == "announced":
            stop = next(one for one in vehicle.announced if one.id == task.id)
            return stop.visit, stop.change
        request = self.problem.request(task.id)
        if task.kind == "pickup":
            return request.pickup, request.load
        return request.drop, tuple(-amount for amount in request.load)
