"""One more shipment on a tour as it stands: where it would ride for no more than its prize."""

from collections.abc import Collection, Mapping

from pooling.shipment import Shipment
from pooling.tours.holds import NOTHING_HELD, NOWHERE, Held, Holds
from routing.insertion import Insertion, best_in_route, insert
from routing.least import LeastAdded
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle
from routing.slots import may_carry

Unfit = dict[tuple[str, str], Route | None]
"""The route, by shipment and tour, in which one was found not to fit at its price; ``None`` stands still."""


def joined(
    problem: Problem,
    plan: Plan,
    shipment: Shipment,
    unfit: Unfit | None = None,
    held: Held = NOWHERE,
    *,
    tours: Collection[str] | None = None,
    least: LeastAdded | None = None,
) -> list[tuple[Plan, Route]]:
    """
    List the plans in which one more shipment rides, on these tours if any, for no more than its prize.

    ``least`` is what was made for the routes of this plan already.
    """
    request, unfit = problem.request(shipment.id), {} if unfit is None else unfit
    routes = {route.vehicle: route for route in plan.routes}
    added = _least_added(problem, routes, request, least)
    plans = []
    for vehicle in problem.vehicles:
        route, pair = routes.get(vehicle.id), (shipment.id, vehicle.id)
        if tours is not None and vehicle.id not in tours:
            continue
        if not may_carry(vehicle, request) or (pair in unfit and unfit[pair] is route):
            continue
        too_far = request.prize_cents is not None and added[vehicle.id] >= request.prize_cents
        holds = held.get(vehicle.id, NOTHING_HELD)
        slot = None if too_far else _slot_at_its_price(problem, vehicle, route, request, holds)
        if slot is None:
            unfit[pair] = route
        else:
            plans.append((insert(plan, slot), slot.route))
    return plans


def _least_added(
    problem: Problem, routes: Mapping[str, Route], request: Request, made: LeastAdded | None
) -> Mapping[str, int]:
    if request.prize_cents is None:
        return {}
    return (made or LeastAdded(problem, problem.vehicles, routes)).cents(request)


def _slot_at_its_price(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request, holds: Holds
) -> Insertion | None:
    prize = request.prize_cents
    tasks = route.tasks if route else ()
    slot = best_in_route(problem, vehicle, route, request, may=holds.may(tasks))
    return None if slot is None or (prize is not None and slot.added_cents >= prize) else slot
