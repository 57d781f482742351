"""Who takes part: a producer, buyer, carrier, intermediary or operator."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SIREN = r"^([0-9]{9})?$"
"""The number by which a French firm is known: nine digits, or nothing."""


class Role(StrEnum):
    PRODUCER = "producer"
    BUYER = "buyer"
    CARRIER = "carrier"
    INTERMEDIARY = "intermediary"
    OPERATOR = "operator"
    PRIVATE = "private"


@dataclass(frozen=True)
class Party:
    """
    Hold a party as the law and the plan need to know it.

    ``licence_until`` is the last day of a registered carrier's licence; ``vetted`` tells that the
    operator saw its papers; ``group`` names the GIE, CUMA or other group that it says it belongs to.
    A group, and a farm, count for the law once somebody else confirmed them; what an operator enters is.
    """

    id: str
    name: str
    role: Role
    group: str = ""
    vetted: bool = False
    licence: str = ""
    licence_until: date | None = None
    group_confirmed: bool = True
    farm_confirmed: bool = True

    @property
    def is_farm(self) -> bool:
        """Tell whether it is a farm for the law."""
        return self.role is Role.PRODUCER and self.farm_confirmed
