"""What each party may pay for tours: the facts behind every cap of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pooling.baseline import Baseline
from pooling.sharing import Claimant
from pooling.shipment import Shipment
from pooling.tour import Tour
from routing.plan import Plan, Route


@dataclass(frozen=True)
class Payers:
    """
    Hold what each party may pay for tours: the facts behind every cap of the day.

    ``wanting`` are the shipments that no trip carries; ``whole_cents`` is what their party may pay
    in all if every one of them rides.
    """

    baseline: Baseline
    wanting: Mapping[str, tuple[Shipment, ...]]
    whole_cents: Mapping[str, int]

    def worth_cents(self, party: str, served: Sequence[Shipment]) -> int:
        """Return what riding saves a party: its day alone, less what it must still drive alone."""
        riding = {shipment.id for shipment in served}
        left = [shipment for shipment in self.wanting[party] if shipment.id not in riding]
        return max(0, self.whole_cents[party] - self.baseline.cents(party, left))

    def by_itself_cents(self, shipment: Shipment) -> int:
        """Return what one shipment would cost if its party drove for it only."""
        return self.baseline.cents(shipment.payer, [shipment])

    def aboard(self, route: Route) -> dict[str, list[Shipment]]:
        """Group the shipments of a route by who pays."""
        served = {task.id for task in route.tasks if task.kind == "drop"}
        groups = {
            party: [shipment for shipment in shipments if shipment.id in served]
            for party, shipments in self.wanting.items()
        }
        return {party: group for party, group in groups.items() if group}

    def caps(self, tour: Tour, plan: Plan, route: Route) -> dict[str, Claimant]:
        """
        Return what each party aboard may pay for this tour.

        The cap is the smaller of what riding saves it and the price shown at joining. What riding on
        several tours saves is divided between them by what each shipment costs by itself.
        """
        everywhere = [self.aboard(other) for other in plan.routes]
        claimants: dict[str, Claimant] = {}
        for party, here in self.aboard(route).items():
            served = [shipment for groups in everywhere for shipment in groups.get(party, [])]
            part = sum(self.by_itself_cents(shipment) for shipment in here)
            whole = sum(self.by_itself_cents(shipment) for shipment in served)
            saved_cents = self.worth_cents(party, served) * part // max(1, whole)
            shown_cents = tour.crate_cents * sum(shipment.load.crates for shipment in here)
            claimants[party] = Claimant(saved_cents, min(saved_cents, shown_cents))
        return claimants
