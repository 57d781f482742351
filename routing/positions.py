"""
Where two more visits may stand in a route: the legal pairs of positions, each with the least it can cost.

Room, goods apart, hours and limits are tried here without scheduling the whole route; what is left is
few. Nothing goes in before the end of a vehicle's head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import add, gt

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
    way = _Way(problem, vehicle, [step.visit for step in steps], request)
    least_stops_cents = (stop_count(route) if route else 0) * vehicle.cents_per_stop
    for pickup_at, drop_at in _legal_pairs(problem, vehicle, steps, request):
        drive_s, distance_m, handling = way.with_request(pickup_at, drop_at)
        if vehicle.longest_drive_s is not None and drive_s > vehicle.longest_drive_s:
            continue
        if vehicle.longest_m is not None and distance_m > vehicle.longest_m:
            continue
        if vehicle.longest_s is not None and drive_s + handling > vehicle.longest_s:
            continue
        moving_cents = driving_cents(vehicle, distance_m, drive_s + handling)
        yield vehicle.fixed_cents + moving_cents + least_stops_cents, pickup_at, drop_at


Leg = tuple[int, int, int]
"""Seconds of driving, metres, and seconds of handling where it ends."""


class _Way:
    """Add up a route's driving and handling, and what two more visits change of it, leg by leg."""

    def __init__(self, problem: Problem, vehicle: Vehicle, visits: Sequence[Visit], request: Request) -> None:
        self._seconds, self._metres = problem.matrix.seconds, problem.matrix.metres
        places = [vehicle.start, *(visit.place for visit in visits)]
        ends: list[Visit | int | None] = [*visits, vehicle.end]
        pickup, drop = request.pickup, request.drop
        legs = [self._leg(place, end) for place, end in zip(places, ends, strict=True)]
        self._whole = _sum(*legs)
        self._straight = legs
        self._to_pickup = [self._leg(place, pickup) for place in places]
        self._on = [self._leg(pickup.place, end) for end in ends]
        self._to_drop = [self._leg(place, drop) for place in places]
        self._home = [self._leg(drop.place, end) for end in ends]
        self._ride = self._leg(pickup.place, drop)

    def with_request(self, pickup_at: int, drop_at: int) -> Leg:
        """Return seconds of driving, metres, and seconds of handling of the longer route."""
        if pickup_at == drop_at:
            new = _sum(self._whole, self._to_pickup[pickup_at], self._ride, self._home[drop_at])
            return _less(new, self._straight[pickup_at])
        boarding = _sum(self._whole, self._to_pickup[pickup_at], self._on[pickup_at])
        new = _sum(boarding, self._to_drop[drop_at], self._home[drop_at])
        return _less(new, _sum(self._straight[pickup_at], self._straight[drop_at]))

    def _leg(self, place: int, end: Visit | int | None) -> Leg:
        if end is None:
            return 0, 0, 0
        if isinstance(end, int):
            return self._seconds[place][end], self._metres[place][end], 0
        there = end.place
        return self._seconds[place][there], self._metres[place][there], handling_s(end, place)


def _sum(*legs: Leg) -> Leg:
    drive_s = distance_m = handling = 0
    for leg in legs:
        drive_s += leg[0]
        distance_m += leg[1]
        handling += leg[2]
    return drive_s, distance_m, handling


def _less(a: Leg, b: Leg) -> Leg:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _legal_pairs(
    problem: Problem, vehicle: Vehicle, steps: list[Step], request: Request
) -> Iterator[tuple[int, int]]:
    """
    Yield the pairs of positions that the head, room, goods apart and hours allow.

    The pickup goes before the visit ``pickup_at``, the drop before the visit ``drop_at``. Walks
    from the pickup onwards and stops as soon as a window is missed or the room is gone, as in
    Sartori and Buriol (2020).
    """
    begins = begin_earliest(problem.matrix, vehicle, steps, vehicle.shift.opens_s)
    if begins is None:
        return
    leave_by = latest_leaves(problem.matrix, vehicle, steps, vehicle.shift.closes_s)[1]
    shortcut_at = _last_shortcut(problem, vehicle, [step.visit for step in steps], request.drop)
    hostile = _hostile_legs(problem, steps, request)
    walk = _Walk(problem, vehicle, steps, leave_by, request, shortcut_at, hostile)
    place, moment_s = vehicle.start, vehicle.shift.opens_s
    load = list(vehicle.load_at_start(len(problem.dimensions)))
    for pickup_at in range(len(steps) + 1):
        if pickup_at >= len(vehicle.head) and not hostile[pickup_at] and walk.has_room(load):
            yield from ((pickup_at, drop_at) for drop_at in walk.drops(pickup_at, place, moment_s, load))
        if pickup_at < len(steps):
            step = steps[pickup_at]
            moment_s = begins[pickup_at] + handling_s(step.visit, place)
            place = step.visit.place
            load = list(map(add, load, step.change))


