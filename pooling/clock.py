"""
What time it is: one port, so that tests can turn the clock.

Moments are whole seconds since 1970 in UTC. The file clock lets several processes of one test share
an hour: it adds the number of seconds that stands in a file to the true time.
"""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pooling.hours import DEFAULT_TIMEZONE

ANSWERS_FROM_S = 6 * 3600
ANSWERS_UNTIL_S = 22 * 3600
"""Nobody has to answer at night: only the hours between 6 and 22, local, count towards an expiry."""


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> int: ...


class SystemClock:
    """Tell the true time."""

    def now(self) -> int:
        return int(time.time())


@dataclass
class TurnedClock:
    """Tell the time that a test sets."""

    at: int

    def now(self) -> int:
        return self.at

    def forward(self, seconds: int) -> None:
        self.at += seconds


@dataclass(frozen=True)
class FileClock:
    """Tell the true time and the seconds that stand in a file; a file that is not there adds nothing."""

    path: Path

    def now(self) -> int:
        try:
            ahead = int(self.path.read_text(encoding="ascii") or 0)
        except FileNotFoundError:
            ahead = 0
        return int(time.time()) + ahead


def waking_hours_later(now_at: int, seconds: int, timezone: str = DEFAULT_TIMEZONE) -> int:
    """
    Return the moment when so many seconds of waking hours (6 to 22, local) have gone by.

    An answer time of 4 h asked for at 21:00 ends at 09:00 next morning.
    """
    zone = ZoneInfo(timezone)
    moment = datetime.fromtimestamp(now_at, UTC).astimezone(zone)
    left = seconds
    while True:
        opens, closes = (_wall(moment.date(), wall_s, zone) for wall_s in (ANSWERS_FROM_S, ANSWERS_UNTIL_S))
        at = max(int(moment.timestamp()), opens)
        if at + left <= closes:
            return at + left
        left -= max(0, closes - at)
        moment = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), zone)


def _wall(day: date, wall_s: int, zone: ZoneInfo) -> int:
    return int(
        datetime(day.year, day.month, day.day, wall_s // 3600, wall_s % 3600 // 60, tzinfo=zone).timestamp()
    )
