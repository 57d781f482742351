"""Tours: organised with a carrier's vehicle, joined by whoever pays for shipments of the day."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Row

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.runs.pay import DriverWish, PayShown, pay_shown
from api.shapes.tours.plans import PlanShown, plan_shown
from api.shapes.tours.tours import Asked, TourShown, TourState, TourWish, tour_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.carriers.drivers import substitute_driver
from pooling.desk.carriers.paying import pay_of_tour
from pooling.desk.tours.tour_jobs import ask_plan
from pooling.desk.tours.tours import cancel_tour, change_tour, propose_tour
from pooling.store.plans import find_plan, list_plans
from pooling.store.tours import crates_aboard, find_tour, for_any_carrier, list_tours

router = APIRouter(tags=["tours"])
TourId = Annotated[Id, Path(description="The tour.", examples=["tour_01hg0000abcd"])]
PlanId = Annotated[Id, Path(description="The plan.", examples=["plan_01hg0000abcd"])]
PROPOSED = (
    "carrier_not_vetted",
    "licence_missing",
    "hours_backwards",
    "tour_too_long",
    "cutoff_over",
    "cutoff_too_late",
    "hours_past",
    "crate_price_missing",
    "gap_without_account",
    "carrier_not_active",
    "papers_lacking",
    "driver_not_theirs",
    "more_than_vehicle",
    "vehicle_taken",
    "room_unsaid",
    "outside_area",
    "week_full",
    "no_rate_card",
    "below_rate_card",
    "tour_area_unreadable",
    "area_unreadable",
    "area_crosses_itself",
    "area_too_large",
    "no_carrier_free",
    "prices_of_any_carrier",
    "pair_blocked",
)


@router.post(
    "/tours",
    status_code=201,
    summary="Propose a tour",
    operation_id="propose_tour",
    responses=refusals(*WRITES, "not_found", *PROPOSED),
)
def propose(house: TheHouse, who: Who, ask: Wish, wish: TourWish) -> TourShown:
    """
    Propose a tour with a vetted carrier, or any: whoever has shipments that day may join it.

    Without a carrier it is chosen at the cut-off among the vetted ones, by what the plan costs with each.
    """
    return _shown(house, who, propose_tour(house.desk, who, ask, wish.operator, wish.words(), wish.posting()))


@router.get("/tours", summary="List tours", operation_id="list_tours", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    day: Annotated[
        Day | None, Query(description="Only tours of this day, local.", examples=["2026-09-12"])
    ] = None,
    state: Annotated[
        TourState | None, Query(description="Only tours in this state.", examples=["proposed"])
    ] = None,
) -> Listed[TourShown]:
    """List tours, newest first: the public facts of all of them."""
    with house.desk.store.view() as view:
        rows, after = list_tours(view, page, day=day, state=state or "")
        crates = crates_aboard(view, [row.id for row in rows])
    return Listed(items=[tour_shown(row, crates.get(row.id, 0), _sees_card(who)) for row in rows], next=after)


@router.get(
    "/tours/{tour_id}",
    summary="Read a tour",
    operation_id="read_tour",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, tour_id: TourId, response: Response) -> TourShown:
    """Read a tour: day, hours, price per crate, room, cut-off; its card for its operator and carrier only."""
    shown = _shown(house, who, tour_id)
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.put(
    "/tours/{tour_id}",
    summary="Change a tour",
    operation_id="change_tour",
    responses=refusals(
        *CHANGES, "revision_needed", *PROPOSED, "tour_closed", "joiners_harmed", "sharing_rule_fixed"
    ),
)
def change(
    house: TheHouse, who: Who, ask: Wish, tour_id: TourId, wish: TourWish, revision: Revision
) -> TourShown:
    """Change a proposed tour. Once somebody has joined, only in the favour of those who joined."""
    return _shown(house, who, change_tour(house.desk, who, ask, tour_id, revision, wish.words()))


@router.post(
    "/tours/{tour_id}/cancel",
    summary="Cancel a tour",
    operation_id="cancel_tour",
    responses=refusals(*CHANGES, "tour_closed", "cancelled_already"),
)
def cancel(house: TheHouse, who: Who, ask: Wish, tour_id: TourId, revision: Revision) -> TourShown:
    """Cancel a tour that has not set out: all are told, nothing is owed, every shipment is open again."""
    return _shown(house, who, cancel_tour(house.desk, who, ask, tour_id, revision))


@router.post(
    "/tours/{tour_id}/plan",
    status_code=202,
    summary="Plan a tour",
    operation_id="plan_tour",
    responses=refusals(*WRITES, "not_found", "tour_closed"),
)
def plan(house: TheHouse, who: Who, ask: Wish, tour_id: TourId) -> Asked:
    """
    Ask for a tour to be planned now; it is planned by itself at its cut-off.

    Confirmed, it takes nobody more. Before the cut-off a tour that cannot set out yet stays proposed.
    """
    return Asked(job=ask_plan(house.desk, who, ask, tour_id))


@router.get(
    "/tours/{tour_id}/plans",
    summary="List a tour's plans",
    operation_id="list_plans",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def plans(house: TheHouse, who: Who, tour_id: TourId, page: Paging) -> Listed[PlanShown]:
    """List the plans that a tour stood on, newest first, for its operator and carrier."""
    with house.desk.store.view() as view:
        row = find_tour(view, tour_id)
        who.must_see("tour's plan", tour_id, row.operator_id, row.carrier_id)
        rows, after = list_plans(view, "tour", tour_id, page)
    return Listed(items=[plan_shown(one) for one in rows], next=after)


@router.get(
    "/plans/{plan_id}",
    summary="Read a plan",
    operation_id="read_plan",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read_plan(house: TheHouse, who: Who, plan_id: PlanId) -> PlanShown:
    """Read a plan of a tour, for its operator and carrier."""
    with house.desk.store.view() as view:
        row = find_plan(view, plan_id)
        ride = find_tour(view, row.ride_id)
    who.must_see("plan", plan_id, ride.operator_id, ride.carrier_id)
    return plan_shown(row)


@router.get(
    "/tours/{tour_id}/pay",
    summary="Read what a tour pays its carrier",
    operation_id="read_pay",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def pay(house: TheHouse, who: Who, tour_id: TourId) -> PayShown:
    """Read the carrier's pay by its card, apart from what shippers pay, for its operator and carrier."""
    with house.desk.store.view() as view:
        return pay_shown(pay_of_tour(view, who, tour_id), operates=who.is_operator)


@router.post(
    "/tours/{tour_id}/driver",
    summary="Let another driver drive",
    operation_id="substitute_driver",
    responses=refusals(
        *CHANGES, "tour_closed", "reason_missing", "driver_not_theirs", "papers_lacking", "carrier_not_active"
    ),
)
def substitute(
    house: TheHouse, who: Who, ask: Wish, tour_id: TourId, wish: DriverWish, revision: Revision
) -> TourShown:
    """Let another of the carrier's drivers drive, with a reason that everybody aboard is told."""
    done = substitute_driver(house.desk, who, ask, tour_id, revision, wish.driver, wish.reason)
    return _shown(house, who, done)


def _sees_card(who: Actor) -> Any:  # noqa: ANN401 - a predicate of rows
    def sees(row: Row[Any]) -> bool:
        return who.is_operator or (not for_any_carrier(row) and who.acts_for(row.carrier_id))

    return sees


def _shown(house: TheHouse, who: Actor, tour_id: str) -> TourShown:
    with house.desk.store.view() as view:
        row = find_tour(view, tour_id)
        crates = crates_aboard(view, [tour_id]).get(tour_id, 0)
    return tour_shown(row, crates, _sees_card(who))
