"""
Small worlds that several test modules share: one road with names, random ones, and brute force.

What is here shares no code with what it judges, beyond turning an order into hours where the tests
of the schedule have already judged that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from geodata.matrix import Matrix
from routing.plan import Plan, Route
from routing.problem import (
    ALWAYS,
    STOPS_PER_ROUTE_LIMIT,
    AnnouncedStop,
    Problem,
    Request,
    Vehicle,
    Visit,
    Window,
)
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing.test_check import _road as road

CRATES = ("crates",)
HORIZON_S = 14
"""Tiny worlds end here, so that every second can be tried."""

__all__ = ["road"]


def van(**changes) -> Vehicle:
    """Stand at the first place of the road with room for ten; a cent a minute, ten cents a kilometre."""
    return replace(
        Vehicle(id="van", start=0, end=0, capacity=(10,), cents_per_km=10, cents_per_hour=60), **changes
    )


def parcel(
    name: str = "parcel", pickup: Visit | int = 1, drop: Visit | int = 3, load: int = 1, **more
) -> Request:
    ends = [one if isinstance(one, Visit) else Visit(one) for one in (pickup, drop)]
    return Request(name, *ends, (load,), **more)


def stop(name: str, place: int, change: int = 0, **visit) -> AnnouncedStop:
    return AnnouncedStop(name, Visit(place, **visit), (change,))


def along_the_road(*requests: Request, vehicles: Sequence[Vehicle] = (), places: int = 6) -> Problem:
    """Put requests on the road of ten minutes and ten kilometres between neighbours, with one van."""
    return Problem(CRATES, road(places), tuple(vehicles) or (van(),), requests)


@dataclass(frozen=True)
class Scene:
    """
    Hold a vehicle with a legal route (``None`` where it stands), and one more request.

    ``committed`` is the plan that the route belongs to, where others have routes, too.
    """

    problem: Problem
    vehicle: Vehicle
    route: Route | None
    request: Request
    committed: Plan | None = None

    @property
    def plan(self) -> Plan:
        if self.committed is not None:
            return self.committed
        routes = () if self.route is None else (self.route,)
        served = Plan(routes, ()).served
        return Plan(routes, tuple(r.id for r in self.problem.requests if r.id not in served))


def every_slot(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> list[tuple[int, int, Route]]:
    """Try every pair of positions, whatever may forbid it, and schedule it."""
    tasks = route.tasks if route else ()
    found = []
    for pickup_at in range(len(tasks) + 1):
        for drop_at in range(pickup_at, len(tasks) + 1):
            order = with_request(tasks, request.id, pickup_at, drop_at)
            longer = schedule_route(problem, vehicle, order)
            if longer is not None and len(order) <= STOPS_PER_ROUTE_LIMIT:
                found.append((pickup_at, drop_at, longer))
    return found


def with_request(tasks: Sequence[Task], request_id: str, pickup_at: int, drop_at: int) -> list[Task]:
    order = [*tasks[:drop_at], Task("drop", request_id), *tasks[drop_at:]]
    return [*order[:pickup_at], Task("pickup", request_id), *order[pickup_at:]]


def every_hours(
    problem: Problem, vehicle: Vehicle, tasks: Sequence[Task]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """
    Yield every legal choice of hours of a tiny world: when it ends, when it leaves, all begins.

    Tries every second up to the horizon. Looks at hours only: room and driving limits are not judged.
    """
    visits = [_visit_of(problem, vehicle, task) for task in tasks]
    seconds = problem.matrix.durations_s

    def walk(begins: tuple[int, ...], place: int, clock_s: int, boarded: dict[str, int]):
        at = len(begins)
        if at == len(visits):
            ends_s = clock_s + (0 if vehicle.end is None else int(seconds[place, vehicle.end]))
            if ends_s <= vehicle.shift.closes_s:
                yield ends_s, begins
            return
        task, visit = tasks[at], visits[at]
        took_s = visit.service_s + (visit.setup_s if visit.place != place else 0)
        for begin_s in range(clock_s + int(seconds[place, visit.place]), HORIZON_S + 1):
            if not any(window.opens_s <= begin_s <= window.closes_s for window in visit.windows):
                continue
            if task.kind == "drop":
                longest_s = problem.request(task.id).longest_ride_s
                if longest_s is not None and begin_s - boarded[task.id] > longest_s:
                    continue
            aboard = {**boarded, task.id: begin_s + took_s} if task.kind == "pickup" else boarded
            yield from walk((*begins, begin_s), visit.place, begin_s + took_s, aboard)

    for leaves_s in range(vehicle.shift.opens_s, HORIZON_S + 1):
        for ends_s, begins in walk((), vehicle.start, leaves_s, {}):
            yield ends_s, leaves_s, begins


def _visit_of(problem: Problem, vehicle: Vehicle, task: Task) -> Visit:
    if task.kind == "announced":
        return next(one.visit for one in vehicle.announced if one.id == task.id)
    return getattr(problem.request(task.id), task.kind)


# Random worlds. Their matrices are any whole numbers: drives through a third place may be shorter, as
# rounding makes them in life.

PLACES = 4
DRIVES_S = st.integers(0, 4)


@st.composite
def matrices(draw: st.DrawFn, places: int = PLACES) -> Matrix:
    def grid() -> np.ndarray:
        rows = draw(
            st.lists(st.lists(DRIVES_S, min_size=places, max_size=places), min_size=places, max_size=places)
        )
        filled = np.array(rows, dtype=np.int64)
        np.fill_diagonal(filled, 0)
        return filled

    return Matrix(durations_s=grid(), distances_m=grid() * 1_000)


@st.composite
def windows(draw: st.DrawFn, horizon_s: int = HORIZON_S) -> tuple[Window, ...]:
    """Draw open hours, or one or two windows."""
    if draw(st.booleans()):
        return ALWAYS
    count = draw(st.sampled_from([2, 4]))
    ends = sorted(draw(st.lists(st.integers(0, horizon_s), min_size=count, max_size=count, unique=True)))
    return tuple(Window(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True))


@st.composite
def visits(draw: st.DrawFn, horizon_s: int = HORIZON_S) -> Visit:
    return Visit(
        place=draw(st.integers(0, PLACES - 1)),
        windows=draw(windows(horizon_s)),
        service_s=draw(st.integers(0, 2)),
        setup_s=draw(st.integers(0, 3)),
    )


@st.composite
def requests(draw: st.DrawFn, name: str, vans: int, horizon_s: int = HORIZON_S) -> Request:
    reserved = [frozenset({f"van {at}"}) for at in range(vans)]
    return Request(
        id=name,
        pickup=draw(visits(horizon_s)),
        drop=draw(visits(horizon_s)),
        load=draw(st.sampled_from([(1, 0), (2, 0), (1, 1), (0, 2), (3, 1)])),
        prize_cents=draw(st.none() | st.integers(0, 60)),
        longest_ride_s=draw(st.none() | st.integers(0, 10)),
        skills=draw(st.sampled_from([frozenset(), frozenset({"cold"})])),
        vehicles=draw(st.sampled_from([None, None, *reserved])),
    )


@st.composite
def vehicles(draw: st.DrawFn, name: str, horizon_s: int = HORIZON_S) -> Vehicle:
    announced = tuple(
        AnnouncedStop(f"stop {at}", draw(visits(horizon_s)), change)
        for at, change in enumerate(draw(st.sampled_from([(), (), ((-1, 0),), ((1, 0), (-2, 0))])))
    )
    return Vehicle(
        id=name,
        start=draw(st.integers(0, PLACES - 1)),
        end=draw(st.none() | st.integers(0, PLACES - 1)),
        capacity=draw(st.sampled_from([(3, 2), (4, 1), (6, 4), (2, 0)])),
        shift=Window(draw(st.integers(0, 2)), draw(st.integers(horizon_s - 4, horizon_s))),
        initial_load=(1, 0) if announced else (),
        announced=announced,
        skills=draw(st.sampled_from([frozenset(), frozenset({"cold"})])),
        longest_drive_s=draw(st.none() | st.integers(4, 25)),
        longest_m=draw(st.none() | st.integers(4_000, 25_000)),
        fixed_cents=draw(st.sampled_from([0, 0, 5])),
        cents_per_km=draw(st.sampled_from([0, 1, 3])),
        cents_per_hour=draw(st.sampled_from([0, 1_800, 3_600, 7_000])),
        cents_per_stop=draw(st.sampled_from([0, 2])),
    )


@st.composite
def problems(draw: st.DrawFn, *, vans: int, parcels: int, horizon_s: int = HORIZON_S) -> Problem:
    return Problem(
        dimensions=("crates", "cold crates"),
        matrix=draw(matrices()),
        vehicles=tuple(draw(vehicles(f"van {at}", horizon_s)) for at in range(vans)),
        requests=tuple(
            draw(requests(f"parcel {at}", vans, horizon_s)) for at in range(draw(st.integers(1, parcels)))
        ),
    )


@st.composite
def orders(draw: st.DrawFn, problem: Problem, vehicle: Vehicle) -> tuple[Task, ...]:
    """Draw an order of everything there is, each pickup before its drop, announced stops as announced."""
    names = [one.id for one in problem.requests for _ in range(2)] + [""] * len(vehicle.announced)
    announced = iter(vehicle.announced)
    seen: set[str] = set()
    order = []
    for name in draw(st.permutations(names)):
        kind = "announced" if not name else ("drop" if name in seen else "pickup")
        seen.add(name)
        order.append(Task(kind, name or next(announced).id))
    return tuple(order)


@st.composite
def scenes(draw: st.DrawFn, *, vans: int = 2, parcels: int = 4, horizon_s: int = 40) -> Scene:
    """Draw a vehicle that already carries what fits somewhere, and one more request."""
    problem = draw(problems(vans=vans, parcels=parcels, horizon_s=horizon_s))
    vehicle, request = problem.vehicles[0], problem.requests[-1]
    tasks = tuple(Task("announced", one.id) for one in vehicle.announced)
    route = schedule_route(problem, vehicle, tasks) if tasks else None
    if tasks and route is None:  # Its own hours cannot be kept: leave them out.
        vehicle = replace(vehicle, announced=(), initial_load=())
        problem = replace(problem, vehicles=(vehicle, *problem.vehicles[1:]))
    for guest in problem.requests[:-1]:
        slots = every_slot(problem, vehicle, route, guest) if allowed(vehicle, guest) else []
        if slots:
            route = draw(st.sampled_from(slots))[2]
    return Scene(problem, vehicle, route, request)


def allowed(vehicle: Vehicle, request: Request) -> bool:
    return request.skills <= vehicle.skills and (request.vehicles is None or vehicle.id in request.vehicles)
