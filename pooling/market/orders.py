"""
Every order of stops: the cheapest way of a trip with each set of a few further shipments.

One walk finds them all. A beginning is known by which visits are done and where it stands; of several that
have done the same, one that is no better than another in hour, time spent, latest departure and way is
dropped: whatever follows one of them may follow the other. What was promised keeps its order.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from pooling.legs import amounts_of
from pooling.market.award import TripBook
from pooling.shipment import Shipment
from routing.problem import Problem, Request
from routing.search.ground import PLACE, WINDOWS, Flags, Ground, Whole, ground_of, visit_numbers
from routing.search.orders import AMOUNTS, BITS, WHOLE, Walk, new_space, order_of, walked
from routing.task import Task

BEGINNINGS_LIMIT = 500_000
"""After so many beginnings it is given up: about a second of work."""


class TooManyOrdersError(Exception):
    """There are more beginnings than can be looked at, or a visit has hours that are not one window."""


def cheapest_orders(
    book: TripBook, shipments: Sequence[Shipment], requests: Sequence[Request], most: int = BEGINNINGS_LIMIT
) -> dict[frozenset[str], tuple[Task, ...]]:
    """
    Return the cheapest legal order of each set of these shipments; a set that cannot ride has none.

    Raises ``TooManyOrdersError``. Grows with 3ⁿ for n shipments, times how often stops can be exchanged.
    """
    problem = book.problem.narrowed((book.vehicle,), (*requests, *book.problem.requests))
    numbers = {task: number for (_, task), number in visit_numbers(problem).items()}
    promised = [numbers[task] for task in book.route.tasks]
    asked = [numbers[Task(kind, one.id)] for one in requests for kind in ("pickup", "drop")]
    ground = ground_of(problem)
    one_window = all(ground.visit[number, WINDOWS] == 1 for number in (*promised, *asked))
    if not one_window or len(requests) > BITS:
        raise TooManyOrdersError
    space = new_space(len(requests), most)
    walk = _walk(book, problem, ground, promised, shipments)
    if walked(ground, walk, space, len(requests), most) < 0:
        raise TooManyOrdersError
    tasks = {number: task for task, number in numbers.items()}
    return {
        frozenset(one.id for number, one in enumerate(shipments) if mask >> number & 1): tuple(
            tasks[int(visit)] for visit in order_of(space, int(last))
        )
        for mask, last in enumerate(space.best[:, WHOLE])
        if mask and last >= 0
    }


def _walk(
    book: TripBook, problem: Problem, ground: Ground, promised: Sequence[int], shipments: Sequence[Shipment]
) -> Walk:
    announced = [task.kind == "announced" for task in book.route.tasks]
    free = [leg.free for leg in book.legs]
    return Walk(
        promised=_whole(promised),
        announced=np.array(announced, dtype=np.bool_),
        fits=_fits(book, ground, promised, len(shipments)),
        load=_sums(_whole([amounts_of(one.load) for one in shipments]).reshape(-1, AMOUNTS)),
        leg=_whole([stops - 1 for stops in accumulate(announced, initial=0)]),
        free=_whole(free).reshape(-1, AMOUNTS),
        onward=_whole(_drive_home(book, problem, [int(at) for at in ground.visit[promised, PLACE]])),
    )


def _fits(book: TripBook, ground: Ground, promised: Sequence[int], shipments: int) -> Flags:
    """Tell by the promised visits done, and by who is aboard besides, whether the van itself has room."""
    at_start = _whole(book.vehicle.load_at_start(ground.change.shape[1]))
    own = np.cumsum(np.vstack([at_start, ground.change[promised]]), axis=0)
    aboard = _sums(ground.change[: 2 * shipments : 2])
    over = own[:, None] + aboard[None] > _whole(book.vehicle.capacity)
    room: Flags = np.equal(over.sum(axis=2), 0)
    return room


def _sums(loads: Whole) -> Whole:
    """Return the load of each set of these, by the bits of who is in it."""
    sums = np.zeros((1 << len(loads), loads.shape[1]), dtype=np.int64)
    for number, load in enumerate(loads):
        sums[1 << number : 2 << number] = sums[: 1 << number] + load
    return sums


def _drive_home(book: TripBook, problem: Problem, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return by the number of promised visits done where the next is, and how far the end is from it."""
    vehicle, seconds = book.vehicle, problem.matrix.seconds
    last = places[-1] if places else vehicle.start
    rest = [(last if vehicle.end is None else vehicle.end, 0)]
    for place in reversed(places):
        onward, rest_s = rest[-1]
        rest.append((place, seconds[place][onward] + rest_s))
    return rest[::-1]


def _whole(rows: object) -> Whole:
    return np.array(rows, dtype=np.int64)
