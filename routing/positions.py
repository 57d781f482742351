"""
Where two more visits may stand in a route: the legal pairs of positions, each with the least it can cost.

Room, goods apart, hours and limits are tried here without scheduling the whole route; what is left is
few. Nothing goes in before the end of a vehicle's head. A search of the market asks some forty times, so
that nothing is reckoned here before a pair needs it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import add, gt, sub

from routing.cost import driving_cents, stop_count
from routing.hours import Step, begin_earliest, earliest_in, handling_s, latest_leaves
from routing.plan import Route
from routing.problem import Problem, Request, Vehicle, Visit
from routing.schedule import step_of


def bounded_pairs(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Iterator[tuple[int, int, int]]:
    """Yield the legal pairs within the limits, each behind the least that its route can cost."""
    tasks = route.tasks if route else ()
    steps = [step_of(problem, vehicle, task) for task in tasks]
    pairs = list(_legal_pairs(problem, vehicle, steps, request))
    if not pairs:
        return
    way = _Way(problem, vehicle, [step.visit for step in steps], request)
    longest_drive_s, longest_m, longest_s = vehicle.longest_drive_s, vehicle.longest_m, vehicle.longest_s
    least_cents = vehicle.fixed_cents
    if route and vehicle.cents_per_stop:
        least_cents += stop_count(route) * vehicle.cents_per_stop
    for pickup_at, drop_at in pairs:
        drive_s = way.drive_s(pickup_at, drop_at)
        if longest_drive_s is not None and drive_s > longest_drive_s:
            continue
        distance_m = way.distance_m(pickup_at, drop_at)
        if longest_m is not None and distance_m > longest_m:
            continue
        moving_s = drive_s + way.handling_s(pickup_at, drop_at)
        if longest_s is not None and moving_s > longest_s:
            continue
        yield least_cents + driving_cents(vehicle, distance_m, moving_s), pickup_at, drop_at


class _Way:
    """Add up a route's driving and handling, and what two more visits change of it."""

    def __init__(self, problem: Problem, vehicle: Vehicle, visits: Sequence[Visit], request: Request) -> None:
        self._matrix, self._visits = problem.matrix, visits
        self._before = [vehicle.start, *(visit.place for visit in visits)]
        self._after = [*self._before[1:], vehicle.end]
        self._pickup, self._drop = request.pickup, request.drop

    def drive_s(self, pickup_at: int, drop_at: int) -> int:
        """Return the seconds of driving of the longer route."""
        seconds = self._matrix.seconds
        return self._whole_s + self._added(seconds, pickup_at, drop_at)

    def distance_m(self, pickup_at: int, drop_at: int) -> int:
        """Return the metres of the longer route."""
        return self._whole_m + self._added(self._matrix.metres, pickup_at, drop_at)

    def handling_s(self, pickup_at: int, drop_at: int) -> int:
        """Return the seconds of handling of the longer route."""
        pickup, drop = self._pickup, self._drop
        before = self._before[drop_at]
        handled = self._handled_s + handling_s(pickup, self._before[pickup_at])
        if pickup_at < drop_at:
            visit = self._visits[pickup_at]
            handled += handling_s(visit, pickup.place) - handling_s(visit, self._before[pickup_at])
        handled += handling_s(drop, before if pickup_at < drop_at else pickup.place)
        if drop_at < len(self._visits):
            visit = self._visits[drop_at]
            handled += handling_s(visit, drop.place) - handling_s(visit, before)
        return handled

    def _added(self, grid: Sequence[Sequence[int]], pickup_at: int, drop_at: int) -> int:
        """Return what is driven beyond the route itself, by seconds or by metres."""
        here, there = self._pickup.place, self._drop.place
        before, after = self._before[drop_at], self._after[drop_at]
        onward = 0 if after is None else grid[there][after] - grid[before][after]
        if pickup_at == drop_at:
            return grid[before][here] + grid[here][there] + onward
        first, second = self._before[pickup_at], self._before[pickup_at + 1]
        boarding = grid[first][here] + grid[here][second] - grid[first][second]
        return boarding + grid[before][there] + onward

    @cached_property
    def _whole_s(self) -> int:
        return _along(self._matrix.seconds, self._before, self._after)

    @cached_property
    def _whole_m(self) -> int:
        return _along(self._matrix.metres, self._before, self._after)

    @cached_property
    def _handled_s(self) -> int:
        return sum(map(handling_s, self._visits, self._before))


def _along(grid: Sequence[Sequence[int]], before: Sequence[int], after: Sequence[int | None]) -> int:
    return sum(grid[here][there] for here, there in zip(before, after, strict=True) if there is not None)


