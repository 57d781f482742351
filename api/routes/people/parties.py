"""Parties, and who acts for them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.people.parties import (
    FarmConfirmation,
    GroupAsker,
    GroupConfirmation,
    MemberShown,
    PartyChange,
    PartyShown,
    PartyWish,
    VettingWish,
    asker_shown,
    member_shown,
    parties_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.people.confirmations import confirm_farm, confirm_group, group_askers
from pooling.desk.people.members import remove_member
from pooling.desk.people.parties import PartyWords, Vetting, change_party, found_party, vet_party
from pooling.store.members import list_members
from pooling.store.parties import find_party, list_parties

router = APIRouter(tags=["parties"])
PartyId = Annotated[Id, Path(description="The party.", examples=["pty_01hg0000abcd"])]
MemberId = Annotated[Id, Path(description="The member.", examples=["mem_01hg0000abcd"])]

Waiting = Annotated[bool, Query(description="Only those whose group or farm waits to be confirmed.")]


@router.post(
    "/parties",
    status_code=201,
    summary="Found a party",
    operation_id="found_party",
    responses=refusals(*WRITES, "too_many_parties"),
)
def found(house: TheHouse, who: Who, ask: Wish, wish: PartyWish) -> PartyShown:
    """
    Found a party and manage it. Only an operator founds one that operates; nobody vets itself.

    A producer that you found counts as a farm for the law once an operator has confirmed it.
    """
    return _shown(house, found_party(house.desk, who, ask, wish.name, wish.role))


@router.get("/parties", summary="List parties", operation_id="list_parties", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, who: Who, page: Paging, *, waiting: Waiting = False) -> Listed[PartyShown]:
    """List the parties that you manage; an operator sees all."""
    own = None if who.is_operator else who.manages
    with house.desk.store.view() as view:
        rows, after = list_parties(view, own, page, waiting=waiting)
        return Listed(items=parties_shown(view, rows), next=after)


@router.get(
    "/parties/{party_id}",
    summary="Read a party",
    operation_id="read_party",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, party_id: PartyId, response: Response) -> PartyShown:
    """Read a party that you act for; an operator reads any."""
    if party_id not in who.drives:
        who.must_see("party", party_id, party_id)
    shown = _shown(house, party_id)
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.put(
    "/parties/{party_id}",
    summary="Change a party",
    operation_id="change_party",
    responses=refusals(*CHANGES, "siren_unreadable", "address_unreadable"),
)
def change(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: PartyChange, revision: Revision
) -> PartyShown:
    """
    Change what a party says of itself; its role stays. Another licence has to be vetted anew.

    Another group counts for the law once somebody else has confirmed it: ``confirm_group``.
    """
    words = PartyWords(wish.name, wish.group, wish.licence, wish.language, wish.address, wish.siren)
    change_party(house.desk, who, ask, party_id, revision, words)
    return _shown(house, party_id)


@router.post(
    "/parties/{party_id}/vet",
    summary="Vet a party",
    operation_id="vet_party",
    responses=refusals(*CHANGES, "licence_run_out"),
)
def vet(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: VettingWish, revision: Revision
) -> PartyShown:
    """Note, as an operator, that you saw a party's papers; or take that back."""
    vet_party(house.desk, who, ask, party_id, revision, Vetting(wish.vetted, wish.licence, wish.until))
    return _shown(house, party_id)


@router.post(
    "/parties/{party_id}/group",
    summary="Confirm that a party belongs to its group",
    operation_id="confirm_group",
    responses=refusals(*CHANGES, "group_not_asked"),
)
def confirmed_group(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: GroupConfirmation, revision: Revision
) -> GroupAsker:
    """
    Confirm that a party belongs to the group that it names: only then trips for members carry for it.

    An operator may, and whoever manages another party that is confirmed in the same group; the first
    of a group is confirmed by an operator, who alone takes it back. Its own party confirms nobody else.
    """
    confirm_group(house.desk, who, ask, party_id, revision, wish.group, yes=wish.confirmed)
    with house.desk.store.view() as view:
        return asker_shown(find_party(view, party_id))


@router.post(
    "/parties/{party_id}/farm",
    summary="Confirm that a party is a farm",
    operation_id="confirm_farm",
    responses=refusals(*CHANGES, "no_farm"),
)
def confirmed_farm(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: FarmConfirmation, revision: Revision
) -> PartyShown:
    """Confirm, as an operator, that a producer is a farm for the law, or take that back."""
    confirm_farm(house.desk, who, ask, party_id, revision, yes=wish.confirmed)
    return _shown(house, party_id)


@router.get(
    "/parties/{party_id}/group-askers",
    summary="List who asks to belong to a party's group",
    operation_id="list_group_askers",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def askers(house: TheHouse, who: Who, party_id: PartyId, page: Paging) -> Listed[GroupAsker]:
    """List who says that it belongs to your group and waits; nobody before you are confirmed yourself."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        rows, after = group_askers(view, party_id, page)
    return Listed(items=[asker_shown(row) for row in rows], next=after)


@router.get(
    "/parties/{party_id}/members",
    summary="List who acts for a party",
    operation_id="list_members",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def members(house: TheHouse, who: Who, party_id: PartyId, page: Paging) -> Listed[MemberShown]:
    """List the managers and drivers of a party that you manage; an operator sees them too."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        find_party(view, party_id)
        rows, after = list_members(view, party_id, page)
    return Listed(items=[member_shown(row) for row in rows], next=after)


@router.delete(
    "/parties/{party_id}/members/{member_id}",
    status_code=204,
    summary="Remove somebody from a party",
    operation_id="remove_member",
    responses=refusals(*WRITES, "not_found", "last_manager"),
)
def remove(house: TheHouse, who: Who, ask: Wish, party_id: PartyId, member_id: MemberId) -> None:
    """Remove somebody from a party that you manage, or leave one. A last manager stays."""
    remove_member(house.desk, who, ask, party_id, member_id)


def _shown(house: TheHouse, party_id: str) -> PartyShown:
    with house.desk.store.view() as view:
        return parties_shown(view, [find_party(view, party_id)])[0]
