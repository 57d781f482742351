"""
The hours of an order of visits: the earliest end, then the latest departure that keeps it.

Looks at windows, the shift, longest rides and the longest route; room and driving are judged by
``routing.schedule``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.matrix import Matrix
from routing.problem import FOREVER_S, Load, Vehicle, Visit, Window
from routing.task import Task


@dataclass(frozen=True)
class Step:
    """Hold a task with the visit it makes and what it changes on board."""

    task: Task
    visit: Visit
    change: Load


@dataclass(frozen=True)
class Hours:
    """Hold when the route leaves its start and when each visit begins."""

    leaves_s: int
    begins: list[int]


@dataclass(frozen=True)
class Ride:
    """Hold two steps, pickup and drop, and the most seconds from the begin of one to that of the other."""

    pickup: int
    drop: int
    longest_s: int


def hours_of(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[Ride]) -> Hours | None:
    """
    End as early as can be, leave as late as that end allows, then begin each visit at once.

    Where that takes longer than the longest route, somebody waits for a window, and another window
    closes before a later departure: leaving later moves a visit into its next window. So there are
    no more rounds than windows, and no end is passed over that would do. ``None`` where no hours are
    legal; ``routing.schedule`` has made sure that sheer way and handling are short enough.
    """
    leaves_s = vehicle.shift.opens_s
    while True:
        earliest = _earliest(matrix, vehicle, steps, rides, leaves_s)
        if earliest is None:
            return None
        ends_s = _end_s(matrix, vehicle, steps, earliest)
        leaves_s = _leave_for(matrix, vehicle, steps, _latest(matrix, vehicle, steps, rides, ends_s))
        if vehicle.longest_s is None or ends_s - leaves_s <= vehicle.longest_s:
            break
        leaves_s = ends_s + 1 - vehicle.longest_s  # It cannot but end later now.
    prompt = _earliest(matrix, vehicle, steps, rides, leaves_s)
    return None if prompt is None else Hours(leaves_s, prompt)


def handling_s(visit: Visit, place_before: int) -> int:
    """Return the seconds at a visit: setting up is spent only when the vehicle came from elsewhere."""
    return visit.service_s if visit.place == place_before else visit.setup_s + visit.service_s


def handled_s(vehicle: Vehicle, steps: Sequence[Step]) -> int:
    """Add up the handling of a whole order of visits."""
    places = [vehicle.start, *(step.visit.place for step in steps)]
    return sum(handling_s(step.visit, place) for step, place in zip(steps, places, strict=False))


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


def _earliest(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[Ride], leaves_s: int
) -> list[int] | None:
    """
    Begin each visit as early as windows and rides allow.

    A pickup waits until its drop, at its earliest, is near enough, and so on until nothing moves.
    What must move is moved no farther than it must, so the hours are the earliest of all legal ones.
    """
    not_before = [-FOREVER_S] * len(steps) if rides else []
    while True:
        begins = begin_earliest(matrix, vehicle, steps, leaves_s, not_before)
        late = () if begins is None else too_long(rides, begins)
        if begins is None or not late:
            return begins
        for ride in late:
            not_before[ride.pickup] = max(not_before[ride.pickup], begins[ride.drop] - ride.longest_s)


def _latest(
    matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], rides: Sequence[Ride], ends_s: int
) -> list[int]:
    """Begin each visit as late as windows, rides and the end allow: the mirror of ``_earliest``."""
    not_after = [ends_s] * len(steps) if rides else []
    while True:
        begins = latest_leaves(matrix, vehicle, steps, ends_s, not_after)[0]
        late = too_long(rides, begins)
        if not late:
            return begins
        for ride in late:
            not_after[ride.drop] = min(not_after[ride.drop], begins[ride.pickup] + ride.longest_s)


def too_long(rides: Sequence[Ride], begins: Sequence[int]) -> tuple[Ride, ...]:
    return tuple(ride for ride in rides if begins[ride.drop] - begins[ride.pickup] > ride.longest_s)


def way_s(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step], ride: Ride) -> int:
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
