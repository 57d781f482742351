"""
What an operator holds by hand on a tour: shipments pinned to it, stops locked in their place or hour.

A locked beginning is a head of the vehicle, which the search keeps by itself. A place further back is kept by
judging what the search found; where that breaks it, the search is asked again behind the last lock. An hour
is a window of its visit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from routing.insertion import insert_all
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Visit, Window
from routing.promise import narrowed
from routing.schedule import schedule_route
from routing.task import Task


@dataclass(frozen=True)
class Holds:
    """
    Hold what stays as it is: ``first`` is how the route begins, in this order.

    ``places`` maps a locked visit to those that come before it, in whatever order; ``hours`` maps a visit to
    the window in which it begins, in seconds of the day.
    """

    pinned: frozenset[str] = frozenset()
    first: tuple[Task, ...] = ()
    places: Mapping[Task, frozenset[Task]] = field(default_factory=dict)
    hours: Mapping[Task, Window] = field(default_factory=dict)

    def among(self, aboard: Iterable[str]) -> "Holds":
        """Return what is left of it where only these shipments are aboard: who left holds nothing."""
        there = frozenset(aboard)
        return Holds(
            self.pinned & there,
            tuple(task for task in self.first if task.id in there),
            {
                task: frozenset(one for one in before if one.id in there)
                for task, before in self.places.items()
                if task.id in there
            },
            {task: window for task, window in self.hours.items() if task.id in there},
        )

    def broken(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """List the locked visits that do not stand in their place in this order of visits."""
        head = tuple(tasks[: len(self.first)])
        found = [task for at, task in enumerate(self.first) if at >= len(head) or head[at] != task]
        for task, before in self.places.items():
            if task not in tasks or frozenset(tasks[: tasks.index(task)]) != before:
                found.append(task)
        return tuple(dict.fromkeys(found))

    def keeps(self, tasks: Sequence[Task]) -> bool:
        """Tell whether an order of visits leaves every locked one in its place."""
        return not self.broken(tasks)

    def floor(self, tasks: Sequence[Task]) -> int:
        """Count the first visits between which nothing new may come: up to the last locked one."""
        places = [tasks.index(task) + 1 for task in self.places if task in tasks]
        return max([min(len(self.first), len(tasks)), *places])

    def may(self, tasks: Sequence[Task]) -> Callable[[int, int], bool]:
        """Tell before which visits a newcomer's pickup and drop may be put."""
        floor = self.floor(tasks)
        return lambda pickup_at, drop_at: min(pickup_at, drop_at) >= floor

    def timed(self, problem: Problem) -> Problem:
        """Return the problem with the locked hours as windows; one that no hour is left in keeps its own."""
        if not self.hours:
            return problem
        return replace(problem, requests=tuple(self._timed(one) for one in problem.requests))

    def _timed(self, request: Request) -> Request:
        return replace(
            request,
            pickup=self._visit(Task("pickup", request.id), request.pickup),
            drop=self._visit(Task("drop", request.id), request.drop),
        )

    def _visit(self, task: Task, visit: Visit) -> Visit:
        window = self.hours.get(task)
        return visit if window is None else narrowed(visit, window.opens_s, window.closes_s) or visit


NOTHING_HELD = Holds()
Held = Mapping[str, Holds]
"""What is held on each tour, by its id."""
NOWHERE: Held = {}


def kept_by(plan: Plan, held: Held) -> bool:
    """Tell whether every tour of a plan carries all that is pinned to it, each locked stop in its place."""
    return all(_kept(route, held[route.vehicle]) for route in plan.routes if route.vehicle in held)


def _kept(route: Route, holds: Holds) -> bool:
    aboard = {task.id for task in route.tasks}
    return holds.pinned <= aboard and holds.among(aboard).keeps(route.tasks)


def bound(problem: Problem, held: Held, heads: Mapping[str, Sequence[Task]]) -> Problem:
    """
    Ask for a plan in which what is held stays: pinned shipments and these beginnings of routes must ride.

    What is pinned rides on its own tour or on none.
    """
    tour_of = {one: tour for tour, holds in held.items() for one in holds.pinned}
    must = {task.id for head in heads.values() for task in head} | set(tour_of)
    known = {vehicle.id for vehicle in problem.vehicles}
    requests = tuple(
        replace(
            one,
            prize_cents=None if one.id in must else one.prize_cents,
            vehicles=frozenset({tour_of[one.id]}) if tour_of.get(one.id) in known else one.vehicles,
        )
        for one in problem.requests
    )
    vehicles = tuple(replace(one, head=tuple(heads.get(one.id, ()))) for one in problem.vehicles)
    return replace(problem, requests=requests, vehicles=vehicles)


def held_start(
    problem: Problem, held: Held, orders: Mapping[str, Sequence[Task]]
) -> tuple[Problem, Problem, Plan | None]:
    """
    Return a day's problem with the locked hours, the one to search in, and a plan to set out from.

    Of several tours the search leaves each as it stands up to its last locked stop. Without a plan to set
    out from nothing is held.
    """
    known = {vehicle.id for vehicle in problem.vehicles}
    wanted = {request.id for request in problem.requests}
    held = {one: holds.among(wanted) for one, holds in held.items() if one in known}
    if not held:
        return problem, problem, None
    for holds in held.values():
        problem = holds.timed(problem)
    stand = {one: [task for task in orders.get(one, ()) if task.id in wanted] for one in held}
    asked = bound(problem, held, {one: order[: held[one].floor(order)] for one, order in stand.items()})
    routes = [
        schedule_route(asked, asked.vehicle(one), order) for one, order in sorted(stand.items()) if order
    ]
    if any(route is None for route in routes):
        return problem, problem, None  # A place or a road has changed: the tour is planned anew.
    driven = tuple(route for route in routes if route is not None)
    aboard = {task.id for route in driven for task in route.tasks}
    left = tuple(one.id for one in asked.requests if one.id not in aboard)
    return problem, asked, insert_all(asked, Plan(driven, left))


def holds_json(holds: Holds) -> dict[str, Any]:
    """Write down what is held."""
    return {
        "pinned": sorted(holds.pinned),
        "first": [task_json(task) for task in holds.first],
        "places": [
            [task_json(task), sorted(map(task_json, before))] for task, before in holds.places.items()
        ],
        "hours": [[task_json(task), one.opens_s, one.closes_s] for task, one in holds.hours.items()],
    }


def read_holds(kept: Mapping[str, Any]) -> Holds:
    """Read what was written down."""
    return Holds(
        frozenset(kept["pinned"]),
        tuple(read_task(one) for one in kept["first"]),
        {read_task(task): frozenset(map(read_task, before)) for task, before in kept["places"]},
        {read_task(task): Window(opens_s, closes_s) for task, opens_s, closes_s in kept["hours"]},
    )


def task_json(task: Task) -> list[str]:
    return ["on" if task.kind == "pickup" else "off", task.id]


def read_task(kept: Sequence[str]) -> Task:
    way, shipment = kept
    return Task("pickup" if way == "on" else "drop", shipment)
