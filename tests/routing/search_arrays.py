"""A plan in the arrays of the compiled search, for tests that ask its parts alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.plan import Plan
from routing.problem import Problem, Vehicle
from routing.search.ground import Ground, ground_of, longest_route, visit_numbers
from routing.search.hours import duration_of
from routing.search.sequences import put_routes
from routing.search.slots import GRAINS, NOWHERE, best_slot, price_route
from routing.search.tours import BOOK, CENTS, LENGTH, VERSIONS, Tours, new_tours, write_route
from routing.task import Task


@dataclass(frozen=True)
class Slot:
    """Hold what the compiled search says: cents added, the pickup before, the drop before."""

    added_cents: float
    pickup_at: int
    drop_at: int


class Arrays:
    """Hold a problem and a plan as the search sees them."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.ground: Ground = ground_of(problem)
        self.tours: Tours = new_tours(problem, longest_route(problem, plan))
        put_routes(problem, self.ground, self.tours, plan)

    def cents(self, vehicle: Vehicle) -> int:
        return int(self.tours.route[self._number(vehicle), CENTS])

    def best_slot(self, vehicle: Vehicle, request_id: str, blink: int = 0) -> Slot | None:
        grains, pickup_at, drop_at = best_slot(
            self.ground, self.tours, self._number(vehicle), self._request(request_id), NOWHERE, blink
        )
        return None if grains == NOWHERE else Slot(grains / GRAINS, pickup_at, drop_at)

    def duration_s(self, vehicle: Vehicle, order: Sequence[Task]) -> int:
        """Return the seconds of an order, -1 where no hours are legal."""
        numbers = visit_numbers(self.problem)
        visits = [numbers[vehicle.id if task.kind == "announced" else "", task] for task in order]
        row = np.array([*visits, 0], dtype=np.int64)
        return duration_of(self.ground, self._number(vehicle), row, len(visits), self.tours.scratch)

    def take_drop_out(self, vehicle: Vehicle, request_id: str) -> bool:
        """Take out the drop of what a head picks up; tells whether the rest is legal."""
        v, q, tours = self._number(vehicle), self._request(request_id), self.tours
        length = int(tours.route[v, LENGTH])
        kept = [visit for visit in tours.order[v, :length] if visit != 2 * q + 1]
        tours.order[v, : len(kept)], tours.route[v, LENGTH], tours.owner[q] = kept, len(kept), -1
        tours.scratch[BOOK, VERSIONS] += 1
        legal = write_route(self.ground, tours, v, tours.scratch[BOOK, VERSIONS])
        return bool(price_route(self.ground, tours, v) and legal)

    def _number(self, vehicle: Vehicle) -> int:
        return [one.id for one in self.problem.vehicles].index(vehicle.id)

    def _request(self, request_id: str) -> int:
        return [one.id for one in self.problem.requests].index(request_id)
