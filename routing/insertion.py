"""
Where one more shipment fits: every legal slot in every route, with what it adds.

This is what proves that a bid can be accepted: the plan it gives is one that could be driven.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routing.cost import driving_cents, route_cost, stop_count
from routing.plan import Plan, Route, Task
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem, Request, Vehicle, Visit
from routing.schedule import (
    Step,
    begin_earliest,
    earliest_in,
    handling_s,
    latest_leaves,
    schedule_route,
    step_of,
)


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
        return self._begin("pickup")

    @property
    def drop_s(self) -> int:
        return self._begin("drop")

    def _begin(self, kind: str) -> int:
        return next(
            visit.begins_s
            for visit in self.route.visits
            if visit.task.id == self.request and visit.task.kind == kind
        )


def insertions(problem: Problem, plan: Plan, request: Request) -> tuple[Insertion, ...]:
    """
    List the best slot of each vehicle for one more request, cheapest first.

    Tries every pair of positions in every route: O(n²) pairs of the n visits already planned; only
    those whose bound could still win are scheduled, in O(n). Of vehicles that stand idle and differ
    in name only, the first speaks for all. The plan is not changed.
    """
    idle = {vehicle.id for vehicle in problem.vehicles} - {route.vehicle for route in plan.routes}
    spoken_for: set[str] = set()
    found: list[Insertion] = []
    for vehicle in problem.vehicles:
        twin = problem.first_twin[vehicle.id]
        if not may_carry(vehicle, request) or (vehicle.id in idle and twin in spoken_for):
            continue
        if vehicle.id in idle:
            spoken_for.add(twin)
        slot = best_in_route(problem, vehicle, plan.route(vehicle.id), request)
        if slot is not None:
            found.append(slot)
    return tuple(sorted(found, key=_preference))


def best_insertion(problem: Problem, plan: Plan, request: Request) -> Insertion | None:
    """Find the cheapest legal slot for one more request, or ``None`` where no pair of positions is legal."""
    return next(iter(insertions(problem, plan, request)), None)


def insert(plan: Plan, insertion: Insertion) -> Plan:
    """Return the plan with the request in its slot."""
    others = tuple(route for route in plan.routes if route.vehicle != insertion.vehicle)
    left = tuple(request_id for request_id in plan.unserved if request_id != insertion.request)
    return Plan((*others, insertion.route), left)


def empty_plan(problem: Problem) -> Plan | None:
    """
    Return the plan in which every vehicle makes only its announced stops.

    ``None`` where an announced trip cannot keep its own hours.
    """
    routes: list[Route] = []
    for vehicle in problem.vehicles:
        if vehicle.announced:
            route = schedule_route(problem, vehicle, [Task("announced", s.id) for s in vehicle.announced])
            if route is None:
                return None
            routes.append(route)
    return Plan(tuple(routes), tuple(request.id for request in problem.requests))


def insert_all(problem: Problem, plan: Plan) -> Plan:
    """
    Insert what is left behind, one after another, each where it costs least and less than its prize.

    What must be carried goes first, then the dearest prize; of equals, the earliest deadline. Each
    request is tried once: O(r · n²) for r requests and routes of n visits.
    """
    waiting = sorted((problem.request(one) for one in plan.unserved), key=_urgency)
    for request in waiting:
        slot = best_insertion(problem, plan, request)
        if slot is not None and (request.prize_cents is None or slot.added_cents < request.prize_cents):
            plan = insert(plan, slot)
    return plan


def _urgency(request: Request) -> tuple[bool, int, int, str]:
    optional = request.prize_cents is not None
    return optional, -(request.prize_cents or 0), request.drop.windows[-1].closes_s, request.id


def may_carry(vehicle: Vehicle, request: Request) -> bool:
    """Tell whether the vehicle is allowed to carry the request at all."""
    return request.skills <= vehicle.skills and (request.vehicles is None or vehicle.id in request.vehicles)


def best_in_route(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Insertion | None:
    """Find the cheapest legal slot in one route (``None`` for a vehicle that still stands)."""
    tasks = route.tasks if route else ()
    if len(tasks) + 2 > STOPS_PER_ROUTE_LIMIT:
        return None
    before_cents = route_cost(vehicle, route).total_cents if route else 0
    best: Insertion | None = None
    for least_cents, pickup_at, drop_at in sorted(_bounded_pairs(problem, vehicle, route, request)):
        if best is not None and least_cents > best.added_cents + before_cents:
            break
        order = [*tasks[:pickup_at], Task("pickup", request.id), *tasks[pickup_at:drop_at]]
        longer = schedule_route(problem, vehicle, [*order, Task("drop", request.id), *tasks[drop_at:]])
        if longer is None:
            continue
        slot = Insertion(
            request=request.id,
            vehicle=vehicle.id,
            route=longer,
            added_cents=route_cost(vehicle, longer).total_cents - before_cents,
            added_drive_s=longer.drive_s - (route.drive_s if route else 0),
            added_m=longer.distance_m - (route.distance_m if route else 0),
        )
        if best is None or _preference(slot) < _preference(best):
            best = slot
    return best


def _bounded_pairs(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Iterator[tuple[int, int, int]]:
    """Yield the legal pairs within the driving limits, each behind the least that its route can cost."""
    tasks = route.tasks if route else ()
    steps = [step_of(problem, vehicle, task) for task in tasks]
    way = _Way(problem, vehicle, [step.visit for step in steps])
    least_stops_cents = (stop_count(route) if route else 0) * vehicle.cents_per_stop
    for pickup_at, drop_at in _legal_pairs(problem, vehicle, steps, request):
        drive_s, distance_m, handling = way.with_request(request, pickup_at, drop_at)
        if vehicle.longest_drive_s is not None and drive_s > vehicle.longest_drive_s:
            continue
        if vehicle.longest_m is not None and distance_m > vehicle.longest_m:
            continue
        moving_cents = driving_cents(vehicle, distance_m, drive_s + handling)
        yield vehicle.fixed_cents + moving_cents + least_stops_cents, pickup_at, drop_at


class _Way:
    """Add up a route's driving and handling, and what two more visits change of it, link by link."""

    def __init__(self, problem: Problem, vehicle: Vehicle, visits: Sequence[Visit]) -> None:
        self._matrix, self._vehicle, self._visits = problem.matrix, vehicle, visits
        self._whole = self._links([vehicle.start, *visits, vehicle.end])

    def with_request(self, request: Request, pickup_at: int, drop_at: int) -> tuple[int, int, int]:
        """Return seconds of driving, metres, and seconds of handling of the longer route."""
        before, between = self._at(pickup_at - 1), self._visits[pickup_at:drop_at]
        after = self._at(drop_at)
        if not between:
            new = self._links([before, request.pickup, request.drop, after])
            old = self._links([before, after])
        else:
            new_ends = ([before, request.pickup, between[0]], [between[-1], request.drop, after])
            old_ends = ([before, between[0]], [between[-1], after])
            new = _sum(self._links(new_ends[0]), self._links(new_ends[1]))
            old = _sum(self._links(old_ends[0]), self._links(old_ends[1]))
        whole = self._whole
        return whole[0] + new[0] - old[0], whole[1] + new[1] - old[1], whole[2] + new[2] - old[2]

    def _at(self, index: int) -> Visit | int | None:
        if index < 0:
            return self._vehicle.start
        return self._visits[index] if index < len(self._visits) else self._vehicle.end

    def _links(self, chain: Sequence[Visit | int | None]) -> tuple[int, int, int]:
        drive_s = distance_m = handling = 0
        place: int | None = None
        for one in chain:
            if one is None:
                break
            here = one.place if isinstance(one, Visit) else one
            if place is not None:
                drive_s += self._matrix.seconds[place][here]
                distance_m += self._matrix.metres[place][here]
                if isinstance(one, Visit):
                    handling += handling_s(one, place)
            place = here
        return drive_s, distance_m, handling


