"""
Every order of stops: the cheapest way of a trip with each set of a few further shipments.

One walk finds them all. A beginning is known by which visits are done and where it stands; of several that
have done the same, one that is no better than another in hour, time spent, latest departure and way is
dropped: whatever follows one of them may follow the other. What was promised keeps its order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pooling.award import TripBook
from pooling.legs import Amounts, amounts_of
from pooling.shipment import Shipment
from routing.cost import driving_cents
from routing.hours import Step
from routing.problem import Request
from routing.schedule import step_of
from routing.task import Task

BEGINNINGS_LIMIT = 150_000
"""After so many beginnings it is given up: seconds of work."""

ROUNDED_S = 1
"""By so much a way of whole seconds may be longer than the same in two parts."""


class Node(NamedTuple):
    """Hold a visit: where, its window, its handling and the parking before, what it changes on board."""

    task: Task
    place: int
    opens_s: int
    closes_s: int
    setup_s: int
    service_s: int
    change: tuple[int, ...]


class _Done(NamedTuple):
    """Hold which promised visits are done, which shipments are collected and handed over, and where it is."""

    promised: int
    collected: int
    handed: int
    on_leg: int  # of those aboard, whose crates were driven on the leg that it is on
    place: int


class _Next(NamedTuple):
    """Hold a visit that may come next, what is done then, whose crates are driven to it, and who gets off."""

    node: Node
    done: _Done
    driven: int
    off: int


class _Beginning(NamedTuple):
    """
    Hold the first visits of a way. Leaving at ``t`` it stands here at ``max(earliest_s, t + busy_s)``.

    ``leave_by_s`` is the last departure that keeps every window so far; ``off`` the load that was driven
    on the leg that it is on, and was handed over there: it took its room all the same.
    """

    earliest_s: int
    busy_s: int
    leave_by_s: int
    distance_m: int
    drive_s: int
    off: Amounts
    node: Node | None
    before: "_Beginning | None"

    def no_better_than(self, other: "_Beginning") -> bool:
        return (
            other.earliest_s <= self.earliest_s
            and other.busy_s <= self.busy_s
            and other.leave_by_s >= self.leave_by_s
            and other.distance_m <= self.distance_m
            and other.drive_s <= self.drive_s
            and all(a <= b for a, b in zip(other.off, self.off, strict=True))
        )


NOTHING: Amounts = (0, 0, 0, 0)

Best = dict[int, tuple[int, _Beginning]]
"""Cents and beginning of the cheapest whole way, by the shipments aboard of it."""


class TooManyOrdersError(Exception):
    """There are more beginnings than can be looked at, or a visit has hours that are not one window."""


def cheapest_orders(
    book: TripBook, shipments: Sequence[Shipment], requests: Sequence[Request]
) -> dict[frozenset[str], tuple[Task, ...]]:
    """
    Return the cheapest legal order of each set of these shipments; a set that cannot ride has none.

    Raises ``TooManyOrdersError``. Grows with 3ⁿ for n shipments, times how often stops can be exchanged.
    """
    return _Walk(book, shipments, requests).orders()


@dataclass
class _Walk:
    book: TripBook
    shipments: Sequence[Shipment]
    requests: Sequence[Request]

    def __post_init__(self) -> None:
        vehicle, matrix = self.book.vehicle, self.book.problem.matrix
        problem = replace(self.book.problem, requests=(*self.book.problem.requests, *self.requests))
        self._node = {task: _node(step_of(problem, vehicle, task)) for task in self._tasks()}
        self._promised = [self._node[task] for task in self.book.route.tasks]
        self._ends = [
            (self._node[Task("pickup", one.id)], self._node[Task("drop", one.id)]) for one in self.requests
        ]
        self._seconds, self._metres = matrix.seconds, matrix.metres
        self._loads = [amounts_of(one.load) for one in self.shipments]
        self._rest = self._drive_home()
        self._left = BEGINNINGS_LIMIT
        self._fits: dict[tuple[int, int], bool] = {}
        self._sums: dict[int, Amounts] = {}
        self._free = [leg.free for leg in self.book.legs]
        announced = [node.task.kind == "announced" for node in self._promised]
        self._leg_at = [sum(announced[:at]) - 1 for at in range(len(announced) + 1)]

    def orders(self) -> dict[frozenset[str], tuple[Task, ...]]:
        vehicle = self.book.vehicle
        start = _Beginning(vehicle.shift.opens_s, 0, vehicle.shift.closes_s, 0, 0, NOTHING, None, None)
        layer: dict[_Done, list[_Beginning]] = {_Done(0, 0, 0, 0, vehicle.start): [start]}
        best: Best = {}
        while layer:
            following: dict[_Done, list[_Beginning]] = {}
            for done, beginnings in layer.items():
                if done.promised == len(self._promised) and done.collected == done.handed:
                    self._end(done, beginnings, best)
                for step in self._next(done):
                    for beginning in beginnings:
                        further = self._further(done, beginning, step)
                        if further is not None:
                            _put(following.setdefault(step.done, []), further)
            self._left -= sum(map(len, following.values()))
            if self._left < 0:
                raise TooManyOrdersError
            layer = following
        return {self._names(mask): _tasks_of(beginning) for mask, (_, beginning) in best.items() if mask}

    def _next(self, done: _Done) -> Iterator[_Next]:
        """Yield the visits that may come next, where the van has room."""
        if done.promised < len(self._promised):
            node = self._promised[done.promised]
            after = done._replace(promised=done.promised + 1, place=node.place)
            yield from self._with_room(done, node, after, 0)
        for number, (pickup, drop) in enumerate(self._ends):
            bit = 1 << number
            if done.collected & ~done.handed & bit:
                after = done._replace(handed=done.handed | bit, place=drop.place)
                yield from self._with_room(done, drop, after, bit)
            elif not done.collected & bit:
                after = done._replace(collected=done.collected | bit, place=pickup.place)
                yield from self._with_room(done, pickup, after, 0)

    def _with_room(self, done: _Done, node: Node, after: _Done, off: int) -> Iterator[_Next]:
        if not self._aboard_fits(after):
            return
        driven = 0
        if self.book.legs:
            driven = done.on_leg | (done.collected & ~done.handed if node.place != done.place else 0)
        on_leg = 0 if node.task.kind == "announced" else driven & ~off
        yield _Next(node, after._replace(on_leg=on_leg), driven, driven & off)

    def _further(self, done: _Done, before: _Beginning, step: _Next) -> _Beginning | None:
        """Go on with one more visit; ``None`` where no departure keeps its hours, or it gets too long."""
        node, vehicle = step.node, self.book.vehicle
        drive_s = self._seconds[done.place][node.place]
        handling_s = node.service_s + (0 if done.place == node.place else node.setup_s)
        ready_s, way_s = before.earliest_s + drive_s, before.busy_s + drive_s
        leave_by_s = min(before.leave_by_s, node.closes_s - way_s)
        driven_s = before.drive_s + drive_s
        distance_m = before.distance_m + self._metres[done.place][node.place]
        if ready_s > node.closes_s or leave_by_s < vehicle.shift.opens_s:
            return None
        if not self._way_allowed(step.done, driven_s, distance_m):
            return None
        off = self._off(done.promised, before.off, step)
        if off is None:
            return None
        ends_s = max(ready_s, node.opens_s) + handling_s
        return _Beginning(ends_s, way_s + handling_s, leave_by_s, distance_m, driven_s, off, node, before)

    def _way_allowed(self, done: _Done, drive_s: int, distance_m: int) -> bool:
        """Judge the driving with what is still to come of the promised visits at the least."""
        vehicle = self.book.vehicle
        if vehicle.longest_m is not None and distance_m > vehicle.longest_m:
            return False
        if vehicle.longest_drive_s is None:
            return True
        onward, rest_s = self._rest[done.promised]
        rest_s += self._seconds[done.place][onward] - ROUNDED_S * (len(self._promised) + 1)
        return drive_s + max(0, rest_s) <= vehicle.longest_drive_s

    def _off(self, promised: int, off: Amounts, step: _Next) -> Amounts | None:
        """Return what got off on the leg by then; ``None`` where the leg has no room for all driven on it."""
        if not step.driven:
            return NOTHING if step.node.task.kind == "announced" else off
        leg = self._leg_at[promised]
        if not 0 <= leg < len(self.book.legs):
            return None
        if any(a + b > c for a, b, c in zip(off, self._sum(step.driven), self._free[leg], strict=True)):
            return None
        if step.node.task.kind == "announced":
            return NOTHING
        return _plus(off, self._sum(step.off)) if step.off else off

    def _end(self, done: _Done, beginnings: Iterable[_Beginning], best: Best) -> None:
        """Drive home, and note the way where it is the cheapest with these shipments."""
        vehicle = self.book.vehicle
        home = done.place if vehicle.end is None else vehicle.end
        home_s, home_m = self._seconds[done.place][home], self._metres[done.place][home]
        for one in beginnings:
            ends_s, busy_s = one.earliest_s + home_s, one.busy_s + home_s
            too_long = vehicle.longest_drive_s is not None and one.drive_s + home_s > vehicle.longest_drive_s
            too_far = vehicle.longest_m is not None and one.distance_m + home_m > vehicle.longest_m
            if ends_s > vehicle.shift.closes_s or too_long or too_far:
                continue
            duration_s = max(busy_s, ends_s - one.leave_by_s)
            cents = driving_cents(vehicle, one.distance_m + home_m, duration_s)
            if done.collected not in best or cents < best[done.collected][0]:
                best[done.collected] = (cents, one)

    def _drive_home(self) -> list[tuple[int, int]]:
        """Return by the number of promised visits done where the next is, and how far the end is from it."""
        vehicle = self.book.vehicle
        last = self._promised[-1].place if self._promised else vehicle.start
        rest = [(last if vehicle.end is None else vehicle.end, 0)]
        for node in reversed(self._promised):
            onward, seconds = rest[-1]
            rest.append((node.place, self._seconds[node.place][onward] + seconds))
        return rest[::-1]

    def _aboard_fits(self, done: _Done) -> bool:
        """Tell whether the van itself has room for who is aboard, beside what was promised by then."""
        key = (done.promised, done.collected & ~done.handed)
        if key not in self._fits:
            vehicle, problem = self.book.vehicle, self.book.problem
            aboard = [pickup for number, (pickup, _) in enumerate(self._ends) if key[1] >> number & 1]
            load = vehicle.load_at_start(len(problem.dimensions))
            for node in (*self._promised[: done.promised], *aboard):
                load = tuple(a + b for a, b in zip(load, node.change, strict=True))
            self._fits[key] = all(amount <= most for amount, most in zip(load, vehicle.capacity, strict=True))
        return self._fits[key]

    def _sum(self, mask: int) -> Amounts:
        """Return the load of some of the shipments together."""
        if mask not in self._sums:
            loads = [load for number, load in enumerate(self._loads) if mask >> number & 1]
            self._sums[mask] = _plus(NOTHING, *loads)
        return self._sums[mask]

    def _names(self, mask: int) -> frozenset[str]:
        return frozenset(one.id for number, one in enumerate(self.shipments) if mask >> number & 1)

    def _tasks(self) -> list[Task]:
        ends = [Task(kind, one.id) for one in self.requests for kind in ("pickup", "drop")]
        return [*self.book.route.tasks, *ends]


def _plus(*amounts: Amounts) -> Amounts:
    ambient, chilled, frozen, kg = map(sum, zip(*amounts, strict=True))
    return ambient, chilled, frozen, kg


def _node(step: Step) -> Node:
    if len(step.visit.windows) != 1:
        raise TooManyOrdersError
    (window,) = step.visit.windows
    visit = step.visit
    return Node(
        step.task, visit.place, window.opens_s, window.closes_s, visit.setup_s, visit.service_s, step.change
    )


def _put(beginnings: list[_Beginning], new: _Beginning) -> None:
    """Keep a beginning beside those that are not as good as it in everything."""
    if not any(new.no_better_than(one) for one in beginnings):
        beginnings[:] = [one for one in beginnings if not one.no_better_than(new)]
        beginnings.append(new)


def _tasks_of(beginning: _Beginning) -> tuple[Task, ...]:
    tasks: list[Task] = []
    one: _Beginning | None = beginning
    while one is not None:
        if one.node is not None:
            tasks.append(one.node.task)
        one = one.before
    return tuple(reversed(tasks))
