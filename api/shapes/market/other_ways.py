"""Alternatives of a shipment that does not ride, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.papers.words import Words
from api.shapes.goods.shipments import SHIPMENT
from api.shapes.goods.sites import hour
from api.shapes.market.bids import COVER, CoverAccepted
from api.shapes.market.offers import NoOfferShown, OfferShown, no_offer_shown, offer_shown
from api.shapes.tours.tours import Reason
from api.shapes.words import Cents, Id, Moment, Shape, known_moment, seconds
from pooling.claims.cover import COVER_VERSION
from pooling.desk.market.hub_ways import HubWay
from pooling.desk.market.other_ways import OtherWay, OtherWays, Taking
from pooling.week import spans_text

AT = "2026-09-12T04:12:00Z"
RIDE = "trip_01hg0000abcd"


class HubWayShown(BaseModel):
    """A hub at which the crates would wait, and the way there of whoever asks."""

    site: Id = Field(description="The hub: send it as `hub` to take it.", examples=["site_01hg0000abcd"])
    name: str = Field(description="How people call it.", examples=["Plateforme de Beausoleil"])
    address: str = Field(description="Where it is.", examples=["12 chemin de la Colle, 06320 La Turbie"])
    opens: str = Field(description="From when somebody is there that day, local.", examples=["06:00"])
    closes: str = Field(description="Until when, local.", examples=["20:00"])
    hours: str = Field(description="All of that day's hours.", examples=["06:00-12:00,14:00-20:00"])
    way_m: int = Field(description="Metres of the way there, on the road.", examples=[3_200])
    way_s: int = Field(description="Seconds of driving there.", examples=[420])
    way_cents: int = Field(
        description="What going there and coming back costs you beside the ride, cents, as alone is counted.",
        examples=[510],
    )


class AlternativeShown(BaseModel):
    """One thing that could be had instead: send its words back to take it."""

    change: Literal["ride", "hours", "size", "day", "bring", "fetch"] = Field(
        description="What would be other: only the ride, the hours, the number of crates, the day; or you "
        "bring the crates to a hub, or fetch them there.",
        examples=["day"],
    )
    crates: int = Field(description="So many crates would ride.", examples=[4])
    ready: datetime = Field(description="Ready from.", examples=[AT])
    pickup_by: datetime = Field(description="To be collected by.", examples=[AT])
    deliver_from: datetime = Field(description="To be handed over from.", examples=[AT])
    deliver_by: datetime = Field(description="To be handed over by.", examples=[AT])
    hub: HubWayShown | None = Field(None, description="The hub, for `bring` and `fetch`.", examples=[None])
    offer: OfferShown = Field(description="The ride.")


class AlternativesShown(BaseModel):
    """Why a shipment does not ride, and what else there is."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    revision: int = Field(description="Send as If-Match where you take one.", examples=[2])
    reasons: list[Reason] = Field(
        description="Why it was refused so far, as it was told then; the newest first."
    )
    alternatives: list[AlternativeShown] = Field(description="The nearest; empty: none was found.")
    others: list[NoOfferShown] = Field(description="Rides of its day that cannot carry it, and why.")


class TakeWish(Shape):
    """An alternative, as it was shown."""

    kind: Literal["trip", "tour"] = Field(description="What carries it.", examples=["trip"])
    ride: Id = Field(description="The trip or tour.", examples=[RIDE])
    most_cents: Cents | None = Field(
        None,
        description="Pay at most this, cents; else a trip is bid what it costs now, and a tour costs at most "
        "its price for a crate and what you would pay alone.",
        examples=[640],
    )
    crates: Annotated[int, Field(ge=1, le=400)] = Field(description="So many crates.", examples=[4])
    ready: Moment = Field(description="Ready from.", examples=[AT])
    pickup_by: Moment = Field(description="To be collected by.", examples=["2026-09-12T05:12:00Z"])
    deliver_from: Moment = Field(description="To be handed over from.", examples=[AT])
    deliver_by: Moment = Field(description="To be handed over by.", examples=["2026-09-12T06:12:00Z"])
    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
    hub: Id | None = Field(None, description="The hub, with `change`.", examples=["site_01hg0000abcd"])
    change: Literal["bring", "fetch"] | None = Field(
        None, description="With a hub: you bring the crates there, or fetch them there.", examples=["bring"]
    )

    def taking(self) -> Taking:
        return Taking(
            kind=self.kind,
            ride_id=self.ride,
            most_cents=self.most_cents,
            crates=self.crates,
            ready_at=seconds(self.ready),
            pickup_by_at=seconds(self.pickup_by),
            deliver_from_at=seconds(self.deliver_from),
            deliver_by_at=seconds(self.deliver_by),
            cover=self.cover,
            hub_id=self.hub or "",
            hub_use=self.change if self.hub else None,
        )


class TakenShown(BaseModel):
    """What came of it."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    kind: Literal["bid", "sign_up"] = Field(description="What was placed.", examples=["bid"])
    id: Id = Field(description="The bid on a trip, or the sign-up on a tour.", examples=["bid_01hg0000abcd"])


def alternatives_shown(found: OtherWays, say: Words) -> AlternativesShown:
    return AlternativesShown(
        shipment=found.row.id,
        revision=found.row.revision,
        reasons=[Reason.model_validate(one) for one in found.reasons],
        alternatives=[_alternative(one) for one in found.ways],
        others=[no_offer_shown(one, say) for one in found.others],
    )


def _alternative(one: OtherWay) -> AlternativeShown:
    return AlternativeShown(
        change=one.kind,
        crates=one.crates,
        ready=known_moment(one.ready_at),
        pickup_by=known_moment(one.pickup_by_at),
        deliver_from=known_moment(one.deliver_from_at),
        deliver_by=known_moment(one.deliver_by_at),
        hub=None if one.hub is None else _hub(one.hub),
        offer=offer_shown(one.offer),
    )


def _hub(way: HubWay) -> HubWayShown:
    site = way.hub.site
    return HubWayShown(
        site=site.id,
        name=site.name,
        address=site.address,
        opens=hour(site.hours[0].opens_s),
        closes=hour(site.hours[-1].closes_s),
        hours=spans_text(site.hours),
        way_m=way.way_m,
        way_s=way.way_s,
        way_cents=way.way_cents,
    )
