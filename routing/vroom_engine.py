"""
Ask VROOM for orders of visits: the only import of the pyvroom package.

VROOM knows neither an announced order, nor goods of the driver's own, nor a locked beginning, nor a
prize. The first three are said in words that it knows; the prize is weighed afterwards, by
``routing.mending``, which also mends what VROOM is not told: longest rides, the longest route beyond
its driving, bundles, and goods kept apart. It holds the interpreter's lock and keeps no deadline, so
it runs in a process apart (``routing.child``).

**Own goods.** For VROOM the load of a leg is what later stops deliver plus what earlier stops
picked up. An announced stop that takes goods in picks them up, one that puts goods out delivers
them; the room of the vehicle is shifted by what it carries at first beyond these deliveries. As
all announced stops are made in their order, every leg then has exactly its true load.

**Announced order.** Two extra dimensions of load admit no other order: stop 1 frees one unit that
stop 2 takes, stop 3 frees two units that stop 4 takes, and so on, and in the second dimension stop
2 frees what stop 3 takes, stop 4 what stop 5 takes. A stop made too early overfills one of them.

**Heads.** A vehicle whose route is locked at its beginning starts for VROOM where and when that is
done; what is on board then is delivered by jobs that no other vehicle may do.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import vroom
from vroom._vroom import VroomInputException

from routing.committed import announced_tasks
from routing.heads import behind_head
from routing.plan import Plan
from routing.problem import AnnouncedStop, Load, Problem, Request, Vehicle, Visit, Window, open_drops
from routing.task import Task

Sequences = dict[str, tuple[Task, ...]]
"""The visits of each vehicle that moves, in order, by the vehicle's id."""

THREADS_LIMIT = 4
STOP_PRIORITY = 100
END_PRIORITY = STOP_PRIORITY // 2
"""Priority of each end of a request that must be carried: both together count as an announced stop."""

FURTHEST_M = 4_000_000_000
PROFILE = "car"


def vroom_answers(problem: Problem, start: Plan, seconds: float) -> Iterator[Sequences]:
    """
    Yield ever more thorough answers, quick ones first.

    VROOM carries as many requests as it can, whatever they cost, so that it is asked twice at each
    depth: for what the start carries, and for everything.
    """
    served = tuple(
        replace(request, prize_cents=None) for request in problem.requests if request.id in start.served
    )
    kept = replace(problem, requests=served)
    questions = [kept, problem] if 0 < len(served) < len(problem.requests) else [problem]
    for exploration, warm in ((0, start), (2, None), (5, start), (5, None)):
        for question in questions:
            yield vroom_routes(question, warm, exploration=exploration, seconds=seconds)


NOTHING_TO_DO = "No task defined"


def vroom_routes(
    problem: Problem,
    start: Plan | None,
    *,
    exploration: int,
    seconds: float | None,
    threads: int = THREADS_LIMIT,
) -> Sequences:
    """
    Solve once with VROOM, from the given plan where there is one.

    ``exploration`` goes from 0 to 5. ``seconds`` is a hint that VROOM may overrun many times;
    ``threads`` are at most as many as the machine has. The answer is not checked, may leave an
    announced stop out, and differs from run to run.
    """
    book = _Book()
    for first in (start, None):
        try:
            solution = _model(problem, first, book).solve(
                exploration_level=exploration,
                nb_threads=min(threads, os.cpu_count() or 1),
                timeout=None if seconds is None else timedelta(seconds=seconds),
            )
        except VroomInputException as error:
            if NOTHING_TO_DO in str(error):
                return {}  # All there is to do is locked.
            if first is None:
                raise
            continue  # VROOM refuses to start from a plan that it holds for illegal.
        return _sequences(problem, book, solution)
    raise AssertionError("The loop above returns or raises.")


@dataclass
class _Book:
    """Give numbers to what VROOM knows by number only: tasks and skills."""

    numbers: dict[tuple[str, Task], int] = field(default_factory=dict)
    skills: dict[object, int] = field(default_factory=dict)

    def number(self, task: Task, vehicle_id: str = "") -> int:
        """Number a task; an announced stop is named within its vehicle only."""
        key = (vehicle_id if task.kind == "announced" else "", task)
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def skill(self, name: object) -> int:
        return self.skills.setdefault(name, len(self.skills) + 1)

    def tasks(self) -> dict[int, Task]:
        return {number: task for (_, task), number in self.numbers.items()}


