"""
What driving costs and what a guest pays: the one place where prices are made.

``full_cost`` counts the driver's hours, ``shareable_cost`` does not (the law of cost sharing leaves
labour out). They are two functions, never one.
"""

from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.figures import (
    LABOUR_PER_HOUR,
    OWN_VAN_CRATES,
    OWN_VAN_PAYLOAD,
    REFRIGERATED_VAN_PER_KM,
    SMALL_VAN_PER_KM,
    TOLLS_PER_KM,
)
from pooling.load import Room, Space
from pooling.money import Cents
from pooling.regimes import COST_SHARING, AboveYearlyCap, PrivateYear, Regime, above_cap, lawful_cents
from pooling.shipment import Shipment
from routing.plan import Driven, Route


class BidBelowDetour(Refusal):
    code = "bid_below_detour"
    reason = "The detour costs the owner {floor}; the bid is {most}."
    cure = "Bid at least {floor}: an owner with guests is never worse off than without."


class DearerThanAlone(Refusal):
    code = "dearer_than_alone"
    reason = "The detour costs the owner {floor}; riding would spare its payer {saved}."
    cure = (
        "Deliver it alone, or put it on a tour: this ride would waste money. Or say with your bid "
        "that you know that alone would cost less."
    )


class DearerThanSpared(DearerThanAlone):
    """Say the same where the trip's owner reads it too, who is not told what riding spares a payer."""

    reason = "The detour costs the owner {floor}: more than riding would spare its payer."
    cure = "Wait for another bid, or refuse this one: its payer may bid anew and say that it means it."


class RideSparesNothing(DearerThanAlone):
    """Say the same of a ride after which its payer drives nearly as far, or pays for other rides besides."""

    reason = (
        "Riding would spare its payer nothing: what it still drives and pays for other rides that day would "
        "cost {loss} more than driving all of it alone, and the detour costs the owner {floor} besides."
    )
    cure = (
        "Take the crates along on the way that is driven anyway, or bid for all that goes there together. "
        "Or say with your bid that you know that alone would cost less."
    )


class AskedDearerThanAlone(DearerThanAlone):
    """Say the same where it is the price that a carrier asks, not the detour, that is dearer."""

    reason = "The carrier asks {floor} for these crates; riding would spare their payer {saved}."


class AskedDearerThanSpared(DearerThanSpared):
    """Say that where the trip's owner reads it too."""

    reason = "The carrier asks {floor} for these crates: more than riding would spare their payer."


class BidBelowAsked(Refusal):
    code = "bid_below_asked"
    reason = "The carrier asks at least {asked} for these crates; the bid is {most}."
    cure = "Bid at least {asked}, or choose another trip."


class QuoteNotBorne(Refusal):
    code = "quote_not_borne"
    reason = "The quote holds {held}; since guests who shared the way have left, its owner needs {floor}."
    cure = "Ask for a new quote, or choose another offer: an owner is never worse off than without guests."


class DetourAboveCap(Refusal):
    """Say what is left under the cap; the cap itself would tell what the guests aboard pay."""

    code = "detour_above_cap"
    reason = "The detour costs the owner {floor}; the law lets it receive {left} more for this trip."
    cure = (
        "Choose a pickup and drop nearer to its way, ask its owner whether it gives its time, "
        "or ask a registered carrier, whose price is free."
    )


@dataclass(frozen=True)
class CostLines:
    """Hold an itemised cost in whole cents; the total adds the lines."""

    vehicle_cents: int
    tolls_cents: int
    labour_cents: int

    @property
    def total_cents(self) -> int:
        return self.vehicle_cents + self.tolls_cents + self.labour_cents


def full_cost(
    route: Driven, *, refrigerated: bool = False, hour_cents: int = LABOUR_PER_HOUR.value
) -> CostLines:
    """Itemise a route in one's own van: per km (energy in), tolls, labour by the hour as one counts it."""
    return CostLines(
        vehicle_cents=_per_km(route, own_cents_per_km(refrigerated=refrigerated)),
        tolls_cents=_per_km(route, TOLLS_PER_KM.value),
        labour_cents=(route.duration_s * hour_cents + 1800) // 3600,
    )


