"""
The hours that somebody aboard a tour is told before it is confirmed: windows that only narrow.

A window holds every hour that the order of stops leaves a visit, rounded outward to a quarter of an
hour. It is kept as a hard window for everybody who joins afterwards; so a later one lies within it,
whoever joins, leaves, or finds a better order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.hours import begin_earliest, latest_leaves
from routing.plan import Route
from routing.problem import Problem, Request, Visit, Window
from routing.schedule import step_of

QUARTER_S = 15 * 60


@dataclass(frozen=True)
class Told:
    """Hold between which hours a shipment is collected and handed over, in seconds of the day."""

    pickup: Window
    drop: Window


def told_windows(problem: Problem, route: Route) -> dict[str, Told]:
    """
    Return what can be told to each shipment of a route, in the windows that its request has.

    Earliest where the van leaves as its shift opens and nobody waits, latest where it comes home as its
    shift closes: whatever stops are put between, a visit begins in between.
    """
    vehicle = problem.vehicle(route.vehicle)
    steps = [step_of(problem, vehicle, task) for task in route.tasks]
    earliest = begin_earliest(problem.matrix, vehicle, steps, vehicle.shift.opens_s)
    latest, _ = latest_leaves(problem.matrix, vehicle, steps, vehicle.shift.closes_s)
    if earliest is None:
        raise AssertionError("A plan that stands has legal hours.")
    found: dict[tuple[str, str], Window] = {}
    for step, from_s, until_s, visit in zip(steps, earliest, latest, route.visits, strict=True):
        own = step.visit.windows[0]
        wide = Window(
            max(own.opens_s, min(from_s, visit.begins_s) // QUARTER_S * QUARTER_S),
            min(own.closes_s, -(-max(until_s, visit.begins_s) // QUARTER_S) * QUARTER_S),
        )
        found[step.task.kind, step.task.id] = wide
    ids = [task.id for task in route.tasks if task.kind == "drop"]
    return {one: Told(found["pickup", one], found["drop", one]) for one in ids}


def kept_to(request: Request, told: Told | None) -> Request:
    """Hold a request to the hours that it was told; where its own hours have left them, to its own."""
    if told is None:
        return request
    return replace(
        request, pickup=_within(request.pickup, told.pickup), drop=_within(request.drop, told.drop)
    )


def all_kept(before: Mapping[str, Told], now: Mapping[str, Told]) -> bool:
    """Tell whether every window lies within what its shipment was told before."""
    return all(
        old.opens_s <= new.opens_s and new.closes_s <= old.closes_s
        for one, told in now.items()
        if one in before
        for old, new in ((before[one].pickup, told.pickup), (before[one].drop, told.drop))
    )


def _within(visit: Visit, told: Window) -> Visit:
    cut = ((max(one.opens_s, told.opens_s), min(one.closes_s, told.closes_s)) for one in visit.windows)
    windows = tuple(Window(opens_s, closes_s) for opens_s, closes_s in cut if opens_s <= closes_s)
    return replace(visit, windows=windows) if windows else visit
