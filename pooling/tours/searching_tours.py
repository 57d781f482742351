"""
Search for tours: plans to choose from, before anybody asks whether they can be paid.

What is held by hand comes in as what must ride and how routes begin (``pooling.tours.holds.bound``).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event

from pooling.tours.leaving import without_all
from pooling.tours.payers import Payers
from routing.abreast import LOOK_EVERY_S, cores
from routing.construction import first_plan
from routing.engine import Engine
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import solve

FIRST_PLAN_PAIRS = 2_000
"""Of more pairs of a shipment and a tour, the compiled search makes the first plan."""

FIRST_ITERATIONS, FIRST_PLAN_S = 4, 60.0
"""So much of it for each shipment comes before the time of a search begins, however busy the machine: it
takes seconds; after so many, what there is of it will do."""

WHOLE_TOURS = 5
"""From so many tours on, parties with several shipments are served whole or not at all."""

WHOLE_ROUNDS, WHOLE_FROM, WHOLE_FACTOR = 3, 2, 15
"""So often a search goes on by whole parties: half of one aboard counts as wanted, at 1.5 times its prize."""

ABOARD_CENTS = 1_000_000
"""A prize that no detour outweighs: 10,000 €."""


def plan_tours(
    problem: Problem,
    *,
    deadline_s: float,
    engine: Engine | None = None,
    cancelled: Callable[[], bool] | None = None,
    payers: Payers | None = None,
    start: Plan | None = None,
) -> tuple[Plan, ...]:
    """
    Find plans to choose from: one for the prizes as they are, one with everybody aboard who fits.

    What riding is worth to a party grows with how much of its day rides, which no prize per
    shipment can say; so the second plan starts from the full van, and whoever cannot pay leaves it.
    With ``payers`` a third one serves parties whole or not at all, as far as a search can be asked to.
    ``engine`` and ``cancelled`` are those of the search (``routing.solve``). What must ride does; the search
    then sets out from ``start``, which carries it.
    """
    wanted = tuple(
        one if one.prize_cents is None else replace(one, prize_cents=ABOARD_CENTS) for one in problem.requests
    )
    full = replace(problem, requests=wanted)
    asked = (problem, full)
    starts = [start, start] if start is not None else _first_plans(asked, deadline_s, cancelled)
    plans = [
        solve(one, deadline_s, begin, engine=engine, cancelled=cancelled).plan
        for one, begin in zip(asked, starts, strict=True)
    ]
    several = payers is not None and any(len(group) > 1 for group in payers.wanting.values())
    if payers is not None and several and deadline_s > 0 and len(problem.vehicles) >= WHOLE_TOURS:
        plans.append(_by_whole_parties(problem, plans[0], payers, deadline_s, cancelled))
    return tuple(plans)


def _by_whole_parties(
    problem: Problem,
    plan: Plan,
    payers: Payers,
    deadline_s: float,
    cancelled: Callable[[], bool] | None,
) -> Plan:
    """Search on, a few times: who rides for the most part is wanted more, who hardly rides not at all."""
    party_of = {one.id: party for party, group in payers.wanting.items() for one in group}
    for _ in range(WHOLE_ROUNDS):
        riding = payers.served(plan)
        hardly = {
            party: here
            for party, here in riding.items()
            if WHOLE_FROM * len(here) < len(payers.wanting[party])
            and not any(problem.request(one.id).prize_cents is None for one in here)
        }
        wanted = riding.keys() - hardly.keys()
        asked = replace(
            problem,
            requests=tuple(
                one
                if one.prize_cents is None
                else replace(one, prize_cents=WHOLE_FACTOR * one.prize_cents // 10 if wanted_by else 0)
                for one in problem.requests
                for wanted_by in [party_of[one.id] in wanted]
            ),
        )
        start = without_all(problem, plan, hardly)
        plan = solve(asked, deadline_s / WHOLE_ROUNDS, start, cancelled=cancelled).plan
    return plan


def _first_plans(
    asked: tuple[Problem, Problem], deadline_s: float, cancelled: Callable[[], bool] | None
) -> list[Plan | None]:
    """Make the plans that the searches set out from; those of many tours side by side, each on a core."""
    if deadline_s <= 0 or len(asked[0].requests) * len(asked[0].vehicles) <= FIRST_PLAN_PAIRS:
        return [_inserted(one) for one in asked]
    if cores() == 1:
        return [_counted(one, cancelled) for one in asked]
    mine, other = asked
    over = Event()
    with ThreadPoolExecutor(1, "carriole-first-plan") as threads:
        found = threads.submit(_counted, other, over.is_set)
        try:
            first = _counted(mine, cancelled)
            while not wait([found], LOOK_EVERY_S).done:
                if cancelled is not None and cancelled():
                    over.set()
        finally:
            over.set()
    return [first, found.result()]


def _inserted(problem: Problem) -> Plan | None:
    start = first_plan(problem)
    if start is None and len(problem.requests) * len(problem.vehicles) <= FIRST_PLAN_PAIRS:
        raise AssertionError("Tours announce no stops of their own.")
    return start


def _counted(problem: Problem, cancelled: Callable[[], bool] | None) -> Plan | None:
    """Search by work instead of time: on a machine that lets a search hardly run, this is the plan."""
    work = FIRST_ITERATIONS * len(problem.requests)
    plan = solve(problem, FIRST_PLAN_S, cancelled=cancelled, iterations=work).plan
    return plan if plan.served else None
