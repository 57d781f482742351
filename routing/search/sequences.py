"""Between plans and the search's arrays: routes put in, orders of visits taken out."""

import numpy as np

from routing.plan import Plan
from routing.problem import Problem
from routing.search.ground import Ground, Whole, visit_numbers
from routing.search.slots import price_route
from routing.search.tours import BOOK, LENGTH, VERSIONS, Tours, write_route
from routing.task import Task

Sequences = dict[str, tuple[Task, ...]]
"""The visits of each vehicle that moves, in order, by the vehicle's id."""


def put_routes(problem: Problem, ground: Ground, tours: Tours, plan: Plan) -> None:
    """Write the routes of a legal plan into the arrays."""
    numbers = visit_numbers(problem)
    index = {vehicle.id: at for at, vehicle in enumerate(problem.vehicles)}
    chosen = [
        (
            index[route.vehicle],
            np.array(
                [numbers[route.vehicle if task.kind == "announced" else "", task] for task in route.tasks],
                dtype=np.int64,
            ),
        )
        for route in plan.routes
    ]
    put_orders(ground, tours, chosen)


def put_orders(ground: Ground, tours: Tours, chosen: list[tuple[int, Whole]]) -> None:
    """Write the visits of some vehicles into the arrays; the others stand still."""
    requests = len(tours.owner)
    tours.owner[:] = -1
    tours.route[:, LENGTH] = 0
    for v, order in chosen:
        tours.order[v, : len(order)] = order
        tours.route[v, LENGTH] = len(order)
        tours.owner[order[order < 2 * requests] // 2] = v
    for v in range(len(tours.route)):
        tours.scratch[BOOK, VERSIONS] += 1
        write_route(ground, tours, v, tours.scratch[BOOK, VERSIONS])
        price_route(ground, tours, v)


def routes_of(problem: Problem, tours: Tours) -> Sequences:
    """Read the orders of visits."""
    tasks = {number: task for (_, task), number in visit_numbers(problem).items()}
    found: Sequences = {}
    for v, vehicle in enumerate(problem.vehicles):
        length = int(tours.route[v, LENGTH])
        if length:
            found[vehicle.id] = tuple(tasks[int(visit)] for visit in tours.order[v, :length])
    return found
