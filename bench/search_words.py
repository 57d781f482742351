"""What PyVRP and OR-Tools are told in other words: setting up as part of the way, whole numbers."""

from collections import defaultdict

from routing.problem import Problem, Vehicle, Visit, Window

MILLICENTS = 1_000
SECONDS_PER_HOUR = 3_600
ROUNDED_SHARE = 0.01


def _visits(problem: Problem) -> list[Visit]:
    ends = [visit for request in problem.requests for visit in (request.pickup, request.drop)]
    return ends + [stop.visit for vehicle in problem.vehicles for stop in vehicle.announced]


def setups_of(problem: Problem) -> list[int]:
    """Return, for each place, the seconds of setting up that all its visits share."""
    setups: dict[int, list[int]] = defaultdict(list)
    for visit in _visits(problem):
        setups[visit.place].append(visit.setup_s)
    return [min(setups[place], default=0) for place in range(problem.matrix.size)]


def handling_of(visit: Visit, setups: list[int]) -> int:
    """Return the seconds at a visit that are not counted into the way that leaves its place."""
    return visit.service_s + visit.setup_s - setups[visit.place]


def longest_window(visit: Visit) -> Window:
    return max(visit.windows, key=lambda window: window.closes_s - window.opens_s)


class Prices:
    """
    Turn cents into whole numbers that are as small as they can be.

    PyVRP outweighs a broken rule by so much a unit at most, however large the costs are. A metre and a
    second are rounded by a hundredth at most.
    """

    def __init__(self, problem: Problem) -> None:
        rates = {rate for vehicle in problem.vehicles for rate in _rates(vehicle)} - {0}
        fits = (unit for unit in range(max(rates, default=1), 1, -1) if all(_near(r, unit) for r in rates))
        self._unit = next(fits, 1)

    def per_m(self, vehicle: Vehicle) -> int:
        return round(_rates(vehicle)[0] / self._unit)

    def per_s(self, vehicle: Vehicle) -> int:
        return round(_rates(vehicle)[1] / self._unit)

    def of(self, cents: int) -> int:
        return round(cents * MILLICENTS / self._unit)


def _rates(vehicle: Vehicle) -> tuple[int, int]:
    """Return thousandths of a cent per metre and per second."""
    return vehicle.cents_per_km, round(vehicle.cents_per_hour * MILLICENTS / SECONDS_PER_HOUR)


def _near(rate: int, unit: int) -> bool:
    return abs(round(rate / unit) * unit / rate - 1) <= ROUNDED_SHARE
