"""Bids and offers on the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.problem import Problem, problem_of
from api.shapes.shipments import PARTY, SHIPMENT, SITE, ShipmentWish
from api.shapes.tours import Reason, reason_shown
from api.shapes.words import Cents, Id, Moment, Shape, Text, known_moment, moment, seconds
from pooling.desk.offers import NoOffer, Offer, Offers
from pooling.desk.placing import BidTerms

BID, TRIP = "bid_01hg0000abcd", "trip_01hg0000abcd"
BidState = Literal["open", "countered", "accepted", "refused", "withdrawn", "expired"]


class BidWish(Shape):
    """The most that a payer would give for a shipment's room on a trip."""

    shipment: Id = Field(description="The shipment, which its payer bids for.", examples=[SHIPMENT])
    most_cents: Cents = Field(
        description="The most that you would pay, cents. It is never raised.", examples=[800]
    )
    message: Text = Field("", description="A word to the owner.", examples=["They stack well."])
    expires: Moment | None = Field(
        None,
        description="Until when it waits; else for 4 waking hours. At most until the trip's cut-off.",
        examples=["2026-09-11T18:00:00+02:00"],
    )

    def terms(self) -> BidTerms:
        return BidTerms(self.message, None if self.expires is None else seconds(self.expires))


class CounterWish(Shape):
    """What a trip's owner asks instead; of a bundle of all or none, for all of it."""

    cents: Cents = Field(description="The most that the payer should offer, cents.", examples=[950])


