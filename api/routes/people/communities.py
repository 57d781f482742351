"""Communities: closed groups with their own rules, trips and tours; for outsiders there are none."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.people.communities import (
    CommunityChange,
    CommunityInvitationShown,
    CommunityLinkShown,
    CommunityLinkWish,
    CommunityPartyShown,
    CommunityRoleWish,
    CommunityShown,
    CommunityWish,
    JoinCommunityWish,
    community_link_shown,
    community_party_shown,
    community_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, known_moment, refusals
from pooling.desk import Actor
from pooling.desk.communities.belonging import own_membership
from pooling.desk.communities.communities import (
    change_community,
    found_community,
    give_role,
    leave_community,
)
from pooling.desk.communities.community_links import (
    invite_to_community,
    join_community,
    read_invitation,
    revoke_community_link,
)
from pooling.store import View
from pooling.store.communities import (
    find_community,
    find_link,
    list_communities,
    list_links,
    list_parties_in,
)

router = APIRouter(tags=["communities"])
CommunityId = Annotated[Id, Path(description="The community.", examples=["com_01hg0000abcd"])]
PartyId = Annotated[Id, Path(description="A party that belongs to it.", examples=["pty_01hg0000abcd"])]
LinkId = Annotated[Id, Path(description="The link.", examples=["clk_01hg0000abcd"])]
Secret = Annotated[
    str, Path(min_length=1, max_length=80, description="The last part of the link.", examples=["Jv3…"])
]
FULL = ("too_many_communities", "community_full")


@router.post(
    "/communities",
    status_code=201,
    summary="Found a community",
    operation_id="found_community",
    responses=refusals(*WRITES, *FULL),
)
def found(house: TheHouse, who: Who, ask: Wish, wish: CommunityWish) -> CommunityShown:
    """Found a closed group; the party that does is its steward, and invites others by links."""
    return _shown(house, who, found_community(house.desk, who, ask, wish.party, wish.words()))


@router.get(
    "/communities",
    summary="List communities",
    operation_id="list_communities",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[CommunityShown]:
    """List the communities to which your parties belong, newest first; nobody sees others."""
    with house.desk.store.view() as view:
        rows, after = list_communities(view, who.manages, page)
        return Listed(items=[_seen(view, who, row.id) for row in rows], next=after)


@router.get(
    "/communities/{community_id}",
    summary="Read a community",
    operation_id="read_community",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, community_id: CommunityId, response: Response) -> CommunityShown:
    """Read the rules and defaults of a community to which one of your parties belongs."""
    shown = _shown(house, who, community_id)
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.put(
    "/communities/{community_id}",
    summary="Change a community",
    operation_id="change_community",
    responses=refusals(*CHANGES),
)
def change(
    house: TheHouse,
    who: Who,
    ask: Wish,
    community_id: CommunityId,
    wish: CommunityChange,
    revision: Revision,
) -> CommunityShown:
    """Change its name, rules or defaults, as its steward. What was posted stays as it was posted."""
    done = change_community(house.desk, who, ask, community_id, revision, wish.words())
    return _shown(house, who, done)


@router.get(
    "/communities/{community_id}/parties",
    summary="List who belongs to a community",
    operation_id="list_community_parties",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def parties(
    house: TheHouse, who: Who, community_id: CommunityId, page: Paging
) -> Listed[CommunityPartyShown]:
    """List the parties that belong to a community, to its members only."""
    with house.desk.store.view() as view:
        own_membership(view, who, community_id)
        rows, after = list_parties_in(view, community_id, page)
    return Listed(items=[community_party_shown(row) for row in rows], next=after)


@router.put(
    "/communities/{community_id}/parties/{party_id}",
    summary="Make a member a steward, or a steward a member",
    operation_id="give_community_role",
    responses=refusals(*CHANGES, "last_steward"),
)
def role(
    house: TheHouse,
    who: Who,
    ask: Wish,
    community_id: CommunityId,
    party_id: PartyId,
    wish: CommunityRoleWish,
    revision: Revision,
) -> CommunityShown:
    """Let a member look after the community too, or no longer; the last steward stays one."""
    done = give_role(house.desk, who, ask, community_id, party_id, revision, wish.role)
    return _shown(house, who, done)


@router.delete(
    "/communities/{community_id}/parties/{party_id}",
    status_code=204,
    summary="Leave a community, or remove a party from it",
    operation_id="leave_community",
    responses=refusals(*WRITES, "not_found", "last_steward"),
)
def leave(house: TheHouse, who: Who, ask: Wish, community_id: CommunityId, party_id: PartyId) -> None:
    """
    Leave with your own party, or as a steward remove another.

    What stands is kept: crates aboard, places on tours, trips that it posted. Its bids that wait end.
    """
    leave_community(house.desk, who, ask, community_id, party_id)


@router.post(
    "/communities/{community_id}/links",
    status_code=201,
    summary="Invite to a community",
    operation_id="invite_to_community",
    responses=refusals(*WRITES, "not_found", "too_many_links", "link_ends_badly"),
)
def invite(
    house: TheHouse, who: Who, ask: Wish, community_id: CommunityId, wish: CommunityLinkWish
) -> CommunityLinkShown:
    """Make a link that lets one party in, or all who hold it until it ends. It is told this once."""
    made = invite_to_community(house.desk, who, ask, community_id, wish.words())
    with house.desk.store.view() as view:
        row = find_link(view, made.link_id)
        return community_link_shown(row, join_url(house.settings.public_url, made.token))


@router.get(
    "/communities/{community_id}/links",
    summary="List the links to a community",
    operation_id="list_community_links",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def links(house: TheHouse, who: Who, community_id: CommunityId, page: Paging) -> Listed[CommunityLinkShown]:
    """List the links and how often each was used, to members; the links themselves are told no more."""
    with house.desk.store.view() as view:
        own_membership(view, who, community_id)
        rows, after = list_links(view, community_id, page)
    return Listed(items=[community_link_shown(row) for row in rows], next=after)


@router.post(
    "/community-links/{link_id}/revoke",
    summary="Revoke a link to a community",
    operation_id="revoke_community_link",
    responses=refusals(*WRITES, "not_found", "invitation_closed"),
)
def revoke(house: TheHouse, who: Who, ask: Wish, link_id: LinkId) -> CommunityLinkShown:
    """Revoke a link, as a steward: from now on it lets nobody in."""
    revoke_community_link(house.desk, who, ask, link_id)
    with house.desk.store.view() as view:
        return community_link_shown(find_link(view, link_id))


@router.get(
    "/community-invitations/{secret}",
    summary="Read what a link invites to",
    operation_id="read_community_invitation",
    responses=refusals("not_found", "invitation_closed"),
)
def invitation(house: TheHouse, secret: Secret) -> CommunityInvitationShown:
    """Read the name and the rules of the community behind a link, and nothing of its members."""
    with house.desk.store.view() as view:
        link, row = read_invitation(view, secret)
    return CommunityInvitationShown(
        community=row.id, name=row.name, rules=row.rules, ends=known_moment(link.expires_at)
    )


@router.post(
    "/community-invitations/{secret}/join",
    summary="Join a community",
    operation_id="join_community",
    responses=refusals(*WRITES, "not_found", "invitation_closed", "in_community_already", *FULL),
)
def join(house: TheHouse, who: Who, ask: Wish, secret: Secret, wish: JoinCommunityWish) -> CommunityShown:
    """Join a community with one of your parties, by a link that invites to it."""
    return _shown(house, who, join_community(house.desk, who, ask, secret, wish.party))


def join_url(public_url: str, token: str) -> str:
    """Return the page of a link; nothing where its secret is no longer known."""
    return f"{public_url}/join/{token}" if token else ""


def _shown(house: TheHouse, who: Actor, community_id: str) -> CommunityShown:
    with house.desk.store.view() as view:
        return _seen(view, who, community_id)


def _seen(view: View, who: Actor, community_id: str) -> CommunityShown:
    mine = own_membership(view, who, community_id)
    return community_shown(find_community(view, community_id), mine.role)
