"""What was refused: each bid and each shipment left behind, its true reason, and what else there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.alternatives import Alternative, Committed, alternatives
from pooling.award import site_names
from pooling.confirming import not_payable, prizes_cents
from pooling.matching import CratePriceTooLow, PriceTooLow, Ride, refusal_of
from pooling.money import Cents
from pooling.shipment import Shipment
from routing.explain import Rule, WhyNot, nearest_miss

TOURS_TRIED = 6
"""Of more tours, those whose way passes nearest are asked why they do not carry a shipment."""


class NoTour(Refusal):
    code = "no_tour"
    reason = "No tour runs that could carry {shipment}."
    cure = "Bid for room on a trip, or ask the operator for a tour."


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


def turned_shipments(committed: Committed, tell: Callable[[float], None] | None = None) -> tuple[Turned, ...]:
    """
    Give each shipment that no tour took its reason and its nearest alternatives.

    ``tell`` is told before each what share of them is done; what it raises ends it.
    """
    found = []
    for number, shipment in enumerate(committed.left):
        if tell is not None:
            tell(number / len(committed.left))
        why, others = tour_reason(committed, shipment), alternatives(committed, shipment)
        found.append(Turned("shipment", shipment.id, why, others))
    return tuple(found)


def tour_reason(committed: Committed, shipment: Shipment) -> Refusal:
    """Say why no tour took it: the tour could not be paid, or the nearest miss on the road."""
    if not committed.tour_problem.vehicles:
        return NoTour(shipment=shipment.id)
    unpaid = not_payable(
        committed.day, committed.tour_problem, committed.tour_plan, committed.payers, shipment
    )
    if unpaid is not None:
        return unpaid
    request = committed.tour_problem.request(shipment.id)
    nearest = nearest_miss(committed.tour_problem, committed.tour_plan, request, tried=TOURS_TRIED)
    tour = committed.day.tour_by_id[nearest.vehicle]
    ride = Ride(
        name=f"{tour.id} ({committed.day.parties[tour.carrier].name})",
        vehicle=committed.tour_problem.vehicle(nearest.vehicle),
        place_names=site_names(committed.day, committed.ground),
        sites=committed.day.sites,
        clock=committed.day.clock,
    )
    return refusal_of(ride, shipment, nearest, _price(committed, ride, shipment, nearest))


def _price(committed: Committed, ride: Ride, shipment: Shipment, why: WhyNot) -> Refusal | None:
    """Say what the price misses, where it is one of the rules; name the crate price where that would do."""
    change = dict(why.changes).get(Rule.PRICE)
    if change is None or why.changed is None:
        return None
    facts = {"ride": ride.name, "shipment": shipment.id, "change": change, "slot": why.slot}
    facts |= {"adds": Cents(why.changed.added_cents), "stands": Cents(change.stands)}
    crates = shipment.load.crates
    crate_cents = -(-change.would_do // crates)
    shown = {tour.id: tour.crate_cents for tour in committed.day.tours}
    dearest_cents = max(crate_cents, *shown.values())
    raised = prizes_cents(committed.payers, shipment.payer, dearest_cents)[shipment.id]
    if raised < change.would_do:
        return PriceTooLow(**facts)
    return CratePriceTooLow(**facts, crate=Cents(shown[why.vehicle]), would_do=Cents(crate_cents))
