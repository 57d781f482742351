"""
Who is on duty in a producers' shop, and when: turns that repeat, days left out, days that were swapped.

A duty is known by its turn and the day on which the turn's rule put it. A day that was swapped is served by
the turn of who took it: from its farm, with its van. Days are those of the calendar where the shop stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pooling.recurrence import Recurrence


@dataclass(frozen=True)
class Turn:
    """Hold one party's turn: the days on which it is on duty."""

    id: str
    party: str
    rule: Recurrence
    first_day: date

    def falls_on(self, day: date) -> bool:
        """Tell whether the rule puts this turn on a day, swapped or not."""
        return bool(self.rule.days(self.first_day, day, day))


@dataclass(frozen=True)
class Duty:
    """Hold who serves a day: by the turn that the rule put there, and by whose turn it is served."""

    day: date
    turn: str
    by_turn: str
    party: str

    @property
    def swapped(self) -> bool:
        return self.turn != self.by_turn


Changes = Mapping[tuple[str, date], str | None]
"""What was agreed of a turn's day: served by this turn instead, or left out (``None``)."""


def duties(turns: Iterable[Turn], changes: Changes, from_day: date, until_day: date) -> list[Duty]:
    """Return who is on duty from one day to another, both included, in the order of the days."""
    known = {turn.id: turn for turn in turns}
    found = []
    for turn in known.values():
        for day in turn.rule.days(turn.first_day, from_day, until_day):
            by_turn = changes.get((turn.id, day), turn.id)
            if by_turn in known:
                found.append(Duty(day, turn.id, by_turn, known[by_turn].party))
    return sorted(found, key=lambda one: (one.day, one.turn))


def duty_of(turns: Iterable[Turn], changes: Changes, turn_id: str, day: date) -> Duty | None:
    """Return the duty that a turn's rule puts on a day, if nobody left it out."""
    return next((one for one in duties(turns, changes, day, day) if one.turn == turn_id), None)
