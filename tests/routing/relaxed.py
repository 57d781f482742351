"""The oracle of reasons: a scene with some rules away, or a quantity changed, judged by trying all slots."""

from collections.abc import Collection
from dataclasses import replace

from routing.cost import route_cost
from routing.explain import Change, Rule, WhyNot, why_not
from routing.problem import ALWAYS, AMOUNT_LIMIT, Request, Vehicle, Visit, Window
from routing.task import Task
from tests.routing.worlds import Scene, allowed, every_slot


def reason_of(scene: Scene) -> WhyNot:
    return why_not(scene.problem, scene.plan, scene.vehicle, scene.request)


def fits(scene: Scene, rules: Collection[Rule] = ()) -> bool:
    """Tell by brute force whether some pair of positions is legal and worth its price without those rules."""
    vehicle, request = free_vehicle(scene.vehicle, rules), free_request(scene.request, rules)
    if not allowed(vehicle, request):
        return False
    if Rule.BUNDLE not in rules and not _beside_its_mates(scene):
        return False
    others = [_free_other(one, rules) for one in scene.problem.requests if one.id != request.id]
    loose = tuple(replace(one, bundle=None) for one in (*others, request))
    fleet = [vehicle if one.id == vehicle.id else one for one in scene.problem.vehicles]
    apart = frozenset() if Rule.APART in rules else scene.problem.apart
    problem = replace(scene.problem, vehicles=tuple(fleet), requests=loose, apart=apart)
    before = route_cost(vehicle, scene.route).total_cents if scene.route else 0
    return any(
        request.prize_cents is None or route_cost(vehicle, longer).total_cents - before < request.prize_cents
        for pickup_at, _, longer in every_slot(problem, vehicle, scene.route, request)
        if pickup_at >= len(vehicle.head)
    )


def _beside_its_mates(scene: Scene) -> bool:
    """Tell whether all others of its bundle ride in this vehicle."""
    mates = {
        one.id
        for one in scene.problem.requests
        if one.bundle is not None and one.bundle == scene.request.bundle and one.id != scene.request.id
    }
    return all(scene.route is not None and Task("drop", one) in scene.route.tasks for one in mates)


def free_vehicle(vehicle: Vehicle, rules: Collection[Rule]) -> Vehicle:
    freed: dict = {}
    if Rule.ROOM in rules or Rule.COMPARTMENT in rules:
        kinds = {True: Rule.ROOM, False: Rule.COMPARTMENT}
        freed["capacity"] = tuple(
            AMOUNT_LIMIT if kinds[bool(room)] in rules else room for room in vehicle.capacity
        )
    if Rule.DETOUR in rules:
        freed |= {"longest_drive_s": None, "longest_m": None}
    if Rule.DURATION in rules:
        freed["longest_s"] = None
    if Rule.HEAD in rules:
        freed["head"] = ()
    if Rule.SHIFT in rules:
        freed["shift"] = Window()
    if Rule.PROMISES in rules:
        freed["announced"] = tuple(replace(one, visit=_any_hour(one.visit)) for one in vehicle.announced)
    return replace(vehicle, **freed)


def free_request(request: Request, rules: Collection[Rule]) -> Request:
    freed: dict = {}
    if Rule.PRICE in rules:
        freed["prize_cents"] = None
    if Rule.PICKUP_HOURS in rules:
        freed["pickup"] = _any_hour(request.pickup)
    if Rule.DROP_HOURS in rules:
        freed["drop"] = _any_hour(request.drop)
    if Rule.RIDE in rules:
        freed["longest_ride_s"] = None
    if Rule.SKILLS in rules:
        freed["skills"] = frozenset()
    if Rule.RESERVED in rules:
        freed["vehicles"] = None
    return replace(request, **freed)


def _free_other(request: Request, rules: Collection[Rule]) -> Request:
    if Rule.PROMISES not in rules:
        return request
    at_any_hour = {"pickup": _any_hour(request.pickup), "drop": _any_hour(request.drop)}
    return replace(request, longest_ride_s=None, **at_any_hour)


def _any_hour(visit: Visit) -> Visit:
    return replace(visit, windows=ALWAYS)


def with_value(scene: Scene, change: Change, value: int) -> Scene:
    """Give the quantity of a change another value; the window is known by where its end stands."""
    request, vehicle = scene.request, scene.vehicle
    match change.quantity:
        case "ready_s":
            request = replace(request, pickup=_moved(request.pickup, "opens_s", change.stands, value))
        case "pickup_by_s":
            request = replace(request, pickup=_moved(request.pickup, "closes_s", change.stands, value))
        case "drop_from_s":
            request = replace(request, drop=_moved(request.drop, "opens_s", change.stands, value))
        case "drop_by_s":
            request = replace(request, drop=_moved(request.drop, "closes_s", change.stands, value))
        case "units":
            share = [-(-amount * value // change.stands) for amount in request.load]
            request = replace(request, load=tuple(share))
        case "handled_units":
            share = [-(-amount * value // change.stands) for amount in request.load]
            pickup, drop = (
                replace(one, service_s=one.service_s * value // change.stands)
                for one in (request.pickup, request.drop)
            )
            request = replace(request, load=tuple(share), pickup=pickup, drop=drop)
        case "price_cents":
            request = replace(request, prize_cents=value)
        case "ride_s":
            request = replace(request, longest_ride_s=value)
        case "drive_s":
            vehicle = replace(vehicle, longest_drive_s=value)
        case "route_s":
            vehicle = replace(vehicle, longest_s=value)
    requests = tuple(request if one.id == request.id else one for one in scene.problem.requests)
    vehicles = tuple(vehicle if one.id == vehicle.id else one for one in scene.problem.vehicles)
    problem = replace(scene.problem, requests=requests, vehicles=vehicles)
    return Scene(problem, vehicle, scene.route, request)


def _moved(visit: Visit, end: str, stands: int, value: int) -> Visit:
    assert [getattr(window, end) for window in visit.windows].count(stands) == 1
    return replace(
        visit,
        windows=tuple(
            replace(window, **{end: value}) if getattr(window, end) == stands else window
            for window in visit.windows
        ),
    )
