"""What became of crates that a cancelled trip set free, on the wire."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import SHIPMENT
from api.shapes.market.bids import BID, TRIP
from api.shapes.tours.tours import Reason
from api.shapes.words import Id, known_moment, moment

AT = "2026-09-12T04:12:00Z"
RideKind = Literal["trip", "tour"]


class OfferLeft(BaseModel):
    """A ride that could be had when it was looked for, at its price then."""

    kind: RideKind = Field(description="What would carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner_name: str = Field(description="Who drives.", examples=["Ferme de la Colle"])
    price_cents: int = Field(description="Bid this, cents.", examples=[820])
    pickup: datetime | None = Field(
        description="When it would be collected; of a proposed tour only the hours between.", examples=[AT]
    )
    pickup_from: datetime | None = Field(description="Collected from.", examples=[AT])
    drop: datetime | None = Field(description="When it would be handed over, likewise.", examples=[AT])
    drop_until: datetime | None = Field(description="Handed over until.", examples=[AT])
    instant: bool = Field(
        description="Whether it is had at once; else its owner answers a bid.", examples=[False]
    )


class NoRideLeft(BaseModel):
    """A ride that could not carry it as it is."""

    kind: RideKind = Field(description="What cannot carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner_name: str = Field(description="Who drives.", examples=["Ferme de la Colle"])
    why: Reason = Field(description="The true reason, and the smallest change that would do.")


class RematchShown(BaseModel):
    """What became of a shipment whose trip was cancelled by its owner."""

    id: Id = Field(description="The search for another ride.", examples=["rem_01hg0000abcd"])
    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    bid: Id = Field(description="The bid by which it rode.", examples=[BID])
    most_cents: int = Field(description="No bid placed for it is above this, cents.", examples=[800])
    state: Literal["waiting", "riding", "asked", "stranded", "settled"] = Field(
        description="waiting: looked for in seconds. riding: another trip carries it. asked: bids were "
        "placed in your name. stranded: left to you. settled: you were quicker.",
        examples=["riding"],
    )
    rides: str = Field(description="The trip that carries it now, or empty.", examples=[TRIP])
    bids: list[str] = Field(description="The bids that were placed in your name.", examples=[[BID]])
    why: Reason | None = Field(description="Why it was left to you.", examples=[None])
    offers: list[OfferLeft] = Field(description="Rides that were left, at any price; at most 5.")
    others: list[NoRideLeft] = Field(description="Rides that could not carry it, and why; at most 5.")
    created: datetime = Field(description="When its trip was cancelled.", examples=[AT])
    settled: datetime | None = Field(description="When that was decided.", examples=[AT])


def rematch_shown(row: Row[Any]) -> RematchShown:
    found: Mapping[str, Any] = json.loads(row.found or "{}")
    return RematchShown(
        id=row.id,
        shipment=row.shipment_id,
        bid=row.bid_id,
        most_cents=row.most_cents,
        state=row.state,
        rides=row.rides_id,
        bids=json.loads(row.bids or "[]"),
        why=found.get("why"),
        offers=[_offer_left(one) for one in found.get("offers", ())],
        others=[NoRideLeft(**one) for one in found.get("others", ())],
        created=known_moment(row.created_at),
        settled=moment(row.settled_at),
    )


def _offer_left(one: Mapping[str, Any]) -> OfferLeft:
    return OfferLeft(
        kind=one["kind"],
        ride=one["ride"],
        owner_name=one["owner_name"],
        price_cents=one["price_cents"],
        pickup=moment(one["pickup_at"]),
        pickup_from=moment(one.get("pickup_from_at")),
        drop=moment(one["drop_at"]),
        drop_until=moment(one.get("drop_until_at")),
        instant=one["instant"],
    )
