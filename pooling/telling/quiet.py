"""Quiet hours: when nobody wants mail. They are hours on the wall clock, so they follow summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def after_quiet(at: int, quiet_from_s: int, quiet_until_s: int, timezone: str) -> int:
    """
    Return the moment itself, or the end of the quiet hours that it falls into.

    From 22:00 until 06:00 goes over midnight; the same hour twice means that no hour is quiet.
    """
    zone = ZoneInfo(timezone)
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    wall_s = local.hour * 3600 + local.minute * 60 + local.second
    if not _is_quiet(wall_s, quiet_from_s, quiet_until_s):
        return at
    ends_on = local.date() + timedelta(days=int(wall_s >= quiet_until_s))
    return next(end for end in _ends(ends_on, quiet_until_s, zone) if end >= at)


def _is_quiet(wall_s: int, from_s: int, until_s: int) -> bool:
    if from_s <= until_s:
        return from_s <= wall_s < until_s
    return wall_s >= from_s or wall_s < until_s


def _ends(day: date, wall_s: int, zone: ZoneInfo) -> list[int]:
    """Return when the clock shows this hour: twice in the hour that autumn repeats."""
    midnight = datetime.combine(day, datetime.min.time()) + timedelta(seconds=wall_s)
    return [int(midnight.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)]
