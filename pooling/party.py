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
    operator saw its papers; ``group`` names the GIE, CUMA or other group it belongs to.
    """

    id: str
    name: str
    role: Role
    group: str = ""
    vetted: bool = False
    licence: str = ""
    licence_until: date | None = None

    @property
    def is_farm(self) -> bool:
        return self.role is Role.PRODUCER
