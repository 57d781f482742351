"""Our own search, from nothing, on one thread."""

from dataclasses import replace
from importlib.util import find_spec

from bench.search_clock import Clock, Tell
from routing.construction import first_plan
from routing.problem import Problem

VERSION = "carriole" if find_spec("routing.search") else "carriole, insertion only"
WARMING_ITERATIONS = 20


def solve(problem: Problem, clock: Clock, seed: int, tell: Tell) -> None:
    """Search on; where the search is not there yet, what insertion alone gives is told."""
    if not find_spec("routing.search"):
        clock.start()
        plan = first_plan(problem)
        if plan is not None:
            tell(lambda: {route.vehicle: route.tasks for route in plan.routes})
        return
    from routing.search import search_answers

    few = replace(problem, requests=problem.requests[:2])
    for _ in search_answers(few, None, 0.1, seed=seed, iterations=WARMING_ITERATIONS):
        pass  # What is compiled when first called is compiled before the clock runs.
    clock.start()
    for orders in search_answers(problem, None, clock.seconds, seed=seed):
        tell(lambda orders=orders: orders)
        if clock.over:
            return
