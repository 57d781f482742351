"""The rules that may forbid a slot, and the problem as it would be without some of them."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from routing.problem import ALWAYS, AMOUNT_LIMIT, Problem, Request, Vehicle, Visit, Window


class Rule(StrEnum):
    """Name what may forbid a slot, what the asker can change first."""

    PRICE = "price"  # it costs more than leaving it behind
    ROOM = "room"  # the vehicle is full on some leg
    COMPARTMENT = "compartment"  # the vehicle has no room at all of that kind
    PICKUP_HOURS = "pickup_hours"  # the request's own hours at the pickup
    DROP_HOURS = "drop_hours"  # the request's own hours at the drop
    RIDE = "ride"  # the request's longest time on board
    BUNDLE = "bundle"  # the request rides only beside the rest of its bundle
    APART = "apart"  # goods on board that it must not travel with
    DETOUR = "detour"  # the longest drive or way
    DURATION = "duration"  # the longest route from leaving to end
    SKILLS = "skills"  # something the vehicle lacks
    RESERVED = "reserved"  # the request may only ride elsewhere
    SHIFT = "shift"  # the vehicle's hours
    HEAD = "head"  # the beginning of the route is locked
    PROMISES = "promises"  # the hours of announced stops and of what is aboard


def relaxed(
    problem: Problem, vehicle: Vehicle, request: Request, rules: tuple[Rule, ...], riding: frozenset[str]
) -> tuple[Problem, Vehicle, Request]:
    """
    Return the problem, the vehicle and the request as they would be without those rules.

    The problem has this vehicle alone, who rides in it, and no bundles: where mates ride is a matter of
    the plan.
    """
    vehicle, request = _relaxed_vehicle(vehicle, rules), relaxed_request(request, rules)
    others = tuple(_relaxed_other(other, rules) for other in problem.requests if other.id in riding)
    apart = frozenset[frozenset[str]]() if Rule.APART in rules else problem.apart
    narrow = problem.narrowed((vehicle,), (*_freed(others), *_freed((request,))), apart)
    return narrow, vehicle, request


def _freed(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Drop the names of vehicles that the narrowed problem no longer knows, and of bundles."""
    return tuple(
        request
        if request.vehicles is None and request.bundle is None
        else replace(request, vehicles=None, bundle=None)
        for request in requests
    )


def _relaxed_vehicle(vehicle: Vehicle, rules: tuple[Rule, ...]) -> Vehicle:
    changes: dict[str, Any] = {}
    if Rule.ROOM in rules or Rule.COMPARTMENT in rules:
        changes["capacity"] = tuple(
            AMOUNT_LIMIT if (Rule.ROOM if room else Rule.COMPARTMENT) in rules else room
            for room in vehicle.capacity
        )
    if Rule.PROMISES in rules:
        changes["announced"] = tuple(
            replace(stop, visit=_at_any_hour(stop.visit)) for stop in vehicle.announced
        )
    if Rule.DETOUR in rules:
        changes |= {"longest_drive_s": None, "longest_m": None}
    if Rule.DURATION in rules:
        changes["longest_s"] = None
    if Rule.HEAD in rules:
        changes["head"] = ()
    if Rule.SHIFT in rules:
        changes["shift"] = Window()
    return replace(vehicle, **changes) if changes else vehicle


def relaxed_request(request: Request, rules: tuple[Rule, ...]) -> Request:
    changes: dict[str, Any] = {}
    if Rule.PICKUP_HOURS in rules:
        changes["pickup"] = _at_any_hour(request.pickup)
    if Rule.DROP_HOURS in rules:
        changes["drop"] = _at_any_hour(request.drop)
    if Rule.RIDE in rules:
        changes["longest_ride_s"] = None
    if Rule.SKILLS in rules:
        changes["skills"] = frozenset()
    if Rule.RESERVED in rules:
        changes["vehicles"] = None
    if Rule.PRICE in rules:
        changes["prize_cents"] = None
    return replace(request, **changes) if changes else request


def _relaxed_other(request: Request, rules: tuple[Rule, ...]) -> Request:
    if Rule.PROMISES not in rules:
        return request
    return replace(
        request,
        pickup=_at_any_hour(request.pickup),
        drop=_at_any_hour(request.drop),
        longest_ride_s=None,
    )


def _at_any_hour(visit: Visit) -> Visit:
    return replace(visit, windows=ALWAYS)
