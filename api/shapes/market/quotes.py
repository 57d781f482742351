"""Quotes on the wire."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import SHIPMENT
from api.shapes.market.bids import TRIP
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Id, Shape, known_moment
from pooling.trips.cancelling import Terms

QUOTE = "quote_01hg0000abcd"


class QuoteWish(Shape):
    """The crates whose ride is to be quoted."""

    shipment: Id = Field(description="An open shipment that you pay for.", examples=[SHIPMENT])


class QuoteShown(BaseModel):
    """A price held until an hour. It holds the price, not the room."""

    id: Id = Field(description="The quote.", examples=[QUOTE])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    shipment: Id = Field(description="The shipment, as it was when it was quoted.", examples=[SHIPMENT])
    price_cents: int = Field(description="The most that you pay, bidding by this quote.", examples=[640])
    detour_s: int = Field(description="How much longer would be driven, seconds.", examples=[420])
    pickup: datetime = Field(description="When it would be collected.", examples=["2026-09-12T04:12:00Z"])
    drop: datetime = Field(description="When it would be handed over.", examples=["2026-09-12T05:02:00Z"])
    expires: datetime = Field(description="Until when the price holds.", examples=["2026-09-10T12:00:00Z"])
    created: datetime = Field(description="When it was given.", examples=["2026-09-10T10:00:00Z"])
    terms: list[TermShown] = Field(description=TERMS)


def quote_shown(row: Row[Any], terms: Terms) -> QuoteShown:
    return QuoteShown(
        id=row.id,
        trip=row.trip_id,
        shipment=row.shipment_id,
        price_cents=row.price_cents,
        detour_s=row.detour_s,
        pickup=known_moment(row.pickup_at),
        drop=known_moment(row.drop_at),
        expires=known_moment(row.expires_at),
        created=known_moment(row.created_at),
        terms=terms_shown(terms, row.price_cents),
    )
