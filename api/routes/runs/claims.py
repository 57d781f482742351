"""Claims: opened on a shipment, answered by who held the crates, decided by an operator; the cover terms."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import ShipmentId
from api.shapes.runs.claims import (
    ClaimAnswer,
    ClaimDecision,
    ClaimPhotoWish,
    ClaimShown,
    ClaimWish,
    CoverShown,
    claim_shown,
    cover_shown,
)
from api.shapes.runs.custody import PICTURE, PhotoShown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from api.spoken import Spoken
from pooling.desk import Actor
from pooling.desk.claims.claim_photos import seen_claim_photo, send_claim_photo
from pooling.desk.claims.deciding import answer_claim, decide_claim
from pooling.desk.claims.opening import open_claim, seen_claim, withdraw_claim
from pooling.desk.claims.worth import worth_of
from pooling.store.claims import list_claims

router = APIRouter(tags=["claims"])
ClaimId = Annotated[Id, Path(description="The claim.", examples=["clm_01hg0000abcd"])]


@router.get("/cover-terms", summary="Read the cover terms", operation_id="read_cover")
def cover(say: Spoken) -> CoverShown:
    """Read what is covered of goods on a ride, by whom and up to how much, before you bid or join."""
    return cover_shown(say)


@router.post(
    "/shipments/{shipment_id}/claims",
    status_code=201,
    summary="Open a claim",
    operation_id="open_claim",
    responses=refusals(
        *WRITES,
        "not_found",
        "nothing_carried",
        "claim_too_early",
        "claim_too_late",
        "came_in_time",
        "claim_stands",
        "claimed_by_another",
        "too_many_claims",
        "more_than_aboard",
        "more_than_left",
    ),
)
def opened(house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: ClaimWish) -> ClaimShown:
    """
    Claim for crates that are missing, damaged, late or warm: as who pays for them, or receives them.

    From the handover on, or once the promised hour is over, for so many days as the cover terms say. Where
    it went wrong is read from the record of handovers; who held the crates then is asked.
    """
    return _shown(house, who, open_claim(house.desk, who, ask, shipment_id, wish.words()))


@router.post(
    "/shipments/{shipment_id}/photos",
    status_code=201,
    summary="Send a photo for a claim",
    operation_id="send_claim_photo",
    responses=refusals(*WRITES, "not_found", "photo_unreadable", "photo_too_large", "too_many_photos"),
)
def photographed(
    house: TheHouse, who: Who, ask: Wish, shipment_id: ShipmentId, wish: ClaimPhotoWish
) -> PhotoShown:
    """Send a photo of crates that you received or paid for, then name it in a claim."""
    return PhotoShown(photo=send_claim_photo(house.desk, who, ask, shipment_id, wish.content))


@router.get("/claims", summary="List claims", operation_id="list_claims", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    shipment: Annotated[
        Id | None, Query(description="Only those on this shipment.", examples=["shp_01hg0000abcd"])
    ] = None,
) -> Listed[ClaimShown]:
    """List the claims that your parties made, are paid by, or are asked for; an operator sees all."""
    with house.desk.store.view() as view:
        parties = None if who.is_operator else who.manages
        rows, after = list_claims(view, parties, page, shipment_id=shipment or "")
        items = [claim_shown(row, worth_of(view, row), who) for row in rows]
    return Listed(items=items, next=after)


@router.get(
    "/claims/{claim_id}",
    summary="Read a claim",
    operation_id="read_claim",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, claim_id: ClaimId, response: Response) -> ClaimShown:
    """Read a claim in which a party of yours has a part."""
    shown = _shown(house, who, claim_id)
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.get(
    "/claims/{claim_id}/photo",
    summary="See a claim's photo",
    operation_id="read_claim_photo",
    responses=PICTURE | refusals(*SIGNED_IN, "not_found"),
    response_class=Response,
)
def photo(house: TheHouse, who: Who, claim_id: ClaimId) -> Response:
    """See the photo of a claim, as whoever may see the claim."""
    with house.desk.store.view() as view:
        found = seen_claim_photo(view, who, claim_id)
    return Response(found.content, media_type=found.media_type)


@router.post(
    "/claims/{claim_id}/answer",
    summary="Answer a claim",
    operation_id="answer_claim",
    responses=refusals(*CHANGES, "claim_closed", "decision_awaited", "answer_unexplained"),
)
def answered(
    house: TheHouse, who: Who, ask: Wish, claim_id: ClaimId, wish: ClaimAnswer, revision: Revision
) -> ClaimShown:
    """Accept a claim as who held the crates, so that it is paid; or dispute it, with a word on why."""
    answer_claim(house.desk, who, ask, claim_id, revision, accepts=wish.accepts, note=wish.note)
    return _shown(house, who, claim_id)


@router.post(
    "/claims/{claim_id}/decision",
    summary="Decide a claim",
    operation_id="decide_claim",
    responses=refusals(
        *CHANGES, "claim_closed", "answer_awaited", "answer_unexplained", "more_than_claimed", "never_held"
    ),
)
def decided(
    house: TheHouse, who: Who, ask: Wish, claim_id: ClaimId, wish: ClaimDecision, revision: Revision
) -> ClaimShown:
    """Decide a claim that is disputed, unanswered, or on which the record names nobody."""
    decide_claim(house.desk, who, ask, claim_id, revision, wish.words())
    return _shown(house, who, claim_id)


@router.post(
    "/claims/{claim_id}/withdraw",
    summary="Withdraw a claim",
    operation_id="withdraw_claim",
    responses=refusals(*CHANGES, "claim_closed"),
)
def withdrawn(house: TheHouse, who: Who, ask: Wish, claim_id: ClaimId, revision: Revision) -> ClaimShown:
    """Take a claim of yours back that nobody has decided yet."""
    return _shown(house, who, withdraw_claim(house.desk, who, ask, claim_id, revision))


def _shown(house: TheHouse, who: Actor, claim_id: str) -> ClaimShown:
    with house.desk.store.view() as view:
        row = seen_claim(view, who, claim_id)
        return claim_shown(row, worth_of(view, row), who)
