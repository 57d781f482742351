"""
What carrying a shipment emits on the ride that it has, beside driving alone and beside a lorry.

Reckoned on the plan that its ride stands on, once it is frozen on its manifest: all that the vehicle drives,
empty ways too. Of a trip the whole way is shared among its guests as if its owner carried nothing, which is
the most it could be; what they add to the way that the owner drives anyway is told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.carbon import (
    DIESEL,
    CarbonStatement,
    Carried,
    emitted,
    reference_co2_g,
    shared_out,
)
from pooling.desk.days import standing_day
from pooling.desk.desk import Desk
from pooling.desk.tours.tour_world import tour_world
from pooling.desk.trips.trip_books import load_trip
from pooling.ground import Ground
from pooling.manifest import Manifest, OnBoard
from pooling.manifest_json import read_manifest
from pooling.saving import spared_m
from pooling.store import View
from pooling.store.fleet import find_vehicle
from pooling.store.manifests import manifest_of
from pooling.store.shipments import payers_day, shipments_by_id
from pooling.store.tours import tours_by_id
from pooling.store.trips import trips_by_id
from routing.plan import Route
from routing.problem import Vehicle

CRATE_DIMENSIONS = 3


@dataclass(frozen=True)
class RideCarbon:
    """Hold the statement of a shipment that rides; ``added_g`` is its part of what a trip drives more."""

    statement: CarbonStatement
    added_g: int | None = None


@dataclass(frozen=True)
class _Way:
    """Hold what a ride drives, how much of it without a crate and how much more than announced, for whom."""

    distance_m: int
    empty_m: int
    added_m: int | None
    aboard: Sequence[str]


def carbon_of(desk: Desk, view: View, row: Row[Any], reference_m: int) -> RideCarbon | None:
    """Reckon a shipment's statement; ``None`` while nothing carries it. Whoever asks may see the shipment."""
    if row.rides_kind not in ("trip", "tour"):
        return None
    view = view.by_house()
    way, energy, cooled = (_of_trip if row.rides_kind == "trip" else _of_tour)(desk, view, row.rides_id)
    if way is None or row.id not in way.aboard:
        return None
    own = payers_day(view, row.payer_id, row.day)
    rows = {one.id: one for one in own} | shipments_by_id(view, way.aboard)
    standing = standing_day(desk, view, row.day, shipments=rows.values(), payers=[row.payer_id])
    metres, at = standing.ground.matrix.metres, standing.ground.row
    carried = {
        one: Carried(rows[one].kg, int(metres[at[rows[one].from_site_id]][at[rows[one].to_site_id]]))
        for one in way.aboard
    }
    whole = emitted(way.distance_m, way.empty_m, energy, cooled=cooled)
    day = [one for one in standing.day.shipments if one.payer == row.payer_id]
    statement = CarbonStatement(
        own=shared_out(whole, carried)[row.id],
        load_kg=row.kg,
        alone_g=emitted(spared_m(standing.baseline, day, row.id), 0).co2_g,
        reference_g=reference_co2_g(row.kg, reference_m),
    )
    if way.added_m is None:
        return RideCarbon(statement)
    added = shared_out(emitted(way.added_m, 0, energy, cooled=cooled), carried)
    return RideCarbon(statement, added[row.id].co2_g)


def empty_m(ground: Ground, vehicle: Vehicle, route: Route) -> int:
    """Count the metres of a route on which no crate is aboard."""
    at, aboard, empty = vehicle.start, 0, 0
    for visit in route.visits:
        empty += 0 if aboard else int(ground.matrix.metres[at][visit.place])
        at, aboard = visit.place, sum(visit.load[:CRATE_DIMENSIONS])
    return empty + (0 if aboard else int(ground.matrix.metres[at][vehicle.end]))


def _of_trip(desk: Desk, view: View, trip_id: str) -> tuple[_Way | None, str, bool]:
    trip = trips_by_id(view, [trip_id])[trip_id]
    way = _frozen(view, "trip", trip_id)
    if way is None:
        stored = load_trip(desk, view, trip)
        book, ground = stored.book, stored.standing.ground
        way = _Way(
            book.route.distance_m,
            empty_m(ground, book.vehicle, book.route),
            max(0, book.route.distance_m - book.announced.distance_m),
            [guest.shipment.id for guest in book.guests],
        )
    return way, DIESEL, bool(trip.refrigerated)


def _of_tour(desk: Desk, view: View, tour_id: str) -> tuple[_Way | None, str, bool]:
    (tour,) = tours_by_id(view, [tour_id])
    way = _frozen(view, "tour", tour_id)
    if way is None:
        world = tour_world(desk, view, tour)
        problem, plan = world.committed
        route = plan.route(tour_id)
        if route is not None:
            ways = empty_m(world.ground, problem.vehicle(tour_id), route)
            way = _Way(route.distance_m, ways, None, world.aboard)
    energy = str(find_vehicle(view, tour.vehicle_id).energy) if tour.vehicle_id else DIESEL
    return way, energy, bool(tour.chilled_crates or tour.frozen_crates)


def _frozen(view: View, kind: str, ride_id: str) -> _Way | None:
    """Read the way of a ride off its manifest, as its driver and all papers have it."""
    kept = manifest_of(view, kind, ride_id)
    return _way_of(read_manifest(kept.body)) if kept else None


def _way_of(manifest: Manifest) -> _Way:
    last_m = manifest.distance_m - sum(stop.leg_m for stop in manifest.stops)
    loads = [manifest.on_board_at_start, *(stop.on_board for stop in manifest.stops)]
    legs = [*(stop.leg_m for stop in manifest.stops), last_m]
    return _Way(
        manifest.distance_m,
        sum(leg_m for load, leg_m in zip(loads, legs, strict=True) if not _crates(load)),
        max(0, manifest.detour_m) if manifest.kind == "trip" else None,
        list({one.shipment: None for stop in manifest.stops for one in stop.handlings}),
    )


def _crates(load: OnBoard) -> int:
    return load.ambient_crates + load.chilled_crates + load.frozen_crates
