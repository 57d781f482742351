"""
The cheapest order of visits for every group of a few shipments at once.

Dynamic programming over who is aboard and who was delivered (M. Held, R. Karp, A dynamic programming
approach to sequencing problems, Journal of SIAM 10, 1962; pickups before their drops: H. N. Psaraftis, A
dynamic programming solution to the single vehicle many-to-many immediate request dial-a-ride problem,
Transportation Science 14, 1980). Hours and room are not looked at: what it finds is scheduled afterwards, and
where that admits it nothing cheaper exists.
"""

from collections.abc import Sequence

import numpy as np

from pooling.fair.order_game import Cents, steps_of
from routing.problem import Problem, Vehicle
from routing.task import Task

SHIPMENTS_LIMIT = 9
"""Of so many shipments every group's cheapest order is found: 3⁹ states in a tenth of a second."""

WAITS, ABOARD = 0, 1
"""What a shipment does in a state, one digit to the base of three each; 2: it was delivered."""


class BestOrders:
    """Hold the cheapest order of every group of some shipments on one vehicle that starts empty."""

    def __init__(self, problem: Problem, vehicle: Vehicle, shipments: Sequence[str]) -> None:
        if len(shipments) > SHIPMENTS_LIMIT:
            raise ValueError(f"Orders are found of up to {SHIPMENTS_LIMIT} shipments.")
        self._number = {one: at for at, one in enumerate(shipments)}
        self._names = tuple(shipments)
        asked = [problem.request(one) for one in shipments]
        visits = [visit for one in asked for visit in (one.pickup, one.drop)]
        self._step_cents = steps_of(problem, vehicle, visits)
        count = len(shipments)
        states = np.arange(3**count)
        self._digits = states[:, None] // 3 ** np.arange(count) % 3
        self._least_cents = np.full((3**count, count), np.inf)
        self._before = np.full((3**count, count), -1, dtype=np.int8)
        self._fill()

    def of(self, group: Sequence[str]) -> tuple[Task, ...]:
        """Return the cheapest order of a group's visits, not empty."""
        numbers = [self._number[one] for one in group]
        state = sum(2 * 3**at for at in numbers)
        last = min(
            numbers, key=lambda at: float(self._least_cents[state, at] + self._step_cents[2 * at + 2, -1])
        )
        tasks: list[Task] = []
        while state:
            kind = self._digits[state, last]
            tasks.append(Task("pickup" if kind == ABOARD else "drop", self._names[last]))
            state, last = state - 3**last, int(self._before[state, last])
        return tuple(reversed(tasks))

    def _fill(self) -> None:
        """Go from states of so many visits made to those of one more, all at once."""
        made, count = self._digits.sum(axis=1), len(self._names)
        for at in range(count):
            self._least_cents[3**at, at] = self._step_cents[0, 2 * at + 1]
        for so_many in range(1, 2 * count):
            here = np.flatnonzero(made == so_many)
            for at in range(count):
                able = here[self._digits[here, at] < 2]
                if len(able):
                    self._go_on(able, at)

    def _go_on(self, states: np.ndarray, at: int) -> None:
        """Visit one shipment's next end from each state, after whichever visit makes that cheapest."""
        digits, numbers = self._digits[states], np.arange(len(self._names))
        visited = np.maximum(2 * numbers + digits, 1)  # row of each one's last visit; unseen where it waits
        following = 2 * at + 1 + digits[:, at]
        cents: Cents = self._least_cents[states] + self._step_cents[visited, following[:, None]]
        best = cents.argmin(axis=1)
        further = states + 3**at
        self._least_cents[further, at] = cents[np.arange(len(states)), best]
        self._before[further, at] = best
