"""
The plan that a search begins with where none is given: greedy, at once, whatever the size.
"""

from collections.abc import Callable
from time import monotonic

from geodata.refusal import Refusal
from routing.construction import SINGLE_VEHICLES_TRIED, first_plan
from routing.insertion import empty_plan
from routing.mending import mended
from routing.part import Part
from routing.plan import Plan
from routing.problem import Problem

ROUTES_TRIED_AT_ONCE = 1_000
"""Where a whole first plan tries no more routes than this, it is built at once: in about 0.1 s."""

OPENING_SHARE = 0.05
"""Above, the part of the time in which requests are inserted one by one before the children begin."""


class AnnouncedHoursImpossible(Refusal):
    code = "announced_hours_impossible"
    reason = (
        "Vehicle {vehicle} cannot make its own announced stops, and what is locked into it, "
        "within its hours, room and limits."
    )
    cure = (
        "Let it leave earlier, give these stops more time or the vehicle more room, or leave one of them out."
    )


def opening(
    problem: Problem, deadline_s: float, *, timeless: bool, cancelled: Callable[[], bool] = lambda: False
) -> Plan:
    """
    Build a plan to begin with; it may leave behind what must be carried.

    With ``timeless`` the clock is not looked at, so that the plan is always the same.
    """
    bare = empty_plan(problem)
    if bare is None:
        raise AnnouncedHoursImpossible(vehicle=_impossible(problem))
    if _routes_tried(problem) <= ROUTES_TRIED_AT_ONCE:
        return first_plan(problem) or bare
    if timeless:
        return bare
    until_s = monotonic() + OPENING_SHARE * deadline_s
    return mended(problem, bare, lambda: monotonic() > until_s or cancelled())


def _routes_tried(problem: Problem) -> float:
    """Return about how many routes a first plan tries to insert into; a long one counts several times."""
    requests, vans = len(problem.requests), max(1, len(problem.vehicles))
    plans = 2 + (vans if vans <= SINGLE_VEHICLES_TRIED else 0)
    return plans * requests * vans * (1 + (requests / vans / 8) ** 2)


def _impossible(problem: Problem) -> str:
    """Name the first vehicle that cannot even make its own stops."""
    for vehicle in problem.vehicles:
        locked = frozenset(task.id for task in vehicle.head if task.kind != "announced")
        if empty_plan(Part(frozenset({vehicle.id}), locked).problem_of(problem)) is None:
            return vehicle.id
    raise AssertionError("One of the vehicles left no plan.")
