"""Invitations to drafted tours on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.tours.tour_drafts import DRAFT
from api.shapes.tours.tours import PARTY, TOUR
from api.shapes.words import Id, Shape, known_moment, moment
from pooling.desk.people.links import ADDRESS, ADDRESS_LIMIT
from pooling.desk.seeds.draft_invitations import DraftInvite

DRAFT_INVITATION = "div_01hg0000abcd"


class DraftInviteWish(Shape):
    """Whom of a draft to invite, and how: an address, a party that takes part, or neither (by hand)."""

    rank: Annotated[int, Field(ge=1, le=1_000)] = Field(
        description="Its place in the draft's list.", examples=[1]
    )
    email: Annotated[str, Field(max_length=ADDRESS_LIMIT, pattern=f"({ADDRESS})|^$")] = Field(
        "", description="Where the letter goes; empty for none.", examples=["farm@example.org"]
    )
    party: Id | None = Field(None, description="Its party, where it takes part here.", examples=[None])
    language: Literal["fr", "en"] = Field("fr", description="Of the letter.", examples=["fr"])

    def invite(self) -> DraftInvite:
        return DraftInvite(self.rank, self.email, self.party or "", self.language)


class DraftAnswerWish(Shape):
    """What was answered."""

    answer: Literal["seen", "joined", "declined"] = Field(description="The answer.", examples=["declined"])


class DraftInvitationShown(BaseModel):
    """An invitation to a drafted tour, and what became of it."""

    id: Id = Field(description="The invitation.", examples=[DRAFT_INVITATION])
    draft: Id = Field(description="The draft.", examples=[DRAFT])
    rank: int = Field(description="Its place in the draft's list.", examples=[1])
    role: str = Field(description="producer or buyer.", examples=["producer"])
    name: str = Field(description="Who is invited.", examples=["Ferme du Lac"])
    way: str = Field(description="mail, member or hand.", examples=["mail"])
    party: Id | None = Field(description="Its party, where it takes part.", examples=[PARTY])
    tour: Id | None = Field(
        description="The proposed tour, once there is one: its day and its price hold, not what was drafted.",
        examples=[TOUR],
    )
    crates: int = Field(description="Its crates a week.", examples=[8])
    share_cents: int = Field(description="What it would pay a week, cents; roughly.", examples=[1840])
    alone_cents: int = Field(description="What it would cost alone, cents; roughly.", examples=[4920])
    state: str = Field(description="invited, seen, joined or declined.", examples=["invited"])
    invited: datetime = Field(description="When.", examples=["2026-09-12T06:00:00Z"])
    seen: datetime | None = Field(description="When its link was opened.", examples=[None])
    reminded: datetime | None = Field(description="When it was reminded.", examples=[None])
    answered: datetime | None = Field(description="When it answered.", examples=[None])


def draft_invitation_shown(row: Row[Any], draft: Row[Any]) -> DraftInvitationShown:
    return DraftInvitationShown(
        id=row.id,
        draft=row.draft_id,
        rank=row.rank,
        role=row.role,
        name=row.name,
        way=row.way,
        party=row.party_id,
        tour=draft.tour_id,
        crates=row.crates,
        share_cents=row.share_cents,
        alone_cents=row.alone_cents,
        state=row.state,
        invited=known_moment(row.created_at),
        seen=moment(row.seen_at),
        reminded=moment(row.reminded_at),
        answered=moment(row.answered_at),
    )
