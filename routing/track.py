"""
What is behind one vehicle, as the day after an event tells it: the locked beginning of its route.

A delay on the road is told as waiting before the next stop is handled, one at a stop as longer handling.
What stays on board without a drop is the vehicle's own from then on.
"""

from dataclasses import dataclass, replace

from routing.plan import PlannedVisit
from routing.problem import FOREVER_S, AnnouncedStop, Load, Problem, Visit, Window
from routing.schedule import step_of
from routing.standing import Standing
from routing.task import Task


@dataclass(frozen=True)
class Track:
    """
    Hold what is behind one vehicle: its visits, and what the new day says of each.

    ``gone`` are requests that stay on board: their pickups become stops of the vehicle's own.
    """

    problem: Problem
    stands: Standing
    gone: frozenset[str]
    now_s: int

    def visits(self) -> tuple[PlannedVisit, ...]:
        """Return the visits behind, the place last, where the vehicle only passed it."""
        kept = [replace(visit, task=self._task(visit.task)) for visit in self.stands.kept]
        if self.stands.passed:
            kept.append(self._passing(kept[-1] if kept else None))
        return tuple(kept)

    def stops(self) -> tuple[AnnouncedStop, ...]:
        """Return the stops behind that are the vehicle's own."""
        stops = []
        for at, visit in enumerate(self.stands.kept):
            task = self._task(visit.task)
            if task.kind == "announced":
                stops.append(AnnouncedStop(task.id, self.visit(at), self._change(visit.task)))
        if self.stands.passed:
            window = (Window(self.stands.ready_s, FOREVER_S),)
            nothing = (0,) * len(self.problem.dimensions)
            stops.append(AnnouncedStop(self._passed_by, Visit(self.stands.place, window), nothing))
        return tuple(stops)

    def ends(self) -> dict[Task, Visit]:
        """Return the ends of requests that are behind, as they were handled."""
        return {visit.task: self.visit(at) for at, visit in enumerate(self.stands.kept)}

    def visit(self, at: int) -> Visit:
        """Return a visit behind as it was handled: for as long as that took, and if begun, at that second."""
        claimed = self.stands.kept[at]
        before = self.stands.kept[at - 1].place if at else self.stands.vehicle.start
        planned = step_of(self.problem, self.stands.vehicle, claimed.task).visit
        setup_s = 0 if claimed.place == before else planned.setup_s
        handled = replace(planned, service_s=claimed.leaves_s - claimed.begins_s - setup_s)
        if claimed.begins_s > self.now_s:
            return handled
        return replace(handled, windows=(Window(claimed.begins_s, claimed.begins_s),))

    @property
    def _passed_by(self) -> str:
        return f"passed {len(self.stands.kept)}"

    def _passing(self, last: PlannedVisit | None) -> PlannedVisit:
        stands, seconds = self.stands, self.problem.matrix.seconds
        route = stands.route
        if route is None:
            raise AssertionError("Only who is under way passes anything.")
        place, left_s = (last.place, last.leaves_s) if last else (stands.vehicle.start, route.leaves_s)
        arrives_s = left_s + seconds[place][stands.place]
        load = last.load if last else route.load
        task = Task("announced", self._passed_by)
        return PlannedVisit(task, stands.place, arrives_s, stands.ready_s, stands.ready_s, load)

    def _task(self, task: Task) -> Task:
        stays = task.kind == "pickup" and task.id in self.gone
        return Task("announced", f"{task.id} stays on board") if stays else task

    def _change(self, task: Task) -> Load:
        return step_of(self.problem, self.stands.vehicle, task).change
