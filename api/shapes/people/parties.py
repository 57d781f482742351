"""Parties, their members, invitations and the directory, on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.people.people import Duty, Email, Language
from api.shapes.words import Day, Id, Name, Shape, known_moment
from pooling.names import PLAIN
from pooling.party import SIREN, Role
from pooling.site import ADDRESS_LIMIT
from pooling.store import View
from pooling.store.days import as_party, parties_by_id


class PartyWish(Shape):
    """A new party; you manage it."""

    name: Name = Field(description="What it is called.", examples=["Ferme de la Colle"])
    role: Role = Field(description="What it does; it never changes.", examples=["producer"])


class PartyChange(Shape):
    """What a party says of itself."""

    name: Name = Field(description="What it is called.", examples=["Ferme de la Colle"])
    group: str = Field(
        "",
        max_length=120,
        pattern=PLAIN,
        description="Its GIE, CUMA or other group.",
        examples=["CUMA du Var"],
    )
    licence: str = Field(
        "",
        max_length=120,
        pattern=PLAIN,
        description="The number of its carrier's licence; another one has to be vetted anew.",
        examples=["LTI-2026-0417"],
    )
    address: str = Field(
        "",
        max_length=ADDRESS_LIMIT,
        pattern=PLAIN,
        description="The address of its seat, in full, as a carrier's waybills name it.",
        examples=["3 avenue du Port, 06320 Cap-d'Ail"],
    )
    siren: str = Field(
        "", pattern=SIREN, description="Its SIREN, as waybills name it.", examples=["552100554"]
    )
    language: Language = Field("fr", description="The language of its papers.", examples=["fr"])


class VettingWish(Shape):
    """What you found in a party's papers."""

    vetted: bool = Field(default=True, description="False takes it back.", examples=[True])
    licence: str = Field(
        "", max_length=120, pattern=PLAIN, description="The licence's number.", examples=["LTI-2026-0417"]
    )
    until: Day | None = Field(
        None, description="The last day on which the licence holds.", examples=["2030-12-31"]
    )


class GroupConfirmation(Shape):
    """That a party belongs to the group that it names."""

    group: str = Field(
        max_length=120, pattern=PLAIN, description="As the party names it.", examples=["CUMA du Var"]
    )
    confirmed: bool = Field(
        default=True, description="False takes it back; only an operator may.", examples=[True]
    )


class FarmConfirmation(Shape):
    """That a producer is a farm for the law."""

    confirmed: bool = Field(default=True, description="False takes it back.", examples=[True])


class Confirmed(BaseModel):
    """Who confirmed it, and when."""

    by: str = Field(description="The party that confirmed it.", examples=["Carriole Azur"])
    at: datetime = Field(description="When.", examples=["2026-09-10T08:00:00Z"])


class GroupAsker(BaseModel):
    """A party that says it belongs to your group, and waits to be confirmed."""

    id: Id = Field(description="The party.", examples=["pty_01hg0000abcd"])
    name: str = Field(description="What it is called.", examples=["Ferme de la Colle"])
    role: Role = Field(description="What it does.", examples=["producer"])
    group: str = Field(description="The group.", examples=["CUMA du Var"])


