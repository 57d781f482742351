"""A member's own words, who acts for a party no longer, and sessions that end."""

from collections.abc import Mapping

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.store import Ask, Tx
from pooling.store.members import duty_in, find_member, leave, managers_held
from pooling.store.parties import find_party
from pooling.store.people import member
from pooling.store.rows import NotFound, at_revision, changed
from pooling.store.sessions import owner_of_session, revoke_session


class LastManager(Refusal):
    code = "last_manager"
    reason = "A party keeps at least one manager, and this is the last one."
    cure = "Invite another manager first."


def change_me(desk: Desk, who: Actor, ask: Ask, revision: int | None, values: Mapping[str, object]) -> str:
    """Change one's own name, language, and when one may be told of things."""

    def save(tx: Tx) -> str:
        row = find_member(tx, who.member_id)
        at_revision(row, revision, kind="member")
        changed(tx, member, row, values)
        return who.member_id

    return desk.once(ask, save)


def remove_member(desk: Desk, who: Actor, ask: Ask, party_id: str, member_id: str) -> str:
    """
    End that a member acts for a party; its next request is refused there.

    A manager removes anybody, everybody may leave; but a last manager stays.
    """

    def save(tx: Tx) -> str:
        find_party(tx, party_id)
        _may_remove(who, party_id, member_id)
        managers = managers_held(tx, party_id)
        if not duty_in(tx, member_id, party_id):
            raise NotFound(kind="member", id=member_id)
        if managers == {member_id}:
            raise LastManager
        leave(tx, member_id, party_id)
        return member_id

    return desk.once(ask, save)


def end_session(desk: Desk, who: Actor, ask: Ask, session_id: str) -> str:
    """Revoke a session of one's own: its token opens nothing from now on."""

    def save(tx: Tx) -> str:
        if owner_of_session(tx, session_id) != who.member_id:
            raise NotFound(kind="session", id=session_id)
        revoke_session(tx, session_id)
        return session_id

    return desk.once(ask, save)


def _may_remove(who: Actor, party_id: str, member_id: str) -> None:
    if who.acts_for(party_id) or (member_id == who.member_id and party_id in who.drives):
        return
    if who.is_operator or party_id in who.drives:
        raise NotAllowed(who="a manager of the party")
    raise NotFound(kind="party", id=party_id)
