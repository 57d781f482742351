"""
Invite to a drafted tour: by mail, through a member's own letters, or by hand; and keep what they answer.

Whoever is invited without an account opens a link of its own; it shows that one's figures and nobody
else's. One reminder at most. Who wants no such mail is never written to again, by any operator.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.people.links import fresh_token, plain_email
from pooling.desk.people.sessions import token_hash
from pooling.desk.seeds.draft_told import InvitedTold, told_to_invited
from pooling.desk.seeds.seeding import body_of, seen_draft
from pooling.phrases import Phrases, message
from pooling.seeding.draft import Wanted
from pooling.store import Ask, Tx, View
from pooling.store.draft_invitations import (
    OPEN,
    draft_invitation,
    end_mail,
    find_draft_invitation,
    has_ended_mail,
    invitation_of_token,
    invitations_by_rank,
    signed_up_since,
    wants_no_mail,
)
from pooling.store.drafts import find_draft, tour_draft
from pooling.store.parties import find_party
from pooling.store.rows import ChangedMeanwhile, NotFound, added, changed, held

REMINDED_AFTER_S = 2 * 24 * 3600
"""A reminder comes no sooner after the invitation."""

BATCH = 200

BY_HAND = message("it was given by hand")
REMINDED = message("one was sent already")
TOO_SOON = message("two days have not passed")
"""Why no reminder is sent, as words of the catalogue."""


class NobodyAtRank(Refusal):
    code = "nobody_at_rank"
    reason = "The draft invites {count}; there is nobody at place {rank}."
    cure = "Look at the draft: the first to invite has place 1."


class InvitedAlready(Refusal):
    code = "invited_already"
    reason = "{name} is invited to this tour already."
    cure = "Look at the answers; one reminder may be sent."


class MailUnwanted(Refusal):
    code = "mail_unwanted"
    reason = "Whoever has this address wants no such mail."
    cure = "Ask them yourself, and note the answer here."


class NoReminder(Refusal):
    code = "no_reminder"
    reason = "No reminder can be sent: {why}."
    cure = "Wait for an answer, or ask them yourself and note it here."


class AnsweredAlready(Refusal):
    code = "answered_already"
    reason = "This invitation was answered already."
    cure = "Look at the answers."


@dataclass(frozen=True)
class DraftInvite:
    """Hold whom of a draft to invite, by place in its list, and how: address, party, or by hand."""

    rank: int
    email: str = ""
    party_id: str = ""
    language: str = "fr"


@dataclass(frozen=True)
class InviteLetter:
    """Hold a letter to be mailed after the commit; the token opens the invitation without sign-in."""

    email: str
    language: str
    told: InvitedTold
    reminder: bool = False
    token: str = field(default_factory=fresh_token, repr=False)


def invite_to_draft(
    desk: Desk, who: Actor, ask: Ask, draft_id: str, wish: DraftInvite
) -> tuple[str, InviteLetter | None]:
    """
    Invite one of a draft's list; returns the invitation and the letter to mail, which is made once.

    A party that takes part is told by its own letters; whoever is invited by hand gets nothing from here.
    """
    made: list[InviteLetter] = []

    def save(tx: Tx) -> str:
        row = seen_draft(tx, who, draft_id)
        held(tx, tour_draft, draft_id)  # two who invite the same one at once come one after the other
        wanted = _wanted(tx, row, wish)
        email = plain_email(wish.email)
        _must_want_mail(tx, email)
        if wish.party_id:
            find_party(tx, wish.party_id)
        letter = InviteLetter(email, wish.language, told_to_invited(tx, row, wanted))
        invitation_id = _written(tx, row, wanted, wish, letter)
        parties = {row.operator_id, *([wish.party_id] if wish.party_id else [])}
        tx.tell("draft.invited", "draft_invitation", invitation_id, parties)
        made[:] = [letter] if email else []
        return invitation_id

    return desk.once(ask, save), (made[0] if made else None)


def remind_draft_invitation(
    desk: Desk, who: Actor, ask: Ask, invitation_id: str
) -> tuple[str, InviteLetter | None]:
    """Remind whoever has not answered, once and not before two days; returns the letter to mail, if any."""
    made: list[InviteLetter] = []

    def save(tx: Tx) -> str:
        row = own_invitation(tx, who, invitation_id)
        _must_be_remindable(tx, row)
        draft = find_draft(tx, row.draft_id)
        letter = InviteLetter(row.email, row.language, told_to_invited(tx, draft, row), reminder=True)
        values = {"reminded_at": tx.now_at, "reminder_hash": token_hash(letter.token)}
        changed(tx, draft_invitation, row, values, kind="invitation")
        if row.party_id:
            tx.tell("draft.reminded", "draft_invitation", row.id, {row.operator_id, row.party_id})
        made[:] = [letter] if row.email else []
        return invitation_id

    return desk.once(ask, save), (made[0] if made else None)


def answer_draft_invitation(desk: Desk, who: Actor, ask: Ask, invitation_id: str, answer: str) -> str:
    """Note an answer: the operator's note of what it was told, or the invited party's own word."""

    def save(tx: Tx) -> str:
        row = seen_invitation(tx, who, invitation_id)
        _must_be_open(row)
        _answered(tx, row, answer)
        return invitation_id

    return desk.once(ask, save)


def invitation_by_token(view: View, token: str) -> Row[Any] | None:
    """Return the invitation that a mailed link opens."""
    return invitation_of_token(view, token_hash(token))


def opened_by_token(desk: Desk, token: str) -> Row[Any]:
    """Return the invitation that a mailed link opens, and note that it was opened."""

    def save(tx: Tx) -> Row[Any]:
        row = _of_token(tx, token)
        if row.state == "invited":
            changed(tx, draft_invitation, row, {"state": "seen", "seen_at": tx.now_at}, kind="invitation")
        return row

    try:
        return desk.store.change(save)
    except ChangedMeanwhile:  # a scanner of mail and a person, at once: it was opened either way
        with desk.store.view() as view:
            return _of_token(view, token)


def declined_by_token(desk: Desk, token: str, *, no_more: bool = False) -> Row[Any]:
    """Decline by the mailed link, without sign-in; ``no_more`` ends all such mail to that address."""

    def save(tx: Tx) -> Row[Any]:
        row = _of_token(tx, token)
        if no_more and row.email:
            end_mail(tx, token_hash(row.email))
        if row.state in OPEN:
            _answered(tx, row, "declined")
        return row

    return desk.store.change(save)


def joined_due(desk: Desk) -> int:
    """Note who was invited and has signed up for the tour that the draft became; returns how many."""
    with desk.store.view() as view:
        if not signed_up_since(view, 1):
            return 0

    def work(tx: Tx) -> int:
        rows = signed_up_since(tx, BATCH)
        for row in rows:
            _answered(tx, row, "joined")
        return len(rows)

    return desk.store.change(work)


def seen_invitation(view: View, who: Actor, invitation_id: str) -> Row[Any]:
    """Return an invitation to its operator and to the managers of the party that is invited."""
    row = find_draft_invitation(view, invitation_id)
    if not {row.operator_id, row.party_id} & who.manages.keys():
        raise NotFound(kind="invitation", id=invitation_id)
    return row


def own_invitation(view: View, who: Actor, invitation_id: str) -> Row[Any]:
    """Return an invitation to the operator that sent it."""
    row = find_draft_invitation(view, invitation_id)
    if row.operator_id not in who.manages:
        raise NotFound(kind="invitation", id=invitation_id)
    return row


def _of_token(view: View, token: str) -> Row[Any]:
    row = invitation_by_token(view, token)
    if row is None:
        raise NotFound(kind="link", id="")
    return row


def _wanted(view: View, row: Row[Any], wish: DraftInvite) -> Wanted:
    wanted = body_of(row).wanted
    if not 1 <= wish.rank <= len(wanted):
        raise NobodyAtRank(count=len(wanted), rank=wish.rank)
    if wish.rank in invitations_by_rank(view, row.id):
        raise InvitedAlready(name=wanted[wish.rank - 1].name)
    return wanted[wish.rank - 1]


def _must_want_mail(view: View, email: str) -> None:
    if email and (has_ended_mail(view, token_hash(email)) or wants_no_mail(view, email)):
        raise MailUnwanted


def _written(tx: Tx, row: Row[Any], wanted: Wanted, wish: DraftInvite, letter: InviteLetter) -> str:
    return added(
        tx,
        draft_invitation,
        "div",
        operator_id=row.operator_id,
        draft_id=row.id,
        rank=wish.rank,
        role=wanted.role,
        name=wanted.name,
        way="mail" if letter.email else ("member" if wish.party_id else "hand"),
        email=letter.email,
        language=wish.language,
        party_id=wish.party_id or None,
        crates=wanted.crates,
        partners=wanted.partners,
        share_cents=wanted.share_cents,
        alone_cents=wanted.alone_cents,
        token_hash=token_hash(letter.token),
    )


def _must_be_remindable(tx: Tx, row: Row[Any]) -> None:
    _must_be_open(row)
    if row.way == "hand":
        raise NoReminder(why=Phrases((BY_HAND,)))
    if row.reminded_at is not None:
        raise NoReminder(why=Phrases((REMINDED,)))
    if tx.now_at < row.created_at + REMINDED_AFTER_S:
        raise NoReminder(why=Phrases((TOO_SOON,)))
    _must_want_mail(tx, row.email)


def _must_be_open(row: Row[Any]) -> None:
    if row.state not in OPEN:
        raise AnsweredAlready


def _answered(tx: Tx, row: Row[Any], answer: str) -> None:
    values: dict[str, object] = {"state": answer}
    values["seen_at" if answer == "seen" else "answered_at"] = tx.now_at
    changed(tx, draft_invitation, row, values, kind="invitation")
    if answer == "joined":
        tx.tell("draft.joined", "draft_invitation", row.id, {row.operator_id})
    elif answer == "declined":
        tx.tell("draft.declined", "draft_invitation", row.id, {row.operator_id})
