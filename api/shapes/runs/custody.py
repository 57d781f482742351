"""Records of changing hands on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Day, Id, Moment, NameIfAny, Shape, Text, known_moment, seconds
from pooling.desk.goods.empties import Balance
from pooling.desk.runs.correcting import CorrectionWords
from pooling.desk.runs.custody import PassWords, SeenCustody
from pooling.desk.runs.recording import Condition
from pooling.goods.warmth import COLDEST_TENTHS, WARMEST_TENTHS, limit_tenths, too_warm
from pooling.runs.custody import Way
from pooling.runs.mishaps import Fault, Next, Reason, fault_of
from pooling.store.custody import empties_of

SHIPMENT = "shp_01hg0000abcd"
Outcome = Literal["done", "failed"]
Count = Annotated[int, Field(ge=0, le=400)]
Kind = Literal["ambient", "chilled", "frozen"]


class SightWish(Shape):
    """What was seen of crates when they changed hands, or could not."""

    crates: Count = Field(description="Crates that changed hands, as counted.", examples=[4])
    lost: Count = Field(0, description="Crates that should have been there and were not.", examples=[0])
    damaged: Count = Field(0, description="Damaged ones among them.", examples=[0])
    condition: Condition = Field("good", description="How they are.", examples=["good"])
    receiver: NameIfAny = Field("", description="The name of who gave or took them.", examples=["Mme Rossi"])
    happened: Moment | None = Field(
        None,
        description="When it happened, where that was earlier than now.",
        examples=["2026-09-12T06:47:00+02:00"],
    )
    note: Text = Field("", description="Why, where it failed; or a remark.", examples=["Left at the gate"])
    reason: Reason = Field("", description="What went wrong, if anything did.", examples=["refused"])
    next_step: Next = Field(
        "",
        description="What comes next for crates that the driver keeps: brought back, unless said.",
        examples=["bring_back"],
    )
    next_day: Day | None = Field(
        None, description="When it is tried again, where that is the next step.", examples=["2026-09-14"]
    )
    next_with: NameIfAny = Field(
        "", description="With whom, or where, they are kept.", examples=["Boulangerie Sandri"]
    )
    temperature_tenths: Annotated[int, Field(ge=COLDEST_TENTHS, le=WARMEST_TENTHS)] | None = Field(
        None, description="What the thermometer read, tenths of a degree Celsius.", examples=[38]
    )
    photo: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = Field(
        "", description="A photo that was sent before: its SHA-256.", examples=[""]
    )
    empties: dict[Kind, Count] = Field(
        default_factory=dict,
        description="Empty crates by kind: taken back at a drop, brought back at a pickup.",
        examples=[{"ambient": 3}],
    )
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        None, description="Where the phone was, latitude, WGS 84 degrees.", examples=[43.7384]
    )
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        None, description="Longitude.", examples=[7.4246]
    )

    def seen(self) -> dict[str, Any]:
        """Return the words of a sight by the names that the desk knows."""
        same = ("crates", "lost", "damaged", "condition", "receiver", "note", "reason", "next_step")
        more = ("next_with", "temperature_tenths", "photo", "lat", "lon")
        return {name: getattr(self, name) for name in (*same, *more)} | {
            "happened_at": None if self.happened is None else seconds(self.happened),
            "next_day": "" if self.next_day is None else self.next_day.isoformat(),
            "empties": dict(self.empties),
        }


class CorrectionWish(SightWish):
    """What a record should have said; ``note`` says why, and is needed."""

    outcome: Outcome = Field("done", description="Whether it could be done.", examples=["done"])
    note: Annotated[Text, Field(min_length=1)] = Field(
        description="What was noted wrongly: everybody concerned reads it.", examples=["Counted again: 5"]
    )
    code: Annotated[str, Field(max_length=20)] = Field(
        "",
        description="The code of who faced the driver for this record: its word on the correction.",
        examples=[""],
    )

    def words(self) -> CorrectionWords:
        says_empties = "empties" in self.model_fields_set
        return CorrectionWords(**self.seen(), outcome=self.outcome, code=self.code, says_empties=says_empties)


class PassWish(SightWish):
    """What became of crates that stayed with their driver."""

    way: Literal["again", "back", "left"] = Field(
        description="Given to who receives them after all, brought back, or left with somebody named.",
        examples=["back"],
    )

    def words(self) -> PassWords:
        return PassWords(**self.seen(), way=self.way)


class PhotoWish(Shape):
    """A photo of crates."""

    content: Base64Bytes = Field(
        description="Plain JPEG or PNG, as base64; at most 700,000 bytes.", examples=["/9j/4AAQSkZJRg=="]
    )


PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A picture, JPEG or PNG.",
        "content": {
            one: {"schema": {"type": "string", "format": "binary"}}
            for one in ("application/octet-stream", "image/jpeg", "image/png")
        },
    }
}
"""What an operation declares that answers a photo."""


class PhotoShown(BaseModel):
    """By what a handover names a photo."""

    photo: str = Field(description="Its SHA-256, once stripped.", examples=["9f86d081884c7d65"])


class HandoverShown(BaseModel):
    """A record of changing hands, as it was noted."""

    id: Id = Field(description="The record.", examples=["hov_01hg0000abcd"])
    manifest: Id = Field(description="The manifest.", examples=["mnf_01hg0000abcd"])
    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    number: int = Field(description="Its place in the shipment's chain, from 1.", examples=[1])
    stop: int = Field(description="The number of the stop; 0 away from any.", examples=[1])
    way: Way = Field(
        description="Taken from the sender, given to who receives it, given later, brought back, left.",
        examples=["on"],
    )
    outcome: Outcome = Field(description="Whether it could be done.", examples=["done"])
    giver: Id = Field(description="Who gave.", examples=["pty_01hg0000abcd"])
    taker: Id | None = Field(description="Who took; none: somebody named.", examples=["pty_01hg0000wxyz"])
    crates: int = Field(description="Crates that changed hands, as counted.", examples=[4])
    lost: int = Field(description="Crates that should have been there and were not.", examples=[0])
    damaged: int = Field(description="Damaged ones.", examples=[0])
    kind: str = Field(description="Their temperature class.", examples=["ambient"])
    condition: Condition = Field(description="How they are.", examples=["good"])
    temperature_tenths: int | None = Field(
        description="What the thermometer read, tenths of a degree Celsius.", examples=[38]
    )
    limit_tenths: int | None = Field(
        description="The warmest that the law lets the class be; none for ambient goods.", examples=[80]
    )
    too_warm: bool = Field(description="Whether it was warmer than that.", examples=[False])
    receiver: str = Field(description="Who gave or took them.", examples=["Mme Rossi"])
    proven: bool = Field(description="Whether that person said its code.", examples=[True])
    photo: str = Field(description="The SHA-256 of a photo; empty for none.", examples=[""])
    empties: dict[str, int] = Field(description="Empty crates by kind.", examples=[{"ambient": 3}])
    reason: Reason = Field(description="What went wrong, if anything did.", examples=[""])
    fault: Fault = Field(description="Whose fault it is on the face of it; a claim decides.", examples=[""])
    next_step: Next = Field(description="What comes next for crates that stayed.", examples=[""])
    next_day: date | None = Field(description="When it is tried again.", examples=[None])
    next_with: str = Field(description="With whom, or where, they are kept.", examples=[""])
    lat: float | None = Field(description="Where the phone was.", examples=[43.7384])
    lon: float | None = Field(description="Where the phone was.", examples=[7.4246])
    note: str = Field(description="Why, where it failed; or a remark.", examples=[""])
    happened: datetime = Field(description="When it happened.", examples=["2026-09-12T04:47:00Z"])
    created: datetime = Field(description="When it was noted.", examples=["2026-09-12T05:20:00Z"])
    corrects: str = Field(description="The record in whose place it stands.", examples=[""])
    hash: str = Field(description="The hash of the chain up to here.", examples=["9f86d081884c7d65"])


class HolderShown(BaseModel):
    """Who holds how many crates now."""

    party: str = Field(description="The party; empty: somebody who is none.", examples=["pty_01hg0000abcd"])
    crates: int = Field(description="How many.", examples=[4])


class CustodyShown(BaseModel):
    """Who holds a shipment's crates, and every record of how they came there."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    crates: int = Field(description="How many were agreed.", examples=[6])
    holders: list[HolderShown] = Field(description="Who holds them now.", examples=[[]])
    lost: int = Field(description="Crates that are known to be lost.", examples=[0])
    codes: dict[Literal["on", "off"], str] = Field(
        description="The code to tell the driver, for the side that you are.", examples=[{"off": "4821"}]
    )
    agreeing: dict[Id, str] = Field(
        description="By record: the code by which you, who faced the driver, agree to its correction.",
        examples=[{"hov_01hg0000abcd": "2207"}],
    )
    records: list[HandoverShown] = Field(description="Every record, oldest first.", examples=[[]])