def _model(problem: Problem, start: Plan | None, book: _Book) -> vroom.Input:
    model = vroom.Input()
    model.set_durations_matrix(PROFILE, problem.matrix.durations_s)
    model.set_distances_matrix(PROFILE, problem.matrix.distances_m)
    standing = {vehicle.id: behind_head(problem, vehicle) for vehicle in problem.vehicles}
    for vehicle in filter(None, standing.values()):
        windows = _windows_in_order(vehicle)
        for position, stop in enumerate(vehicle.announced):
            model.add_job(_job(book, vehicle, position, stop, windows[position]))
    top, locked = _top_priority(problem), problem.locked_in
    for request in problem.requests:
        if request.id not in locked:
            model.add_job(_shipment(book, request, _priority(request, *top)))
    sets = {request.vehicles for request in problem.requests if request.vehicles is not None}
    for index, vehicle in enumerate(problem.vehicles):
        stands = standing[vehicle.id]
        if stands is None:
            continue  # Its head has no hours: nobody can plan it.
        for drop in open_drops(vehicle):
            model.add_job(_open_drop(book, vehicle, drop, problem.request(drop.id)))
        steps = _steps(book, vehicle, start)
        model.add_vehicle(_vehicle(book, index, stands, len(problem.dimensions), sets, steps))
    return model


def _job(
    book: _Book, vehicle: Vehicle, position: int, stop: AnnouncedStop, windows: tuple[Window, ...]
) -> vroom.Job:
    frees, takes = _order_marks(position)
    return vroom.Job(
        book.number(Task("announced", stop.id), vehicle.id),
        stop.visit.place,
        default_setup=stop.visit.setup_s,
        default_service=stop.visit.service_s,
        delivery=vroom.Amount([max(0, -amount) for amount in stop.change] + list(frees)),
        pickup=vroom.Amount([max(0, amount) for amount in stop.change] + list(takes)),
        skills={book.skill(("only", vehicle.id))},
        priority=STOP_PRIORITY,
        time_windows=[vroom.TimeWindow(window.opens_s, window.closes_s) for window in windows],
    )


def _open_drop(book: _Book, vehicle: Vehicle, drop: Task, request: Request) -> vroom.Job:
    return vroom.Job(
        book.number(drop),
        request.drop.place,
        default_setup=request.drop.setup_s,
        default_service=request.drop.service_s,
        delivery=vroom.Amount([*request.load, 0, 0]),
        skills={book.skill(("only", vehicle.id))},
        priority=STOP_PRIORITY,
        time_windows=[vroom.TimeWindow(window.opens_s, window.closes_s) for window in request.drop.windows],
    )


