"""
A vehicle as it goes on from where it stands: a day that begins in the middle of a run.

It begins at the place where it will be ready, at that very second; what it has driven is taken off its
limits, what it costs to start is spent. Whatever happened, its owner's own stops can be made: where
hours or limits no longer allow that, they are stretched to what these alone need.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from routing.hours import earliest_in, handling_s
from routing.problem import AnnouncedStop, Load, Problem, Vehicle, Visit, Window
from routing.schedule import schedule_route
from routing.standing import Standing
from routing.task import Task

HERE = "where it stands"
"""The stop at which a vehicle under way begins: it holds it to the second at which it is ready."""


def going_on(problem: Problem, stands: Standing, staying: Load) -> Vehicle | None:
    """
    Return the vehicle from here on; ``None`` where nothing calls it any more and its hours are over.

    ``staying`` is what it carries to the end of its route. Once it has left, what was locked by hand
    beyond its next stop is locked no longer.
    """
    vehicle = stands.vehicle
    if not stands.under_way and not vehicle.announced and stands.ready_s > vehicle.shift.closes_s:
        return None
    closes_s = max(vehicle.shift.closes_s, stands.ready_s)
    ready = replace(vehicle, shift=Window(stands.ready_s, closes_s))
    if not stands.under_way:
        return stretched(problem, ready) if vehicle.announced else ready
    drive_s, distance_m = driven(problem, stands)
    leaves_s = stands.route.leaves_s if stands.route else stands.ready_s
    here = AnnouncedStop(
        HERE, Visit(stands.place, (Window(stands.ready_s, stands.ready_s),)), _nothing(staying)
    )
    return stretched(
        problem,
        replace(
            ready,
            start=stands.place,
            initial_load=_sum(own_load(problem, stands), staying),
            announced=(here, *announced_ahead(stands)),
            longest_drive_s=_less(vehicle.longest_drive_s, drive_s),
            longest_m=_less(vehicle.longest_m, distance_m),
            longest_s=_less(vehicle.longest_s, stands.ready_s - leaves_s),
            fixed_cents=0,
            head=(),
        ),
    )


def announced_ahead(stands: Standing) -> tuple[AnnouncedStop, ...]:
    """Return the owner's stops that are still to be made."""
    made = {visit.task.id for visit in stands.kept if visit.task.kind == "announced"}
    return tuple(stop for stop in stands.vehicle.announced if stop.id not in made)


def own_load(problem: Problem, stands: Standing) -> Load:
    """Return what the owner has on board of its own."""
    made = {visit.task.id for visit in stands.kept if visit.task.kind == "announced"}
    load = stands.vehicle.load_at_start(len(problem.dimensions))
    for stop in stands.vehicle.announced:
        if stop.id in made:
            load = _sum(load, stop.change)
    return load


def driven(problem: Problem, stands: Standing) -> tuple[int, int]:
    """Return the seconds and metres driven when the vehicle is ready."""
    places = [stands.vehicle.start, *(visit.place for visit in stands.kept), stands.place]
    legs = list(pairwise(places))
    seconds, metres = problem.matrix.seconds, problem.matrix.metres
    return sum(seconds[a][b] for a, b in legs), sum(metres[a][b] for a, b in legs)


def stretched(problem: Problem, vehicle: Vehicle) -> Vehicle:
    """Widen hours and limits where the vehicle's own stops alone would break them, by no more than that."""
    if _can_be_made(problem, vehicle):
        return vehicle
    alone = _Alone(problem, vehicle)
    stops = tuple(alone.make(stop) for stop in vehicle.announced)
    alone.go_home()
    wide = replace(
        vehicle,
        announced=stops,
        shift=Window(vehicle.shift.opens_s, max(vehicle.shift.closes_s, alone.moment_s)),
        capacity=alone.most,
        longest_drive_s=_at_least(vehicle.longest_drive_s, alone.drive_s),
        longest_m=_at_least(vehicle.longest_m, alone.distance_m),
    )
    if _can_be_made(problem, wide):
        return wide
    return replace(wide, longest_s=_at_least(wide.longest_s, alone.moment_s - vehicle.shift.opens_s))


def _can_be_made(problem: Problem, vehicle: Vehicle) -> bool:
    load = vehicle.load_at_start(len(problem.dimensions))
    for stop in vehicle.announced:
        load = _sum(load, stop.change)
        if any(amount > room for amount, room in zip(load, vehicle.capacity, strict=True)):
            return False
    return (
        schedule_route(problem, vehicle, [Task("announced", stop.id) for stop in vehicle.announced])
        is not None
    )


class _Alone:
    """Drive a vehicle through its own stops, as early as can be, whatever its limits."""

    def __init__(self, problem: Problem, vehicle: Vehicle) -> None:
        self.moment_s, self.drive_s, self.distance_m = vehicle.shift.opens_s, 0, 0
        self._problem, self._vehicle, self._place = problem, vehicle, vehicle.start
        self._load = vehicle.load_at_start(len(problem.dimensions))
        self.most: Load = tuple(map(max, vehicle.capacity, self._load))

    def make(self, stop: AnnouncedStop) -> AnnouncedStop:
        """Make a stop; return it with the hours at which it can be made."""
        visit, before = stop.visit, self._place
        self._drive(visit.place)
        begins_s = earliest_in(visit.windows, self.moment_s)
        if begins_s is None:
            begins_s = self.moment_s
            visit = replace(visit, windows=_until(visit.windows, begins_s))
        self.moment_s = begins_s + handling_s(visit, before)
        self._load = _sum(self._load, stop.change)
        self.most = tuple(map(max, self.most, self._load))
        return replace(stop, visit=visit)

    def go_home(self) -> None:
        if self._vehicle.end is not None:
            self._drive(self._vehicle.end)

    def _drive(self, place: int) -> None:
        seconds_s = self._problem.matrix.seconds[self._place][place]
        self.moment_s, self.drive_s = self.moment_s + seconds_s, self.drive_s + seconds_s
        self.distance_m += self._problem.matrix.metres[self._place][place]
        self._place = place


def _until(windows: Sequence[Window], moment_s: int) -> tuple[Window, ...]:
    """Keep the last window open up to a moment."""
    return (*windows[:-1], Window(windows[-1].opens_s, moment_s))


def _nothing(load: Load) -> Load:
    return (0,) * len(load)


def _sum(one: Load, other: Load) -> Load:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _less(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(0, limit - spent)


def _at_least(limit: int | None, needed: int) -> int | None:
    return None if limit is None else max(limit, needed)
