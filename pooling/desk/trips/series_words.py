"""What is said of a recurring trip: its hours on the wall, kept as they are on every day of the rule."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from pooling.desk.trips.trips import StopWords, TripWords
from pooling.figures import LABOUR_PER_HOUR, RESERVED_SHARE
from pooling.hours import next_morning
from pooling.kinds import ANY_KIND, Kinds, kinds_words, read_kinds
from pooling.legs import Amounts
from pooling.recurrence import Recurrence, moment_on, read_rule
from pooling.regimes import Regime


@dataclass(frozen=True)
class WallStop:
    """Hold an announced stop by the clock on the wall, and the room that is free when it is left."""

    site_id: str
    opens_s: int
    closes_s: int
    free: Amounts
    stands: bool = False


@dataclass(frozen=True)
class SeriesWords:
    """
    Hold what an owner announces of a trip that repeats.

    ``cutoff`` is how many days before, and at which hour on the wall, the last guest is agreed on; without
    it, until the first stop. ``exceptions`` are days left out (``None``) or moved to another.
    """

    owner_id: str
    driver: str
    regime: Regime
    stops: tuple[WallStop, ...]
    rule: str
    first_day: date
    timezone: str
    detour_s: int
    detour_m: int | None = None
    refrigerated: bool = False
    instant: bool = False
    cutoff: tuple[int, int] | None = None
    reserve_percent: int = RESERVED_SHARE.value
    hour_cents: int = LABOUR_PER_HOUR.value
    asked_cents: int = 0
    carries: Kinds = ANY_KIND
    free_order: bool = False
    tail_lift: bool = False
    exceptions: tuple[tuple[date, date | None], ...] = field(default=())

    @cached_property
    def recurrence(self) -> Recurrence:
        return read_rule(self.rule)

    def cutoff_on(self, day: date) -> int:
        """Return the moment until which guests of a day's trip are agreed on."""
        if self.cutoff is None:
            return moment_on(day, self.stops[0].opens_s, self.timezone)
        days, wall_s = self.cutoff
        return moment_on(day - timedelta(days=days), wall_s, self.timezone)

    def on(self, day: date) -> TripWords:
        """Return the trip of one day."""
        return TripWords(
            owner_id=self.owner_id,
            driver=self.driver,
            regime=self.regime,
            stops=tuple(
                StopWords(
                    stop.site_id,
                    moment_on(day, stop.opens_s, self.timezone),
                    moment_on(day, stop.closes_s, self.timezone),
                    stop.free,
                    stop.stands,
                )
                for stop in self.stops
            ),
            detour_s=self.detour_s,
            detour_m=self.detour_m,
            refrigerated=self.refrigerated,
            instant=self.instant,
            cutoff_at=self.cutoff_on(day),
            timezone=self.timezone,
            reserve_percent=self.reserve_percent,
            hour_cents=self.hour_cents,
            asked_cents=self.asked_cents,
            carries=self.carries,
            free_order=self.free_order,
            tail_lift=self.tail_lift,
        )


def over_night(stops: tuple[WallStop, ...]) -> tuple[WallStop, ...]:
    """Return the stops of a trip that ends next morning: hours before it sets out are of that morning."""
    first_s = stops[0].opens_s
    hours = [next_morning(first_s, stop.opens_s, stop.closes_s) for stop in stops]
    return tuple(
        replace(stop, opens_s=opens_s, closes_s=closes_s)
        for stop, (opens_s, closes_s) in zip(stops, hours, strict=True)
    )


def template_json(words: SeriesWords) -> str:
    """Write down what every occurrence announces."""
    return json.dumps(
        {
            "driver": words.driver,
            "regime": words.regime.value,
            "stops": [
                [stop.site_id, stop.opens_s, stop.closes_s, list(stop.free), stop.stands]
                for stop in words.stops
            ],
            "detour_s": words.detour_s,
            "detour_m": words.detour_m,
            "refrigerated": words.refrigerated,
            "instant": words.instant,
            "cutoff": words.cutoff,
            "reserve_percent": words.reserve_percent,
            "hour_cents": words.hour_cents,
            "asked_cents": words.asked_cents,
            "carries": kinds_words(words.carries),
            "free_order": words.free_order,
            "tail_lift": words.tail_lift,
        },
        separators=(",", ":"),
    )


def template_of(
    kept: Mapping[str, Any],
    owner_id: str,
    rule: str,
    first_day: date,
    timezone: str,
    exceptions: tuple[tuple[date, date | None], ...],
) -> SeriesWords:
    """Read it back."""
    return SeriesWords(
        owner_id=owner_id,
        driver=kept["driver"],
        regime=Regime(kept["regime"]),
        stops=tuple(
            WallStop(site_id, opens_s, closes_s, (free[0], free[1], free[2], free[3]), stands == [True])
            for site_id, opens_s, closes_s, free, *stands in kept["stops"]
        ),
        rule=rule,
        first_day=first_day,
        timezone=timezone,
        detour_s=kept["detour_s"],
        detour_m=kept["detour_m"],
        refrigerated=kept["refrigerated"],
        instant=kept["instant"],
        reserve_percent=kept.get("reserve_percent", RESERVED_SHARE.value),
        hour_cents=kept.get("hour_cents", LABOUR_PER_HOUR.value),
        asked_cents=kept.get("asked_cents", 0),
        carries=read_kinds(kept.get("carries", "")),
        free_order=kept.get("free_order", False),
        tail_lift=kept.get("tail_lift", False),
        cutoff=None if kept["cutoff"] is None else (kept["cutoff"][0], kept["cutoff"][1]),
        exceptions=exceptions,
    )
