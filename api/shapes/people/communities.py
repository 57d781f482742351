"""Communities on the wire: rules and defaults, who belongs to one, links that invite."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import COMMUNITY
from api.shapes.words import Cents, Id, Moment, Name, Shape, known_moment, moment, seconds
from pooling.desk.communities.communities import CommunityWords
from pooling.desk.communities.community_links import LinkWords
from pooling.intake.trips import DETOUR_MIN_LIMIT
from pooling.names import PLAIN

PARTY = "pty_01hg0000abcd"
LINK = "clk_01hg0000abcd"
CUTOFF_H_LIMIT = 7 * 24
Rules = Annotated[str, Field(max_length=10_000)]
Role = Literal["steward", "member"]


class CommunityDefaults(Shape):
    """What a community usually does; null: as the house does."""

    detour_min: Annotated[int, Field(ge=0, le=DETOUR_MIN_LIMIT)] | None = Field(
        None, description="How much longer a trip would drive for guests, minutes.", examples=[20]
    )
    target_percent: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None, description="Carriage above this share of the goods' value is dear, percent.", examples=[12]
    )
    cutoff_hours: Annotated[int, Field(ge=0, le=CUTOFF_H_LIMIT)] | None = Field(
        None, description="How long before it begins a trip or tour takes nobody more, hours.", examples=[12]
    )
    fee_cents: Cents | None = Field(
        None, description="The operator's own line on tours, cents.", examples=[150]
    )
    each_pays_its_way: bool | None = Field(
        None,
        description="Whether a newcomer to its tours pays at least what it adds before they are paid, too.",
        examples=[True],
    )


class CommunityChange(CommunityDefaults):
    """What is said of a community."""

    name: Name = Field(description="How people call it.", examples=["Paniers de la vallée"])
    rules: Rules = Field("", description="Its rules, as its members read them.", examples=["Crates washed."])

    def words(self) -> CommunityWords:
        return CommunityWords(
            name=self.name,
            rules=self.rules,
            detour_s=None if self.detour_min is None else self.detour_min * 60,
            target_percent=self.target_percent,
            cutoff_s=None if self.cutoff_hours is None else self.cutoff_hours * 3600,
            fee_cents=self.fee_cents,
            each_pays_its_way=self.each_pays_its_way,
        )


class CommunityWish(CommunityChange):
    """A new community."""

    party: Id = Field(description="Who founds it and is its steward, one of your parties.", examples=[PARTY])


class CommunityShown(BaseModel):
    """A community, as its members see it."""

    id: Id = Field(description="The community.", examples=[COMMUNITY])
    name: str = Field(description="How people call it.", examples=["Paniers de la vallée"])
    rules: str = Field(description="Its rules.", examples=["Crates come back washed."])
    detour_min: int | None = Field(description="Its usual detour, minutes; null: the house's.", examples=[20])
    target_percent: int | None = Field(description="Carriage above it is dear, percent.", examples=[12])
    cutoff_hours: int | None = Field(description="Its usual cut-off, hours before.", examples=[12])
    fee_cents: int | None = Field(description="Its usual fee on tours, cents.", examples=[150])
    each_pays_its_way: bool | None = Field(
        description="Whether newcomers to its tours pay what they add before these are paid, too.",
        examples=[True],
    )
    parties: int = Field(description="How many parties belong to it.", examples=[14])
    role: Role = Field(description="What you are in it.", examples=["member"])
    created: datetime = Field(description="When it was founded.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change and each party.", examples=[1])


class CommunityPartyShown(BaseModel):
    """A party that belongs to a community."""

    party: Id = Field(description="The party.", examples=[PARTY])
    name: str = Field(description="How people call it.", examples=["Ferme de la Colle"])
    trade: str = Field(description="What it is in the house.", examples=["producer"])
    role: Role = Field(description="What it is in the community.", examples=["member"])
    since: datetime = Field(description="Since when.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class CommunityRoleWish(Shape):
    """What a party is to be in a community."""

    role: Role = Field(description="A steward looks after it.", examples=["steward"])


class CommunityLinkWish(Shape):
    """A link that invites to a community."""

    single_use: bool = Field(
        default=True, description="For one party; else for all until it ends.", examples=[True]
    )
    ends: Moment = Field(description="When, within a year.", examples=["2026-10-01T18:00:00+02:00"])
    note: Annotated[str, Field(max_length=120, pattern=PLAIN)] = Field(
        "", description="For whom, as you call them.", examples=["Market of Vaulx"]
    )

    def words(self) -> LinkWords:
        return LinkWords(seconds(self.ends), self.single_use, self.note)


class CommunityLinkShown(BaseModel):
    """A link that invites, and how often it was used."""

    id: Id = Field(description="The link.", examples=[LINK])
    community: Id = Field(description="To which community.", examples=[COMMUNITY])
    note: str = Field(description="For whom.", examples=["Market of Vaulx"])
    single_use: bool = Field(description="Whether it lets in one party only.", examples=[True])
    used: int = Field(description="How many parties came by it.", examples=[0])
    ends: datetime = Field(description="When it ends.", examples=["2026-10-01T16:00:00Z"])
    revoked: datetime | None = Field(description="When it was revoked, if it was.", examples=[None])
    url: str = Field(
        description="The link itself: told only in the answer that made it.",
        examples=["https://carriole.example/join/…"],
    )


class CommunityInvitationShown(BaseModel):
    """What a link invites to."""

    community: Id = Field(description="The community.", examples=[COMMUNITY])
    name: str = Field(description="How people call it.", examples=["Paniers de la vallée"])
    rules: str = Field(description="The rules that its members keep.", examples=["Crates come back washed."])
    ends: datetime = Field(description="When the link ends.", examples=["2026-10-01T16:00:00Z"])


class JoinCommunityWish(Shape):
    """Which party joins."""

    party: Id = Field(description="One of your parties.", examples=[PARTY])


def community_shown(row: Row[Any], role: Role) -> CommunityShown:
    return CommunityShown(
        id=row.id,
        name=row.name,
        rules=row.rules,
        detour_min=None if row.detour_s is None else row.detour_s // 60,
        target_percent=row.target_percent,
        cutoff_hours=None if row.cutoff_s is None else row.cutoff_s // 3600,
        fee_cents=row.fee_cents,
        each_pays_its_way=row.each_pays_its_way,
        parties=row.parties,
        role=role,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def community_party_shown(row: Row[Any]) -> CommunityPartyShown:
    return CommunityPartyShown(
        party=row.party_id,
        name=row.party_name,
        trade=row.trade,
        role=row.role,
        since=known_moment(row.created_at),
        revision=row.revision,
    )


def community_link_shown(row: Row[Any], url: str = "") -> CommunityLinkShown:
    return CommunityLinkShown(
        id=row.id,
        community=row.community_id,
        note=row.note,
        single_use=row.uses_limit is not None,
        used=row.used,
        ends=known_moment(row.expires_at),
        revoked=moment(row.revoked_at),
        url=url,
    )
