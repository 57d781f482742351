"""Real offers beside a cost, on the wire: to members all that a search tells, to anybody what is public."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.papers.words import Words
from api.shapes.market.offers import NoOfferShown, OfferShown, no_offer_shown, offer_shown
from api.shapes.words import known_moment
from pooling.costs.own_cost import Delivery
from pooling.desk.market.asked_offers import Looked, PublicOffer, public_offers

OTHERS_LIMIT = 3
"""Rides that do not fit, told a member of a delivery for which none does."""

NUMBER = "Which delivery, from 0, in the order asked."


class PublicOfferShown(BaseModel):
    """A ride that could be had, for anybody: no name, hours to the half hour, a price within a step."""

    delivery: int = Field(description=NUMBER, examples=[0])
    day: date = Field(description="On which day.", examples=["2026-09-12"])
    kind: Literal["trip", "tour"] = Field(description="What would carry it.", examples=["trip"])
    regime: str = Field(description="The legal ground of the ride.", examples=["cotransport_agricole"])
    begins: datetime = Field(description="Collected not before.", examples=["2026-09-12T04:00:00Z"])
    ends: datetime = Field(description="Handed over not after.", examples=["2026-09-12T05:30:00Z"])
    crate_from_cents: int = Field(description="A crate costs this, cents,", examples=[100])
    crate_until_cents: int = Field(description="or up to this.", examples=[150])


class FullOfferShown(BaseModel):
    """A ride that could be had, to a member."""

    delivery: int = Field(description=NUMBER, examples=[0])
    day: date = Field(description="On which day.", examples=["2026-09-12"])
    offer: OfferShown = Field(description="What a search gives.")


class InVainShown(BaseModel):
    """A delivery for which no ride was found, and to a member which rides come nearest."""

    delivery: int = Field(description=NUMBER, examples=[1])
    others: list[NoOfferShown] = Field(description="Rides that do not fit as it is, and why.")


class BesideShown(BaseModel):
    """What was found on the days that were looked at; to a stranger ``offers``, to a member ``rides``."""

    first: date = Field(description="From this day on.", examples=["2026-09-12"])
    last: date = Field(description="Until this day.", examples=["2026-09-19"])
    offers: list[PublicOfferShown] = Field(description="What anybody may see.")
    rides: list[FullOfferShown] = Field(description="All of it, signed in.")
    none_found: list[InVainShown] = Field(description="Deliveries for which there is none.")


def beside_shown(
    looked: Looked, deliveries: Sequence[Delivery], say: Words, *, is_member: bool
) -> BesideShown:
    """Show what was found to a member, or to anybody."""
    in_vain = looked.without(len(deliveries))
    others = {
        number: [no for one in looked.found if one.number == number for no in one.offers.others]
        for number in (in_vain if is_member else [])
    }
    return BesideShown(
        first=looked.first,
        last=looked.last,
        offers=[]
        if is_member
        else [
            _public(offer)
            for one in looked.found
            for offer in public_offers(one, deliveries[one.number].crates)
        ],
        rides=[
            FullOfferShown(delivery=one.number, day=one.day, offer=offer_shown(offer))
            for one in looked.found
            for offer in one.offers.rides
        ]
        if is_member
        else [],
        none_found=[
            InVainShown(
                delivery=number,
                others=[no_offer_shown(no, say) for no in others.get(number, [])[:OTHERS_LIMIT]],
            )
            for number in in_vain
        ],
    )


def _public(one: PublicOffer) -> PublicOfferShown:
    return PublicOfferShown(
        delivery=one.number,
        day=one.day,
        kind=one.kind,
        regime=one.regime,
        begins=known_moment(one.from_at),
        ends=known_moment(one.until_at),
        crate_from_cents=one.crate_from_cents,
        crate_until_cents=one.crate_until_cents,
    )
