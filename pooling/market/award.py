"""
Bids on a trip, taken in the order of their arrival: accepted when the law, the road and the price allow.

What proves an acceptance is an insertion plan that the checker passed; the owner could drive it as
it stands. Each accepted guest has a promised hour at both ends, which every later plan keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.day import Day
from pooling.fair.sharing import Claimant, split
from pooling.figures import ADDED_DELAY, EARLIER_ARRIVAL
from pooling.ground import Ground, at_open_hours
from pooling.legs import LegRoom, crates_that_fit, fits, sold_on, stretch_between, stretch_of, tightest
from pooling.load import LIFTING
from pooling.market.allowing import not_allowed, permitted, ride_name
from pooling.market.matching import OutsideStops, Ride, no_room, refusal_of
from pooling.market.stands import stays
from pooling.pricing import GuestRide, asking_price, full_cost, guest_price, own_cents_per_km, shareable_cost
from pooling.regimes import COST_SHARING, PrivateYear, lawful_cents
from pooling.shipment import Shipment
from pooling.trip import Trip
from routing.check import check
from routing.explain import Change, Rule, WhyNot, why_not
from routing.insertion import Insertion, best_in_route, empty_plan, insert
from routing.plan import Driven, Plan, Route
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.task import Task


class TripImpossible(Refusal):
    code = "trip_impossible"
    reason = "Trip {trip} cannot keep its own hours: no drive on these roads makes all its stops."
    cure = "Give its stops more time, or fewer stops."


PriceOf = Callable[[Insertion], int | Refusal]
"""Price a slot, or say why none would do."""


@dataclass(frozen=True)
class Guest:
    """Hold an accepted bid: the shipment, what it pays, the detour it caused, the request as promised."""

    shipment: Shipment
    price_cents: int
    most_cents: int
    detour_s: int
    request: Request


@dataclass(frozen=True)
class TripBook:
    """
    Hold a trip with its guests: the problem as committed, and the plan that proves it.

    ``own`` are shipments that the owner carries for itself on its own trip; ``announced`` is the route with
    them and without guests. ``legs`` is the room kept between announced stops; empty where the plan's own
    loads are the only rule of room. ``left_cents`` is what guests that left owe, ``year`` bounds a private
    owner.
    """

    trip: Trip
    vehicle: Vehicle
    announced: Route
    problem: Problem
    plan: Plan
    guests: tuple[Guest, ...]
    own: tuple[Shipment, ...] = ()
    legs: tuple[LegRoom, ...] = ()
    left_cents: int = 0
    year: PrivateYear | None = None

    @property
    def route(self) -> Route:
        return self.plan.routes[0]

    @property
    def received_cents(self) -> int:
        return sum(guest.price_cents for guest in self.guests) + self.left_cents

    @property
    def announced_cents(self) -> int:
        """Return the full cost of the trip as announced, without guests."""
        return cost_to_owner(self.trip, self.announced)

    @property
    def driven_cents(self) -> int:
        """Return the full cost of the trip as it is driven, with its guests."""
        return cost_to_owner(self.trip, self.route)

    @property
    def owner_cents(self) -> int:
        """Return what the trip costs its owner in the end: never more than announced."""
        return self.driven_cents - self.received_cents


def cost_to_owner(trip: Trip, route: Driven) -> int:
    """Return the full cost of a way of this trip's van, an hour as its owner counts it."""
    return full_cost(route, refrigerated=trip.refrigerated, hour_cents=trip.hour_cents).total_cents


def open_book(ground: Ground, trip: Trip) -> TripBook | TripImpossible:
    """Plan the trip as announced, without guests."""
    vehicle = trip_vehicle(ground, trip)
    unlimited = replace(vehicle, longest_drive_s=None, longest_m=None)
    plan = empty_plan(ground.problem((unlimited,), ()))
    if plan is None:
        return TripImpossible(trip=trip.id)
    announced = plan.routes[0]
    vehicle = within_detour(vehicle, trip, announced)
    return TripBook(trip, vehicle, announced, ground.problem((vehicle,), ()), plan, ())


