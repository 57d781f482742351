"""A day's clock: hours on the wall to seconds of the plan and back, right on days that change hour."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geodata.refusal import Refusal
from pooling.phrases import excerpt

DEFAULT_TIMEZONE = "Europe/Paris"

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days that are planned: all of them have a day before and after, in every time zone."""

HOUR = re.compile(r"(?P<hours>[0-9]{1,2})([:hH](?P<minutes>[0-9]{0,2})(:00)?)?")
"""``06:30``, ``6h30``, ``6h`` or ``6``; spreadsheets add seconds, and only whole minutes are taken."""


DAY_S = 24 * 3600

HOURS_KEPT = 4_096
"""Hours on the wall clock of a day that were counted lately."""


class DayOutOfRange(Refusal):
    code = "day_out_of_range"
    reason = "{day} cannot be planned: days lie between {first} and {last}."
    cure = "Correct the year."


class TimezoneUnknown(Refusal):
    code = "timezone_unknown"
    reason = "There is no time zone called {timezone}."
    cure = "Write a name of the IANA list, such as Europe/Paris."


class HourUnreadable(Refusal):
    code = "hour_unreadable"
    reason = "“{text}” is no hour of the day."
    cure = "Write hours and whole minutes, such as 06:30."


class HourSkipped(HourUnreadable):
    code = "hour_skipped"
    reason = "{text} does not exist on {day}: the clocks go forward over it."
    cure = "Write an hour before or after the one that is skipped."


@dataclass(frozen=True)
class DayClock:
    """
    Count seconds from the local midnight that begins a day.

    Seconds are elapsed ones: on the day on which the clocks go forward, 06:00 comes five hours
    after midnight, and a drive that takes an hour still takes an hour.
    """

    day: date
    timezone: str = DEFAULT_TIMEZONE

    def __post_init__(self) -> None:
        if not FIRST_DAY <= self.day <= LAST_DAY:
            raise DayOutOfRange(day=self.day, first=FIRST_DAY, last=LAST_DAY)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
            raise TimezoneUnknown(timezone=self.timezone) from error

    @cached_property
    def midnight(self) -> datetime:
        return datetime.combine(self.day, time(), ZoneInfo(self.timezone)).astimezone(UTC)

    def seconds(self, wall: str) -> int:
        """
        Return the seconds at which the clock on the wall shows ``HH:MM`` (24:00 is the day's end).

        Refuses an hour that cannot be read, or that this day skips; of one that comes twice, the first.
        """
        hours, minutes = _hours_minutes(wall)
        local_day = self.day + timedelta(days=hours // 24)
        local = datetime.combine(local_day, time(hours % 24, minutes), ZoneInfo(self.timezone))
        moment = local.astimezone(UTC)
        if local.time() != time() and moment.astimezone(local.tzinfo).time() != local.time():
            raise HourSkipped(text=wall, day=self.day)
        return int((moment - self.midnight).total_seconds())

    def wall(self, seconds: int) -> str:
        """Return what the clock on the wall shows, to the minute; the day ends at 24:00."""
        if seconds == self.seconds("24:00"):
            return "24:00"
        return self.utc(seconds).astimezone(ZoneInfo(self.timezone)).strftime("%H:%M")

    def utc(self, seconds: int) -> datetime:
        return self.midnight + timedelta(seconds=seconds)


@lru_cache(maxsize=HOURS_KEPT)
def day_seconds(clock: DayClock, wall_s: int) -> int:
    """Return the seconds of a day at an hour on the wall clock, right where the clocks change."""
    try:
        return clock.seconds(f"{wall_s // 3600:02d}:{wall_s % 3600 // 60:02d}")
    except HourSkipped:
        return clock.seconds(f"{wall_s // 3600 + 1:02d}:00")


def next_morning(first_s: int, opens_s: int, closes_s: int) -> tuple[int, int]:
    """Count hours on the wall that are over before a trip sets out as those of the next morning."""
    if closes_s < opens_s:
        closes_s += DAY_S
    return (opens_s + DAY_S, closes_s + DAY_S) if closes_s < first_s else (opens_s, closes_s)


def _hours_minutes(wall: str) -> tuple[int, int]:
    found = HOUR.fullmatch(wall.strip())
    if found is None:
        raise HourUnreadable(text=excerpt(wall))
    pair = int(found["hours"]), int(found["minutes"] or 0)
    if not (pair[0] < 24 and pair[1] < 60) and pair != (24, 0):
        raise HourUnreadable(text=excerpt(wall))
    return pair
