"""
What a round is expected to carry on a weekday, from what it really carried, to choose its vehicle.

The method, in one sentence: the mean of the last eight runs on the same weekday, between the least and the
most of them. Nothing is fitted; who drives the round can check it with a pencil.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import ceil
from typing import Literal

from pooling.load import Load, Temperature
from pooling.manifest import Manifest, OnBoard

LAST_RUNS = 8
"""How many runs of the same weekday are looked at, the last ones: two months of a weekly round."""

FEW_RUNS = 4
"""Below so many runs an expectation is called what it is: little to go by."""

NOTHING = OnBoard(0, 0, 0, 0)


@dataclass(frozen=True)
class Move:
    """Hold a load that went on or off, in the order of the moves around it."""

    way: Literal["on", "off"]
    load: Load


@dataclass(frozen=True)
class Carried:
    """
    Hold what one run carried: crates in all, and the most that was on board at once.

    ``noted`` tells that it comes from handovers; else from the manifest of a run that noted none.
    """

    day: date
    crates: int
    most: OnBoard
    noted: bool = True


@dataclass(frozen=True)
class Expected:
    """Hold what a weekday (1 is Monday) is expected to carry, between its least and its most."""

    weekday: int
    runs: int
    crates: int
    least: int
    most: int
    aboard: OnBoard

    @property
    def few(self) -> bool:
        return self.runs < FEW_RUNS


@dataclass(frozen=True)
class Came:
    """Hold a run beside what had been expected of it from the runs before; ``None``: there were none."""

    run: Carried
    expected: Expected | None


@dataclass(frozen=True)
class Van:
    """Hold a vehicle that could be chosen."""

    id: str
    name: str
    room: OnBoard


def carried(day: date, moves: Iterable[Move], *, noted: bool = True) -> Carried:
    """Count what a run carried: what went on, and the most that was on board in each compartment."""
    crates, now, most = 0, NOTHING, NOTHING
    for move in moves:
        crates += move.load.crates if move.way == "on" else 0
        now = _joined(now, _room_of(move), sum)
        most = _joined(most, now, max)
    return Carried(day, crates, most, noted)


def planned_moves(manifest: Manifest) -> list[Move]:
    """Return the moves of a manifest; what goes off at a stop makes room first."""
    return [
        Move(one.way, Load(Temperature(one.temperature), one.crates, one.kg))
        for stop in manifest.stops
        for one in sorted(stop.handlings, key=lambda each: each.way != "off")
    ]


def part_kg(kg: int, crates: int, of_crates: int) -> int:
    """Return what some of a shipment's crates weigh, rounded up."""
    return ceil(kg * crates / of_crates) if of_crates else kg


def expected(runs: Iterable[Carried], weekday: int) -> Expected | None:
    """Return what a weekday is expected to carry; ``None`` where the round never ran on it."""
    last = sorted((one for one in runs if one.day.isoweekday() == weekday), key=lambda one: one.day)
    last = last[-LAST_RUNS:]
    if not last:
        return None
    counts = [one.crates for one in last]
    aboard = NOTHING
    for one in last:
        aboard = _joined(aboard, one.most, max)
    mean = (2 * sum(counts) + len(counts)) // (2 * len(counts))
    return Expected(weekday, len(last), mean, min(counts), max(counts), aboard)


def expected_by_weekday(runs: Sequence[Carried]) -> tuple[Expected, ...]:
    """Return what each weekday on which the round ran is expected to carry, Monday first."""
    found = (expected(runs, weekday) for weekday in range(1, 8))
    return tuple(one for one in found if one is not None)


def looked_back(runs: Sequence[Carried]) -> tuple[Came, ...]:
    """Put each run beside what the runs before its day had let expect, the latest first."""
    days = sorted(runs, key=lambda one: one.day, reverse=True)
    return tuple(
        Came(one, expected((before for before in runs if before.day < one.day), one.day.isoweekday()))
        for one in days
    )


def mean_miss(came: Iterable[Came]) -> int | None:
    """Return by how many crates expectations were off in the mean; ``None`` where there were none."""
    off = [abs(one.run.crates - one.expected.crates) for one in came if one.expected is not None]
    return (2 * sum(off) + len(off)) // (2 * len(off)) if off else None


def smallest(vans: Iterable[Van], needed: OnBoard) -> Van | None:
    """Choose the smallest vehicle with room for the most that was on board at once; ``None``: no one has."""
    fit = [one for one in vans if _joined(one.room, needed, max) == one.room]
    return min(fit, key=lambda one: (_crates(one.room), one.room.kg, one.name, one.id), default=None)


def _room_of(move: Move) -> OnBoard:
    sign = 1 if move.way == "on" else -1
    crates = {f"{kind}_crates": 0 for kind in Temperature}
    crates[f"{move.load.temperature}_crates"] = sign * move.load.crates
    return OnBoard(**crates, kg=sign * move.load.kg)


def _joined(one: OnBoard, other: OnBoard, how: Callable[[Iterable[int]], int]) -> OnBoard:
    names = [each.name for each in fields(OnBoard)]
    return OnBoard(**{name: how((getattr(one, name), getattr(other, name))) for name in names})


def _crates(room: OnBoard) -> int:
    return room.ambient_crates + room.chilled_crates + room.frozen_crates
