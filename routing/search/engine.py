"""
The search as an engine: from a plan, or from nothing, to ever better orders of visits.

Three phases share the time: a first cooling finds a good plan; then vehicles are saved, where what must
be carried leaves that open; then a second, longer cooling shortens the way. Ruin, recreate and
annealing after Christiaens and Vanden Berghe (2020), compiled.
"""

from collections.abc import Iterator
from time import thread_time

import numpy as np

from routing.insertion import empty_plan
from routing.plan import Plan
from routing.problem import Problem
from routing.search.annealing import anneal, fill, keep, seed_chance
from routing.search.budget import Budget, Clock, clock_budget, counted_budget
from routing.search.fleet import drop_vehicles, easiest
from routing.search.ground import (
    METRES,
    MUST_CENTS,
    PER_HOUR,
    PER_KM,
    PRIZE,
    SECONDS,
    Ground,
    ground_of,
    longest_route,
)
from routing.search.recreate import new_memory
from routing.search.sequences import Sequences, put_routes, routes_of
from routing.search.tours import LENGTH, new_tours

FIRST_COOLING = 0.1
FLEET_SHARE = 0.25
"""The parts of the budget for the first two phases."""

LAST_COOLING = 0.9
"""From then on the best plan is cooled once more, from ``WARM``."""

HOT, WARM, COLD = 0.3, 0.02, 0.001
"""Temperatures, in legs of mean length."""

FLEET_HEAT = 0.1


def search_answers(
    problem: Problem,
    start: Plan | None,
    seconds: float,
    *,
    seed: int = 1,
    iterations: int | None = None,
    clock: Clock = thread_time,
) -> Iterator[Sequences]:
    """
    Yield ever better orders of visits by vehicle, for so many seconds.

    They are seconds of this thread's processor, unless another clock is given. Without a start it
    begins with the announced stops alone. With ``iterations`` the clock is not looked at, and the same
    seed gives the same answers every time. Nothing is yielded where an announced trip cannot keep its
    own hours, or where there are no vehicles or no requests.
    """
    begun = start if start is not None else empty_plan(problem)
    if begun is None or not problem.requests or not problem.vehicles:
        return
    budget = clock_budget(seconds, clock) if iterations is None else counted_budget(iterations)
    yield from Search(problem, begun, seed).answers(budget)


class Search:
    """Hold the arrays of one search; not to be shared between threads."""

    def __init__(self, problem: Problem, start: Plan, seed: int) -> None:
        self._problem = problem
        self._ground = ground_of(problem)
        width = longest_route(problem, start)
        self._now, self._best, self._before = (new_tours(problem, width) for _ in range(3))
        self._memory = new_memory(len(problem.requests), len(problem.vehicles))
        self._leg = leg_cents(self._ground)
        seed_chance(seed)
        put_routes(problem, self._ground, self._now, start)
        self._cents = fill(self._ground, self._now, self._best, self._before, self._memory)

    def answers(self, budget: Budget) -> Iterator[Sequences]:
        """Run the phases; yield the best plan at the beginning and whenever a while brought a better one."""
        yield self.best()
        yield from self._cool(budget, 0.0, FIRST_COOLING, HOT)
        if self._vehicles_matter():
            yield from self._save_vehicles(budget, FIRST_COOLING + FLEET_SHARE)
        yield from self._cool(budget, budget.done(), LAST_COOLING, HOT)
        yield from self._cool(budget, LAST_COOLING, 1.0, WARM)

    def best(self) -> Sequences:
        return routes_of(self._problem, self._best)

    def _cool(self, budget: Budget, start: float, end: float, hottest: float) -> Iterator[Sequences]:
        keep(self._best, self._now)
        budget.begin()
        while (done := budget.done()) < end:
            part = (done - start) / (end - start)
            hot, cold = (self._leg * hottest * (COLD / hottest) ** at for at in (part, min(1.0, part + 0.01)))
            better = anneal(
                self._ground,
                self._now,
                self._best,
                self._before,
                self._memory,
                self._cents,
                budget.portion(),
                hot,
                cold,
            )
            if better < self._cents:
                self._cents = better
                yield self.best()

    def _save_vehicles(self, budget: Budget, end: float) -> Iterator[Sequences]:
        keep(self._best, self._now)
        budget.begin()
        while budget.done() < end:
            better = drop_vehicles(
                self._ground,
                self._now,
                self._best,
                self._before,
                self._memory,
                self._cents,
                budget.portion(),
                self._leg * FLEET_HEAT,
            )
            if better < self._cents:
                self._cents = better
                yield self.best()

    def _vehicles_matter(self) -> bool:
        """Tell whether starting a vehicle costs something, something must be carried, and one could stay."""
        if easiest(self._ground, self._best) < 0:
            return False
        fixed = any(vehicle.fixed_cents for vehicle in self._problem.vehicles)
        used = int((self._best.route[:, LENGTH] > 0).sum())
        return fixed and used > 1 and bool((self._ground.request[:, PRIZE] == MUST_CENTS).any())


def leg_cents(ground: Ground) -> float:
    """Return what a leg between two places costs on average, the unit of temperature."""
    places = np.unique(ground.visit[:, 0])
    metres = float(ground.way[METRES][np.ix_(places, places)].mean())
    seconds = float(ground.way[SECONDS][np.ix_(places, places)].mean())
    per_km, per_hour = ground.vehicle[:, PER_KM].mean(), ground.vehicle[:, PER_HOUR].mean()
    return max(1e-3, metres * float(per_km) / 1000 + seconds * float(per_hour) / 3600)
