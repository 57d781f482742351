"""The invented morning as a pure day, on any date; and the mail that nobody sends, read from its folder."""

import re
import time
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from api.commands.morning import invent_morning
from geodata.region import Region
from pooling.day import Day
from pooling.files.rawline import RawLine
from pooling.files.tables import Tables
from pooling.ground import off_road
from pooling.hours import DEFAULT_TIMEZONE, DayClock
from pooling.intake import read_day

SATURDAY = 5
AS_PLAYED = {"per_km_eur": "0.45", "per_hour_eur": "14.00", "gap_eur": "30.00"}
"""
What the first tour costs where people join one by one, and what its operator adds: its way is longer than
that of a day planned at once, and it is to set out as it stands. The second one shows what it lacks.
"""
LINK = re.compile(r"/sign-in/(\S+)")
MAIL_WITHIN_S = 15


def invented_day(region: Region, seed: int, day: date) -> Day:
    """Invent a morning as it is played, and put it on a date."""
    rows = invent_morning(region, seed)
    rows["vehicles"][0] |= AS_PLAYED
    lines = {
        table: tuple(RawLine(number, cells) for number, cells in enumerate(known, start=2))
        for table, known in rows.items()
    }
    tables = Tables(lines)
    return read_day(tables, DayClock(day, DEFAULT_TIMEZONE), region.name, off_road(region.roads)).day


def next_market_day(today: date) -> date:
    """Return the Saturday that is at least two days away: time enough to bid and to join."""
    ahead = (SATURDAY - today.weekday()) % 7
    return today + timedelta(days=ahead if ahead >= 2 else ahead + 7)


def token_mailed(folder: Path, email: str) -> str:
    """Wait for the last mail to an address and return the token of its link."""
    until = time.monotonic() + MAIL_WITHIN_S
    while time.monotonic() < until:
        for path in sorted(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns, reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(preferencelist=("plain",))
            found = LINK.search(body.get_content()) if body and email in str(mail["To"]) else None
            if found:
                return found.group(1)
        time.sleep(0.02)
    raise TimeoutError(f"no mail came to {email}")
