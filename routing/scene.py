"""
What an event finds: where every vehicle stands, what is on board, and what still waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from routing.event import Add, Cancel, Delay, Event, LoseVehicle, refuse
from routing.plan import Plan
from routing.problem import FOREVER_S, Problem, Request, Vehicle, Window
from routing.promise import Told, Tolerance
from routing.rest import Rest
from routing.standing import Standing, broken_down, standing
from routing.task import Task


@dataclass(frozen=True)
class Scene:
    """Hold a day, its plan, an event, its moment, and what was told."""

    problem: Problem
    plan: Plan
    event: Event
    now_s: int
    told: Mapping[str, Told]

    @cached_property
    def stands(self) -> dict[str, Standing]:
        """Map each vehicle that has not broken down to where it stands."""
        lost = self.lost
        return {
            vehicle.id: self._standing(vehicle)
            for vehicle in self.problem.vehicles
            if lost is None or vehicle.id != lost.vehicle.id
        }

    @cached_property
    def lost(self) -> Standing | None:
        """Return where a vehicle broke down, if one did."""
        if not isinstance(self.event, LoseVehicle):
            return None
        vehicle = self.problem.vehicle(self.event.vehicle)
        return broken_down(vehicle, self.plan.route(vehicle.id), self.event.place, self.now_s)

    @cached_property
    def cancelled(self) -> str | None:
        """Return what was cancelled, if anything; refuse what was delivered before."""
        if not isinstance(self.event, Cancel):
            return None
        if self.event.request in self.delivered_before:
            refuse(f"shipment {self.event.request}", "it was delivered already")
        return self.event.request

    @cached_property
    def delivered_before(self) -> frozenset[str]:
        """Return what had been handed over, or was just being, when it happened."""
        visits = [visit for route in self.plan.routes for visit in route.visits]
        return frozenset(v.task.id for v in visits if v.task.kind == "drop" and v.begins_s <= self.now_s)

    def carrier_of(self, one: str) -> str | None:
        """Return the vehicle that has something on board."""
        return next((name for name, stands in self.stands.items() if one in stands.aboard), None)

    @cached_property
    def aboard(self) -> dict[str, str]:
        """Map what is on board, and is to be dropped, to its vehicle."""
        return {
            one: name
            for name, stands in self.stands.items()
            for one in stands.aboard
            if one != self.cancelled
        }

    @cached_property
    def delivered(self) -> frozenset[str]:
        everyone = [*self.stands.values(), *([self.lost] if self.lost else [])]
        return frozenset(one for stands in everyone for one in stands.delivered)

    @cached_property
    def waiting(self) -> dict[str, Request]:
        """Map what still waits to be picked up to its request as it is now."""
        added = [self.event.request] if isinstance(self.event, Add) else []
        behind = self.delivered | self.aboard.keys() | {self.cancelled}
        return {
            request.id: self._freed(self._where_it_waits(request))
            for request in (*self.problem.requests, *added)
            if request.id not in behind
        }

    def rest(self, tolerance: Tolerance) -> Rest:
        """Return the rest of the day, and what of it was promised."""
        going = {name: stands for name, stands in self.stands.items() if not stands.finished}
        fetched = set(self.lost.aboard) if self.lost else set()
        told = {
            one: replace(hours, pickup_s=None) if one in fetched else hours
            for one, hours in self.told.items()
            if one in self.aboard or one in self.waiting
        }
        locked = frozenset(one for stands in going.values() for one in _locked(stands))
        stuck = frozenset({self.cancelled} if self.cancelled is not None else ())
        return Rest(self.problem, going, self.waiting, self.aboard, told, tolerance, locked, stuck)

    def _standing(self, vehicle: Vehicle) -> Standing:
        is_late = isinstance(self.event, Delay) and self.event.vehicle == vehicle.id
        lost_s = self.event.seconds if isinstance(self.event, Delay) and is_late else 0
        head = () if is_late else tuple(task for task in vehicle.head if not self._is_cancelled(task))
        unlocked = replace(vehicle, head=head)
        route = self.plan.route(vehicle.id)
        return standing(self.problem, unlocked, route, self.now_s, lost_s=lost_s, cancelled=self.cancelled)

    def _is_cancelled(self, task: Task) -> bool:
        return task.kind != "announced" and task.id == self.cancelled

    def _where_it_waits(self, request: Request) -> Request:
        """Let goods of a lost vehicle be fetched from where it broke down, from now on."""
        if self.lost is None or request.id not in self.lost.aboard:
            return request
        picked = next(v for v in self.lost.kept if v.task == Task("pickup", request.id))
        left_s = None
        if request.longest_ride_s is not None and picked.leaves_s + request.longest_ride_s > self.now_s:
            left_s = picked.leaves_s + request.longest_ride_s - self.now_s
        pickup = replace(request.pickup, place=self.lost.place, windows=(Window(self.now_s, FOREVER_S),))
        return replace(request, pickup=pickup, longest_ride_s=left_s)

    def _freed(self, request: Request) -> Request:
        """Bind what waits to the vehicle that has mates of it on board, or locked; free it of one lost."""
        under_way = {
            name
            for name, stands in self.stands.items()
            for one in (*stands.aboard, *stands.delivered, *_locked(stands))
            if request.bundle is not None and one in self.problem.bundles.get(request.bundle, ())
        }
        if under_way:
            return replace(request, vehicles=frozenset(under_way), bundle=None)
        if self.lost is None or request.vehicles is None:
            return request
        return replace(request, vehicles=(request.vehicles - {self.lost.vehicle.id}) or None)


def _locked(stands: Standing) -> list[str]:
    """List what a vehicle that has not left yet must begin with."""
    return [] if stands.under_way else [task.id for task in stands.vehicle.head if task.kind == "pickup"]
