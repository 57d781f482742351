"""
A problem as arrays: what the compiled search reads and never writes.

Visits are numbered: request ``q`` is picked up by visit ``2q`` and dropped by visit ``2q + 1``; the
announced stops of all vehicles follow. The columns of ``visit`` and ``vehicle`` are named below.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.plan import Plan
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem
from routing.task import Task
from routing.vehicle import Vehicle
from routing.visit import FOREVER_S, Visit

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SECONDS, METRES = range(2)
"""Planes of ``way``."""

PLACE, SERVICE, SETUP, LEAST, CLOSES, WINDOWS, FIRST_OPENS, FIRST_CLOSES = range(8)
"""Columns of ``visit``: place, seconds of handling, last closing, how many windows; the hours of each follow.

``LEAST`` is what it adds to a route's handling at least: less than its service where another visit at its
place takes longer to set up, which is not spent behind it."""

START, END, OPENS, SHUTS, DRIVE_LIMIT, METRES_LIMIT, TIME_LIMIT = range(7)
FIXED, PER_KM, PER_HOUR, PER_STOP, TWIN, HEAD, WEIGHED, ROOM = range(7, 15)
"""Columns of ``vehicle``; ``END`` is -1 where the end is open. ``WEIGHED`` tells that hours have a price or
a limit.

From ``ROOM`` on stand, for each dimension, its room and what it carries at first."""

PRIZE, RIDE, GOODS, FOES, LEADER, MATE, PINNED, KINDS, SAVES_M, SAVES_S = range(10)
"""Columns of ``request``. Mates of a bundle name each other in a ring, and all name the same leader.

``PINNED`` is 1 where the pickup is locked to a vehicle, 2 where the drop is so too; then it is no mate.

``KINDS`` is how many kinds of goods the problem keeps apart, the same for all. ``SAVES_M`` and ``SAVES_S``
are the most metres, and seconds, by which the way between two places is longer than that by the drop's."""

SHORTCUTS_UP_TO = 40
"""Of so many requests what a drop may save is counted; of more it is taken for nothing."""

MUST_CENTS = 10**12
"""The prize of what must be carried: a hundred times the most that a prize or a vehicle's start may be."""

NEIGHBOURS = 300
"""So many visits are kept as neighbours of each."""

UNLIMITED = 10**15


class Ground(NamedTuple):
    """
    Hold the arrays of a problem of P places, Q requests, N visits, V vehicles and K dimensions.

    ``way`` is 2 × P × P; ``goods`` and ``foes`` of a request are sets of kinds as bits; ``near`` lists for
    each visit of a request those around it. They are few, since compiled functions hand on each of them.
    """

    way: npt.NDArray[np.int32]
    visit: Whole
    change: Whole
    vehicle: Whole
    request: Whole
    allowed: Flags
    near: npt.NDArray[np.int32]


def ground_of(problem: Problem) -> Ground:
    """Lay a problem out as arrays. O(V · Q + N · neighbours), and O(N · P) for who is near whom."""
    visits, changes = _visits(problem)
    places = np.array([visit.place for visit in visits], dtype=np.int64)
    return Ground(
        way=np.stack([problem.matrix.durations_s, problem.matrix.distances_m]).astype(np.int32),
        visit=_visit_table(visits),
        change=_table(changes, len(problem.dimensions)),
        vehicle=_table(_vehicle_rows(problem), ROOM + 2 * len(problem.dimensions)),
        request=_request_table(problem, places),
        allowed=_allowed(problem),
        near=_near(problem, places[: 2 * len(problem.requests)]),
    )


def visit_numbers(problem: Problem) -> dict[tuple[str, Task], int]:
    """Number every task; an announced stop is named within its vehicle only, others without one."""
    numbers: dict[tuple[str, Task], int] = {}
    for at, request in enumerate(problem.requests):
        numbers["", Task("pickup", request.id)] = 2 * at
        numbers["", Task("drop", request.id)] = 2 * at + 1
    following = 2 * len(problem.requests)
    for vehicle in problem.vehicles:
        for stop in vehicle.announced:
            numbers[vehicle.id, Task("announced", stop.id)] = following
            following += 1
    return numbers


