"""Trips that repeat: announced once, made ahead, changed one by one or from a day on."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.trips.trips import CHANGE_REFUSED, NONSENSE
from api.shapes.trips.series import DayBack, DayMoved, FromDay, SeriesShown, SeriesWish, series_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.trips.changing_series import cancel_following, change_following, except_day
from pooling.desk.trips.putting_back import put_back_day
from pooling.desk.trips.series import announce_series, today_in
from pooling.store import View
from pooling.store.series import exceptions_of, find_series, list_series, occurrences_of

router = APIRouter(tags=["trips"])
SeriesId = Annotated[Id, Path(description="The series.", examples=["ser_01hg0000abcd"])]
OCCURRENCES_SHOWN = 100
SERIES_NONSENSE = ("rule_unreadable", "series_empty", "exception_stray", "timezone_unknown", *NONSENSE)
SERIES_REFUSED = ("series_ended", "trip_under_way", *CHANGE_REFUSED)


@router.post(
    "/trip-series",
    status_code=201,
    summary="Announce a trip that repeats",
    operation_id="announce_series",
    responses=refusals(*WRITES, "not_found", *SERIES_NONSENSE),
)
def announce(house: TheHouse, who: Who, ask: Wish, wish: SeriesWish) -> SeriesShown:
    """
    Announce a trip that you make again and again: its occurrences are announced ahead as trips.

    The hour on the wall stays the same across daylight saving.
    """
    return _shown(house, announce_series(house.desk, who, ask, wish.words(), wish.posting()))


@router.get(
    "/trip-series",
    summary="List trips that repeat",
    operation_id="list_series",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[SeriesShown]:
    """List the recurring trips of your own parties."""
    with house.desk.store.view() as view:
        rows, after = list_series(view, None if who.is_operator else who.manages, page)
        return Listed(items=[_seen(view, row.id) for row in rows], next=after)


@router.get(
    "/trip-series/{series_id}",
    summary="Read a trip that repeats",
    operation_id="read_series",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, series_id: SeriesId, response: Response) -> SeriesShown:
    """Read one of your own recurring trips, with its next occurrences and its exceptions."""
    with house.desk.store.view() as view:
        row = find_series(view, series_id)
        who.must_see("series", series_id, row.owner_id)
        response.headers["ETag"] = f'"{row.revision}"'
        return _seen(view, series_id)


@router.put(
    "/trip-series/{series_id}",
    summary="Change this day and all that follow",
    operation_id="change_series",
    responses=refusals(*CHANGES, *SERIES_REFUSED, *SERIES_NONSENSE),
)
def change(
    house: TheHouse, who: Who, ask: Wish, series_id: SeriesId, wish: SeriesWish, revision: Revision
) -> SeriesShown:
    """
    Change a recurring trip from `first_day` on; answers the series that goes on from there.

    Guests keep every promise, or the change is refused with all that it would break.
    """
    return _shown(house, change_following(house.desk, who, ask, series_id, revision, wish.words()))


@router.post(
    "/trip-series/{series_id}/cancel",
    summary="Cancel this day and all that follow",
    operation_id="cancel_series",
    responses=refusals(*CHANGES, "series_ended", "trip_under_way"),
)
def cancel(
    house: TheHouse, who: Who, ask: Wish, series_id: SeriesId, wish: FromDay, revision: Revision
) -> SeriesShown:
    """Cancel the trips of a series from a day on: every guest is freed and told."""
    return _shown(house, cancel_following(house.desk, who, ask, series_id, revision, wish.from_day))


@router.post(
    "/trip-series/{series_id}/exceptions",
    summary="Leave out or move one day",
    operation_id="except_series_day",
    responses=refusals(*CHANGES, *SERIES_REFUSED, *SERIES_NONSENSE),
)
def except_one(
    house: TheHouse, who: Who, ask: Wish, series_id: SeriesId, wish: DayMoved, revision: Revision
) -> SeriesShown:
    """Leave one day out, or move it; the trip of that day is cancelled or changed, if it was announced."""
    done = except_day(house.desk, who, ask, series_id, revision, wish.day, wish.moved_to)
    return _shown(house, done)


@router.post(
    "/trip-series/{series_id}/put-back",
    summary="Put one day back",
    operation_id="put_back_series_day",
    responses=refusals(*CHANGES, *SERIES_REFUSED, *SERIES_NONSENSE, "day_not_left_out"),
)
def put_back(
    house: TheHouse, who: Who, ask: Wish, series_id: SeriesId, wish: DayBack, revision: Revision
) -> SeriesShown:
    """
    Put back a day that was left out, moved, or whose trip was cancelled by itself.

    It has a new trip, announced with the others of that time; one that was moved comes back to its own day.
    """
    return _shown(house, put_back_day(house.desk, who, ask, series_id, revision, wish.day))


def _shown(house: TheHouse, series_id: str) -> SeriesShown:
    with house.desk.store.view() as view:
        return _seen(view, series_id)


def _seen(view: View, series_id: str) -> SeriesShown:
    row = find_series(view, series_id)
    today = today_in(view.now_at, row.timezone)
    trips = occurrences_of(view, series_id, today, OCCURRENCES_SHOWN)
    return series_shown(row, trips, exceptions_of(view, series_id))
