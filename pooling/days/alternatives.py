"""
Always an alternative: the trips of the day that would still take a shipment, each at its price.

Tours are not among them: every shipment that is not aboard a trip was asked of every tour, and what
kept it off is its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pooling.day import Day
from pooling.ground import Ground
from pooling.market.allowing import permitted
from pooling.market.award import TripBook, asked_price, best_slot
from pooling.market.saving import saved_cents, saved_still_cents
from pooling.shipment import Shipment
from pooling.tours.payers import Payers
from routing.insertion import Insertion
from routing.least import LeastAdded, LegsKept
from routing.plan import Plan
from routing.problem import Problem

ALTERNATIVES_LIMIT = 3


@dataclass(frozen=True)
class Alternative:
    """
    Hold another ride for a shipment: on a trip, collected and handed over at these hours.

    A bid of ``price_cents`` is accepted on the trip as it is committed, and pays it; 0 on its
    payer's own trip, where nobody bids. ``added_cents`` is what the detour costs.
    """

    ride: str
    pickup_s: int
    drop_s: int
    detour_s: int
    added_cents: int
    price_cents: int


@dataclass(frozen=True)
class Committed:
    """
    Hold all that is committed when reasons are given: trips with guests, and the tours.

    ``possible`` are the shipments for which bids were taken, ``legs`` those of the tours' routes, kept
    while they stand.
    """

    day: Day
    ground: Ground
    trips: tuple[TripBook, ...]
    tour_problem: Problem
    tour_plan: Plan
    payers: Payers
    possible: tuple[Shipment, ...]
    legs: LegsKept = field(default_factory=LegsKept, repr=False, compare=False)

    @property
    def least(self) -> LeastAdded:
        """Return what one more shipment adds at least to each tour as it stands."""
        return self.legs.of(self.tour_problem, self.tour_plan.routes)

    @property
    def carrier_by_shipment(self) -> dict[str, str]:
        on_trips = {task.id: book.trip.id for book in self.trips for task in book.route.tasks}
        on_tours = {task.id: route.vehicle for route in self.tour_plan.routes for task in route.tasks}
        return on_trips | on_tours

    @property
    def left(self) -> Sequence[Shipment]:
        """Return what neither a trip nor a tour carries and its payer still drives."""
        return [self.day.shipment_by_id[one] for one in self.tour_plan.unserved]

    def saved_cents(self, shipment: Shipment) -> int:
        """Return what a ride on a trip would spare, by the reckoning of bids and by what is still driven."""
        baseline = self.payers.baseline
        return min(
            saved_cents(baseline, self.trips, self.possible, shipment),
            saved_still_cents(baseline, self.left, shipment),
        )


def alternatives(committed: Committed, shipment: Shipment) -> tuple[Alternative, ...]:
    """List the trips that would take the shipment as it is, by law, road and price, the cheapest first."""
    if shipment not in committed.possible:
        return ()
    saved = committed.saved_cents(shipment)
    found = [
        one
        for book in committed.trips
        if permitted(committed.day, book.trip, shipment)
        for one in [_on_trip(committed.ground, book, shipment, saved)]
        if one is not None
    ]
    found.sort(key=lambda one: (one.price_cents, one.added_cents, one.drop_s, one.ride))
    return tuple(found[:ALTERNATIVES_LIMIT])


def _on_trip(ground: Ground, book: TripBook, shipment: Shipment, saved: int) -> Alternative | None:
    slot = best_slot(ground, book, shipment)
    price_cents = None if slot is None else _price_cents(book, shipment, slot, saved)
    if slot is None or price_cents is None:
        return None
    return Alternative(
        slot.vehicle, slot.pickup_s, slot.drop_s, slot.added_drive_s, slot.added_cents, price_cents
    )


def _price_cents(book: TripBook, shipment: Shipment, slot: Insertion, saved: int) -> int | None:
    """Return the price at which the ride suits both sides, or ``None`` where there is none."""
    if book.trip.owner == shipment.payer:
        return 0 if slot.added_cents < saved else None
    price = asked_price(book, shipment, slot, saved)
    return price if isinstance(price, int) else None
