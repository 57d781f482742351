"""
A trip's book out of the store: the trip, its room, its guests with their promised hours, and its plan.

What the book holds is what was agreed; nothing of it is computed anew but the rows of the matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.days import Standing, standing_day
from pooling.desk.desk import Desk
from pooling.desk.planbook import SitesOfTasks, kept_plan, route_of, trip_plan_words
from pooling.desk.trips.private_years import private_year
from pooling.legs import LegRoom
from pooling.market.award import Guest, TripBook, TripImpossible, trip_vehicle, within_detour
from pooling.store import View
from pooling.store.bids import guests_and_leavers
from pooling.store.shipments import hours, shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.trips import Rows, leg_room, legs_of
from routing.check import check
from routing.plan import Plan, Route
from routing.problem import Request
from routing.schedule import schedule_route
from routing.task import Task


@dataclass(frozen=True)
class StoredTrip:
    """
    Hold a trip as it stands: its row, its book, and the day with whatever else was asked for.

    ``leavers`` are the bids whose payers owe something for having left; ``legs`` are rows, by trip.
    """

    row: Row[Any]
    book: TripBook
    standing: Standing
    leavers: Rows = ()
    legs: Mapping[str, Rows] = field(default_factory=dict)


def load_trip(
    desk: Desk,
    view: View,
    row: Row[Any],
    *,
    asking: Iterable[Row[Any]] = (),
    payers: Iterable[str] = (),
    legs: Mapping[str, Rows] | None = None,
) -> StoredTrip:
    """
    Load a trip with its guests, and the rows of further shipments that ask for a ride.

    ``payers`` are those whose vans matter, ``legs`` the trip's, where they were read already. Refuses a
    trip whose roads have changed so that its own plan can no longer be driven.
    """
    parts = parts_of(view, [row], legs)
    (stored,) = _stored(desk, view, parts, asking, payers)
    if isinstance(stored, Refusal):
        raise stored
    return stored


def load_trips(
    desk: Desk,
    view: View,
    rows: Rows,
    *,
    asking: Iterable[Row[Any]] = (),
    payers: Iterable[str] = (),
    legs: Mapping[str, Rows] | None = None,
) -> list[StoredTrip | Refusal]:
    """
    Load several trips of one day at once, in their order, on one ground; see ``load_trip``.

    A trip whose sites have moved since its plan was agreed stands on a ground of its own.
    """
    asking, payers = list(asking), list(payers)
    found: dict[str, StoredTrip | Refusal] = {}
    for together in _on_one_ground(view, rows):
        stored = _stored(desk, view, parts_of(view, together, legs), asking, payers)
        found |= {row.id: one for row, one in zip(together, stored, strict=True)}
    return [found[row.id] for row in rows]


@dataclass(frozen=True)
class Parts:
    """Hold the rows that the books of some trips are made of, each by its trip."""

    rows: Rows
    guests: Mapping[str, Rows]
    leavers: Mapping[str, Rows]
    legs: Mapping[str, Rows]
    riding: Mapping[str, Row[Any]]


def parts_of(view: View, rows: Rows, legs: Mapping[str, Rows] | None = None) -> Parts:
    """Read what the books of some trips are made of."""
    ids = [row.id for row in rows]
    guests, leavers = guests_and_leavers(view, ids)
    riding = shipments_by_id(view, [one.shipment_id for each in guests.values() for one in each])
    return Parts(rows, guests, leavers, legs_of(view, ids) if legs is None else legs, riding)


def _stored(
    desk: Desk, view: View, parts: Parts, asking: Iterable[Row[Any]], payers: Iterable[str]
) -> list[StoredTrip | Refusal]:
    """Make the books of some trips of one day and one time zone on one ground."""
    everybody = {**parts.riding, **{one.id: one for one in asking}}
    rows, day = parts.rows, parts.rows[0].day
    standing = standing_day(
        desk, view, day, shipments=everybody.values(), trips=rows, payers=payers, legs=parts.legs
    )
    found = [stored_one(standing, row, parts) for row in rows]
    return [one if isinstance(one, Refusal) else in_its_year(desk, view, one) for one in found]


def in_its_year(desk: Desk, view: View, stored: StoredTrip) -> StoredTrip:
    """Return a trip with what bounds the year of its owner, where a yearly cap holds."""
    row = stored.row
    year = private_year(desk, view, row.id, row.owner_id, row.regime, row.day)
    return stored if year is None else replace(stored, book=replace(stored.book, year=year))


def stored_one(standing: Standing, row: Row[Any], parts: Parts) -> StoredTrip | Refusal:
    """Make the book of one trip on the ground of a day; what bounds its owner's year is not read."""
    legs = tuple(leg_room(leg) for leg in parts.legs[row.id])
    leavers = parts.leavers.get(row.id, ())
    try:
        book = _book(standing, row, parts.guests.get(row.id, ()), legs)
    except TripImpossible as refusal:
        return refusal
    left_cents = sum(leaver.owed_cents for leaver in leavers)
    return StoredTrip(row, replace(book, left_cents=left_cents), standing, leavers, parts.legs)


