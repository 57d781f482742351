"""
Between which two handovers something went wrong, and so who held the crates then: from the record alone.

Who takes crates without a word on them takes them as good (Code de commerce, L133-1 and L133-3, in our
reading). Where the record does not tell, nobody is named: it is for an operator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pooling.runs.custody import TAKEN, Change, custody, standing
from pooling.runs.mishaps import Reason, fault_of

Kind = Literal["missing", "damaged", "late", "warm"]
KINDS: tuple[Kind, ...] = ("missing", "damaged", "late", "warm")


@dataclass(frozen=True)
class Noted:
    """Hold a record of changing hands with what was seen of the crates, and when it was told."""

    change: Change
    damaged: bool = False
    warm: bool = False
    reason: Reason = ""
    told_at: int = 0


@dataclass(frozen=True)
class Case:
    """
    Hold what is known of a shipment: its crates, who sends and receives it, its record.

    ``pickup_by_at`` and ``drop_by_at`` are the ends of the promised hours, ``None`` where none were told.
    """

    agreed: int
    sender: str
    receiver: str
    noted: tuple[Noted, ...]
    pickup_by_at: int | None = None
    drop_by_at: int | None = None

    @property
    def standing(self) -> Sequence[Noted]:
        """Return what stands, in the order of its happening."""
        by_id = {one.change.id: one for one in self.noted}
        return [by_id[one.id] for one in standing(one.change for one in self.noted)]


@dataclass(frozen=True)
class Placed:
    """
    Hold who held the crates when it went wrong, between two records.

    ``after`` is the record by which it took them (empty: it had them from the beginning), ``before`` the
    first that shows what is wrong (empty: it has them still).
    """

    holder: str
    after: str
    before: str


def placed(kind: Kind, case: Case) -> Placed | None:
    """Find the first place where something went wrong; ``None`` where the record does not tell."""
    if kind == "missing":
        return _missing(case)
    if kind == "late":
        return _late(case)
    return _first(case, [one for one in case.standing if (one.warm if kind == "warm" else one.damaged)])


def aboard(changes: Iterable[Change]) -> int:
    """Count the crates that were taken from their sender."""
    return sum(one.crates for one in standing(changes) if one.way == "on")


def _missing(case: Case) -> Placed | None:
    """Find the first record by which fewer crates go on than were held; else who holds them still."""
    record = case.standing
    short = [one for one in record if one.change.lost or one.change.way == "left"]
    if short:
        return _first(case, short)
    held = custody(case.agreed, case.sender, [one.change for one in case.noted]).held
    keeper = next((party for party in sorted(held) if party not in (case.sender, case.receiver, "")), None)
    return None if keeper is None else Placed(keeper, _taken_by(keeper, record), "")


def _late(case: Case) -> Placed | None:
    """
    Find who was first behind a promised hour, where the crates came late or not at all.

    Who was not there or refused them is behind it, not who waited.
    """
    record = case.standing
    dropped = [one for one in record if one.change.way in ("off", "again") and one.change.crates]
    if case.drop_by_at is None or (dropped and dropped[-1].change.happened_at <= case.drop_by_at):
        return None
    for one in record:
        side = fault_of(one.reason, one.change.way) if one.reason != "damaged" else ""
        by_at = case.pickup_by_at if one.change.way == "on" else case.drop_by_at
        behind = by_at is not None and one.change.happened_at > by_at
        if not behind and one.change.crates:
            continue
        found = {"sender": case.sender, "receiver": case.receiver}.get(side)
        driver = one.change.taker if one.change.way == "on" else one.change.giver
        holder = found or (driver if behind or side == "carrier" else "")
        if holder:
            return Placed(holder, _taken_by(one.change.giver, _until(record, one)), one.change.id)
    keeper = record[-1].change.taker if record and record[-1].change.way in TAKEN else ""
    return Placed(keeper, record[-1].change.id, "") if keeper else None


def _first(case: Case, wrong: Sequence[Noted]) -> Placed | None:
    """Place it with who gave the crates when it was first seen."""
    if not wrong:
        return None
    giver = wrong[0].change.giver
    return Placed(giver, _taken_by(giver, _until(case.standing, wrong[0])), wrong[0].change.id)


def _until(record: Sequence[Noted], last: Noted) -> Sequence[Noted]:
    return record[: record.index(last)]


def _taken_by(party: str, record: Sequence[Noted]) -> str:
    """Return the record by which a party last took crates; empty where it had them from the beginning."""
    taken = [one.change.id for one in record if one.change.taker == party and one.change.crates]
    return taken[-1] if taken else ""