def longest_route(problem: Problem, start: Plan) -> int:
    """Return how many visits a route can have at all: what it has at the start may be above the limit."""
    announced = max((len(vehicle.announced) for vehicle in problem.vehicles), default=0)
    usual = min(2 * len(problem.requests) + announced, STOPS_PER_ROUTE_LIMIT)
    return max(usual, *(len(route.visits) for route in start.routes), 0)


def _visits(problem: Problem) -> tuple[list[Visit], list[tuple[int, ...]]]:
    visits: list[Visit] = []
    changes: list[tuple[int, ...]] = []
    for request in problem.requests:
        visits += [request.pickup, request.drop]
        changes += [request.load, tuple(-amount for amount in request.load)]
    for vehicle in problem.vehicles:
        visits += [stop.visit for stop in vehicle.announced]
        changes += [stop.change for stop in vehicle.announced]
    return visits, changes


def _visit_table(visits: list[Visit]) -> Whole:
    most = max((len(visit.windows) for visit in visits), default=1)
    slowest: dict[int, int] = {}
    for visit in visits:
        slowest[visit.place] = max(visit.setup_s, slowest.get(visit.place, 0))
    table = np.full((len(visits), FIRST_OPENS + 2 * most), FOREVER_S, dtype=np.int64)
    for row, visit in zip(table, visits, strict=True):
        row[PLACE], row[SERVICE], row[SETUP] = visit.place, visit.service_s, visit.setup_s
        row[LEAST] = visit.service_s + visit.setup_s - slowest[visit.place]
        row[CLOSES], row[WINDOWS] = min(visit.windows[-1].closes_s, UNLIMITED), len(visit.windows)
        hours = [min(at, UNLIMITED) for window in visit.windows for at in (window.opens_s, window.closes_s)]
        row[FIRST_OPENS : FIRST_OPENS + len(hours)] = hours
    return table


def _vehicle_rows(problem: Problem) -> Iterator[tuple[int, ...]]:
    index = {vehicle.id: at for at, vehicle in enumerate(problem.vehicles)}
    named = any(request.vehicles is not None for request in problem.requests)
    riders = any(request.longest_ride_s is not None for request in problem.requests)
    for vehicle in problem.vehicles:
        twin = index[vehicle.id if named else problem.first_twin[vehicle.id]]
        own = vehicle.load_at_start(len(problem.dimensions))
        room = (amount for pair in zip(vehicle.capacity, own, strict=True) for amount in pair)
        yield (*_vehicle_row(vehicle, twin, riders=riders), *room)


def _vehicle_row(vehicle: Vehicle, twin: int, *, riders: bool) -> tuple[int, ...]:
    weighed = riders or vehicle.longest_s is not None or vehicle.cents_per_hour or vehicle.cents_per_stop
    return (
        vehicle.start,
        -1 if vehicle.end is None else vehicle.end,
        vehicle.shift.opens_s,
        min(vehicle.shift.closes_s, UNLIMITED),
        _limit(vehicle.longest_drive_s),
        _limit(vehicle.longest_m),
        _limit(vehicle.longest_s),
        vehicle.fixed_cents,
        vehicle.cents_per_km,
        vehicle.cents_per_hour,
        vehicle.cents_per_stop,
        twin,
        len(vehicle.head),
        int(bool(weighed)),
    )


def _limit(value: int | None) -> int:
    return UNLIMITED if value is None else min(value, UNLIMITED)


