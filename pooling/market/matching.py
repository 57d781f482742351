"""
This shipment could ride there, for this detour: or why it could not, and what would change that.

Speaks of one vehicle with what is committed to it; the routing core finds the slot or the smallest
set of rules in the way, and this module turns that into a sentence for a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from geodata.refusal import Refusal
from pooling.hours import DayClock
from pooling.load import DIMENSIONS, Load
from pooling.phrases import Phrases
from pooling.shipment import Shipment
from pooling.site import Site
from routing.explain import Change, Rule, WhyNot
from routing.insertion import Insertion
from routing.plan import Route
from routing.problem import Vehicle, Window
from routing.task import Task


class DoesNotFit(Refusal):
    """
    Refuse a shipment for a rule that a vehicle's committed plan leaves no way around.

    ``ride`` names the trip or tour, ``slot`` the place it would have, ``change`` the smallest change
    of this rule. Where several rules stand in the way together, ``besides`` holds the next.
    """


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


class NoRoomAnnounced(DoesNotFit):
    code = "no_room"
    reason = "{ride} announces no room for {temperature} crates on any leg."
    cure = "Choose another trip or tour, or ask the owner for room."


class NoPayload(DoesNotFit):
    code = "no_payload"
    reason = "{ride} may carry no weight at all: its payload is 0 kg."
    cure = "Choose another trip or tour, or correct its payload (payload_kg, free_kg)."


class NoCompartment(DoesNotFit):
    code = "no_compartment"
    reason = "{ride} has no compartment for {temperature} crates."
    cure = "Choose a trip or tour with a {temperature} compartment."


class NoTailLift(DoesNotFit):
    code = "no_tail_lift"
    reason = "{ride} has no tail lift, and {shipment} needs one."
    cure = "Choose a trip or tour whose van has a tail lift, or send crates that a hand lifts."


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
    cure = "Find it company on that way, so that it adds less than {stands}, or deliver it alone."


class CratePriceTooLow(DoesNotFit):
    code = "price_too_low"
    reason = "Carrying {shipment} on {ride} costs {adds} more; at {crate} a crate its payer puts in {stands}."
    cure = "It would ride at a price of {would_do} a crate (crate_eur), which its payer could still pay."


class PromiseWouldBreak(DoesNotFit):
    code = "promise_would_break"
    reason = "{ride} would miss an hour that others count on, were it to carry {shipment}."
    cure = "Choose another trip, tour or hour."


class FewerKeepPromises(PromiseWouldBreak):
    cure = (
        "{would_do} of its {crates} crates would ride: they are handed over the sooner. "
        "Send the others another way."
    )


class HoursKeepPromises(PromiseWouldBreak):
    cure = (
        "It would fit collected at {pickup} and handed over at {drop} instead. "
        "Choose these hours, or another trip, tour or hour."
    )


class FewerOrHoursKeepPromises(PromiseWouldBreak):
    cure = (
        "{would_do} of its {crates} crates would ride: they are handed over the sooner. "
        "All of them would, collected at {pickup} and handed over at {drop} instead."
    )


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


class OutsideStops(DoesNotFit):
    code = "outside_stops"
    reason = "{shipment} would ride on {ride} before its first stop or after its last: nobody rides there."
    cure = "Choose hours at which the trip passes between its stops, or another trip or tour."


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
    Rule.BUNDLE: message("it rides only beside the rest of its order"),
    Rule.APART: message("goods on board that it must not travel with"),
    Rule.DETOUR: message("the longest detour"),
    Rule.DURATION: message("how long the van may be away"),
    Rule.SKILLS: message("something the van lacks"),
    Rule.RESERVED: message("it may only ride elsewhere"),
    Rule.SHIFT: message("the hours of the van"),
    Rule.HEAD: message("the locked beginning of the round"),
    Rule.PROMISES: message("hours that others count on"),
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


def refusal_of(
    ride: Ride,
    shipment: Shipment,
    why: WhyNot,
    price: Refusal | None,
    room: Refusal | None = None,
    slot: Insertion | None = None,
) -> Refusal:
    """
    Turn a smallest set of rules into refusals with their facts and cures, each ``besides`` the one before.

    ``price`` says why the slot would not be paid, where the price is one of the rules; it comes last.
    ``room`` says which leg is full where room is kept leg by leg, instead of the plan's own rule. ``slot`` is
    one at other hours at both ends, where promises to others are all that is in the way.
    """
    if slot is not None:
        return _hours_at_both_ends(ride, shipment, why, slot)
    changes = dict(why.changes)
    found: list[Refusal] = [] if room is None else [room]
    found += [
        _refusal(ride, shipment, replace(why, change=changes.get(rule)), rule)
        for rule in why.rules
        if rule is not Rule.PRICE and (room is None or rule is not Rule.ROOM)
    ]
    if price is not None:
        found.append(price)
    if not found:
        return RouteFull(ride=ride.name, shipment=shipment.id)
    for one, next_one in pairwise(found):
        one.besides = next_one
    return found[0]


def _refusal(ride: Ride, shipment: Shipment, why: WhyNot, rule: Rule) -> DoesNotFit:
    facts: dict[str, object] = {
        "ride": ride.name,
        "shipment": shipment.id,
        "change": why.change,
        "slot": why.slot,
        "rules": Phrases((OBSTACLES[rule],)),
    }
    if rule is Rule.ROOM:
        return _no_room(ride, shipment, why, facts)
    if rule in (Rule.DROP_HOURS, Rule.PICKUP_HOURS):
        return _hours_missed(ride, shipment, why.change, rule, facts)
    if rule is Rule.PROMISES and why.change is not None:
        return FewerKeepPromises(**facts, would_do=why.change.would_do, crates=why.change.stands)
    if rule is Rule.DETOUR:
        return _detour_too_long(ride, why, facts)
    plain: dict[Rule, type[DoesNotFit]] = {
        Rule.COMPARTMENT: _lacking(ride.vehicle, shipment),
        Rule.SHIFT: VehicleOffDuty,
        Rule.SKILLS: NoTailLift,
        Rule.PROMISES: PromiseWouldBreak,
    }
    kind = plain.get(rule, OneObstacle)
    return kind(**facts, temperature=Phrases((shipment.load.temperature.value,)))


def _lacking(vehicle: Vehicle, shipment: Shipment) -> type[DoesNotFit]:
    """Tell a van without the compartment from one that may carry no weight, or whose owner left no room."""
    crates = DIMENSIONS.index(f"{shipment.load.temperature}_crates")
    if vehicle.capacity[crates]:
        return NoPayload
    return NoRoomAnnounced if vehicle.announced else NoCompartment


def _no_room(ride: Ride, shipment: Shipment, why: WhyNot, facts: dict[str, object]) -> DoesNotFit:
    free = why.change.would_do if why.change else 0
    return no_room(facts, shipment.load, free, _tightest_leg(ride, why))


def no_room(facts: Mapping[str, object], load: Load, free: int, leg: Sequence[str]) -> DoesNotFit:
    """Say between which two places the room is gone, and how many of the crates would fit."""
    leg_from, leg_to = leg
    kind = NoRoom if free else NoRoomForOne if load.crates == 1 else NoRoomAtAll
    return kind(
        **facts,
        free=free,
        would_do=free,
        crates=load.crates,
        temperature=Phrases((load.temperature.value,)),
        leg_from=leg_from,
        leg_to=leg_to,
    )


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
    first = max(_within(route), key=lambda at: overload[at])
    if overload[first] <= 0:
        first = overload.index(max(overload))
    last = next((at for at in range(first + 1, len(places)) if places[at] != places[first]), first)
    return ride.place_names[places[first]], ride.place_names[places[last]]


def _within(route: Route) -> range:
    """Return the legs between announced stops: before and after them a trip counts as full by rule."""
    announced = [at for at, visit in enumerate(route.visits) if visit.task.kind == "announced"]
    return range(announced[0], announced[-1]) if announced else range(len(route.visits))


def _hours_missed(
    ride: Ride, shipment: Shipment, change: Change | None, rule: Rule, facts: dict[str, object]
) -> DoesNotFit:
    """Name the hour that would do, where somebody is at the site at that hour."""
    at_drop = rule is Rule.DROP_HOURS
    hours = shipment.drop if at_drop else shipment.pickup
    facts |= {"stands_from": ride.clock.wall(hours.opens_s), "stands_until": ride.clock.wall(hours.closes_s)}
    open_hours = ride.sites[shipment.to_site if at_drop else shipment.from_site].hours
    would_do_s = _to_the_minute(change) if change else -1
    if not any(one.opens_s <= would_do_s <= one.closes_s for one in open_hours):
        return NoHourFits(**facts) if at_drop else NoPickupHourFits(**facts)
    facts["would_do"] = ride.clock.wall(would_do_s)
    return DropHoursMissed(**facts) if at_drop else PickupHoursMissed(**facts)


def _hours_at_both_ends(ride: Ride, shipment: Shipment, why: WhyNot, slot: Insertion) -> DoesNotFit:
    """Name the hours at both ends to which a shipment's own would have to reach."""
    begins = {one.task: one.begins_s for one in slot.route.visits}
    facts: dict[str, object] = {
        "ride": ride.name,
        "shipment": shipment.id,
        "change": why.change,
        "rules": Phrases((OBSTACLES[Rule.PROMISES],)),
        "pickup": ride.clock.wall(_reached(shipment.pickup, begins[Task("pickup", shipment.id)])),
        "drop": ride.clock.wall(_reached(shipment.drop, begins[Task("drop", shipment.id)])),
    }
    if why.change is None:
        return HoursKeepPromises(**facts)
    return FewerOrHoursKeepPromises(**facts, would_do=why.change.would_do, crates=why.change.stands)


def _reached(hours: Window, begins_s: int) -> int:
    """Return the minute to which hours must reach for a visit that begins at a moment."""
    return begins_s // 60 * 60 if begins_s < hours.opens_s else -(-begins_s // 60) * 60


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
