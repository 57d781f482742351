"""Was it worth it? Everyone alone against pooled, on the same matrix, in whole and for each party."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pooling.costs.alone import Alone
from pooling.costs.carbon import van_co2_g
from pooling.costs.own_cost import out_at_once
from pooling.days.dayplan import DayPlan
from pooling.goods.goods_share import above_target
from routing.plan import Route

Drive = tuple[str, Route]
"""A route with whose van drives it: a party, or the tour for which a carrier gives a van."""


@dataclass(frozen=True)
class Totals:
    """Hold what a day takes: vans on the road, metres, seconds, cents, grams of CO2e."""

    vehicles: int
    distance_m: int
    duration_s: int
    cents: int
    co2_g: int


@dataclass(frozen=True)
class Participant:
    """
    Hold one party's day: alone, what it pays now in all, what its goods are worth.

    For the owner of a trip both count the trip itself with its own goods: alone is the trip as
    announced, the share its cost with guests less what they pay.
    """

    party: str
    name: str
    alone_cents: int
    share_cents: int
    goods_value_cents: int

    @property
    def saving_cents(self) -> int:
        return self.alone_cents - self.share_cents

    @property
    def above_target(self) -> bool:
        """Tell whether carriage costs more than the target share (15 %) of goods whose value is known."""
        return above_target(self.share_cents, self.goods_value_cents)


@dataclass(frozen=True)
class Worth:
    """Hold the comparison. Both sides count the announced trips: their owners drive anyway."""

    alone: Totals
    pooled: Totals
    participants: tuple[Participant, ...]


def worth(plan: DayPlan) -> Worth:
    """Compare the day's plan with everyone alone; shipments left unserved count at alone on both sides."""
    trips_alone = [(book.trip.owner, book.announced) for book in plan.trips]
    trips_pooled = [(book.trip.owner, book.route) for book in plan.trips]
    tours = [(book.tour.id, book.route) for book in plan.tours]
    alone_cents = sum(one.cents for one in plan.alone.values()) + sum(b.announced_cents for b in plan.trips)
    pooled_cents = (
        sum(book.driven_cents for book in plan.trips)
        + sum(book.split.cost_cents for book in plan.tours)
        + sum(one.cents for one in plan.still_alone.values())
    )
    return Worth(
        alone=_totals([*trips_alone, *_driven(plan.alone)], alone_cents),
        pooled=_totals([*trips_pooled, *tours, *_driven(plan.still_alone)], pooled_cents),
        participants=_participants(plan),
    )


def _driven(alone: Mapping[str, Alone]) -> list[Drive]:
    return [(party, route) for party, one in alone.items() for route in one.routes]


def _totals(drives: Sequence[Drive], cents: int) -> Totals:
    distance_m = sum(route.distance_m for _, route in drives)
    return Totals(
        vehicles=_vans(drives),
        distance_m=distance_m,
        duration_s=sum(route.duration_s for _, route in drives),
        cents=cents,
        co2_g=van_co2_g(distance_m),
    )


def _vans(drives: Sequence[Drive]) -> int:
    """Count the vans: a keeper's second round is driven in the same van, unless it is out at that hour."""
    rounds: dict[str, list[Route]] = {}
    for keeper, route in drives:
        rounds.setdefault(keeper, []).append(route)
    return sum(max(out_at_once(routes, one) for one in routes) for routes in rounds.values())


def _participants(plan: DayPlan) -> tuple[Participant, ...]:
    parties = sorted({*plan.alone, *(book.trip.owner for book in plan.trips)})
    return tuple(_participant(plan, party) for party in parties)


def _participant(plan: DayPlan, party: str) -> Participant:
    own_trips = [book for book in plan.trips if book.trip.owner == party]
    alone_cents = sum(book.announced_cents for book in own_trips)
    share_cents = sum(book.owner_cents for book in own_trips)
    if party in plan.alone:
        alone_cents += plan.alone[party].cents
    if party in plan.still_alone:
        share_cents += plan.still_alone[party].cents
    guests = [guest for book in plan.trips for guest in book.guests if guest.shipment.payer == party]
    share_cents += sum(guest.price_cents for guest in guests)
    share_cents += sum(book.split.shares_cents.get(party, 0) for book in plan.tours)
    goods_cents = sum(s.goods_value_cents for s in plan.day.shipments if s.payer == party)
    return Participant(party, plan.day.parties[party].name, alone_cents, share_cents, goods_cents)