def _hostile_legs(problem: Problem, steps: Sequence[Step], request: Request) -> list[bool]:
    """Tell for the leg before each visit, and the last one, whether goods it must not meet are on board."""
    foes = problem.foes_of(request) if problem.apart else frozenset[str]()
    if not foes:
        return [False] * (len(steps) + 1)
    aboard: set[str] = set()
    legs = [False]
    for step in steps:
        if step.task.kind == "drop":
            aboard.discard(step.task.id)
        elif step.task.kind == "pickup" and foes & problem.request(step.task.id).goods:
            aboard.add(step.task.id)
        legs.append(bool(aboard))
    return legs


def _last_shortcut(problem: Problem, vehicle: Vehicle, visits: Sequence[Visit], drop: Visit) -> int:
    """
    Return the last position at which putting the drop in makes the way shorter; -1 where none does.

    That happens where the next visit shares the drop's place, and its setting up, or where rounded
    seconds make two drives shorter than one. Before it, being late for what follows proves nothing.
    """
    seconds = problem.matrix.seconds
    for at in range(len(visits), 0, -1):
        before = visits[at - 1].place
        via_s = seconds[before][drop.place] + handling_s(drop, before)
        if at < len(visits):
            after = visits[at]
            straight_s = seconds[before][after.place] + handling_s(after, before)
            via_s += seconds[drop.place][after.place] + handling_s(after, drop.place)
        else:
            straight_s = 0 if vehicle.end is None else seconds[before][vehicle.end]
            via_s += 0 if vehicle.end is None else seconds[drop.place][vehicle.end]
        if via_s < straight_s:
            return at
    return -1


@dataclass(frozen=True)
class _Walk:
    """Hold what walking on from a pickup needs to know of the route."""

    problem: Problem
    vehicle: Vehicle
    steps: list[Step]
    leave_by: list[int]
    request: Request
    shortcut_at: int
    hostile: list[bool]

    def has_room(self, load: Sequence[int]) -> bool:
        return not any(map(gt, map(add, load, self.request.load), self.vehicle.capacity))

    def drops(self, pickup_at: int, place: int, moment_s: int, load: list[int]) -> Iterator[int]:
        """Yield the positions at which the drop may stand when the pickup stands at ``pickup_at``."""
        moment = self._after(self.request.pickup.place, place, moment_s, -1)
        place = self.request.pickup.place
        for drop_at in range(pickup_at, len(self.steps) + 1):
            if moment is None:
                return
            if self._drop_fits(drop_at, place, moment):
                yield drop_at
            if drop_at == len(self.steps):
                return
            load = list(map(add, load, self.steps[drop_at].change))
            moment = self._after(self.steps[drop_at].visit.place, place, moment, drop_at)
            place = self.steps[drop_at].visit.place
            if self.hostile[drop_at + 1] or not self.has_room(load):
                return

    def _after(self, place: int, before: int, moment_s: int, index: int) -> int | None:
        """Return when the vehicle leaves the pickup (index -1) or a visit of the route, or ``None``."""
        visit = self.request.pickup if index < 0 else self.steps[index].visit
        begin_s = earliest_in(visit.windows, moment_s + self.problem.matrix.seconds[before][place])
        if begin_s is None:
            return None
        leaves_s = begin_s + handling_s(visit, before)
        may_catch_up = index < max(0, self.shortcut_at)  # The pickup itself is judged by what follows it.
        in_time = may_catch_up or leaves_s <= self.leave_by[index]
        return leaves_s if in_time else None

    def _drop_fits(self, drop_at: int, place: int, moment_s: int) -> bool:
        drop, seconds = self.request.drop, self.problem.matrix.seconds
        begin_s = earliest_in(drop.windows, moment_s + seconds[place][drop.place])
        if begin_s is None:
            return False
        leaves_s = begin_s + handling_s(drop, place)
        if drop_at == len(self.steps):
            home_s = 0 if self.vehicle.end is None else seconds[drop.place][self.vehicle.end]
            return leaves_s + home_s <= self.vehicle.shift.closes_s
        following = self.steps[drop_at].visit
        begin_s = earliest_in(following.windows, leaves_s + seconds[drop.place][following.place])
        return begin_s is not None and begin_s + handling_s(following, drop.place) <= self.leave_by[drop_at]
