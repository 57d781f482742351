"""
This shipment could ride there, for this detour: or why it could not, and what would change that.

Speaks of one vehicle with what is committed to it; the routing core finds the slot or the smallest
set of rules in the way, and this module turns that into a sentence for a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.hours import DayClock
from pooling.money import Cents
from pooling.phrases import Phrases
from pooling.shipment import Shipment
from pooling.site import Site
from routing.explain import Change, Rule, WhyNot
from routing.problem import Vehicle


class DoesNotFit(Refusal):
    """
    Refuse a shipment for the rules that a vehicle's committed plan leaves no way around.

    ``ride`` names the trip or tour; ``rules`` the smallest set; ``change`` the smallest change.
    """

    code = "does_not_fit"
    reason = "{shipment} does not fit on {ride}, for {count} reasons at once: {rules}."
    cure = "Choose another trip, tour or day."


class NoRoom(DoesNotFit):
    code = "no_room"
    reason = "{ride} has room for {free} of {crates} {temperature} crates between {leg_from} and {leg_to}."
    cure = "{would_do} of them would fit; send the others another way."


class NoRoomAtAll(DoesNotFit):
    code = "no_room"
    reason = "{ride} has no room for {crates} {temperature} crates between {leg_from} and {leg_to}."
    cure = "Not one crate more would ride on that leg; choose another trip, tour or hour."


class NoRoomForOne(DoesNotFit):
    code = "no_room"
    reason = "{ride} has no room for one {temperature} crate between {leg_from} and {leg_to}."
    cure = "Not one crate more would ride on that leg; choose another trip, tour or hour."


class NoCompartment(DoesNotFit):
    code = "no_compartment"
    reason = "{ride} has no compartment for {temperature} crates."
    cure = "Choose a trip or tour with a {temperature} compartment."


class DropHoursMissed(DoesNotFit):
    code = "drop_hours_missed"
    reason = "{ride} cannot hand over {shipment} between {stands_from} and {stands_until}."
    cure = "It would fit at {would_do} instead."


class PickupHoursMissed(DoesNotFit):
    code = "pickup_hours_missed"
    reason = "{ride} cannot collect {shipment} between {stands_from} and {stands_until}."
    cure = "It would fit at {would_do} instead."


class NoHourFits(DoesNotFit):
    code = "drop_hours_missed"
    reason = "{ride} cannot hand over {shipment} between {stands_from} and {stands_until}."
    cure = "No single hour would do; choose another trip, tour or day."


class NoPickupHourFits(DoesNotFit):
    code = "pickup_hours_missed"
    reason = "{ride} cannot collect {shipment} between {stands_from} and {stands_until}."
    cure = "No single hour would do; choose another trip, tour or day."


class DetourTooLong(DoesNotFit):
    code = "detour_too_long"
    reason = "{shipment} would make {ride} drive {detour_min} min more than its owner allows."
    cure = "Choose a pickup or drop nearer to its way, or ask the owner for {detour_min} min more."


class PriceTooLow(DoesNotFit):
    code = "price_too_low"
    reason = "Carrying {shipment} on {ride} costs {adds} more; its payer can put in {stands}."
    cure = "It would ride for {more} more."


class PromiseWouldBreak(DoesNotFit):
    code = "promise_would_break"
    reason = "{ride} would miss an hour that it promised to others, were it to carry {shipment}."
    cure = "Choose another trip, tour or hour."


class VehicleOffDuty(DoesNotFit):
    code = "vehicle_off_duty"
    reason = "{ride} would not be back in its hours, were it to carry {shipment}."
    cure = "Choose another trip, tour or hour."


class OneObstacle(DoesNotFit):
    code = "does_not_fit"
    reason = "{shipment} does not fit on {ride}: {rules}."
    cure = "Choose another trip, tour or day."


class RouteFull(DoesNotFit):
    code = "route_full"
    reason = "{ride} has as many stops as a route may hold."
    cure = "Choose another trip or tour."


def message(english: str) -> str:
    """Mark a phrase for the catalogue."""
    return english


OBSTACLES = {
    Rule.ROOM: message("no room on some leg"),
    Rule.COMPARTMENT: message("no compartment of its kind"),
    Rule.PICKUP_HOURS: message("its hours at the pickup"),
    Rule.DROP_HOURS: message("its hours at the drop"),
    Rule.PRICE: message("its price"),
    Rule.RIDE: message("its longest time on board"),
    Rule.DETOUR: message("the longest detour"),
    Rule.SKILLS: message("something the van lacks"),
    Rule.RESERVED: message("it may only ride elsewhere"),
    Rule.SHIFT: message("the hours of the van"),
    Rule.PROMISES: message("hours promised to others"),
}
"""What each rule is called in a sentence that names several."""


@dataclass(frozen=True)
class Ride:
    """Hold what the sentences need to know of a vehicle: how people call it, its places by row, all sites."""

    name: str
    vehicle: Vehicle
    place_names: Mapping[int, str]
    sites: Mapping[str, Site]
    clock: DayClock


def refusal_of(ride: Ride, shipment: Shipment, why: WhyNot) -> DoesNotFit:
    """Turn a smallest set of rules into one refusal with its facts and its cure."""
    facts = _facts(ride, shipment, why)
    if not why.rules and why.slot is None:
        return RouteFull(**facts)
    if len(why.rules) != 1:
        return DoesNotFit(**facts)
    rule = why.rules[0]
    if rule is Rule.ROOM:
        free = why.change.would_do if why.change else 0
        return no_room(ride, shipment, why, free=free, leg=_tightest_leg(ride, why))
    if rule in (Rule.DROP_HOURS, Rule.PICKUP_HOURS):
        return _hours_missed(ride, shipment, why.change, rule, facts)
    if rule is Rule.DETOUR:
        return _detour_too_long(ride, why, facts)
    if rule is Rule.PRICE and why.change is not None and why.slot is not None:
        more = why.change.would_do - why.change.stands
        return PriceTooLow(
            **facts, stands=Cents(why.change.stands), adds=Cents(why.slot.added_cents), more=Cents(more)
        )
    plain = {
        Rule.COMPARTMENT: NoCompartment,
        Rule.SHIFT: VehicleOffDuty,
        Rule.PROMISES: PromiseWouldBreak,
    }.get(rule, OneObstacle)
    return plain(**facts, temperature=Phrases((shipment.load.temperature.value,)))


def no_room(ride: Ride, shipment: Shipment, why: WhyNot, *, free: int, leg: Sequence[str]) -> DoesNotFit:
    """Say that room is all that lacks: between which two places, and how many crates would fit."""
    leg_from, leg_to = leg
    kind = NoRoom if free else NoRoomForOne if shipment.load.crates == 1 else NoRoomAtAll
    return kind(
        **_facts(ride, shipment, why),
        free=free,
        would_do=free,
        crates=shipment.load.crates,
        temperature=Phrases((shipment.load.temperature.value,)),
        leg_from=leg_from,
        leg_to=leg_to,
    )


def _facts(ride: Ride, shipment: Shipment, why: WhyNot) -> dict[str, object]:
    return {
        "ride": ride.name,
        "shipment": shipment.id,
        "change": why.change,
        "slot": why.slot,
        "rules": Phrases(OBSTACLES[rule] for rule in why.rules),
        "count": len(why.rules),
    }


def _tightest_leg(ride: Ride, why: WhyNot) -> tuple[str, str]:
    """Name the two ends of the leg on which the slot would overload the vehicle most."""
    if why.slot is None:
        return ("", "")
    route = why.slot.route
    home = [] if ride.vehicle.end is None else [ride.vehicle.end]
    places = [*(visit.place for visit in route.visits), *home]
    overload = [
        max(load - room for load, room in zip(visit.load, ride.vehicle.capacity, strict=True))
        for visit in route.visits
    ]
    first = overload.index(max(overload))
    last = next((at for at in range(first + 1, len(places)) if places[at] != places[first]), first)
    return ride.place_names[places[first]], ride.place_names[places[last]]


def _hours_missed(
    ride: Ride, shipment: Shipment, change: Change | None, rule: Rule, facts: dict[str, object]
) -> DoesNotFit:
    """Name the hour that would do, where somebody is at the site at that hour."""
    at_drop = rule is Rule.DROP_HOURS
    hours = shipment.drop if at_drop else shipment.pickup
    facts |= {"stands_from": ride.clock.wall(hours.opens_s), "stands_until": ride.clock.wall(hours.closes_s)}
    open_hours = ride.sites[shipment.to_site if at_drop else shipment.from_site].hours
    would_do_s = _to_the_minute(change) if change else -1
    if not open_hours.opens_s <= would_do_s <= open_hours.closes_s:
        return NoHourFits(**facts) if at_drop else NoPickupHourFits(**facts)
    facts["would_do"] = ride.clock.wall(would_do_s)
    return DropHoursMissed(**facts) if at_drop else PickupHoursMissed(**facts)


def _to_the_minute(change: Change) -> int:
    """Round away from what stands, so that the hour that is named does fit."""
    if change.would_do < change.stands:
        return change.would_do // 60 * 60
    return -(-change.would_do // 60) * 60


def _detour_too_long(ride: Ride, why: WhyNot, facts: dict[str, object]) -> DoesNotFit:
    limit_s = ride.vehicle.longest_drive_s or 0
    over_s = (why.slot.route.drive_s - limit_s) if why.slot else 0
    if why.change is not None:
        over_s = why.change.would_do - why.change.stands
    return DetourTooLong(**facts, detour_min=-(-max(over_s, 1) // 60))
