"""
OR-Tools' routing as a peer: parallel cheapest insertion, then guided local search.

It can be told nearly everything: who may carry what, announced stops in their order, several windows,
the longest way and drive, time on board, a price for leaving a shipment behind. Said otherwise:

- **Setting up once** for several visits at a place is counted into the way that leaves the place.
- **The price of an hour** is counted into the ways and handlings; waiting costs nothing. It could be told
  so, but then it finds far fewer improvements in the same time, and its answers are worse by our count.
- **What must be carried** has a price that outweighs all others, so that it has a first solution where it
  would find none otherwise.
"""

from importlib.metadata import version

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from bench.search_clock import Clock, Tell
from bench.search_ortools_words import Told
from routing.problem import Problem

VERSION = f"ortools {version('ortools')}"
WALL_FACTOR = 20
"""Its own limit is of the wall clock; ours is of CPU seconds, and comes first."""

TELLING_SHARE = 0.05
"""Reading an answer takes time from the search: it is read so often at most, and at the end."""


def solve(problem: Problem, clock: Clock, seed: int, tell: Tell) -> None:  # noqa: ARG001 - it knows no seed
    """Search until the time is over; without a first solution by then there is no answer."""
    told = Told(problem)
    model = told.model
    told_s = [-clock.seconds]

    def on_solution() -> None:
        if clock.spent_s - told_s[0] >= TELLING_SHARE * clock.seconds:
            tell(lambda: told.orders(lambda index: model.NextVar(index).Value()))
            told_s[0] = clock.spent_s

    model.AddAtSolutionCallback(on_solution)
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: clock.over))
    clock.start()
    answer = model.SolveWithParameters(_parameters(clock.seconds))
    if answer:
        tell(lambda: told.orders(lambda index: answer.Value(model.NextVar(index))))


def _parameters(seconds: float) -> object:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1_000 * seconds * WALL_FACTOR))
    return parameters
