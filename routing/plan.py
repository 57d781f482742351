"""
What a solver answers: for each vehicle the visits in order, with hours and loads.

A plan states everything it claims (hours, loads, metres), so that the checker can hold each claim
against the problem. It is an answer for one problem, never changed, only replaced.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from routing.problem import Load
from routing.task import Task


@dataclass(frozen=True)
class PlannedVisit:
    """Hold a task with its hours and what is on board when the vehicle leaves it."""

    task: Task
    place: int
    arrives_s: int
    begins_s: int
    leaves_s: int
    load: Load


class Driven(Protocol):
    """What is driven: metres, and seconds from leaving to end."""

    @property
    def distance_m(self) -> int: ...

    @property
    def duration_s(self) -> int: ...


@dataclass(frozen=True)
class Route:
    """
    Hold what one vehicle does, from its start to its end.

    ``load`` is what is on board at the start; ``drive_s`` counts driving only, ``leaves_s`` to
    ``ends_s`` the whole time including handling and waiting.
    """

    vehicle: str
    leaves_s: int
    ends_s: int
    load: Load
    drive_s: int
    distance_m: int
    visits: tuple[PlannedVisit, ...]

    @property
    def duration_s(self) -> int:
        return self.ends_s - self.leaves_s

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(visit.task for visit in self.visits)


@dataclass(frozen=True)
class Plan:
    """Hold the routes of the vehicles that move, and the requests left behind, by id."""

    routes: tuple[Route, ...]
    unserved: tuple[str, ...]

    def route(self, vehicle_id: str) -> Route | None:
        return next((route for route in self.routes if route.vehicle == vehicle_id), None)

    @cached_property
    def served(self) -> frozenset[str]:
        return frozenset(task.id for route in self.routes for task in route.tasks if task.kind == "drop")
