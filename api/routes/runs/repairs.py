"""Repairs of a frozen ride, and the editions of its manifest."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.runs.manifests import ManifestId
from api.shapes.runs.manifests import ManifestShown, manifest_shown
from api.shapes.runs.repairs import (
    EditionCard,
    EditionShown,
    RepairWish,
    TakeOverWish,
    VanCodeShown,
    edition_card,
    edition_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.runs.codes import van_code
from pooling.desk.runs.handovers import seen_manifest
from pooling.desk.runs.repairing_runs import repair_manifest
from pooling.desk.runs.taking_over import take_over
from pooling.store.manifests import find_edition_by_id, list_editions

router = APIRouter(tags=["manifests"])
EditionId = Annotated[Id, Path(description="The edition.", examples=["edn_01hg0000abcd"])]


@router.post(
    "/manifests/{manifest_id}/repairs",
    summary="Repair a manifest",
    operation_id="repair_manifest",
    responses=refusals(
        *WRITES,
        "not_found",
        "manifest_closed",
        "not_on_manifest",
        "aboard_already",
        "not_late",
        "shipment_unnamed",
        "repair_unexplained",
        "not_set_out",
        "promises_break",
        "too_many_editions",
    ),
)
def repair(house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId, wish: RepairWish) -> ManifestShown:
    """
    Say what happened to a frozen ride: called off, late, broken down. The manifest gets its next edition.

    Where hours can no longer be kept it is refused first, with whom that concerns. What is called off is
    free at once, and by its carrier or owner that is its own default.
    """
    repair_manifest(house.desk, who, ask, manifest_id, wish.words())
    with house.desk.store.view() as view:
        return manifest_shown(seen_manifest(view, who, manifest_id))


@router.get(
    "/manifests/{manifest_id}/van-code",
    summary="Read a van's code",
    operation_id="read_van_code",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def code(house: TheHouse, who: Who, manifest_id: ManifestId) -> VanCodeShown:
    """Read the code that a driver tells another one: by it the two agree that crates change vans."""
    with house.desk.store.view() as view:
        return VanCodeShown(code=van_code(view, seen_manifest(view, who, manifest_id).id))


@router.post(
    "/manifests/{manifest_id}/take-overs",
    summary="Let crates change vans",
    operation_id="take_over",
    responses=refusals(
        *WRITES,
        "not_found",
        "run_not_under_way",
        "van_code_wrong",
        "nothing_to_take_over",
        "taken_over_whole",
        "aboard_before",
        "take_over_regime",
        "van_without_lift",
        "no_room_to_take_over",
        "promises_break",
        "too_many_editions",
        "papers_incomplete",
        "happened_later",
        "happened_too_soon",
        "happened_before",
        "chain_full",
    ),
)
def taken_over(
    house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId, wish: TakeOverWish
) -> ManifestShown:
    """
    Note that crates went over to another van, or came from one, on the road.

    One driver notes it, the other agrees by its code. Both manifests get their next edition, the chain of
    each shipment one more record, and what was agreed for its carriage stands.
    """
    take_over(house.desk, who, ask, manifest_id, wish.words())
    with house.desk.store.view() as view:
        return manifest_shown(seen_manifest(view, who, manifest_id))


@router.get(
    "/manifests/{manifest_id}/editions",
    summary="List editions",
    operation_id="list_manifest_editions",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def editions(house: TheHouse, who: Who, manifest_id: ManifestId, page: Paging) -> Listed[EditionCard]:
    """List the editions of a manifest, newest first; one that was never repaired has none."""
    with house.desk.store.view() as view:
        row = seen_manifest(view, who, manifest_id)
        rows, after = list_editions(view, manifest_id, page)
    return Listed(items=[edition_card(one, row.edition) for one in rows], next=after)


@router.get(
    "/manifests/{manifest_id}/editions/{edition_id}",
    summary="Read an edition",
    operation_id="read_manifest_edition",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, manifest_id: ManifestId, edition_id: EditionId) -> EditionShown:
    """Read an edition of a manifest as it was written, superseded ones too."""
    with house.desk.store.view() as view:
        row = seen_manifest(view, who, manifest_id)
        return edition_shown(find_edition_by_id(view, manifest_id, edition_id), row.edition)
