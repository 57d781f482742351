"""Members, their sessions and what they ask for, on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.sites import HOUR, hour
from api.shapes.words import Id, Name, Shape, known_moment
from pooling.desk.people.links import ADDRESS, ADDRESS_LIMIT, plain_email
from pooling.party import Role

Email = Annotated[
    str, Field(min_length=6, max_length=ADDRESS_LIMIT, pattern=ADDRESS), AfterValidator(plain_email)
]
Language = Literal["fr", "en"]
Duty = Literal["manager", "driver"]
OpenRole = Literal["producer", "buyer", "carrier", "intermediary", "private"]
"""The roles in which a party may found itself."""


class SignInWish(Shape):
    """Ask for a link by mail."""

    email: Email = Field(description="Where the link is sent.", examples=["jeanne@example.org"])


class SignUpWish(Shape):
    """Ask to take part, with a new party."""

    email: Email = Field(description="Where the link is sent.", examples=["jeanne@example.org"])
    name: Name = Field(description="Your name.", examples=["Jeanne Morel"])
    party_name: Name = Field(description="What your party is called.", examples=["Ferme de la Colle"])
    role: OpenRole = Field(description="What your party does.", examples=["producer"])
    language: Language = Field("fr", description="The language of mails to you.", examples=["fr"])


class ConfirmWish(Shape):
    """Use a mailed link up."""

    token: str = Field(
        min_length=20,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="The last part of the link's path.",
        examples=["pJ3yX0oK4mJ9cM2vQ7sT1uW5zA8bD6eF0gH3iL9nR4k"],
    )


class MailOnItsWay(BaseModel):
    """The same answer to everybody: whether an address is known is told to its owner alone."""

    said: str = Field(
        description="What happens now.", examples=["If this address may sign in, a link is on its way."]
    )


class PartyOfMine(BaseModel):
    """A party that you act for."""

    id: Id = Field(description="The party.", examples=["pty_01hg0000abcd"])
    name: str = Field(description="What it is called.", examples=["Ferme de la Colle"])
    role: Role = Field(description="What it does.", examples=["producer"])
    duty: Duty = Field(
        description="A manager does everything for it; a driver sees and signs its manifests.",
        examples=["manager"],
    )


class MeShown(BaseModel):
    """You, and the parties that you act for."""

    id: Id = Field(description="You.", examples=["mem_01hg0000abcd"])
    email: str = Field(description="By which you sign in.", examples=["jeanne@example.org"])
    name: str = Field(description="Your name.", examples=["Jeanne Morel"])
    language: Language = Field(description="The language of mails to you.", examples=["fr"])
    mail_on: bool = Field(description="Whether you are told by mail.", examples=[True])
    quiet_from: str = Field(description="No notices from this hour, local.", examples=["22:00"])
    quiet_until: str = Field(description="Until this hour, local.", examples=["06:00"])
    parties: list[PartyOfMine] = Field(description="The parties that you act for, the oldest first.")
    created: datetime = Field(description="Since when.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class SignedInShown(BaseModel):
    """A session just opened. Its token is told here once; the cookie holds the same."""

    token: str = Field(
        description="Send it as `Authorization: Bearer …`.",
        examples=["pJ3yX0oK4mJ9cM2vQ7sT1uW5zA8bD6eF0gH3iL9nR4k"],
    )
    session: Id = Field(description="The session.", examples=["ses_01hg0000abcd"])
    me: MeShown = Field(description="Who is signed in.")


class MeChange(Shape):
    """What you change of yourself; what is left out stays."""

    name: Name | None = Field(None, description="Your name.", examples=["Jeanne Morel"])
    language: Language | None = Field(None, description="The language of mails to you.", examples=["en"])
    mail_on: bool | None = Field(None, description="Whether you are told by mail.", examples=[True])
    quiet_from: str | None = Field(
        None, pattern=HOUR, description="No notices from this hour, local.", examples=["21:00"]
    )
    quiet_until: str | None = Field(
        None, pattern=HOUR, description="Until this hour, local.", examples=["07:00"]
    )


class SessionShown(BaseModel):
    """A place where you are signed in."""

    id: Id = Field(description="The session.", examples=["ses_01hg0000abcd"])
    agent: str = Field(description="The browser or program, as it calls itself.", examples=["Firefox"])
    current: bool = Field(description="Whether it is the one that asks.", examples=[True])
    created: datetime = Field(description="Since when.", examples=["2026-09-10T08:00:00Z"])
    seen: datetime = Field(description="Last used, to the day.", examples=["2026-09-12T06:00:00Z"])
    expires: datetime = Field(description="When it ends unless used.", examples=["2026-11-09T08:00:00Z"])


def me_shown(row: Row[Any], parties: list[Row[Any]]) -> MeShown:
    return MeShown(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        mail_on=row.mail_on,
        quiet_from=hour(row.quiet_from_s),
        quiet_until=hour(row.quiet_until_s),
        parties=[
            PartyOfMine(id=one.id, name=one.name, role=Role(one.role), duty=one.duty) for one in parties
        ],
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def session_shown(row: Row[Any], current: str) -> SessionShown:
    return SessionShown(
        id=row.id,
        agent=row.agent,
        current=row.id == current,
        created=known_moment(row.created_at),
        seen=known_moment(row.seen_at),
        expires=known_moment(row.expires_at),
    )
