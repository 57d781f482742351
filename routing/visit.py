"""One handling at one place, and the hours in which it may begin."""

from dataclasses import dataclass

from routing.nonsense import ProblemNonsense

FOREVER_S = 10 * 24 * 3600
"""An hour that never comes: the far end of an open window."""


@dataclass(frozen=True)
class Window:
    """Hold the hours in which handling may begin, both ends included."""

    opens_s: int = 0
    closes_s: int = FOREVER_S

    def __post_init__(self) -> None:
        if self.closes_s < self.opens_s:
            raise ProblemNonsense(number=1, subject="a window", detail="it closes before it opens")


ALWAYS = (Window(),)


@dataclass(frozen=True)
class Visit:
    """
    Hold one handling at one place.

    ``setup_s`` (parking, finding the person) is spent once where visits at the same place follow
    each other; ``service_s`` (carrying crates) each time. Handling begins inside a window.
    """

    place: int
    windows: tuple[Window, ...] = ALWAYS
    service_s: int = 0
    setup_s: int = 0

    def __post_init__(self) -> None:
        if not self.windows:
            raise ProblemNonsense(number=2, subject="a visit", detail="it has no window")
        if any(a.closes_s >= b.opens_s for a, b in zip(self.windows, self.windows[1:], strict=False)):
            raise ProblemNonsense(number=3, subject="a visit", detail="its windows overlap or are unordered")
        if self.service_s < 0 or self.setup_s < 0:
            raise ProblemNonsense(number=4, subject="a visit", detail="its handling takes negative time")

    def window_at(self, moment_s: int) -> Window:
        """Return the window in which handling begins at a moment."""
        return next(one for one in self.windows if one.opens_s <= moment_s <= one.closes_s)
