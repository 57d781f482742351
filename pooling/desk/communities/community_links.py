"""
Links that invite to a community: for one party or open until a date; revocable, and counted.

Only the hash of a link is kept, so it is shown once. Who holds it reads the name and the rules of the
community, and nothing of its members or trips before it has joined.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.communities import must_be_steward, write_joined
from pooling.desk.desk import Desk
from pooling.desk.people.invitations import InvitationClosed
from pooling.desk.people.links import fresh_token
from pooling.desk.people.sessions import token_hash
from pooling.store import Ask, Tx, View
from pooling.store.belonging import community_link
from pooling.store.communities import (
    belongs,
    count_live_links,
    find_community,
    find_link,
    link_of_token,
    revoke_link,
    stewards_in,
    use_community_link,
)
from pooling.store.rows import NotFound, added

LINKS_LIMIT = 100
"""How many links of one community may be in use at once."""

LASTS_LIMIT_S = 366 * 24 * 3600
"""How far ahead a link may end."""


class TooManyLinks(Refusal):
    code = "too_many_links"
    reason = "{limit} links to this community are in use; no more may be."
    cure = "Revoke those that are needed no more, or wait until they end."


class LinkEndsBadly(Refusal):
    code = "link_ends_badly"
    reason = "A link ends after now, and within a year."
    cure = "Choose a day within the next twelve months."


class InCommunityAlready(Refusal):
    code = "in_community_already"
    reason = "{party} belongs to this community already."
    cure = "Nothing needs to be done: look at its page."


@dataclass(frozen=True)
class LinkWords:
    """Hold whom a link lets in: one party, or whoever holds it until a moment."""

    until_at: int
    single_use: bool = True
    note: str = ""


@dataclass(frozen=True)
class Made:
    """Hold a link that was made; ``token`` is empty where the same wish had made it before."""

    link_id: str
    token: str


def invite_to_community(desk: Desk, who: Actor, ask: Ask, community_id: str, words: LinkWords) -> Made:
    """Make a link that invites to a community, as its steward."""
    token = fresh_token()
    kept: list[str] = []

    def save(tx: Tx) -> str:
        must_be_steward(tx, who, community_id)
        if not tx.now_at < words.until_at <= tx.now_at + LASTS_LIMIT_S:
            raise LinkEndsBadly
        if count_live_links(tx, community_id) >= LINKS_LIMIT:
            raise TooManyLinks(limit=LINKS_LIMIT)
        link_id = added(
            tx,
            community_link,
            "clk",
            community_id=community_id,
            token_hash=token_hash(token),
            note=words.note,
            uses_limit=1 if words.single_use else None,
            expires_at=words.until_at,
            by_member_id=who.member_id,
        )
        kept[:] = [link_id]
        return link_id

    link_id = desk.once(ask, save)
    return Made(link_id, token if kept == [link_id] else "")


def revoke_community_link(desk: Desk, who: Actor, ask: Ask, link_id: str) -> str:
    """End a link of a community, as its steward: from now on it lets nobody in."""

    def save(tx: Tx) -> str:
        row = seen_link(tx, who, link_id)
        must_be_steward(tx, who, row.community_id)
        if not revoke_link(tx, link_id):
            raise InvitationClosed
        return link_id

    return desk.once(ask, save)


def seen_link(view: View, who: Actor, link_id: str) -> Row[Any]:
    """Return a link to who belongs to its community; to everybody else there is none."""
    row = find_link(view, link_id)
    if not any(belongs(view, row.community_id, party_id) for party_id in who.manages):
        raise NotFound(kind="link", id=link_id)
    return row


def read_invitation(view: View, token: str) -> tuple[Row[Any], Row[Any]]:
    """Return the link behind a token and its community, while it still lets somebody in."""
    link = link_of_token(view, token_hash(token))
    if link is None:
        raise NotFound(kind="invitation", id="")
    spent = link.uses_limit is not None and link.used >= link.uses_limit
    if spent or link.revoked_at is not None or link.expires_at <= view.now_at:
        raise InvitationClosed
    return link, find_community(view, link.community_id)


def join_community(desk: Desk, who: Actor, ask: Ask, token: str, party_id: str) -> str:
    """Join a community with a party of one's own, by a link; returns the community."""

    def save(tx: Tx) -> str:
        found = link_of_token(tx, token_hash(token))
        if found is None:
            raise NotFound(kind="invitation", id="")
        who.must_act_for(party_id, "a manager of the party")
        if belongs(tx, found.community_id, party_id) is not None:
            raise InCommunityAlready(party=party_id)
        link, row = read_invitation(tx, token)
        if not use_community_link(tx, link.id):
            raise InvitationClosed
        write_joined(tx, row.id, party_id, link_id=link.id)
        told = {party_id, *stewards_in(tx, row.id)}
        tx.tell("community.joined", "community", row.id, told, party=party_id)
        return str(row.id)

    return desk.once(ask, save)
