"""Planned days on the wire."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import PARTY, SHIPMENT
from api.shapes.tours.tours import TOUR, Reason, reason_shown
from api.shapes.words import Day, Id, Shape, known_moment, moment

DAY_PLAN = "dpl_01hg0000abcd"


class PlanDayWish(Shape):
    """A day to be planned."""

    day: Day = Field(description="The day, local.", examples=["2026-09-12"])


class DayTotals(BaseModel):
    """What a day takes."""

    vehicles: int = Field(description="Vans on the road.", examples=[50])
    distance_m: int = Field(description="Metres driven.", examples=[3_060_000])
    duration_s: int = Field(description="Seconds of work: driving, handling, waiting.", examples=[258_000])
    cents: int = Field(description="What it costs in all, labour and all; cents.", examples=[237_200])
    empty_m: int = Field(description="Metres without a crate on board.", examples=[1_380_000])
    fill_pct: int = Field(description="How full vans are where they carry; percent.", examples=[34])
    co2_g: int = Field(description="Grams of CO2e, well to wheel, empty legs counted.", examples=[1_644_000])


class DayPlanShown(BaseModel):
    """A region's day as it was planned: advice, by which nobody is put on a tour."""

    id: Id = Field(description="The plan.", examples=[DAY_PLAN])
    day: date = Field(description="The day.", examples=["2026-09-12"])
    shipments: int = Field(description="Shipments that were looked at.", examples=[60])
    riding: int = Field(description="Of these, those that would ride.", examples=[58])
    left: int = Field(description="Of these, those left behind, each with its reason.", examples=[2])
    tours: int = Field(description="Tours that could be paid.", examples=[6])
    tours_offered: int = Field(description="Tours that were proposed for that day.", examples=[7])
    shipments_unseen: int = Field(
        0,
        description="Open shipments of that day beyond the newest 2,000: nothing was planned for them.",
        examples=[0],
    )
    tours_unseen: int = Field(
        0,
        description="Proposed tours of that day beyond the first 200, or in another time zone: left out.",
        examples=[0],
    )
    round_tours: int = Field(0, description="Of the tours, those that belong to a round.", examples=[4])
    same_driver: int = Field(0, description="Of these, those with the round's own driver.", examples=[3])
    asked: int = Field(0, description="Pickups asked for among the shipments.", examples=[5])
    asked_riding: int = Field(0, description="Of these, those that would ride.", examples=[4])
    alone: DayTotals = Field(description="Everyone alone, in its own best tours.")
    pooled: DayTotals = Field(description="As planned; what is left behind is counted as driven alone.")
    suggested: datetime | None = Field(
        description="When those concerned were told.", examples=["2026-09-11T18:00:00Z"]
    )
    created: datetime = Field(description="When it was planned.", examples=["2026-09-11T17:30:00Z"])


class LineChange(BaseModel):
    """A change by which a tour of the plan would carry what is left behind."""

    change: Literal["hours", "size", "gap", "van"] = Field(
        description="Other hours, fewer crates, money that somebody else puts in, or one van more like "
        "that of the tour, for this shipment alone.",
        examples=["hours"],
    )
    tour: Id = Field(description="The tour.", examples=[TOUR])
    crates: int = Field(description="So many crates would ride.", examples=[4])
    pickup: datetime = Field(description="When they would be collected.", examples=["2026-09-12T04:40:00Z"])
    drop: datetime = Field(description="When they would be handed over.", examples=["2026-09-12T09:05:00Z"])
    most_cents: int = Field(description="What their payer would pay at most.", examples=[940])
    missing_cents: int = Field(description="What somebody would have to put in.", examples=[0])


class DayPlanLine(BaseModel):
    """One shipment of a planned day."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    payer: Id = Field(description="Who pays.", examples=[PARTY])
    tour: str = Field(description="The tour on which it would ride; empty for none.", examples=[TOUR])
    joined: bool = Field(description="It had joined that tour already.", examples=[False])
    pickup: datetime | None = Field(
        description="When it would be collected.", examples=["2026-09-12T04:40:00Z"]
    )
    drop: datetime | None = Field(
        description="When it would be handed over.", examples=["2026-09-12T06:05:00Z"]
    )
    share_cents: int | None = Field(description="What it would pay, as things stand.", examples=[940])
    alone_cents: int = Field(description="What driving it alone would cost, by itself.", examples=[2_310])
    why: Reason | None = Field(description="Why it is left behind.")
    alternatives: list[LineChange] = Field(
        description="What would do on the tours of the plan; empty where nothing was found. Trips and other "
        "days: `GET /shipments/{shipment}/alternatives`, where each can be taken."
    )


def day_plan_shown(row: Row[Any]) -> DayPlanShown:
    return DayPlanShown(
        id=row.id,
        day=row.day,
        suggested=moment(row.suggested_at),
        created=known_moment(row.created_at),
        **json.loads(row.summary),
    )


def day_plan_line(row: Row[Any]) -> DayPlanLine:
    return DayPlanLine(
        shipment=row.shipment_id,
        payer=row.payer_id,
        tour=row.tour_id,
        joined=bool(row.joined),
        pickup=moment(row.pickup_at),
        drop=moment(row.drop_at),
        share_cents=row.share_cents,
        alone_cents=row.alone_cents,
        why=reason_shown(row.reason),
        alternatives=[line_change(one) for one in json.loads(row.would_do or "[]")],
    )


def line_change(kept: Mapping[str, Any]) -> LineChange:
    return LineChange(
        **{name: kept[name] for name in ("change", "tour", "crates", "most_cents", "missing_cents")},
        pickup=known_moment(kept["pickup_at"]),
        drop=known_moment(kept["drop_at"]),
    )