def _allowed(problem: Problem) -> Flags:
    skills = {frozenset(request.skills) for request in problem.requests}
    able = {wanted: np.array([wanted <= vehicle.skills for vehicle in problem.vehicles]) for wanted in skills}
    allowed = np.zeros((len(problem.vehicles), len(problem.requests)), dtype=np.bool_)
    for at, request in enumerate(problem.requests):
        allowed[:, at] = able[frozenset(request.skills)]
        if request.vehicles is not None:
            allowed[:, at] &= [vehicle.id in request.vehicles for vehicle in problem.vehicles]
    index = {request.id: at for at, request in enumerate(problem.requests)}
    for v, vehicle in enumerate(problem.vehicles):
        for task in vehicle.head:
            if task.kind == "pickup":
                allowed[:v, index[task.id]] = allowed[v + 1 :, index[task.id]] = False
                for mate in problem.bundles.get(problem.request(task.id).bundle or "", ()):
                    allowed[:v, index[mate]] = allowed[v + 1 :, index[mate]] = False
    return allowed


def _request_table(problem: Problem, places: Whole) -> Whole:
    heads = {task for vehicle in problem.vehicles for task in vehicle.head}
    bits = _foes(problem)
    groups: dict[tuple[bool, str | None], list[int]] = defaultdict(list)
    table = np.zeros((len(problem.requests), SAVES_S + 1), dtype=np.int64)
    for at, (row, request) in enumerate(zip(table, problem.requests, strict=True)):
        row[PRIZE] = MUST_CENTS if request.prize_cents is None else request.prize_cents
        row[RIDE] = -1 if request.longest_ride_s is None else min(request.longest_ride_s, UNLIMITED)
        row[PINNED] = sum(Task(kind, request.id) in heads for kind in ("pickup", "drop"))
        row[KINDS] = len(bits)
        for number, (kind, foes) in enumerate(bits.items()):
            if kind in request.goods:
                row[GOODS] |= 1 << number
                row[FOES] |= foes
        alone = request.bundle is None or row[PINNED]
        groups[(False, request.id) if alone else (True, request.bundle)].append(at)
    for group in groups.values():
        table[group, LEADER] = group[0]
        table[group, MATE] = [*group[1:], group[0]]
    if len(problem.requests) <= SHORTCUTS_UP_TO:
        known = np.unique([*places, *(vehicle.start for vehicle in problem.vehicles), *_ends(problem)])
        for row, request in zip(table, problem.requests, strict=True):
            row[SAVES_M] = _saved(problem.matrix.distances_m, known, request.drop.place)
            row[SAVES_S] = _saved(problem.matrix.durations_s, known, request.drop.place)
    return table


def _saved(way: npt.NDArray[Any], places: Whole, by: int) -> int:
    """Return by how much, at most, the way between two of these places is longer than that by another."""
    detour = way[places, by][:, None] + way[by, places][None, :]
    return max(0, int((way[np.ix_(places, places)] - detour).max()))


def _ends(problem: Problem) -> Iterator[int]:
    return (vehicle.end for vehicle in problem.vehicles if vehicle.end is not None)


def _foes(problem: Problem) -> dict[str, int]:
    """Map each kind of goods that may not meet some other kind to the bits of those it may not meet."""
    kinds = sorted({kind for pair in problem.apart for kind in pair})
    bit = {kind: 1 << at for at, kind in enumerate(kinds)}
    return {
        kind: sum(bit[o] for o in kinds if o != kind and frozenset((kind, o)) in problem.apart)
        for kind in kinds
    }


def _near(problem: Problem, places: Whole) -> npt.NDArray[np.int32]:
    """List for each visit of a request the others by the way there and back, nearest first."""
    count = len(places)
    kept = min(NEIGHBOURS, count)
    near = np.zeros((count, kept), dtype=np.int32)
    if not count:
        return near
    there = problem.matrix.distances_m
    both = there + there.T
    for place in np.unique(places):
        order = np.argsort(both[place][places], kind="stable")[:kept]
        near[places == place] = order
    return near


def _table(rows: Iterable[Iterable[int]], columns: int) -> Whole:
    return np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, columns)
