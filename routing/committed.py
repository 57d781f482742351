"""What a vehicle does even if nobody rides with it: its head, its announced stops, its open drops."""

from dataclasses import replace

from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem, Vehicle, open_drops
from routing.schedule import schedule_route
from routing.task import Task

BEGINNINGS_TRIED = 5_000
"""After so many beginnings of a route without one that ends, none is taken to exist."""

BEGINNINGS_COMPARED = 500
"""After so many beginnings the cheapest route found so far is taken."""


def must_move(vehicle: Vehicle) -> bool:
    """Tell whether the vehicle has something to do before anybody asks."""
    return bool(vehicle.announced or vehicle.head)


def announced_tasks(vehicle: Vehicle) -> tuple[Task, ...]:
    return tuple(Task("announced", stop.id) for stop in vehicle.announced)


def committed_route(problem: Problem, vehicle: Vehicle) -> Route | None:
    """
    Schedule the head, then the announced stops left and the drops of what the head picks up.

    Drops stand where they cost least: every order is tried, the nearest next stop first, as long as
    they are few (three drops among ten stops). ``None`` where no order is legal.
    """
    stops = tuple(task for task in announced_tasks(vehicle) if task not in vehicle.head)
    drops = open_drops(vehicle)
    if not drops:
        return schedule_route(problem, vehicle, (*vehicle.head, *stops))
    search = _Orders(problem, vehicle)
    search.walk(vehicle.head, stops, drops)
    return search.best


class _Orders:
    """Try orders of announced stops and drops depth first, giving up beginnings without legal hours."""

    def __init__(self, problem: Problem, vehicle: Vehicle) -> None:
        self.best: Route | None = None
        self._problem, self._vehicle = problem, vehicle
        self._open_ended = replace(vehicle, end=None)
        self._places = {Task("announced", stop.id): stop.visit.place for stop in vehicle.announced}
        self._tried = 0
        self._cents = 0

    def walk(self, done: tuple[Task, ...], stops: tuple[Task, ...], drops: tuple[Task, ...]) -> None:
        if not stops and not drops:
            self._consider(schedule_route(self._problem, self._vehicle, done))
            return
        for task in self._nearest_first(done[-1], (*stops[:1], *drops)):
            if self._tried >= (BEGINNINGS_TRIED if self.best is None else BEGINNINGS_COMPARED):
                return
            self._tried += 1
            if self._can_begin((*done, task)):
                left = tuple(drop for drop in drops if drop != task)
                self.walk((*done, task), stops[1:] if task in stops else stops, left)

    def _can_begin(self, tasks: tuple[Task, ...]) -> bool:
        return schedule_route(self._problem, self._open_ended, tasks) is not None

    def _consider(self, route: Route | None) -> None:
        if route is None:
            return
        cents = route_cost(self._vehicle, route).total_cents
        if self.best is None or cents < self._cents:
            self.best, self._cents = route, cents

    def _nearest_first(self, last: Task, tasks: tuple[Task, ...]) -> list[Task]:
        seconds = self._problem.matrix.seconds[self._place(last)]
        return sorted(tasks, key=lambda task: seconds[self._place(task)])

    def _place(self, task: Task) -> int:
        if task.kind == "announced":
            return self._places[task]
        request = self._problem.request(task.id)
        return request.pickup.place if task.kind == "pickup" else request.drop.place