def _legal_pairs(
    problem: Problem, vehicle: Vehicle, steps: list[Step], request: Request
) -> Iterator[tuple[int, int]]:
    """
    Yield the pairs of positions that the head, room, goods apart and hours allow.

    The pickup goes before the visit ``pickup_at``, the drop before the visit ``drop_at``. Walks
    from the pickup onwards and stops as soon as a window is missed or the room is gone, as in
    Sartori and Buriol (2020).
    """
    free = _free_legs(problem, vehicle, steps, request)
    if not any(free):
        return
    begins = begin_earliest(problem.matrix, vehicle, steps, vehicle.shift.opens_s)
    if begins is None:
        return
    leave_by = latest_leaves(problem.matrix, vehicle, steps, vehicle.shift.closes_s)[1]
    walk = _Walk(problem, vehicle, steps, leave_by, request, free)
    place, moment_s = vehicle.start, vehicle.shift.opens_s
    for pickup_at in range(len(steps) + 1):
        if pickup_at >= len(vehicle.head) and free[pickup_at]:
            for drop_at in walk.drops(pickup_at, place, moment_s):
                yield pickup_at, drop_at
        if pickup_at < len(steps):
            visit = steps[pickup_at].visit
            moment_s = begins[pickup_at] + handling_s(visit, place)
            place = visit.place


def _free_legs(problem: Problem, vehicle: Vehicle, steps: Sequence[Step], request: Request) -> list[bool]:
    """Tell for the leg before each visit, and the last one, whether the request may be on board as well."""
    room = list(map(sub, vehicle.capacity, request.load))
    load: Sequence[int] = vehicle.load_at_start(len(problem.dimensions))
    free = [not any(map(gt, load, room))]
    for step in steps:
        load = list(map(add, load, step.change))
        free.append(not any(map(gt, load, room)))
    foes = problem.foes_of(request) if problem.apart else frozenset[str]()
    if foes:
        hostile = _hostile_legs(problem, steps, foes)
        free = [one and not other for one, other in zip(free, hostile, strict=True)]
    return free


def _hostile_legs(problem: Problem, steps: Sequence[Step], foes: frozenset[str]) -> list[bool]:
    """Tell for the leg before each visit, and the last one, whether goods it must not meet are on board."""
    aboard: set[str] = set()
    legs = [False]
    for step in steps:
        if step.task.kind == "drop":
            aboard.discard(step.task.id)
        elif step.task.kind == "pickup" and foes & problem.request(step.task.id).goods:
            aboard.add(step.task.id)
        legs.append(bool(aboard))
    return legs


def _last_shortcut(problem: Problem, vehicle: Vehicle, steps: Sequence[Step], drop: Visit) -> int:
    """
    Return the last position at which putting the drop in makes the way shorter; -1 where none does.

    That happens where the next visit shares the drop's place, and its setting up, or where rounded
    seconds make two drives shorter than one. Before it, being late for what follows proves nothing.
    """
    seconds = problem.matrix.seconds
    for at in range(len(steps), 0, -1):
        before = steps[at - 1].visit.place
        via_s = seconds[before][drop.place] + handling_s(drop, before)
        if at < len(steps):
            after = steps[at].visit
            straight_s = seconds[before][after.place] + handling_s(after, before)
            via_s += seconds[drop.place][after.place] + handling_s(after, drop.place)
        else:
            straight_s = 0 if vehicle.end is None else seconds[before][vehicle.end]
            via_s += 0 if vehicle.end is None else seconds[drop.place][vehicle.end]
        if via_s < straight_s:
            return at
    return -1


class _Walk:
    """Walk on from a pickup; ``free`` tells on which legs the request may be on board."""

    def __init__(
        self,
        problem: Problem,
        vehicle: Vehicle,
        steps: list[Step],
        leave_by: list[int],
        request: Request,
        free: Sequence[bool],
    ) -> None:
        self._problem, self._vehicle, self._steps = problem, vehicle, steps
        self._leave_by, self._free = leave_by, free
        self._pickup, self._drop = request.pickup, request.drop
        self._seconds = problem.matrix.seconds

    def drops(self, pickup_at: int, place: int, moment_s: int) -> Iterator[int]:
        """Yield the positions at which the drop may stand when the pickup stands at ``pickup_at``."""
        moment = self._leaves(self._pickup, place, moment_s)  # In time or not is judged by what follows it.
        place = self._pickup.place
        for drop_at in range(pickup_at, len(self._steps) + 1):
            if moment is None:
                return
            if self._drop_fits(drop_at, place, moment):
                yield drop_at
            if drop_at == len(self._steps) or not self._free[drop_at + 1]:
                return
            visit = self._steps[drop_at].visit
            moment = self._leaves(visit, place, moment)
            if moment is None or (moment > self._leave_by[drop_at] and drop_at >= self._shortcut_at):
                return
            place = visit.place

    @cached_property
    def _shortcut_at(self) -> int:
        return max(0, _last_shortcut(self._problem, self._vehicle, self._steps, self._drop))

    def _leaves(self, visit: Visit, before: int, moment_s: int) -> int | None:
        """Return when the vehicle leaves a visit to which it sets out at a moment, or ``None``."""
        begin_s = earliest_in(visit.windows, moment_s + self._seconds[before][visit.place])
        return None if begin_s is None else begin_s + handling_s(visit, before)

    def _drop_fits(self, drop_at: int, place: int, moment_s: int) -> bool:
        leaves_s = self._leaves(self._drop, place, moment_s)
        if leaves_s is None:
            return False
        there = self._drop.place
        if drop_at == len(self._steps):
            end = self._vehicle.end
            home_s = 0 if end is None else self._seconds[there][end]
            return leaves_s + home_s <= self._vehicle.shift.closes_s
        leaves_s = self._leaves(self._steps[drop_at].visit, there, leaves_s)
        return leaves_s is not None and leaves_s <= self._leave_by[drop_at]
