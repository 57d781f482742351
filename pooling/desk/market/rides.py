"""
A ride decided: whether a trip can carry a shipment, at which hours, for how much, and who else is moved.

Bidding, accepting and looking for offers all ask here, so that there is one price and one reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.days.dayplan import HoursImpossible
from pooling.desk.communities.belonging import must_belong
from pooling.desk.days import Standing
from pooling.desk.desk import Desk
from pooling.desk.market.night_trips import must_be_of_its_day
from pooling.desk.people.trust import must_ride_together
from pooling.desk.states import said
from pooling.desk.trips.held_room import must_be_in_time, must_hold
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.hours import DayClock
from pooling.intake import OwnTrip
from pooling.legs import Stretch, crates_that_fit, stretch_of
from pooling.load import Load, Temperature
from pooling.market.award import Guest, TripBook, take_bid, try_bid, why_not_taken
from pooling.market.matching import no_room
from pooling.market.saving import spared_cents
from pooling.pricing import (
    AskedDearerThanAlone,
    AskedDearerThanSpared,
    DearerThanAlone,
    DearerThanSpared,
    asked_of,
)
from pooling.regimes import COST_SHARING
from pooling.store import View
from pooling.store.bids import paid_that_day
from pooling.store.days import parties_by_id
from pooling.store.shipments import payers_day
from pooling.store.sites import sites_by_id
from pooling.store.trips import Rows, leg_room, legs_of, stops_of
from routing.explain import Change
from routing.plan import Route
from routing.task import Task


class TripNotOpen(Refusal):
    code = "trip_not_open"
    reason = "Trip {trip} takes no guests: it is {state}."
    cure = "Choose another trip or tour."


class CutoffPassed(Refusal):
    code = "cutoff_passed"
    reason = "The last hour to agree on trip {trip} is over."
    cure = "Choose another trip or tour; call the owner about what is agreed already."


class ShipmentNotOpen(Refusal):
    code = "shipment_not_open"
    reason = "Shipment {shipment} is {state}."
    cure = "Withdraw what carries it first; what is under way or done stays as it is."


class ShipmentCancelled(ShipmentNotOpen):
    reason = "Shipment {shipment} was cancelled."
    cure = "Enter the crates anew, as another shipment."


@dataclass(frozen=True)
class Decided:
    """
    Hold a ride that can be agreed: on what it was decided, and what it would make of the trip.

    ``payers_day`` is what the payer's saving was counted on: its shipments at their revisions, and what
    it pays for those that ride.
    """

    stored: StoredTrip
    shipment: Row[Any]
    book: TripBook
    guest: Guest
    stretch: Stretch
    saved_cents: int
    payers_day: object

    @property
    def floor_cents(self) -> int:
        """Return what the detour costs the owner, or what a carrier asks: no bid below it can be taken."""
        return _least_cents(self.stored.book, self.book)

    def promised(self) -> dict[str, int]:
        """Return the planned and the promised hours at both ends, as moments."""
        return promised_hours(self.book.route, self.guest, self.stored.standing.day.clock)


def begins_of(route: Route) -> dict[str, tuple[int, int]]:
    """Return when each shipment of a route is collected and handed over, in seconds of the day."""
    at = {visit.task: visit.begins_s for visit in route.visits}
    picked = [task.id for task in route.tasks if task.kind == "pickup"]
    return {one: (at[Task("pickup", one)], at[Task("drop", one)]) for one in picked}


def promised_hours(route: Route, guest: Guest, clock: DayClock) -> dict[str, int]:
    """Return the planned and the promised hours of a guest at both ends, as moments."""
    pickup_s, drop_s = begins_of(route)[guest.shipment.id]
    pickup, drop = (visit.windows[0] for visit in (guest.request.pickup, guest.request.drop))
    midnight_at = int(clock.midnight.timestamp())
    seconds = {
        "pickup_at": pickup_s,
        "pickup_from_at": pickup.opens_s,
        "pickup_until_at": pickup.closes_s,
        "drop_at": drop_s,
        "drop_from_at": drop.opens_s,
        "drop_until_at": drop.closes_s,
    }
    return {name: midnight_at + value for name, value in seconds.items()}


class Asking(NamedTuple):
    """Hold what a payer sends that day, the shipment asked for among it, and what it pays already."""

    own: Sequence[Row[Any]]
    paid: dict[str, int]


def asking_of(view: View, shipment: Row[Any]) -> Asking:
    """Read what the price of a shipment's ride depends on, whichever trip carries it."""
    own = payers_day(view, shipment.payer_id, shipment.day)
    own = [shipment if row.id == shipment.id else row for row in own]  # it may be asked about otherwise
    if shipment.id not in {row.id for row in own}:  # only asked about, not entered
        own = [*own, shipment]
    return Asking(own, paid_that_day(view, shipment.payer_id, shipment.day))


