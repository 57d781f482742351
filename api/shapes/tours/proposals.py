"""Proposed tours on the wire: their area, how they stand, who could drive, and a place."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.problem import Problem
from api.shapes.goods.goods_share import GoodsShareShown, goods_share_shown
from api.shapes.words import Id, Shape, known_moment
from pooling.desk.tours.choosing_carrier import Candidate
from pooling.desk.tours.tour_standing import PlaceStanding, TourStanding
from pooling.fair.outlook import Outlook
from pooling.store.proposals import Why
from pooling.tours.tour_area import PLACES_LIMIT, RADIUS_LIMIT_M, Around, tour_area_text

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[7.3, 43.7], [7.5, 43.7], [7.5, 43.8], [7.3, 43.8], [7.3, 43.7]]],
}
PARTY = "pty_01hg0000abcd"


class AroundWish(Shape):
    """A place and how far around it a tour goes, by the crow."""

    lat: Annotated[float, Field(ge=-85, le=85)] = Field(description="Degrees north.", examples=[43.74])
    lon: Annotated[float, Field(ge=-180, le=180)] = Field(description="Degrees east.", examples=[7.42])
    radius_m: Annotated[int, Field(ge=1, le=RADIUS_LIMIT_M)] = Field(
        description="Metres around it.", examples=[15_000]
    )


class AreaOfTour(Shape):
    """Where a tour goes: one polygon, or places with a radius."""

    polygon: dict[str, Any] | None = Field(None, description="A GeoJSON Polygon.", examples=[SQUARE])
    places: Annotated[list[AroundWish], Field(max_length=PLACES_LIMIT)] = Field(
        default_factory=list, description="Places instead of a polygon.", examples=[[]]
    )

    def text(self) -> str:
        around = [Around(one.lat, one.lon, one.radius_m) for one in self.places]
        return tour_area_text(self.polygon, around)


def area_shown(text: str) -> AreaOfTour | None:
    """Show an area that was kept; nothing where a tour goes anywhere."""
    if not text:
        return None
    told = json.loads(text)
    around = [AroundWish(lat=lat, lon=lon, radius_m=far) for lat, lon, far in told.get("places", [])]
    return AreaOfTour(polygon=told.get("polygon"), places=around)


class TourStands(BaseModel):
    """How a tour stands, for its operator."""

    cost_cents: int = Field(description="The card and the fee, as planned now, cents.", examples=[4200])
    shares_cents: int = Field(description="What those aboard pay together, cents.", examples=[3900])
    gap_cents: int = Field(description="What the gap account takes as things stand, cents.", examples=[0])
    lacking_cents: int = Field(description="What nobody takes upon itself yet, cents.", examples=[300])
    shipments: int = Field(description="Shipments aboard.", examples=[6])
    crates: int = Field(description="Crates aboard.", examples=[31])
    minimum_shipments: int = Field(description="Shipments that it needs.", examples=[5])
    minimum_crates: int = Field(description="Crates that it needs.", examples=[0])
    minimum_share_cents: int = Field(description="What must be paid together, cents.", examples=[0])
    minimum_met: bool = Field(description="Whether all three are reached.", examples=[True])


def tour_stands(one: TourStanding) -> TourStands:
    return TourStands(
        cost_cents=one.cost_cents,
        shares_cents=one.shares_cents,
        gap_cents=one.gap_cents,
        lacking_cents=one.lacking_cents,
        shipments=one.shipments,
        crates=one.crates,
        minimum_shipments=one.minimum.shipments,
        minimum_crates=one.minimum.crates,
        minimum_share_cents=one.minimum.share_cents,
        minimum_met=one.minimum_met,
    )


class DriverCandidate(BaseModel):
    """A vetted carrier that could drive a tour, or why it cannot."""

    carrier: Id = Field(description="The carrier.", examples=[PARTY])
    name: str = Field(description="How people call it.", examples=["Transports Lou"])
    vehicle: str = Field(description="The vehicle that would drive; empty where none can.", examples=[""])
    cost_cents: int | None = Field(description="What the plan costs by its card, cents.", examples=[4100])
    preference_cents: int = Field(
        description="By how much it counts as dearer, as another than its round's own driver would come; "
        "nobody pays it, cents.",
        examples=[0],
    )
    chosen: bool = Field(description="Whether it drives the tour as things stand.", examples=[True])
    why: Problem | None = Field(description="Why it falls out, if it does.", examples=[None])


def candidate_shown(one: Candidate, why: Problem | None) -> DriverCandidate:
    return DriverCandidate(
        carrier=one.carrier_id,
        name=one.name,
        vehicle=one.vehicle_id,
        cost_cents=None if one.refusal else one.cost_cents,
        preference_cents=one.preference_cents,
        chosen=one.drives,
        why=why,
    )


class OutlookShown(BaseModel):
    """What more stops would do to a share: reckoned from the plan by a stated rule, and no promise."""

    stops: int = Field(description="So many more stops like those aboard on average.", examples=[2])
    share_cents: int = Field(description="And the share would be at most this, cents.", examples=[940])


class PriceTold(BaseModel):
    """A price that a place was told."""

    share_cents: int = Field(description="What it was told to pay, cents.", examples=[980])
    total_cents: int | None = Field(
        description="What its payer was told for all its places on the tour together, cents; `null` in what "
        "was told before that was kept.",
        examples=[1860],
    )
    why: Why = Field(
        description="What it was told after. Where the word begins with `own` it is its payer's own act: "
        "`own_place` and `own_left` another place of its own, `own_day` what it sends or pays elsewhere that "
        "day; `others_day`: somebody else's day changed; `by_hand`: its operator moved the tour by hand, or "
        "took a move back.",
        examples=["joined"],
    )
    told: datetime = Field(description="When.", examples=["2026-09-10T08:00:00Z"])


class PayersTotalShown(BaseModel):
    """What a payer is told for all its places on one tour together: its total is what is promised."""

    places: int = Field(description="How many places it has.", examples=[2])
    share_cents: int = Field(description="What it pays for them together, cents.", examples=[1860])
    told_cents: int = Field(description="It never pays more for them together, cents.", examples=[1860])
    alone_cents: int = Field(
        description="What they would cost it without the tour, cents: of it each place has its part.",
        examples=[3140],
    )
    before_cents: int | None = Field(
        description="What it was told for the others before this place joined, cents.", examples=[1090]
    )


class PlaceShown(BaseModel):
    """How a place on a tour stands, beside the sign-up itself."""

    sign_up: Id = Field(description="The sign-up.", examples=["signup_01hg0000abcd"])
    mine: PayersTotalShown | None = Field(
        description="What its payer is told for all its places on the tour; `null` where it holds none."
    )
    prices: list[PriceTold] = Field(
        description="The prices that it was told, the newest first: none above the first, and the total of "
        "its payer rises only by its own act or its own day."
    )
    next: str = Field(description="Send as `after` for older prices; empty at the end.", examples=[""])
    outlook: OutlookShown | None = Field(description="With how many more stops it would fall, if any.")
    lacking_cents: int = Field(
        description="What the tour still lacks to set out, cents; 0 where it is paid.", examples=[0]
    )
    goods_share: GoodsShareShown | None = Field(
        description="Its share against the value of its goods, where that is known."
    )


def place_shown(one: PlaceStanding) -> PlaceShown:
    return PlaceShown(
        sign_up=one.row.id,
        mine=PayersTotalShown(**asdict(one.mine)) if one.mine else None,
        prices=[_price(row) for row in one.prices],
        next=one.after,
        outlook=outlook_shown(one.outlook),
        lacking_cents=one.lacking_cents,
        goods_share=goods_share_shown(one.goods_share),
    )


def outlook_shown(one: Outlook | None) -> OutlookShown | None:
    return None if one is None else OutlookShown(stops=one.stops, share_cents=one.share_cents)


def _price(row: Row[Any]) -> PriceTold:
    told = known_moment(row.created_at)
    return PriceTold(share_cents=row.share_cents, total_cents=row.total_cents, why=row.why, told=told)
