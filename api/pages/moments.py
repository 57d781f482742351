"""Moments and hours as people say them, on the wall clock of the house."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from api.papers.words import Words


@dataclass(frozen=True)
class Moments:
    """Say stored seconds and days; ``now_at`` tells what today is."""

    words: Words
    timezone: str
    now_at: int

    def local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.timezone))

    @property
    def today(self) -> date:
        return self.local(self.now_at).date()

    def day(self, day: date | str | int, *, inside: bool = False) -> str:
        """
        Return a day in words: ``Today``, ``Tomorrow``, else ``Saturday 12 September``.

        ``inside`` a sentence it begins as its language writes it there: ``today``, ``samedi``.
        """
        if isinstance(day, int):
            day = self.local(day).date()
        elif isinstance(day, str):
            day = date.fromisoformat(day)
        if day == self.today:
            return self.words.say("today") if inside else self.words.say("Today")
        if day == self.today + timedelta(days=1):
            return self.words.say("tomorrow") if inside else self.words.say("Tomorrow")
        pattern = "EEEE d MMMM" if day.year == self.today.year else "EEEE d MMMM y"
        written = format_date(day, format=pattern, locale=self.words.locale)
        if day.day == 1 and self.words.language == "fr":
            written = written.replace(" 1 ", " 1er ")
        return written if inside else written[:1].upper() + written[1:]

    def month(self, day: date) -> str:
        """Return the month of a day in words: ``September 2026``."""
        written = format_date(day, format="LLLL y", locale=self.words.locale)
        return written[:1].upper() + written[1:]

    def hour(self, at: int | None) -> str:
        return "" if at is None else f"{self.local(at):%H:%M}"

    def until(self, at: int) -> str:
        """Return the hour at which hours end; the midnight that ends a day belongs to it: ``24:00``."""
        hour = self.hour(at)
        return "24:00" if hour == "00:00" else hour

    def wall(self, wall_s: int) -> str:
        """Return seconds since midnight on the wall clock as an hour: ``06:40``."""
        return f"{wall_s // 3600:02d}:{wall_s % 3600 // 60:02d}"

    def at(self, at: int | None, *, inside: bool = False) -> str:
        """Return a moment with its day: ``Today, 06:40``."""
        return "" if at is None else f"{self.day(at, inside=inside)}, {self.hour(at)}"

    def between(self, from_at: int | None, until_at: int | None) -> str:
        """Return two hours of one day: ``06:40 – 07:10``; one hour where both are the same."""
        until = self.hour(until_at) if until_at is None or until_at == from_at else self.until(until_at)
        hours = dict.fromkeys(one for one in (self.hour(from_at), until) if one)
        return " – ".join(hours)

    def seconds(self, day: date, wall_s: int) -> int:
        """Return the moment of an hour on the wall clock (seconds since midnight) of a day."""
        midnight = datetime.combine(day + timedelta(days=wall_s // 86_400), datetime.min.time())
        wall = midnight + timedelta(seconds=wall_s % 86_400)
        return int(wall.replace(tzinfo=ZoneInfo(self.timezone)).timestamp())
