"""
What became of each shipment when a plan was mended: kept, later, on another vehicle, left behind and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from routing.event import Add
from routing.explain import WhyNot, explain, why_not
from routing.plan import Plan, Route
from routing.problem import Problem
from routing.promise import Told, told_by
from routing.scene import Scene
from routing.settling import Settled


class Fate(StrEnum):
    """Say what became of a shipment."""

    DELIVERED = "delivered"
    KEPT = "kept"  # its hours, and its vehicle
    OTHER_VEHICLE = "other_vehicle"  # its hours, but not its vehicle
    LATER = "later"  # or earlier, by more than is tolerated
    JOINED = "joined"  # it was in no vehicle before
    LEFT_BEHIND = "left_behind"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outcome:
    """
    Hold what became of one shipment: who carries it, when, and by how much later than told.

    ``later_s`` is that of the end that moved most, negative where it is earlier. ``stays_aboard`` tells
    that it is in a vehicle that cannot, or need not, hand it over any more. ``reason`` says why it is
    left behind: what would change that at the vehicle that lacks least.
    """

    request: str
    fate: Fate
    vehicle: str | None = None
    vehicle_before: str | None = None
    pickup_s: int | None = None
    drop_s: int | None = None
    later_s: int = 0
    stays_aboard: bool = False
    reason: WhyNot | None = None


@dataclass(frozen=True)
class Repaired:
    """
    Hold the day as it is after an event: the problem with its past locked, a legal plan of it, each fate.

    ``broken_down`` is the route of a lost vehicle as far as it came; the new day no longer knows it.
    """

    problem: Problem
    plan: Plan
    outcomes: tuple[Outcome, ...]
    broken_down: Route | None = None

    def outcome(self, request_id: str) -> Outcome:
        return next(one for one in self.outcomes if one.request == request_id)

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """Return those whose promise is broken: later than is tolerated, or left behind."""
        told = (Fate.LATER, Fate.LEFT_BEHIND)
        return tuple(one for one in self.outcomes if one.fate in told and one.vehicle_before is not None)

    @property
    def moved(self) -> tuple[Outcome, ...]:
        """Return those that ride on another vehicle than before."""
        rode = (one for one in self.outcomes if one.vehicle is not None and one.vehicle_before is not None)
        return tuple(one for one in rode if one.vehicle != one.vehicle_before)


def outcomes(scene: Scene, settled: Settled, plan: Plan) -> tuple[Outcome, ...]:
    """Tell of each shipment that was planned, or is added, what became of it."""
    teller = _Teller(scene, settled, _carriers(scene.plan), _carriers(plan), told_by(plan))
    before = [request.id for request in scene.problem.requests if request.id in teller.before]
    added = [scene.event.request.id] if isinstance(scene.event, Add) else []
    return tuple(teller.outcome(one) for one in (*before, *added))


@dataclass(frozen=True)
class _Teller:
    """Hold who carried and who carries what, and when."""

    scene: Scene
    settled: Settled
    before: Mapping[str, str]
    riding: Mapping[str, str]
    hours: Mapping[str, Told]

    def outcome(self, one: str) -> Outcome:
        known = Outcome(one, Fate.KEPT, self.riding.get(one), self.before.get(one))
        if one == self.scene.cancelled:
            carrier = self.scene.carrier_of(one)
            return replace(known, fate=Fate.CANCELLED, vehicle=carrier, stays_aboard=carrier is not None)
        if one in self.scene.delivered_before:
            return replace(known, fate=Fate.DELIVERED, vehicle=known.vehicle_before)
        if one not in self.riding:
            return self._left(known)
        known = replace(known, pickup_s=self.hours[one].pickup_s, drop_s=self.hours[one].drop_s)
        if known.vehicle_before is None:
            return replace(known, fate=Fate.JOINED)
        moves = self._moves(one)
        known = replace(known, later_s=max((late_s for late_s, _ in moves), key=abs, default=0))
        if not all(kept for _, kept in moves):
            return replace(known, fate=Fate.LATER)
        return known if known.vehicle == known.vehicle_before else replace(known, fate=Fate.OTHER_VEHICLE)

    def _moves(self, one: str) -> list[tuple[int, bool]]:
        """List, for each end still to come, how much later it is than told, and whether that is tolerated."""
        rest, hours = self.settled.rest, self.hours[one]
        told = rest.told.get(one, self.scene.told[one])
        ends = [(told.pickup_s, hours.pickup_s), (told.drop_s, hours.drop_s)]
        return [
            (now_s - told_s, rest.tolerance.keeps(told_s, now_s))
            for told_s, now_s in ends
            if told_s is not None and now_s is not None and now_s > self.scene.now_s
        ]

    def _left(self, known: Outcome) -> Outcome:
        rest, one = self.settled.rest, known.request
        left = replace(known, fate=Fate.LEFT_BEHIND)
        if one in rest.stuck:
            vehicle = rest.aboard[one]
            return replace(left, vehicle=vehicle, stays_aboard=True, reason=self._why_stuck(one, vehicle))
        if one not in {request.id for request in self.settled.problem.requests}:
            return left
        reasons = explain(self.settled.problem, self.settled.plan, self.settled.problem.request(one))
        return replace(left, reason=next(iter(reasons), None))

    def _why_stuck(self, one: str, vehicle_id: str) -> WhyNot:
        """Ask why what is on board could not be dropped, as if it were still to be."""
        rest = replace(self.settled.rest, stuck=self.settled.rest.stuck - {one})
        request = rest.whole(one)
        problem = rest.ask((*self.settled.problem.requests, request))
        return why_not(problem, self.settled.plan, problem.vehicle(vehicle_id), request)


def _carriers(plan: Plan) -> dict[str, str]:
    return {task.id: route.vehicle for route in plan.routes for task in route.tasks if task.kind == "drop"}
