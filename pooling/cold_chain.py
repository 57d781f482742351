"""
How warm food may become on the road, and when the vehicle itself must be of the special kind.

Sources: order of 21 December 2009 (temperatures of transport: minced meat, poultry, meat, other very
perishable and perishable food), order of 27 November 2020 with Code rural R231-44 (special vehicles, and
the 80 km within which they are not required). Our reading of public texts, not legal advice.
"""

from enum import StrEnum

from geodata.refusal import Refusal
from pooling.load import Temperature
from pooling.manifest import Manifest

SPECIAL_VEHICLE_FROM_M = 80_000
"""From so many metres of road on, without transshipment, cold food needs a vehicle of the special kind."""


class Food(StrEnum):
    """Name a class of food whose temperature the law bounds; others are said by their compartment alone."""

    MINCED = "minced"
    POULTRY = "poultry"
    MEAT = "meat"
    VERY_PERISHABLE = "very_perishable"
    PERISHABLE = "perishable"


LIMITS_C: dict[str, int] = {
    Food.MINCED: 2,
    Food.POULTRY: 4,
    Food.MEAT: 7,
    Food.VERY_PERISHABLE: 4,
    Food.PERISHABLE: 8,
}
UNSAID_C = 4
"""Of chilled food of which nobody said more: the bound of what is very perishable."""
FROZEN_C = -18


class FoodNeedsCold(Refusal):
    code = "food_needs_cold"
    reason = "This food travels at {limit_c} °C at most: not in the compartment that is not cooled."
    cure = "Choose the chilled or the frozen compartment, or say another kind of food."


def limit_c(temperature: str, food: str) -> int | None:
    """Return the warmest degrees that a load may reach; ``None`` where the law sets none."""
    if temperature == Temperature.FROZEN:
        return FROZEN_C
    if temperature == Temperature.CHILLED:
        return LIMITS_C.get(food, UNSAID_C)
    return None


def must_be_cold(temperature: str, food: str) -> None:
    """Refuse perishable food that is to ride uncooled."""
    if food and temperature == Temperature.AMBIENT:
        raise FoodNeedsCold(limit_c=f"+{LIMITS_C[food]}")


def carried_m(manifest: Manifest) -> dict[str, int]:
    """Return how many metres of road each shipment rides, from where it goes on to where it goes off."""
    driven_m, on_at, found = 0, {}, {}
    for stop in manifest.stops:
        driven_m += stop.leg_m
        for each in stop.handlings:
            if each.way == "on":
                on_at[each.shipment] = driven_m
            elif each.shipment in on_at:
                found[each.shipment] = driven_m - on_at[each.shipment]
    return found


def cold_far(manifest: Manifest) -> tuple[str, ...]:
    """Name the cold shipments that ride so far that a special vehicle is required."""
    cold = {
        each.shipment
        for stop in manifest.stops
        for each in stop.handlings
        if limit_c(each.temperature, each.food) is not None
    }
    far = {one for one, far_m in carried_m(manifest).items() if far_m >= SPECIAL_VEHICLE_FROM_M}
    return tuple(sorted(cold & far))


def carries_cold(manifest: Manifest) -> bool:
    """Tell whether anything on the manifest has a temperature to keep."""
    return any(
        limit_c(each.temperature, each.food) is not None for stop in manifest.stops for each in stop.handlings
    )
