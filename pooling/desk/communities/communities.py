"""
Communities: closed groups of parties with their own rules, defaults, trips and tours.

Any party may found one and is its steward. To whom none of its parties belongs, an operator of the house
among them, a community does not exist.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.communities.belonging import own_membership
from pooling.desk.desk import Desk
from pooling.desk.market.agreeing import end_asking
from pooling.store import Ask, Tx
from pooling.store.belonging import community, community_party
from pooling.store.communities import (
    belongs,
    bids_waiting_in,
    count_communities,
    count_stewards,
    counted_in,
    find_community,
    membership_of,
    parties_in,
    stewards_in,
)
from pooling.store.rotas import end_turns_of
from pooling.store.rows import NotFound, added, at_revision, changed, held
from pooling.store.trips import owners_of

COMMUNITIES_LIMIT = 20
"""To how many communities one party may belong."""

PARTIES_LIMIT = 500
"""How many parties may belong to one community."""


class TooManyCommunities(Refusal):
    code = "too_many_communities"
    reason = "{party} belongs to {limit} communities already."
    cure = "Leave one that is used no more."


class CommunityFull(Refusal):
    code = "community_full"
    reason = "{limit} parties belong to this community; no more may."
    cure = "Found another one, or let those go who take no part any more."


class LastSteward(Refusal):
    code = "last_steward"
    reason = "The community would be left without a steward."
    cure = "Make another member its steward first."


@dataclass(frozen=True)
class CommunityWords:
    """Hold what is said of a community; a default that is not said is the house's own."""

    name: str
    rules: str = ""
    detour_s: int | None = None
    target_percent: int | None = None
    cutoff_s: int | None = None
    fee_cents: int | None = None
    each_pays_its_way: bool | None = None


def found_community(desk: Desk, who: Actor, ask: Ask, party_id: str, words: CommunityWords) -> str:
    """Found a community; the party that does is its steward."""
    who.must_act_for(party_id, "a manager of the party")

    def save(tx: Tx) -> str:
        community_id = added(tx, community, "com", parties=0, **asdict(words))
        write_joined(tx, community_id, party_id, role="steward")
        tx.tell("community.founded", "community", community_id, {party_id})
        return community_id

    return desk.once(ask, save)


def change_community(
    desk: Desk, who: Actor, ask: Ask, community_id: str, revision: int | None, words: CommunityWords
) -> str:
    """Change a community's name, rules or defaults; what was posted before stays as it was posted."""

    def save(tx: Tx) -> str:
        must_be_steward(tx, who, community_id)
        row = find_community(tx, community_id)
        at_revision(row, revision, kind="community")
        changed(tx, community, row, asdict(words))
        tx.tell("community.changed", "community", community_id, parties_in(tx, community_id))
        return community_id

    return desk.once(ask, save)


def give_role(
    desk: Desk, who: Actor, ask: Ask, community_id: str, party_id: str, revision: int | None, role: str
) -> str:
    """Make a member a steward, or a steward a member again; the last one stays."""

    def save(tx: Tx) -> str:
        must_be_steward(tx, who, community_id)
        held(tx, community, community_id)
        row = _member(tx, community_id, party_id)
        at_revision(row, revision, kind="membership")
        if row.role == "steward" and role != "steward" and count_stewards(tx, community_id) == 1:
            raise LastSteward
        changed(tx, community_party, row, {"role": role}, kind="membership")
        tx.tell("community.role_given", "community", community_id, {party_id}, role=role)
        return community_id

    return desk.once(ask, save)


def leave_community(desk: Desk, who: Actor, ask: Ask, community_id: str, party_id: str) -> str:
    """
    Let one's own party leave a community, or as its steward remove somebody else's.

    What stands is kept: crates aboard, places on tours, trips that it posted. Bids that wait end, and its
    turns in the rotas of the community; nothing new is granted.
    """

    def save(tx: Tx) -> str:
        mine = own_membership(tx, who, community_id)
        held(tx, community, community_id)
        row = _member(tx, community_id, party_id)
        own = who.acts_for(party_id)
        if not own and mine.role != "steward":
            raise NotAllowed(who="a steward of the community")
        stays = [one for one in parties_in(tx, community_id) if one != party_id]
        if stays and row.role == "steward" and count_stewards(tx, community_id) == 1:
            raise LastSteward
        state = "left" if own else "removed"
        values = {"state": state, "role": "member", "ended_at": tx.now_at}
        changed(tx, community_party, row, values, kind="membership")
        counted_in(tx, community_id, -1, PARTIES_LIMIT)
        _end_what_waits(tx, community_id, party_id)
        told = {party_id, *stewards_in(tx, community_id)}
        if own:
            tx.tell("community.left", "community", community_id, told, party=party_id)
        else:
            tx.tell("community.removed", "community", community_id, told, party=party_id)
        return community_id

    return desk.once(ask, save)


def write_joined(
    tx: Tx, community_id: str, party_id: str, *, role: str = "member", link_id: str = ""
) -> None:
    """Let a party belong to a community from now on; who left or was removed before begins anew."""
    if count_communities(tx, party_id) >= COMMUNITIES_LIMIT:
        raise TooManyCommunities(party=party_id, limit=COMMUNITIES_LIMIT)
    if not counted_in(tx, community_id, 1, PARTIES_LIMIT):
        raise CommunityFull(limit=PARTIES_LIMIT)
    values = {"role": role, "state": "in", "link_id": link_id, "ended_at": None}
    before = membership_of(tx, community_id, party_id)
    if before is not None:
        changed(tx, community_party, before, values, kind="membership")
    else:
        added(tx, community_party, "cpt", community_id=community_id, party_id=party_id, **values)


def must_be_steward(tx: Tx, who: Actor, community_id: str) -> Row[Any]:
    """Return the membership by which the actor is a steward; a member may not, and others see nothing."""
    mine = own_membership(tx, who, community_id)
    if mine.role != "steward":
        raise NotAllowed(who="a steward of the community")
    return mine


def _member(tx: Tx, community_id: str, party_id: str) -> Row[Any]:
    row = belongs(tx, community_id, party_id)
    if row is None:
        raise NotFound(kind="member", id=party_id)
    return row


def _end_what_waits(tx: Tx, community_id: str, party_id: str) -> None:
    """End the bids of a party that wait for an answer in a community, and its turns on duty."""
    waiting = bids_waiting_in(tx, community_id, party_id)
    end_asking(tx, waiting, "bid.withdrawn", owners_of(tx, [one.trip_id for one in waiting]))
    end_turns_of(tx, community_id, party_id)