class PartyShown(BaseModel):
    """A party as it stands."""

    id: Id = Field(description="The party.", examples=["pty_01hg0000abcd"])
    name: str = Field(description="What it is called.", examples=["Ferme de la Colle"])
    role: Role = Field(description="What it does.", examples=["producer"])
    group: str = Field(description="Its GIE, CUMA or other group.", examples=["CUMA du Var"])
    group_confirmed: Confirmed | None = Field(
        description="Who confirmed that it belongs there; before that it does not count."
    )
    farm: bool = Field(description="Whether it counts as a farm for the law.", examples=[True])
    farm_confirmed: Confirmed | None = Field(
        description="Who confirmed that; none where it was entered as a farm by an operator."
    )
    vetted: bool = Field(description="Whether an operator saw its papers.", examples=[False])
    licence: str = Field(description="The number of its carrier's licence.", examples=["LTI-2026-0417"])
    licence_until: date | None = Field(
        description="The last day on which the licence holds.", examples=["2030-12-31"]
    )
    address: str = Field(
        description="The address of its seat.",
        examples=["3 avenue du Port, 06320 Cap-d'Ail"],
    )
    siren: str = Field(description="Its SIREN.", examples=["552100554"])
    language: Language = Field(description="The language of its papers.", examples=["fr"])
    created: datetime = Field(description="When it was founded.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class MemberShown(BaseModel):
    """Somebody who acts for a party."""

    id: Id = Field(description="The member.", examples=["mem_01hg0000abcd"])
    name: str = Field(description="Its name.", examples=["Jeanne Morel"])
    email: str = Field(description="Its address.", examples=["jeanne@example.org"])
    duty: Duty = Field(description="What it may do for the party.", examples=["driver"])
    joined: datetime = Field(description="Since when.", examples=["2026-09-10T08:00:00Z"])


class InvitationWish(Shape):
    """Somebody whom you invite: to a party that stands, or (an operator) to a new one."""

    email: Email = Field(description="Where the invitation is sent.", examples=["luc@example.org"])
    party: Id | None = Field(None, description="The party to act for.", examples=["pty_01hg0000abcd"])
    party_name: Name | None = Field(
        None, description="Or what a new party is called.", examples=["Les Halles"]
    )
    role: Role | None = Field(None, description="And what it does.", examples=["buyer"])
    duty: Duty = Field("manager", description="What the invited may do for it.", examples=["driver"])
    language: Language = Field("fr", description="The language of the mail.", examples=["fr"])


class InvitationShown(BaseModel):
    """An invitation as it stands."""

    id: Id = Field(description="The invitation.", examples=["inv_01hg0000abcd"])
    email: str = Field(description="Who is invited.", examples=["luc@example.org"])
    party: Id | None = Field(description="The party, once it exists.", examples=["pty_01hg0000abcd"])
    party_name: str = Field(description="What the party is called.", examples=["Les Halles"])
    role: Role = Field(description="What the party does.", examples=["buyer"])
    duty: Duty = Field(description="What the invited may do for it.", examples=["driver"])
    state: Literal["open", "taken", "withdrawn", "expired"] = Field(
        description="What became of it.", examples=["open"]
    )
    expires: datetime = Field(description="Until when it may be taken.", examples=["2026-09-24T08:00:00Z"])
    created: datetime = Field(description="When it was sent.", examples=["2026-09-10T08:00:00Z"])


class SiteKnownShown(BaseModel):
    """What every member may know of a site."""

    id: Id = Field(description="The site.", examples=["site_01hg0000abcd"])
    name: str = Field(description="How people call it.", examples=["Ferme de la Colle, cour"])
    party_name: str = Field(description="Whose it is.", examples=["Ferme de la Colle"])
    role: Role = Field(description="What that party does.", examples=["producer"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7431])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.3652])


def parties_shown(view: View, rows: Sequence[Row[Any]]) -> list[PartyShown]:
    """Show parties, with the names of who confirmed them."""
    ids = {each for one in rows for each in (one.group_confirmed_by_id, one.farm_confirmed_by_id)}
    names = {one.id: one.name for one in parties_by_id(view, ids - {""}).values()}
    return [_party(one, names) for one in rows]


def _party(row: Row[Any], names: Mapping[str, str]) -> PartyShown:
    return PartyShown(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        group=row.group_name,
        group_confirmed=_confirmed(row.group_confirmed_by_id, row.group_confirmed_at, names),
        farm=as_party(row).is_farm,
        farm_confirmed=_confirmed(row.farm_confirmed_by_id, row.farm_confirmed_at, names),
        vetted=row.vetted,
        licence=row.licence,
        licence_until=row.licence_until,
        address=row.address,
        siren=row.siren,
        language=row.language,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def asker_shown(row: Row[Any]) -> GroupAsker:
    return GroupAsker(id=row.id, name=row.name, role=Role(row.role), group=row.group_name)


def _confirmed(by_id: str, at: int | None, names: Mapping[str, str]) -> Confirmed | None:
    return None if at is None else Confirmed(by=names.get(by_id, ""), at=known_moment(at))


def member_shown(row: Row[Any]) -> MemberShown:
    return MemberShown(
        id=row.id, name=row.name, email=row.email, duty=row.duty, joined=known_moment(row.joined_at)
    )


def invitation_shown(row: Row[Any], now_at: int) -> InvitationShown:
    """Show an invitation; one that nobody took in time has expired."""
    return InvitationShown(
        id=row.id,
        email=row.email,
        party=row.party_id,
        party_name=row.party_name,
        role=Role(row.role),
        duty=row.duty,
        state="expired" if row.state == "open" and row.expires_at <= now_at else row.state,
        expires=known_moment(row.expires_at),
        created=known_moment(row.created_at),
    )
