"""Leaving a tour: the plan without some of the shipments that were to ride."""

from collections.abc import Mapping, Sequence

from pooling.shipment import Shipment
from routing.plan import Plan, Route
from routing.problem import Problem
from routing.schedule import schedule_route


def route_without(problem: Problem, route: Route, leaving: Sequence[Shipment]) -> Route | None:
    """Drive a tour without some shipments; ``None`` where nobody is left, or no hours are."""
    gone = {shipment.id for shipment in leaving}
    tasks = [task for task in route.tasks if task.id not in gone]
    return schedule_route(problem, problem.vehicle(route.vehicle), tasks) if tasks else None


def without(problem: Problem, plan: Plan, route: Route, leaving: Sequence[Shipment]) -> Plan:
    """Take some shipments off one tour; whoever could not be driven without them stays behind, too."""
    rest = route_without(problem, route, leaving)
    others = tuple(other for other in plan.routes if other.vehicle != route.vehicle)
    left_behind = {task.id for task in route.tasks} - ({task.id for task in rest.tasks} if rest else set())
    return Plan((*others, rest) if rest else others, (*plan.unserved, *sorted(left_behind)))


def without_all(problem: Problem, plan: Plan, leaving: Mapping[str, Sequence[Shipment]]) -> Plan:
    """Take the shipments of some parties off every tour."""
    gone = [shipment for group in leaving.values() for shipment in group]
    ids = {shipment.id for shipment in gone}
    for route in plan.routes:
        if any(task.id in ids for task in route.tasks):
            plan = without(problem, plan, route, gone)
    return plan
