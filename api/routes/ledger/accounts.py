"""Accounts of the ledger, what is given back of a transfer, and deposits on crates."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.people.communities import CommunityId
from api.routes.people.parties import PartyId
from api.shapes.ledger.accounts import (
    AccountShown,
    CrateDepositsShown,
    CrateDepositsWish,
    TransferCorrectionWish,
    account_shown,
    deposits_shown,
)
from api.shapes.ledger.ledger import TransferShown, transfer_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.communities.belonging import own_membership
from pooling.desk.corrections import correct_transfer
from pooling.desk.goods.deposits import community_asks_deposits, party_asks_deposits
from pooling.store.accounts import Kind, list_accounts
from pooling.store.deposits import deposits_asked
from pooling.store.ledger import community_account, party_account
from pooling.store.parties import find_party
from pooling.store.rows import place_of
from pooling.store.statements import settled_transfer

router = APIRouter(tags=["money"])
TransferId = Annotated[Id, Path(description="The transfer.", examples=["tr_01hg0000abcd"])]


@router.get(
    "/accounts", summary="List accounts", operation_id="list_accounts", responses=refusals(*SIGNED_IN)
)
def accounts(
    house: TheHouse,
    who: Who,
    page: Paging,
    kind: Annotated[Kind | None, Query(description="Only this kind.", examples=["deposit"])] = None,
) -> Listed[AccountShown]:
    """
    List the accounts of the ledger that you may read, with what stands on each; an operator sees all.

    Your parties' own, their fees and deposits, the tours that they proposed, and the communities of which
    they are stewards.
    """
    start = place_of(page)
    mine = None if who.is_operator else who.manages
    with house.desk.store.view() as view:
        found = list_accounts(view, mine, kind=kind or "", start=start, limit=page.limit + 1)
    more = str(start + page.limit) if len(found) > page.limit else ""
    return Listed(items=[account_shown(one) for one in found[: page.limit]], next=more)


@router.post(
    "/transfers/{transfer_id}/correction",
    status_code=201,
    summary="Correct a transfer",
    operation_id="correct_transfer",
    responses=refusals(
        *WRITES,
        "not_found",
        "correction_unexplained",
        "transfer_not_posted",
        "correction_above_transfer",
        "correction_of_claim",
        "correction_in_own_favour",
    ),
)
def corrected(
    house: TheHouse, who: Who, ask: Wish, transfer_id: TransferId, wish: TransferCorrectionWish
) -> TransferShown:
    """Give back what was posted wrongly, or a part of it, by a new transfer; both sides are told why."""
    done = correct_transfer(house.desk, who, ask, transfer_id, wish.words())
    with house.desk.store.view() as view:
        return transfer_shown(settled_transfer(view, done))


@router.get(
    "/parties/{party_id}/crate-deposits",
    summary="Read a party's deposits",
    operation_id="read_crate_deposits",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def asked(house: TheHouse, _: Who, party_id: PartyId) -> CrateDepositsShown:
    """Read what a party asks for each of its crates: whoever may come to have one may know it."""
    with house.desk.store.view() as view:
        find_party(view, party_id)
        return deposits_shown(deposits_asked(view, party_account(party_id)))


@router.put(
    "/parties/{party_id}/crate-deposits",
    summary="Ask for deposits",
    operation_id="ask_crate_deposits",
    responses=refusals(*WRITES, "not_found"),
)
def ask_for(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: CrateDepositsWish
) -> CrateDepositsShown:
    """
    Say what your party asks for each of its crates, from now on; what is held already stays as it is.

    Whoever receives crates owes the deposit when they are handed over, and has it back as they come back.
    """
    party_asks_deposits(house.desk, who, ask, party_id, wish.by_kind())
    return asked(house, who, party_id)


@router.get(
    "/communities/{community_id}/crate-deposits",
    summary="Read a community's deposits",
    operation_id="read_community_deposits",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def community_asked(house: TheHouse, who: Who, community_id: CommunityId) -> CrateDepositsShown:
    """Read what members of a community ask of each other for a crate, where they say nothing themselves."""
    with house.desk.store.view() as view:
        own_membership(view, who, community_id)
        return deposits_shown(deposits_asked(view, community_account(community_id)))


@router.put(
    "/communities/{community_id}/crate-deposits",
    summary="Ask for deposits in a community",
    operation_id="ask_community_deposits",
    responses=refusals(*WRITES, "not_found"),
)
def community_asks(
    house: TheHouse, who: Who, ask: Wish, community_id: CommunityId, wish: CrateDepositsWish
) -> CrateDepositsShown:
    """Say, as its steward, what members ask of each other for a crate, where they say nothing themselves."""
    community_asks_deposits(house.desk, who, ask, community_id, wish.by_kind())
    return community_asked(house, who, community_id)