def handover_shown(row: Row[Any], food: str) -> HandoverShown:
    """Show a record; ``food`` is the class of its shipment's goods, which bounds how warm they may be."""
    same = ("id", "number", "stop", "way", "outcome", "crates", "lost", "damaged", "kind", "condition")
    more = ("temperature_tenths", "receiver", "proven", "photo", "reason", "next_step", "next_with", "note")
    return HandoverShown(
        **{name: getattr(row, name) for name in (*same, *more, "lat", "lon", "corrects", "hash")},
        manifest=row.manifest_id,
        shipment=row.shipment_id,
        giver=row.giver_id,
        taker=row.taker_id,
        limit_tenths=limit_tenths(row.kind, food),
        too_warm=too_warm(row.kind, row.temperature_tenths, food),
        empties=empties_of(row),
        fault=fault_of(row.reason, row.way),
        next_day=date.fromisoformat(row.next_day) if row.next_day else None,
        happened=known_moment(row.happened_at),
        created=known_moment(row.created_at),
    )


def custody_shown(seen: SeenCustody) -> CustodyShown:
    return CustodyShown(
        shipment=seen.shipment.id,
        crates=seen.shipment.crates,
        holders=[HolderShown(party=one, crates=crates) for one, crates in sorted(seen.custody.held.items())],
        lost=seen.custody.lost,
        codes=seen.codes,  # type: ignore[arg-type]
        agreeing=seen.agreeing,
        records=[handover_shown(row, seen.shipment.food) for row in seen.records],
    )


class EmptiesShown(BaseModel):
    """How many crates of one party another has."""

    holder: Id = Field(description="Who has them.", examples=["pty_01hg0000wxyz"])
    owner: Id = Field(description="Whose they are: who sent them.", examples=["pty_01hg0000abcd"])
    kind: str = Field(description="Their kind.", examples=["ambient"])
    crates: int = Field(
        description="Delivered less taken back; below 0 where more came back than was noted.", examples=[6]
    )


def empties_shown(balance: Balance) -> EmptiesShown:
    holder, owner, kind, crates = balance
    return EmptiesShown(holder=holder, owner=owner, kind=kind, crates=crates)
