"""Trips on the wire: what everybody may know, and what only the owner sees."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import InCommunity, InCommunityShown, posting_of
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Id, Moment, Name, Shape, known_moment, seconds
from pooling.desk.communities.posting import Posting
from pooling.desk.trips.standing import standing
from pooling.desk.trips.trips import ReturnWords, StopWords, TripWords
from pooling.figures import LABOUR_PER_HOUR, PALLET_CRATES, TRIP_DETOUR
from pooling.hours import DayClock
from pooling.intake.rooms import ROOM_LIMIT
from pooling.intake.trips import DETOUR_MIN_LIMIT
from pooling.kinds import GoodsKind, in_order, read_kinds
from pooling.legs import Amounts
from pooling.load import UNLIMITED
from pooling.regimes import Regime, papers_to_carry
from pooling.site import Site
from pooling.store.trips import leg_room
from pooling.trip import ASKED_CENTS_LIMIT, HOUR_CENTS_LIMIT, STOPS_LIMIT
from pooling.trips.cancelling import Terms

PARTY, SITE, TRIP = "pty_01hg0000abcd", "site_01hg0000abcd", "trip_01hg0000abcd"
SHIPMENT = "shp_01hg0000abcd"
Free = Annotated[int, Field(ge=0, le=ROOM_LIMIT)]
PALLETS_LIMIT = ROOM_LIMIT // PALLET_CRATES.value
DETOUR_KM_LIMIT = 500
UNSAID = {"detour_min": "detour", "cutoff": "cutoff"}
"""What a community says where its member leaves it out."""
FreeKg = Annotated[int, Field(ge=0, le=UNLIMITED)]
HourCents = Annotated[int, Field(ge=0, le=HOUR_CENTS_LIMIT)]
AskedCents = Annotated[int, Field(ge=0, le=ASKED_CENTS_LIMIT)]
HOUR_COUNTS = (
    "What you count an hour of your detour at, cents; 0: you give your time. Guests aboard: it only falls."
)
ASKED = "What a registered carrier asks at least per crate, cents; 0: none. Guests aboard: it only falls."
Carries = Annotated[list[GoodsKind], Field(max_length=len(GoodsKind))]
CARRIES = "Which kinds of goods may travel; empty: whatever the van can keep."
FREE_ORDER = (
    "The stops between the first and the last may be made in any order: the best one in their hours is found "
    "when the trip is announced or changed."
)
TAIL_LIFT = "The van has a tail lift: pallets ride, and crates of sites that ask for one."
ReservePercent = Literal[0, 25, 50, 100]
TripState = Literal["open", "frozen", "under_way", "done", "cancelled"]


STANDS_UNTIL = (
    "The van stands here from the hour at the latest until this one: whoever comes hands over or fetches "
    "without a detour. It becomes two stops, the second for leaving, with the same room."
)


class StopWish(Shape):
    """An announced stop, and the room that is free when it is left; none at the last."""

    site: Id = Field(description="Where.", examples=[SITE])
    opens: Moment = Field(
        description="When you stop there at the earliest.", examples=["2026-09-12T06:00:00+02:00"]
    )
    closes: Moment = Field(description="And at the latest.", examples=["2026-09-12T06:30:00+02:00"])
    stands_until: Moment | None = Field(
        None, description=STANDS_UNTIL, examples=["2026-09-12T11:00:00+02:00"]
    )
    ambient: Free = Field(0, description="Ambient crates that are free from here on.", examples=[20])
    chilled: Free = Field(0, description="Chilled crates that are free from here on.", examples=[0])
    frozen: Free = Field(0, description="Frozen crates that are free from here on.", examples=[0])
    kg: FreeKg | None = Field(None, description="Kg that are free from here on; else any.", examples=[300])
    pallets: Annotated[int, Field(ge=0, le=PALLETS_LIMIT)] = Field(
        0,
        description=f"EUR pallets besides: {PALLET_CRATES.value} ambient crates each.",
        examples=[0],
    )


class ReturnWish(Shape):
    """The empty way back of a trip, offered as a trip of its own."""

    by: Moment = Field(
        description="By when you are back where it began.", examples=["2026-09-12T12:00:00+02:00"]
    )
    ambient: Free = Field(0, description="Ambient crates that are free.", examples=[40])
    chilled: Free = Field(0, description="Chilled crates that are free.", examples=[0])
    frozen: Free = Field(0, description="Frozen crates that are free.", examples=[0])
    kg: FreeKg | None = Field(None, description="Kg that are free; else any.", examples=[600])


class TripWish(Shape):
    """A trip that its owner makes anyway, within 24 hours; it is of the local day on which it begins."""

    owner: Id = Field(description="Who drives anyway, one of your parties.", examples=[PARTY])
    driver: Name = Field(description="Who is at the wheel.", examples=["Ange"])
    regime: Regime = Field(description="The legal ground to carry on.", examples=["cotransport_agricole"])
    refrigerated: bool = Field(
        default=False, description="A refrigerated van: another cost per km.", examples=[False]
    )
    stops: Annotated[list[StopWish], Field(min_length=2, max_length=STOPS_LIMIT)] = Field(
        description="The stops in the order in which they are made.",
        examples=[
            [{"site": SITE, "opens": "2026-09-12T06:00:00+02:00", "closes": "2026-09-12T06:30:00+02:00"}] * 2
        ],
    )
    detour_min: Annotated[int, Field(ge=0, le=DETOUR_MIN_LIMIT)] = Field(
        TRIP_DETOUR.value // 60, description="How much longer you would drive, minutes.", examples=[15]
    )
    detour_km: Annotated[int, Field(ge=0, le=DETOUR_KM_LIMIT)] | None = Field(
        None, description="And how much further, km; else any.", examples=[10]
    )
    instant: bool = Field(
        default=False,
        description="Bids that the rules allow are accepted at once, without asking.",
        examples=[False],
    )
    reserve_percent: ReservePercent = Field(
        50,
        description="How much of the room may be held for goods that are named later, percent; 0: none.",
        examples=[50],
    )
    hour_cents: HourCents = Field(LABOUR_PER_HOUR.value, description=HOUR_COUNTS, examples=[1500])
    asked_cents: AskedCents = Field(0, description=ASKED, examples=[0])
    carries: Carries = Field(default_factory=list, description=CARRIES, examples=[["dry"]])
    free_order: bool = Field(default=False, description=FREE_ORDER, examples=[False])
    tail_lift: bool = Field(default=False, description=TAIL_LIFT, examples=[False])
    returns: ReturnWish | None = Field(
        None,
        description="You drive back empty: announced with it as a trip of its own. Only when announcing.",
        examples=[None],
    )
    cutoff: Moment | None = Field(
        None,
        description="Until when guests are agreed on; else until the first stop opens.",
        examples=["2026-09-11T20:00:00+02:00"],
    )
    community: InCommunity = None

    def posting(self) -> Posting:
        return posting_of(self.community, self.model_fields_set, UNSAID)

    def words(self) -> TripWords:
        return TripWords(
            owner_id=self.owner,
            driver=self.driver,
            regime=self.regime,
            stops=tuple(one for stop in self.stops for one in _stop_words(stop)),
            detour_s=self.detour_min * 60,
            refrigerated=self.refrigerated,
            instant=self.instant,
            cutoff_at=None if self.cutoff is None else seconds(self.cutoff),
            detour_m=None if self.detour_km is None else self.detour_km * 1000,
            returns=None if self.returns is None else _return_words(self.returns),
            reserve_percent=self.reserve_percent,
            hour_cents=self.hour_cents,
            asked_cents=self.asked_cents,
            carries=frozenset(self.carries),
            free_order=self.free_order,
            tail_lift=self.tail_lift,
        )


class TripStopShown(BaseModel):
    """An announced stop, with the room that is still free on the leg that leaves it."""

    site: Id = Field(description="Where.", examples=[SITE])
    name: str = Field(description="How people call the site.", examples=["Marché de la Condamine"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7384])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.4246])
    opens: datetime = Field(description="At the earliest.", examples=["2026-09-12T04:00:00Z"])
    closes: datetime = Field(description="At the latest.", examples=["2026-09-12T04:30:00Z"])
    stands: bool = Field(
        description="The van stands here until the next stop, which is at the same site.", examples=[False]
    )
    ambient_free: int = Field(description="Ambient crates that still fit from here on.", examples=[14])
    chilled_free: int = Field(description="Chilled crates that still fit.", examples=[0])
    frozen_free: int = Field(description="Frozen crates that still fit.", examples=[0])
    kg_free: int | None = Field(description="Kg that still fit; null where nobody limits.", examples=[252])


class VisitShown(BaseModel):
    """One visit of the trip as it is agreed, with its planned hours."""

    kind: Literal["announced", "pickup", "drop"] = Field(description="What is done.", examples=["pickup"])
    shipment: str = Field(description="Whose crates; empty at an announced stop.", examples=[SHIPMENT])
    site: Id = Field(description="Where.", examples=[SITE])
    begins: datetime = Field(description="When handling begins.", examples=["2026-09-12T04:12:00Z"])
    leaves: datetime = Field(description="When it is left.", examples=["2026-09-12T04:19:00Z"])


class TripInside(BaseModel):
    """What only the owner of a trip sees."""

    driver: str = Field(description="Who is at the wheel.", examples=["Ange"])
    visits: list[VisitShown] = Field(description="The trip as it is agreed, in order.")
    drive_s: int = Field(description="Driving as agreed, seconds.", examples=[4200])
    announced_drive_s: int = Field(description="Driving as announced, seconds.", examples=[3600])
    distance_m: int = Field(description="The way as agreed, metres.", examples=[41200])
    compensation_cents: int = Field(
        description="What its guests are owed for its being cancelled after the cut-off, cents.",
        examples=[0],
    )


class TripShown(BaseModel):
    """A trip as it stands."""

    id: Id = Field(description="The trip.", examples=[TRIP])
    owner: Id = Field(description="Who drives anyway.", examples=[PARTY])
    owner_name: str = Field(description="How people call the owner.", examples=["Ferme de la Colle"])
    regime: Regime = Field(description="The legal ground to carry on.", examples=["cotransport_agricole"])
    papers: list[str] = Field(
        description="What is carried on board on this ground.",
        examples=[["Delivery note (justificatif)", "Note of shared costs"]],
    )
    refrigerated: bool = Field(description="Whether the van is refrigerated.", examples=[False])
    day: date = Field(description="The local day.", examples=["2026-09-12"])
    detour_s: int = Field(description="How much longer the owner would drive, seconds.", examples=[900])
    detour_m: int | None = Field(description="And how much further, metres; null: any.", examples=[None])
    series: Id | None = Field(description="The series whose occurrence it is.", examples=[None])
    series_day: date | None = Field(description="The day on which its rule put it.", examples=[None])
    return_of: Id | None = Field(description="The trip whose empty way back it is.", examples=[None])
    returns: Id | None = Field(description="The trip that is its empty way back.", examples=[None])
    cutoff: datetime = Field(
        description="Until when guests are agreed on.", examples=["2026-09-11T18:00:00Z"]
    )
    instant: bool = Field(description="Whether bids are accepted at once.", examples=[False])
    reserve_percent: int = Field(
        description="How much of the room may be held for goods that are named later, percent.", examples=[50]
    )
    hour_cents: int = Field(
        description="What its owner counts an hour of detour at, cents; 0: it gives its time.",
        examples=[1500],
    )
    asked_cents: int = Field(
        description="What a registered carrier asks at least per crate, cents; 0: none.", examples=[0]
    )
    carries: list[GoodsKind] = Field(description=CARRIES, examples=[["dry"]])
    free_order: bool = Field(description="Whether the order of its stops was found.", examples=[False])
    tail_lift: bool = Field(description="Whether its van has a tail lift.", examples=[False])
    state: TripState = Field(description="How far it is.", examples=["open"])
    community: InCommunityShown
    stops: list[TripStopShown] = Field(description="The announced stops, in order.")
    terms: list[TermShown] = Field(description=TERMS)
    inside: TripInside | None = Field(description="For the owner only.", examples=[None])
    created: datetime = Field(description="When it was announced.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change and each guest.", examples=[1])


def trip_shown(
    row: Row[Any],
    stops: Sequence[Row[Any]],
    legs: Sequence[Row[Any]],
    sites: Mapping[str, Site],
    owner_name: str,
    *,
    inside: bool,
    returns: str = "",
    compensation_cents: int = 0,
) -> TripShown:
    return TripShown(
        id=row.id,
        owner=row.owner_id,
        owner_name=owner_name,
        regime=row.regime,
        papers=list(papers_to_carry(Regime(row.regime))),
        refrigerated=row.refrigerated,
        day=row.day,
        detour_s=row.detour_s,
        detour_m=row.detour_m,
        series=row.series_id,
        series_day=row.series_day,
        return_of=row.returns_id,
        returns=returns or None,
        cutoff=known_moment(row.cutoff_at),
        instant=row.instant,
        reserve_percent=row.reserve_percent,
        hour_cents=row.hour_cents,
        asked_cents=row.asked_cents,
        carries=list(in_order(read_kinds(row.carries))),
        free_order=row.free_order,
        tail_lift=row.tail_lift,
        state=row.state,
        community=row.community_id,
        stops=[
            _stop_shown(stop, leg, sites[stop.site_id])
            for stop, leg in zip(stops, [*legs, None], strict=True)
        ],
        terms=terms_shown(Terms(row.cutoff_at, stops[0].closes_at), None),
        inside=_inside(row, compensation_cents) if inside else None,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def _stop_shown(stop: Row[Any], leg: Row[Any] | None, site: Site) -> TripStopShown:
    ambient, chilled, frozen, kg = leg_room(leg).free if leg is not None else (0, 0, 0, 0)
    return TripStopShown(
        site=stop.site_id,
        name=site.name,
        lat=site.place.lat,
        lon=site.place.lon,
        opens=known_moment(stop.opens_at),
        closes=known_moment(stop.closes_at),
        stands=stop.stands,
        ambient_free=ambient,
        chilled_free=chilled,
        frozen_free=frozen,
        kg_free=None if leg is not None and leg.kg_cap == UNLIMITED else kg,
    )


def _inside(row: Row[Any], compensation_cents: int) -> TripInside:
    kept = json.loads(row.plan)
    route, midnight_at = kept["route"], int(DayClock(row.day, row.timezone).midnight.timestamp())
    return TripInside(
        driver=row.driver,
        visits=[
            VisitShown(
                kind=visit["kind"],
                shipment="" if visit["kind"] == "announced" else visit["id"],
                site=visit["site"],
                begins=known_moment(midnight_at + visit["begins_s"]),
                leaves=known_moment(midnight_at + visit["leaves_s"]),
            )
            for visit in route["visits"]
        ],
        drive_s=route["drive_s"],
        announced_drive_s=kept["announced"]["drive_s"],
        distance_m=route["distance_m"],
        compensation_cents=compensation_cents,
    )


def _stop_words(stop: StopWish) -> tuple[StopWords, ...]:
    free = free_of(stop.ambient + stop.pallets * PALLET_CRATES.value, stop.chilled, stop.frozen, stop.kg)
    comes = StopWords(stop.site, seconds(stop.opens), seconds(stop.closes), free)
    return (comes,) if stop.stands_until is None else standing(comes, seconds(stop.stands_until))


def _return_words(wish: ReturnWish) -> ReturnWords:
    return ReturnWords(seconds(wish.by), free_of(wish.ambient, wish.chilled, wish.frozen, wish.kg))


def free_of(ambient: int, chilled: int, frozen: int, kg: int | None) -> Amounts:
    """Return room as it is kept; kilos that nobody limits are the most there are."""
    return ambient, chilled, frozen, UNLIMITED if kg is None else kg