def carry_own(ground: Ground, book: TripBook, shipment: Shipment, saved_cents: int) -> TripBook:
    """
    Take one of the owner's own shipments along before any guest, where that costs less than it saves.

    What an owner would carry on its own trip is no saving of ours: it counts as announced, and the
    detour that guests may cause is counted from there.
    """
    unlimited = replace(book.vehicle, longest_drive_s=None, longest_m=None)
    request = ground.request(shipment)
    problem = ground.problem((unlimited,), (*book.problem.requests, request))
    slot = best_in_route(problem, unlimited, book.route, request)
    if slot is None or slot.added_cents >= saved_cents:
        return book
    vehicle = within_detour(unlimited, book.trip, slot.route)
    return replace(
        book,
        vehicle=vehicle,
        announced=slot.route,
        problem=ground.problem((vehicle,), problem.requests),
        plan=insert(book.plan, slot),
        own=(*book.own, shipment),
    )


def within_detour(vehicle: Vehicle, trip: Trip, announced: Route) -> Vehicle:
    """Limit a trip's van to the announced way and the detour that its owner allows, in time and in way."""
    longest_m = None if trip.detour_m is None else announced.distance_m + trip.detour_m
    return replace(vehicle, longest_drive_s=announced.drive_s + trip.detour_s, longest_m=longest_m)


def trip_vehicle(ground: Ground, trip: Trip) -> Vehicle:
    """
    Return the trip's van as the routing core sees it.

    The owner's own goods take what is not free on each leg. Before the first announced stop and
    after the last the van counts as full: guests ride between announced stops only.
    """
    free = [stop.free.amounts for stop in trip.stops[:-1]]
    capacity = tuple(max(amounts) for amounts in zip(*free, strict=True))
    nothing_free = (0,) * len(capacity)
    own = [_minus(capacity, room) for room in [nothing_free, *free, nothing_free]]
    announced = tuple(
        AnnouncedStop(
            id=f"{trip.id}/{number}",
            visit=replace(ground.visit(stop.site, stop.hours), setup_s=0),
            change=_minus(own[number], own[number - 1]),
        )
        for number, stop in enumerate(trip.stops, start=1)
    )
    first, last = trip.stops[0], trip.stops[-1]
    return Vehicle(
        id=trip.id,
        start=ground.row[first.site],
        end=ground.row[last.site],
        capacity=capacity,
        initial_load=own[0],
        announced=announced,
        shift=Window(first.hours.opens_s, last.hours.closes_s),
        cents_per_km=own_cents_per_km(refrigerated=trip.refrigerated),
        cents_per_hour=trip.hour_cents,
        skills=LIFTING if trip.tail_lift else frozenset(),
    )


def take_bid(
    day: Day, ground: Ground, book: TripBook, bid: Bid, saved_cents: int
) -> tuple[TripBook, Refusal | None]:
    """
    Accept a bid into the trip's book, or leave the book as it is and say why.

    The reason is a smallest set of rules, the price among them; whoever mends all of them rides. Where
    the law or its owner forbids it, the road is told besides; the price is not: another would pay it.
    """
    accepted = try_bid(day, ground, book, bid, saved_cents)
    if accepted is not None:
        return accepted, None
    return book, why_not_taken(day, ground, book, bid, saved_cents)


def why_not_taken(day: Day, ground: Ground, book: TripBook, bid: Bid, saved_cents: int) -> Refusal:
    """Say why a bid that was tried in vain cannot be accepted; see ``take_bid``."""
    shipment = day.shipment_by_id[bid.shipment]
    forbidden = not_allowed(day, book.trip, shipment)
    if forbidden is not None:
        if best_slot(ground, book, shipment) is None:
            forbidden.besides = _refused(day, ground, book, shipment, lambda _slot: 0)
        return forbidden
    return _refused(day, ground, book, shipment, _pricing(book, bid, shipment, saved_cents))