def decide_ride(
    desk: Desk,
    view: View,
    trip: Row[Any],
    shipment: Row[Any],
    most_cents: int | None,
    held_cents: int | None = None,
    *,
    asking: Asking | None = None,
    stored: StoredTrip | None = None,
    name_by_at: int | None = None,
    above_alone: bool = False,
) -> Decided:
    """
    Decide a ride on the trip as it stands, or refuse with the true reason.

    ``most_cents`` is the bid; ``None`` asks for the price at which a bid would be taken: what anybody
    pays who bids enough, and where a carrier is paid as bid, the least that it takes. ``held_cents`` is
    the price that a quote holds; ``asking`` is what is known of the asker, and ``stored`` the trip with
    all that it sends, where they were read already; ``name_by_at`` tells that the shipment is room for
    goods that are named until then; ``above_alone`` that its payer knows that alone would cost less.
    """
    must_take_guests(trip, view.now_at)
    _must_ask(view, trip, shipment, name_by_at)
    must_be_of_its_day(trip, shipment)
    if trip.owner_id == shipment.payer_id:
        raise OwnTrip(party=parties_by_id(view, [trip.owner_id])[trip.owner_id].name, trip=trip.id)
    if name_by_at is None:  # room that is held already stands
        must_belong(view, trip, shipment.payer_id)
    must_ride_together(view, trip.owner_id, [shipment.payer_id])
    legs = legs_of(view, [trip.id]) if stored is None else stored.legs
    _must_have_any_room(view, trip, shipment, legs[trip.id])
    asking = asking or asking_of(view, shipment)
    if stored is None:
        stored = load_trip(desk, view, trip, asking=asking.own, payers=[shipment.payer_id], legs=legs)
    saved_cents = _saved_lately(desk, stored, asking, shipment.id)
    ride = _ride(stored, shipment, asking, saved_cents, most_cents, held_cents, above_alone=above_alone)
    if ride is not None:
        return ride
    most_cents = max(0, saved_cents) if most_cents is None else most_cents
    bid = Bid(shipment.id, trip.id, most_cents, held_cents, above_alone)
    _, refusal = take_bid(stored.standing.day, stored.standing.ground, stored.book, bid, saved_cents)
    if refusal is None:
        raise AssertionError(f"Trip {trip.id} refused {shipment.id} without a reason.")
    raise in_public(refusal)


def ride_on(stored: StoredTrip, shipment: Row[Any], asking: Asking, saved_cents: int) -> Decided | None:
    """Decide what anybody is offered who bids enough, as ``decide_ride`` does; ``None`` tells no reason."""
    return _ride(stored, shipment, asking, saved_cents, None, None)


def why_no_ride(stored: StoredTrip, shipment: Row[Any], saved_cents: int) -> Refusal:
    """Say why ``ride_on`` found none, as ``decide_ride`` does where nothing but road and price refuse."""
    bid = Bid(shipment.id, stored.row.id, max(0, saved_cents))
    standing = stored.standing
    return in_public(why_not_taken(standing.day, standing.ground, stored.book, bid, saved_cents))


def _ride(
    stored: StoredTrip,
    shipment: Row[Any],
    asking: Asking,
    saved_cents: int,
    most_cents: int | None,
    held_cents: int | None,
    *,
    above_alone: bool = False,
) -> Decided | None:
    day, ground, asked = stored.standing.day, stored.standing.ground, most_cents is None
    most_cents = max(0, saved_cents) if most_cents is None else most_cents
    bid = Bid(shipment.id, stored.row.id, most_cents, held_cents, above_alone)
    book = try_bid(day, ground, stored.book, bid, saved_cents)
    if book is not None and asked and book.trip.regime not in COST_SHARING:
        least = replace(bid, most_cents=_least_cents(stored.book, book))
        book = try_bid(day, ground, stored.book, least, saved_cents)
    if book is None:
        return None
    return Decided(
        stored=stored,
        shipment=shipment,
        book=book,
        guest=book.guests[-1],
        stretch=stretch_of(book.route, shipment.id),
        saved_cents=saved_cents,
        payers_day=standing_of(asking.own, asking.paid),
    )


def _least_cents(before: TripBook, after: TripBook) -> int:
    """Return the least that the owner takes for those who are new aboard."""
    crates = sum(guest.shipment.load.crates for guest in after.guests[len(before.guests) :])
    return max(0, after.driven_cents - before.driven_cents, asked_of(crates, after.trip.asked_cents))


def must_take_guests(trip: Row[Any], now_at: int) -> None:
    if trip.state != "open":
        raise TripNotOpen(trip=trip.id, state=said(trip.state))
    if now_at >= trip.cutoff_at:
        raise CutoffPassed(trip=trip.id)


def _must_ask(view: View, trip: Row[Any], shipment: Row[Any], name_by_at: int | None) -> None:
    """Refuse crates that look for no ride, and room for goods to come that is not held, or no longer."""
    if name_by_at is None:
        must_be_open(shipment)
    else:
        must_be_in_time(view, trip, name_by_at)
        must_hold(view, trip, shipment)


