"""Trust: what was written after a ride, how well a party keeps its word, who does not ride with whom."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.market.bids import BidId
from api.routes.people.parties import PartyId
from api.routes.tours.sign_ups import SignUpId
from api.shapes.people.trust import (
    BlockShown,
    BlockWish,
    ReviewShown,
    ReviewWish,
    TrustShown,
    block_shown,
    review_shown,
    trust_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.people.trust import block_party, lift_block, review_place, trust_in, write_review
from pooling.store.trust import find_block, find_review, list_blocks, list_reviews

router = APIRouter(tags=["trust"])
BlockId = Annotated[Id, Path(description="The block.", examples=["blk_01hg0000abcd"])]


@router.post(
    "/bids/{bid_id}/review",
    status_code=201,
    summary="Write about a ride",
    operation_id="write_review",
    responses=refusals(*WRITES, "not_found", "not_handed_over", "review_late", "review_written"),
)
def write(house: TheHouse, who: Who, ask: Wish, bid_id: BidId, wish: ReviewWish) -> ReviewShown:
    """
    Write about the other side of a ride, once its crates were handed over, within 30 days.

    It is shown when the other side has written too, or after 14 days, and it stands.
    """
    review_id = write_review(house.desk, who, ask, bid_id, wish.stars, wish.note)
    with house.desk.store.view() as view:
        return review_shown(find_review(view, review_id))


@router.post(
    "/sign-ups/{sign_up_id}/review",
    status_code=201,
    summary="Write about a tour's carrier",
    operation_id="review_place",
    responses=refusals(
        *WRITES, "not_found", "not_handed_over", "review_late", "review_written", "reviews_itself"
    ),
)
def write_of_place(
    house: TheHouse, who: Who, ask: Wish, sign_up_id: SignUpId, wish: ReviewWish
) -> ReviewShown:
    """
    Write about the carrier of a tour, once your crates were handed over, within 30 days.

    It is shown after 14 days, and it stands.
    """
    review_id = review_place(house.desk, who, ask, sign_up_id, wish.stars, wish.note)
    with house.desk.store.view() as view:
        return review_shown(find_review(view, review_id))


@router.get("/reviews", summary="List reviews", operation_id="list_reviews", responses=refusals(*SIGNED_IN))
def written(house: TheHouse, who: Who, page: Paging) -> Listed[ReviewShown]:
    """List what your parties wrote, and what is shown of what was written of them; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_reviews(view, None if who.is_operator else who.manages, page)
    return Listed(items=[review_shown(row) for row in rows], next=after)


@router.get(
    "/parties/{party_id}/trust",
    summary="Read how well a party keeps its word",
    operation_id="read_trust",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def trust(house: TheHouse, who: Who, party_id: PartyId) -> TrustShown:
    """
    Read a party's score and the mean of what others wrote, as far as enough is known.

    What it was counted from would tell how much it carries: that is for the party and operators.
    """
    with house.desk.store.view() as view:
        name, record = trust_in(view, party_id)
    return trust_shown(party_id, name, record, inside=who.is_operator or who.acts_for(party_id))


@router.post(
    "/blocks",
    status_code=201,
    summary="Do not ride with a party",
    operation_id="block_party",
    responses=refusals(*WRITES, "not_found", "blocks_itself", "too_many_blocks"),
)
def block(house: TheHouse, who: Who, ask: Wish, wish: BlockWish) -> BlockShown:
    """
    Do not ride with another party from now on, neither on your trips nor on theirs.

    They are not told; whoever of the two asks for a ride with the other learns only that the two do not
    ride together. What was agreed before stands.
    """
    block_id = block_party(house.desk, who, ask, wish.party, wish.other)
    with house.desk.store.view() as view:
        return block_shown(find_block(view, block_id))


@router.get("/blocks", summary="List blocks", operation_id="list_blocks", responses=refusals(*SIGNED_IN))
def blocks(house: TheHouse, who: Who, page: Paging) -> Listed[BlockShown]:
    """List with whom the parties that you manage do not ride; nobody reads who blocked them."""
    with house.desk.store.view() as view:
        rows, after = list_blocks(view, who.manages, page)
    return Listed(items=[block_shown(row) for row in rows], next=after)


@router.delete(
    "/blocks/{block_id}",
    status_code=204,
    summary="Ride with a party again",
    operation_id="lift_block",
    responses=refusals(*WRITES, "not_found"),
)
def lift(house: TheHouse, who: Who, ask: Wish, block_id: BlockId) -> None:
    """Lift a block that a party of yours has set."""
    lift_block(house.desk, who, ask, block_id)
