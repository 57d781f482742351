"""
VROOM as a peer: each exploration from 0 up to 5 has the whole time, and each that ends in time counts.

That is more than one run of exploration 5 would be given, which often ends late or never. What
VROOM cannot be told, and in which words it is told the rest, stands in ``routing.vroom_engine``.
"""

from importlib.metadata import version

from bench.search_clock import Clock, Tell
from routing.problem import Problem
from routing.vroom_engine import vroom_routes

VERSION = f"pyvroom {version('pyvroom')}"
EXPLORATIONS = range(6)


def solve(problem: Problem, clock: Clock, seed: int, tell: Tell) -> None:  # noqa: ARG001 - it knows no seed
    """Explore deeper and deeper; the process ends with the first exploration that does not end in time."""
    for exploration in EXPLORATIONS:
        clock.start()
        orders = vroom_routes(problem, None, exploration=exploration, seconds=None, threads=1)
        tell(lambda orders=orders: orders)