def shareable_cost(route: Driven, *, refrigerated: bool = False) -> CostLines:
    """Itemise what cost sharing may repay: the same without labour."""
    lines = full_cost(route, refrigerated=refrigerated)
    return CostLines(lines.vehicle_cents, lines.tolls_cents, 0)


def own_cents_per_km(*, refrigerated: bool) -> int:
    return REFRIGERATED_VAN_PER_KM.value if refrigerated else SMALL_VAN_PER_KM.value


def own_van_room(largest_crates: int, largest_kg: int) -> Room:
    """Return the room of a farm's own van, grown where one shipment alone is larger."""
    space = Space(crates=max(OWN_VAN_CRATES.value, largest_crates))
    return Room(space, space, space, payload_kg=max(OWN_VAN_PAYLOAD.value, largest_kg))


@dataclass(frozen=True)
class GuestRide:
    """
    Hold the facts that a guest's price on a trip is made of.

    ``saved_cents`` is what riding spares its payer, less what it pays on other trips already.
    ``held_cents`` is the price that a quote holds, and ``spare_cents`` what the trip costs its owner
    less than without guests. ``hour_cents`` is what the owner counts an hour of its detour at, and
    ``asked_cents`` the least that a carrier takes per crate. ``above_alone`` tells that the payer knows
    that driving alone would cost less. ``year`` bounds what a private owner may receive.
    """

    regime: Regime
    shipment: Shipment
    most_cents: int
    saved_cents: int
    before: Route
    after: Route
    received_cents: int
    guests_aboard: int
    refrigerated: bool
    held_cents: int | None = None
    spare_cents: int = 0
    hour_cents: int = LABOUR_PER_HOUR.value
    asked_cents: int = 0
    above_alone: bool = False
    year: PrivateYear | None = None

    @property
    def full_cost_cents(self) -> tuple[int, int]:
        """Return the full cost of the way before and after, an hour as its owner counts it."""
        before, after = (
            full_cost(route, refrigerated=self.refrigerated, hour_cents=self.hour_cents).total_cents
            for route in (self.before, self.after)
        )
        return before, after


def guest_price(ride: GuestRide) -> int | Refusal:
    """
    Price a guest's ride, or refuse it.

    The rule, shown beforehand: under cost sharing a guest pays the full cost of its detour, an hour as
    the owner counts it, so that the owner is never worse off, and its part of the shareable cost of the
    way: the kilometres it rides, shared equally with the owner and the guests already aboard, as in a
    shared car. On a registered carrier's trip it pays as bid, at least what is asked per crate. Never
    above the bid, nor above what the guest saves by not driving alone, and all guests together never
    above the cap of the regime. Who says that it bids above alone pays what the detour costs. A price
    that a quote holds is a second ceiling (see ``_owed_to_owner``).
    """
    floor_cents, asked_cents = _owed_to_owner(ride), _asked(ride)
    most_cents = ride.most_cents if ride.held_cents is None else min(ride.most_cents, ride.held_cents)
    if ride.held_cents is not None and floor_cents > ride.held_cents:
        return QuoteNotBorne(held=Cents(ride.held_cents), floor=Cents(floor_cents))
    if ride.above_alone:
        ride = replace(ride, saved_cents=max(floor_cents, asked_cents, ride.saved_cents))
    if max(floor_cents, asked_cents) > ride.saved_cents:
        return dearer(floor_cents, asked_cents, ride.saved_cents)
    shareable_cents = shareable_cost(ride.after, refrigerated=ride.refrigerated).total_cents
    most_lawful_cents = lawful_cents(shareable_cents, ride.year)
    left_cents = max(0, most_lawful_cents - ride.received_cents)
    sharing = ride.regime in COST_SHARING
    if sharing and floor_cents > left_cents:
        return detour_beyond(floor_cents, max(0, shareable_cents - ride.received_cents), ride.year)
    if asked_cents > max(floor_cents, most_cents):
        return BidBelowAsked(asked=Cents(asked_cents), most=Cents(most_cents))
    if floor_cents > most_cents:
        return BidBelowDetour(floor=Cents(floor_cents), most=Cents(most_cents))
    price_cents = min(most_cents, ride.saved_cents)
    if sharing:
        fair_cents = detour_cents(ride) + _part_of_the_way(ride)
        price_cents = max(floor_cents, min(price_cents, fair_cents, left_cents))
    return above_cap(ride.regime, price_cents, ride.received_cents, most_lawful_cents) or price_cents


