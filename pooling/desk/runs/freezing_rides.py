"""Freeze a ride: its plan becomes the manifest that a driver holds, and nobody joins any more."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.carriers.assigning import must_be_fit_for_hire, unfit
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.empties import bring_back
from pooling.desk.market.agreeing import end_asking
from pooling.desk.market.in_kind import give_up_prices
from pooling.desk.market.rides import TripNotOpen
from pooling.desk.states import said
from pooling.desk.tours.tour_world import TourWorld, tour_world
from pooling.desk.tours.tours import must_be_in
from pooling.desk.trips.held_room import is_unnamed
from pooling.desk.trips.releasing import release_on
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.desk.trips.trips import trip_in_sight
from pooling.manifest import Manifest
from pooling.runs.freezing import freeze_tour as manifest_of_tour
from pooling.runs.freezing import freeze_trip as manifest_of_trip
from pooling.runs.manifest_json import manifest_json
from pooling.store import Ask, Tx, View, market
from pooling.store.bids import asking_for, guests_of
from pooling.store.custody import make_secret_of_codes
from pooling.store.fleet import find_vehicle
from pooling.store.plans import find_plan
from pooling.store.rows import added, changed
from pooling.store.touring import manifest, tour
from pooling.store.tours import find_tour
from routing.check import check
from routing.plan import Route


class RoomStillHeld(Refusal):
    code = "room_still_held"
    reason = "Room is held on trip {trip} for goods that may be named until {until}."
    cure = (
        "Make the manifest when that hour is over, or ask the holder to name the goods or release the room."
    )


class PlanOutdated(Refusal):
    code = "plan_outdated"
    reason = "The plan of {ride} can no longer be driven at its hours: a place or a road has changed."
    cure = "Plan it again, then freeze it."


@dataclass(frozen=True)
class Frozen:
    """Hold a ride with the manifest that was written of it, and who is told."""

    kind: str
    table: Table
    row: Row[Any]
    carrier_id: str
    manifest: Manifest
    told: frozenset[str]


def freeze_tour(desk: Desk, who: Actor, ask: Ask, tour_id: str) -> str:
    """Freeze a confirmed tour, by its operator or its carrier; returns the manifest."""

    def decide(view: View) -> Frozen:
        row = find_tour(view, tour_id)
        if not (who.acts_for(row.operator_id) or who.acts_for(row.carrier_id)):
            raise NotAllowed(who="its operator or its carrier")
        must_be_in(row, "confirmed")
        barred = unfit(view, row)
        if barred is not None:
            raise barred
        return _frozen_tour(desk, view, tour_world(desk, view, row))

    return desk.once_decided(ask, decide, write_frozen)


def freeze_trip(desk: Desk, who: Actor, ask: Ask, trip_id: str) -> str:
    """
    Freeze an open trip with its guests, by its owner; bids that still wait are refused.

    Goods that are not named stand on no manifest: their room is released where its hour is over, else
    the trip cannot be frozen yet.
    """
    release_on(desk, trip_id)

    def decide(view: View) -> Frozen:
        row = trip_in_sight(view, who, trip_id)
        who.must_act_for(row.owner_id, "the trip's owner")
        if row.state != "open":
            raise TripNotOpen(trip=trip_id, state=said(row.state))
        must_be_fit_for_hire(view, row)
        _must_be_named(view, row)
        return _frozen_trip(desk, load_trip(desk, view, row))

    def save(tx: Tx, frozen: Frozen) -> str:
        manifest_id = write_frozen(tx, frozen)
        give_up_prices(tx, trip_id, frozen.carrier_id)
        owners = {trip_id: frozen.carrier_id}
        waiting = asking_for(tx, trip_id=trip_id)
        end_asking(tx, waiting, "bid.refused", owners, TripNotOpen(trip=trip_id, state=said("frozen")))
        return manifest_id

    return desk.once_decided(ask, decide, save)


def _must_be_named(view: View, row: Row[Any]) -> None:
    by_at = [one.name_by_at for one in guests_of(view, row.id) if is_unnamed(one)]
    if by_at:
        until = datetime.fromtimestamp(min(max(by_at), row.cutoff_at), UTC)
        raise RoomStillHeld(trip=row.id, until=f"{until.astimezone(ZoneInfo(row.timezone)):%Y-%m-%d %H:%M}")


def write_frozen(tx: Tx, frozen: Frozen) -> str:
    """Write a manifest, while its ride stands as it was read."""
    row = frozen.row
    make_secret_of_codes(tx)
    moved_if_changed(lambda: changed(tx, frozen.table, row, {"state": "frozen"}))
    manifest_id = added(
        tx,
        manifest,
        "mnf",
        ride_kind=frozen.kind,
        ride_id=row.id,
        carrier_id=frozen.carrier_id,
        day=row.day,
        number=frozen.manifest.number,
        plate=_plate_of(tx, frozen),
        body=manifest_json(bring_back(tx, frozen.manifest)),
    )
    tx.tell("ride.frozen", frozen.kind, row.id, frozen.told, day=str(row.day))
    return manifest_id


def _plate_of(tx: Tx, frozen: Frozen) -> str:
    """Return the plate of the vehicle that a tour names; until it sets out, another may be named."""
    vehicle_id = frozen.row.vehicle_id if frozen.kind == "tour" else ""
    return str(find_vehicle(tx, vehicle_id).plate) if vehicle_id else ""


def _frozen_tour(desk: Desk, view: View, world: TourWorld) -> Frozen:
    problem, plan = world.committed
    route = plan.route(world.tour.id)
    if route is None or plan.unserved or check(problem, plan) or _told(view, world) != _hours(world, route):
        raise PlanOutdated(ride=world.tour.id)
    _, way, _ = desk.grounds.way(list(world.day.sites.values()))
    attribution = desk.grounds.region.meta.attribution
    written = manifest_of_tour(world.day, world.at_own_hours(problem), world.tour, route, way, attribution)
    told = {world.row.operator_id, world.row.carrier_id, *(one.payer_id for one in world.sign_ups)}
    told |= {world.day.shipment_by_id[one].shipper for one in world.aboard}
    return Frozen("tour", tour, world.row, world.row.carrier_id, written, frozenset(told))


def _frozen_trip(desk: Desk, stored: StoredTrip) -> Frozen:
    row, book, day = stored.row, stored.book, stored.standing.day
    if check(book.problem, book.plan):
        raise PlanOutdated(ride=row.id)
    _, way, _ = desk.grounds.way(list(day.sites.values()))
    written = manifest_of_trip(day, book, way, desk.grounds.region.meta.attribution)
    aboard = [guest.shipment for guest in book.guests]
    told = {row.owner_id, *(one.payer for one in aboard), *(one.shipper for one in aboard)}
    return Frozen("trip", market.trip, row, row.owner_id, written, frozenset(told))


def _told(view: View, world: TourWorld) -> list[tuple[str, str, int]]:
    """List the hours of the plan that everybody was told."""
    visits = json.loads(find_plan(view, world.row.plan_id).body)["visits"]
    return [(one["way"], one["shipment"], one["begins_at"]) for one in visits]


def _hours(world: TourWorld, route: Route) -> list[tuple[str, str, int]]:
    return [
        ("on" if visit.task.kind == "pickup" else "off", visit.task.id, world.at(visit.begins_s))
        for visit in route.visits
    ]
