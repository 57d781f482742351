"""Invite somebody to a party by its address; only who receives its mail can take the invitation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.desk.people.links import Link, Occasion, keep_link
from pooling.party import Role
from pooling.store import Ask, Tx
from pooling.store.invitations import close_invitation, find_invitation, open_counted, withdraw_same
from pooling.store.members import duty_in, find_member, join, member_of_email
from pooling.store.parties import add_party, find_party
from pooling.store.people import invitation
from pooling.store.rows import NotFound, added

INVITATION_S = 14 * 24 * 3600
"""How long an invitation may be taken."""

OPEN_LIMIT = 100
"""How many invitations of one member may wait for an answer at once."""


class AlreadyMember(Refusal):
    code = "already_member"
    reason = "{email} acts for this party already."
    cure = "Look at the list of its members."


class InvitationUnclear(Refusal):
    code = "invitation_unclear"
    reason = "It is not clear to which party this invites."
    cure = "Name either a party, or the name and role of a new one, which needs a manager first."


class TooManyInvitations(Refusal):
    code = "too_many_invitations"
    reason = "{limit} of your invitations wait for an answer; no more may."
    cure = "Withdraw some, or wait until they are taken or run out."


class InvitationClosed(Refusal):
    code = "invitation_closed"
    reason = "This invitation was taken, was withdrawn, or is too old."
    cure = "Ask to be invited again."


@dataclass(frozen=True)
class Invited:
    """Hold who is invited, to which party that stands or to which new one, with which duty."""

    email: str
    duty: str
    language: str
    party_id: str = ""
    party_name: str = ""
    role: Role | None = None


def invite(desk: Desk, who: Actor, ask: Ask, wish: Invited) -> tuple[str, Link | None]:
    """
    Invite somebody: to a party of one's own, or as an operator to any, or to a new one.

    Returns the invitation and the link to mail, which is made once: a wish repeated has none. An
    older invitation of the same person to the same party is withdrawn.
    """
    if not wish.party_id and not who.is_operator:
        raise NotAllowed(who="an operator")
    new = bool(wish.party_name and wish.role)
    if new == bool(wish.party_id) or (new and wish.duty != "manager"):
        raise InvitationUnclear
    made: list[Link] = []

    def save(tx: Tx) -> str:
        if open_counted(tx, who.member_id) >= OPEN_LIMIT:
            raise TooManyInvitations(limit=OPEN_LIMIT)
        known = _may_join(tx, who, wish) if wish.party_id else None
        role = known.role if known else (wish.role or "")
        party_name = known.name if known else wish.party_name
        invitation_id = _written(tx, who, wish, party_name, str(role))
        inviter = find_member(tx, who.member_id).name
        link = Link(Occasion.INVITATION, wish.email, wish.language, inviter, party_name)
        made[:] = [keep_link(tx, link, lasts_s=INVITATION_S, invitation_id=invitation_id)]
        return invitation_id

    return desk.once(ask, save), (made[0] if made else None)


def withdraw_invitation(desk: Desk, who: Actor, ask: Ask, invitation_id: str) -> str:
    """Withdraw an invitation to one's own party; an operator withdraws any."""

    def save(tx: Tx) -> str:
        row = find_invitation(tx, invitation_id)
        who.must_see("invitation", invitation_id, row.party_id or "")
        if not close_invitation(tx, invitation_id, "withdrawn"):
            raise InvitationClosed
        return invitation_id

    return desk.once(ask, save)


def take_invitation(desk: Desk, who: Actor, ask: Ask, invitation_id: str) -> str:
    """Take an invitation that went to one's own address; returns the party joined or founded."""

    def save(tx: Tx) -> str:
        return taken_by(tx, invitation_id, who.member_id, find_member(tx, who.member_id).email)

    return desk.once(ask, save)


def taken_by(tx: Tx, invitation_id: str, member_id: str, email: str) -> str:
    """Let a member take an invitation to its own address, once; somebody else's does not exist for it."""
    row = find_invitation(tx, invitation_id)
    if row.email != email:
        raise NotFound(kind="invitation", id=invitation_id)
    party_id = row.party_id or add_party(tx, row.party_name, Role(row.role), row.language)
    if not close_invitation(tx, invitation_id, "taken", party_id=party_id):
        raise InvitationClosed
    join(tx, member_id, party_id, row.duty)
    return party_id


def _may_join(tx: Tx, who: Actor, wish: Invited) -> Row[Any]:
    """Make room for an invitation to a party that stands; returns the party."""
    party = find_party(tx, wish.party_id)
    if not who.is_operator:
        who.must_act_for(wish.party_id, who="a manager of the party")
    known = member_of_email(tx, wish.email)
    if known and duty_in(tx, known.id, wish.party_id) in ("manager", wish.duty):
        raise AlreadyMember(email=wish.email)
    withdraw_same(tx, wish.party_id, wish.email)
    return party


def _written(tx: Tx, who: Actor, wish: Invited, party_name: str, role: str) -> str:
    return added(
        tx,
        invitation,
        "inv",
        party_id=wish.party_id or None,
        email=wish.email,
        role=role,
        party_name=party_name,
        duty=wish.duty,
        language=wish.language,
        invited_by=who.member_id,
        expires_at=tx.now_at + INVITATION_S,
    )
