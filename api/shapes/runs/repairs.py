"""Repairs of a frozen ride on the wire, and the editions that they leave."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.runs.custody import SHIPMENT
from api.shapes.runs.manifests import (
    BerthShown,
    ChangeShown,
    StopShown,
    berths_shown,
    changes_shown,
    stop_shown,
)
from api.shapes.words import Id, Moment, Shape, Text, known_moment, seconds
from pooling.desk.runs.repairing_runs import LATE_MIN_LIMIT, RepairWords
from pooling.desk.runs.taking_over import TakeOverWords
from pooling.runs.manifest_json import read_manifest


class RepairWish(Shape):
    """What happened to a frozen ride."""

    kind: Literal["cancel", "late", "lost"] = Field(
        description="`cancel`: a shipment is called off; `late`: it loses minutes; `lost`: it broke down.",
        examples=["late"],
    )
    shipment: Id | None = Field(None, description="Which is called off.", examples=[SHIPMENT])
    minutes: Annotated[int, Field(ge=0, le=LATE_MIN_LIMIT)] = Field(
        0, description="How late, from the next stop on; at least 1 where it is late.", examples=[30]
    )
    reason: Annotated[str, Field(max_length=500)] = Field(
        "",
        description="Why it is called off: needed for that, and read by whoever pays and receives.",
        examples=["The van is full"],
    )
    anyway: bool = Field(
        default=False, description="Even where hours can no longer be kept: you know whose.", examples=[False]
    )

    def words(self) -> RepairWords:
        return RepairWords(self.kind, self.shipment or "", self.minutes, self.anyway, self.reason)


class TakeOverWish(Shape):
    """Crates that changed vans."""

    way: Literal["give", "take"] = Field(
        description="Whether the van of this manifest gave them, or took them.", examples=["give"]
    )
    code: Annotated[str, Field(min_length=8, max_length=12)] = Field(
        description="The code of the other van: its driver's word.", examples=["48213307"]
    )
    counted: Annotated[dict[Id, Annotated[int, Field(ge=1, le=400)]], Field(max_length=200)] = Field(
        default_factory=dict,
        description="Crates of each shipment that goes over; nothing named: all that is on board.",
        examples=[{SHIPMENT: 4}],
    )
    missing_lost: bool = Field(
        default=False, description="Whether what was not counted is missing.", examples=[False]
    )
    note: Text = Field("", description="Why.", examples=["Gearbox"])
    happened: Moment | None = Field(
        None, description="When, where that was earlier than now.", examples=["2026-09-12T06:47:00+02:00"]
    )
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        None, description="Where the vans met; else where the one that gives called last.", examples=[43.7384]
    )
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        None, description="Longitude.", examples=[7.4246]
    )
    anyway: bool = Field(
        default=False, description="Even where hours can no longer be kept: you know whose.", examples=[False]
    )

    def words(self) -> TakeOverWords:
        same = ("way", "code", "counted", "missing_lost", "note", "lat", "lon", "anyway")
        happened_at = None if self.happened is None else seconds(self.happened)
        return TakeOverWords(**{name: getattr(self, name) for name in same}, happened_at=happened_at)


class VanCodeShown(BaseModel):
    """By what a van is known to the driver of another."""

    code: str = Field(description="Eight figures; empty before anything was frozen.", examples=["48213307"])


class EditionCard(BaseModel):
    """An edition of a manifest that was repaired."""

    id: Id = Field(description="The edition.", examples=["edn_01hg0000abcd"])
    manifest: Id = Field(description="The manifest.", examples=["mnf_01hg0000abcd"])
    edition: int = Field(description="From 1.", examples=[1])
    number: str = Field(description="Its number on paper.", examples=["20260912-tour_01hg0000abcd"])
    superseded: bool = Field(description="Whether a later one took its place.", examples=[True])
    supersedes: str = Field(description="The number whose place it took, or empty.", examples=[""])
    why: str = Field(description="Why, or empty.", examples=["the vehicle is late"])
    changes: list[ChangeShown] = Field(description="What is other than there.", examples=[[]])
    created: datetime = Field(description="When it was repaired.", examples=["2026-09-12T04:50:00Z"])


class EditionShown(EditionCard):
    """An edition with its stops."""

    stops: list[StopShown] = Field(description="The stops in their order.", examples=[[]])
    load_order: list[BerthShown] = Field(description="What to load where.", examples=[[]])


def edition_card(row: Row[Any], current: int) -> EditionCard:
    return EditionCard(**_edition(row, current))


def edition_shown(row: Row[Any], current: int) -> EditionShown:
    written = read_manifest(row.body)
    stops = [stop_shown(stop) for stop in written.stops]
    return EditionShown(**_edition(row, current), stops=stops, load_order=berths_shown(written))


def _edition(row: Row[Any], current: int) -> dict[str, Any]:
    written = read_manifest(row.body)
    return {
        "id": row.id,
        "manifest": row.manifest_id,
        "edition": row.edition,
        "number": row.number,
        "superseded": row.edition < current,
        "supersedes": written.supersedes,
        "why": written.why,
        "changes": changes_shown(written),
        "created": known_moment(row.created_at),
    }
