"""Neighbourhoods: parts of a large plan that can be searched apart and put back as they are."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from geodata.matrix import Matrix
from routing.check import check
from routing.cost import plan_cents
from routing.mending import plan_of
from routing.neighbourhoods import ROUTES_PER_PART, parts
from routing.plan import Plan
from routing.problem import Problem, Request, Vehicle, Visit
from routing.task import Task

VALLEYS, VANS_PER_VALLEY, PLACES = 3, 12, 40
CROWD = 100
"""Metres between neighbours of one valley; the valleys lie a thousand times as far apart."""


def _place(valley: int, at: int) -> int:
    return valley * PLACES + at


def _valleys(**of_left) -> Problem:
    """Let twelve vans and one that stands idle serve each of three valleys, two parcels a van."""
    spots = np.array(
        [valley * 1_000 * CROWD + at * CROWD for valley in range(VALLEYS) for at in range(PLACES)]
    )
    metres = np.abs(spots[:, None] - spots[None]).astype(np.int64)
    vans = tuple(
        Vehicle(f"van {valley}.{at}", _place(valley, at), _place(valley, at), (10,), cents_per_km=100)
        for valley in range(VALLEYS)
        for at in range(VANS_PER_VALLEY + 1)
    )
    parcels = tuple(
        Request(
            f"parcel {valley}.{at}.{one}",
            Visit(_place(valley, at + one)),
            Visit(_place(valley, PLACES - 1 - at)),
            (1,),
            prize_cents=10_000,
        )
        for valley in range(VALLEYS)
        for at in range(VANS_PER_VALLEY)
        for one in (0, 1)
    )
    left = Request(
        "left behind", Visit(_place(2, 3)), Visit(_place(2, 30)), (1,), prize_cents=10_000, **of_left
    )
    return Problem(("crates",), Matrix(metres // 10, metres), vans, (*parcels, left))


def _served(problem: Problem) -> Plan:
    """Let each van carry its two parcels, one after the other."""
    orders = {
        f"van {valley}.{at}": tuple(
            Task(kind, f"parcel {valley}.{at}.{one}") for one in (0, 1) for kind in ("pickup", "drop")
        )
        for valley in range(VALLEYS)
        for at in range(VANS_PER_VALLEY)
    }
    plan = plan_of(problem, orders)
    assert plan is not None
    return plan


PROBLEM = _valleys()
PLAN = _served(PROBLEM)


def _valleys_of(vehicles: frozenset[str]) -> set[str]:
    moving = {route.vehicle for route in PLAN.routes}
    return {name.split()[1].split(".")[0] for name in vehicles & moving}


@pytest.mark.parametrize("seed", range(6))
def test_parts_share_nothing_and_have_routes_enough(seed: int) -> None:
    cut = parts(PROBLEM, PLAN, 3, seed)
    moving = {route.vehicle for route in PLAN.routes}
    assert len(cut) >= 1
    for part in cut:
        assert len(part.vehicles & moving) >= ROUTES_PER_PART
    for one, other in combinations(cut, 2):
        assert not one.vehicles & other.vehicles and not one.requests & other.requests


def test_what_lies_near_each_other_comes_together() -> None:
    for seed in range(8):
        first = parts(PROBLEM, PLAN, VALLEYS, seed)[0]
        assert len(_valleys_of(first.vehicles)) == 1


def test_other_seeds_make_other_parts() -> None:
    assert len({part for seed in range(12) for part in parts(PROBLEM, PLAN, 2, seed)}) > 2
    assert parts(PROBLEM, PLAN, 2, 5) == parts(PROBLEM, PLAN, 2, 5)


def test_a_plan_with_few_routes_has_no_parts() -> None:
    few = Plan(PLAN.routes[: ROUTES_PER_PART - 1], ())
    assert parts(PROBLEM, few, 2, 1) == ()
    assert parts(PROBLEM, Plan((), ()), 2, 1) == ()


def test_a_part_is_a_problem_of_its_own_and_its_plan_legal() -> None:
    for part in parts(PROBLEM, PLAN, 3, 4):
        assert check(part.problem_of(PROBLEM), part.plan_of(PLAN)) == ()


def test_what_a_part_found_is_put_back_and_the_rest_stays() -> None:
    for part in parts(PROBLEM, PLAN, 2, 3):
        own, before = part.problem_of(PROBLEM), part.plan_of(PLAN)
        found = Plan(
            before.routes[1:],
            tuple(r.id for r in own.requests if r.id not in Plan(before.routes[1:], ()).served),
        )
        whole = part.put_back(PROBLEM, PLAN, found)
        assert check(PROBLEM, whole) == ()
        difference = plan_cents(PROBLEM, whole) - plan_cents(PROBLEM, PLAN)
        assert difference == plan_cents(own, found) - plan_cents(own, before)
        others = [route for route in PLAN.routes if route.vehicle not in part.vehicles]
        assert all(route in whole.routes for route in others)
        assert part.put_back(PROBLEM, whole, before) == PLAN


def test_what_was_left_behind_joins_the_part_of_its_nearest_route() -> None:
    for seed in range(8):
        first = parts(PROBLEM, PLAN, VALLEYS, seed)[0]
        assert ("left behind" in first.requests) == (_valleys_of(first.vehicles) == {"2"})


def test_what_is_reserved_for_others_stays_out_and_names_only_its_own() -> None:
    for names, joins in ((frozenset({"van 0.12"}), False), (frozenset({"van 2.3", "van 0.12"}), True)):
        problem = _valleys(vehicles=names)
        plan = _served(problem)
        for seed in range(8):
            for part in parts(problem, plan, 3, seed):
                if "left behind" in part.requests:
                    kept = part.problem_of(problem).request("left behind").vehicles
                    assert kept == names & part.vehicles != frozenset()
                    assert joins or "van 0.12" in part.vehicles


def test_a_bundle_that_was_left_behind_joins_whole_or_not_at_all() -> None:
    problem = _valleys(bundle="both")
    mate = replace(problem.request("left behind"), id="its mate", pickup=Visit(_place(0, 3)))
    problem = replace(problem, requests=(*problem.requests, mate))
    plan = _served(problem)
    for seed in range(8):
        for part in parts(problem, plan, 3, seed):
            assert ("left behind" in part.requests) == ("its mate" in part.requests)


def test_vehicles_that_stand_idle_are_dealt_out() -> None:
    cut = parts(PROBLEM, PLAN, 2, 2)
    idle = {vehicle.id for vehicle in PROBLEM.vehicles} - {route.vehicle for route in PLAN.routes}
    assert len(idle) == VALLEYS
    assert {name for part in cut for name in part.vehicles & idle} == idle
