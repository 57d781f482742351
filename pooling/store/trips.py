"""Trips in the store: their stops, and the room of each leg between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from pooling.hours import DayClock
from pooling.kinds import read_kinds
from pooling.legs import Amounts, LegRoom, Stretch
from pooling.load import Room, Space
from pooling.regimes import Regime
from pooling.store.driver import write
from pooling.store.market import CLASSES, trip, trip_leg, trip_stop
from pooling.store.people import site
from pooling.store.reading import read_again, read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.shipments import hours
from pooling.store.sight import hidden, must_exist, visible
from pooling.store.sites import sites_version
from pooling.store.transaction import Tx, View
from pooling.trip import Trip, TripStop

Rows = Sequence[Row[Any]]

_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_TRIPS = select(trip).where(trip.c.id.in_(_IDS))
_OWNERS = select(trip.c.id, trip.c.owner_id).where(trip.c.id.in_(_IDS))
_STOPS = select(trip_stop).where(trip_stop.c.trip_id.in_(_IDS)).order_by(trip_stop.c.number)
_SELLING = (
    update(trip_leg)
    .where(
        trip_leg.c.trip_id == bindparam("its_trip"),
        trip_leg.c.leg.between(bindparam("first"), bindparam("last")),
        *(
            trip_leg.c[f"{one}_sold"] + bindparam(f"{one}_wanted") <= trip_leg.c[f"{one}_cap"]
            for one in CLASSES
        ),
    )
    .values({f"{one}_sold": trip_leg.c[f"{one}_sold"] + bindparam(f"{one}_wanted") for one in CLASSES})
)
_LEAVING = (
    select(trip.c.id, trip.c.cutoff_at, trip_stop.c.closes_at)
    .join(trip_stop, and_(trip_stop.c.trip_id == trip.c.id, trip_stop.c.number == 1))
    .where(trip.c.id.in_(_IDS))
)
_DAY_VERSION = select(
    func.count().label("trips"),
    func.coalesce(func.sum(trip.c.revision), 0).label("revisions"),
    func.coalesce(func.sum(trip.c.revision * trip.c.created_at), 0).label("aged"),
    func.coalesce(func.max(trip.c.id), "").label("newest"),
).where(trip.c.day == bindparam("its_day"))
_LEGS = select(trip_leg).where(trip_leg.c.trip_id.in_(_IDS)).order_by(trip_leg.c.leg)


def find_trip(view: View, trip_id: str) -> Row[Any]:
    """Return a trip that exists for who looks."""
    return must_exist(view, trip, found(view, trip, trip_id), "trip")


def return_of(view: View, trip_id: str) -> Row[Any] | None:
    """Return the empty way back of a trip that is not cancelled, if one was announced."""
    query = select(trip).where(trip.c.returns_id == trip_id, trip.c.state != "cancelled")
    return view.connection.execute(query).first()


def returns_of(view: View, trip_ids: Iterable[str]) -> dict[str, str]:
    """Return the way back of each trip that has one."""
    query = select(trip.c.returns_id, trip.c.id).where(
        trip.c.returns_id.in_(list(trip_ids)), trip.c.state != "cancelled"
    )
    return {str(row.returns_id): str(row.id) for row in view.connection.execute(query)}


def owners_of(view: View, trip_ids: Iterable[str]) -> dict[str, str]:
    """Return whose each trip is."""
    ids = sorted(set(trip_ids))
    rows = read_rows(view, _OWNERS, {"ids": ids}) if ids else ()
    return {str(row.id): str(row.owner_id) for row in rows}


def stops_of(view: View, trip_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the announced stops of each trip, in their order."""
    return _grouped(view, _STOPS, trip_ids)


