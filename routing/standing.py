"""
Where a vehicle stands at a moment of the day: what is behind it, what comes next, what is on board.

What was begun is finished, and the stop that a vehicle is driving to is kept. It may go anywhere after
that, from the place and the second at which it will have left.
"""

from dataclasses import dataclass, replace

from routing.hours import earliest_in
from routing.plan import PlannedVisit, Route
from routing.problem import Problem, Vehicle, Window
from routing.schedule import step_of
from routing.task import Task


@dataclass(frozen=True)
class Standing:
    """
    Hold where a vehicle may go on from, and when.

    ``kept`` are the visits that nothing changes any more, with their true hours. ``passed`` tells that
    it reached ``place`` without handling anything there, or only waits there. ``finished`` tells that
    it has nothing left but to drive home.
    """

    vehicle: Vehicle
    route: Route | None
    kept: tuple[PlannedVisit, ...]
    place: int
    ready_s: int
    passed: bool = False
    finished: bool = False

    @property
    def under_way(self) -> bool:
        """Tell whether it has left: its past and the way it came cannot be changed."""
        return bool(self.kept) or self.passed

    @property
    def ahead(self) -> tuple[Task, ...]:
        """Return what was planned beyond what is kept."""
        return self.route.tasks[len(self.kept) :] if self.route else ()

    @property
    def aboard(self) -> tuple[str, ...]:
        """Return the requests picked up and not dropped, in the order of their pickups."""
        dropped = {visit.task.id for visit in self.kept if visit.task.kind == "drop"}
        picked = [visit.task.id for visit in self.kept if visit.task.kind == "pickup"]
        return tuple(one for one in picked if one not in dropped)

    def so_far(self) -> Route | None:
        """Return the route as far as it came, hours and visits only."""
        if self.route is None or not self.kept:
            return None
        return replace(self.route, visits=self.kept, ends_s=max(self.ready_s, self.kept[-1].leaves_s))

    @property
    def delivered(self) -> tuple[str, ...]:
        return tuple(visit.task.id for visit in self.kept if visit.task.kind == "drop")


def standing(
    problem: Problem,
    vehicle: Vehicle,
    route: Route | None,
    now_s: int,
    *,
    lost_s: int = 0,
    cancelled: str | None = None,
) -> Standing:
    """Find where a vehicle goes on from, ``lost_s`` later than planned; a cancelled stop is only passed."""
    if route is None or route.leaves_s > now_s:
        planned_s = route.leaves_s if route is not None and lost_s else now_s
        ready_s = max(vehicle.shift.opens_s, planned_s, now_s) + lost_s
        return Standing(vehicle, route, (), vehicle.start, ready_s)
    at = next((at for at, visit in enumerate(route.visits) if visit.leaves_s > now_s), None)
    if at is None:
        return _beyond_the_last(vehicle, route, now_s + lost_s)
    behind, visit = route.visits[:at], route.visits[at]
    if visit.begins_s <= now_s:
        kept = replace(visit, leaves_s=visit.leaves_s + lost_s)
        return Standing(vehicle, route, (*behind, kept), visit.place, kept.leaves_s)
    arrives_s = visit.arrives_s + lost_s if visit.arrives_s > now_s else now_s + lost_s
    wanted_s = max(arrives_s, visit.begins_s) if lost_s else visit.begins_s
    if visit.task.id == cancelled and visit.task.kind != "announced":
        return Standing(vehicle, route, behind, visit.place, max(arrives_s, now_s), passed=True)
    if earliest_in(_windows(problem, vehicle, visit.task), wanted_s) != wanted_s:
        return Standing(vehicle, route, behind, visit.place, arrives_s, passed=True)
    later_s = wanted_s - visit.begins_s
    kept = replace(visit, begins_s=wanted_s, leaves_s=visit.leaves_s + later_s)
    return Standing(vehicle, route, (*behind, kept), visit.place, kept.leaves_s)


def broken_down(vehicle: Vehicle, route: Route | None, place: int, now_s: int) -> Standing:
    """Return where a vehicle stands that goes no farther; what was begun is done."""
    visits = route.visits if route is not None and route.leaves_s <= now_s else ()
    kept = tuple(visit for visit in visits if visit.begins_s <= now_s)
    return Standing(vehicle, route, kept, place, now_s, finished=True)


def _beyond_the_last(vehicle: Vehicle, route: Route, moment_s: int) -> Standing:
    """An open route may go on from its last stop; from any other the vehicle is on its way home."""
    last = route.visits[-1]
    waits = vehicle.end is None
    ready_s = max(moment_s, last.leaves_s) if waits else route.ends_s
    return Standing(vehicle, route, route.visits, last.place, ready_s, passed=waits, finished=not waits)


def _windows(problem: Problem, vehicle: Vehicle, task: Task) -> tuple[Window, ...]:
    return step_of(problem, vehicle, task).visit.windows
