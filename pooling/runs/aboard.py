"""What is in a van on each leg, and what room is really free there."""

from collections.abc import Sequence

from pooling.load import UNLIMITED, Temperature
from pooling.manifest import FreeRoom, Handling, OnBoard
from routing.problem import Load, Vehicle

EMPTY = OnBoard(0, 0, 0, 0)


def after(on_board: OnBoard, handlings: Sequence[Handling]) -> OnBoard:
    """Add what goes on and take away what goes off."""
    crates = {
        Temperature.AMBIENT.value: on_board.ambient_crates,
        Temperature.CHILLED.value: on_board.chilled_crates,
        Temperature.FROZEN.value: on_board.frozen_crates,
    }
    kg = on_board.kg
    for handling in handlings:
        sign = 1 if handling.way == "on" else -1
        crates[handling.temperature] += sign * handling.crates
        kg += sign * handling.kg
    ambient, chilled, frozen = crates.values()
    return OnBoard(ambient, chilled, frozen, kg)


def room(vehicle: Vehicle) -> OnBoard:
    """Return the room of a vehicle; of a trip's, the most that is free on any of its legs."""
    kg = vehicle.capacity[-1]
    ambient, chilled, frozen = vehicle.capacity[:3]
    return OnBoard(ambient, chilled, frozen, kg if kg < UNLIMITED else 0)


def free_room(vehicle: Vehicle, load: Load) -> FreeRoom:
    """
    Return what a load leaves free: the load of a plan counts the owner's own goods as well.

    They are what the owner announced as not free, on each leg its own.
    """
    ambient, chilled, frozen, *_, kg = (a - b for a, b in zip(vehicle.capacity, load, strict=True))
    return FreeRoom(ambient, chilled, frozen, kg if vehicle.capacity[-1] < UNLIMITED else None)
