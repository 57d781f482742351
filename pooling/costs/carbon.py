"""
What driving emits, well to wheel, empty ways included, and which part of it a shipment is.

Information to the customer by Code des transports, L1431-3: energy × factor, upstream in, of all that the
vehicle drives for a ride, empty ways too. It is shared out by kilos × metres of each shipment's own direct
way on the road, as EN ISO 14083 has it (the shortest feasible distance, not the way that was driven: who is
delivered last is not charged for the others' detours). Whole grams; the parts add up to the whole.
It is transport only: nothing of how the goods were grown, packed or kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pooling.fair.sharing import apportioned
from pooling.figures import (
    COOLING_PER_KM,
    DIESEL_CO2_PER_LITRE,
    DIESEL_UPSTREAM_PER_LITRE,
    GAS_CO2_PER_LITRE,
    GAS_UPSTREAM_PER_LITRE,
    GRID_CO2_PER_KWH,
    PETROL_CO2_PER_LITRE,
    PETROL_UPSTREAM_PER_LITRE,
    TRUCK_DIESEL_PER_KM,
    TRUCK_LOAD,
    VAN_DIESEL_PER_KM,
    VAN_ELECTRICITY_PER_KM,
    WHOLESALE_WAY,
)

DIESEL = "diesel"
PER_KM = {
    "petrol": (VAN_DIESEL_PER_KM.value, PETROL_CO2_PER_LITRE.value, PETROL_UPSTREAM_PER_LITRE.value),
    "gas": (VAN_DIESEL_PER_KM.value, GAS_CO2_PER_LITRE.value, GAS_UPSTREAM_PER_LITRE.value),
    "electric": (VAN_ELECTRICITY_PER_KM.value, GRID_CO2_PER_KWH.value, GRID_CO2_PER_KWH.value),
    "muscle": (0, 0, 0),
}
"""
Of each energy: thousandths of a litre or kilowatt-hour per km, grams of CO2e for one, and how many upstream.

What is not in here, such as hydrogen, counts as diesel: nothing is flattered without a figure to cite.
"""

DIESEL_PER_KM = (VAN_DIESEL_PER_KM.value, DIESEL_CO2_PER_LITRE.value, DIESEL_UPSTREAM_PER_LITRE.value)
UNIT = 1_000_000
"""Metres × thousandths of an energy's unit per kilometre, for one unit."""


def van_co2_g(distance_m: int) -> int:
    """Return grams of CO2e of a diesel van of 3.5 t: metres × ml per km × g per litre."""
    return distance_m * VAN_DIESEL_PER_KM.value * DIESEL_CO2_PER_LITRE.value // UNIT


@dataclass(frozen=True)
class Emitted:
    """Hold grams of CO2e: all of it, and which part of it is upstream, and which is of empty ways."""

    co2_g: int
    upstream_g: int
    empty_g: int


def emitted(distance_m: int, empty_m: int, energy: str = DIESEL, *, cooled: bool = False) -> Emitted:
    """Return what a van of 3.5 t emits; a cooling unit burns diesel beside whatever drives the van."""
    used, factor_g, upstream_g = PER_KM.get(energy, DIESEL_PER_KM)
    cooling = COOLING_PER_KM.value if cooled else 0
    per_unit = used * factor_g + cooling * DIESEL_CO2_PER_LITRE.value
    of_it_upstream = used * upstream_g + cooling * DIESEL_UPSTREAM_PER_LITRE.value
    return Emitted(
        distance_m * per_unit // UNIT, distance_m * of_it_upstream // UNIT, empty_m * per_unit // UNIT
    )


@dataclass(frozen=True)
class Carried:
    """Hold what one shipment weighs, and how long its own direct way on the road is."""

    kg: int
    direct_m: int


def shared_out(whole: Emitted, carried: Mapping[str, Carried]) -> dict[str, Emitted]:
    """
    Share a ride's grams among what it carried, by kilos × metres of the direct way; the parts add up.

    Where nothing weighs anything, or nothing goes anywhere, each has the same part.
    """
    weights = {one: of.kg * of.direct_m for one, of in carried.items()}
    if not any(weights.values()):
        weights = dict.fromkeys(carried, 1)
    co2, upstream, empty = (
        apportioned(grams, weights) for grams in (whole.co2_g, whole.upstream_g, whole.empty_g)
    )
    return {one: Emitted(co2[one], upstream[one], empty[one]) for one in carried}


def reference_co2_g(load_kg: int, way_m: int = WHOLESALE_WAY.value) -> int:
    """
    Return what the same kilos emit in an articulated lorry to a wholesale market, rounded half up.

    The lorry carries on average what the order says, empty ways counted: full there, empty back. From the
    market to the shop nothing is added.
    """
    per_km = TRUCK_DIESEL_PER_KM.value * DIESEL_CO2_PER_LITRE.value
    whole = TRUCK_LOAD.value * UNIT
    return (2 * load_kg * way_m * per_km + whole) // (2 * whole)


@dataclass(frozen=True)
class CarbonStatement:
    """
    Hold what carrying one shipment emits, beside driving alone and beside the lorry; transport only.

    ``alone_g`` is its part of what its payer's own van would emit; ``None`` where that is not told.
    """

    own: Emitted
    load_kg: int
    alone_g: int | None
    reference_g: int

    @property
    def grams_per_kg(self) -> int:
        """Return grams of CO2e per kilo carried, rounded half up."""
        return (2 * self.own.co2_g + self.load_kg) // (2 * self.load_kg) if self.load_kg else 0

    @property
    def worse_than_alone(self) -> bool | None:
        """Tell whether driving alone emits less; ``None`` where what that emits is not to be told."""
        return None if self.alone_g is None else self.own.co2_g > self.alone_g

    @property
    def worse_than_reference(self) -> bool:
        return self.own.co2_g > self.reference_g


def carbon_cents(co2_g: int, cents_per_tonne: int) -> int:
    """Return what grams of CO2e cost at a price per tonne, rounded half up."""
    return (2 * co2_g * cents_per_tonne + UNIT) // (2 * UNIT)
