"""
One more shipment against hundreds of open trips: how long the list of offers takes once the matrix is there.

    python -m bench.search_insertion out/days/tarn.npz
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

from bench.search_days import Size, make_day
from bench.search_places import read_places
from bench.search_trips import Trips
from routing.insertion import best_in_route, empty_plan, insert, insertions
from routing.plan import Plan
from routing.problem import Problem

TRIPS = 500
GUESTS = 1_000
TRIED = 12
"""Each guest rides on the first of so many trips that has a slot for it, if one has."""

ASKED = 21


def measure(file: Path) -> dict[str, Any]:
    """Ask for the slots of some shipments, one by one; the first, which warms up, is not counted."""
    problem, plan = open_trips(file)
    waiting = [one for one in problem.requests[GUESTS:] if one.id in plan.unserved]
    spent_ms, slots = [], []
    for request in waiting[: ASKED + 1]:
        begun_s = process_time()
        slots.append(len(insertions(problem, plan, request)))
        spent_ms.append(1_000 * (process_time() - begun_s))
    return {
        "trips": TRIPS,
        "riding": len(plan.served),
        "median_ms": round(median(spent_ms[1:]), 2),
        "most_ms": round(max(spent_ms[1:]), 2),
        "slots_median": median(slots[1:]),
    }


def open_trips(file: Path) -> tuple[Problem, Plan]:
    """Announce the trips, and put shipments on them where they fit."""
    places = read_places(file)
    day = make_day(places, Size(2 * GUESTS))
    trips = Trips(places, Random(1)).make(TRIPS, list(places.shops))
    problem = replace(day, vehicles=trips)
    plan = empty_plan(problem)
    assert plan is not None, "Announced trips keep their own hours."  # noqa: S101
    random = Random(2)
    for request in problem.requests[:GUESTS]:
        tried = random.sample(trips, TRIED)
        slots = (best_in_route(problem, trip, plan.route(trip.id), request) for trip in tried)
        slot = next(filter(None, slots), None)
        plan = plan if slot is None else insert(plan, slot)
    return problem, plan


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
