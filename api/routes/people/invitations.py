"""Invitations: to act for a party, or to found a new one."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.letters.letters import letter
from api.letters.mail import send_quietly
from api.shapes.people.parties import (
    InvitationShown,
    InvitationWish,
    PartyShown,
    invitation_shown,
    parties_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.people.invitations import Invited, invite, take_invitation, withdraw_invitation
from pooling.store.invitations import find_invitation, list_invitations
from pooling.store.members import find_member
from pooling.store.parties import find_party

router = APIRouter(tags=["invitations"])
InvitationId = Annotated[Id, Path(description="The invitation.", examples=["inv_01hg0000abcd"])]


@router.post(
    "/invitations",
    status_code=201,
    summary="Invite somebody",
    operation_id="invite",
    responses=refusals(*WRITES, "not_found", "already_member", "invitation_unclear", "too_many_invitations"),
)
def create(
    house: TheHouse, who: Who, ask: Wish, wish: InvitationWish, later: BackgroundTasks
) -> InvitationShown:
    """
    Invite somebody by mail: to a party that you manage, or as an operator to any or to a new one.

    It may be taken for 14 days, by who receives that mail and nobody else.
    """
    invited = Invited(
        wish.email, wish.duty, wish.language, wish.party or "", wish.party_name or "", wish.role
    )
    invitation_id, link = invite(house.desk, who, ask, invited)
    if link is not None:
        later.add_task(send_quietly, house.mailer, letter(link, house.settings.public_url))
    return _shown(house, invitation_id)


@router.get(
    "/invitations",
    summary="List invitations",
    operation_id="list_invitations",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[InvitationShown]:
    """List invitations to the parties that you manage, and those to you. An operator sees all."""
    with house.desk.store.view() as view:
        email = find_member(view, who.member_id).email
        rows, after = list_invitations(view, None if who.is_operator else who.manages, email, page)
        return Listed(items=[invitation_shown(row, view.now_at) for row in rows], next=after)


@router.post(
    "/invitations/{invitation_id}/withdraw",
    summary="Withdraw an invitation",
    operation_id="withdraw_invitation",
    responses=refusals(*WRITES, "not_found", "invitation_closed"),
)
def withdraw(house: TheHouse, who: Who, ask: Wish, invitation_id: InvitationId) -> InvitationShown:
    """Withdraw an invitation to a party that you manage: its link opens nothing any more."""
    return _shown(house, withdraw_invitation(house.desk, who, ask, invitation_id))


@router.post(
    "/invitations/{invitation_id}/take",
    summary="Take an invitation",
    operation_id="take_invitation",
    responses=refusals(*WRITES, "not_found", "invitation_closed"),
)
def take(house: TheHouse, who: Who, ask: Wish, invitation_id: InvitationId) -> PartyShown:
    """Take an invitation that went to your own address: from now on you act for its party."""
    party_id = take_invitation(house.desk, who, ask, invitation_id)
    with house.desk.store.view() as view:
        return parties_shown(view, [find_party(view, party_id)])[0]


def _shown(house: TheHouse, invitation_id: str) -> InvitationShown:
    with house.desk.store.view() as view:
        return invitation_shown(find_invitation(view, invitation_id), view.now_at)