def try_bid(day: Day, ground: Ground, book: TripBook, bid: Bid, saved_cents: int) -> TripBook | None:
    """Accept a bid into the trip's book, or return ``None``: the reason costs ten times as much."""
    shipment = day.shipment_by_id[bid.shipment]
    if not permitted(day, book.trip, shipment):
        return None
    slot = best_slot(ground, book, shipment)
    price = _pricing(book, bid, shipment, saved_cents)(slot) if slot is not None else None
    if slot is None or not isinstance(price, int):
        return None
    guest = Guest(
        shipment,
        price,
        bid.most_cents,
        slot.added_drive_s,
        promised_request(ground.request(shipment), slot.route),
    )
    accepted = with_guest(book, guest, slot)
    violations = check(accepted.problem, accepted.plan)
    if violations:
        raise AssertionError(f"An insertion broke a rule: {violations}")
    return accepted


def _pricing(book: TripBook, bid: Bid, shipment: Shipment, saved_cents: int) -> PriceOf:
    return lambda slot: guest_price(_guest_ride(book, bid, shipment, slot, saved_cents))


def bettered(book: TripBook, plan: Plan) -> TripBook:
    """
    Take a cheaper plan for the trip as committed, and keep the law and the owner's side of it.

    A shorter way has a lower shareable cost. Where the guests together would then pay more than it,
    their amounts are lowered in proportion; where that would leave the owner worse off than without
    guests, the plan that proved the acceptances stays.
    """
    better = within_cap(replace(book, plan=plan))
    return better if better.owner_cents <= better.announced_cents else book


def within_cap(book: TripBook) -> TripBook:
    """Lower what the guests pay in proportion, where the law lets the owner receive less than it in all."""
    shareable_cents = shareable_cost(book.route, refrigerated=book.trip.refrigerated).total_cents
    most_cents = lawful_cents(shareable_cents, book.year)
    if book.trip.regime not in COST_SHARING or book.received_cents <= most_cents:
        return book
    paid = {g.shipment.id: Claimant(g.price_cents, g.price_cents) for g in book.guests}
    lowered = split(max(0, most_cents - book.left_cents), paid).shares_cents
    guests = tuple(replace(g, price_cents=lowered[g.shipment.id]) for g in book.guests)
    return replace(book, guests=guests)


def best_slot(ground: Ground, book: TripBook, shipment: Shipment) -> Insertion | None:
    """Find where a shipment would best ride on a trip as committed: law and price apart."""
    return _slot(book, shipment, ground.request(shipment))


def best_slot_of(book: TripBook, guest: Guest) -> Insertion | None:
    """Find where a guest would best ride at the hours that it was promised."""
    return _slot(book, guest.shipment, guest.request)


def _slot(book: TripBook, shipment: Shipment, request: Request) -> Insertion | None:
    problem = book.problem.narrowed(book.problem.vehicles, (*book.problem.requests, request))
    return best_in_route(problem, book.vehicle, book.route, request, may=legs_free(book, shipment, request))


def legs_free(book: TripBook, shipment: Shipment, request: Request) -> Callable[[int, int], bool] | None:
    """Tell of each pair of positions whether the van stays where it stands, and the legs have room left."""
    at_stand = stays(book.trip, book.route, request)
    if not book.legs:
        return at_stand

    def free(pickup_at: int, drop_at: int) -> bool:
        if at_stand is not None and not at_stand(pickup_at, drop_at):
            return False
        stretch = stretch_between(book.route, pickup_at, request.pickup.place, drop_at, request.drop.place)
        return fits(book.legs, stretch, shipment.load)

    return free


def _refused(
    day: Day,
    ground: Ground,
    book: TripBook,
    shipment: Shipment,
    price_of: PriceOf,
) -> Refusal:
    """Name the smallest set of rules in the way, the price of what the others come to among them."""
    request = ground.request(shipment)
    problem = book.problem.narrowed(book.problem.vehicles, (*book.problem.requests, request))
    why = why_not(
        problem,
        book.plan,
        book.vehicle,
        request,
        payable=lambda slot: isinstance(price_of(slot), int),
        may=stays(book.trip, book.route, request),
    )
    price = price_of(why.changed) if why.changed is not None else None
    return refusal_of(
        ride_of(day, ground, book),
        shipment,
        why,
        price if isinstance(price, Refusal) else None,
        _full_leg(day, book, shipment, why),
        _at_both_ends(day, book, shipment, request, price_of) if why.rules == (Rule.PROMISES,) else None,
    )


