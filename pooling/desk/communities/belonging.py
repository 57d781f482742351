"""Who belongs to a community, and may therefore ride, join and post there."""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.store import View
from pooling.store.communities import belongs, find_community
from pooling.store.rows import NotFound


class MembersOnly(Refusal):
    code = "members_only"
    reason = "This is for members of its community only; {party} is none."
    cure = "Ask a steward of the community for an invitation, or choose another trip or tour."


def must_belong(view: View, ride: Row[Any], party_id: str) -> None:
    """
    Refuse what is new on a members-only ride to a party that is no member, or no longer.

    Who cannot see the ride at all is told before that there is none.
    """
    if not may_ride(view, ride, party_id):
        raise MembersOnly(party=party_id)


def may_ride(view: View, ride: Row[Any], party_id: str) -> bool:
    """Tell whether a ride is for everybody, or the party belongs to its community."""
    return ride.community_id is None or belongs(view, ride.community_id, party_id) is not None


def may_post(view: View, community_id: str | None, party_id: str) -> None:
    """Refuse to post in a community to a party that does not belong to it: for it there is none."""
    if community_id is not None and belongs(view, community_id, party_id) is None:
        raise NotFound(kind="community", id=community_id)


def own_membership(view: View, who: Actor, community_id: str) -> Row[Any]:
    """
    Return the strongest membership of the actor's own parties: a steward's before a member's.

    For everybody else, an operator of the house among them, there is no such community.
    """
    mine = [one for party_id in sorted(who.manages) if (one := belongs(view, community_id, party_id))]
    if not mine:
        raise NotFound(kind="community", id=community_id)
    find_community(view, community_id)
    return min(mine, key=lambda one: (one.role != "steward", one.party_id))
