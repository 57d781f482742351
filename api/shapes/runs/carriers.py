"""Carriers on the wire: their dossiers, papers, areas and weeks."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field
from sqlalchemy import Row
from starlette.responses import Response

from api.shapes.words import Day, Id, Shape, known_moment, moment
from pooling.carriers.dossier import SOURCES, PaperKind
from pooling.desk.carriers.dossiers import PaperWords
from pooling.names import PLAIN

PARTY = "pty_01hg0000abcd"
DossierState = Literal["applied", "active", "suspended"]
PaperState = Literal["entered", "checked", "refused", "waived"]
Why = Annotated[str, Field(max_length=300, pattern=PLAIN)]
AREA = {
    "type": "Polygon",
    "coordinates": [[[7.3, 43.7], [7.45, 43.7], [7.45, 43.8], [7.3, 43.8], [7.3, 43.7]]],
}


class PaperWish(Shape):
    """A paper of your carrier, its vehicle or its driver."""

    kind: PaperKind = Field(description="What it is.", examples=["insurance"])
    about: Id | None = Field(
        None, description="The vehicle or the driver (a member) that it is of, else none.", examples=[None]
    )
    number: str = Field(
        "", max_length=120, pattern=PLAIN, description="Its number.", examples=["LTI-2026-0417"]
    )
    expires: Day | None = Field(None, description="The last day on which it holds.", examples=["2030-12-31"])

    def words(self) -> PaperWords:
        return PaperWords(self.kind, self.about or "", self.number, self.expires)


DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A paper as a file.",
        "content": {
            one: {"schema": {"type": "string", "format": "binary"}}
            for one in ("application/octet-stream", "application/pdf", "image/jpeg", "image/png")
        },
    }
}
"""What an operation declares that answers the file of a paper."""

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def document_answer(content: bytes, media_type: str) -> Response:
    """Answer a file to be saved, never shown inside a page of ours; nobody between keeps it."""
    name = f'attachment; filename="paper.{ENDINGS[media_type]}"'
    kept = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=kept | {"X-Content-Type-Options": "nosniff"})


class PaperFound(Shape):
    """What you found in a paper, as an operator."""

    state: Literal["checked", "refused", "waived"] = Field(
        description="`checked`; `refused`; or `waived`: you do without it, for a reason.",
        examples=["checked"],
    )
    note: Why = Field("", description="Why it was refused or waived.", examples=[""])


class Suspension(Shape):
    """Why a carrier is suspended."""

    reason: Why = Field(description="The carrier reads it.", examples=["No answer for a week."])


class AreaWish(Shape):
    """Where a carrier serves."""

    area: dict[str, Any] | None = Field(description="A GeoJSON Polygon; null: anywhere.", examples=[AREA])


class DaysGranted(Shape):
    """How many days of tours a carrier may drive in one week."""

    day: Day = Field(description="Any day of that week.", examples=["2026-09-12"])
    days: int = Field(ge=0, le=7, description="How many days.", examples=[4])
    reason: Why = Field(description="Why.", examples=["Harvest of the apricots."])


class DocumentWish(Shape):
    """The file of a paper."""

    content: Base64Bytes = Field(
        description="PDF, JPEG or PNG, as base64; at most 700,000 bytes.", examples=["JVBERi0xLjcK"]
    )


class PaperShown(BaseModel):
    """A paper as it stands."""

    id: Id = Field(description="The paper.", examples=["paper_01hg0000abcd"])
    carrier: Id = Field(description="Whose dossier it is in.", examples=[PARTY])
    kind: PaperKind = Field(description="What it is.", examples=["insurance"])
    source: str = Field(description="Where it is asked for.", examples=["Code des assurances L211-1"])
    about: str = Field(description="The vehicle or driver that it is of; empty: the carrier.", examples=[""])
    number: str = Field(description="Its number.", examples=["LTI-2026-0417"])
    expires: date | None = Field(description="The last day on which it holds.", examples=["2030-12-31"])
    state: PaperState = Field(description="What an operator found.", examples=["checked"])
    note: str = Field(description="Why it was refused or waived.", examples=[""])
    document: bool = Field(description="Whether its file was sent.", examples=[True])
    document_vetted: bool = Field(
        description="Whether that file is the one that an operator saw as it checked the paper.",
        examples=[True],
    )
    vetted_kept: bool = Field(description="Whether the file that was vetted is kept.", examples=[True])
    checked_by: str | None = Field(description="The member who looked at it.", examples=["mem_01hg0000abcd"])
    checked: datetime | None = Field(description="And when.", examples=["2026-09-10T08:00:00Z"])
    created: datetime = Field(description="When it was entered.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class WeekShown(BaseModel):
    """A week of which an operator granted more or fewer days."""

    monday: date = Field(description="Its Monday.", examples=["2026-09-07"])
    days: int = Field(description="Days of tours in it.", examples=[4])
    reason: str = Field(description="Why.", examples=["Harvest of the apricots."])


class DossierShown(BaseModel):
    """A carrier's dossier as it stands."""

    carrier: Id = Field(description="The carrier.", examples=[PARTY])
    state: DossierState = Field(
        description="`applied`, then `active` once an operator vetted it; `suspended`.", examples=["active"]
    )
    note: str = Field(description="Why it is suspended.", examples=[""])
    area: dict[str, Any] | None = Field(description="Where it serves; null: anywhere.", examples=[AREA])
    days_per_week: int = Field(description="Days of tours in a week.", examples=[3])
    weeks: list[WeekShown] = Field(description="Weeks with another number, the latest first.", examples=[[]])
    lacking: list[PaperKind] = Field(
        description="What is missing, not checked or over today, of the carrier itself.", examples=[[]]
    )
    revision: int = Field(description="Raised by each change.", examples=[1])


def paper_shown(row: Row[Any]) -> PaperShown:
    kind = PaperKind(row.kind)
    return PaperShown(
        id=row.id,
        carrier=row.party_id,
        kind=kind,
        source=SOURCES[kind],
        about=row.about_id,
        number=row.number,
        expires=row.expires,
        state=row.state,
        note=row.note,
        document=bool(row.file_id),
        document_vetted=bool(row.file_id) and row.file_id == row.vetted_file_id,
        vetted_kept=bool(row.vetted_file_id),
        checked_by=row.checked_by_id,
        checked=moment(row.checked_at),
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def dossier_shown(row: Row[Any], weeks: Sequence[Row[Any]], lacking: Sequence[PaperKind]) -> DossierShown:
    return DossierShown(
        carrier=row.party_id,
        state=row.state,
        note=row.note,
        area=json.loads(row.area) if row.area else None,
        days_per_week=row.days_per_week,
        weeks=[WeekShown(monday=one.monday, days=one.days, reason=one.reason) for one in weeks],
        lacking=list(lacking),
        revision=row.revision,
    )
