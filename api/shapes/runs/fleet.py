"""Vehicles and rate cards of carriers, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Cents, Day, Id, Name, Shape, known_moment
from pooling.desk.carriers.fleet import CardWords, VehicleWords
from pooling.names import PLAIN

PARTY, SITE = "pty_01hg0000abcd", "site_01hg0000abcd"
Crates = Annotated[int, Field(ge=0, le=400)]
Litres = Annotated[int, Field(ge=1, le=100_000)]
Energy = Literal["diesel", "petrol", "electric", "gas", "hydrogen", "muscle"]
Skill = Literal["chilled", "frozen", "tail_lift"]
VehicleState = Literal["active", "retired"]


class VehicleWish(Shape):
    """A vehicle of your carrier."""

    plate: Annotated[str, Field(min_length=1, max_length=20, pattern=PLAIN)] = Field(
        description="Its plate.", examples=["AB-123-CD"]
    )
    name: Name = Field(description="How people call it.", examples=["Kangoo"])
    ambient_crates: Crates = Field(description="Room, in ambient crates.", examples=[30])
    chilled_crates: Crates = Field(0, description="Room, in chilled crates.", examples=[8])
    frozen_crates: Crates = Field(0, description="Room, in frozen crates.", examples=[0])
    ambient_litres: Litres | None = Field(None, description="Litres, if measured.", examples=[None])
    chilled_litres: Litres | None = Field(None, description="Litres, if measured.", examples=[400])
    frozen_litres: Litres | None = Field(None, description="Litres, if measured.", examples=[None])
    payload_kg: int = Field(ge=1, le=40_000, description="The most it carries, kg.", examples=[600])
    tail_lift: bool = Field(default=False, description="Whether it has a tail lift.", examples=[False])
    start_site: Id = Field(description="Where it stands, a site of the carrier.", examples=[SITE])
    end_site: Id = Field(description="Where it comes back to.", examples=[SITE])
    profile: str = Field(
        "small_van",
        max_length=40,
        pattern=r"^[a-z0-9_]+$",
        description="By which table it drives: `small_van`, `refrigerated_van`, `car`, `cargo_bike`.",
        examples=["small_van"],
    )
    energy: Energy = Field("diesel", description="What it runs on.", examples=["diesel"])
    state: VehicleState = Field("active", description="`retired`: no tour any more.", examples=["active"])

    def words(self) -> VehicleWords:
        return VehicleWords(
            start_site_id=self.start_site,
            end_site_id=self.end_site,
            **self.model_dump(exclude={"start_site", "end_site", "carrier"}),
        )


class CardWish(Shape):
    """A rate card of your carrier."""

    from_day: Day = Field(description="The first day on which it holds.", examples=["2026-01-01"])
    until_day: Day | None = Field(None, description="The last; else open.", examples=[None])
    fixed_cents: Cents = Field(description="Per tour, cents.", examples=[1500])
    cents_per_km: Cents = Field(description="Per km, cents.", examples=[60])
    cents_per_hour: Cents = Field(description="Per hour, cents.", examples=[1800])
    cents_per_stop: Cents = Field(description="Per stop, cents.", examples=[50])
    waiting_cents_per_hour: Cents = Field(
        0, description="Per hour of waiting beyond the plan, cents.", examples=[1200]
    )

    def words(self) -> CardWords:
        return CardWords(**self.model_dump())


class CardEnd(Shape):
    """With which day a card ends."""

    until: Day = Field(description="The last day on which it holds.", examples=["2026-12-31"])


class VehicleShown(BaseModel):
    """A vehicle as it stands."""

    id: Id = Field(description="The vehicle.", examples=["van_01hg0000abcd"])
    carrier: Id = Field(description="Whose it is.", examples=[PARTY])
    plate: str = Field(description="Its plate.", examples=["AB-123-CD"])
    name: str = Field(description="How people call it.", examples=["Kangoo"])
    ambient_crates: int = Field(description="Room, in ambient crates.", examples=[30])
    chilled_crates: int = Field(description="Room, in chilled crates.", examples=[8])
    frozen_crates: int = Field(description="Room, in frozen crates.", examples=[0])
    ambient_litres: int | None = Field(description="Litres, if measured.", examples=[None])
    chilled_litres: int | None = Field(description="Litres, if measured.", examples=[400])
    frozen_litres: int | None = Field(description="Litres, if measured.", examples=[None])
    payload_kg: int = Field(description="The most it carries, kg.", examples=[600])
    skills: list[Skill] = Field(description="What it can.", examples=[["chilled"]])
    start_site: Id = Field(description="Where it stands.", examples=[SITE])
    end_site: Id = Field(description="Where it comes back to.", examples=[SITE])
    profile: str = Field(description="By which table it drives.", examples=["small_van"])
    energy: Energy = Field(description="What it runs on.", examples=["diesel"])
    state: VehicleState = Field(description="Whether it is in use.", examples=["active"])
    created: datetime = Field(description="When it was entered.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class CardShown(BaseModel):
    """A rate card as it stands."""

    id: Id = Field(description="The card.", examples=["card_01hg0000abcd"])
    carrier: Id = Field(description="Whose it is.", examples=[PARTY])
    from_day: date = Field(description="The first day on which it holds.", examples=["2026-01-01"])
    until_day: date | None = Field(description="The last; else open.", examples=[None])
    fixed_cents: int = Field(description="Per tour, cents.", examples=[1500])
    cents_per_km: int = Field(description="Per km, cents.", examples=[60])
    cents_per_hour: int = Field(description="Per hour, cents.", examples=[1800])
    cents_per_stop: int = Field(description="Per stop, cents.", examples=[50])
    waiting_cents_per_hour: int = Field(description="Per hour of waiting, cents.", examples=[1200])
    created: datetime = Field(description="When it was entered.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def skills_of(row: Row[Any]) -> list[Skill]:
    """Name what a vehicle can: its cold compartments, and its tail lift."""
    has: dict[Skill, object] = {
        "chilled": row.chilled_crates,
        "frozen": row.frozen_crates,
        "tail_lift": row.tail_lift,
    }
    return [skill for skill, there in has.items() if there]


def vehicle_shown(row: Row[Any]) -> VehicleShown:
    words = dict(zip(row._fields, row, strict=True))
    shown = {name: words[name] for name in VehicleShown.model_fields if name in words}
    return VehicleShown(
        carrier=row.party_id,
        skills=skills_of(row),
        start_site=row.start_site_id,
        end_site=row.end_site_id,
        created=known_moment(row.created_at),
        **shown,
    )


def card_shown(row: Row[Any]) -> CardShown:
    words = dict(zip(row._fields, row, strict=True))
    shown = {name: words[name] for name in CardShown.model_fields if name in words}
    return CardShown(carrier=row.party_id, created=known_moment(row.created_at), **shown)
