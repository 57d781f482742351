"""
Small days to the end: of a handful of requests every order is tried that could be the cheapest.

Each vehicle with each set of requests has a cheapest route; the sets are then shared out. A beginning of
a route that already breaks a rule, or costs as much as the best plan known, is not gone on with.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from routing.bundles import Hurried
from routing.committed import must_move
from routing.cost import driving_cents, plan_cents, route_cost
from routing.hours import Step, handling_s
from routing.judge import left_behind
from routing.plan import Plan, Route
from routing.problem import Load, Problem, Vehicle
from routing.schedule import schedule_route, step_of
from routing.slots import may_carry
from routing.task import Task

EXACT_REQUESTS = 4
STEPS_LIMIT = 40_000
"""After so many steps, half a second or so, it is given up."""

FIRST_STEPS = 8_000
"""Before any search, so many: a tenth of a second, less than it takes to start a child."""

STEPS_BETWEEN_LOOKS = 50
"""So often the clock is looked at."""

Aboard = frozenset[str]


class _TooMuchError(Exception):
    """The day has too many orders, or time is up."""


def cheaper_exactly(
    problem: Problem, best: Plan, hurried: Hurried, steps: int = STEPS_LIMIT
) -> tuple[Plan | None, bool]:
    """
    Return a cheapest legal plan, or ``None``, and whether every order was tried that could be cheaper.

    ``None`` and true: nothing is cheaper than the best known. A best plan that leaves behind what must be
    carried may be beaten by a dearer one that does not.
    """
    if len(problem.requests) > EXACT_REQUESTS:
        return None, False
    try:
        found = _Sharing(problem, best, hurried, steps).cheapest()
    except _TooMuchError:
        return None, False
    if found is None:
        return None, True
    served = Plan(found, ()).served
    return Plan(found, tuple(one.id for one in problem.requests if one.id not in served)), True


@dataclass(frozen=True)
class _Shared:
    """Hold the routes of some vehicles: what they cost, and what they are."""

    cents: int
    routes: tuple[Route, ...]


class _Sharing:
    """Shares the requests out among the vehicles, one vehicle after another."""

    def __init__(self, problem: Problem, best: Plan, hurried: Hurried, steps: int) -> None:
        self._problem, self._orders = problem, _Orders(problem, hurried, steps)
        self._ceiling = None if left_behind(problem, best) else plan_cents(problem, best)
        self._known: dict[tuple[str, Aboard], _Shared | None] = {}

    def cheapest(self) -> tuple[Route, ...] | None:
        """Return the routes of a plan that costs less than the ceiling, ``None`` where there are none."""
        shared: dict[Aboard, _Shared] = {frozenset(): _Shared(0, ())}
        for vehicle in self._problem.vehicles:
            further: dict[Aboard, _Shared] = {}
            for served, before in shared.items():
                for aboard in self._offers(vehicle, served):
                    self._orders.tick()
                    room = None if self._ceiling is None else self._ceiling - before.cents
                    found = self._cheapest(vehicle, aboard, room)
                    if found is None:
                        continue
                    both = _Shared(before.cents + found.cents, (*before.routes, *found.routes))
                    other = further.get(served | aboard)
                    if other is None or both.cents < other.cents:
                        further[served | aboard] = both
            shared = further
        plans = [(one.cents + left, one.routes) for one, left in self._whole(shared)]
        least, routes = min(plans, key=lambda plan: plan[0], default=(0, None))
        return None if routes is None or (self._ceiling is not None and least >= self._ceiling) else routes

    def _offers(self, vehicle: Vehicle, served: Aboard) -> Iterator[Aboard]:
        """Yield the sets that a vehicle may carry of what nobody before it does: bundles are whole."""
        locked = frozenset(task.id for task in vehicle.head if task.kind == "pickup")
        free = [
            one.id
            for one in self._problem.requests
            if one.id not in served
            and may_carry(vehicle, one)
            and self._problem.locked_in.get(one.id, vehicle.id) == vehicle.id
        ]
        for bits in range(2 ** len(free)):
            aboard = frozenset(one for at, one in enumerate(free) if bits >> at & 1)
            if locked <= aboard and all(mates <= aboard for mates in self._mates(aboard)):
                yield aboard

    def _mates(self, aboard: Aboard) -> Iterator[Aboard]:
        for one in aboard:
            bundle = self._problem.request(one).bundle
            if bundle is not None:
                yield frozenset(self._problem.bundles[bundle])

    def _cheapest(self, vehicle: Vehicle, aboard: Aboard, room: int | None) -> _Shared | None:
        if not aboard and not must_move(vehicle):
            return _Shared(0, ())
        key = self._problem.first_twin[vehicle.id], aboard
        if key not in self._known:
            route = self._orders.cheapest(vehicle, aboard, self._ceiling)
            cents = 0 if route is None else route_cost(vehicle, route).total_cents
            self._known[key] = None if route is None else _Shared(cents, (route,))
        found = self._known[key]
        if found is None or (room is not None and found.cents >= room):
            return None
        return replace(found, routes=tuple(replace(route, vehicle=vehicle.id) for route in found.routes))

    def _whole(self, shared: dict[Aboard, _Shared]) -> Iterator[tuple[_Shared, int]]:
        """Yield what carries all it must, with the prizes of what it leaves."""
        for served, one in shared.items():
            prizes = [request.prize_cents for request in self._problem.requests if request.id not in served]
            if None not in prizes:
                yield one, sum(prize for prize in prizes if prize is not None)


class _Beginning(NamedTuple):
    """Hold the first visits of a route: where it stands then, and what it took at the very least."""

    tasks: tuple[Task, ...]
    place: int
    clock_s: int
    drive_s: int
    busy_s: int
    distance_m: int
    stops: int
    load: Load


class _Orders:
    """Tries the orders of one vehicle's visits."""

    def __init__(self, problem: Problem, hurried: Hurried, steps: int) -> None:
        self._problem, self._hurried, self._steps_left = problem, hurried, steps
        self._steps: dict[tuple[str, Task], Step] = {}

    def cheapest(self, vehicle: Vehicle, aboard: Aboard, ceiling: int | None) -> Route | None:
        """Return the cheapest legal route that costs less than the ceiling."""
        load = vehicle.load_at_start(len(self._problem.dimensions))
        start: _Beginning | None = _Beginning((), vehicle.start, vehicle.shift.opens_s, 0, 0, 0, 0, load)
        for task in vehicle.head:
            start = None if start is None else self._then(vehicle, start, task)
        best: Route | None = None
        waiting = [] if start is None else [start]
        while waiting:
            beginning = waiting.pop()
            if ceiling is not None and _least_cents(vehicle, beginning) >= ceiling:
                continue
            following = self._following(vehicle, aboard, beginning)
            if following:
                tried = (self._then(vehicle, beginning, task) for task in following)
                waiting += [one for one in tried if one is not None]
                continue
            route = schedule_route(self._problem, vehicle, beginning.tasks)
            if route is not None:
                cents = route_cost(vehicle, route).total_cents
                if ceiling is None or cents < ceiling:
                    best, ceiling = route, cents
        return best

    def _following(self, vehicle: Vehicle, aboard: Aboard, beginning: _Beginning) -> list[Task]:
        """List what may come next: anything to pick up, to drop, and the next announced stop."""
        done = set(beginning.tasks)
        ends = [next((t for t in _ends(one) if t not in done), None) for one in sorted(aboard)]
        stops = [task for one in vehicle.announced if (task := Task("announced", one.id)) not in done]
        return [*(task for task in ends if task is not None), *stops[:1]]

    def _then(self, vehicle: Vehicle, before: _Beginning, task: Task) -> _Beginning | None:
        """Go on with one more visit, as early as can be; ``None`` where that breaks a rule already."""
        self.tick()
        step = self._step(vehicle, task)
        visit, matrix = step.visit, self._problem.matrix
        drive_s = matrix.seconds[before.place][visit.place]
        ready_s = before.clock_s + drive_s
        begins_s = next((max(ready_s, w.opens_s) for w in visit.windows if w.closes_s >= ready_s), None)
        if begins_s is None:
            return None
        handled_s = handling_s(visit, before.place)
        halts = before.stops + (not before.tasks or visit.place != before.place)
        after = _Beginning(
            (*before.tasks, task),
            visit.place,
            begins_s + handled_s,
            before.drive_s + drive_s,
            before.busy_s + drive_s + handled_s,
            before.distance_m + matrix.metres[before.place][visit.place],
            halts,
            tuple(a + b for a, b in zip(before.load, step.change, strict=True)),
        )
        return after if _may_go_on(vehicle, after) else None

    def tick(self) -> None:
        """Count one more step; raise ``_TooMuchError`` where there were too many, or time is up."""
        self._steps_left -= 1
        if self._steps_left < 0 or (self._steps_left % STEPS_BETWEEN_LOOKS == 0 and self._hurried()):
            raise _TooMuchError

    def _step(self, vehicle: Vehicle, task: Task) -> Step:
        key = vehicle.id if task.kind == "announced" else "", task
        if key not in self._steps:
            self._steps[key] = step_of(self._problem, vehicle, task)
        return self._steps[key]


def _ends(request_id: str) -> tuple[Task, Task]:
    return Task("pickup", request_id), Task("drop", request_id)


def _may_go_on(vehicle: Vehicle, begun: _Beginning) -> bool:
    return (
        begun.clock_s <= vehicle.shift.closes_s
        and all(0 <= amount <= room for amount, room in zip(begun.load, vehicle.capacity, strict=True))
        and (vehicle.longest_drive_s is None or begun.drive_s <= vehicle.longest_drive_s)
        and (vehicle.longest_m is None or begun.distance_m <= vehicle.longest_m)
        and (vehicle.longest_s is None or begun.busy_s <= vehicle.longest_s)
    )


def _least_cents(vehicle: Vehicle, begun: _Beginning) -> int:
    """Return what a route that begins so costs at the least."""
    way = driving_cents(vehicle, begun.distance_m, begun.busy_s)
    return vehicle.fixed_cents + way + begun.stops * vehicle.cents_per_stop
