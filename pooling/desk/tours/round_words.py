"""What is said of a round: a tour that repeats, its hours on the wall, kept as they are on every day."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from pooling.desk.tours.tour_words import TourWords
from pooling.recurrence import Recurrence, moment_on, read_rule
from pooling.sharing_rule import Rule
from pooling.tours.same_driver import PREFERENCE_CENTS


@dataclass(frozen=True)
class RoundTemplate:
    """
    Hold what every occurrence is proposed with; hours are seconds on the wall of its day.

    An hour beyond 24:00 is one of the next morning: ``fresh_by_s`` of 32 h is 08:00 of the day after.
    ``cutoff_s`` is counted from midnight ``cutoff_days`` before.
    """

    carrier_id: str
    driver: str
    start_site_id: str
    end_site_id: str
    opens_s: int
    closes_s: int
    cutoff_days: int
    cutoff_s: int
    crate_cents: int
    ambient_crates: int | None = None
    chilled_crates: int | None = None
    frozen_crates: int | None = None
    payload_kg: int | None = None
    fixed_cents: int | None = None
    cents_per_km: int | None = None
    cents_per_hour: int | None = None
    cents_per_stop: int | None = None
    waiting_cents_per_hour: int | None = None
    fee_cents: int = 0
    gap_cents: int = 0
    gap_party_id: str | None = None
    minimum_crates: int = 0
    at_threshold: bool = False
    each_pays_its_way: bool | None = None
    vehicle_id: str = ""
    driver_id: str = ""
    ready_from_s: int | None = None
    fresh_by_s: int | None = None
    same_driver_cents: int = PREFERENCE_CENTS
    sharing_rule: Rule | Literal[""] = ""


@dataclass(frozen=True)
class RoundWords:
    """Hold what an operator says of a round: its name, its rule from a first day on, and its template."""

    name: str
    rule: str
    first_day: date
    template: RoundTemplate

    @cached_property
    def recurrence(self) -> Recurrence:
        return read_rule(self.rule)


PLAIN = tuple(one.name for one in fields(RoundTemplate) if one.name in {f.name for f in fields(TourWords)})
"""What a tour is told as the template has it."""


def tour_on(template: RoundTemplate, day: date, timezone: str) -> TourWords:
    """Return the tour of one day."""

    def at(wall_s: int | None) -> int | None:
        return None if wall_s is None else moment_on(day, wall_s, timezone)

    cutoff_day = day - timedelta(days=template.cutoff_days)
    return TourWords(
        opens_at=moment_on(day, template.opens_s, timezone),
        closes_at=moment_on(day, template.closes_s, timezone),
        cutoff_at=moment_on(cutoff_day, template.cutoff_s, timezone),
        ready_from_at=at(template.ready_from_s),
        fresh_by_at=at(template.fresh_by_s),
        **{name: getattr(template, name) for name in PLAIN},
    )


def template_json(template: RoundTemplate) -> str:
    return json.dumps(asdict(template), separators=(",", ":"))


def template_of(kept: str) -> RoundTemplate:
    """Read it back."""
    told: dict[str, Any] = json.loads(kept)
    return RoundTemplate(**told)
