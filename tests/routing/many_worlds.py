"""
Random small problems of every feature at once, and random legal plans of them.

Several windows, heads, announced stops, bundles, goods apart, longest rides, skills, prizes, reserved
vehicles, own goods, open ends, two dimensions, all limits and all costs occur together. Matrices are
any whole numbers, so that a drive through a third place may be shorter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from routing.check import check
from routing.insertion import empty_plan
from routing.plan import Plan, Route
from routing.problem import STOPS_PER_ROUTE_LIMIT, Matrix, Problem, Request, Vehicle
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing.worlds import matrices, requests, vehicles, with_request

KINDS = ("fish", "flowers", "cheese")
PAIRS = tuple(frozenset(pair) for pair in combinations(KINDS, 2))
LEFT_OPEN = {"must_serve", "bundle_split"}
"""What a plan still breaks while somebody is left behind."""


@st.composite
def many_worlds(draw: st.DrawFn, *, vans: int = 2, parcels: int = 3, horizon_s: int = 40) -> Problem:
    """Draw a problem that makes sense; whether it has a legal plan is another matter."""
    apart = frozenset(draw(st.sets(st.sampled_from(PAIRS))))
    fleet = [draw(_van(f"van {at}", horizon_s)) for at in range(draw(_often(vans)))]
    guests = [
        draw(_parcel(f"parcel {at}", len(fleet), horizon_s, apart)) for at in range(draw(_often(parcels)))
    ]
    fleet = draw(_locked(fleet, guests))
    guests = _agreed(fleet, guests)
    return Problem(("crates", "cold crates"), draw(matrices()), tuple(fleet), tuple(guests), apart)


def on_roads(problem: Problem) -> Problem:
    """Let every way be the fastest, of several the shortest, as a road network answers it."""
    s, m = problem.matrix.durations_s, problem.matrix.distances_m
    way = s * 1_000_000 + m
    for by in range(len(way)):
        way = np.minimum(way, way[:, by, None] + way[None, by, :])
    return replace(problem, matrix=Matrix(durations_s=way // 1_000_000, distances_m=way % 1_000_000))


def _often(most: int) -> st.SearchStrategy[int]:
    """Draw a number from 1 on, and often the most there may be."""
    return st.integers(1, most) | st.just(most)


@st.composite
def _van(draw: st.DrawFn, name: str, horizon_s: int) -> Vehicle:
    """Draw one with more room and fewer limits than ``worlds`` does: more plans are legal."""
    seldom = st.none() | st.none()
    return replace(
        draw(vehicles(name, horizon_s)),
        capacity=draw(st.sampled_from([(4, 2), (6, 4), (8, 2), (3, 3)])),
        longest_drive_s=draw(seldom | st.integers(5, 30)),
        longest_m=draw(seldom | st.integers(5_000, 30_000)),
        longest_s=draw(seldom | st.integers(4, horizon_s)),
        skills=draw(st.sampled_from([frozenset(), frozenset({"cold"}), frozenset({"cold"})])),
    )


@st.composite
def _parcel(
    draw: st.DrawFn, name: str, vans: int, horizon_s: int, apart: frozenset[frozenset[str]]
) -> Request:
    seldom = st.none() | st.none()
    return replace(
        draw(requests(name, vans, horizon_s)),
        prize_cents=draw(st.integers(0, 60) | st.integers(0, 200) | st.none()),
        longest_ride_s=draw(seldom | st.integers(0, 20)),
        skills=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"cold"})])),
        vehicles=draw(seldom | st.sampled_from([frozenset({f"van {at}"}) for at in range(vans)])),
        goods=draw(_goods(apart)),
        bundle=draw(st.sampled_from([None, None, None, "pair", "pair"])),
    )


@st.composite
def _goods(draw: st.DrawFn, apart: frozenset[frozenset[str]]) -> frozenset[str]:
    kinds = frozenset(draw(st.sets(st.sampled_from(KINDS), max_size=2)))
    return kinds if kinds not in apart else frozenset({min(kinds)})


@st.composite
def _locked(draw: st.DrawFn, fleet: Sequence[Vehicle], guests: Sequence[Request]) -> list[Vehicle]:
    """Lock some announced stops and some guests into the beginnings of some routes."""
    places: dict[str, int | None] = {
        guest.bundle or guest.id: draw(st.sampled_from([None, None, *range(len(fleet))])) for guest in guests
    }
    result = []
    for at, vehicle in enumerate(fleet):
        stops = vehicle.announced[: draw(st.integers(0, len(vehicle.announced)))]
        aboard = [one.id for one in guests if places[one.bundle or one.id] == at and draw(st.booleans())]
        done = [one for one in aboard if draw(st.booleans())]
        result.append(replace(vehicle, head=draw(_head([stop.id for stop in stops], aboard, done))))
    return result


@st.composite
def _head(draw: st.DrawFn, stops: Sequence[str], aboard: Sequence[str], done: Sequence[str]):
    waiting, seen = iter(stops), set()
    head = []
    for name in draw(st.permutations([*[""] * len(stops), *aboard, *done])):
        if name:
            head.append(Task("drop" if name in seen else "pickup", name))
            seen.add(name)
        else:
            head.append(Task("announced", next(waiting)))
    return tuple(head)


def _agreed(fleet: Sequence[Vehicle], guests: Sequence[Request]) -> list[Request]:
    """Give what is locked no prize and a vehicle that may carry it, and mates the same words."""
    carrier = {task.id: one for one in fleet for task in one.head if task.kind == "pickup"}
    first: dict[str, Request] = {}
    result = []
    for guest in guests:
        vehicle = carrier.get(guest.id)
        mates = [one for one in guests if one is guest or (guest.bundle and one.bundle == guest.bundle)]
        locked = next((carrier[one.id] for one in mates if one.id in carrier), None)
        if locked is not None:
            only = None if guest.vehicles is None else frozenset({locked.id})
            guest = replace(guest, prize_cents=None, vehicles=only)
        if vehicle is not None:
            guest = replace(guest, skills=guest.skills & vehicle.skills)
        if guest.bundle is not None:
            leader = first.setdefault(guest.bundle, guest)
            prize = None if leader.prize_cents is None else guest.prize_cents or 0
            guest = replace(guest, prize_cents=prize, vehicles=leader.vehicles)
        result.append(guest)
    return result


@dataclass(frozen=True)
class Day:
    """Hold a problem with a plan that is legal but for who is left behind."""

    problem: Problem
    plan: Plan


@st.composite
def days(draw: st.DrawFn, **sizes: int) -> Day:
    """Draw a problem, and a plan in which some ride in any legal slot; bundles may be carried in part."""
    problem = draw(many_worlds(**sizes))
    plan = empty_plan(problem)
    if plan is None:  # What must be done in any case cannot be done: nobody is bound to anything.
        problem, plan = _unbound(problem)
    for name in draw(st.permutations(plan.unserved)):
        if not draw(st.sampled_from([True, True, False])):
            continue
        slots = list(legal_slots(problem, plan, problem.request(name)))
        if slots:
            plan = slots[draw(st.integers(0, len(slots) - 1))][3]
    assert {violation.code for violation in check(problem, plan)} <= LEFT_OPEN
    return Day(problem, plan)


def _unbound(problem: Problem) -> tuple[Problem, Plan]:
    free = tuple(replace(one, announced=(), initial_load=(), head=()) for one in problem.vehicles)
    problem = replace(problem, vehicles=free)
    return problem, Plan((), tuple(one.id for one in problem.requests))


def legal_slots(problem: Problem, plan: Plan, request: Request) -> Iterator[tuple[str, int, int, Plan]]:
    """
    Try one more request at every pair of positions of every vehicle, and let the checker judge.

    Yields the vehicle, the two positions and the plan. Mates that ride already must ride beside it.
    """
    mates = {one.id for one in problem.requests if one.bundle and one.bundle == request.bundle}
    for vehicle in problem.vehicles:
        route = plan.route(vehicle.id)
        tasks = route.tasks if route else ()
        for pickup_at in range(len(tasks) + 1):
            for drop_at in range(pickup_at, len(tasks) + 1):
                order = with_request(tasks, request.id, pickup_at, drop_at)
                longer = schedule_route(problem, vehicle, order)
                if longer is None or len(order) > STOPS_PER_ROUTE_LIMIT:
                    continue
                fuller = _with_route(plan, longer, request)
                carriers = {one.vehicle for one in fuller.routes for task in one.tasks if task.id in mates}
                codes = {violation.code for violation in check(problem, fuller)}
                if codes <= LEFT_OPEN and len(carriers) <= 1:
                    yield vehicle.id, pickup_at, drop_at, fuller


def _with_route(plan: Plan, route: Route, request: Request) -> Plan:
    others = tuple(one for one in plan.routes if one.vehicle != route.vehicle)
    return Plan((*others, route), tuple(one for one in plan.unserved if one != request.id))