def _on_one_ground(view: View, rows: Rows) -> list[Rows]:
    """Part trips so that those of a part have one clock, and their sites lie where they lie today."""
    places = {row.id: kept_plan(row.plan).get("places", {}) for row in rows}
    known = sites_by_id(view, {one for each in places.values() for one in each})
    parts: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        here = {one: [known[one].place.lat, known[one].place.lon] for one in places[row.id] if one in known}
        alone = "" if all(places[row.id][one] == point for one, point in here.items()) else row.id
        parts.setdefault((row.timezone, alone), []).append(row)
    return list(parts.values())


def plan_words(standing: Standing, book: TripBook) -> str:
    """Return the plan of a book as it is kept in the trip's row."""
    return trip_plan_words(book.announced, book.route, _sites_of_tasks(book), standing.day.sites)


def rescheduled(book: TripBook) -> TripBook | None:
    """
    Drive the same stops in the same order, at the earliest legal hours; ``None`` where there are none.

    For a guest that leaves, and for roads that have changed since the plan was made.
    """
    aboard = {guest.shipment.id for guest in book.guests}
    order = [task for task in book.route.tasks if task.kind == "announced" or task.id in aboard]
    route = schedule_route(book.problem, book.vehicle, order)
    return replace(book, plan=Plan((route,), ())) if route else None


def _book(standing: Standing, row: Row[Any], bids: Rows, legs: Sequence[LegRoom]) -> TripBook:
    ground, trip = standing.ground, standing.day.trip_by_id[row.id]
    kept = kept_plan(row.plan)
    announced = route_of(kept["announced"], ground)
    vehicle = within_detour(trip_vehicle(ground, trip), trip, announced)
    guests = tuple(guest_of(standing, bid) for bid in bids)
    problem = ground.problem((vehicle,), tuple(guest.request for guest in guests))
    plan = Plan((route_of(kept["route"], ground),), ())
    book = TripBook(trip, vehicle, announced, problem, plan, guests, legs=tuple(legs))
    return _on_todays_roads(book) if check(problem, plan) else book


def _on_todays_roads(book: TripBook) -> TripBook:
    """Keep what was promised where the roads of the region were read anew since."""
    route: Route | None = schedule_route(
        book.problem, replace(book.vehicle, longest_drive_s=None, longest_m=None), book.announced.tasks
    )
    if route is None:
        raise TripImpossible(trip=book.trip.id)
    vehicle = within_detour(book.vehicle, book.trip, route)
    problem = replace(book.problem, vehicles=(vehicle,))
    again = rescheduled(replace(book, vehicle=vehicle, problem=problem, announced=route))
    if again is None:
        raise TripImpossible(trip=book.trip.id)
    return again


def guest_of(standing: Standing, bid: Row[Any]) -> Guest:
    """Return an accepted bid as a guest that asks for exactly what it was promised."""
    shipment = standing.day.shipment_by_id[bid.shipment_id]
    return Guest(
        shipment=shipment,
        price_cents=bid.price_cents,
        most_cents=bid.most_cents,
        detour_s=bid.detour_s,
        request=_promised(standing, bid),
    )


def _promised(standing: Standing, bid: Row[Any]) -> Request:
    request = standing.ground.request(standing.day.shipment_by_id[bid.shipment_id])
    clock = standing.day.clock
    pickup = hours(clock, bid.pickup_from_at, bid.pickup_until_at)
    drop = hours(clock, bid.drop_from_at, bid.drop_until_at)
    return replace(
        request,
        pickup=replace(request.pickup, windows=(pickup,)),
        drop=replace(request.drop, windows=(drop,)),
    )


def _sites_of_tasks(book: TripBook) -> SitesOfTasks:
    announced = {
        Task("announced", stop.id): stop_words.site
        for stop, stop_words in zip(book.vehicle.announced, book.trip.stops, strict=True)
    }
    for guest in book.guests:
        announced[Task("pickup", guest.shipment.id)] = guest.shipment.from_site
        announced[Task("drop", guest.shipment.id)] = guest.shipment.to_site
    return announced