def _order_marks(position: int) -> tuple[Load, Load]:
    """
    Return what the announced stop at this position frees and takes of the two order dimensions.

    With room for what is freed and no more, only the announced order is possible.
    """
    half = (position + 2) // 2
    if position % 2 == 0:
        return (half, 0), (0, position // 2)
    return (0, half), (half, 0)


def _order_room(stops: int) -> Load:
    frees = [_order_marks(position)[0] for position in range(stops)]
    return sum(first for first, _ in frees), sum(second for _, second in frees)


def _windows_in_order(vehicle: Vehicle) -> list[tuple[Window, ...]]:
    """
    Narrow the windows of announced stops to what the stops before and after leave possible.

    Counts handling only, not driving: a drive may be shorter by way of a third place.
    """
    visits = [stop.visit for stop in vehicle.announced]
    opens, closes = [0] * len(visits), [0] * len(visits)
    moment_s = vehicle.shift.opens_s
    for index, visit in enumerate(visits):
        hours = [max(moment_s, window.opens_s) for window in visit.windows if window.closes_s >= moment_s]
        opens[index] = hours[0] if hours else moment_s
        moment_s = opens[index] + visit.service_s
    moment_s = vehicle.shift.closes_s
    for index, visit in reversed(list(enumerate(visits))):
        moment_s -= visit.service_s
        hours = [min(moment_s, window.closes_s) for window in visit.windows if window.opens_s <= moment_s]
        moment_s = closes[index] = hours[-1] if hours else moment_s
    return [_clipped(visit, *bounds) for visit, *bounds in zip(visits, opens, closes, strict=True)]


def _clipped(visit: Visit, opens_s: int, closes_s: int) -> tuple[Window, ...]:
    cut = [(max(window.opens_s, opens_s), min(window.closes_s, closes_s)) for window in visit.windows]
    return tuple(Window(start, end) for start, end in cut if start <= end) or visit.windows


def _top_priority(problem: Problem) -> tuple[int, int]:
    """
    Return the priority of the dearest optional request, and its prize.

    VROOM adds priorities up, both ends of a shipment counted. Where something must be made, all
    optional ones together stay below one such stop, so that none is left out for their sake.
    """
    prizes = [request.prize_cents for request in problem.requests if request.prize_cents is not None]
    committed = len(prizes) < len(problem.requests) or any(vehicle.announced for vehicle in problem.vehicles)
    together = STOP_PRIORITY - 1
    top = together // (2 * max(1, len(prizes))) if committed else together
    return top, max(prizes, default=0)


def _priority(request: Request, top: int, dearest_cents: int) -> int:
    if request.prize_cents is None:
        return END_PRIORITY
    return request.prize_cents * top // max(1, dearest_cents)


def _shipment(book: _Book, request: Request, priority: int) -> vroom.Shipment:
    skills = {book.skill(skill) for skill in request.skills}
    if request.vehicles is not None:
        skills.add(book.skill(request.vehicles))
    return vroom.Shipment(
        _shipment_step(book.number(Task("pickup", request.id)), request.pickup),
        _shipment_step(book.number(Task("drop", request.id)), request.drop),
        amount=vroom.Amount([*request.load, 0, 0]),
        skills=skills,
        priority=priority,
    )


def _shipment_step(number: int, visit: Visit) -> vroom.ShipmentStep:
    return vroom.ShipmentStep(
        number,
        visit.place,
        default_setup=visit.setup_s,
        default_service=visit.service_s,
        time_windows=[vroom.TimeWindow(window.opens_s, window.closes_s) for window in visit.windows],
    )


def _vehicle(
    book: _Book,
    index: int,
    vehicle: Vehicle,
    dimensions: int,
    sets: set[frozenset[str]],
    steps: list[vroom.VehicleStep],
) -> vroom.Vehicle:
    skills = {book.skill(skill) for skill in vehicle.skills} | {book.skill(("only", vehicle.id))}
    skills |= {book.skill(allowed) for allowed in sets if vehicle.id in allowed}
    free_of_charge = not (vehicle.cents_per_hour or vehicle.cents_per_km)
    return vroom.Vehicle(
        index,
        start=vehicle.start,
        end=vehicle.end,
        capacity=vroom.Amount([*_room(vehicle, dimensions), *_order_room(len(vehicle.announced))]),
        skills=skills,
        time_window=vroom.TimeWindow(vehicle.shift.opens_s, vehicle.shift.closes_s),
        costs=vroom.VehicleCosts(
            fixed=vehicle.fixed_cents,
            per_hour=1 if free_of_charge else vehicle.cents_per_hour,
            per_km=vehicle.cents_per_km,
        ),
        max_travel_time=_longest_travel_s(vehicle),
        max_distance=FURTHEST_M if vehicle.longest_m is None else vehicle.longest_m,
        steps=steps,
    )


def _longest_travel_s(vehicle: Vehicle) -> int | None:
    """Return the longest driving; a route that takes no longer than it may drives no longer, either."""
    limits = [limit for limit in (vehicle.longest_drive_s, vehicle.longest_s) if limit is not None]
    return min(limits, default=None)


def _room(vehicle: Vehicle, dimensions: int) -> Load:
    """Shift the room by the goods on board at first that VROOM does not see, or sees too many of."""
    first = vehicle.load_at_start(dimensions)
    put_out = [sum(max(0, -stop.change[i]) for stop in vehicle.announced) for i in range(dimensions)]
    return tuple(room - own + seen for room, own, seen in zip(vehicle.capacity, first, put_out, strict=True))


def _steps(book: _Book, vehicle: Vehicle, start: Plan | None) -> list[vroom.VehicleStep]:
    """Tell where to begin: with the route of the start, or else with the announced stops alone."""
    route = start.route(vehicle.id) if start else None
    tasks = route.tasks if route else announced_tasks(vehicle)
    tasks = tuple(task for task in tasks if task not in vehicle.head)
    if not tasks:
        return []
    words = {"announced": "single", "pickup": "pickup", "drop": "delivery"}
    words_of = dict.fromkeys(open_drops(vehicle), "single")
    middle = [
        vroom.VehicleStep(words_of.get(task, words[task.kind]), book.number(task, vehicle.id))
        for task in tasks
    ]
    return [vroom.VehicleStep("start"), *middle, vroom.VehicleStep("end")]


def _sequences(problem: Problem, book: _Book, solution: vroom.solution.solution.Solution) -> Sequences:
    """Read the raw table: the printed answer would go through the process's standard output."""
    tasks = book.tasks()
    found: dict[str, list[Task]] = {}
    for row in np.asarray(solution._routes_numpy()):  # noqa: SLF001 - there is no silent public way
        if row["type"] in (b"job", b"pickup", b"delivery"):
            vehicle = problem.vehicles[int(row["vehicle_id"])]
            found.setdefault(vehicle.id, list(vehicle.head)).append(tasks[int(row["id"])])
    return {vehicle_id: tuple(sequence) for vehicle_id, sequence in found.items()}
