"""What both PyVRP and OR-Tools are told in other words: setting up counted into the way, costs as whole numbers."""

from collections import defaultdict
from functools import reduce
from math import gcd

from routing.problem import Problem, Vehicle, Visit, Window

MILLICENTS = 1_000
SECONDS_PER_HOUR = 3_600


def visits_of(problem: Problem) -> list[Visit]:
    """Return every visit there may be, announced ones last."""
    ends = [visit for request in problem.requests for visit in (request.pickup, request.drop)]
    return ends + [stop.visit for vehicle in problem.vehicles for stop in vehicle.announced]


def setups_of(problem: Problem) -> list[int]:
    """Return, for each place, the seconds of setting up that all its visits share."""
    setups: dict[int, list[int]] = defaultdict(list)
    for visit in visits_of(problem):
        setups[visit.place].append(visit.setup_s)
    return [min(setups[place], default=0) for place in range(problem.matrix.size)]


def handling_of(visit: Visit, setups: list[int]) -> int:
    """Return the seconds at a visit that are not counted into the way that leaves its place."""
    return visit.service_s + visit.setup_s - setups[visit.place]


def longest_window(visit: Visit) -> Window:
    return max(visit.windows, key=lambda window: window.closes_s - window.opens_s)


class Prices:
    """Turn cents into whole numbers that are as small as they can be: a common factor changes no choice."""

    def __init__(self, problem: Problem) -> None:
        self._factor = 1
        amounts = [self._whole(v.fixed_cents * MILLICENTS) for v in problem.vehicles]
        amounts += [amount for v in problem.vehicles for amount in (self.per_m(v), self.per_s(v))]
        amounts += [(r.prize_cents or 0) * MILLICENTS for r in problem.requests]
        self._factor = reduce(gcd, amounts) or 1

    def per_m(self, vehicle: Vehicle) -> int:
        return self._whole(vehicle.cents_per_km)

    def per_s(self, vehicle: Vehicle) -> int:
        return self._whole(round(vehicle.cents_per_hour * MILLICENTS / SECONDS_PER_HOUR))

    def of(self, cents: int) -> int:
        return self._whole(cents * MILLICENTS)

    def _whole(self, amount: int) -> int:
        return amount // self._factor
