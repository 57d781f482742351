"""Mutual aid: what parties carried for one another, and rides that are settled in kind."""

from fastapi import APIRouter, Response

from api.asking import TheHouse, Who, Wish
from api.files.csv_file import CSV_TYPE
from api.files.reciprocity_files import reciprocity_as_csv
from api.routes.ledger.ledger import PartyId
from api.routes.market.bids import BidId, all_bids_shown
from api.shapes.ledger.reciprocity import ReciprocityShown, between_shown, year_shown
from api.shapes.market.bids import BidShown
from api.shapes.words import SIGNED_IN, WRITES, refusals
from pooling.desk.market.in_kind import agree_in_kind
from pooling.desk.trips.private_years import year_so_far
from pooling.ledger.reciprocity import between
from pooling.store.bids import find_bid
from pooling.store.reciprocity import CARRIAGES_LIMIT, carriages_of

router = APIRouter(tags=["money"])


@router.get(
    "/parties/{party_id}/reciprocity",
    summary="Read mutual aid",
    operation_id="read_reciprocity",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def reciprocity(house: TheHouse, who: Who, party_id: PartyId) -> ReciprocityShown:
    """Read what your party and others carried for one another under mutual aid, whatever was paid for it."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        carriages = carriages_of(view, [party_id])
        year = year_shown(year_so_far(house.desk, view, party_id))
    others = [between_shown(other, one) for other, one in sorted(between(carriages, party_id).items())]
    whole = len(carriages) <= CARRIAGES_LIMIT
    return ReciprocityShown(party=party_id, others=others, whole=whole, private_year=year)


@router.get(
    "/parties/{party_id}/reciprocity.csv",
    summary="Read mutual aid as CSV",
    operation_id="read_reciprocity_file",
    response_class=Response,
    responses=refusals(*SIGNED_IN, "not_found")
    | {200: {"content": {CSV_TYPE: {}}, "description": "Each carriage, then the balances."}},
)
def reciprocity_file(house: TheHouse, who: Who, party_id: PartyId) -> Response:
    """Read each carriage and the balance with each other party as CSV."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return reciprocity_as_csv(view, party_id)


@router.post(
    "/bids/{bid_id}/in-kind",
    summary="Settle a ride in kind",
    operation_id="agree_in_kind",
    responses=refusals(*WRITES, "not_found", "no_mutual_aid", "in_kind_out_of_time"),
)
def in_kind(house: TheHouse, who: Who, ask: Wish, bid_id: BidId) -> BidShown:
    """Ask nothing for a ride on your trip under mutual aid: it is counted in the balance instead."""
    done = agree_in_kind(house.desk, who, ask, bid_id)
    with house.desk.store.view() as view:
        return all_bids_shown(view, who, [find_bid(view, done)])[0]