def must_be_open(shipment: Row[Any]) -> None:
    if shipment.state == "cancelled":
        raise ShipmentCancelled(shipment=shipment.id)
    if shipment.state != "open":
        raise ShipmentNotOpen(shipment=shipment.id, state=said(shipment.state))


OWN_REMEMBERED = 20
"""Of a payer that sends more in a day, what a ride spares is reckoned each time."""

PayersDay = tuple[list[tuple[str, int]], dict[str, int]]
"""A payer's shipments of a day with their revisions, and what it pays for each that rides."""


def standing_of(own: Sequence[Row[Any]], paid: dict[str, int]) -> PayersDay:
    """Return by what it is seen whether anything that a payer sends or pays that day has changed."""
    return [(row.id, row.revision) for row in own], paid


def in_public(refusal: Refusal) -> Refusal:
    """
    Leave out of a refusal what its hearer may not see: the route with other guests' stops and hours.

    The smallest change is told as plain facts, and what else stands in the way by its words.
    """
    refusal.facts.pop("slot", None)
    change = refusal.facts.pop("change", None)
    if isinstance(change, Change):
        refusal.facts |= {"change": change.quantity, "now": change.stands, "enough": change.would_do}
    if refusal.besides is not None:
        refusal.facts["besides"] = in_public(refusal.besides).sentence
    return refusal


def in_both_sights(refusal: Refusal) -> Refusal:
    """Leave out of a refusal what the trip's owner may not see of who bids: what riding would spare it."""
    told = refusal
    if isinstance(refusal, DearerThanAlone) and not isinstance(refusal, DearerThanSpared):
        spared = AskedDearerThanSpared if isinstance(refusal, AskedDearerThanAlone) else DearerThanSpared
        told = spared(floor=refusal.facts["floor"])
    if refusal.besides is not None:
        told.besides = in_both_sights(refusal.besides)
        told.facts["besides"] = told.besides.sentence
    return told


def _saved_lately(desk: Desk, stored: StoredTrip, asking: Asking, shipment_id: str) -> int:
    """
    Count the same, or remember it: a shipment asks on several trips, and again as it is agreed.

    The question is all that the answer depends on: its payer's day with what it pays, where these sites and
    its van stand, and by which roads.
    """
    sites, by_id = stored.standing.day.sites, stored.standing.day.shipment_by_id
    own = tuple(by_id[row.id] for row in asking.own)
    ends = [site for one in own for site in (one.from_site, one.to_site)]
    if len(own) > OWN_REMEMBERED:
        return saved_by_riding_cents(stored.standing, asking, shipment_id)
    home = stored.standing.homes[by_id[shipment_id].payer]
    points = tuple((sites[one].place.lat, sites[one].place.lon) for one in (*ends, home))
    question = (desk.grounds.roads, own, points, tuple(sorted(asking.paid.items())), shipment_id)
    return desk.spared.answer(question, lambda: saved_by_riding_cents(stored.standing, asking, shipment_id))


def saved_by_riding_cents(standing: Standing, asking: Asking, shipment_id: str) -> int:
    """Count what the ride spares its payer; what no own van could serve is no part of its day alone."""
    baseline, by_id = standing.baseline, standing.day.shipment_by_id
    own = [by_id[row.id] for row in asking.own]
    possible = [one for one in own if baseline.alone(one.payer, [one]) is not None]
    if shipment_id not in {one.id for one in possible}:
        raise HoursImpossible(shipment=shipment_id)
    return spared_cents(baseline, possible, asking.paid, by_id[shipment_id])


def room_somewhere(legs: Rows, shipment: Row[Any]) -> bool:
    """Tell whether any leg has room for all of a shipment, before any work on the road."""
    load = _load_of(shipment)
    return any(crates_that_fit(leg_room(leg), load) == load.crates for leg in legs)


def _load_of(shipment: Row[Any]) -> Load:
    return Load(Temperature(shipment.temperature), shipment.crates, shipment.kg, shipment.litres)


def _must_have_any_room(view: View, trip: Row[Any], shipment: Row[Any], rows: Rows) -> None:
    """Refuse before any work on the road where not one leg has the room; it names the emptiest one."""
    load = _load_of(shipment)
    legs = [leg_room(leg) for leg in rows]
    at = list(Temperature).index(load.temperature)
    if room_somewhere(rows, shipment) or not any(leg.cap[at] for leg in legs):
        return
    free = [crates_that_fit(leg, load) for leg in legs]
    emptiest = free.index(max(free))
    stops = stops_of(view, [trip.id])[trip.id][emptiest : emptiest + 2]
    sites = sites_by_id(view, [stop.site_id for stop in stops])
    owner = parties_by_id(view, [trip.owner_id])[trip.owner_id].name
    facts = {"ride": f"{trip.id} ({owner})", "shipment": shipment.id}
    raise no_room(facts, load, free[emptiest], [sites[stop.site_id].name for stop in stops])
