"""
Hours for an order of visits: the earliest end, then the latest departure that keeps it.

Every solver decides only an order; this module turns it into a route with hours and loads, or says
that no legal hours exist.
"""

from collections.abc import Sequence
from itertools import pairwise
from operator import add, gt

from geodata.matrix import Matrix
from routing.hours import Hours, Ride, Step, handled_s, handling_s, hours_of, too_long, way_s
from routing.plan import PlannedVisit, Route
from routing.problem import Load, Problem, Vehicle
from routing.task import Task


def step_of(problem: Problem, vehicle: Vehicle, task: Task) -> Step:
    if task.kind == "announced":
        for stop in vehicle.announced:
            if stop.id == task.id:
                return Step(task, stop.visit, stop.change)
        raise ValueError(f"Vehicle {vehicle.id} announced no stop {task.id}.")
    request = problem.request(task.id)
    if task.kind == "pickup":
        return Step(task, request.pickup, request.load)
    return Step(task, request.drop, tuple(-amount for amount in request.load))


def schedule_route(problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]) -> Route | None:
    """
    Give hours and loads to an order of tasks; ``None`` where no legal hours exist.

    The route ends as early as it can, and leaves as late as that end allows, so that nobody waits
    who could sleep. Where somebody would be on board too long, pickups wait; a longest ride or the
    longest route may even move the end. Hours are found wherever there are any. Whether announced
    stops and the head stand in their order is not judged here.
    """
    matrix = problem.matrix
    steps = [step_of(problem, vehicle, task) for task in tasks]
    loads = _loads(problem, vehicle, steps)
    way = driven(matrix, vehicle, steps)
    if loads is None or _goods_meet(problem, steps) or not _way_allowed(vehicle, steps, *way):
        return None
    hours = hours_of(matrix, vehicle, steps, ())
    rides = _rides(problem, vehicle, steps)
    if hours is not None and too_long(rides, hours.begins):
        if any(way_s(matrix, vehicle, steps, ride) > ride.longest_s for ride in rides):
            return None  # Even without waiting.
        hours = hours_of(matrix, vehicle, steps, rides)
    if hours is None:
        return None
    return _route(matrix, vehicle, steps, hours, loads, way)


def _rides(problem: Problem, vehicle: Vehicle, steps: Sequence[Step]) -> tuple[Ride, ...]:
    rides: list[Ride] = []
    boarded: dict[str, tuple[int, int]] = {}
    for index, step in enumerate(steps):
        if step.task.kind == "pickup":
            before = steps[index - 1].visit.place if index else vehicle.start
            boarded[step.task.id] = (index, handling_s(step.visit, before))
        elif step.task.kind == "drop" and step.task.id in boarded:
            limit_s = problem.request(step.task.id).longest_ride_s
            pickup, loading_s = boarded[step.task.id]
            if limit_s is not None:
                rides.append(Ride(pickup, index, loading_s + limit_s))
    return tuple(rides)


def _loads(problem: Problem, vehicle: Vehicle, steps: Sequence[Step]) -> list[Load] | None:
    load = vehicle.load_at_start(len(problem.dimensions))
    loads = [load]
    for step in steps:
        load = tuple(map(add, load, step.change))
        if min(load, default=0) < 0 or any(map(gt, load, vehicle.capacity)):
            return None
        loads.append(load)
    return loads


def _goods_meet(problem: Problem, steps: Sequence[Step]) -> bool:
    """Tell whether kinds of goods that are kept apart would be on board together."""
    if not problem.apart:
        return False
    aboard: dict[str, frozenset[str]] = {}
    for step in steps:
        if step.task.kind == "drop":
            aboard.pop(step.task.id, None)
        elif step.task.kind == "pickup":
            request = problem.request(step.task.id)
            foes = problem.foes_of(request)
            if any(foes & goods for goods in aboard.values()):
                return True
            aboard[request.id] = request.goods
    return False


def driven(matrix: Matrix, vehicle: Vehicle, steps: Sequence[Step]) -> tuple[int, int]:
    """Return the seconds of driving and the metres."""
    places = [vehicle.start, *(step.visit.place for step in steps)]
    if vehicle.end is not None:
        places.append(vehicle.end)
    seconds, metres = matrix.seconds, matrix.metres
    drive_s = distance_m = 0
    for a, b in pairwise(places):
        drive_s += seconds[a][b]
        distance_m += metres[a][b]
    return drive_s, distance_m


def _way_allowed(vehicle: Vehicle, steps: Sequence[Step], drive_s: int, distance_m: int) -> bool:
    """Judge the driving, and whether the route would be too long even if nobody ever waited."""
    if vehicle.longest_drive_s is not None and drive_s > vehicle.longest_drive_s:
        return False
    if vehicle.longest_m is not None and distance_m > vehicle.longest_m:
        return False
    return vehicle.longest_s is None or drive_s + handled_s(vehicle, steps) <= vehicle.longest_s


def _route(
    matrix: Matrix,
    vehicle: Vehicle,
    steps: Sequence[Step],
    hours: Hours,
    loads: Sequence[Load],
    way: tuple[int, int],
) -> Route:
    visits: list[PlannedVisit] = []
    place, moment_s = vehicle.start, hours.leaves_s
    for step, begin_s, load in zip(steps, hours.begins, loads[1:], strict=True):
        arrives_s = moment_s + matrix.seconds[place][step.visit.place]
        moment_s = begin_s + handling_s(step.visit, place)
        place = step.visit.place
        visits.append(PlannedVisit(step.task, place, arrives_s, begin_s, moment_s, load))
    ends_s = moment_s if vehicle.end is None else moment_s + matrix.seconds[place][vehicle.end]
    return Route(vehicle.id, hours.leaves_s, ends_s, loads[0], *way, tuple(visits))
