"""
What any group aboard would pay if the tour were driven for it alone, in the order in which it stands.

Dropping visits from a fixed order leaves a path, so the cost of a group is a sum over pairs of visits of
which nothing in between is visited. Each such pair is a sum of four terms "nobody of X is aboard", and a
term is shared by the Shapley value at once: every member of X gets an equal part. So the Shapley value of
the fixed order is exact in O(visits²), whoever owns how many visits; and the costs of all 2ⁿ groups are one
sum over subsets.

Published for one visit per player: Fishburn and Pollak, Fixed-route cost allocation, American Mathematical
Monthly 90(6), 1983; Potters, Curiel and Tijs, Traveling salesman games, Mathematical Programming 53, 1992;
Shapley value in closed form: Yengin, Characterizing the Shapley value in fixed-route traveling salesman
problems with appointments, International Journal of Game Theory 41, 2012. Several visits per player, by
absence terms: here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem, Vehicle
from routing.schedule import step_of
from routing.visit import Visit

Cents = NDArray[np.float64]
Groups = NDArray[np.bool_]
Places = NDArray[np.int_]

METRES_PER_KM, SECONDS_PER_HOUR = 1000, 3600

EXACT_PARTIES = 20
"""Up to so many parties the cost of every group is listed: 2²⁰ groups are 8 MB."""


@dataclass(frozen=True)
class OrderGame:
    """
    Hold a tour's order as a game.

    ``owner`` is the party of each visit, by its number; ``step_cents`` what it costs to come from one visit
    to another, handling there included, shape (visits + 2)²: row 0 is the start, the last column the end;
    ``fixed`` is owed as soon as anybody is aboard.
    """

    parties: tuple[str, ...]
    owner: tuple[int, ...]
    step_cents: Cents
    fixed: float

    def __post_init__(self) -> None:
        ends = len(self.owner) + 2
        if self.step_cents.shape != (ends, ends):
            raise ValueError("Steps lead between all visits, the start and the end.")
        if set(self.owner) != set(range(len(self.parties))):
            raise ValueError("Every party owns a visit, and every visit has an owner.")

    def of_groups(self, aboard: Groups) -> Cents:
        """Return the cost of some groups in cents; ``aboard`` has a row per group, a column per party."""
        visited = aboard[:, list(self.owner)]
        numbers = np.arange(1, len(self.owner) + 1)
        last = np.maximum.accumulate(np.where(visited, numbers, 0), axis=1)
        before = np.concatenate([np.zeros((len(aboard), 1), dtype=last.dtype), last[:, :-1]], axis=1)
        costs = np.where(visited, self.step_cents[before, numbers], 0.0).sum(axis=1)
        costs += self.step_cents[last[:, -1], -1] + self.fixed
        return np.where(aboard.any(axis=1), costs, 0.0)

    @property
    def whole_cents(self) -> float:
        """Return the cost of the tour with everybody aboard."""
        return float(self.of_groups(np.ones((1, len(self.parties)), dtype=bool))[0])

    @cached_property
    def shapley(self) -> Cents:
        """Return the Shapley value of the fixed order, exact, in O(visits²)."""
        parts = np.zeros(len(self.parties))
        for absent, cents in self._terms.items():
            members = _members(absent)
            if members:
                parts[members] -= cents / len(members)
        return parts

    @cached_property
    def of_all_groups(self) -> Cents:
        """Return the cost of every group, by its bit mask: O(n · 2ⁿ)."""
        n = len(self.parties)
        if n > EXACT_PARTIES:
            raise ValueError(f"All groups are listed of up to {EXACT_PARTIES} parties.")
        sums = np.zeros(1 << n)
        for absent, cents in self._terms.items():
            sums[absent] += cents
        for bit in range(n):  # sums[Y] becomes the sum over all X within Y
            halves = sums.reshape(-1, 2, 1 << bit)
            halves[:, 1, :] += halves[:, 0, :]
        costs = sums[::-1].copy()  # whoever is not in the group is absent
        costs[0] = 0.0
        return costs

    @cached_property
    def _terms(self) -> dict[int, float]:
        """Return the game as a sum of cents times "nobody of this bit mask is aboard"."""
        everybody = (1 << len(self.parties)) - 1
        terms = {0: self.fixed, everybody: -self.fixed}
        owned = [0, *(1 << party for party in self.owner), 0]
        for here in range(len(owned) - 1):
            between = 0
            for there in range(here + 1, len(owned)):
                self._add_pair(terms, here, there, between, owned)
                between |= owned[there]
                if owned[here] & between:
                    break  # the first of the pair would be passed by
        return terms

    def _add_pair(
        self, terms: dict[int, float], here: int, there: int, between: int, owned: Sequence[int]
    ) -> None:
        """Add the step between two visits: owed where both owners ride and nobody in between does."""
        ends = [mask for mask in {owned[here], owned[there]} if mask]
        if not ends or any(mask & between for mask in ends):
            return
        cents = float(self.step_cents[here, there])
        for chosen in range(1 << len(ends)):
            absent, sign = between, 1
            for at, mask in enumerate(ends):
                if chosen >> at & 1:
                    absent, sign = absent | mask, -sign
            terms[absent] = terms.get(absent, 0.0) + sign * cents


def order_game(problem: Problem, route: Route, payer_of: Mapping[str, str]) -> OrderGame:
    """
    Return the game of a tour's order at its carrier's card; ``payer_of`` names the party of each request.

    Handling counts where it is, halts that become one are one stop. What the plan waits, and what rounding
    adds, counts with the fixed price: a tour waits for its day, whoever is aboard. So the whole costs what
    the plan does.
    """
    parties = tuple(sorted({payer_of[task.id] for task in route.tasks}))
    number = {party: at for at, party in enumerate(parties)}
    owner = tuple(number[payer_of[task.id]] for task in route.tasks)
    vehicle = problem.vehicle(route.vehicle)
    step_cents = steps_of(problem, vehicle, [step_of(problem, vehicle, task).visit for task in route.tasks])
    moving_cents = OrderGame(parties, owner, step_cents, 0.0).whole_cents
    return OrderGame(parties, owner, step_cents, route_cost(vehicle, route).total_cents - moving_cents)


def steps_of(problem: Problem, vehicle: Vehicle, visits: Sequence[Visit]) -> Cents:
    """
    Return what each step costs at the card, of any two visits in any order: the way, the handling, the stop.

    Shape (visits + 2)²: row 0 is the start, the last column the end.
    """
    count, places = len(visits), np.array([vehicle.start, *(visit.place for visit in visits)], dtype=int)
    halts = places[:, None] != places[None, 1:]
    halts[0] = True
    moved = places[:, None] != places[None, 1:]
    setup_s = np.array([visit.setup_s for visit in visits], dtype=float)
    service_s = np.array([visit.service_s for visit in visits], dtype=float)
    handled_cents = (service_s + moved * setup_s) * vehicle.cents_per_hour / SECONDS_PER_HOUR
    step_cents = np.zeros((count + 2, count + 2))
    step_cents[:-1, 1:-1] = _ways_cents(problem, vehicle, places, places[1:])
    step_cents[:-1, 1:-1] += handled_cents + halts * vehicle.cents_per_stop
    if vehicle.end is not None:
        step_cents[:-1, -1] = _ways_cents(problem, vehicle, places, np.array([vehicle.end]))[:, 0]
    return step_cents


def _ways_cents(problem: Problem, vehicle: Vehicle, here: Places, there: Places) -> Cents:
    between = np.ix_(here, there)
    way_cents = problem.matrix.distances_m[between] * (vehicle.cents_per_km / METRES_PER_KM)
    hours_cents = problem.matrix.durations_s[between] * (vehicle.cents_per_hour / SECONDS_PER_HOUR)
    return np.asarray(way_cents + hours_cents, dtype=float)


def _members(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
