"""
Custody: who holds how many crates of a shipment, told by the records of changing hands and nothing else.

Each crate has one holder at any time, or is known to be lost. What a giver held is what it handed over,
what is lost, and what it keeps: the last is never written, it is what is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geodata.refusal import Refusal

Way = Literal["on", "over", "off", "again", "back", "left"]
"""
Taken from the sender, from van to van, given to who receives it, given to it later, brought back, or left
with somebody.
"""

WAYS: tuple[Way, ...] = ("on", "over", "off", "again", "back", "left")
TAKEN = ("on", "over")
"""By which whoever drives takes crates."""
DELIVERING = ("off", "again")
OUTSIDE = ""
"""The holder that is no party: somebody named in the record."""


class MoreThanHeld(Refusal):
    code = "more_than_held"
    reason = "{held} {held:crate is/crates are} there to be handed over; {crates} cannot be."
    cure = "Count again. Crates beyond those agreed ride as a shipment of their own."


class NotTheHolder(Refusal):
    code = "not_the_holder"
    reason = "None of these crates is with whoever would hand them over."
    cure = "Look at the shipment's custody: it tells who holds its crates."


class HandedOnBefore(Refusal):
    code = "handed_on_before"
    reason = "With this, crates would have been handed on that were not there: {held} of {crates}."
    cure = "Correct the later handover first, then this one."


@dataclass(frozen=True)
class Change:
    """
    Hold crates that changed hands; ``crates`` is 0 where none did.

    ``lost`` are those that the giver should have had and did not. ``number`` is the order in which it
    was told; ``happened_at`` the hour at which it happened. ``corrects`` names the record in whose
    place this one stands.
    """

    id: str
    number: int
    way: Way
    giver: str
    taker: str
    crates: int
    lost: int = 0
    happened_at: int = 0
    corrects: str = ""

    def __post_init__(self) -> None:
        if min(self.crates, self.lost, self.number) < 0:
            raise ValueError("Negative number of crates not understood.")


@dataclass(frozen=True)
class Custody:
    """Hold who has how many crates now; nobody is named who has none."""

    held: Mapping[str, int]
    lost: int = 0

    def of(self, party: str) -> int:
        return self.held.get(party, 0)


def standing(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return what stands, in the order of its happening: a corrected record gives way to its correction."""
    told = sorted(changes, key=lambda one: one.number)
    corrected = {one.corrects for one in told}
    left = [one for one in told if one.id not in corrected]
    first = {one.id: _first(one, {each.id: each for each in told}).number for one in left}
    return tuple(sorted(left, key=lambda one: (one.happened_at, first[one.id])))


def custody(agreed: int, sender: str, changes: Iterable[Change]) -> Custody:
    """
    Say who holds the crates of a shipment after all that happened; the sender begins with all of them.

    Refuses a change by whose giver they were not held: nothing is handed over twice.
    """
    now = Custody({sender: agreed})
    for one in standing(changes):
        now = after(now, one)
    return now


def after(now: Custody, change: Change) -> Custody:
    """Return who holds the crates after one more change of hands."""
    there, gone = now.of(change.giver), change.crates + change.lost
    if gone > there:
        raise MoreThanHeld(held=there, crates=gone) if there else NotTheHolder()
    held = dict(now.held)
    held[change.giver] = there - gone
    held[change.taker] = held.get(change.taker, 0) + change.crates
    return Custody({party: crates for party, crates in held.items() if crates}, now.lost + change.lost)


def corrected(agreed: int, sender: str, changes: Sequence[Change], correction: Change) -> Custody:
    """Return who holds the crates once one record is corrected; refuses where later ones then cannot be."""
    try:
        return custody(agreed, sender, (*changes, correction))
    except MoreThanHeld as refusal:
        if standing((*changes, correction))[-1].id == correction.id:
            raise
        raise HandedOnBefore(held=refusal.facts["held"], crates=refusal.facts["crates"]) from refusal
    except NotTheHolder as refusal:
        raise HandedOnBefore(held=0, crates=agreed) from refusal


def signed(changes: Iterable[Change]) -> int:
    """Count the crates that whoever receives them has taken."""
    return sum(one.crates for one in standing(changes) if one.way in DELIVERING)


def _first(change: Change, by_id: Mapping[str, Change]) -> Change:
    """Return the record in whose place a correction stands, through all corrections of corrections."""
    while change.corrects in by_id:
        change = by_id[change.corrects]
    return change
