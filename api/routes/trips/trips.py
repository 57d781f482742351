"""Trips: room on a way that somebody drives anyway."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Row

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.trips.trips import TripShown, TripWish, trip_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import announce_trip, cancel_trip, trip_in_sight
from pooling.store import View
from pooling.store.bids import compensations_of
from pooling.store.days import parties_by_id
from pooling.store.sites import sites_by_id
from pooling.store.trips import find_trip, legs_of, list_open_trips, list_trips, returns_of, stops_of

router = APIRouter(tags=["trips"])
TripId = Annotated[Id, Path(description="The trip.", examples=["trip_01hg0000abcd"])]
NONSENSE = (
    "trip_impossible",
    "stop_twice",
    "room_not_one",
    "no_order_fits",
    "trip_backwards",
    "asked_by_no_carrier",
    "cutoff_late",
    "hours_backwards",
    "outside_site_hours",
    "site_closed",
    "longer_than_a_day",
    "hours_past",
    "too_far_ahead",
    "licence_missing",
    "not_vetted_for_hire",
    "owner_not_a_farm",
    "not_in_group",
    "group_not_confirmed",
    "farm_not_confirmed",
    "not_private",
    "place_off_map",
)

CHANGE_REFUSED = (
    "guests_aboard",
    "asked_more",
    "change_breaks_promises",
    "change_costs_owner",
    "trip_not_open",
    "cutoff_passed",
    "return_too_early",
)


@router.post(
    "/trips",
    status_code=201,
    summary="Announce a trip",
    operation_id="announce_trip",
    responses=refusals(*WRITES, "not_found", "return_nowhere", *NONSENSE),
)
def announce(house: TheHouse, who: Who, ask: Wish, wish: TripWish) -> TripShown:
    """
    Announce a trip that you make anyway, and the room that is free on each leg.

    It is tried on the roads of the region at once: what no drive could make in its hours is refused. With
    `returns`, the empty way back is announced with it, and is found and bid on as a trip of its own.
    """
    return shown(house, who, announce_trip(house.desk, who, ask, wish.words(), wish.posting()))


@router.get("/trips", summary="List trips", operation_id="list_trips", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    day: Annotated[
        Day | None,
        Query(description="All open trips of this day, everybody's.", examples=["2026-09-12"]),
    ] = None,
) -> Listed[TripShown]:
    """List your own trips; with `day`, the trips of that day that still take guests, whoever drives."""
    with house.desk.store.view() as view:
        if day is not None:
            rows, after = list_open_trips(view, day, view.now_at, page)
        else:
            rows, after = list_trips(view, None if who.is_operator else who.manages, page)
        return Listed(items=_all_shown(view, who, rows), next=after)


@router.get(
    "/trips/{trip_id}",
    summary="Read a trip",
    operation_id="read_trip",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, trip_id: TripId, response: Response) -> TripShown:
    """Read an open trip, one of your own, or one that you bid on; guests and hours are the owner's to see."""
    with house.desk.store.view() as view:
        row = trip_in_sight(view, who, trip_id)
        response.headers["ETag"] = f'"{row.revision}"'
        return _all_shown(view, who, [row])[0]


@router.put(
    "/trips/{trip_id}",
    summary="Change a trip",
    operation_id="change_trip",
    responses=refusals(
        *CHANGES,
        "guests_aboard",
        "asked_more",
        "change_breaks_promises",
        "change_costs_owner",
        "trip_not_open",
        "cutoff_passed",
        "return_too_early",
        *NONSENSE,
    ),
)
def change(
    house: TheHouse, who: Who, ask: Wish, trip_id: TripId, wish: TripWish, revision: Revision
) -> TripShown:
    """
    Change a trip. Its guests keep their hours, room, price and ground, or the change is refused with all
    that it would break. Bids that wait are decided on the trip as it then stands.
    """
    return shown(house, who, change_trip(house.desk, who, ask, trip_id, revision, wish.words()))


@router.post(
    "/trips/{trip_id}/cancel",
    summary="Cancel a trip",
    operation_id="cancel_trip",
    responses=refusals(*CHANGES, "trip_under_way", "cancelled_already"),
)
def cancel(house: TheHouse, who: Who, ask: Wish, trip_id: TripId, revision: Revision) -> TripShown:
    """
    Cancel a trip: every guest is freed and told, what it owed is voided, its shipment open again.

    After the cut-off each guest is owed the share of its price that the `terms` of its bid say: see
    `inside.compensation_cents`. Their crates are matched onto other rides at once.
    """
    return shown(house, who, cancel_trip(house.desk, who, ask, trip_id, revision))


def shown(house: TheHouse, who: Actor, trip_id: str) -> TripShown:
    """Read a trip again as this member may see it."""
    with house.desk.store.view() as view:
        return _all_shown(view, who, [find_trip(view, trip_id)])[0]


def _all_shown(view: View, who: Actor, rows: Sequence[Row[Any]]) -> list[TripShown]:
    ids = [row.id for row in rows]
    backs = returns_of(view, ids)
    stops, legs, owed = stops_of(view, ids), legs_of(view, ids), compensations_of(view, ids)
    sites = sites_by_id(view, [stop.site_id for one in stops.values() for stop in one])
    owners = parties_by_id(view, [row.owner_id for row in rows])
    return [
        trip_shown(
            row,
            stops[row.id],
            legs[row.id],
            sites,
            owners[row.owner_id].name,
            inside=who.is_operator or who.acts_for(row.owner_id),
            returns=backs.get(row.id, ""),
            compensation_cents=owed.get(row.id, 0),
        )
        for row in rows
    ]
