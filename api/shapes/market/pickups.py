"""Pickups asked for, on the wire."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.shapes.goods.shipments import PARTY, SHIPMENT, ShipmentWish
from api.shapes.tours.tours import TOUR
from api.shapes.words import Id, Shape, known_moment
from pooling.desk.market.asked_pickups import AskedPickup

PICKUP = "pck_01hg0000abcd"


class PickupWish(Shape):
    """A shipment that stands, or crates that were not entered yet and are entered with it: one of the two."""

    shipment: Id | None = Field(None, description="An open shipment that you pay for.", examples=[SHIPMENT])
    crates: ShipmentWish | None = Field(None, description="Crates that were not entered.")


class PickupShown(BaseModel):
    """A pickup that is to be pooled with others: it holds nothing and owes nothing."""

    id: Id = Field(description="The pickup.", examples=[PICKUP])
    shipment: Id = Field(description="Its crates.", examples=[SHIPMENT])
    payer: Id = Field(description="Who asks, and would pay.", examples=[PARTY])
    day: date = Field(description="Its day.", examples=["2026-09-12"])
    state: Literal["asked", "suggested", "riding", "lapsed", "cancelled", "withdrawn"] = Field(
        description="`suggested`: a planned day has a place on a tour, which its payer may join; `riding`: "
        "its crates ride, wherever; `lapsed`: it is too late to collect them.",
        examples=["asked"],
    )
    expected_cents: int | None = Field(
        description="What it was expected to cost as it was asked; null where too few go that way.",
        examples=[950],
    )
    tour: Id | None = Field(description="The tour suggested for it.", examples=[TOUR])
    share_cents: int | None = Field(description="What it would pay there, as planned.", examples=[900])
    revision: int = Field(description="Raised by every change.", examples=[1])
    created: datetime = Field(description="When it was asked for.", examples=["2026-09-10T08:00:00Z"])


def pickup_shown(one: AskedPickup) -> PickupShown:
    return PickupShown(
        id=one.row.id,
        shipment=one.row.shipment_id,
        payer=one.row.payer_id,
        day=one.row.day,
        state=one.state,
        expected_cents=one.row.expected_cents,
        tour=one.place.tour_id if one.place else None,
        share_cents=one.place.share_cents if one.place else None,
        revision=one.row.revision,
        created=known_moment(one.row.created_at),
    )