class BidShown(BaseModel):
    """
    A bid as it stands, for its payer and the trip's owner.

    Until it is accepted, price, hours and detour are what they would have been when it was placed.
    """

    id: Id = Field(description="The bid.", examples=[BID])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    payer: Id = Field(description="Who bids.", examples=[PARTY])
    from_site: Id = Field(description="Where the crates wait.", examples=[SITE])
    to_site: Id = Field(description="Where they go.", examples=[SITE])
    temperature: str = Field(description="The compartment that they need.", examples=["ambient"])
    crates: int = Field(description="How many.", examples=[6])
    kg: int = Field(description="Weight in all, kg.", examples=[48])
    most_cents: int = Field(description="The most that is offered, cents.", examples=[800])
    counter_cents: int | None = Field(description="What the owner asks instead, cents.", examples=[950])
    price_cents: int | None = Field(description="What is paid, cents: never above the bid.", examples=[640])
    owed_cents: int = Field(
        description="What its payer owes for leaving, once the trip has run: a detour that others had come "
        "for and do not pay. In cents, 0 where nothing.",
        examples=[0],
    )
    saved_cents: int | None = Field(
        description="What riding spares the payer, cents; for the payer only.", examples=[1180]
    )
    detour_s: int | None = Field(description="How much longer the owner drives, seconds.", examples=[420])
    pickup: datetime | None = Field(description="When it is collected.", examples=["2026-09-12T04:12:00Z"])
    pickup_from: datetime | None = Field(
        description="Promised: not before this.", examples=["2026-09-12T03:57:00Z"]
    )
    pickup_until: datetime | None = Field(
        description="Promised: not after this.", examples=["2026-09-12T04:17:00Z"]
    )
    drop: datetime | None = Field(description="When it is handed over.", examples=["2026-09-12T05:02:00Z"])
    drop_from: datetime | None = Field(
        description="Promised: not before this.", examples=["2026-09-12T04:47:00Z"]
    )
    drop_until: datetime | None = Field(
        description="Promised: not after this.", examples=["2026-09-12T05:07:00Z"]
    )
    expires: datetime = Field(description="Until when it is answered.", examples=["2026-09-10T12:00:00Z"])
    state: BidState = Field(description="How far it is.", examples=["open"])
    reason: Reason | None = Field(
        description="Why it was refused, or not chosen when its trip was cleared.", examples=[None]
    )
    bundle: str = Field(
        description="Bids with the same one belong together; empty for a bid alone.",
        examples=["bnd_01hg0000abcd"],
    )
    bundle_kind: Literal["", "all", "any"] = Field(
        description="all: all of the bundle ride or none. any: only one of them.", examples=["all"]
    )
    message: str = Field(description="What its bidder says.", examples=["They stack well."])
    created: datetime = Field(description="When it was placed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class OfferWish(Shape):
    """A shipment that stands, or crates that were not entered yet: one of the two."""

    shipment: Id | None = Field(None, description="An open shipment of yours.", examples=[SHIPMENT])
    crates: ShipmentWish | None = Field(None, description="Crates that were not entered.")


class OfferShown(BaseModel):
    """A ride that could be had now. Looking holds nothing."""

    kind: Literal["trip", "tour"] = Field(description="What would carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner: Id = Field(description="Who drives.", examples=[PARTY])
    owner_name: str = Field(description="How people call them.", examples=["Ferme de la Colle"])
    pickup: datetime = Field(description="When it would be collected.", examples=["2026-09-12T04:12:00Z"])
    drop: datetime = Field(description="When it would be handed over.", examples=["2026-09-12T05:02:00Z"])
    detour_s: int = Field(description="How much longer would be driven, seconds.", examples=[420])
    least_cents: int = Field(description="No lower bid can be taken, cents.", examples=[310])
    price_cents: int = Field(
        description="Bid this, cents. Who bids more pays no more, but a carrier is paid as bid.",
        examples=[640],
    )
    instant: bool = Field(description="Whether a bid is accepted at once.", examples=[False])


class NoOfferShown(BaseModel):
    """A ride that cannot carry the crates as they are."""

    kind: Literal["trip", "tour"] = Field(description="What cannot carry it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[TRIP])
    owner: Id = Field(description="Who drives.", examples=[PARTY])
    owner_name: str = Field(description="How people call them.", examples=["Ferme de la Colle"])
    why: Problem = Field(description="The true reason, and the smallest change that would do.")


class OffersShown(BaseModel):
    """The rides of the day for these crates."""

    offers: list[OfferShown] = Field(description="What fits, the cheapest first.")
    others: list[NoOfferShown] = Field(description="What does not, and why.")


def bid_shown(row: Row[Any], shipment: Row[Any], *, to_payer: bool) -> BidShown:
    return BidShown(
        id=row.id,
        trip=row.trip_id,
        shipment=row.shipment_id,
        payer=row.payer_id,
        from_site=shipment.from_site_id,
        to_site=shipment.to_site_id,
        temperature=shipment.temperature,
        crates=shipment.crates,
        kg=shipment.kg,
        most_cents=row.most_cents,
        counter_cents=row.counter_cents,
        price_cents=row.price_cents,
        owed_cents=row.owed_cents,
        saved_cents=row.saved_cents if to_payer else None,
        detour_s=row.detour_s,
        pickup=moment(row.pickup_at),
        pickup_from=moment(row.pickup_from_at),
        pickup_until=moment(row.pickup_until_at),
        drop=moment(row.drop_at),
        drop_from=moment(row.drop_from_at),
        drop_until=moment(row.drop_until_at),
        expires=known_moment(row.expires_at),
        state=row.state,
        reason=reason_shown(row.reason),
        bundle=row.bundle_id,
        bundle_kind=row.bundle_kind,
        message=row.message,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def offers_shown(found: Offers) -> OffersShown:
    return OffersShown(
        offers=[_offer_shown(one) for one in found.rides],
        others=[_no_offer_shown(one) for one in found.others],
    )


def _offer_shown(one: Offer) -> OfferShown:
    return OfferShown(
        kind=one.kind,
        ride=one.ride_id,
        owner=one.owner_id,
        owner_name=one.owner_name,
        pickup=known_moment(one.pickup_at),
        drop=known_moment(one.drop_at),
        detour_s=one.detour_s,
        least_cents=one.floor_cents,
        price_cents=one.price_cents,
        instant=one.instant,
    )


def _no_offer_shown(one: NoOffer) -> NoOfferShown:
    return NoOfferShown(
        kind=one.kind,
        ride=one.ride_id,
        owner=one.owner_id,
        owner_name=one.owner_name,
        why=problem_of(one.refusal),
    )