def _at_both_ends(
    day: Day, book: TripBook, shipment: Shipment, request: Request, price_of: PriceOf
) -> Insertion | None:
    wide = at_open_hours(day.sites, shipment, request)
    slot = _slot(book, shipment, wide) if wide is not None else None
    return slot if slot is not None and isinstance(price_of(slot), int) else None


def _full_leg(day: Day, book: TripBook, shipment: Shipment, why: WhyNot) -> Refusal | None:
    """Name the announced stops between which the room is gone, and how many crates still fit there."""
    if not book.legs or why.slot is None:
        return None
    whole = stretch_of(why.slot.route, shipment.id)
    stretch = whole.within(book.legs)
    facts: dict[str, object] = {"ride": ride_name(day, book.trip), "shipment": shipment.id}
    if fits(book.legs, stretch, shipment.load):
        outside = Rule.ROOM in why.rules and whole != stretch
        return OutsideStops(**facts, slot=why.slot) if outside else None
    leg = tightest(book.legs, stretch, shipment.load)
    free = crates_that_fit(book.legs[leg], shipment.load)
    facts["change"] = Change("units", shipment.load.crates, free) if free else None
    names = [day.sites[stop.site].name for stop in book.trip.stops[leg : leg + 2]]
    return no_room(facts, shipment.load, free, names)


def ride_of(day: Day, ground: Ground, book: TripBook) -> Ride:
    return Ride(ride_name(day, book.trip), book.vehicle, site_names(day, ground), day.sites, day.clock)


def site_names(day: Day, ground: Ground) -> dict[int, str]:
    return {ground.row[site.id]: site.name for site in day.sites.values() if site.id in ground.row}


def asked_price(book: TripBook, shipment: Shipment, slot: Insertion, saved_cents: int) -> int | Refusal:
    """Return the price of a slot for whoever has not bid for it yet, or why none would do."""
    bid = Bid(shipment.id, book.trip.id, saved_cents)
    return asking_price(_guest_ride(book, bid, shipment, slot, saved_cents))


def _guest_ride(book: TripBook, bid: Bid, shipment: Shipment, slot: Insertion, saved_cents: int) -> GuestRide:
    return GuestRide(
        regime=book.trip.regime,
        shipment=shipment,
        most_cents=bid.most_cents,
        saved_cents=saved_cents,
        before=book.route,
        after=slot.route,
        received_cents=book.received_cents,
        guests_aboard=len(book.guests),
        refrigerated=book.trip.refrigerated,
        held_cents=bid.held_cents,
        spare_cents=book.announced_cents - book.owner_cents,
        hour_cents=book.trip.hour_cents,
        asked_cents=book.trip.asked_cents,
        above_alone=bid.above_alone,
        year=book.year,
    )


def promised_request(request: Request, route: Route) -> Request:
    """Narrow a request's hours to what is promised: the planned hour, a little earlier or later."""
    begins = {visit.task: visit.begins_s for visit in route.visits}
    pickup_s, drop_s = begins[Task("pickup", request.id)], begins[Task("drop", request.id)]
    pickup = replace(request.pickup, windows=(_promise(request.pickup, pickup_s),))
    drop = replace(request.drop, windows=(_promise(request.drop, drop_s),))
    return replace(request, pickup=pickup, drop=drop)


def _promise(visit: Visit, planned_s: int) -> Window:
    own, until_s = visit.window_at(planned_s), planned_s + ADDED_DELAY.value
    return Window(max(own.opens_s, planned_s - EARLIER_ARRIVAL.value), min(own.closes_s, until_s))


def with_guest(book: TripBook, guest: Guest, slot: Insertion) -> TripBook:
    """Return the book with a guest in its slot, its room taken on every leg that it rides."""
    problem = book.problem.narrowed(book.problem.vehicles, (*book.problem.requests, guest.request))
    legs = book.legs and sold_on(book.legs, stretch_of(slot.route, slot.request), guest.shipment.load)
    guests = (*book.guests, guest)
    return replace(book, problem=problem, plan=insert(book.plan, slot), guests=guests, legs=legs)


def _minus(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x - y for x, y in zip(a, b, strict=True))
