"""
Ways of one trip as orders of stops alone, for the many that are tried and thrown away.

A draft knows its metres, its seconds and the room that it leaves; it is given hours once it is chosen.
Its slots are those of ``routing.insertion``, found in compiled code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pooling.legs import LegRoom, amounts_of
from pooling.market.award import TripBook
from pooling.shipment import Shipment
from routing.plan import Route
from routing.problem import Problem, Request
from routing.schedule import schedule_route
from routing.search.ground import Ground, Whole, visit_numbers
from routing.search.onto import DURATION, LONG, Kept, Scratch, new_scratch, one_van, put_onto, sell
from routing.task import Task


@dataclass(frozen=True, eq=False)
class Draft:
    """Hold an order of visits, by number, what it comes to, and the room that is left on each leg."""

    order: Whole
    distance_m: int
    duration_s: int
    free: Whole


@dataclass(frozen=True, eq=False)
class Drafts:
    """
    Make drafts of a trip with any of these shipments; ``requests`` are as the road sees them.

    Numbers are given in this order: drafts of one outlive another load of a shipment that they leave out.
    """

    book: TripBook
    shipments: Sequence[Shipment]
    requests: Sequence[Request]

    def with_other(self, shipment: Shipment, request: Request) -> "Drafts":
        """Return the same where one of the shipments is other."""
        shipments = [shipment if one.id == shipment.id else one for one in self.shipments]
        requests = [request if one.id == request.id else one for one in self.requests]
        return replace(self, shipments=shipments, requests=requests)

    def of_route(self, route: Route, legs: Sequence[LegRoom]) -> Draft:
        """Return a route as a draft."""
        order = np.array([self._numbers[task] for task in route.tasks], dtype=np.int64)
        return Draft(order, route.distance_m, route.duration_s, _free(legs))

    def put_in(self, draft: Draft, shipment: str) -> Draft | None:
        """Put one more shipment where it costs least; ``None`` where it fits nowhere or legs are full."""
        number = self._at[shipment]
        if not self.requests[number].skills <= self.book.vehicle.skills:
            return None
        longer = np.empty(len(draft.order) + 2, dtype=np.int64)
        if not put_onto(self._ground, self._kept, self._scratch, draft.order, draft.free, number, longer):
            return None
        free = self._free.copy()
        if len(free) and not sell(self._ground, self._kept, longer, free):
            return None
        found = self._scratch.found
        return Draft(longer, int(found[LONG]), int(found[DURATION]), free)

    def scheduled(self, draft: Draft) -> Route:
        """Give hours to a draft."""
        route = schedule_route(self.problem, self.book.vehicle, [self._tasks[int(at)] for at in draft.order])
        if route is None:
            raise AssertionError("A draft has no legal hours.")
        return route

    @cached_property
    def grow(self) -> bool:
        """Tell whether one more stop makes no way shorter: with several windows it may spare a wait."""
        visits = [visit for one in self.problem.requests for visit in (one.pickup, one.drop)]
        visits += [stop.visit for stop in self.book.vehicle.announced]
        return all(len(visit.windows) == 1 for visit in visits)

    @cached_property
    def problem(self) -> Problem:
        return self.book.problem.narrowed((self.book.vehicle,), (*self.requests, *self.book.problem.requests))

    @cached_property
    def _numbers(self) -> Mapping[Task, int]:
        return {task: number for (_, task), number in visit_numbers(self.problem).items()}

    @cached_property
    def _tasks(self) -> Mapping[int, Task]:
        return {number: task for task, number in self._numbers.items()}

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {one.id: at for at, one in enumerate(self.shipments)}

    @cached_property
    def _free(self) -> Whole:
        return _free(self.book.legs)

    @cached_property
    def _ground(self) -> Ground:
        return one_van(self.problem)

    @cached_property
    def _scratch(self) -> Scratch:
        return new_scratch(self._ground)

    @cached_property
    def _kept(self) -> Kept:
        return Kept(
            load=np.array([amounts_of(one.load) for one in self.shipments], dtype=np.int64).reshape(-1, 4),
            stands=np.array([stop.stands for stop in self.book.trip.stops], dtype=np.bool_),
            asked=len(self.shipments),
        )


def _free(legs: Sequence[LegRoom]) -> Whole:
    return np.array([leg.free for leg in legs], dtype=np.int64).reshape(-1, 4)