def leaving_hours_of(view: View, trip_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return of each trip its cut-off, and until when it leaves its first stop."""
    rows = read_rows(view, _LEAVING, {"ids": sorted(set(trip_ids))})
    return {str(row.id): (int(row.cutoff_at), int(row.closes_at)) for row in rows}


def legs_of(view: View, trip_ids: Iterable[str]) -> dict[str, Rows]:
    """Return the room of the legs of each trip, in their order."""
    return _grouped(view, _LEGS, trip_ids)


def as_trip(row: Row[Any], stops: Rows, legs: Rows, clock: DayClock) -> Trip:
    """Return a trip as the pure code knows it: the room that its owner gives, guests or not."""
    rooms = [*(room_of(leg) for leg in legs), Room()]
    return Trip(
        id=row.id,
        owner=row.owner_id,
        driver=row.driver,
        regime=Regime(row.regime),
        stops=tuple(
            TripStop(stop.site_id, hours(clock, stop.opens_at, stop.closes_at), room, stop.stands)
            for stop, room in zip(stops, rooms, strict=True)
        ),
        detour_s=row.detour_s,
        refrigerated=row.refrigerated,
        detour_m=row.detour_m,
        hour_cents=row.hour_cents,
        asked_cents=row.asked_cents,
        carries=read_kinds(row.carries),
        tail_lift=row.tail_lift,
    )


def list_trips(view: View, owner_ids: Iterable[str] | None, page: Page) -> tuple[Rows, str]:
    """List the trips of these owners (``None``: of everybody), newest first."""
    query = select(trip).where(visible(view, trip))
    if owner_ids is not None:
        query = query.where(trip.c.owner_id.in_(list(owner_ids)))
    return paged(view, query, trip, page)


def list_open_trips(view: View, day: date, now_at: int, page: Page) -> tuple[Rows, str]:
    """List the trips of a day that still take guests."""
    return paged(view, select(trip).where(_taking_guests(day, now_at), visible(view, trip)), trip, page)


def trips_over_midnight(view: View, day: date, ready_at: int, limit: int) -> list[Row[Any]]:
    """List the trips of a day that still take guests and are under way at a moment of the next one."""
    query = select(trip).where(_taking_guests(day, view.now_at), trip.c.ends_at > ready_at)
    return list(view.connection.execute(query.where(visible(view, trip)).order_by(trip.c.id).limit(limit)))


def hired_trips(view: View, owner_id: str) -> Rows:
    """Return the trips for hire of a carrier that have not set out, whoever may see them."""
    query = select(trip).where(
        trip.c.owner_id == owner_id,
        trip.c.regime == Regime.TRANSPORTEUR,
        trip.c.state.in_(("open", "frozen")),
    )
    return view.connection.execute(query.order_by(trip.c.id)).all()


def trips_by_id(view: View, trip_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return trips by ids that who looks has found already: nothing is hidden here."""
    ids = sorted(set(trip_ids))
    return {row.id: row for row in read_rows(view, _TRIPS, {"ids": ids})} if ids else {}


DayVersion = tuple[int, int, int, str, tuple[int, int]]


class TripPoints(NamedTuple):
    """Hold until when an open trip takes guests, the detour that it allows, for whom, and where it stops."""

    cutoff_at: int
    detour_s: int
    community_id: str | None
    stops: tuple[tuple[float, float], ...]


def day_version(view: View, day: date) -> DayVersion:
    """
    Return numbers that change whenever a trip of a day does, or any site.

    Revisions only rise, but a trip may leave a day for another as a new one comes: so each revision counts
    by its trip's age too, and the newest trip is named.
    """
    row = read_again(view, _DAY_VERSION, {"its_day": day})[0]
    return int(row.trips), int(row.revisions), int(row.aged), str(row.newest), sites_version(view)


def points_of_day(view: View, day: date, limit: int) -> dict[str, TripPoints]:
    """
    Return the points of the open trips of a day, whoever looks; at most so many, by age.

    They are kept for everybody: ``hidden_of`` tells which of them do not exist for one who looks.
    """
    some = select(trip.c.id, trip.c.cutoff_at, trip.c.detour_s, trip.c.community_id).where(
        trip.c.day == day, trip.c.state == "open"
    )
    some_rows = some.order_by(trip.c.id).limit(limit).subquery()
    query = (
        select(some_rows, site.c.lat, site.c.lon)
        .join(trip_stop, trip_stop.c.trip_id == some_rows.c.id)
        .join(site, site.c.id == trip_stop.c.site_id)
        .order_by(some_rows.c.id, trip_stop.c.number)
    )
    limits: dict[str, tuple[int, int, str | None]] = {}
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for trip_id, cutoff_at, detour_s, community_id, lat, lon in view.connection.execute(query):
        limits[trip_id] = (cutoff_at, detour_s, community_id)
        points[trip_id].append((lat, lon))
    return {one: TripPoints(*each, tuple(points[one])) for one, each in limits.items()}


def hidden_of(view: View, day: date) -> frozenset[str]:
    """Return which of a day's trips do not exist for who looks."""
    if view.sight is None:
        return frozenset()
    query = hidden(view, trip).where(trip.c.day == day)
    return frozenset(view.connection.execute(query).scalars())


def write_trip(tx: Tx, trip_id: str, values: Mapping[str, object]) -> None:
    tx.connection.execute(insert(trip).values(id=trip_id, created_at=tx.now_at, **values))


def write_stops(
    tx: Tx, trip_id: str, stops: Sequence[Mapping[str, object]], rooms: Sequence[LegRoom]
) -> None:
    """
    Write a trip's announced stops and the room of the legs between them, in place of what stood.

    What is sold is written with it: only for a trip that is new, or whose row was changed in this change.
    """
    for table in (trip_stop, trip_leg):
        tx.connection.execute(delete(table).where(table.c.trip_id == trip_id))
    numbered = [{"trip_id": trip_id, "number": number, **stop} for number, stop in enumerate(stops, start=1)]
    tx.connection.execute(insert(trip_stop), numbered)
    legs = [
        {
            "trip_id": trip_id,
            "leg": leg,
            **{f"{one}_cap": amount for one, amount in zip(CLASSES, room.cap, strict=True)},
            **{f"{one}_sold": amount for one, amount in zip(CLASSES, room.sold, strict=True)},
        }
        for leg, room in enumerate(rooms)
    ]
    tx.connection.execute(insert(trip_leg), legs)


def take_room(tx: Tx, trip_id: str, stretch: Stretch, wanted: Amounts) -> bool:
    """
    Sell room on every leg of a stretch by one conditional statement; tells whether all had it.

    Whoever is told no must undo the change: some of the legs may have been sold.
    """
    done = write(
        tx.connection,
        _SELLING,
        {
            "its_trip": trip_id,
            "first": stretch.first,
            "last": stretch.last,
            **{f"{one}_wanted": n for one, n in zip(CLASSES, wanted, strict=True)},
        },
    )
    return bool(done.rowcount == stretch.last - stretch.first + 1)


def give_room_back(tx: Tx, trip_id: str, stretch: Stretch, taken: Amounts) -> None:
    """Free what was sold on every leg of a stretch."""
    tx.connection.execute(update(trip_leg).where(_on(trip_id, stretch)).values(_sold_changed(taken, -1)))


def empty_legs(tx: Tx, trip_id: str) -> None:
    """Free every leg of a trip that was cancelled."""
    nothing = {f"{one}_sold": 0 for one in CLASSES}
    tx.connection.execute(update(trip_leg).where(trip_leg.c.trip_id == trip_id).values(nothing))


def leg_room(leg: Row[Any]) -> LegRoom:
    return LegRoom(
        cap=(leg.ambient_cap, leg.chilled_cap, leg.frozen_cap, leg.kg_cap),
        sold=(leg.ambient_sold, leg.chilled_sold, leg.frozen_sold, leg.kg_sold),
    )


def _on(trip_id: str, stretch: Stretch) -> ColumnElement[bool]:
    return and_(trip_leg.c.trip_id == trip_id, trip_leg.c.leg.between(stretch.first, stretch.last))


def _sold_changed(amounts: Amounts, sign: int) -> dict[str, Any]:
    return {
        f"{one}_sold": trip_leg.c[f"{one}_sold"] + sign * n for one, n in zip(CLASSES, amounts, strict=True)
    }


def _taking_guests(day: date, now_at: int) -> ColumnElement[bool]:
    return and_(trip.c.day == day, trip.c.state == "open", trip.c.cutoff_at > now_at)


def room_of(leg: Row[Any]) -> Room:
    return Room(Space(leg.ambient_cap), Space(leg.chilled_cap), Space(leg.frozen_cap), leg.kg_cap)


def _grouped(view: View, query: Select[Any], trip_ids: Iterable[str]) -> dict[str, Rows]:
    grouped: dict[str, list[Row[Any]]] = defaultdict(list)
    ids = sorted(set(trip_ids))
    for row in read_rows(view, query, {"ids": ids}) if ids else ():
        grouped[row.trip_id].append(row)
    return dict(grouped)