def _sum(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _legal_pairs(
    problem: Problem, vehicle: Vehicle, steps: list[Step], request: Request
) -> Iterator[tuple[int, int]]:
    """
    Yield the pairs of positions that room and hours allow.

    The pickup goes before the visit ``pickup_at``, the drop before the visit ``drop_at``. Walks
    from the pickup onwards and stops as soon as a window is missed or the room is gone, as in
    Sartori and Buriol (2020).
    """
    begins = begin_earliest(problem.matrix, vehicle, steps, vehicle.shift.opens_s)
    if begins is None:
        return
    leave_by = latest_leaves(problem.matrix, vehicle, steps, vehicle.shift.closes_s)[1]
    shortcut_at = _last_shortcut(problem, vehicle, [step.visit for step in steps], request.drop)
    walk = _Walk(problem, vehicle, steps, leave_by, request, shortcut_at)
    place, moment_s = vehicle.start, vehicle.shift.opens_s
    load = list(vehicle.load_at_start(len(problem.dimensions)))
    for pickup_at in range(len(steps) + 1):
        if walk.has_room(load):
            yield from ((pickup_at, drop_at) for drop_at in walk.drops(pickup_at, place, moment_s, load))
        if pickup_at < len(steps):
            step = steps[pickup_at]
            moment_s = begins[pickup_at] + handling_s(step.visit, place)
            place = step.visit.place
            load = [a + b for a, b in zip(load, step.change, strict=True)]


def _last_shortcut(problem: Problem, vehicle: Vehicle, visits: Sequence[Visit], drop: Visit) -> int:
    """
    Return the last position at which putting the drop in makes the way shorter; -1 where none does.

    That happens where the next visit shares the drop's place, and its setting up, or where rounded
    seconds make two drives shorter than one. Before it, being late for what follows proves nothing.
    """
    seconds = problem.matrix.seconds
    for at in range(len(visits), 0, -1):
        before = visits[at - 1].place
        via_s = seconds[before][drop.place] + handling_s(drop, before)
        if at < len(visits):
            after = visits[at]
            straight_s = seconds[before][after.place] + handling_s(after, before)
            via_s += seconds[drop.place][after.place] + handling_s(after, drop.place)
        else:
            straight_s = 0 if vehicle.end is None else seconds[before][vehicle.end]
            via_s += 0 if vehicle.end is None else seconds[drop.place][vehicle.end]
        if via_s < straight_s:
            return at
    return -1


@dataclass(frozen=True)
class _Walk:
    """Hold what walking on from a pickup needs to know of the route."""

    problem: Problem
    vehicle: Vehicle
    steps: list[Step]
    leave_by: list[int]
    request: Request
    shortcut_at: int

    def has_room(self, load: Sequence[int]) -> bool:
        more = zip(load, self.request.load, self.vehicle.capacity, strict=True)
        return all(amount + added <= room for amount, added, room in more)

    def drops(self, pickup_at: int, place: int, moment_s: int, load: list[int]) -> Iterator[int]:
        """Yield the positions at which the drop may stand when the pickup stands at ``pickup_at``."""
        moment = self._after(self.request.pickup.place, place, moment_s, -1)
        place = self.request.pickup.place
        for drop_at in range(pickup_at, len(self.steps) + 1):
            if moment is None:
                return
            if self._drop_fits(drop_at, place, moment):
                yield drop_at
            if drop_at == len(self.steps):
                return
            load = [a + b for a, b in zip(load, self.steps[drop_at].change, strict=True)]
            moment = self._after(self.steps[drop_at].visit.place, place, moment, drop_at)
            place = self.steps[drop_at].visit.place
            if not self.has_room(load):
                return

    def _after(self, place: int, before: int, moment_s: int, index: int) -> int | None:
        """Return when the vehicle leaves the pickup (index -1) or a visit of the route, or ``None``."""
        visit = self.request.pickup if index < 0 else self.steps[index].visit
        begin_s = earliest_in(visit.windows, moment_s + self.problem.matrix.seconds[before][place])
        if begin_s is None:
            return None
        leaves_s = begin_s + handling_s(visit, before)
        may_catch_up = index < max(0, self.shortcut_at)  # The pickup itself is judged by what follows it.
        in_time = may_catch_up or leaves_s <= self.leave_by[index]
        return leaves_s if in_time else None

    def _drop_fits(self, drop_at: int, place: int, moment_s: int) -> bool:
        drop, seconds = self.request.drop, self.problem.matrix.seconds
        begin_s = earliest_in(drop.windows, moment_s + seconds[place][drop.place])
        if begin_s is None:
            return False
        leaves_s = begin_s + handling_s(drop, place)
        if drop_at == len(self.steps):
            home_s = 0 if self.vehicle.end is None else seconds[drop.place][self.vehicle.end]
            return leaves_s + home_s <= self.vehicle.shift.closes_s
        following = self.steps[drop_at].visit
        begin_s = earliest_in(following.windows, leaves_s + seconds[drop.place][following.place])
        return begin_s is not None and begin_s + handling_s(following, drop.place) <= self.leave_by[drop_at]


def _preference(slot: Insertion) -> tuple[int, int, int, str]:
    return (slot.added_cents, slot.added_drive_s, slot.drop_s, slot.vehicle)
