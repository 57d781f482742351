"""What was refused: each bid and each shipment left behind, its true reason, and what else there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.days.alternatives import Alternative, Committed, alternatives
from pooling.days.would_do import TOURS_TRIED, WouldDo, would_do
from pooling.market.award import site_names
from pooling.market.matching import CratePriceTooLow, PriceTooLow, Ride, refusal_of
from pooling.money import Cents
from pooling.shipment import Shipment
from pooling.tours.confirming import not_payable, prizes_cents
from routing.abreast import abreast
from routing.explain import Rule, WhyNot, nearest_miss

ABREAST_FROM = 12
"""Of fewer shipments one process gives the reasons sooner than a second has begun."""


class NoTour(Refusal):
    code = "no_tour"
    reason = "No tour runs that could carry {shipment}."
    cure = "Bid for room on a trip, or ask the operator for a tour."


@dataclass(frozen=True)
class Turned:
    """
    Hold what was refused (a bid, trip, tour or shipment), why, and what else could be done.

    ``rides_on`` names the trip or tour that carries the shipment after all; empty where none does.
    ``alternatives`` take it as it is; ``would_do`` are the changes by which a ride would take it.
    """

    about: str
    subject: str
    refusal: Refusal
    alternatives: tuple[Alternative, ...] = ()
    rides_on: str = ""
    would_do: tuple[WouldDo, ...] = ()


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


def turned_shipments(
    committed: Committed,
    nobody_could: Mapping[str, Refusal],
    tell: Callable[[float], None] | None = None,
    *,
    processes: int | None = None,
) -> tuple[Turned, ...]:
    """
    Give each shipment that nothing took its reason and its nearest alternatives, on all cores.

    ``nobody_could`` are those that not even their payer alone could drive, with that reason. ``tell`` is
    told what share of them is done; what it raises ends it.
    """
    left = [committed.day.shipment_by_id[one] for one in (*nobody_could, *committed.tour_plan.unserved)]
    by_payer: dict[str, list[Shipment]] = {}
    for shipment in left:
        by_payer.setdefault(shipment.payer, []).append(shipment)
    few = len(left) < ABREAST_FROM
    found = abreast(
        turned_of_payer,
        (committed, dict(nobody_could)),
        list(by_payer.values()),
        tell=tell,
        processes=1 if few else processes,
    )
    turned = {one.subject: one for group in found for one in group}
    return tuple(turned[one.id] for one in left)


def turned_of_payer(
    committed: Committed, nobody_could: Mapping[str, Refusal], left: Sequence[Shipment]
) -> tuple[Turned, ...]:
    """
    Give the shipments of one payer their reasons.

    Its days alone are remembered for these questions only: what is told of one payer never depends on
    who was asked about before.
    """
    payers = committed.payers
    own = replace(committed, payers=replace(payers, baseline=payers.baseline.apart(left[0].payer)))
    return tuple(
        Turned(
            "shipment",
            one.id,
            nobody_could[one.id] if one.id in nobody_could else tour_reason(own, one),
            alternatives(own, one),
            would_do=would_do(own, one),
        )
        for one in left
    )


def tour_reason(committed: Committed, shipment: Shipment) -> Refusal:
    """Say why no tour took it: the tour could not be paid, or the nearest miss on the road."""
    if not committed.tour_problem.vehicles:
        return NoTour(shipment=shipment.id)
    problem, plan, least = committed.tour_problem, committed.tour_plan, committed.least
    unpaid = not_payable(committed.day, problem, plan, committed.payers, shipment, least)
    if unpaid is not None:
        return unpaid
    nearest = nearest_miss(problem, plan, problem.request(shipment.id), tried=TOURS_TRIED, least=least)
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
