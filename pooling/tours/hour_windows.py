"""
The hours that somebody aboard a tour is told before it is confirmed: windows that only narrow.

A window is what was asked for, cut to what the van can do: it holds every hour that any order of stops
leaves a visit, rounded outward to a quarter of an hour. So it stands in nobody's way, and it is kept as
a hard window from then on: by who joins, by the operator's hand, by the search at the cut-off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.hours import begin_earliest, latest_leaves
from routing.plan import Route
from routing.problem import Problem, Request, Vehicle, Visit, Window
from routing.schedule import step_of
from routing.task import Task

QUARTER_S = 15 * 60


@dataclass(frozen=True)
class Told:
    """Hold between which hours a shipment is collected and handed over, in seconds of the day."""

    pickup: Window
    drop: Window


def told_windows(problem: Problem, route: Route) -> dict[str, Told]:
    """
    Return what can be told to each shipment of a route, in the windows that its request has.

    Earliest where the van leaves as its shift opens and collects it first, latest where it hands it over
    last and comes home as its shift closes: whatever stops are put around, a visit begins in between.
    """
    begins = {visit.task: visit.begins_s for visit in route.visits}
    vehicle = problem.vehicle(route.vehicle)
    ids = [task.id for task in route.tasks if task.kind == "drop"]
    return {one: _widest(problem, vehicle, one, begins) for one in ids}


def _widest(problem: Problem, vehicle: Vehicle, shipment: str, begins: Mapping[Task, int]) -> Told:
    steps = [step_of(problem, vehicle, task) for task in (Task("pickup", shipment), Task("drop", shipment))]
    planned = [begins[step.task] for step in steps]
    earliest = begin_earliest(problem.matrix, vehicle, steps, vehicle.shift.opens_s) or planned
    latest, _ = latest_leaves(problem.matrix, vehicle, steps, vehicle.shift.closes_s)
    pickup, drop = (
        # Where the van stands at that place already, nothing is set up, and a visit may begin so much later.
        _outward(step.visit.window_at(at), min(from_s, at), max(until_s + step.visit.setup_s, at))
        for step, from_s, until_s, at in zip(steps, earliest, latest, planned, strict=True)
    )
    return Told(pickup, drop)


def _outward(own: Window, from_s: int, until_s: int) -> Window:
    """Round to quarters of an hour outward, within a visit's own hours."""
    opens_s, closes_s = from_s // QUARTER_S * QUARTER_S, -(-until_s // QUARTER_S) * QUARTER_S
    return Window(max(own.opens_s, opens_s), min(own.closes_s, closes_s))


def kept_to(request: Request, told: Told | None) -> Request:
    """Hold a request to the hours that it was told; where its own hours have left them, to its own."""
    if told is None:
        return request
    return replace(
        request, pickup=_within(request.pickup, told.pickup), drop=_within(request.drop, told.drop)
    )


def _within(visit: Visit, told: Window) -> Visit:
    cut = ((max(one.opens_s, told.opens_s), min(one.closes_s, told.closes_s)) for one in visit.windows)
    windows = tuple(Window(opens_s, closes_s) for opens_s, closes_s in cut if opens_s <= closes_s)
    return replace(visit, windows=windows) if windows else visit
