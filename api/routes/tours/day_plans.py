"""Planned days: every open shipment of a day on the vans of its proposed tours, as advice."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Paging, TheHouse, Who, Wish
from api.shapes.tours.day_plans import DayPlanLine, DayPlanShown, PlanDayWish, day_plan_line, day_plan_shown
from api.shapes.tours.tours import Asked
from api.shapes.words import SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk.tours.day_plans import ask_plan_day, seen_day_plan, suggest_tours
from pooling.store.day_plans import find_day_plan, list_day_plans, list_lines

router = APIRouter(tags=["day plans"])
DayPlanId = Annotated[Id, Path(description="The day plan.", examples=["dpl_01hg0000abcd"])]


@router.post(
    "/day-plans",
    status_code=202,
    summary="Plan a day",
    operation_id="plan_day",
    responses=refusals(*WRITES, "hours_past", "nothing_to_plan"),
)
def plan(house: TheHouse, who: Who, ask: Wish, wish: PlanDayWish) -> Asked:
    """
    Ask for a whole day to be planned: its open shipments on the vans of all tours proposed for it.

    The job tells how far it is and can be cancelled; its result names the plan. Nobody is put on a tour.
    """
    return Asked(job=ask_plan_day(house.desk, who, ask, wish.day))


@router.get(
    "/day-plans",
    summary="List day plans",
    operation_id="list_day_plans",
    responses=refusals(*SIGNED_IN, "not_allowed"),
)
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    day: Annotated[Day | None, Query(description="Of this day only.", examples=["2026-09-12"])] = None,
) -> Listed[DayPlanShown]:
    """List the days that were planned, newest first."""
    who.must_be_operator()
    with house.desk.store.view() as view:
        rows, after = list_day_plans(view, day, page)
    return Listed(items=[day_plan_shown(row) for row in rows], next=after)


@router.get(
    "/day-plans/{day_plan_id}",
    summary="Read a day plan",
    operation_id="read_day_plan",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, day_plan_id: DayPlanId) -> DayPlanShown:
    """Read what a planned day comes to, beside everyone alone."""
    with house.desk.store.view() as view:
        return day_plan_shown(seen_day_plan(view, who, day_plan_id))


@router.get(
    "/day-plans/{day_plan_id}/shipments",
    summary="List a day plan's shipments",
    operation_id="list_day_plan_shipments",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def lines(
    house: TheHouse,
    who: Who,
    day_plan_id: DayPlanId,
    page: Paging,
    riding: Annotated[
        bool | None, Query(description="Only those that would ride, or only those left.", examples=[True])
    ] = None,
) -> Listed[DayPlanLine]:
    """List on which tour each shipment would ride, when and for how much; or why it is left behind."""
    with house.desk.store.view() as view:
        seen_day_plan(view, who, day_plan_id)
        rows, after = list_lines(view, day_plan_id, page, riding=riding)
    return Listed(items=[day_plan_line(row) for row in rows], next=after)


@router.post(
    "/day-plans/{day_plan_id}/suggest",
    summary="Tell those concerned",
    operation_id="suggest_tours",
    responses=refusals(*WRITES, "not_found", "already_suggested"),
)
def suggest(house: TheHouse, who: Who, ask: Wish, day_plan_id: DayPlanId) -> DayPlanShown:
    """
    Tell each payer, once, on which tour its crates would ride, when, and for how much as things stand.

    Joining remains theirs.
    """
    suggest_tours(house.desk, who, ask, day_plan_id)
    with house.desk.store.view() as view:
        return day_plan_shown(find_day_plan(view, day_plan_id))
