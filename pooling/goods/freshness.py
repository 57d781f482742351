"""
Freshness on a harvest round: nothing collected before it is ready, nothing handed over after its hour.

The hours of the round hold for every shipment aboard as hard windows. A plan that would break one is
refused with the shipments and by how much; it is never shown as if it were in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from routing.plan import Route
from routing.problem import Request, Window


class TooLateToBeFresh(Refusal):
    code = "too_late_to_be_fresh"
    reason = "Tour {tour} would hand over too late to be fresh: {late}."
    cure = "Collect earlier, hand over nearer by, or choose another tour; the round's hour is not moved."


@dataclass(frozen=True)
class Fresh:
    """Hold the hours of a round, in seconds of its day; ``None`` where it has none."""

    ready_from_s: int | None = None
    fresh_by_s: int | None = None

    def asked(self, request: Request) -> Request | None:
        """Return a request with the hours of the round upon its own; ``None`` where none are left."""
        pickup = _within(request.pickup.windows, self.ready_from_s, None)
        drop = _within(request.drop.windows, None, self.fresh_by_s)
        if not pickup or not drop:
            return None
        return replace(
            request,
            pickup=replace(request.pickup, windows=pickup),
            drop=replace(request.drop, windows=drop),
        )

    def least_late_s(self, request: Request) -> int:
        """Return by how much a request's own hours begin after the round's: what it can be late at least."""
        opens_s = max(request.drop.windows[0].opens_s, request.pickup.windows[0].opens_s)
        return max(0, opens_s - (self.fresh_by_s if self.fresh_by_s is not None else opens_s))

    def early(self, route: Route | None) -> tuple[str, ...]:
        """List the shipments that a route would collect before they are harvested."""
        ready_s = self.ready_from_s
        if route is None or ready_s is None:
            return ()
        pickups = (visit for visit in route.visits if visit.task.kind == "pickup")
        return tuple(visit.task.id for visit in pickups if visit.begins_s < ready_s)

    def late_s(self, route: Route | None) -> Mapping[str, int]:
        """Return by how many seconds each drop of a route would come too late."""
        if route is None or self.fresh_by_s is None:
            return {}
        drops = {visit.task.id: visit.begins_s for visit in route.visits if visit.task.kind == "drop"}
        return {one: at - self.fresh_by_s for one, at in drops.items() if at > self.fresh_by_s}


def too_late(tour: str, late_s: Mapping[str, int]) -> TooLateToBeFresh:
    """Say which shipments would come too late, and by how many minutes, rounded up."""
    listed = ", ".join(f"{one} +{-(-seconds // 60)} min" for one, seconds in sorted(late_s.items()))
    return TooLateToBeFresh(tour=tour, late=listed)


def _within(windows: tuple[Window, ...], from_s: int | None, until_s: int | None) -> tuple[Window, ...]:
    cut = (
        (max(one.opens_s, from_s or 0), one.closes_s if until_s is None else min(one.closes_s, until_s))
        for one in windows
    )
    return tuple(Window(opens_s, closes_s) for opens_s, closes_s in cut if opens_s <= closes_s)
