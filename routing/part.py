"""
A part of a large problem: some vehicles near each other, what they carry, and what might join them.

All else is kept as it is, matrix and places too, so that a part's orders can be put back into the
whole plan as they are.
"""

from dataclasses import dataclass, replace

from routing.plan import Plan
from routing.problem import Problem, Request


@dataclass(frozen=True)
class Part:
    """Name the vehicles and the requests of a part; no two parts of a plan share any."""

    vehicles: frozenset[str]
    requests: frozenset[str]

    def problem_of(self, problem: Problem) -> Problem:
        """Return the problem as if there were nothing else."""
        return replace(
            problem,
            vehicles=tuple(one for one in problem.vehicles if one.id in self.vehicles),
            requests=tuple(self._own(one) for one in problem.requests if one.id in self.requests),
        )

    def plan_of(self, plan: Plan) -> Plan:
        """Return what the plan says of this part."""
        return Plan(
            tuple(route for route in plan.routes if route.vehicle in self.vehicles),
            tuple(one for one in plan.unserved if one in self.requests),
        )

    def put_back(self, problem: Problem, plan: Plan, found: Plan) -> Plan:
        """Return the whole plan with this part as it was found."""
        routes = {route.vehicle: route for route in plan.routes if route.vehicle not in self.vehicles}
        routes |= {route.vehicle: route for route in found.routes}
        left = {one for one in plan.unserved if one not in self.requests} | set(found.unserved)
        return Plan(
            tuple(routes[one.id] for one in problem.vehicles if one.id in routes),
            tuple(one.id for one in problem.requests if one.id in left),
        )

    def _own(self, request: Request) -> Request:
        if request.vehicles is None:
            return request
        return replace(request, vehicles=request.vehicles & self.vehicles)