def detour_beyond(floor_cents: int, left_cents: int, year: PrivateYear | None) -> Refusal:
    """Refuse a detour that the owner may not be repaid: by what is left of the trip, else by its year."""
    if year is not None and floor_cents <= left_cents:
        return AboveYearlyCap(cap=Cents(year.cap_cents))
    return DetourAboveCap(floor=Cents(floor_cents), left=Cents(left_cents))


def asking_price(ride: GuestRide) -> int | Refusal:
    """
    Price a ride for whoever has not bid yet: a bid of this amount is accepted, and pays it.

    Under cost sharing what anybody pays who bids enough; on a registered carrier's trip, which is
    paid as bid, the least that it takes.
    """
    enough_cents = max(ride.most_cents, ride.saved_cents)
    most_cents = enough_cents if ride.regime in COST_SHARING else max(detour_cents(ride), _asked(ride))
    return guest_price(replace(ride, most_cents=most_cents))


def dearer(floor_cents: int, asked_cents: int, saved_cents: int) -> DearerThanAlone:
    """Say that a ride costs more than it spares: by its detour, or by what a carrier asks."""
    facts = {"floor": Cents(floor_cents), "saved": Cents(saved_cents)}
    if saved_cents < 0:
        return RideSparesNothing(**facts, loss=Cents(-saved_cents))
    if asked_cents > floor_cents:
        return AskedDearerThanAlone(floor=Cents(asked_cents), saved=Cents(saved_cents))
    return DearerThanAlone(**facts)


def detour_cents(ride: GuestRide) -> int:
    """Return the full cost of the guest's detour: what the owner must receive not to be worse off."""
    before_cents, after_cents = ride.full_cost_cents
    return max(0, after_cents - before_cents)


def asked_of(crates: int, asked_cents: int, held_cents: int | None = None) -> int:
    """Return the least that a carrier takes for so many crates; a quote holds its price all the same."""
    return crates * asked_cents if held_cents is None else min(crates * asked_cents, held_cents)


def _asked(ride: GuestRide) -> int:
    return asked_of(ride.shipment.load.crates, ride.asked_cents, ride.held_cents)


def _owed_to_owner(ride: GuestRide) -> int:
    """
    Return the least that the owner must receive: the detour, or less of it where a quote holds.

    Guests who shared the way may have left since the price was quoted. It is held all the same, as far as
    what the others bring leaves the owner no worse off than without guests.
    """
    floor_cents = detour_cents(ride)
    if ride.held_cents is None or floor_cents <= ride.held_cents:
        return floor_cents
    return max(0, floor_cents - ride.spare_cents)


def _part_of_the_way(ride: GuestRide) -> int:
    """Return its part of the way: the kilometres it rides, shared with the owner and the guests aboard."""
    shareable_cents = shareable_cost(ride.before, refrigerated=ride.refrigerated).total_cents
    return (
        shareable_cents
        * ridden_m(ride.after, ride.shipment.id)
        // (max(1, ride.after.distance_m) * (ride.guests_aboard + 2))
    )


def ridden_m(route: Route, shipment: str) -> int:
    """Return the metres that a shipment is aboard, by the share of the hours between pickup and drop."""
    boarded = next(v for v in route.visits if v.task.kind == "pickup" and v.task.id == shipment)
    dropped = next(v for v in route.visits if v.task.kind == "drop" and v.task.id == shipment)
    riding_s, whole_s = dropped.begins_s - boarded.leaves_s, max(1, route.duration_s)
    return min(route.distance_m, route.distance_m * max(0, riding_s) // whole_s)


def _per_km(route: Driven, cents_per_km: int) -> int:
    return (route.distance_m * cents_per_km + 500) // 1000
