"""
A tool that several parties own together, a van or a cold room: who used it, and who pays what of a month.

What it costs whether it is used or not is split by the parts that each owns, what it costs by being used in
proportion to use: whole cents that add up. What one laid out for it counts towards its own part.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from geodata.refusal import Refusal
from pooling.fair.sharing import apportioned
from pooling.manifest import Manifest

Kind = Literal["van", "cold_room"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SplitBy = Literal["parts", "use"]
SPLITS: tuple[SplitBy, ...] = get_args(SplitBy)

OWNERS_LIMIT = 50
PARTS_LIMIT = 1000
ENTRIES_LIMIT = 500
"""What is noted of a tool in one month, uses and costs together."""


class EmptyAboveWay(Refusal):
    code = "empty_above_way"
    reason = "Of a way of {way_m} m at most so much can run empty, and at most that can be used by others."
    cure = "Say the whole way first, then how much of it ran without your goods, then with others' crates."


@dataclass(frozen=True)
class Use:
    """
    Hold one use: ``units`` are metres of a van, crates × days of a cold room.

    ``empty_m`` is the way without crates of its user aboard, ``used_m`` what others' crates rode of that.
    ``run`` names the manifest that tells it; empty where its user noted it.
    """

    id: str
    party: str
    day: date
    units: int
    empty_m: int = 0
    used_m: int = 0
    run: str = ""
    what: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.used_m <= self.empty_m or (self.empty_m and self.empty_m > self.units):
            raise EmptyAboveWay(way_m=self.units)


@dataclass(frozen=True)
class Cost:
    """Hold what a party laid out for the tool, and how it is split."""

    id: str
    party: str
    day: date
    cents: int
    by: SplitBy
    what: str


@dataclass(frozen=True)
class ToolShare:
    """Hold what one party bears of a month, and what it laid out itself."""

    party: str
    parts: int
    units: int
    parts_cents: int
    use_cents: int
    laid_cents: int

    @property
    def share_cents(self) -> int:
        return self.parts_cents + self.use_cents

    @property
    def owes_cents(self) -> int:
        """Return what it owes the others; below 0 what it has to receive."""
        return self.share_cents - self.laid_cents


@dataclass(frozen=True)
class Due:
    """Hold what one party owes another for a month."""

    payer: str
    payee: str
    cents: int


def split_month(
    parts: Mapping[str, int], uses: Sequence[Use], costs: Sequence[Cost]
) -> tuple[ToolShare, ...]:
    """
    Split the costs of a month among those who own the tool, used it or laid something out, by party.

    The shares add up to the costs, to the cent. Where nobody used it, all is split by parts.
    """
    units: dict[str, int] = {}
    laid: dict[str, int] = {}
    for use in uses:
        units[use.party] = units.get(use.party, 0) + use.units
    for cost in costs:
        laid[cost.party] = laid.get(cost.party, 0) + cost.cents
    by_parts = apportioned(sum(one.cents for one in costs if one.by == "parts"), parts)
    by_use = apportioned(
        sum(one.cents for one in costs if one.by == "use"), units if any(units.values()) else parts
    )
    return tuple(
        ToolShare(
            one,
            parts.get(one, 0),
            units.get(one, 0),
            by_parts.get(one, 0),
            by_use.get(one, 0),
            laid.get(one, 0),
        )
        for one in sorted({*parts, *units, *laid})
    )


def dues_of(shares: Sequence[ToolShare]) -> tuple[Due, ...]:
    """
    Tell who pays whom: whoever owes pays those who have to receive, the largest first, ties by party.

    What is paid is to the cent what is owed, and nobody both pays and receives.
    """
    open_cents = {one.party: -one.owes_cents for one in shares if one.owes_cents < 0}
    dues = []
    for payer in sorted(
        (one for one in shares if one.owes_cents > 0), key=lambda one: (-one.owes_cents, one.party)
    ):
        left_cents = payer.owes_cents
        for payee in sorted(open_cents, key=lambda one: (-open_cents[one], one)):
            cents = min(left_cents, open_cents[payee])
            if cents:
                dues.append(Due(payer.party, payee, cents))
                open_cents[payee] -= cents
                left_cents -= cents
    return tuple(dues)


def ways_of(manifest: Manifest, own: Collection[str]) -> tuple[int, int, int]:
    """
    Return the metres of a run, those without crates of its driver's, and what others used of those.

    What somebody took along without entering it is not known: such a leg counts as empty.
    """
    aboard: set[str] = set()
    whole_m = empty_m = used_m = 0
    for stop in manifest.stops:
        for one in stop.handlings:
            (aboard.add if one.way == "on" else aboard.discard)(one.shipment)
        whole_m += stop.leg_m
        if not aboard.intersection(own):
            empty_m += stop.leg_m
            used_m += stop.leg_m if aboard else 0
    return whole_m, empty_m, used_m


@dataclass(frozen=True)
class Utilisation:
    """Hold how much a tool was used in a month; ``room_permille`` is of a cold room's crates × days."""

    days: int
    days_used: int
    units: int
    empty_m: int
    used_m: int
    room_permille: int | None

    @property
    def days_permille(self) -> int:
        return 1000 * self.days_used // self.days


def utilisation(kind: str, capacity_crates: int, first: date, uses: Sequence[Use]) -> Utilisation:
    """Count the days of a month on which a tool was used, its units, and the empty ways that others used."""
    days = monthrange(first.year, first.month)[1]
    units = sum(one.units for one in uses)
    return Utilisation(
        days=days,
        days_used=len({one.day for one in uses}),
        units=units,
        empty_m=sum(one.empty_m for one in uses),
        used_m=sum(one.used_m for one in uses),
        room_permille=1000 * units // (capacity_crates * days) if kind == "cold_room" else None,
    )
