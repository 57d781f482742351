"""
The independent judge of a plan: it re-walks every route from the raw problem.

Nothing here is shared with a solver, so that one mistake cannot be made twice. Every answer of
every engine, and every plan that a bid is accepted on, passes here before anybody sees it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from routing.plan import Plan, PlannedVisit, Route, Task
from routing.problem import Load, Problem, Request, Vehicle, Visit


@dataclass(frozen=True)
class Violation:
    """Name one broken rule: a stable ``code``, whose route, what it is about, and the figures."""

    code: str
    vehicle: str | None
    subject: str
    detail: str


@dataclass(frozen=True)
class _Step:
    """Hold what is claimed of a visit beside what the problem says of it."""

    claimed: PlannedVisit
    visit: Visit
    change: Load

    @property
    def subject(self) -> str:
        return f"{self.claimed.task.kind} {self.claimed.task.id}"


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """
    List every rule that a plan breaks; an empty answer means that it is legal.

    Linear in visits and requests. Waiting is allowed anywhere before handling begins. The setup
    of a visit is spent unless the visit before it, or the start, is at the same place.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    requests = {request.id: request for request in problem.requests}
    found = [*_fleet(plan, vehicles), *_pairs(plan, requests), *_promises(plan, requests)]
    for route in plan.routes:
        if route.vehicle in vehicles:
            found += _route(problem, requests, vehicles[route.vehicle], route)
    return tuple(found)


def _fleet(plan: Plan, vehicles: Mapping[str, Vehicle]) -> Iterator[Violation]:
    routes = Counter(route.vehicle for route in plan.routes)
    for vehicle_id, times in routes.items():
        if vehicle_id not in vehicles:
            yield Violation("unknown_vehicle", vehicle_id, vehicle_id, "the problem has no such vehicle")
        if times > 1:
            yield Violation("vehicle_twice", vehicle_id, vehicle_id, f"it has {times} routes")
    for vehicle in vehicles.values():
        if vehicle.id not in routes:
            for stop in vehicle.announced:
                yield Violation("announced_missing", vehicle.id, stop.id, "the vehicle has no route")


def _pairs(plan: Plan, requests: Mapping[str, Request]) -> Iterator[Violation]:
    """Judge that each request is picked up once and dropped once, later, by the same vehicle."""
    seen: dict[Task, tuple[int, int]] = {}
    for number, route in enumerate(plan.routes):
        for position, task in enumerate(route.tasks):
            if task.kind == "announced" or task.id not in requests:
                continue
            if task in seen:
                yield Violation("task_twice", route.vehicle, task.id, f"its {task.kind} stands twice")
            seen.setdefault(task, (number, position))
    for request_id in requests:
        pickup, drop = seen.get(Task("pickup", request_id)), seen.get(Task("drop", request_id))
        yield from _pair(plan, request_id, pickup, drop)


def _pair(
    plan: Plan, request_id: str, pickup: tuple[int, int] | None, drop: tuple[int, int] | None
) -> Iterator[Violation]:
    if pickup is None and drop is not None:
        vehicle = plan.routes[drop[0]].vehicle
        yield Violation("drop_without_pickup", vehicle, request_id, "it is dropped but never picked up")
    if pickup is None:
        return
    vehicle = plan.routes[pickup[0]].vehicle
    if drop is None:
        yield Violation("pickup_without_drop", vehicle, request_id, "it is picked up but never dropped")
    elif drop[0] != pickup[0]:
        other = plan.routes[drop[0]].vehicle
        yield Violation("other_vehicle", vehicle, request_id, f"it is dropped by another one, {other}")
    elif drop[1] < pickup[1]:
        yield Violation("drop_before_pickup", vehicle, request_id, "it is dropped before it is picked up")


def _promises(plan: Plan, requests: Mapping[str, Request]) -> Iterator[Violation]:
    """Judge that each request is either carried or listed as left behind, and may be left."""
    left = Counter(plan.unserved)
    carried = {task.id for route in plan.routes for task in route.tasks if task.kind != "announced"}
    for request_id, times in left.items():
        if request_id not in requests:
            yield Violation("unknown_unserved", None, request_id, "the problem has no such request")
        if times > 1:
            yield Violation("unserved_twice", None, request_id, f"it is listed {times} times")
    for request in requests.values():
        if request.id in carried and request.id in left:
            yield Violation(
                "served_and_unserved", None, request.id, "it is carried and listed as left behind"
            )
        if request.id not in carried and request.id not in left:
            yield Violation("request_forgotten", None, request.id, "it is neither carried nor listed")
        if request.id not in carried and request.prize_cents is None:
            yield Violation("must_serve", None, request.id, "it must be carried")


def _route(
    problem: Problem, requests: Mapping[str, Request], vehicle: Vehicle, route: Route
) -> Iterator[Violation]:
    if not route.visits and not vehicle.announced:
        yield Violation("empty_route", vehicle.id, vehicle.id, "it has nothing to do and should not move")
    yield from _announced(vehicle, route)
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
    yield from _driving(problem, vehicle, route, steps)


def _known(requests: Mapping[str, Request], vehicle: Vehicle, claimed: PlannedVisit) -> _Step | None:
    task = claimed.task
    if task.kind == "announced":
        for stop in vehicle.announced:
            if stop.id == task.id:
                return _Step(claimed, stop.visit, stop.change)
        return None
    request = requests.get(task.id)
    if request is None:
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
