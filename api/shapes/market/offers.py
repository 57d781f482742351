"""Offers on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.papers.words import Words
from api.problem import Problem, problem_of
from api.shapes.goods.shipments import PARTY, SHIPMENT, ShipmentWish
from api.shapes.market.bids import TRIP
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Id, Shape, known_moment, moment
from pooling.desk.market.offer import NoOffer, Offer, Offers, PooledPickup

AT = "2026-09-12T04:12:00Z"
SHOWN_LIMIT, OTHERS_USUAL = 50, 10


class OfferWish(Shape):
    """A shipment that stands, or crates that were not entered yet: one of the two."""

    shipment: Id | None = Field(None, description="An open shipment of yours.", examples=[SHIPMENT])
    crates: ShipmentWish | None = Field(None, description="Crates that were not entered.")
    sort: Literal["price", "hour", "detour"] = Field(
        "price",
        description="What comes first: the price, the hour of delivery, the detour.",
        examples=["price"],
    )
    limit: int = Field(25, ge=1, le=SHOWN_LIMIT, description="At most so many offers.", examples=[25])
    skip: int = Field(0, ge=0, le=200, description="Leave out so many: those that were shown.", examples=[0])
    others_limit: int = Field(
        OTHERS_USUAL, ge=0, le=SHOWN_LIMIT, description="At most so many that do not fit.", examples=[10]
    )
    others_skip: int = Field(0, ge=0, le=200, description="Leave out so many that do not fit.", examples=[0])


class OfferShown(BaseModel):
    """A ride that could be had now. Looking holds nothing."""

    kind: Literal["trip", "tour"] = Field(description="What would carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner: Id = Field(description="Who drives.", examples=[PARTY])
    owner_name: str = Field(description="How people call them.", examples=["Ferme de la Colle"])
    pickup: datetime | None = Field(
        description="When it would be collected; of a proposed tour only the hours between.", examples=[AT]
    )
    pickup_from: datetime = Field(description="It is promised: not before this.", examples=[AT])
    pickup_until: datetime = Field(description="Not after this, likewise.", examples=[AT])
    drop: datetime | None = Field(
        description="When it would be handed over, likewise.", examples=["2026-09-12T05:02:00Z"]
    )
    drop_from: datetime = Field(description="Not before this, likewise.", examples=[AT])
    drop_until: datetime = Field(description="Not after this, likewise.", examples=["2026-09-12T05:07:00Z"])
    detour_s: int = Field(description="How much longer would be driven, seconds.", examples=[420])
    detour_m: int = Field(description="How much farther, metres.", examples=[3100])
    least_cents: int = Field(description="No lower bid can be taken, cents.", examples=[310])
    price_cents: int = Field(
        description="Bid this, cents. Who bids more pays no more, but a carrier is paid as bid. Of a tour, "
        "the share as it stands now.",
        examples=[640],
    )
    most_cents: int = Field(
        description="What it could come to at most, cents: what riding spares with a carrier, the price "
        "shown at joining on a tour, which only falls.",
        examples=[640],
    )
    regime: str = Field(description="The legal ground of the ride.", examples=["cotransport_agricole"])
    papers: list[str] = Field(
        description="What is carried on board.", examples=[["Delivery note (justificatif)"]]
    )
    co2_g: int = Field(description="What the ride adds, grams of CO2e.", examples=[1570])
    alone_co2_g: int = Field(
        description="What your own van would no longer emit, grams of CO2e.", examples=[7200]
    )
    way_from: str = Field(description="The part of its way that is used: from.", examples=["La Turbie"])
    way_to: str = Field(description="To.", examples=["Monaco"])
    instant: bool = Field(
        description="Whether it is had at once; else its owner answers a bid.", examples=[False]
    )
    hour_cents: int | None = Field(
        description="What its owner counts an hour of detour at, cents; 0: it gives its time. Null: a tour.",
        examples=[1500],
    )
    asked_cents: int | None = Field(
        description="What a registered carrier asks at least per crate, cents; 0: none. Null: a tour.",
        examples=[0],
    )
    terms: list[TermShown] = Field(description=TERMS)


class NoOfferShown(BaseModel):
    """A ride that cannot carry the crates as they are."""

    kind: Literal["trip", "tour"] = Field(description="What cannot carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner: Id = Field(description="Who drives.", examples=[PARTY])
    owner_name: str = Field(description="How people call them.", examples=["Ferme de la Colle"])
    why: Problem = Field(description="The true reason, and the smallest change that would do.")


class PooledShown(BaseModel):
    """A pickup that at least three parties would share, if somebody drove: there is no vehicle yet."""

    expected_cents: int = Field(
        description="Your part of a small van's full cost, rounded up to half a euro.", examples=[900]
    )
    alone_cents: int = Field(description="What driving it alone costs you, cents.", examples=[1480])
    co2_g: int = Field(description="Your part of its CO2e, grams.", examples=[2100])
    alone_co2_g: int = Field(description="What your own van would emit for it, grams.", examples=[7200])


class OffersShown(BaseModel):
    """The rides of the day for these crates."""

    offers: list[OfferShown] = Field(description="What fits, in the order asked for.")
    others: list[NoOfferShown] = Field(description="What does not, and why.")
    found: int = Field(description="How many fit, shown or not.", examples=[3])
    others_found: int = Field(description="How many do not, shown or not.", examples=[12])
    trips_open: int = Field(
        0, description="So many trips of that day take guests; the nearest were tried first.", examples=[120]
    )
    beyond: bool = Field(
        default=False,
        description="That day may have more trips (5,000) or proposed tours (20) than one search looks at: "
        "some were not.",
        examples=[False],
    )
    pooled: PooledShown | None = Field(description="A pickup that could be pooled, where there is one.")


def offers_shown(found: Offers, wish: OfferWish, say: Words) -> OffersShown:
    """Show the part of what was found that was asked for."""
    rides = found.rides[wish.skip : wish.skip + wish.limit]
    others = found.others[wish.others_skip : wish.others_skip + wish.others_limit]
    return OffersShown(
        offers=[offer_shown(one) for one in rides],
        others=[no_offer_shown(one, say) for one in others],
        found=len(found.rides),
        others_found=len(found.others),
        trips_open=found.seen,
        beyond=found.beyond,
        pooled=_pooled_shown(found.pooled) if found.pooled else None,
    )


def offer_shown(one: Offer) -> OfferShown:
    return OfferShown(
        kind=one.kind,
        ride=one.ride_id,
        owner=one.owner_id,
        owner_name=one.owner_name,
        pickup=moment(one.pickup_at),
        pickup_from=known_moment(one.pickup_from_at),
        pickup_until=known_moment(one.pickup_until_at),
        drop=moment(one.drop_at),
        drop_from=known_moment(one.drop_from_at),
        drop_until=known_moment(one.drop_until_at),
        detour_s=one.detour_s,
        detour_m=one.detour_m,
        least_cents=one.floor_cents,
        price_cents=one.price_cents,
        most_cents=one.most_cents,
        regime=one.regime,
        papers=list(one.papers),
        co2_g=one.co2_g,
        alone_co2_g=one.alone_co2_g,
        way_from=one.way_from,
        way_to=one.way_to,
        instant=one.instant,
        hour_cents=one.asks[0] if one.asks else None,
        asked_cents=one.asks[1] if one.asks else None,
        terms=terms_shown(one.terms, one.price_cents) if one.terms else [],
    )


def no_offer_shown(one: NoOffer, say: Words) -> NoOfferShown:
    return NoOfferShown(
        kind=one.kind,
        ride=one.ride_id,
        owner=one.owner_id,
        owner_name=one.owner_name,
        why=problem_of(one.refusal, say),
    )


def _pooled_shown(one: PooledPickup) -> PooledShown:
    return PooledShown(
        expected_cents=one.expected_cents,
        alone_cents=one.alone_cents,
        co2_g=one.co2_g,
        alone_co2_g=one.alone_co2_g,
    )
