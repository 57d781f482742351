"""
Hours for an order of visits: the earliest end, then the latest departure that keeps it.

Every solver decides only an order; this module turns it into a route with hours and loads, or says
that no legal hours exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geodata.matrix import Matrix
from routing.plan import PlannedVisit, Route
from routing.problem import FOREVER_S, Load, Problem, Vehicle, Visit, Window
from routing.task import Task

Change = Load


@dataclass(frozen=True)
class Step:
    """Hold a task with the visit it makes and what it changes on board."""

    task: Task
    visit: Visit
    change: Change


def step_of(problem: Problem, vehicle: Vehicle, task: Task) -> Step:
    if task.kind == "announced":
        stop = next(stop for stop in vehicle.announced if stop.id == task.id)
        return Step(task, stop.visit, stop.change)
    request = problem.request(task.id)
    if task.kind == "pickup":
        return Step(task, request.pickup, request.load)
    return Step(task, request.drop, tuple(-amount for amount in request.load))


def schedule_route(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> Route | None:
    """
    Give hours and loads to an order of tasks; ``None`` where no legal hours exist.

    The route ends as early as it can, and leaves as late as that end allows, so that nobody waits
    who could sleep. Where somebody would be on board too long, pickups wait; a longest ride may
    even move the end. Hours are found wherever there are any.
    """
    steps = [step_of(problem, vehicle, task) for task in tasks]
    loads = _loads(problem, vehicle, steps)
    if loads is None or not _driving_allowed(problem.matrix, vehicle, steps):
        return None
    hours = _hours(problem.matrix, vehicle, steps, ())
    rides = _rides(problem, vehicle, steps)
    if hours is not None and _too_long(rides, hours.begins):
        hours = _hours(problem.matrix, vehicle, steps, rides)
    if hours is None:
        return None
    return _route(problem.matrix, vehicle, steps, hours.begins, loads, hours.leaves_s)


def handling_s(visit: Visit, place_before: int) -> int:
    """Return the seconds at a visit: setting up is spent only when the vehicle came from elsewhere."""
    return visit.service_s if visit.place == place_before else visit.setup_s + visit.service_s


def earliest_in(windows: Sequence[Window], moment_s: int) -> int | None:
    """Return the first moment from ``moment_s`` on that lies in a window, or ``None``."""
    for window in windows:
        if moment_s <= window.closes_s:
            return max(moment_s, window.opens_s)
    return None


def latest_in(windows: Sequence[Window], moment_s: int) -> int:
    """Return the last moment up to ``moment_s`` that lies in a window, or a moment before all time."""
    for window in reversed(windows):
        if moment_s >= window.opens_s:
            return min(moment_s, window.closes_s)
    return -FOREVER_S


def begin_earliest(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], leaves_s: int, not_before: Sequence[int] = ()
) -> list[int] | None:
    """
    Begin each visit as early as it can be; ``None`` where a window or the shift is missed.

    ``not_before`` may hold a further bound for each step.
    """
    place, moment_s, begins = vehicle.start, leaves_s, []
    for index, step in enumerate(steps):
        ready_s = moment_s + matrix.seconds[place][step.visit.place]
        if not_before:
            ready_s = max(ready_s, not_before[index])
        begin_s = earliest_in(step.visit.windows, ready_s)
        if begin_s is None:
            return None
        begins.append(begin_s)
        moment_s = begin_s + handling_s(step.visit, place)
        place = step.visit.place
    home_s = moment_s if vehicle.end is None else moment_s + matrix.seconds[place][vehicle.end]
    return begins if home_s <= vehicle.shift.closes_s else None


def latest_leaves(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], ends_s: int, not_after: Sequence[int] = ()
) -> tuple[list[int], list[int]]:
    """
    Begin each visit as late as can be, so that the route still ends by ``ends_s``.

    ``not_after`` may hold a further bound for each begin. Returns, for each step, the latest begin
    and the latest moment to leave it.
    """
    begins, leaves = [0] * len(steps), [0] * len(steps)
    place_after, must_arrive_s = vehicle.end, ends_s
    for index in range(len(steps) - 1, -1, -1):
        visit = steps[index].visit
        drive_s = 0 if place_after is None else matrix.seconds[visit.place][place_after]
        before = steps[index - 1].visit.place if index else vehicle.start
        leaves[index] = must_arrive_s - drive_s
        must_begin_s = leaves[index] - handling_s(visit, before)
        if not_after:
            must_begin_s = min(must_begin_s, not_after[index])
        begins[index] = latest_in(visit.windows, must_begin_s)
        place_after, must_arrive_s = visit.place, begins[index]
    return begins, leaves


@dataclass(frozen=True)
class _Hours:
    """Hold when the route leaves its start and when each visit begins."""

    leaves_s: int
    begins: list[int]


@dataclass(frozen=True)
class _Ride:
    """Hold two steps, pickup and drop, and the most seconds from the begin of one to that of the other."""

    pickup: int
    drop: int
    longest_s: int


def _hours(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[_Ride]) -> _Hours | None:
    """End as early as the rides allow, leave as late as that end allows, then begin each visit at once."""
    if any(_way_s(matrix, vehicle, steps, ride) > ride.longest_s for ride in rides):
        return None  # Even without waiting. It also makes sure that the two searches below come to an end.
    earliest = _earliest(matrix, vehicle, steps, rides, vehicle.shift.opens_s)
    if earliest is None:
        return None
    latest = _latest(matrix, vehicle, steps, rides, _end_s(matrix, vehicle, steps, earliest))
    leaves_s = _leave_for(matrix, vehicle, steps, latest)
    prompt = _earliest(matrix, vehicle, steps, rides, leaves_s)
    return None if prompt is None else _Hours(leaves_s, prompt)


def _earliest(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[_Ride], leaves_s: int
) -> list[int] | None:
    """
    Begin each visit as early as windows and rides allow.

    A pickup waits until its drop, at its earliest, is near enough, and so on until nothing moves.
    What must move is moved no farther than it must, so the hours are the earliest of all legal ones.
    """
    not_before = [-FOREVER_S] * len(steps) if rides else []
    while True:
        begins = begin_earliest(matrix, vehicle, steps, leaves_s, not_before)
        late = () if begins is None else _too_long(rides, begins)
        if begins is None or not late:
            return begins
        for ride in late:
            not_before[ride.pickup] = max(not_before[ride.pickup], begins[ride.drop] - ride.longest_s)


def _latest(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[_Ride], ends_s: int
) -> list[int]:
    """Begin each visit as late as windows, rides and the end allow: the mirror of ``_earliest``."""
    not_after = [ends_s] * len(steps) if rides else []
    while True:
        begins = latest_leaves(matrix, vehicle, steps, ends_s, not_after)[0]
        late = _too_long(rides, begins)
        if not late:
            return begins
        for ride in late:
            not_after[ride.drop] = min(not_after[ride.drop], begins[ride.pickup] + ride.longest_s)


def _rides(problem: Problem, vehicle: Vehicle, steps: Sequence[Step]) -> tuple[_Ride, ...]:
    rides: list[_Ride] = []
    boarded: dict[str, tuple[int, int]] = {}
    for index, step in enumerate(steps):
        if step.task.kind == "pickup":
            before = steps[index - 1].visit.place if index else vehicle.start
            boarded[step.task.id] = (index, handling_s(step.visit, before))
        elif step.task.kind == "drop" and step.task.id in boarded:
            limit_s = problem.request(step.task.id).longest_ride_s
            pickup, loading_s = boarded[step.task.id]
            if limit_s is not None:
                rides.append(_Ride(pickup, index, loading_s + limit_s))
    return tuple(rides)


def _too_long(rides: Sequence[_Ride], begins: Sequence[int]) -> tuple[_Ride, ...]:
    return tuple(ride for ride in rides if begins[ride.drop] - begins[ride.pickup] > ride.longest_s)


def _way_s(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], ride: _Ride) -> int:
    """Return the seconds from the begin of the pickup to that of the drop if nobody waits between."""
    places = [vehicle.start, *(step.visit.place for step in steps)]
    return sum(
        handling_s(steps[at].visit, places[at]) + matrix.seconds[places[at + 1]][places[at + 2]]
        for at in range(ride.pickup, ride.drop)
    )


def _end_s(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], begins: Sequence[int]) -> int:
    if not steps:
        drive_s = 0 if vehicle.end is None else matrix.seconds[vehicle.start][vehicle.end]
        return vehicle.shift.opens_s + drive_s
    before = steps[-2].visit.place if len(steps) > 1 else vehicle.start
    leaves_s = begins[-1] + handling_s(steps[-1].visit, before)
    place = steps[-1].visit.place
    return leaves_s if vehicle.end is None else leaves_s + matrix.seconds[place][vehicle.end]


def _leave_for(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], begins: Sequence[int]) -> int:
    if not steps:
        return vehicle.shift.opens_s
    drive_s = matrix.seconds[vehicle.start][steps[0].visit.place]
    return min(max(vehicle.shift.opens_s, begins[0] - drive_s), vehicle.shift.closes_s)


def _loads(problem: Problem, vehicle: Vehicle, steps: Sequence[Step]) -> list[Load] | None:
    load = vehicle.load_at_start(len(problem.dimensions))
    loads = [load]
    for step in steps:
        load = tuple(a + b for a, b in zip(load, step.change, strict=True))
        if any(amount < 0 or amount > room for amount, room in zip(load, vehicle.capacity, strict=True)):
            return None
        loads.append(load)
    return loads


def _way(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step]) -> tuple[int, int]:
    places = [vehicle.start, *(step.visit.place for step in steps)]
    if vehicle.end is not None:
        places.append(vehicle.end)
    pairs = list(pairwise(places))
    return (
        sum(matrix.seconds[a][b] for a, b in pairs),
        sum(matrix.metres[a][b] for a, b in pairs),
    )


def _driving_allowed(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step]) -> bool:
    drive_s, distance_m = _way(matrix, vehicle, steps)
    return (vehicle.longest_drive_s is None or drive_s <= vehicle.longest_drive_s) and (
        vehicle.longest_m is None or distance_m <= vehicle.longest_m
    )


def _route(
    matrix: Matrix,
    vehicle: Vehicle,
    steps: Sequence[Step],
    begins: Sequence[int],
    loads: Sequence[Load],
    leaves_s: int,
) -> Route:
    visits: list[PlannedVisit] = []
    place, moment_s = vehicle.start, leaves_s
    for step, begin_s, load in zip(steps, begins, loads[1:], strict=True):
        arrives_s = moment_s + matrix.seconds[place][step.visit.place]
        moment_s = begin_s + handling_s(step.visit, place)
        place = step.visit.place
        visits.append(PlannedVisit(step.task, place, arrives_s, begin_s, moment_s, load))
    drive_s, distance_m = _way(matrix, vehicle, steps)
    ends_s = moment_s if vehicle.end is None else moment_s + matrix.seconds[place][vehicle.end]
    return Route(vehicle.id, leaves_s, ends_s, loads[0], drive_s, distance_m, tuple(visits))
