"""Waiting at a stop: noted by who drives, owed by whoever is at fault, corrected by an operator."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import TheHouse, Who, Wish
from api.routes.runs.manifests import ManifestId
from api.shapes.runs.waiting import WaitCorrection, WaitShown, WaitWish, wait_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.runs.handovers import seen_manifest
from pooling.desk.runs.waiting import correct_waiting, note_waiting, seen_waiting
from pooling.store.waiting import waitings_of

router = APIRouter(tags=["manifests"])
WaitingId = Annotated[Id, Path(description="The note.", examples=["wai_01hg0000abcd"])]


@router.post(
    "/manifests/{manifest_id}/waitings",
    status_code=201,
    summary="Note waiting",
    operation_id="note_waiting",
    responses=refusals(
        *WRITES,
        "not_found",
        "waiting_unpaid",
        "run_not_under_way",
        "correction_unexplained",
        "not_on_manifest",
        "waiting_noted",
    ),
)
def note(house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId, wish: WaitWish) -> WaitShown:
    """
    Note that your vehicle waited beyond its plan, and by whose fault; that party is told.

    By the tour's card; owed once the run has ended.
    """
    return _shown(house, who, note_waiting(house.desk, who, ask, manifest_id, wish.words()))


@router.get(
    "/manifests/{manifest_id}/waitings",
    summary="List waiting",
    operation_id="list_waitings",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def listed(house: TheHouse, who: Who, manifest_id: ManifestId) -> Listed[WaitShown]:
    """List what stands of the waiting on a run: one at most for each handover on it, so all in one answer."""
    with house.desk.store.view() as view:
        rows = waitings_of(view, seen_manifest(view, who, manifest_id).id)
    return Listed(items=[wait_shown(row) for row in rows], next="")


@router.get(
    "/waitings/{waiting_id}",
    summary="Read a note of waiting",
    operation_id="read_waiting",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, waiting_id: WaitingId) -> WaitShown:
    """Read a note of waiting, as who drove or who owes it."""
    return _shown(house, who, waiting_id)


@router.post(
    "/waitings/{waiting_id}/corrections",
    status_code=201,
    summary="Correct waiting",
    operation_id="correct_waiting",
    responses=refusals(
        *WRITES, "not_found", "corrected_before", "correction_unexplained", "correction_in_own_favour"
    ),
)
def correct(house: TheHouse, who: Who, ask: Wish, waiting_id: WaitingId, wish: WaitCorrection) -> WaitShown:
    """Put another note in the place of a wrong one, as an operator that has no part in it."""
    done = correct_waiting(house.desk, who, ask, waiting_id, wish.minutes, wish.fault, wish.note)
    return _shown(house, who, done)


def _shown(house: TheHouse, who: Actor, waiting_id: str) -> WaitShown:
    with house.desk.store.view() as view:
        return wait_shown(seen_waiting(view, who, waiting_id))
