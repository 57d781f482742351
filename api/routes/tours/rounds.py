"""Rounds: tours that repeat, proposed once, changed one by one or from a day on."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.tours.tours import PROPOSED
from api.shapes.tours.forecasts import RoundForecastShown, forecast_shown
from api.shapes.tours.rounds import RoundEnd, RoundShown, RoundWish, round_shown
from api.shapes.trips.series import DayMoved
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.tours.changing_rounds import change_round, end_round, except_round_day
from pooling.desk.tours.forecasts import seen_forecast
from pooling.desk.tours.rounds import propose_round
from pooling.desk.trips.series import today_in
from pooling.store import View
from pooling.store.rounds import (
    find_round,
    list_rounds,
    round_drivers,
    round_exceptions,
    terms_of,
    tours_of_round,
)
from pooling.tours.same_driver import steadiness

router = APIRouter(tags=["tours"])
RoundId = Annotated[Id, Path(description="The round.", examples=["round_01hg0000abcd"])]
TOURS_SHOWN = 60
NONSENSE = ("rule_unreadable", "series_empty", *PROPOSED)
CHANGED = ("series_ended", "exception_stray", "joiners_harmed", "sharing_rule_fixed", "tour_closed")


@router.post(
    "/rounds",
    status_code=201,
    summary="Propose a round",
    operation_id="propose_round",
    responses=refusals(*WRITES, "not_found", *NONSENSE),
)
def propose(house: TheHouse, who: Who, ask: Wish, wish: RoundWish) -> RoundShown:
    """
    Propose a tour that repeats: its occurrences are made ahead as tours that can be joined.

    The hour on the wall stays the same across daylight saving.
    """
    return _shown(house, propose_round(house.desk, who, ask, wish.operator, wish.words(), wish.posting()))


@router.get("/rounds", summary="List rounds", operation_id="list_rounds", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[RoundShown]:
    """List the rounds that your parties propose or drive, newest first; an operator lists all."""
    with house.desk.store.view() as view:
        rows, after = list_rounds(view, None if who.is_operator else who.manages, page)
        return Listed(items=[_seen(view, row.id) for row in rows], next=after)


@router.get(
    "/rounds/{round_id}",
    summary="Read a round",
    operation_id="read_round",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, round_id: RoundId, response: Response) -> RoundShown:
    """Read a round with its next occurrences, its exceptions, and how steadily it is driven."""
    with house.desk.store.view() as view:
        row = find_round(view, round_id)
        who.must_see("round", round_id, row.operator_id, row.carrier_id)
        response.headers["ETag"] = f'"{row.revision}"'
        return _seen(view, round_id)


@router.get(
    "/rounds/{round_id}/forecast",
    summary="Read a round's forecast",
    operation_id="read_round_forecast",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def forecast(house: TheHouse, who: Who, round_id: RoundId) -> RoundForecastShown:
    """
    Read how many crates each weekday of a round is expected to carry, beside what came.

    The mean of the last runs on the same weekday, between their least and their most, and the vehicle that
    would do. For its operator and its carrier.
    """
    with house.desk.store.view() as view:
        return forecast_shown(seen_forecast(view, who, round_id))


@router.put(
    "/rounds/{round_id}",
    summary="Change this day of a round and all that follow",
    operation_id="change_round",
    responses=refusals(*CHANGES, *NONSENSE, *CHANGED),
)
def change(
    house: TheHouse, who: Who, ask: Wish, round_id: RoundId, wish: RoundWish, revision: Revision
) -> RoundShown:
    """Change a round from `first_day` on; it stays the same round. Who joined is harmed by nothing."""
    return _shown(house, change_round(house.desk, who, ask, round_id, revision, wish.words()))


@router.post(
    "/rounds/{round_id}/end",
    summary="End a round",
    operation_id="end_round",
    responses=refusals(*CHANGES, "series_ended", "tour_closed", "hours_past"),
)
def end(
    house: TheHouse, who: Who, ask: Wish, round_id: RoundId, wish: RoundEnd, revision: Revision
) -> RoundShown:
    """End a round from a day on: its tours are cancelled, everybody aboard is freed and told."""
    return _shown(house, end_round(house.desk, who, ask, round_id, revision, wish.from_day))


@router.post(
    "/rounds/{round_id}/exceptions",
    summary="Leave out or move one day of a round",
    operation_id="except_round_day",
    responses=refusals(*CHANGES, *NONSENSE, *CHANGED),
)
def except_one(
    house: TheHouse, who: Who, ask: Wish, round_id: RoundId, wish: DayMoved, revision: Revision
) -> RoundShown:
    """Leave one day out, or move it; the tour of that day is cancelled or moved, if it was made."""
    done = except_round_day(house.desk, who, ask, round_id, revision, wish.day, wish.moved_to)
    return _shown(house, done)


def _shown(house: TheHouse, round_id: str) -> RoundShown:
    with house.desk.store.view() as view:
        return _seen(view, round_id)


def _seen(view: View, round_id: str) -> RoundShown:
    row = find_round(view, round_id)
    today = today_in(view.now_at, row.timezone)
    tours = tours_of_round(view, round_id, today, TOURS_SHOWN)
    steady = steadiness(round_drivers(view, round_id))
    return round_shown(row, terms_of(view, round_id)[-1], tours, round_exceptions(view, round_id), steady)
