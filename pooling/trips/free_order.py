"""
Stops in free order: a trip says where it begins and ends, the search finds the order of what lies between.

The cheapest order that keeps each stop's hours is taken, as its owner counts a kilometre and an hour; the
order that was typed stays where none is cheaper. It is found when a trip is announced or changed, before
anybody rides: what was promised to guests stands on the order that was found then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.ground import Ground
from pooling.market.stands import Block, blocks_of
from pooling.pricing import own_cents_per_km
from pooling.trip import TripStop
from routing.cost import route_cost
from routing.engine import Question, search
from routing.insertion import empty_plan
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle, Visit, Window
from routing.schedule import schedule_route
from routing.task import Task

ITERATIONS = 1_500
"""Of the search, without a clock: the same stops have the same order every time."""

VAN = "van"


class RoomNotOne(Refusal):
    code = "room_not_one"
    reason = "Stops in free order have one room on the whole way; here it differs from leg to leg."
    cure = "Say the least room at every stop, or keep the order of the stops as you write them."


class NoOrderFits(Refusal):
    code = "no_order_fits"
    reason = "No order was found in which the van keeps the hours of all these stops."
    cure = "Give the stops more time, or leave one out."


@dataclass(frozen=True)
class Counting:
    """Hold how the owner counts: whether its van cools, and what an hour is worth to it."""

    refrigerated: bool
    hour_cents: int


def best_order(ground: Ground, stops: Sequence[TripStop], counting: Counting) -> tuple[int, ...]:
    """Return the stops, by their places in what was typed, in the best order; the ends stay the ends."""
    if len({stop.free for stop in stops[:-1]}) > 1:
        raise RoomNotOne
    blocks = blocks_of(stops)
    if len(blocks) < 4:
        return tuple(range(len(stops)))
    problem = _problem(ground, stops, blocks, counting)
    typed = _route(problem, range(1, len(blocks) - 1))
    start = Plan((typed,), ()) if typed else empty_plan(problem)
    found = [typed] if typed else []
    for answer in search(Question(problem, start, 0.0, iterations=ITERATIONS)) if start else ():
        order = [int(task.id) for task in _tasks(answer) if task.kind == "drop"]
        route = _route(problem, order) if len(order) == len(blocks) - 2 else None
        found += [route] if route else []
    if not found:
        raise NoOrderFits
    best = min(found, key=lambda route: route_cost(problem.vehicles[0], route).total_cents)
    between = [int(task.id) for task in best.tasks if task.kind == "drop"]
    made = [blocks[at] for at in (0, *between, len(blocks) - 1)]
    return tuple(at for block in made for at in range(block.first, block.last + 1))


def _tasks(answer: object) -> Sequence[Task]:
    """Return the visits of the van in an answer; none where it stays at home."""
    return answer.get(VAN, ()) if isinstance(answer, dict) else ()


def _problem(
    ground: Ground, stops: Sequence[TripStop], blocks: Sequence[Block], counting: Counting
) -> Problem:
    """Ask for a parcel from where the van begins to each stop between; a stand takes its time."""
    first, last, between = stops[blocks[0].last], stops[blocks[-1].first], blocks[1:-1]
    van = Vehicle(
        id=VAN,
        start=ground.row[first.site],
        end=ground.row[last.site],
        capacity=(len(between),),
        shift=Window(first.hours.opens_s, last.hours.closes_s),
        cents_per_km=own_cents_per_km(refrigerated=counting.refrigerated),
        cents_per_hour=counting.hour_cents,
    )
    begins = Visit(ground.row[first.site], (first.hours,))
    requests = tuple(
        Request(str(number), begins, _visit(ground, stops, block), (1,))
        for number, block in enumerate(between, start=1)
    )
    return Problem(("parcels",), ground.matrix, (van,), requests)


def _visit(ground: Ground, stops: Sequence[TripStop], block: Block) -> Visit:
    comes, goes = stops[block.first], stops[block.last]
    stands_s = goes.hours.opens_s - comes.hours.opens_s if block.first < block.last else 0
    return Visit(ground.row[comes.site], (comes.hours,), service_s=max(0, stands_s))


def _route(problem: Problem, order: Sequence[int]) -> Route | None:
    """Return the hours of one order: all is loaded where the van begins."""
    loaded = [Task("pickup", str(number)) for number in sorted(order)]
    return schedule_route(problem, problem.vehicles[0], [*loaded, *(Task("drop", str(n)) for n in order)])
