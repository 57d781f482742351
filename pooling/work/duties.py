"""
What the house does by the clock: one round of small duties, safe to run in many processes at once.

Each duty looks first and changes only what is due, so that a round with nothing to do writes nothing.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from pooling.desk.desk import Desk
from pooling.store.cleaning import clean, something_old

log = logging.getLogger("carriole.duties")

SOON_S = 3


@dataclass(frozen=True)
class Duty:
    """Hold one duty: what it does, and how often each process looks after it."""

    function: Callable[[Desk], object]
    every_s: int = SOON_S


DUTIES: dict[str, Duty] = {}
"""Every duty by its name."""


def tick(desk: Desk, duties: Mapping[str, Duty] = DUTIES) -> None:
    """Do every duty once. One that goes wrong does not keep the others from being done."""
    Round(desk, duties).go()


@dataclass
class Round:
    """Go from duty to duty; each only as often as it wants."""

    desk: Desk
    duties: Mapping[str, Duty] = field(default_factory=lambda: DUTIES)
    _done: dict[str, float] = field(default_factory=dict)

    def go(self) -> None:
        for name, duty in self.duties.items():
            if monotonic() - self._done.get(name, float("-inf")) < duty.every_s:
                continue
            self._done[name] = monotonic()
            try:
                duty.function(self.desk)
            except Exception:
                log.exception("duty went wrong", extra={"duty": name})


def clean_up(desk: Desk) -> None:
    """Remove what was only kept for a while: see ``pooling.store.cleaning``."""
    with desk.store.view() as view:
        if not something_old(view):
            return
    desk.store.change(clean)
