"""Where one more request fits into one route: the cheapest legal slot, or every one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from routing.cost import route_cost
from routing.plan import Route
from routing.positions import bounded_pairs
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle
from routing.schedule import schedule_route
from routing.task import Task


@dataclass(frozen=True)
class Insertion:
    """
    Hold one slot for a request: the route it makes, and what that adds to the route before.

    ``added_drive_s`` is the detour in driving time; ``added_cents`` is by the vehicle's own costs.
    """

    request: str
    vehicle: str
    route: Route
    added_cents: int
    added_drive_s: int
    added_m: int

    @property
    def pickup_s(self) -> int:
        return self.route.visits[self._index("pickup")].begins_s

    @property
    def drop_s(self) -> int:
        return self.route.visits[self._index("drop")].begins_s

    @property
    def pickup_at(self) -> int:
        """Return the number of the visit, in the route before, that the pickup goes before."""
        return self._index("pickup")

    @property
    def drop_at(self) -> int:
        """Return the number of the visit, in the route before, that the drop goes before."""
        return self._index("drop") - 1

    def _index(self, kind: str) -> int:
        return next(
            at
            for at, visit in enumerate(self.route.visits)
            if visit.task.id == self.request and visit.task.kind == kind
        )


def preference(slot: Insertion) -> tuple[int, int, int, str, int, int]:
    """Order slots: the cheapest, then the least driving, then the earliest drop, then by name and place."""
    return (
        slot.added_cents,
        slot.added_drive_s,
        slot.drop_s,
        slot.vehicle,
        slot.pickup_at,
        slot.drop_at,
    )


def may_carry(vehicle: Vehicle, request: Request) -> bool:
    """Tell whether the vehicle is allowed to carry the request at all."""
    return request.skills <= vehicle.skills and (request.vehicles is None or vehicle.id in request.vehicles)


def best_in_route(
    problem: Problem,
    vehicle: Vehicle,
    route: Route | None,
    request: Request,
    *,
    may: Callable[[int, int], bool] | None = None,
) -> Insertion | None:
    """
    Find the cheapest legal slot in one route (``None`` for a vehicle that still stands).

    ``may`` forbids further pairs of positions: the pickup goes before the visit of the first number,
    the drop before that of the second. Whether the request is kept for other vehicles, and where the rest
    of its bundle rides, is not asked.
    """
    if _is_full(route) or not request.skills <= vehicle.skills:
        return None
    pairs = sorted(bounded_pairs(problem, vehicle, route, request))
    before_cents = route_cost(vehicle, route).total_cents if route and pairs else 0
    best: Insertion | None = None
    for least_cents, pickup_at, drop_at in pairs:
        if best is not None and least_cents > best.added_cents + before_cents:
            break
        if may is not None and not may(pickup_at, drop_at):
            continue
        slot = _slot(problem, vehicle, route, request, pickup_at, drop_at, before_cents)
        if slot is not None and (best is None or preference(slot) < preference(best)):
            best = slot
    return best


def slots_in_route(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Iterator[Insertion]:
    """Yield every legal slot of one route, in no order. Schedules O(n²) routes of n visits."""
    if _is_full(route):
        return
    before_cents = route_cost(vehicle, route).total_cents if route else 0
    for _, pickup_at, drop_at in bounded_pairs(problem, vehicle, route, request):
        slot = _slot(problem, vehicle, route, request, pickup_at, drop_at, before_cents)
        if slot is not None:
            yield slot


def _is_full(route: Route | None) -> bool:
    return route is not None and len(route.visits) + 2 > STOPS_PER_ROUTE_LIMIT


def _slot(
    problem: Problem,
    vehicle: Vehicle,
    route: Route | None,
    request: Request,
    pickup_at: int,
    drop_at: int,
    before_cents: int,
) -> Insertion | None:
    tasks = route.tasks if route else ()
    order = [*tasks[:pickup_at], Task("pickup", request.id), *tasks[pickup_at:drop_at]]
    longer = schedule_route(problem, vehicle, [*order, Task("drop", request.id), *tasks[drop_at:]])
    if longer is None:
        return None
    return Insertion(
        request=request.id,
        vehicle=vehicle.id,
        route=longer,
        added_cents=route_cost(vehicle, longer).total_cents - before_cents,
        added_drive_s=longer.drive_s - (route.drive_s if route else 0),
        added_m=longer.distance_m - (route.distance_m if route else 0),
    )
