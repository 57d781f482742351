"""Waiting at a stop on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, Shape, Text, known_moment
from pooling.desk.runs.waiting import WAITED_MIN_LIMIT, Blame, WaitWords

SHIPMENT = "shp_01hg0000abcd"
Why = Annotated[Text, Field(min_length=1)]
Minutes = Annotated[int, Field(ge=0, le=WAITED_MIN_LIMIT)]


class WaitWish(Shape):
    """How long a vehicle waited beyond its plan, and by whose fault."""

    shipment: Id = Field(description="For which crates.", examples=[SHIPMENT])
    way: Literal["on", "off"] = Field(description="At their pickup, or at their drop.", examples=["on"])
    minutes: Annotated[int, Field(ge=1, le=WAITED_MIN_LIMIT)] = Field(
        description="Minutes beyond the plan.", examples=[20]
    )
    fault: Blame = Field(
        description="Whose fault: `sender`, `receiver`, `carrier` (nothing is owed), or `nobody`.",
        examples=["sender"],
    )
    note: Why = Field(description="Why: who is at fault reads it.", examples=["The crates were not packed"])

    def words(self) -> WaitWords:
        return WaitWords(self.shipment, self.way, self.minutes, self.fault, self.note)


class WaitCorrection(Shape):
    """What a note of waiting should have said."""

    minutes: Minutes = Field(description="Minutes beyond the plan; 0: none.", examples=[5])
    fault: Blame = Field(description="Whose fault.", examples=["nobody"])
    note: Why = Field(description="What was noted wrongly: both sides read it.", examples=["A road was shut"])


class WaitShown(BaseModel):
    """A note of waiting."""

    id: Id = Field(description="The note.", examples=["wai_01hg0000abcd"])
    manifest: Id = Field(description="The manifest.", examples=["mnf_01hg0000abcd"])
    shipment: Id = Field(description="For which crates.", examples=[SHIPMENT])
    way: Literal["on", "off"] = Field(description="At their pickup, or at their drop.", examples=["on"])
    minutes: int = Field(description="Minutes beyond the plan.", examples=[20])
    fault: Blame = Field(description="Whose fault.", examples=["sender"])
    owed_by: Id | None = Field(
        description="Who owes it; none: nobody, or a community.", examples=["pty_01hg0000abcd"]
    )
    cents: int = Field(description="What the card pays for it, cents.", examples=[400])
    note: str = Field(description="Why.", examples=["The crates were not packed"])
    corrects: str = Field(description="The note in whose place it stands, or empty.", examples=[""])
    created: datetime = Field(description="When it was noted.", examples=["2026-09-12T05:20:00Z"])


def wait_shown(row: Row) -> WaitShown:  # type: ignore[type-arg]
    same = ("id", "way", "minutes", "fault", "cents", "note")
    return WaitShown(
        **{name: getattr(row, name) for name in same},
        manifest=row.manifest_id,
        shipment=row.shipment_id,
        owed_by=row.fault_id,
        corrects=row.corrects or "",
        created=known_moment(row.created_at),
    )
