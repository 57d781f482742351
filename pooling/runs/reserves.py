"""
Reserves on a transport paper: what was other than agreed when crates changed hands, with its counts.

Each is one word and two figures, ``short 3/4``: three crates of four. Temperatures are in tenths of a degree:
``warm 85/40`` was read at 8.5 °C where 4 °C is the most.
"""

import re
from dataclasses import dataclass

RESERVE = re.compile(r"(short|damaged|refused|failed|missing|warm) (-?\d+)/(-?\d+)")
"""One reserve as it is kept, for whoever says it in a language."""


@dataclass(frozen=True)
class Seen:
    """Hold what was noted of a handover, beside how many crates there were to be and how warm at most."""

    outcome: str
    condition: str
    crates: int
    agreed: int
    lost: int = 0
    damaged: int = 0
    read_tenths: int | None = None
    limit_tenths: int | None = None


def reserves(seen: Seen) -> tuple[str, ...]:
    """Name all that is to be reserved, the crates first; nothing where all was as agreed."""
    found: list[str] = []
    if seen.condition == "refused" or seen.outcome == "failed":
        word = "refused" if seen.condition == "refused" else "failed"
        found.append(f"{word} {seen.agreed - seen.crates}/{seen.agreed}")
    elif seen.crates < seen.agreed:
        found.append(f"short {seen.crates}/{seen.agreed}")
    if seen.lost:
        found.append(f"missing {seen.lost}/{seen.agreed}")
    if seen.damaged or seen.condition == "damaged":
        found.append(f"damaged {seen.damaged or seen.crates}/{seen.agreed}")
    if (
        seen.read_tenths is not None
        and seen.limit_tenths is not None
        and seen.read_tenths > seen.limit_tenths
    ):
        found.append(f"warm {seen.read_tenths}/{seen.limit_tenths}")
    return tuple(found)
