"""Rounds on the wire: a rule of RFC 5545, hours on the wall, and days left out or moved."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import InCommunityShown
from api.shapes.tours.tours import PARTY, SITE, TOUR, PricesWish, Reason, TourState, reason_shown
from api.shapes.trips.series import SeriesCutoff, Wall, wall_seconds
from api.shapes.words import Cents, Day, Id, Name, Shape, known_moment
from pooling.desk.tours.round_words import RoundTemplate, RoundWords
from pooling.recurrence import RULE_LETTERS_LIMIT
from pooling.tours.same_driver import PREFERENCE_CENTS, Steadiness

ROUND = "round_01hg0000abcd"
DAY_S = 24 * 3600


class NextMorning(Shape):
    """An hour on the wall, of the same evening or of the next morning."""

    hour: Wall = Field(description="The hour, local.", examples=["08:00"])
    next_day: bool = Field(default=False, description="Of the day after.", examples=[True])

    def seconds(self) -> int:
        return wall_seconds(self.hour) + DAY_S * self.next_day


class RoundWish(PricesWish):
    """A tour that repeats. Prices that are left out are those of the carrier's card of each day."""

    name: Name = Field(description="How people call it.", examples=["Valley, Tuesdays"])
    rule: Annotated[str, Field(min_length=1, max_length=RULE_LETTERS_LIMIT)] = Field(
        description="RFC 5545: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, BYDAY, COUNT or UNTIL.",
        examples=["FREQ=WEEKLY;BYDAY=TU,FR"],
    )
    first_day: Day = Field(
        description="From when on the rule counts; a change holds from this day on.", examples=["2026-09-15"]
    )
    start_site: Id = Field(description="Where the van sets out.", examples=[SITE])
    end_site: Id = Field(description="Where it ends.", examples=[SITE])
    sets_out: Wall = Field(description="When it may set out, local.", examples=["06:00"])
    back_by: NextMorning = Field(
        description="When it must be back.", examples=[{"hour": "12:00", "next_day": False}]
    )
    cutoff: SeriesCutoff = Field(
        description="Until when one may join or leave.", examples=[{"days_before": 1, "hour": "18:00"}]
    )
    ready_from: Wall | None = Field(
        None, description="No pickup before this hour: when the harvest is ready.", examples=["10:00"]
    )
    fresh_by: NextMorning | None = Field(
        None,
        description="No drop after this hour: the same evening, or the next morning.",
        examples=[{"hour": "08:00", "next_day": True}],
    )
    same_driver_cents: Cents = Field(
        PREFERENCE_CENTS, description="What it is worth that its own driver comes, cents.", examples=[1000]
    )
    at_threshold: bool = Field(
        default=False,
        description="Each tour is confirmed as soon as its minimum is reached and paid with everybody "
        "aboard, before the cut-off.",
        examples=[False],
    )

    def words(self) -> RoundWords:
        return RoundWords(self.name, self.rule, self.first_day, self._template())

    def _template(self) -> RoundTemplate:
        return RoundTemplate(
            carrier_id=self.carrier,
            start_site_id=self.start_site,
            end_site_id=self.end_site,
            opens_s=wall_seconds(self.sets_out),
            closes_s=self.back_by.seconds(),
            cutoff_days=self.cutoff.days_before,
            cutoff_s=wall_seconds(self.cutoff.hour),
            ready_from_s=None if self.ready_from is None else wall_seconds(self.ready_from),
            fresh_by_s=None if self.fresh_by is None else self.fresh_by.seconds(),
            same_driver_cents=self.same_driver_cents,
            at_threshold=self.at_threshold,
            **self.given(),
        )


class RoundEnd(Shape):
    """From which day on a round runs no more."""

    from_day: Day = Field(description="The first day that is cancelled.", examples=["2026-12-24"])


class RoundTourShown(BaseModel):
    """One occurrence of a round."""

    tour: Id = Field(description="The tour.", examples=[TOUR])
    round_day: date = Field(description="The day on which the rule put it.", examples=["2026-09-15"])
    day: date = Field(description="The day on which it runs.", examples=["2026-09-15"])
    state: TourState = Field(description="How far it is.", examples=["proposed"])
    detached: bool = Field(description="Edited by itself: the round leaves it as it is.", examples=[False])


class RoundExceptionShown(BaseModel):
    """A day of a round that is left out or moved."""

    day: date = Field(description="The day of the rule.", examples=["2026-12-24"])
    moved_to: date | None = Field(description="Where it runs; else it is left out.", examples=[None])
    reason: Reason | None = Field(description="Why it could not be made.", examples=[None])


class SameDriver(BaseModel):
    """How steadily a round is driven."""

    driver: str = Field(description="Who drove most of its runs.", examples=["Lou"])
    times: int = Field(description="On how many.", examples=[11])
    runs: int = Field(description="Of how many.", examples=[12])


class RoundShown(BaseModel):
    """A round as it stands."""

    id: Id = Field(description="The round, through all its changes.", examples=[ROUND])
    name: str = Field(description="How people call it.", examples=["Valley, Tuesdays"])
    operator: Id = Field(description="Who proposes it.", examples=[PARTY])
    carrier: Id = Field(description="Who drives it.", examples=[PARTY])
    timezone: str = Field(description="Whose wall clock it keeps to.", examples=["Europe/Paris"])
    rule: str = Field(description="Its rule as it stands last.", examples=["FREQ=WEEKLY;BYDAY=TU,FR"])
    from_day: date = Field(description="From when on that holds.", examples=["2026-09-15"])
    until_day: date | None = Field(description="The last day on which it runs, if any.", examples=[None])
    template: dict[str, Any] = Field(
        description="What each occurrence is proposed with; hours in seconds on the wall of its day.",
        examples=[{"opens_s": 21600}],
    )
    state: Literal["open", "ended"] = Field(description="Whether it goes on.", examples=["open"])
    community: InCommunityShown
    tours: list[RoundTourShown] = Field(description="Its next occurrences.", examples=[[]])
    exceptions: list[RoundExceptionShown] = Field(description="Days left out or moved.", examples=[[]])
    same_driver: SameDriver = Field(
        description="How steadily it is driven.", examples=[{"driver": "Lou", "times": 11, "runs": 12}]
    )
    created: datetime = Field(description="When it was proposed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def round_shown(
    row: Row[Any], terms: Row[Any], tours: Sequence[Row[Any]], out: Sequence[Row[Any]], steady: Steadiness
) -> RoundShown:
    return RoundShown(
        id=row.id,
        name=row.name,
        operator=row.operator_id,
        carrier=row.carrier_id,
        timezone=row.timezone,
        rule=terms.rule,
        from_day=terms.from_day,
        until_day=row.until_day,
        template=json.loads(terms.template),
        state=row.state,
        community=row.community_id,
        tours=[
            RoundTourShown(
                tour=one.id, round_day=one.round_day, day=one.day, state=one.state, detached=one.detached
            )
            for one in tours
        ],
        exceptions=[
            RoundExceptionShown(day=one.day, moved_to=one.moved_to, reason=reason_shown(one.reason))
            for one in out
        ],
        same_driver=SameDriver(**vars(steady)),
        created=known_moment(row.created_at),
        revision=row.revision,
    )
