"""Trips that repeat, on the wire: hours on the wall, a rule of RFC 5545, and days left out or moved."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.sites import HOUR
from api.shapes.posting import InCommunity, InCommunityShown, posting_of
from api.shapes.trips.trips import (
    ASKED,
    CARRIES,
    DETOUR_KM_LIMIT,
    FREE_ORDER,
    HOUR_COUNTS,
    PALLETS_LIMIT,
    PARTY,
    SITE,
    STANDS_UNTIL,
    TAIL_LIFT,
    TRIP,
    UNSAID,
    AskedCents,
    Carries,
    Free,
    FreeKg,
    HourCents,
    ReservePercent,
    TripState,
    free_of,
)
from api.shapes.words import Day, Id, Name, Shape, known_moment
from pooling.desk.communities.posting import Posting
from pooling.desk.trips.series import EXCEPTIONS_LIMIT
from pooling.desk.trips.series_words import SeriesWords, WallStop, over_night
from pooling.desk.trips.standing import standing_wall
from pooling.figures import LABOUR_PER_HOUR, PALLET_CRATES, TRIP_DETOUR
from pooling.hours import DEFAULT_TIMEZONE
from pooling.intake.trips import DETOUR_MIN_LIMIT
from pooling.kinds import GoodsKind, in_order, read_kinds
from pooling.recurrence import RULE_LETTERS_LIMIT
from pooling.regimes import Regime
from pooling.trip import STOPS_LIMIT

SERIES = "ser_01hg0000abcd"
Wall = Annotated[str, Field(pattern=HOUR)]


class WallStopWish(Shape):
    """An announced stop by the clock on the wall, and the room that is free when it is left."""

    site: Id = Field(description="Where.", examples=[SITE])
    opens: Wall = Field(description="When you stop there at the earliest, local.", examples=["06:00"])
    closes: Wall = Field(description="And at the latest, local.", examples=["06:30"])
    stands_until: Wall | None = Field(None, description=STANDS_UNTIL, examples=["11:00"])
    ambient: Free = Field(0, description="Ambient crates that are free from here on.", examples=[20])
    chilled: Free = Field(0, description="Chilled crates that are free from here on.", examples=[0])
    frozen: Free = Field(0, description="Frozen crates that are free from here on.", examples=[0])
    kg: FreeKg | None = Field(None, description="Kg that are free from here on; else any.", examples=[300])
    pallets: Annotated[int, Field(ge=0, le=PALLETS_LIMIT)] = Field(
        0, description=f"EUR pallets besides: {PALLET_CRATES.value} ambient crates each.", examples=[0]
    )

    def words(self) -> tuple[WallStop, ...]:
        ambient = self.ambient + self.pallets * PALLET_CRATES.value
        room = free_of(ambient, self.chilled, self.frozen, self.kg)
        comes = WallStop(self.site, wall_seconds(self.opens), wall_seconds(self.closes), room)
        return (
            (comes,) if self.stands_until is None else standing_wall(comes, wall_seconds(self.stands_until))
        )


class DayMoved(Shape):
    """A day of the rule that is left out, or moved to another."""

    day: Day = Field(description="The day on which the rule puts a trip.", examples=["2026-12-24"])
    moved_to: Day | None = Field(None, description="Where it runs; else it is left out.", examples=[None])


class DayBack(Shape):
    """A day of the rule that was left out, moved or cancelled, and runs again."""

    day: Day = Field(description="The day on which the rule puts a trip.", examples=["2026-12-24"])


class SeriesCutoff(Shape):
    """Until when guests are agreed on: so many days before, at an hour on the wall."""

    days_before: Annotated[int, Field(ge=0, le=7)] = Field(description="Days before.", examples=[1])
    hour: Wall = Field(description="The hour, local.", examples=["18:00"])


class SeriesWish(Shape):
    """A trip that its owner makes again and again."""

    owner: Id = Field(description="Who drives anyway, one of your parties.", examples=[PARTY])
    driver: Name = Field(description="Who is at the wheel.", examples=["Ange"])
    regime: Regime = Field(description="The legal ground to carry on.", examples=["cotransport_agricole"])
    rule: Annotated[str, Field(min_length=1, max_length=RULE_LETTERS_LIMIT)] = Field(
        description="RFC 5545: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, BYDAY, BYMONTHDAY, COUNT or UNTIL.",
        examples=["FREQ=WEEKLY;BYDAY=TU,FR"],
    )
    first_day: Day = Field(
        description="From when on the rule counts; a change holds from this day on.", examples=["2026-09-15"]
    )
    timezone: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        DEFAULT_TIMEZONE, description="Whose wall clock it keeps to.", examples=["Europe/Paris"]
    )
    stops: Annotated[list[WallStopWish], Field(min_length=2, max_length=STOPS_LIMIT)] = Field(
        description="The stops in the order in which they are made.",
        examples=[
            [
                {"site": SITE, "opens": "06:00", "closes": "06:30", "ambient": 20},
                {"site": SITE, "opens": "07:00", "closes": "08:00"},
            ]
        ],
    )
    detour_min: Annotated[int, Field(ge=0, le=DETOUR_MIN_LIMIT)] = Field(
        TRIP_DETOUR.value // 60, description="How much longer you would drive, minutes.", examples=[15]
    )
    detour_km: Annotated[int, Field(ge=0, le=DETOUR_KM_LIMIT)] | None = Field(
        None, description="And how much further, km; else any.", examples=[10]
    )
    refrigerated: bool = Field(default=False, description="A refrigerated van.", examples=[False])
    instant: bool = Field(
        default=False, description="Bids that the rules allow are accepted at once.", examples=[False]
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
    overnight: bool = Field(
        default=False,
        description="Hours that are over before the first stop opens are of the next morning.",
        examples=[False],
    )
    cutoff: SeriesCutoff | None = Field(
        None, description="Until when guests are agreed on; else until the first stop.", examples=[None]
    )
    exceptions: Annotated[list[DayMoved], Field(max_length=EXCEPTIONS_LIMIT)] = Field(
        default_factory=list, description="Days left out or moved.", examples=[[]]
    )
    community: InCommunity = None

    def posting(self) -> Posting:
        return posting_of(self.community, self.model_fields_set, UNSAID)

    def words(self) -> SeriesWords:
        stops = tuple(one for stop in self.stops for one in stop.words())
        return SeriesWords(
            owner_id=self.owner,
            driver=self.driver,
            regime=self.regime,
            stops=over_night(stops) if self.overnight else stops,
            rule=self.rule,
            first_day=self.first_day,
            timezone=self.timezone,
            detour_s=self.detour_min * 60,
            detour_m=None if self.detour_km is None else self.detour_km * 1000,
            refrigerated=self.refrigerated,
            instant=self.instant,
            reserve_percent=self.reserve_percent,
            hour_cents=self.hour_cents,
            asked_cents=self.asked_cents,
            carries=frozenset(self.carries),
            free_order=self.free_order,
            tail_lift=self.tail_lift,
            cutoff=None if self.cutoff is None else (self.cutoff.days_before, wall_seconds(self.cutoff.hour)),
            exceptions=tuple(sorted({one.day: one.moved_to for one in self.exceptions}.items())),
        )


class FromDay(Shape):
    """A day of a series, and all that follow."""

    from_day: Day = Field(description="This day and all that follow.", examples=["2026-10-01"])


class OccurrenceShown(BaseModel):
    """One trip of a series: known by the day on which the rule put it."""

    day: date = Field(description="The original day.", examples=["2026-09-15"])
    runs: date = Field(description="The day on which it runs.", examples=["2026-09-15"])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    state: TripState = Field(description="How far it is.", examples=["open"])
    detached: bool = Field(
        description="Changed by itself: no change of the series moves it.", examples=[False]
    )


class ExceptionShown(BaseModel):
    """A day that is left out or moved; with a reason where the house could not make it."""

    day: date = Field(description="The original day.", examples=["2026-12-24"])
    moved_to: date | None = Field(description="Where it runs; null: left out.", examples=[None])
    reason: str = Field(description="Why it could not be made; else empty.", examples=[""])


class SeriesShown(BaseModel):
    """A recurring trip as it stands."""

    id: Id = Field(description="The series.", examples=[SERIES])
    owner: Id = Field(description="Who drives anyway.", examples=[PARTY])
    rule: str = Field(description="The rule.", examples=["FREQ=WEEKLY;BYDAY=TU,FR"])
    first_day: date = Field(description="From when on it counts.", examples=["2026-09-15"])
    until_day: date | None = Field(description="Where it was cut off.", examples=[None])
    timezone: str = Field(description="Whose wall clock it keeps to.", examples=["Europe/Paris"])
    made_until: date | None = Field(
        description="Up to here its trips are announced.", examples=["2026-11-10"]
    )
    state: Literal["open", "ended"] = Field(description="Whether it goes on.", examples=["open"])
    follows: Id | None = Field(description="The series that it went on from.", examples=[None])
    community: InCommunityShown
    carries: list[GoodsKind] = Field(description=CARRIES, examples=[["dry"]])
    tail_lift: bool = Field(description="Whether its van has a tail lift.", examples=[False])
    occurrences: list[OccurrenceShown] = Field(description="The next trips, in order; at most 100.")
    exceptions: list[ExceptionShown] = Field(description="Days left out or moved.")
    created: datetime = Field(description="When it was announced.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def series_shown(row: Row[Any], trips: Sequence[Row[Any]], exceptions: Sequence[Row[Any]]) -> SeriesShown:
    template = json.loads(row.template)
    return SeriesShown(
        id=row.id,
        owner=row.owner_id,
        rule=row.rule,
        first_day=row.first_day,
        until_day=row.until_day,
        timezone=row.timezone,
        made_until=row.made_until_day,
        state=row.state,
        follows=row.follows_id,
        community=row.community_id,
        carries=list(in_order(read_kinds(template.get("carries", "")))),
        tail_lift=template.get("tail_lift", False),
        occurrences=[
            OccurrenceShown(
                day=one.series_day, runs=one.day, trip=one.id, state=one.state, detached=one.detached
            )
            for one in trips
        ],
        exceptions=[
            ExceptionShown(day=one.day, moved_to=one.moved_to, reason=_sentence(one.reason))
            for one in exceptions
        ],
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def wall_seconds(hour: str) -> int:
    """Turn ``06:40`` into seconds of the wall clock."""
    hours, minutes = hour.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _sentence(kept: str) -> str:
    words: Mapping[str, Any] = json.loads(kept) if kept else {}
    return str(words.get("detail", ""))
