"""Custody: who holds a shipment's crates, what became of those that stayed with a driver, corrections."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.goods.shipments import ShipmentId
from api.shapes.runs.custody import (
    PICTURE,
    CorrectionWish,
    CustodyShown,
    EmptiesShown,
    HandoverShown,
    PassWish,
    PhotoShown,
    PhotoWish,
    custody_shown,
    empties_shown,
    handover_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.goods.empties import seen_balances
from pooling.desk.runs.correcting import correct_handover
from pooling.desk.runs.custody import pass_on, seen_custody
from pooling.desk.runs.photos import seen_photo, send_photo
from pooling.store.manifests import find_handover
from pooling.store.rows import place_of
from pooling.store.shipments import find_shipment

router = APIRouter(tags=["custody"])
HandoverId = Annotated[Id, Path(description="The record.", examples=["hov_01hg0000abcd"])]
ManifestOfPhoto = Annotated[Id, Path(description="The manifest.", examples=["mnf_01hg0000abcd"])]
UNFIT = (
    "happened_later",
    "happened_too_soon",
    "happened_before",
    "failure_unexplained",
    "reason_out_of_place",
    "more_than_held",
    "damaged_more_than_there",
    "empties_too_many",
    "not_the_holder",
    "chain_full",
)


@router.get(
    "/shipments/{shipment_id}/custody",
    summary="Read a shipment's custody",
    operation_id="read_custody",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, shipment_id: ShipmentId) -> CustodyShown:
    """
    Read who holds a shipment's crates and every record of changing hands, corrected ones among them.

    For its shipper, payer and receiver, and the carrier of the run. No price is told here.
    """
    with house.desk.store.view() as view:
        return custody_shown(seen_custody(view, who, shipment_id))


@router.post(
    "/shipments/{shipment_id}/passes",
    status_code=201,
    summary="Pass crates on",
    operation_id="pass_on",
    responses=refusals(*WRITES, "not_found", *UNFIT, "nobody_named"),
)
def passed(house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: PassWish) -> HandoverShown:
    """
    Note what became of crates that stayed with their driver, on the run or after it.

    Given to who receives them after all, brought back to the sender, or left with somebody named.
    """
    return _shown(house, pass_on(house.desk, who, ask, shipment_id, wish.words()))


@router.post(
    "/handovers/{handover_id}/corrections",
    status_code=201,
    summary="Correct a handover",
    operation_id="correct_handover",
    responses=refusals(
        *WRITES,
        "not_found",
        *UNFIT,
        "corrected_before",
        "correction_unexplained",
        "correction_late",
        "correction_unagreed",
        "handed_on_before",
        "code_wrong",
        "code_spent",
    ),
)
def correct(
    house: TheHouse, who: Who, ask: Wish, handover_id: HandoverId, wish: CorrectionWish
) -> HandoverShown:
    """
    Put a new record in the place of one that was wrong. Both are kept; everybody concerned is told.

    What is owed follows the new count at once. What takes from the side that faced the driver, or from what
    its code proved, needs the code that this side reads for the record (`agreeing` of the custody).
    """
    return _shown(house, correct_handover(house.desk, who, ask, handover_id, wish.words()))


@router.post(
    "/manifests/{manifest_id}/photos",
    status_code=201,
    summary="Send a photo",
    operation_id="send_photo",
    responses=refusals(*WRITES, "not_found", "photo_unreadable", "photo_too_large", "too_many_photos"),
)
def photographed(
    house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestOfPhoto, wish: PhotoWish
) -> PhotoShown:
    """Send a photo of crates, then name it in a handover. Place, date and device are taken out of it."""
    return PhotoShown(photo=send_photo(house.desk, who, ask, manifest_id, wish.content))


@router.get(
    "/handovers/{handover_id}/photo",
    summary="See a handover's photo",
    operation_id="read_photo",
    responses=PICTURE | refusals(*SIGNED_IN, "not_found"),
    response_class=Response,
)
def photo(house: TheHouse, who: Who, handover_id: HandoverId) -> Response:
    """See the photo of a handover, as whoever may see the handover."""
    with house.desk.store.view() as view:
        found = seen_photo(view, who, handover_id)
    return Response(found.content, media_type=found.media_type)


@router.get(
    "/empties", summary="List empty crates", operation_id="list_empties", responses=refusals(*SIGNED_IN)
)
def empties(house: TheHouse, who: Who, page: Paging) -> Listed[EmptiesShown]:
    """List the crates that your parties have of others, and others of them: delivered less taken back."""
    with house.desk.store.view() as view:
        found = seen_balances(view, who)
    start = place_of(page)
    end = start + page.limit
    items = [empties_shown(one) for one in found[start:end]]
    return Listed(items=items, next=str(end) if end < len(found) else "")


def _shown(house: TheHouse, handover_id: str) -> HandoverShown:
    with house.desk.store.view() as view:
        row = find_handover(view, handover_id)
        return handover_shown(row, find_shipment(view, row.shipment_id).food)
