"""What a route and a plan cost, in whole cents, line by line: the only pricing of driving."""

from dataclasses import dataclass

from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle


@dataclass(frozen=True)
class RouteCost:
    """Hold the lines of a route's cost in cents. Each line is rounded half up; the total adds the lines."""

    fixed_cents: int
    distance_cents: int
    time_cents: int
    stops_cents: int

    @property
    def total_cents(self) -> int:
        return self.fixed_cents + self.distance_cents + self.time_cents + self.stops_cents


def route_cost(vehicle: Vehicle, route: Route) -> RouteCost:
    """Itemise what the route costs: fixed, per km driven, per hour from leaving to end, per stop."""
    return RouteCost(
        fixed_cents=vehicle.fixed_cents,
        distance_cents=_distance_cents(vehicle, route.distance_m),
        time_cents=_time_cents(vehicle, route.duration_s),
        stops_cents=stop_count(route) * vehicle.cents_per_stop,
    )


def driving_cents(vehicle: Vehicle, distance_m: int, duration_s: int) -> int:
    """Return the two lines that grow with the way: per km and per hour."""
    return _distance_cents(vehicle, distance_m) + _time_cents(vehicle, duration_s)


def stop_count(route: Route) -> int:
    """Count halts: visits that follow each other at one place are one stop."""
    places = [visit.place for visit in route.visits]
    return sum(1 for index, place in enumerate(places) if index == 0 or place != places[index - 1])


def plan_cents(problem: Problem, plan: Plan) -> int:
    """Add the cost of all routes and the prizes of the requests left behind."""
    routes = sum(route_cost(problem.vehicle(route.vehicle), route).total_cents for route in plan.routes)
    return routes + sum(problem.request(request_id).prize_cents or 0 for request_id in plan.unserved)


def _distance_cents(vehicle: Vehicle, distance_m: int) -> int:
    return (distance_m * vehicle.cents_per_km + 500) // 1000


def _time_cents(vehicle: Vehicle, duration_s: int) -> int:
    return (duration_s * vehicle.cents_per_hour + 1800) // 3600
