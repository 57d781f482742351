"""How far searches are, by the time that is over: they know no better themselves."""

from collections.abc import Callable
from time import monotonic


def moving(
    tell: Callable[[float], None],
    stretch: tuple[float, float],
    expected_s: float,
    cancelled: Callable[[], bool] | None,
) -> Callable[[], bool]:
    """
    Return what a search asks whether anybody still waits: each time it tells how much of a stretch is over.

    What is told never goes back, and stands at the end of the stretch once ``expected_s`` are over.
    """
    began_s, (start, end) = monotonic(), stretch

    def asked() -> bool:
        over = min(1.0, (monotonic() - began_s) / max(expected_s, 1e-9))
        tell(start + (end - start) * over)
        return cancelled is not None and cancelled()

    return asked
