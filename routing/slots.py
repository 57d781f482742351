"""Where one more request fits into one route: the cheapest legal slot, or every one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from routing.cost import driving_cents, route_cost
from routing.hours import handling_s
from routing.plan import Route
from routing.positions import bounded_pairs
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle, Visit
from routing.schedule import schedule_route, step_of
from routing.task import Task

WHOLE = 18_000
"""Parts of a cent in which lines are added before they are rounded: a metre and a second cost whole ones."""


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
    before_cents = route_cost(vehicle, route).total_cents if route else 0
    best: Insertion | None = None
    for least_cents, pickup_at, drop_at in sorted(bounded_pairs(problem, vehicle, route, request)):
        if best is not None and least_cents > best.added_cents + before_cents:
            break
        if may is not None and not may(pickup_at, drop_at):
            continue
        slot = _slot(problem, vehicle, route, request, pickup_at, drop_at)
        if slot is not None and (best is None or preference(slot) < preference(best)):
            best = slot
    return best


def least_added_cents(problem: Problem, vehicle: Vehicle, route: Route | None, request: Request) -> int:
    """
    Return what carrying the request adds at least, its hours, room and further stops left out.

    Never more than any slot adds, though what waited may be spent on the longer way, and a fastest way by
    another place may be the shorter one: pickup and drop are counted between two visits, or each where it
    lengthens the route least. Takes O(n) for n visits.
    """
    way = _Scores(problem, vehicle)
    visits = [step_of(problem, vehicle, task).visit for task in route.tasks] if route else []
    places = [vehicle.start, *(visit.place for visit in visits)]
    ends: list[Visit | int | None] = [*visits, vehicle.end]
    pickup, drop = request.pickup, request.drop
    ride = way.leg(pickup.place, drop)
    whole = 0
    least_pickup = least_drop = least_both = 1 << 62
    for place, end in zip(places, ends, strict=True):
        straight = way.leg(place, end)
        to_pickup, home = way.leg(place, pickup), way.leg(drop.place, end)
        whole += straight
        least_both = min(least_both, to_pickup + ride + home - straight)
        least_pickup = min(least_pickup, to_pickup + way.leg(pickup.place, end) - straight)
        least_drop = min(least_drop, way.leg(place, drop) + home - straight)
    least = (whole + min(least_both, least_pickup + least_drop)) // WHOLE
    before_cents = driving_cents(vehicle, route.distance_m, route.duration_s) if route else 0
    return least - before_cents + (0 if route else vehicle.fixed_cents)


class _Scores:
    """Count driving and handling of legs in parts of a cent, so that only their sum is rounded."""

    def __init__(self, problem: Problem, vehicle: Vehicle) -> None:
        self._seconds, self._metres = problem.matrix.seconds, problem.matrix.metres
        self._second = vehicle.cents_per_hour * WHOLE // 3600
        self._metre = vehicle.cents_per_km * WHOLE // 1000

    def leg(self, place: int, end: Visit | int | None) -> int:
        """Return the score from a place to where a leg ends, and of what is done there."""
        if end is None:
            return 0
        there, doing_s = (end, 0) if isinstance(end, int) else (end.place, handling_s(end, place))
        return (
            self._second * (self._seconds[place][there] + doing_s) + self._metre * self._metres[place][there]
        )


def slots_in_route(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Iterator[Insertion]:
    """Yield every legal slot of one route, in no order. Schedules O(n²) routes of n visits."""
    if _is_full(route):
        return
    for _, pickup_at, drop_at in bounded_pairs(problem, vehicle, route, request):
        slot = _slot(problem, vehicle, route, request, pickup_at, drop_at)
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
) -> Insertion | None:
    tasks = route.tasks if route else ()
    order = [*tasks[:pickup_at], Task("pickup", request.id), *tasks[pickup_at:drop_at]]
    longer = schedule_route(problem, vehicle, [*order, Task("drop", request.id), *tasks[drop_at:]])
    if longer is None:
        return None
    before_cents = route_cost(vehicle, route).total_cents if route else 0
    return Insertion(
        request=request.id,
        vehicle=vehicle.id,
        route=longer,
        added_cents=route_cost(vehicle, longer).total_cents - before_cents,
        added_drive_s=longer.drive_s - (route.drive_s if route else 0),
        added_m=longer.distance_m - (route.distance_m if route else 0),
    )
