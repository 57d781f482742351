"""
PyVRP as a peer, told the problem in its own words, with its default settings.

It knows shipments with prizes, several kinds of load, and each vehicle's hours, costs and longest way.
What it does not know is said like this:

- **An announced stop** belongs to one vehicle: two more loads say it. A stop of trip ``i`` of ``T`` takes
  ``(i, T + 1 - i)`` of the room, its vehicle has just enough for its own stops and others have none; only
  one choice lets all stops ride. Their order follows from their hours.
- **Two windows** of a stop: it is told the longer one.
- **Setting up once** for several visits at a place: it is counted into the way that leaves the place.
- **Driving seconds** at most, skills and time on board: not told.

Its own first solution is random. Where trips are announced it holds these, and the shipments at random in
the other vehicles: from a wholly random one it finds no legal plan, from the trips alone it fills no van.
"""

from importlib.metadata import version
from random import Random

from pyvrp import (
    Activity,
    ActivityType,
    IteratedLocalSearch,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    PenaltyManager,
    ProblemData,
    RandomNumberGenerator,
    Route,
    Solution,
    SolveParams,
)
from pyvrp.search import LocalSearch, PerturbationManager, compute_neighbours

from bench.search_clock import Clock, Orders, Tell
from bench.search_pyvrp_words import Told
from routing.problem import Problem
from routing.task import Task

VERSION = f"pyvrp {version('pyvrp')}"
SEEDS = 1_000_000


def solve(problem: Problem, clock: Clock, seed: int, tell: Tell) -> None:
    """Do what ``pyvrp.solve`` does, with announced trips in the first solution, until the time is over."""
    told = Told(problem)
    data = told.data()
    params, rng = SolveParams(), RandomNumberGenerator(seed=seed)
    clock.start()
    neighbours = compute_neighbours(data, params.neighbourhood)
    search = LocalSearch(data, rng, neighbours, PerturbationManager(params.perturbation))
    for operator in params.operators:
        if operator.supports(data):
            search.add_operator(operator(data))
    penalties = PenaltyManager(params.penalty.midpoint_penalties(data), params.penalty)
    first = search(_first(told, data, rng), penalties.max_cost_evaluator(), exhaustive=True)
    telling = _Telling(told, tell)
    telling.on_best(first)
    algorithm = IteratedLocalSearch(
        data, penalties, search, first, IteratedLocalSearchParams(callbacks=telling)
    )
    telling.on_best(algorithm.run(lambda _: clock.over, collect_stats=False).best)


class _Telling(IteratedLocalSearchCallbacks):
    """Hand over every new best solution that breaks no rule that PyVRP knows."""

    def __init__(self, told: Told, tell: Tell) -> None:
        self._told, self._tell = told, tell

    def on_best(self, best: Solution) -> None:
        if best.is_feasible():
            self._tell(lambda: _orders(self._told, best))


def _first(told: Told, data: ProblemData, rng: RandomNumberGenerator) -> Solution:
    trips, random = told.trips(), Random(rng.randint(SEEDS))
    vans = [(kind, []) for kind, ids in enumerate(told.vehicles) if kind not in trips for _ in ids]
    if not trips or not vans:
        return Solution.make_random(data, rng)
    for number in range(len(told.problem.requests)):
        ends = (Activity(kind, number) for kind in (ActivityType.PICKUP, ActivityType.DELIVERY))
        random.choice(vans)[1].extend(ends)
    own = [(kind, [Activity(ActivityType.CLIENT, stop) for stop in stops]) for kind, stops in trips.items()]
    routes = [Route(data, activities, kind) for kind, activities in own + vans if activities]
    return Solution(data, routes)


def _orders(told: Told, solution: Solution) -> Orders:
    """Give each route to the next vehicle of its kind."""
    waiting = {kind: iter(ids) for kind, ids in enumerate(told.vehicles)}
    return {
        next(waiting[route.vehicle_type()]): tuple(_task(told, one) for one in route if not one.is_depot())
        for route in solution.routes()
    }


def _task(told: Told, activity: Activity) -> Task:
    if activity.is_client():
        return Task("announced", told.stops[activity.idx].id)
    kind = "pickup" if activity.is_pickup() else "drop"
    return Task(kind, told.problem.requests[activity.idx].id)
