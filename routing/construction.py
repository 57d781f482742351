"""
A first plan from nothing: several greedy ones, mended at their true prices, the cheapest kept.

Greedy insertion alone never starts a vehicle whose standing cost is more than the first request
is worth, though ten requests together would pay for it. So some plans are built as if every request
had to ride and no vehicle cost anything to start; what does not pay is put out again afterwards.
"""

from collections.abc import Iterator
from dataclasses import replace

from routing.committed import must_move
from routing.cost import plan_cents
from routing.insertion import empty_plan, insert_all
from routing.mending import mended
from routing.plan import Plan
from routing.problem import Problem, Vehicle

SINGLE_VEHICLES_TRIED = 12
"""Plans that use one vehicle only are tried for so many vehicles."""


def first_plan(problem: Problem) -> Plan | None:
    """
    Build a legal plan, or ``None`` where an announced trip, or what is locked, cannot keep its own hours.

    Of what must be carried as much as was found to fit rides, whatever it costs; the plan is legal
    but for the rest, if any.
    """
    start = empty_plan(problem)
    if start is None:
        return None
    plans = [insert_all(problem, start)]
    for eager in _eager_problems(problem):
        eager_plan = insert_all(eager, start)
        served = eager_plan.served
        unserved = tuple(request.id for request in problem.requests if request.id not in served)
        plans.append(mended(problem, Plan(eager_plan.routes, unserved), lambda: False))
    return min(plans, key=lambda plan: (_left_against_the_rules(problem, plan), plan_cents(problem, plan)))


def _left_against_the_rules(problem: Problem, plan: Plan) -> int:
    return sum(1 for request_id in plan.unserved if problem.request(request_id).prize_cents is None)


def _eager_problems(problem: Problem) -> Iterator[Problem]:
    """Yield the problem as if everything had to ride for nothing but the way: all vans, then each alone."""
    if not any(vehicle.fixed_cents for vehicle in problem.vehicles):
        return
    requests = tuple(replace(request, prize_cents=None) for request in problem.requests)
    vans = tuple(replace(vehicle, fixed_cents=0) for vehicle in problem.vehicles)
    yield replace(problem, requests=requests, vehicles=vans)
    if 1 < len(vans) <= SINGLE_VEHICLES_TRIED:
        for van in vans:
            others = tuple(_full(other) if other is not van else other for other in vans)
            yield replace(problem, requests=requests, vehicles=others)


def _full(vehicle: Vehicle) -> Vehicle:
    """Leave a van no hour for anybody else, unless it must move anyway."""
    if must_move(vehicle):
        return vehicle
    return replace(vehicle, capacity=(0,) * len(vehicle.capacity), initial_load=())
