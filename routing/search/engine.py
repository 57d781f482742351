"""
The search as an engine: from a plan, or from nothing, to ever better orders of visits.

The phases share the time: several first coolings, each from the beginning; then vehicles are saved, where
what must be carried leaves that open; then longer coolings of the best plan. Between them the routes met
so far are joined to the best plan that they can make. Ruin, recreate and annealing after Christiaens and
Vanden Berghe (2020), compiled.
"""

from collections.abc import Iterator
from time import thread_time

import numpy as np

from routing.insertion import empty_plan
from routing.plan import Plan
from routing.problem import Problem
from routing.search.annealing import anneal, fill, keep, seed_chance, total_cents
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
from routing.search.partition import Pool
from routing.search.recreate import new_memory
from routing.search.sequences import Sequences, put_orders, put_routes, routes_of
from routing.search.tours import LENGTH, new_tours

FIRST_COOLINGS = 3
FIRST_SHARE = 0.08
"""Each of the first coolings takes this part of the budget."""

FLEET_SHARE = 0.5
LONG_END, LAST_END = 0.9, 1.0
"""Where the long cooling and the last, gentle one end."""

HOT, WARM, COLD = 0.3, 0.02, 0.001
"""Temperatures, in legs of mean length."""

FLEET_HEAT = 0.1
JOIN_SHARE = 0.04
"""Joining routes takes at most this part of the budget, each time."""

JOIN_FROM_S, JOIN_REQUESTS = 0.1, 40
"""Joining is worth while where it may take so long, and above so many requests."""


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
    yield from Search(problem, begun, seed, budget).answers(from_nothing=start is None)


class Search:
    """Hold the arrays of one search; not to be shared between threads."""

    def __init__(self, problem: Problem, start: Plan, seed: int, budget: Budget) -> None:
        self._problem, self._start, self._budget = problem, start, budget
        self._ground = ground_of(problem)
        width = longest_route(problem, start)
        self._now, self._best, self._before = (new_tours(problem, width) for _ in range(3))
        self._memory = new_memory(len(problem.requests), len(problem.vehicles))
        self._pool = Pool(self._ground)
        self._leg = leg_cents(self._ground)
        seed_chance(seed % 2**32)
        put_routes(problem, self._ground, self._now, start)
        keep(self._now, self._best)
        self._always = {at for at, v in enumerate(problem.vehicles) if v.announced or v.head}
        self._cents = int(total_cents(self._ground, self._now))

    def answers(self, *, from_nothing: bool) -> Iterator[Sequences]:
        """Run the phases; yield the best plan at the beginning and whenever a while brought a better one."""
        fill(self._ground, self._now, self._before, self._before, self._memory)
        self._keep_if_better()
        yield self.best()
        end = 0.0
        for number in range(FIRST_COOLINGS if from_nothing else 1):
            if number:
                put_routes(self._problem, self._ground, self._now, self._start)
                fill(self._ground, self._now, self._before, self._before, self._memory)
            yield from self._cool(end, end + FIRST_SHARE, HOT)
            end += FIRST_SHARE
        yield from self._join()
        if self._vehicles_matter():
            yield from self._save_vehicles(self._budget.done() + FLEET_SHARE)
        yield from self._cool_best(LONG_END, HOT)
        yield from self._join()
        yield from self._cool_best(LAST_END, WARM)

    def best(self) -> Sequences:
        return routes_of(self._problem, self._best)

    def _keep_if_better(self) -> bool:
        cents = int(total_cents(self._ground, self._now))
        if cents >= self._cents:
            return False
        self._cents = cents
        keep(self._now, self._best)
        return True

    def _cool_best(self, end: float, hottest: float) -> Iterator[Sequences]:
        keep(self._best, self._now)
        yield from self._cool(self._budget.done(), end, hottest)

    def _cool(self, start: float, end: float, hottest: float) -> Iterator[Sequences]:
        self._budget.begin()
        while (done := self._budget.done()) < end:
            part = (done - start) / (end - start)
            hot, cold = (self._leg * hottest * (COLD / hottest) ** at for at in (part, min(1.0, part + 0.01)))
            better = anneal(
                self._ground,
                self._now,
                self._best,
                self._before,
                self._memory,
                self._cents,
                self._budget.portion(),
                hot,
                cold,
            )
            yield from self._noted(int(better))

    def _save_vehicles(self, end: float) -> Iterator[Sequences]:
        keep(self._best, self._now)
        self._budget.begin()
        while self._budget.done() < end:
            better = drop_vehicles(
                self._ground,
                self._now,
                self._best,
                self._before,
                self._memory,
                self._cents,
                self._budget.portion(),
                self._leg * FLEET_HEAT,
            )
            yield from self._noted(int(better))

    def _noted(self, cents: int) -> Iterator[Sequences]:
        """Remember the routes of a while, and yield the best plan where it is a better one."""
        self._pool.add(self._now)
        if cents < self._cents:
            self._cents = cents
            self._pool.add(self._best)
            yield self.best()

    def _join(self) -> Iterator[Sequences]:
        """Join the routes met so far, where there is time for it."""
        seconds = self._budget.seconds
        few = len(self._problem.requests) <= JOIN_REQUESTS
        if few or (seconds is not None and seconds * JOIN_SHARE < JOIN_FROM_S):
            return
        chosen = self._pool.join(self._always, None if seconds is None else seconds * JOIN_SHARE)
        if chosen is not None:
            put_orders(self._ground, self._now, chosen)
            if self._keep_if_better():
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
