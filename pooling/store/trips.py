"""Trips in the store: their stops, and the room of each leg between them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from pooling.hours import DayClock
from pooling.load import Room, Space
from pooling.regimes import Regime
from pooling.store.market import trip, trip_leg, trip_stop
from pooling.store.rows import found
from pooling.store.shipments import hours
from pooling.store.transaction import View
from pooling.trip import Trip, TripStop

Rows = Sequence[Row[Any]]


def find_trip(view: View, trip_id: str) -> Row[Any]:
    return found(view, trip, trip_id)


def stops_of(view: View, trip_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the announced stops of each trip, in their order."""
    return _grouped(view, trip_stop, "number", trip_ids)


def legs_of(view: View, trip_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the room of the legs of each trip, in their order."""
    return _grouped(view, trip_leg, "leg", trip_ids)


def as_trip(row: Row[Any], stops: Rows, legs: Rows, clock: DayClock) -> Trip:
    """Return a trip as the pure code knows it: the room that its owner gives, guests or not."""
    rooms = [*(room_of(leg) for leg in legs), Room()]
    return Trip(
        id=row.id,
        owner=row.owner_id,
        driver=row.driver,
        regime=Regime(row.regime),
        stops=tuple(
            TripStop(stop.site_id, hours(clock, stop.opens_at, stop.closes_at), room)
            for stop, room in zip(stops, rooms, strict=True)
        ),
        detour_s=row.detour_s,
        refrigerated=row.refrigerated,
    )


def room_of(leg: Row[Any]) -> Room:
    return Room(Space(leg.ambient_cap), Space(leg.chilled_cap), Space(leg.frozen_cap), leg.kg_cap)


def _grouped(view: View, table: Table, order: str, trip_ids: Iterable[str]) -> dict[str, Rows]:
    query = select(table).where(table.c.trip_id.in_(sorted(set(trip_ids)))).order_by(table.c[order])
    grouped: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in view.connection.execute(query):
        grouped[row.trip_id].append(row)
    return dict(grouped)
