"""
The checker's walk along one route: loads, hours, rides and driving, from the raw problem.

Nothing here is shared with a solver (see ``routing.check``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import gt

from routing.plan import PlannedVisit, Route
from routing.problem import Load, Problem, Request, Vehicle, Visit
from routing.violation import Violation


@dataclass(frozen=True)
class _Step:
    """Hold what is claimed of a visit beside what the problem says of it."""

    claimed: PlannedVisit
    visit: Visit
    change: Load

    @property
    def subject(self) -> str:
        return f"{self.claimed.task.kind} {self.claimed.task.id}"


def route_violations(
    problem: Problem, requests: Mapping[str, Request], vehicle: Vehicle, route: Route
) -> Iterator[Violation]:
    """Yield every rule that one route breaks; linear in its visits where no goods are kept apart."""
    if not route.visits and not vehicle.announced:
        yield Violation("empty_route", vehicle.id, vehicle.id, "it has nothing to do and should not move")
    yield from _announced(vehicle, route)
    yield from _head(vehicle, route)
    steps = []
    for claimed in route.visits:
        known = _known(requests, vehicle, claimed)
        if known is None:
            subject = f"{claimed.task.kind} {claimed.task.id}"
            yield Violation("unknown_task", vehicle.id, subject, "this vehicle has no such task")
        else:
            steps.append(known)
    if len(steps) < len(route.visits):
        return  # Hours and loads of a route with a hole in it mean nothing.
    yield from _allowed(requests, vehicle, steps)
    yield from _loads(problem, vehicle, route, steps)
    yield from _hours(problem, vehicle, route, steps)
    yield from _rides(requests, vehicle, steps)
    yield from _goods(problem, requests, vehicle, steps)
    yield from _driving(problem, vehicle, route, steps)


def _known(requests: Mapping[str, Request], vehicle: Vehicle, claimed: PlannedVisit) -> _Step | None:
    task = claimed.task
    if task.kind == "announced":
        for stop in vehicle.announced:
            if stop.id == task.id:
                return _Step(claimed, stop.visit, stop.change)
        return None
    request = requests.get(task.id)
    if request is None or task.kind not in ("pickup", "drop"):
        return None
    if task.kind == "pickup":
        return _Step(claimed, request.pickup, request.load)
    return _Step(claimed, request.drop, tuple(-amount for amount in request.load))


def _announced(vehicle: Vehicle, route: Route) -> Iterator[Violation]:
    wanted = [stop.id for stop in vehicle.announced]
    made = [task.id for task in route.tasks if task.kind == "announced" and task.id in wanted]
    for stop_id in wanted:
        if stop_id not in made:
            yield Violation("announced_missing", vehicle.id, stop_id, "the route leaves it out")
    for stop_id, times in Counter(made).items():
        if times > 1:
            yield Violation("task_twice", vehicle.id, stop_id, f"the announced stop stands {times} times")
    if sorted(made) == sorted(wanted) and made != wanted:
        order = ", ".join(wanted)
        yield Violation("announced_order", vehicle.id, ", ".join(made), f"the order announced is {order}")


def _head(vehicle: Vehicle, route: Route) -> Iterator[Violation]:
    begins = route.tasks[: len(vehicle.head)]
    if begins != vehicle.head:
        order, locked = (
            ", ".join(f"{task.kind} {task.id}" for task in tasks) for tasks in (begins, vehicle.head)
        )
        yield Violation("head_changed", vehicle.id, order or "nothing", f"the route is locked to {locked}")


def _allowed(requests: Mapping[str, Request], vehicle: Vehicle, steps: list[_Step]) -> Iterator[Violation]:
    for step in steps:
        if step.claimed.task.kind != "pickup":
            continue
        request = requests[step.claimed.task.id]
        if request.vehicles is not None and vehicle.id not in request.vehicles:
            yield Violation("vehicle_not_allowed", vehicle.id, request.id, "it may not ride in this vehicle")
        missing = ", ".join(sorted(request.skills - vehicle.skills))
        if missing:
            yield Violation("skill_missing", vehicle.id, request.id, f"the vehicle lacks {missing}")


def _loads(problem: Problem, vehicle: Vehicle, route: Route, steps: list[_Step]) -> Iterator[Violation]:
    load = vehicle.load_at_start(len(problem.dimensions))
    if route.load != load:
        yield Violation("start_load", vehicle.id, "start", f"claims {route.load}, carries {load}")
    yield from _room(problem, vehicle, "start", load)
    for step in steps:
        load = tuple(amount + change for amount, change in zip(load, step.change, strict=True))
        if step.claimed.load != load:
            yield Violation(
                "load_wrong", vehicle.id, step.subject, f"claims {step.claimed.load}, carries {load}"
            )
        yield from _room(problem, vehicle, step.subject, load)


def _room(problem: Problem, vehicle: Vehicle, subject: str, load: Load) -> Iterator[Violation]:
    if min(load, default=0) >= 0 and not any(map(gt, load, vehicle.capacity)):
        return
    for name, amount, room in zip(problem.dimensions, load, vehicle.capacity, strict=True):
        if amount > room:
            yield Violation(
                "over_capacity", vehicle.id, subject, f"{amount} {name} on board, room for {room}"
            )
        if amount < 0:
            yield Violation("load_below_zero", vehicle.id, subject, f"{amount} {name} on board")


def _hours(problem: Problem, vehicle: Vehicle, route: Route, steps: list[_Step]) -> Iterator[Violation]:
    if route.leaves_s < vehicle.shift.opens_s:
        yield Violation(
            "leaves_early", vehicle.id, "start", f"leaves at {route.leaves_s}, may at {vehicle.shift.opens_s}"
        )
    place, clock_s = vehicle.start, route.leaves_s
    for step in steps:
        due_s = clock_s + _seconds(problem, place, step.visit.place)
        yield from _handling(vehicle, step, due_s, moved=place != step.visit.place)
        place, clock_s = step.visit.place, step.claimed.leaves_s
    ends_s = clock_s if vehicle.end is None else clock_s + _seconds(problem, place, vehicle.end)
    if route.ends_s != ends_s:
        yield Violation("end_wrong", vehicle.id, "end", f"claims {route.ends_s}, ends at {ends_s}")
    if max(route.ends_s, ends_s) > vehicle.shift.closes_s:
        yield Violation("ends_late", vehicle.id, "end", f"ends at {ends_s}, must by {vehicle.shift.closes_s}")
    takes_s = max(route.ends_s, ends_s) - route.leaves_s
    if vehicle.longest_s is not None and takes_s > vehicle.longest_s:
        yield Violation(
            "longest_route", vehicle.id, "route", f"takes {takes_s} s, at most {vehicle.longest_s}"
        )


def _handling(vehicle: Vehicle, step: _Step, due_s: int, *, moved: bool) -> Iterator[Violation]:
    claimed, visit = step.claimed, step.visit
    if claimed.place != visit.place:
        yield Violation("place_wrong", vehicle.id, step.subject, f"claims {claimed.place}, is {visit.place}")
    if claimed.arrives_s != due_s:
        yield Violation("arrival_wrong", vehicle.id, step.subject, f"claims {claimed.arrives_s}, is {due_s}")
    if claimed.begins_s < claimed.arrives_s:
        yield Violation("begins_early", vehicle.id, step.subject, "handling begins before arrival")
    if not any(window.opens_s <= claimed.begins_s <= window.closes_s for window in visit.windows):
        yield Violation("outside_window", vehicle.id, step.subject, f"begins at {claimed.begins_s}")
    leaves_s = claimed.begins_s + visit.service_s + (visit.setup_s if moved else 0)
    if claimed.leaves_s != leaves_s:
        yield Violation("leave_wrong", vehicle.id, step.subject, f"claims {claimed.leaves_s}, is {leaves_s}")


def _rides(requests: Mapping[str, Request], vehicle: Vehicle, steps: list[_Step]) -> Iterator[Violation]:
    boarded = {step.claimed.task.id: step.claimed for step in steps if step.claimed.task.kind == "pickup"}
    for step in steps:
        task = step.claimed.task
        if task.kind != "drop" or task.id not in boarded:
            continue
        longest_s = requests[task.id].longest_ride_s
        ride_s = step.claimed.begins_s - boarded[task.id].leaves_s
        if longest_s is not None and ride_s > longest_s:
            yield Violation("longest_ride", vehicle.id, task.id, f"rides {ride_s} s, at most {longest_s}")


def _goods(
    problem: Problem, requests: Mapping[str, Request], vehicle: Vehicle, steps: list[_Step]
) -> Iterator[Violation]:
    """Judge who is on board together: from behind a pickup to behind the drop, as loads are counted."""
    if not problem.apart:
        return
    aboard: dict[str, Request] = {}
    for step in steps:
        task = step.claimed.task
        if task.kind == "drop":
            aboard.pop(task.id, None)
        elif task.kind == "pickup":
            request = requests[task.id]
            for other in aboard.values():
                for mine, theirs in _kept_apart(problem, request, other):
                    detail = f"{mine} of {request.id} rides together with {theirs} of {other.id}"
                    yield Violation("goods_together", vehicle.id, f"{request.id}, {other.id}", detail)
            aboard[task.id] = request


def _kept_apart(problem: Problem, request: Request, other: Request) -> list[tuple[str, str]]:
    return [
        (mine, theirs)
        for mine in sorted(request.goods)
        for theirs in sorted(other.goods)
        if frozenset({mine, theirs}) in problem.apart
    ]


def _driving(problem: Problem, vehicle: Vehicle, route: Route, steps: list[_Step]) -> Iterator[Violation]:
    places = [vehicle.start, *(step.visit.place for step in steps)]
    if vehicle.end is not None:
        places.append(vehicle.end)
    legs = list(pairwise(places))
    drive_s = sum(_seconds(problem, a, b) for a, b in legs)
    distance_m = sum(int(problem.matrix.distances_m[a, b]) for a, b in legs)
    if route.drive_s != drive_s:
        yield Violation("drive_wrong", vehicle.id, "route", f"claims {route.drive_s} s, drives {drive_s}")
    if route.distance_m != distance_m:
        yield Violation(
            "distance_wrong", vehicle.id, "route", f"claims {route.distance_m} m, is {distance_m}"
        )
    if vehicle.longest_drive_s is not None and drive_s > vehicle.longest_drive_s:
        yield Violation(
            "longest_drive", vehicle.id, "route", f"drives {drive_s} s, at most {vehicle.longest_drive_s}"
        )
    if vehicle.longest_m is not None and distance_m > vehicle.longest_m:
        yield Violation(
            "longest_distance", vehicle.id, "route", f"drives {distance_m} m, at most {vehicle.longest_m}"
        )


def _seconds(problem: Problem, start: int, end: int) -> int:
    return int(problem.matrix.durations_s[start, end])
