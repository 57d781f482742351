"""
Sign in by a link that is mailed, serves once, and only for a quarter of an hour.

Nobody learns here whether an address is known: who asks is answered before anything is looked up,
and the mail goes to whoever owns the address. What is kept of a token is its hash. A link is used up
by confirming it alone; what a mail scanner opens on its own is not.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.actor import NotAllowed
from pooling.desk.desk import Desk
from pooling.desk.people.invitations import taken_by
from pooling.desk.people.links import LINKS_LIMIT, Link, Occasion, fresh_token, keep_link, plain_email
from pooling.desk.people.parties import party_by_itself
from pooling.desk.people.sessions import token_hash
from pooling.party import Role
from pooling.store import Tx
from pooling.store.invitations import latest_open
from pooling.store.links import LINK_S, live_links, use_link
from pooling.store.members import add_member, join, member_of_email
from pooling.store.sessions import open_session


class LinkSpent(Refusal):
    code = "link_spent"
    reason = "This link was used before, is too old, or is not whole."
    cure = "Ask for a new one: a link signs in once, within a quarter of an hour."


@dataclass(frozen=True)
class SignUp:
    """Hold what a stranger says of itself and of the party that it would found."""

    email: str
    name: str
    party_name: str
    role: Role
    language: str


@dataclass(frozen=True)
class SignedIn:
    """Hold a session just opened; its token is told once."""

    member_id: str
    session_id: str
    token: str


def ask_sign_in(desk: Desk, email: str) -> Link | None:
    """
    Make a link for a member, or for who is invited; ``None`` for whom the house does not know.

    ``None`` as well where enough links wait in that mailbox: any of them will do. Call it when the
    asker has its answer already: how long it takes tells what it found.
    """
    email = plain_email(email)

    def work(tx: Tx) -> Link | None:
        if live_links(tx, email) >= LINKS_LIMIT:
            return None
        known = member_of_email(tx, email)
        invited = None if known else latest_open(tx, email)
        if known is not None:
            return keep_link(tx, Link(Occasion.SIGN_IN, email, known.language))
        if invited is not None:
            link = Link(Occasion.SIGN_IN, email, invited.language)
            return keep_link(tx, link, invitation_id=invited.id)
        return None

    return desk.store.change(work)


def sign_up(desk: Desk, words: SignUp) -> Link | None:
    """
    Make a link for somebody who wants to take part: its party exists once the link is confirmed.

    Who is a member already founds one more party by it, so that nobody learns who is. ``None`` where
    enough links wait in that mailbox.
    """
    if words.role is Role.OPERATOR:
        raise NotAllowed(who="an operator")
    link = Link(Occasion.SIGN_UP, plain_email(words.email), words.language)

    def work(tx: Tx) -> Link | None:
        if live_links(tx, link.email) >= LINKS_LIMIT:
            return None
        return keep_link(tx, link, name=words.name, party_name=words.party_name, role=words.role.value)

    return desk.store.change(work)


def confirm_sign_in(desk: Desk, token: str, agent: str = "") -> SignedIn:
    """Use a link up and open a session; founds or joins the party that the link was mailed for."""
    try:
        return _confirmed(desk, token, agent)
    except IntegrityError:  # another link of the same new member was confirmed at the same moment
        return _confirmed(desk, token, agent)


def _confirmed(desk: Desk, token: str, agent: str) -> SignedIn:
    session_token = fresh_token()

    def work(tx: Tx) -> SignedIn:
        link = use_link(tx, token_hash(token))
        known = member_of_email(tx, link.email) if link else None
        if link is None or not (_opens_old(link, tx.now_at) if known else _opens_new(link)):
            raise LinkSpent
        member_id = known.id if known else add_member(tx, link.email, link.name, link.language)
        if link.invitation_id:
            taken_by(tx, link.invitation_id, member_id, link.email)
        if link.party_name:
            own_id = party_by_itself(tx, link.party_name, Role(link.role), link.language)
            join(tx, member_id, own_id, "manager")
        session_id = open_session(tx, member_id, token_hash(session_token), agent)
        return SignedIn(member_id, session_id, session_token)

    return desk.store.change(work)


def _opens_old(link: Row[Any], now_at: int) -> bool:
    """Tell whether a link signs a member in: an invitation that lay in a mailbox for days does not."""
    return bool(now_at < link.created_at + LINK_S)


def _opens_new(link: Row[Any]) -> bool:
    """Tell whether a link may make a new member."""
    return bool(link.invitation_id or link.party_name)
