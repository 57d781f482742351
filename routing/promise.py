"""
What was promised: the hours that each shipment was told, and how far they may move.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.plan import Plan
from routing.problem import Visit, Window


@dataclass(frozen=True)
class Told:
    """Hold when handling was told to begin at both ends; ``None`` for a pickup that nobody waits for."""

    pickup_s: int | None
    drop_s: int


@dataclass(frozen=True)
class Tolerance:
    """Hold how much earlier or later than told still keeps a promise."""

    earlier_s: int
    later_s: int

    def keeps(self, told_s: int | None, begins_s: int) -> bool:
        return told_s is None or told_s - self.earlier_s <= begins_s <= told_s + self.later_s

    def kept(self, visit: Visit, told_s: int | None) -> Visit | None:
        """Narrow a visit to what keeps a promise; ``None`` where its own hours leave nothing of that."""
        if told_s is None:
            return visit
        opens_s, closes_s = told_s - self.earlier_s, told_s + self.later_s
        return narrowed(visit, opens_s, closes_s)


def narrowed(visit: Visit, opens_s: int, closes_s: int) -> Visit | None:
    """Let handling begin only between two moments; ``None`` where no window is open then."""
    cut = [(max(one.opens_s, opens_s), min(one.closes_s, closes_s)) for one in visit.windows]
    windows = tuple(Window(start, end) for start, end in cut if start <= end)
    return replace(visit, windows=windows) if windows else None


def told_by(plan: Plan) -> Mapping[str, Told]:
    """Take a plan's hours as told."""
    begins = {
        (visit.task.id, visit.task.kind): visit.begins_s for route in plan.routes for visit in route.visits
    }
    return {
        one: Told(begins[one, "pickup"], begins[one, "drop"])
        for one, kind in begins
        if kind == "drop" and (one, "pickup") in begins
    }
