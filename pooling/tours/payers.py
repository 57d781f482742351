"""What each party may pay for tours: the facts behind every cap of a day."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from pooling.costs.baseline import Baseline
from pooling.fair.sharing import Claimant
from pooling.shipment import Shipment
from pooling.tour import Tour
from routing.plan import Plan, Route


@dataclass(frozen=True)
class Payers:
    """
    Hold what each party may pay for tours: the facts behind every cap of the day.

    ``wanting`` are the shipments that no trip carries; ``whole_cents`` is what their party may pay
    in all if every one of them rides. ``ceilings_cents`` are the prices that shipments were told on a tour:
    none of these ever pays more, whatever the price per crate.
    """

    baseline: Baseline
    wanting: Mapping[str, tuple[Shipment, ...]]
    whole_cents: Mapping[str, int]
    ceilings_cents: Mapping[str, int] = field(default_factory=dict)

    def worth_cents(self, party: str, served: Sequence[Shipment]) -> int:
        """
        Return what riding saves a party: its day alone, less what it must still drive alone.

        Below nothing only where what it paid elsewhere leaves it less than that: then it cannot ride.
        """
        return self.whole_cents[party] - self.baseline.cents(party, self.left(party, served))

    def left(self, party: str, served: Sequence[Shipment]) -> list[Shipment]:
        """List what a party must still drive alone where these of its shipments ride."""
        riding = {shipment.id for shipment in served}
        return [shipment for shipment in self.wanting[party] if shipment.id not in riding]

    def served(self, plan: Plan) -> dict[str, list[Shipment]]:
        """Group the shipments that ride on any tour by who pays."""
        last = self._last[0] if self._last else None
        if last is None or last[0] is not plan.served:
            last = plan.served, self._served(plan.served)
            self._last[:] = [last]
        return last[1]

    def by_itself_cents(self, shipment: Shipment) -> int:
        """Return what one shipment would cost if its party drove for it only."""
        return self.baseline.cents(shipment.payer, [shipment])

    def shown_cents(self, crate_cents: int, shipment: Shipment) -> int:
        """Return the most that a shipment may pay: by the crate, and no more than it was told since."""
        by_crate_cents = crate_cents * shipment.load.crates
        return min(by_crate_cents, self.ceilings_cents.get(shipment.id, by_crate_cents))

    def aboard(self, route: Route) -> dict[str, list[Shipment]]:
        """Group the shipments of a route by who pays."""
        return self._served({task.id for task in route.tasks if task.kind == "drop"})

    def losers(self, plan: Plan) -> dict[str, list[Shipment]]:
        """
        Find who could pay nothing for its rides and would still end above its day alone.

        Nobody, as long as what is left of a day is never dearer than the day; asked all the same.
        """
        return self.above_alone(plan, {})

    def above_alone(self, plan: Plan, shares: Mapping[str, Mapping[str, int]]) -> dict[str, list[Shipment]]:
        """
        Find who pays more than alone, with the shipments that ride: promise 4, asked of finished shares.

        In all: the shares of its tours against what riding saves it. On each tour: its share, by tour
        and party, against what these very shipments would cost it alone.
        """
        served = self.served(plan)
        found = set()
        for party, group in served.items():
            paid_cents = sum(of_tour.get(party, 0) for of_tour in shares.values())
            if paid_cents > self.worth_cents(party, group):
                found.add(party)
        for route in plan.routes:
            for party, here in self.aboard(route).items():
                if shares.get(route.vehicle, {}).get(party, 0) > self.baseline.cents(party, here):
                    found.add(party)
        return {party: served[party] for party in sorted(found)}

    def caps(self, tour: Tour, plan: Plan, route: Route) -> dict[str, Claimant]:
        """
        Return what each party aboard may pay for this tour; whoever loses by riding may pay nothing.

        The cap is the smallest of what riding saves it, what these very shipments would cost it alone,
        and the lowest price that it was told. What riding on several tours saves is divided between them by
        what each shipment costs by itself.
        """
        served = self.served(plan)
        claimants: dict[str, Claimant] = {}
        for party, here in self.aboard(route).items():
            part = sum(self.by_itself_cents(shipment) for shipment in here)
            whole = sum(self.by_itself_cents(shipment) for shipment in served[party])
            saved_cents = self.worth_cents(party, served[party]) * part // max(1, whole)
            saved_cents = max(0, min(saved_cents, self.baseline.cents(party, here)))
            shown_cents = sum(self.shown_cents(tour.crate_cents, shipment) for shipment in here)
            claimants[party] = Claimant(saved_cents, min(saved_cents, shown_cents))
        return claimants

    def _served(self, ids: Set[str]) -> dict[str, list[Shipment]]:
        groups: dict[str, list[Shipment]] = {}
        for at in sorted(self._number[one] for one in ids if one in self._number):
            party, shipment = self._in_order[at]
            groups.setdefault(party, []).append(shipment)
        return groups

    @cached_property
    def _last(self) -> list[tuple[Set[str], dict[str, list[Shipment]]]]:
        """Keep the groups of the plan asked about last: of each of its routes the same is asked."""
        return []

    @cached_property
    def _in_order(self) -> list[tuple[str, Shipment]]:
        return [(party, shipment) for party, group in self.wanting.items() for shipment in group]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {shipment.id: at for at, (_, shipment) in enumerate(self._in_order)}
