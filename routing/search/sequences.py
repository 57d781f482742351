"""Between plans and the search's arrays: routes put in, orders of visits taken out."""

from routing.plan import Plan
from routing.problem import Problem
from routing.search.ground import Ground, visit_numbers
from routing.search.slots import price_route
from routing.search.tours import BOOK, LENGTH, VERSIONS, Tours, write_route
from routing.task import Task

Sequences = dict[str, tuple[Task, ...]]
"""The visits of each vehicle that moves, in order, by the vehicle's id."""


def put_routes(problem: Problem, ground: Ground, tours: Tours, plan: Plan) -> None:
    """Write the routes of a legal plan into the arrays."""
    numbers = visit_numbers(problem)
    for v, vehicle in enumerate(problem.vehicles):
        route = plan.route(vehicle.id)
        tasks = route.tasks if route else ()
        for at, task in enumerate(tasks):
            visit = numbers[vehicle.id if task.kind == "announced" else "", task]
            tours.order[v, at] = visit
            if visit < 2 * len(problem.requests):
                tours.owner[visit // 2] = v
        tours.route[v, LENGTH] = len(tasks)
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
