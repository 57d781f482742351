"""Farms and shops scattered over the land: a small day, a large one, and what no search may make worse."""

from random import Random

import numpy as np

from geodata.matrix import Matrix
from routing.check import check
from routing.cost import plan_cents
from routing.insertion import best_insertion, empty_plan, insert
from routing.plan import Plan
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.solve import Solved

TOLERANCE_S = 0.5
"""The promise is 0.2 s; a test machine may be busy."""


def scattered(requests: int, vehicles: int, seed: int = 1) -> Problem:
    """Scatter farms and shops over 40 by 40 km; every third shipment must be carried."""
    random = Random(seed)
    points = np.array([[random.randrange(40_000) for _ in "xy"] for _ in range(vehicles + 2 * requests)])
    metres = np.abs(points[:, None] - points[None]).sum(axis=2).astype(np.int64)
    vans = tuple(
        Vehicle(
            id=f"van {i}",
            start=i,
            end=i,
            capacity=(40,),
            announced=tuple(
                AnnouncedStop(f"stop {k}", Visit(random.randrange(len(points)), service_s=120), (change,))
                for k, change in enumerate((6, -9, 2))
            ),
            initial_load=(8,),
            fixed_cents=500,
            cents_per_km=40,
            cents_per_hour=1_500,
        )
        for i in range(vehicles)
    )
    guests = tuple(
        Request(
            id=f"r{i}",
            pickup=Visit(vehicles + 2 * i, (Window(0, 20_000),), 300, 120),
            drop=Visit(vehicles + 2 * i + 1, (Window(3_600, 40_000),), 300, 120),
            load=(random.randrange(1, 8),),
            prize_cents=random.randrange(300, 4_000) if i % 3 else None,
        )
        for i in range(requests)
    )
    return Problem(("crates",), Matrix(metres // 15, metres), vans, guests)


def must_ride_only(problem: Problem) -> Plan:
    """Carry only what must be carried."""
    plan = empty_plan(problem)
    assert plan is not None
    for request in problem.requests:
        if request.prize_cents is None:
            slot = best_insertion(problem, plan, request)
            assert slot is not None
            plan = insert(plan, slot)
    return plan


SMALL = scattered(9, 2)
START = must_ride_only(SMALL)
LARGE = scattered(120, 8)


_large_starts: list[Plan] = []


def large_start() -> Plan:
    if not _large_starts:
        _large_starts.append(must_ride_only(LARGE))
    return _large_starts[0]


def assert_no_worse(problem: Problem, start: Plan, solved: Solved) -> None:
    assert check(problem, solved.plan) == ()
    assert plan_cents(problem, solved.plan) <= plan_cents(problem, start)
