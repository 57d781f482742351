"""
What carrying a shipment emits on the ride that it has, beside driving alone and beside a lorry.

Reckoned on the plan that its ride stands on, once it is frozen on its manifest: all that the vehicle drives,
empty ways too. Of a trip the whole way is shared among its guests as if its owner carried nothing, which is
the most it could be; what they add to the way that the owner drives anyway is told beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.costs.carbon import (
    DIESEL,
    CarbonStatement,
    Carried,
    Emitted,
    emitted,
    reference_co2_g,
    shared_out,
)
from pooling.desk.days import standing_day
from pooling.desk.desk import Desk
from pooling.desk.grounds import Grounds
from pooling.desk.tours.tour_world import tour_world
from pooling.desk.trips.trip_books import load_trip
from pooling.ground import Ground
from pooling.manifest import Manifest, OnBoard
from pooling.runs.manifest_json import read_manifest
from pooling.store import View
from pooling.store.fleet import find_vehicle
from pooling.store.manifests import manifest_of
from pooling.store.shipments import payers_day, shipments_by_id
from pooling.store.sites import sites_by_id
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


@dataclass(frozen=True)
class _Van:
    """Hold by what a ride is driven."""

    energy: str
    cooled: bool


def carbon_of(desk: Desk, view: View, row: Row[Any], reference_m: int) -> RideCarbon | None:
    """Reckon a shipment's statement; ``None`` while nothing carries it. Whoever asks may see the shipment."""
    if row.rides_kind not in ("trip", "tour"):
        return None
    view = view.by_house()
    way = _frozen(view, row.rides_kind, row.rides_id) or _planned(desk, view, row)
    if way is None or row.id not in way.aboard:
        return None
    van, carried = _van(view, row.rides_kind, row.rides_id), _carried(desk.grounds, view, way.aboard)
    statement = CarbonStatement(
        own=_parts(way, van, carried)[row.id],
        load_kg=row.kg,
        alone_g=_alone_g(desk, view, row),
        reference_g=reference_co2_g(row.kg, reference_m),
    )
    if way.added_m is None:
        return RideCarbon(statement)
    added = shared_out(emitted(way.added_m, 0, van.energy, cooled=van.cooled), carried)
    return RideCarbon(statement, added[row.id].co2_g)


def carbon_on(grounds: Grounds, view: View, row: Row[Any]) -> dict[str, Emitted]:
    """Tell what carrying each shipment of a manifest emits, for its papers."""
    way = _way_of(read_manifest(row.body))
    view = view.by_house()
    return _parts(way, _van(view, row.ride_kind, row.ride_id), _carried(grounds, view, way.aboard))


def _parts(way: _Way, van: _Van, carried: Mapping[str, Carried]) -> dict[str, Emitted]:
    return shared_out(emitted(way.distance_m, way.empty_m, van.energy, cooled=van.cooled), carried)


def _carried(grounds: Grounds, view: View, aboard: Sequence[str]) -> dict[str, Carried]:
    """Tell what each shipment weighs, and how long its own direct way on the road is."""
    rows = shipments_by_id(view, aboard)
    sites = sites_by_id(view, {site for one in rows.values() for site in (one.from_site_id, one.to_site_id)})
    if not rows:
        return {}
    ground = grounds.ground([sites[one] for one in sorted(sites)])
    metres, at = ground.matrix.metres, ground.row
    return {
        one.id: Carried(one.kg, int(metres[at[one.from_site_id]][at[one.to_site_id]]))
        for one in (rows[shipment_id] for shipment_id in aboard)
    }


def _alone_g(desk: Desk, view: View, row: Row[Any]) -> int | None:
    """
    Return a shipment's part of what its payer's own van would emit on that day, shared out alike.

    ``None`` where no own van could serve it.
    """
    standing = standing_day(desk, view, row.day, shipments=payers_day(view, row.payer_id, row.day))
    baseline, metres, at = standing.baseline, standing.ground.matrix.metres, standing.ground.row
    possible = [one for one in standing.day.shipments if baseline.alone(row.payer_id, [one]) is not None]
    carried = {
        one.id: Carried(one.load.kg, int(metres[at[one.from_site]][at[one.to_site]])) for one in possible
    }
    alone = baseline.alone(row.payer_id, possible)
    if alone is None or row.id not in carried:
        return None
    return shared_out(emitted(alone.distance_m, 0), carried)[row.id].co2_g


def _van(view: View, kind: str, ride_id: str) -> _Van:
    if kind == "trip":
        return _Van(DIESEL, bool(trips_by_id(view, [ride_id])[ride_id].refrigerated))
    (tour,) = tours_by_id(view, [ride_id])
    energy = str(find_vehicle(view, tour.vehicle_id).energy) if tour.vehicle_id else DIESEL
    return _Van(energy, bool(tour.chilled_crates or tour.frozen_crates))


def empty_m(ground: Ground, vehicle: Vehicle, route: Route) -> int:
    """Count the metres of a route on which no crate is aboard."""
    at, aboard, empty = vehicle.start, 0, 0
    for visit in route.visits:
        empty += 0 if aboard else int(ground.matrix.metres[at][visit.place])
        at, aboard = visit.place, sum(visit.load[:CRATE_DIMENSIONS])
    home = vehicle.end
    return empty if aboard or home is None else empty + int(ground.matrix.metres[at][home])


def _planned(desk: Desk, view: View, row: Row[Any]) -> _Way | None:
    """Return the way of a ride by the plan that it stands on, before it is frozen."""
    if row.rides_kind == "trip":
        stored = load_trip(desk, view, trips_by_id(view, [row.rides_id])[row.rides_id])
        book = stored.book
        return _Way(
            book.route.distance_m,
            empty_m(stored.standing.ground, book.vehicle, book.route),
            max(0, book.route.distance_m - book.announced.distance_m),
            [guest.shipment.id for guest in book.guests],
        )
    world = tour_world(desk, view, tours_by_id(view, [row.rides_id])[0])
    problem, plan = world.committed
    route = plan.route(row.rides_id)
    if route is None:
        return None
    ways = empty_m(world.ground, problem.vehicle(row.rides_id), route)
    return _Way(route.distance_m, ways, None, world.aboard)


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
