"""Clearings: the best set of the bids that wait, on one trip or over a day; and bids in bundles."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy import Row

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.market.bids import NO_RIDE, all_bids_shown
from api.routes.trips.trips import TripId
from api.shapes.market.clearings import (
    BundleShown,
    BundleWish,
    ClearDayWish,
    ClearingShown,
    ClearWish,
    ProposalShown,
    ReplayShown,
    clearing_shown,
    proposal_shown,
    replay_shown,
)
from api.shapes.tours.tours import Asked
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from api.spoken import Spoken
from pooling.desk import Actor
from pooling.desk.market.bundles import place_bundle
from pooling.desk.market.clearing_days import ask_clear_day
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing, take_day_set
from pooling.desk.market.replaying import ask_replay, replay_clearing
from pooling.store import View
from pooling.store.bids import bundle_of
from pooling.store.clearings import find_clearing, list_clearings
from pooling.store.trips import find_trip

router = APIRouter(tags=["clearings"])
ClearingId = Annotated[Id, Path(description="The clearing.", examples=["clr_01hg0000abcd"])]
CLOSED = ("trip_not_open", "cutoff_passed", "trip_impossible")


@router.post(
    "/bundles",
    status_code=201,
    summary="Bid in a bundle",
    operation_id="place_bundle",
    responses=refusals(
        *WRITES,
        "not_found",
        "bid_stands",
        "too_many_bids",
        "expiry_past",
        "bundle_nonsense",
        "bundle_does_not_fit",
        "bundle_bid_refused",
        *NO_RIDE,
    ),
)
def bundle(house: TheHouse, who: Who, ask: Wish, wish: BundleWish) -> BundleShown:
    """
    Place bids that are answered as one: all ride or none, or any one of them.

    Accepting, countering, refusing or withdrawing any bid of an `all` bundle does so with all of it.
    When one of an `any` bundle is accepted, the others end.
    """
    bundle_id = place_bundle(house.desk, who, ask, wish.words())
    with house.desk.store.view() as view:
        rows = bundle_of(view, bundle_id)
        return BundleShown(id=bundle_id, kind=wish.kind, bids=all_bids_shown(view, who, rows))


@router.get(
    "/trips/{trip_id}/best-set",
    summary="Propose the best set of bids",
    operation_id="propose_clearing",
    responses=refusals(*SIGNED_IN, "not_found", "not_allowed", *CLOSED),
)
def propose(house: TheHouse, who: Who, trip_id: TripId, say: Spoken) -> ProposalShown:
    """
    Look which of the bids that wait on a trip of yours would best ride together, and why not the others.

    Best is what brings the parties most within what the law lets you receive, then most crates, then
    the earliest bids. Nothing is changed or held.
    """
    return proposal_shown(propose_clearing(house.desk, who, trip_id), say)


@router.post(
    "/trips/{trip_id}/clear",
    summary="Take the best set of bids",
    operation_id="clear_trip",
    responses=refusals(*CHANGES, "nothing_to_clear", "clearing_moved", *CLOSED),
)
def clear(
    house: TheHouse, who: Who, ask: Wish, trip_id: TripId, wish: ClearWish, revision: Revision
) -> ClearingShown:
    """
    Accept the set that was proposed, all of it or nothing.

    It is decided anew on what stands; where another set is the best by now, nothing is changed.
    """
    clearing_id = clear_trip(house.desk, who, ask, trip_id, revision, wish.chosen)
    with house.desk.store.view() as view:
        return clearing_shown(find_clearing(view, clearing_id))


@router.get(
    "/trips/{trip_id}/clearings",
    summary="List a trip's clearings",
    operation_id="list_clearings",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def listed(house: TheHouse, who: Who, trip_id: TripId, page: Paging) -> Listed[ClearingShown]:
    """List the records of what was cleared on a trip of yours, newest first."""
    with house.desk.store.view() as view:
        _must_see(view, who, trip_id, "trip", trip_id)
        rows, after = list_clearings(view, trip_id, page)
    return Listed(items=[clearing_shown(row) for row in rows], next=after)


@router.get(
    "/clearings/{clearing_id}",
    summary="Read a clearing",
    operation_id="read_clearing",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, clearing_id: ClearingId) -> ClearingShown:
    """Read on what a clearing was decided, what it chose, and why not the others."""
    with house.desk.store.view() as view:
        row: Row[Any] = find_clearing(view, clearing_id)
        _must_see(view, who, row.trip_id, "clearing", clearing_id)
    return clearing_shown(row)


@router.get(
    "/clearings/{clearing_id}/replay",
    summary="Decide a clearing again",
    operation_id="replay_clearing",
    responses=refusals(*SIGNED_IN, "not_found", "clearing_not_kept", "replay_takes_long"),
)
def replayed(house: TheHouse, who: Who, clearing_id: ClearingId) -> ReplayShown:
    """
    Decide a clearing again from its record alone, and tell whether the same comes out.

    A whole day, and a trip with many bids, are decided again by a job (`ask_replay`). Nothing is changed, and
    nothing of what was bid is shown.
    """
    return replay_shown(replay_clearing(house.desk, who, clearing_id))


@router.post(
    "/clearings/{clearing_id}/replay",
    status_code=202,
    summary="Ask for a clearing to be decided again",
    operation_id="ask_replay",
    responses=refusals(*WRITES, "not_found", "clearing_not_kept"),
)
def replay_asked(house: TheHouse, who: Who, ask: Wish, clearing_id: ClearingId) -> Asked:
    """
    Ask for a clearing to be decided again by a job, which tells how far it is and can be cancelled.

    Its result is what `replay_clearing` tells. The record of a whole day is named by the result of its job,
    and is the operator's to replay.
    """
    return Asked(job=ask_replay(house.desk, who, ask, clearing_id))


@router.post(
    "/clearings/{clearing_id}/take",
    summary="Take a set proposed with its day",
    operation_id="take_day_set",
    responses=refusals(*WRITES, "not_found", "set_taken", "clearing_moved", *CLOSED),
)
def take_set(house: TheHouse, who: Who, ask: Wish, clearing_id: ClearingId) -> ClearingShown:
    """
    Accept on your trip the set that an operator proposed for it with all trips of the day.

    It is decided anew on what stands; where another set, or another price, is the best by now, nothing is
    changed: take the trip's own best set, or wait for another proposal.
    """
    taken = take_day_set(house.desk, who, ask, clearing_id)
    with house.desk.store.view() as view:
        return clearing_shown(find_clearing(view, taken))


@router.post(
    "/day-clearings",
    status_code=202,
    summary="Clear a day",
    operation_id="clear_day",
    responses=refusals(*WRITES, "hours_past"),
)
def clear_day(house: TheHouse, who: Who, ask: Wish, wish: ClearDayWish) -> Asked:
    """
    Ask for all open trips of a day to be cleared together; the job tells the value and what bounds it.

    With `propose` each trip's set is kept for its owner, who takes it in one call (`take_day_set`); with
    `take` it is accepted, a trip at a time, where a trip accepts at once or the house takes for its owners,
    and proposed to the others; else nothing is changed. A trip that cannot be decided is left out, and told
    with its reason (`left`, and how many: `left_out`); the others are cleared.
    """
    return Asked(job=ask_clear_day(house.desk, who, ask, wish.day, take=wish.take, propose=wish.propose))


def _must_see(view: View, who: Actor, trip_id: str, kind: str, subject_id: str) -> None:
    who.must_see(kind, subject_id, find_trip(view, trip_id).owner_id)
