"""
Always an alternative: each refused bid and each shipment left behind, its reason, and what else there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.award import TripBook, payable, permitted, site_names
from pooling.confirming import not_payable
from pooling.day import Day
from pooling.ground import Ground
from pooling.matching import Ride, refusal_of
from pooling.payers import Payers
from pooling.shipment import Shipment
from routing.explain import explain
from routing.insertion import Insertion, best_in_route
from routing.plan import Plan
from routing.problem import Problem

ALTERNATIVES_LIMIT = 3


class NoTour(Refusal):
    code = "no_tour"
    reason = "No tour runs that could carry {shipment}."
    cure = "Bid for room on a trip, or ask the operator for a tour."


@dataclass(frozen=True)
class Alternative:
    """Hold another ride for a shipment: on a trip or tour, collected and handed over at these hours."""

    ride: str
    pickup_s: int
    drop_s: int
    detour_s: int
    added_cents: int


@dataclass(frozen=True)
class Turned:
    """
    Hold what was refused (a bid, trip, tour or shipment), why, and what else could be done.

    ``rides_on`` names the trip or tour that carries the shipment after all; empty where none does.
    """

    about: str
    subject: str
    refusal: Refusal
    alternatives: tuple[Alternative, ...] = ()
    rides_on: str = ""


@dataclass(frozen=True)
class Committed:
    """Hold all that is committed when reasons are given: trips with guests, and the tours."""

    day: Day
    ground: Ground
    trips: tuple[TripBook, ...]
    tour_problem: Problem
    tour_plan: Plan
    payers: Payers

    @property
    def carrier_by_shipment(self) -> dict[str, str]:
        on_trips = {task.id: book.trip.id for book in self.trips for task in book.route.tasks}
        on_tours = {task.id: route.vehicle for route in self.tour_plan.routes for task in route.tasks}
        return on_trips | on_tours


def turned_bids(committed: Committed, refused: Mapping[str, Refusal]) -> tuple[Turned, ...]:
    """Tell for each refused bid what became of its shipment."""
    riding = committed.carrier_by_shipment
    return tuple(
        Turned(
            "bid",
            shipment,
            refusal,
            () if shipment in riding else alternatives(committed, committed.day.shipment_by_id[shipment]),
            riding.get(shipment, ""),
        )
        for shipment, refusal in refused.items()
    )


def turned_shipments(committed: Committed) -> tuple[Turned, ...]:
    """Give each shipment that no tour took its reason and its nearest alternatives."""
    return tuple(
        Turned("shipment", shipment.id, _reason(committed, shipment), alternatives(committed, shipment))
        for shipment in (committed.day.shipment_by_id[one] for one in committed.tour_plan.unserved)
    )


def alternatives(committed: Committed, shipment: Shipment) -> tuple[Alternative, ...]:
    """List the trips and tours with a legal slot for the shipment as it is, the least detour first."""
    slots = [
        slot
        for book in committed.trips
        if permitted(committed.day, book.trip, shipment)
        for slot in [_slot_on_trip(committed.ground, book, shipment)]
        if slot is not None
    ]
    slots += _slots_on_tours(committed, shipment)
    found = [
        Alternative(slot.vehicle, slot.pickup_s, slot.drop_s, slot.added_drive_s, slot.added_cents)
        for slot in slots
    ]
    found.sort(key=lambda one: (one.added_cents, one.drop_s, one.ride))
    return tuple(found[:ALTERNATIVES_LIMIT])


def _reason(committed: Committed, shipment: Shipment) -> Refusal:
    """Say why no tour took it: the tour could not be paid, or the nearest miss on the road."""
    if not committed.tour_problem.vehicles:
        return NoTour(shipment=shipment.id)
    unpaid = not_payable(
        committed.day, committed.tour_problem, committed.tour_plan, committed.payers, shipment
    )
    if unpaid is not None:
        return unpaid
    request = committed.tour_problem.request(shipment.id)
    nearest = explain(committed.tour_problem, committed.tour_plan, request)[0]
    tour = committed.day.tour_by_id[nearest.vehicle]
    ride = Ride(
        name=f"{tour.id} ({committed.day.parties[tour.carrier].name})",
        vehicle=committed.tour_problem.vehicle(nearest.vehicle),
        place_names=site_names(committed.day, committed.ground),
        sites=committed.day.sites,
        clock=committed.day.clock,
    )
    return refusal_of(ride, shipment, nearest)


def _slot_on_trip(ground: Ground, book: TripBook, shipment: Shipment) -> Insertion | None:
    request = ground.request(shipment)
    problem = replace(book.problem, requests=(*book.problem.requests, request))
    slot = best_in_route(problem, book.vehicle, book.route, request)
    return slot if slot is not None and payable(book, shipment, slot) else None


def _slots_on_tours(committed: Committed, shipment: Shipment) -> Sequence[Insertion]:
    """Slots on tours count only for a shipment that did not ask for a tour: the others have their reason."""
    if shipment.id in committed.tour_plan.unserved:
        return ()
    request = committed.ground.request(shipment)
    problem = replace(committed.tour_problem, requests=(*committed.tour_problem.requests, request))
    slots = [
        best_in_route(problem, vehicle, committed.tour_plan.route(vehicle.id), request)
        for vehicle in problem.vehicles
    ]
    return [slot for slot in slots if slot is not None]
