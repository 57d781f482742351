"""
The whole day after an event: the past as it was driven, and the rest as it was settled, in one plan.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from routing.going_on import HERE, driven
from routing.plan import Plan, PlannedVisit, Route
from routing.problem import Problem, Request, Vehicle, Window
from routing.rest import CARRIED_CENTS, without_mark
from routing.task import Task
from routing.track import Track


@dataclass(frozen=True)
class DayAfter:
    """
    Hold what the new day is made of.

    ``rest`` and ``plan`` are the problem and the plan that the rest was settled on, ``tracks`` what is
    behind each vehicle that has not broken down, ``waiting`` the requests still to be picked up.
    """

    before: Problem
    rest: Problem
    plan: Plan
    tracks: Mapping[str, Track]
    waiting: Mapping[str, Request]

    def new_day(self) -> tuple[Problem, Plan]:
        """Return the day as it stands now, its past locked, and its plan."""
        routes = [route for track in self.tracks.values() for route in self._route(track)]
        plan = Plan(tuple(routes), ())
        requests = [*self._behind(plan), *(self._ahead(one, plan) for one in self.waiting.values())]
        order = {request.id: at for at, request in enumerate(self.before.requests)}
        requests.sort(key=lambda request: order.get(request.id, len(order)))
        vehicles = tuple(self._vehicle(track) for track in self.tracks.values())
        requests = list(_naming_only({vehicle.id for vehicle in vehicles}, requests))
        problem = replace(self.before, vehicles=vehicles, requests=tuple(requests))
        served = plan.served
        return problem, replace(plan, unserved=tuple(one.id for one in requests if one.id not in served))

    def _route(self, track: Track) -> Iterator[Route]:
        stands, ahead = track.stands, self.plan.route(track.stands.vehicle.id)
        if not stands.under_way:
            yield from [ahead] if ahead else []
            return
        if stands.route is None:
            raise AssertionError("Only who has a route is under way.")
        behind = replace(stands.route, visits=track.visits())
        if ahead is None:
            yield behind
            return
        drive_s, distance_m = driven(self.before, stands)
        yield replace(
            behind,
            ends_s=ahead.ends_s,
            drive_s=drive_s + ahead.drive_s,
            distance_m=distance_m + ahead.distance_m,
            visits=(*behind.visits, *_of_the_day(track, ahead)),
        )

    def _behind(self, plan: Plan) -> Iterator[Request]:
        """Yield what was picked up: its vehicle must drop it, and a broken limit is no limit any more."""
        visits = {visit.task: visit for route in plan.routes for visit in route.visits}
        for track in self.tracks.values():
            handled = track.ends()
            for one in (*track.stands.delivered, *track.stands.aboard):
                if one in track.gone:
                    continue
                request, pickup, drop = self.before.request(one), Task("pickup", one), Task("drop", one)
                ridden_s = visits[drop].begins_s - visits[pickup].leaves_s
                longest_s = request.longest_ride_s
                yield replace(
                    request,
                    pickup=handled[pickup],
                    drop=handled.get(drop, request.drop),
                    prize_cents=None,
                    longest_ride_s=None if longest_s is None or ridden_s > longest_s else longest_s,
                    bundle=None,
                )

    def _ahead(self, request: Request, plan: Plan) -> Request:
        """Return what waits: what nobody could carry must not be carried any more, but is worth it."""
        if request.prize_cents is None and request.id not in plan.served:
            return replace(request, prize_cents=CARRIED_CENTS)
        return request

    def _vehicle(self, track: Track) -> Vehicle:
        stands, vehicle = track.stands, track.stands.vehicle
        ahead = next((one for one in self.rest.vehicles if one.id == vehicle.id), None)
        if not stands.under_way:
            return ahead or vehicle
        head = tuple(visit.task for visit in track.visits())
        if ahead is None:
            closes_s = max(vehicle.shift.closes_s, stands.route.ends_s if stands.route else 0)
            return replace(vehicle, announced=track.stops(), head=head, shift=_until(vehicle, closes_s))
        drive_s, distance_m = driven(self.before, stands)
        spent_s = stands.ready_s - (stands.route.leaves_s if stands.route else stands.ready_s)
        return replace(
            vehicle,
            announced=(*track.stops(), *(stop for stop in ahead.announced if stop.id != HERE)),
            head=head,
            shift=_until(vehicle, ahead.shift.closes_s),
            capacity=ahead.capacity,
            longest_drive_s=_whole(vehicle.longest_drive_s, ahead.longest_drive_s, drive_s),
            longest_m=_whole(vehicle.longest_m, ahead.longest_m, distance_m),
            longest_s=_whole(vehicle.longest_s, ahead.longest_s, spent_s),
        )


def _of_the_day(track: Track, ahead: Route) -> Iterator[PlannedVisit]:
    """Yield the visits of the rest of a day that are visits of the day."""
    for visit in ahead.visits:
        task = without_mark(visit.task)
        is_on_board = task.kind == "pickup" and task.id in track.stands.aboard
        if not is_on_board and task != Task("announced", HERE):
            yield replace(visit, task=task)


def _until(vehicle: Vehicle, closes_s: int) -> Window:
    return Window(vehicle.shift.opens_s, closes_s)


def _whole(limit: int | None, ahead: int | None, spent: int) -> int | None:
    """Return a limit of the whole route, wide enough for what it was stretched to."""
    return None if limit is None or ahead is None else max(limit, spent + ahead)


def _naming_only(known: set[str], requests: Iterable[Request]) -> Iterator[Request]:
    """Let requests name only vehicles that the new day knows; one that named others alone names none."""
    for request in requests:
        named = request.vehicles
        yield request if named is None else replace(request, vehicles=named & known or None)
