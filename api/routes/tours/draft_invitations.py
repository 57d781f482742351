"""Invitations to drafted tours: sent, reminded once, answered."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.house import House
from api.letters.invite_letters import invite_letter
from api.letters.mail import send_quietly
from api.routes.tours.seeding import DraftId
from api.shapes.tours.draft_invitations import (
    DRAFT_INVITATION,
    DraftAnswerWish,
    DraftInvitationShown,
    DraftInviteWish,
    draft_invitation_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.seeds.draft_invitations import (
    InviteLetter,
    answer_draft_invitation,
    invite_to_draft,
    remind_draft_invitation,
    seen_invitation,
)
from pooling.desk.seeds.seeding import seen_draft
from pooling.store.draft_invitations import list_draft_invitations
from pooling.store.drafts import find_draft

router = APIRouter(tags=["seeding"])
DraftInvitationId = Annotated[Id, Path(description="The invitation.", examples=[DRAFT_INVITATION])]


@router.post(
    "/tour-drafts/{draft_id}/invitations",
    status_code=201,
    summary="Invite to a drafted tour",
    operation_id="invite_to_draft",
    responses=refusals(*WRITES, "not_found", "nobody_at_rank", "invited_already", "mail_unwanted"),
)
def invite(
    house: TheHouse,
    who: Who,
    ask: Wish,
    draft_id: DraftId,
    wish: DraftInviteWish,
    later: BackgroundTasks,
) -> DraftInvitationShown:
    """Invite one of the draft's list: by mail, by the letters of its own party, or by hand."""
    invitation_id, letter = invite_to_draft(house.desk, who, ask, draft_id, wish.invite())
    mail_later(house, later, letter)
    return _invitation(house, who, invitation_id)


@router.get(
    "/tour-drafts/{draft_id}/invitations",
    summary="List invitations to a drafted tour",
    operation_id="list_draft_invitations",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def invitations(house: TheHouse, who: Who, draft_id: DraftId, page: Paging) -> Listed[DraftInvitationShown]:
    """List whom you invited, newest first, and what each answered."""
    with house.desk.store.view() as view:
        draft = seen_draft(view, who, draft_id)
        rows, after = list_draft_invitations(view, draft_id, page)
    return Listed(items=[draft_invitation_shown(row, draft) for row in rows], next=after)


@router.get(
    "/draft-invitations/{draft_invitation_id}",
    summary="Read an invitation to a drafted tour",
    operation_id="read_draft_invitation",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read_invitation(
    house: TheHouse, who: Who, draft_invitation_id: DraftInvitationId
) -> DraftInvitationShown:
    """Read an invitation that you sent, or that your party received."""
    return _invitation(house, who, draft_invitation_id)


@router.post(
    "/draft-invitations/{draft_invitation_id}/remind",
    summary="Remind once",
    operation_id="remind_draft_invitation",
    responses=refusals(*WRITES, "not_found", "no_reminder", "answered_already", "mail_unwanted"),
)
def remind(
    house: TheHouse, who: Who, ask: Wish, draft_invitation_id: DraftInvitationId, later: BackgroundTasks
) -> DraftInvitationShown:
    """Remind whoever has not answered: once, and not before two days have passed."""
    invitation_id, letter = remind_draft_invitation(house.desk, who, ask, draft_invitation_id)
    mail_later(house, later, letter)
    return _invitation(house, who, invitation_id)


@router.post(
    "/draft-invitations/{draft_invitation_id}/answer",
    summary="Note an answer",
    operation_id="answer_draft_invitation",
    responses=refusals(*WRITES, "not_found", "answered_already"),
)
def answer(
    house: TheHouse, who: Who, ask: Wish, draft_invitation_id: DraftInvitationId, wish: DraftAnswerWish
) -> DraftInvitationShown:
    """Answer for your party, or note what you were told by whoever was invited by hand."""
    return _invitation(
        house, who, answer_draft_invitation(house.desk, who, ask, draft_invitation_id, wish.answer)
    )


def mail_later(house: House, later: BackgroundTasks, letter: InviteLetter | None) -> None:
    """Mail a letter when its asker is answered already."""
    if letter is not None:
        later.add_task(send_quietly, house.mailer, invite_letter(letter, house.settings.public_url))


def _invitation(house: House, who: Actor, invitation_id: str) -> DraftInvitationShown:
    with house.desk.store.view() as view:
        row = seen_invitation(view, who, invitation_id)
        return draft_invitation_shown(row, find_draft(view, row.draft_id))
