"""
What could yield under one rule so that a request fits: quantities, each with its farthest value.

``explain`` asks how little of it would do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from routing.problem import AMOUNT_LIMIT, FOREVER_S, Request, Vehicle, Visit, Window
from routing.rules import Rule

Quantity = Literal[
    "ready_s",
    "pickup_by_s",
    "drop_from_s",
    "drop_by_s",
    "units",
    "handled_units",
    "drive_s",
    "price_cents",
    "ride_s",
    "route_s",
]


@dataclass(frozen=True)
class Change:
    """Hold the smallest change of one quantity that makes the request fit: what stands, what would do."""

    quantity: Quantity
    stands: int
    would_do: int


Candidate = tuple[Change, Callable[[int], Vehicle], Callable[[int], Request]]


def candidates(vehicle: Vehicle, request: Request, rule: Rule) -> Iterator[Candidate]:
    """Yield the quantities that could yield under one rule, each with its farthest value."""

    def same_vehicle(_: int) -> Vehicle:
        return vehicle

    def same_request(_: int) -> Request:
        return request

    if rule is Rule.DROP_HOURS:
        for change, drop_at in _hour_changes(request.drop, "drop_from_s", "drop_by_s"):
            yield change, same_vehicle, lambda value, at=drop_at: replace(request, drop=at(value))  # type: ignore[misc]
    elif rule is Rule.PICKUP_HOURS:
        for change, pickup_at in _hour_changes(request.pickup, "ready_s", "pickup_by_s"):
            yield change, same_vehicle, lambda value, at=pickup_at: replace(request, pickup=at(value))  # type: ignore[misc]
    elif rule in (Rule.ROOM, Rule.PROMISES):
        change, fewer = _fewer(request, rule)
        yield change, same_vehicle, fewer
    elif rule is Rule.DETOUR and vehicle.longest_drive_s is not None:
        yield (
            Change("drive_s", vehicle.longest_drive_s, FOREVER_S),
            lambda seconds: replace(vehicle, longest_drive_s=seconds),
            same_request,
        )
    elif rule is Rule.DURATION and vehicle.longest_s is not None:
        yield (
            Change("route_s", vehicle.longest_s, FOREVER_S),
            lambda seconds: replace(vehicle, longest_s=seconds),
            same_request,
        )
    elif rule is Rule.RIDE and request.longest_ride_s is not None:
        yield (
            Change("ride_s", request.longest_ride_s, FOREVER_S),
            same_vehicle,
            lambda seconds: replace(request, longest_ride_s=seconds),
        )
    elif rule is Rule.PRICE and request.prize_cents is not None:
        yield (
            Change("price_cents", request.prize_cents, 100 * AMOUNT_LIMIT),
            same_vehicle,
            lambda cents: replace(request, prize_cents=cents),
        )


def _hour_changes(
    visit: Visit, opening: Quantity, closing: Quantity
) -> Iterator[tuple[Change, Callable[[int], Visit]]]:
    """Yield both ends of each window, each as far as it can move without meeting the next window."""
    windows = visit.windows
    for number, window in enumerate(windows):
        earliest_s = windows[number - 1].closes_s + 1 if number else min(0, window.opens_s)
        last = number + 1 == len(windows)
        latest_s = max(FOREVER_S, window.closes_s) if last else windows[number + 1].opens_s - 1
        yield Change(opening, window.opens_s, earliest_s), partial(_with_end, visit, number, "opens_s")
        yield Change(closing, window.closes_s, latest_s), partial(_with_end, visit, number, "closes_s")


def _with_end(visit: Visit, number: int, end: Literal["opens_s", "closes_s"], value: int) -> Visit:
    """Move one end of one window and leave all else as it is."""
    old = visit.windows[number]
    new = Window(value, old.closes_s) if end == "opens_s" else Window(old.opens_s, value)
    return replace(visit, windows=(*visit.windows[:number], new, *visit.windows[number + 1 :]))


def _fewer(request: Request, rule: Rule) -> tuple[Change, Callable[[int], Request]]:
    """Return how many units less would do: of room, or for others who wait while they are handled."""
    units = next(amount for amount in request.load if amount)
    if rule is Rule.ROOM:
        return Change("units", units, 1), _with_units(request, units)
    return Change("handled_units", units, 1), _sooner_done(request, units)


def _sooner_done(request: Request, units: int) -> Callable[[int], Request]:
    """Shrink the load and the time that its handling takes: others are reached the earlier for it."""

    def fewer(kept: int) -> Request:
        smaller = _with_units(request, units)(kept)
        pickup, drop = (
            replace(one, service_s=one.service_s * kept // units) for one in (request.pickup, request.drop)
        )
        return replace(smaller, pickup=pickup, drop=drop)

    return fewer


def _with_units(request: Request, units: int) -> Callable[[int], Request]:
    """Shrink the load to so many units, every dimension in proportion and rounded up."""
    return lambda kept: replace(request, load=tuple(-(-amount * kept // units) for amount in request.load))
