"""What is carried and what room there is: crates, kilos and litres per temperature class."""

from dataclasses import dataclass, field
from enum import StrEnum

from routing.problem import AMOUNT_LIMIT


class Temperature(StrEnum):
    """Name the temperature classes of a van's compartments."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


DIMENSIONS = (
    *(f"{temperature}_crates" for temperature in Temperature),
    *(f"{temperature}_kg" for temperature in Temperature),
    *(f"{temperature}_litres" for temperature in Temperature),
    "payload_kg",
)
"""What the routing core counts a load in, in this order."""

CRATES_LIMIT = 400
"""Crates in one shipment: ten pallets and more is a lorry's work."""

LIFTING = frozenset({"tail_lift"})
"""What a van must have for pallets, and for sites where nobody lifts by hand, as the routing core asks it."""

UNLIMITED = AMOUNT_LIMIT // 2
"""
Room that nobody limits, 500 t. Not the limit of amounts itself: a leg full of the owner's own goods
would then stay full even where the rule of room is relaxed, and the reason would name another rule.
"""


@dataclass(frozen=True)
class Load:
    """Hold crates of one temperature class. ``litres`` is 0 where nobody measured them."""

    temperature: Temperature
    crates: int
    kg: int
    litres: int = 0

    @property
    def amounts(self) -> tuple[int, ...]:
        mine = [int(temperature is self.temperature) for temperature in Temperature]
        return (
            *(self.crates * flag for flag in mine),
            *(self.kg * flag for flag in mine),
            *(self.litres * flag for flag in mine),
            self.kg,
        )


@dataclass(frozen=True)
class Space:
    """Hold the room of one compartment; kilos and litres that nobody limits are ``UNLIMITED``."""

    crates: int = 0
    kg: int = UNLIMITED
    litres: int = UNLIMITED


@dataclass(frozen=True)
class Room:
    """Hold the room of a vehicle per temperature class and its payload."""

    ambient: Space = field(default_factory=Space)
    chilled: Space = field(default_factory=Space)
    frozen: Space = field(default_factory=Space)
    payload_kg: int = UNLIMITED

    @property
    def amounts(self) -> tuple[int, ...]:
        spaces = (self.ambient, self.chilled, self.frozen)
        return (
            *(space.crates for space in spaces),
            *(space.kg if space.crates else 0 for space in spaces),
            *(space.litres if space.crates else 0 for space in spaces),
            self.payload_kg,
        )

    @property
    def crates(self) -> int:
        return self.ambient.crates + self.chilled.crates + self.frozen.crates
