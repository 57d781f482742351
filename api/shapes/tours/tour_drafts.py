"""Drafted tours on the wire: with what they are drafted, what they come to, and what makes them a tour."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import InCommunity, posting_of
from api.shapes.tours.tours import PARTY, SITE, TOUR
from api.shapes.words import Cents, Day, Id, Moment, NameIfAny, Shape, known_moment, seconds
from pooling.desk.communities.posting import Posting
from pooling.desk.seeds.seeding import DraftFilling
from pooling.load import Room, Space
from pooling.seeding.draft import CARD, CLOSES_S, DAYS, OPENS_S, VAN, Draft, Terms
from pooling.tour import RateCard

DRAFT = "dft_01hg0000abcd"
Weekday = Annotated[int, Field(ge=1, le=7)]
DraftCrates = Annotated[int, Field(ge=0, le=400)]
OperatorField = Annotated[Id, Field(description="The operator: one of your parties.", examples=[PARTY])]


class DraftToursWish(Shape):
    """What tours are drafted with. What is left out is the default, which every draft names."""

    operator: OperatorField
    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        list(DAYS), description="Weekdays on which tours run; 1 is Monday.", examples=[[2, 4, 5]]
    )
    opens_hour: Annotated[int, Field(ge=0, le=23)] = Field(
        OPENS_S // 3600, description="Local hour from which vans are out.", examples=[6]
    )
    closes_hour: Annotated[int, Field(ge=1, le=24)] = Field(
        CLOSES_S // 3600, description="Local hour by which they are back.", examples=[16]
    )
    ambient_crates: DraftCrates = Field(VAN.ambient.crates, description="Room, ambient.", examples=[70])
    chilled_crates: DraftCrates = Field(VAN.chilled.crates, description="Room, chilled.", examples=[50])
    frozen_crates: DraftCrates = Field(VAN.frozen.crates, description="Room, frozen.", examples=[0])
    payload_kg: Annotated[int, Field(ge=1, le=40_000)] = Field(
        VAN.payload_kg, description="The most a van carries, kg.", examples=[900]
    )
    fixed_cents: Cents = Field(CARD.fixed_cents, description="Per tour, cents.", examples=[2500])
    cents_per_km: Cents = Field(CARD.cents_per_km, description="Per km, cents.", examples=[55])
    cents_per_hour: Cents = Field(CARD.cents_per_hour, description="Per hour, cents.", examples=[1500])
    cents_per_stop: Cents = Field(CARD.cents_per_stop, description="Per stop, cents.", examples=[100])

    def terms(self) -> Terms:
        return Terms(
            days=tuple(sorted(set(self.days))),
            opens_s=self.opens_hour * 3600,
            closes_s=self.closes_hour * 3600,
            room=Room(
                Space(self.ambient_crates),
                Space(self.chilled_crates),
                Space(self.frozen_crates),
                self.payload_kg,
            ),
            card=RateCard(self.fixed_cents, self.cents_per_km, self.cents_per_hour, self.cents_per_stop),
        )


class DraftStopShown(BaseModel):
    """One halt of a draft."""

    name: str = Field(description="Where.", examples=["Ferme du Lac"])
    lat: float = Field(description="Latitude.", examples=[47.2184])
    lon: float = Field(description="Longitude.", examples=[-1.5536])
    arrives: str = Field(description="Local hour at which the van arrives.", examples=["07:40"])
    loaded: int = Field(description="Crates that come aboard.", examples=[8])
    unloaded: int = Field(description="Crates that leave.", examples=[0])


class AskedInVainShown(BaseModel):
    """A product for which buyers near the stops asked in vain."""

    area: str = Field(description="Where they are.", examples=["44109 Nantes"])
    product: str = Field(description="What they asked for.", examples=["carottes"])
    buyers: int = Field(description="How many on one day; three at least.", examples=[3])


class WantedShown(BaseModel):
    """One whom a draft would invite."""

    rank: int = Field(description="In which order to ask; by this they are invited.", examples=[1])
    role: str = Field(description="producer or buyer.", examples=["producer"])
    name: str = Field(description="Its name.", examples=["Ferme du Lac"])
    crates: int = Field(description="Crates a week.", examples=[8])
    partners: int = Field(description="With how many of the others it works.", examples=[3])
    share_cents: int = Field(description="What a producer would pay a week, cents.", examples=[1840])
    alone_cents: int = Field(description="What it would cost alone, cents.", examples=[4920])
    in_vain: list[AskedInVainShown] = Field(
        description="What it has of what buyers near the stops asked for in vain; who has most is first."
    )


class TourDraftShown(BaseModel):
    """A tour as it could be proposed."""

    id: Id = Field(description="The draft.", examples=[DRAFT])
    operator: Id = Field(description="Whose it is.", examples=[PARTY])
    place: int = Field(description="Its place in its drafting: 1 saves most kilometres.", examples=[1])
    weekday: int = Field(description="Its weekday; 1 is Monday.", examples=[2])
    area: str = Field(description="The commune to which most crates go.", examples=["44109 Nantes"])
    approximate: bool = Field(
        description="Its lengths are crow × 1.3: no built region covers it.", examples=[True]
    )
    crates: int = Field(description="Crates aboard.", examples=[120])
    links: int = Field(description="Links that it would carry.", examples=[30])
    assumed: int = Field(description="Of these, links whose volume is only the default.", examples=[30])
    cost_cents: int = Field(description="What the card would come to, cents.", examples=[36_000])
    crate_cents: int = Field(description="That for each crate, rounded up, cents.", examples=[300])
    distance_m: int = Field(description="Metres driven.", examples=[244_300])
    alone_m: int = Field(
        description="Metres that the producers aboard would drive for these crates alone.", examples=[612_000]
    )
    saved_pct: int = Field(description="Kilometres saved, percent.", examples=[60])
    wished_crates: int = Field(
        description="Crates that were looked for in vain on this weekday near its stops.", examples=[14]
    )
    in_vain: list[AskedInVainShown] = Field(
        description="For what buyers near its stops asked in vain on this weekday, most buyers first."
    )
    stops: list[DraftStopShown] = Field(description="Its halts in order.")
    wanted: list[WantedShown] = Field(description="Whom to invite, the first first.")
    tour: Id | None = Field(description="The tour that it became.", examples=[TOUR])
    created: datetime = Field(description="When it was drafted.", examples=["2026-09-12T06:00:00Z"])


class ProposeDraftWish(Shape):
    """What a draft lacks to be a proposed tour."""

    carrier: Id = Field(description="The vetted carrier that drives it.", examples=[PARTY])
    driver: NameIfAny = Field("", description="Who drives.", examples=["Lou"])
    day: Day = Field(description="The day: one of the draft's weekday.", examples=["2026-09-15"])
    cutoff: Moment = Field(
        description="Until when one may join or leave.", examples=["2026-09-14T18:00:00+02:00"]
    )
    start_site: Id | None = Field(
        None, description="Where the van sets out; else the carrier's first site.", examples=[SITE]
    )
    end_site: Id | None = Field(None, description="Where it ends; else where it set out.", examples=[SITE])
    vehicle: Id | None = Field(
        None, description="A vehicle of the carrier's: its room is then the tour's.", examples=[None]
    )
    crate_cents: Cents | None = Field(
        None, description="The most that a crate will cost; else the draft's dearest share.", examples=[350]
    )
    minimum_crates: DraftCrates = Field(
        0, description="Crates without which it does not set out.", examples=[12]
    )
    gap_cents: Cents = Field(
        0, description="The most that your own account adds where the shares do not cover it.", examples=[500]
    )
    community: InCommunity = None

    def posting(self) -> Posting:
        return posting_of(self.community, set(), {"fee_cents": "fee"})

    def filling(self) -> DraftFilling:
        return DraftFilling(
            carrier_id=self.carrier,
            driver=self.driver,
            day=self.day,
            cutoff_at=seconds(self.cutoff),
            start_site_id=self.start_site or "",
            end_site_id=self.end_site or "",
            vehicle_id=self.vehicle or "",
            crate_cents=self.crate_cents,
            minimum_crates=self.minimum_crates,
            gap_cents=self.gap_cents,
        )


class ProposedDraft(BaseModel):
    """A draft that became a tour."""

    tour: Id = Field(description="The proposed tour.", examples=[TOUR])


def tour_draft_shown(row: Row[Any], draft: Draft) -> TourDraftShown:
    return TourDraftShown(
        id=row.id,
        operator=row.operator_id,
        place=row.place,
        weekday=row.weekday,
        area=row.area,
        approximate=row.approximate,
        crates=draft.crates,
        links=draft.links,
        assumed=draft.assumed,
        cost_cents=draft.cost_cents,
        crate_cents=draft.crate_cents,
        distance_m=draft.distance_m,
        alone_m=draft.alone_m,
        saved_pct=draft.saved_pct,
        wished_crates=draft.wished_crates,
        in_vain=[AskedInVainShown(**vars(one)) for one in draft.in_vain],
        stops=[
            DraftStopShown(
                name=one.name,
                lat=one.place.lat,
                lon=one.place.lon,
                arrives=f"{one.arrives_s // 3600:02d}:{one.arrives_s // 60 % 60:02d}",
                loaded=one.loaded,
                unloaded=one.unloaded,
            )
            for one in draft.stops
        ],
        wanted=[
            WantedShown(
                rank=at,
                role=one.role,
                name=one.name,
                crates=one.crates,
                partners=one.partners,
                share_cents=one.share_cents,
                alone_cents=one.alone_cents,
                in_vain=[AskedInVainShown(**vars(each)) for each in one.in_vain],
            )
            for at, one in enumerate(draft.wanted, start=1)
        ],
        tour=row.tour_id,
        created=known_moment(row.created_at),
    )
