"""Whom a correction of a handover takes from: its driver alone may correct only against itself."""

from dataclasses import dataclass

from pooling.runs.custody import TAKEN, Way

GOOD = ("good", "short")
"""Conditions that say nothing of damage: a count may be short and each crate whole."""


@dataclass(frozen=True)
class Said:
    """Hold what a record says of crates; ``proven`` where who faced the driver agreed to it by its code."""

    crates: int
    lost: int
    damaged: int
    condition: str
    proven: bool = False

    @property
    def seen(self) -> tuple[int, int, int, str]:
        """Return what there is to agree to; a count may be short by itself."""
        return self.crates, self.lost, self.damaged, "good" if self.condition in GOOD else self.condition


def takes_from_other_side(way: Way, was: Said, now: Said) -> bool:
    """
    Tell whether a correction takes from the side that faced the driver.

    At a pickup, or from another van: fewer crates taken, or more of them bad, than the giver saw go. At a
    drop, or brought back: more crates signed for, or fewer of them bad. What a code proved is not changed
    without that side either.
    """
    if was.proven and was.seen != now.seen:
        return True
    if way == "left":
        return False
    worse = (now.damaged > was.damaged) or (was.condition in GOOD and now.condition not in GOOD)
    better = (now.damaged < was.damaged) or (was.condition not in GOOD and now.condition != was.condition)
    return now.crates < was.crates or worse if way in TAKEN else now.crates > was.crates or better
