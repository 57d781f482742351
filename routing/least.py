"""
What carrying one more request adds at least to each of many routes: all of them asked at once.

A bound, for choosing whom to ask: hours, room and further stops are left out.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from routing.cost import driving_cents
from routing.hours import handling_s
from routing.plan import Route
from routing.problem import Problem, Request, Vehicle, Visit
from routing.schedule import step_of

WHOLE = 18_000
"""Parts of a cent in which lines are added before they are rounded: a metre and a second cost whole ones."""

Ints = npt.NDArray[np.int64]
NOWHERE = -1


class LeastAdded:
    """
    Hold the legs of many vehicles' routes, so that a request is held against all of them together.

    ``routes`` are those of vehicles that move, by name; the others stand where they start. Made in O(n)
    for n visits in all, asked in O(n) of them at the speed of NumPy.
    """

    def __init__(self, problem: Problem, vehicles: Sequence[Vehicle], routes: Mapping[str, Route]) -> None:
        self._matrix, self._names = problem.matrix, [vehicle.id for vehicle in vehicles]
        self.routes = routes
        begins, firsts, ends = list[int](), list[int](), list[tuple[int, int, int]]()
        rates, legs, before = list[tuple[int, int]](), list[int](), list[int]()
        for vehicle in vehicles:
            route = routes.get(vehicle.id)
            visits = [step_of(problem, vehicle, task).visit for task in route.tasks] if route else []
            firsts.append(len(begins))
            begins += [vehicle.start, *(visit.place for visit in visits)]
            ends += [*((one.place, one.setup_s, one.service_s) for one in visits), _home(vehicle)]
            rates.append((vehicle.cents_per_hour * WHOLE // 3600, vehicle.cents_per_km * WHOLE // 1000))
            legs.append(len(visits) + 1)
            before.append(_before_cents(vehicle, route))
        self._begins, self._firsts = _ints(begins), _ints(firsts)
        self._ends, self._setups, self._services = _ints(ends).reshape(-1, 3).T
        self._second, self._metre = np.repeat(_ints(rates).reshape(-1, 2), _ints(legs), axis=0).T
        self._before = _ints(before)
        self._straight = self._to_ends(self._begins)
        self._whole = np.add.reduceat(self._straight, self._firsts) if self._names else self._before

    def cents(self, request: Request) -> dict[str, int]:
        """
        Return for each vehicle what carrying the request adds at least.

        Never more than any slot adds, though what waited may be spent on the longer way, and a fastest way
        by another place may be the shorter one: pickup and drop are counted between two visits, or each
        where it lengthens the route least.
        """
        if not self._names:
            return {}
        pickup, drop = request.pickup, request.drop
        to_pickup, to_drop = (self._to(visit) for visit in (pickup, drop))
        home = self._to_ends(drop.place)
        ride = self._leg(
            int(self._matrix.durations_s[pickup.place, drop.place]) + handling_s(drop, pickup.place),
            self._matrix.distances_m[pickup.place, drop.place],
        )
        both = self._least(to_pickup + ride + home - self._straight)
        single_pickup = self._least(to_pickup + self._to_ends(pickup.place) - self._straight)
        single_drop = self._least(to_drop + home - self._straight)
        least = (self._whole + np.minimum(both, single_pickup + single_drop)) // WHOLE
        return dict(zip(self._names, (least - self._before).tolist(), strict=True))

    def _to(self, visit: Visit) -> Ints:
        """Return the score from where each leg begins to a visit, and of what is done there."""
        seconds = self._matrix.durations_s[self._begins, visit.place]
        seconds = seconds + np.where(
            self._begins == visit.place, visit.service_s, visit.setup_s + visit.service_s
        )
        return self._leg(seconds, self._matrix.distances_m[self._begins, visit.place])

    def _to_ends(self, places: Ints | int) -> Ints:
        """Return the score from a place to where each leg ends, and of what is done there."""
        seconds = self._matrix.durations_s[places, self._ends] + self._services
        seconds = seconds + np.where(self._ends == places, 0, self._setups)
        score = self._leg(seconds, self._matrix.distances_m[places, self._ends])
        return np.where(self._ends == NOWHERE, 0, score)

    def _leg(self, seconds: Ints | int, metres: Ints | int) -> Ints:
        score: Ints = self._second * seconds + self._metre * metres
        return score

    def _least(self, scores: Ints) -> Ints:
        least: Ints = np.minimum.reduceat(scores, self._firsts)
        return least


class LegsKept:
    """Keep the legs of routes that are asked about again and again; of other routes they are made anew."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Sequence[Route], LeastAdded]] = {}

    def __reduce__(self) -> tuple[type["LegsKept"], tuple[()]]:
        """Travel to another process empty."""
        return LegsKept, ()

    def of(self, problem: Problem, routes: tuple[Route, ...]) -> LeastAdded:
        """Return those of the vehicles of a problem on these very routes; the others stand."""
        made = self._made.get(id(routes))
        if made is None or made[0] is not routes:
            made = routes, LeastAdded(problem, problem.vehicles, {route.vehicle: route for route in routes})
            self._made[id(routes)] = made
        return made[1]


def least_added_cents(problem: Problem, vehicle: Vehicle, route: Route | None, request: Request) -> int:
    """Return the same for one vehicle."""
    routes = {vehicle.id: route} if route else {}
    return LeastAdded(problem, [vehicle], routes).cents(request)[vehicle.id]


def _home(vehicle: Vehicle) -> tuple[int, int, int]:
    return (NOWHERE if vehicle.end is None else vehicle.end, 0, 0)


def _before_cents(vehicle: Vehicle, route: Route | None) -> int:
    return driving_cents(vehicle, route.distance_m, route.duration_s) if route else -vehicle.fixed_cents


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.int64)
