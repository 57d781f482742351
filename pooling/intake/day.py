"""The whole day: which day and region it is, and its tables in the order in which one needs another."""

from dataclasses import dataclass
from datetime import date

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.files.line import BadLine, Line
from pooling.files.rawline import RawLine
from pooling.files.tables import COLUMNS, Tables
from pooling.hours import DEFAULT_TIMEZONE, DayClock
from pooling.intake.reading import Reading
from pooling.intake.shipments import read_shipments
from pooling.intake.sites import Locate, read_sites
from pooling.intake.tours import read_tours
from pooling.intake.trips import read_trips


class DayMissing(Refusal):
    code = "day_missing"
    reason = "The day has no date or no region."
    cure = "Fill in the table day (date, region), or give --date and --region."


class DayTwice(Refusal):
    code = "day_twice"
    reason = "The table day has more than one line; the first was taken."
    cure = "Keep one line, and plan each day by itself."


@dataclass(frozen=True)
class Intake:
    """Hold the day made of the good lines, and all that was wrong, in the order of tables and lines."""

    day: Day
    bad_lines: tuple[BadLine, ...]


def day_and_region(
    tables: Tables, day: date | None, region: str | None, *, usual: str = ""
) -> tuple[DayClock, str]:
    """
    Read which day and region the tables speak of; what the caller says wins, its usual region comes last.

    Refuses where neither says it, or where the table's date or time zone cannot be read.
    """
    raw = next(iter(tables.lines.get("day", ())), RawLine(1, {}))
    line = Line("day", raw)
    found = day or line.day("date")
    where = region or line.text("region", default="") or usual
    zone = line.text("timezone", default=DEFAULT_TIMEZONE)
    if line.bad:
        raise raw.wrong or line.found[0].refusal
    if found is None or not where:
        raise DayMissing()
    return DayClock(found, zone), where


def read_day(tables: Tables, clock: DayClock, region: str, locate: Locate) -> Intake:
    """Make a day of the tables. ``locate`` is asked once for all sites; what it refuses leaves the day."""
    reading = Reading(clock)
    reading.bad += [
        BadLine(table, 1, str(refusal.facts.get("column", "")), refusal) for table, refusal in tables.unread
    ]
    reading.bad += [BadLine("day", raw.number, "", DayTwice()) for raw in tables.lines.get("day", ())[1:]]
    read_sites(reading, tables.lines.get("sites", ()), locate)
    read_trips(reading, tables.lines.get("trips", ()))
    read_shipments(reading, tables.lines.get("shipments", ()))
    read_tours(reading, tables.lines.get("vehicles", ()))
    day = Day(
        clock=clock,
        region=region,
        parties=reading.parties,
        sites=reading.sites,
        trips=tuple(reading.trips.values()),
        shipments=tuple(reading.shipments.values()),
        bids=tuple(reading.bids),
        tours=tuple(reading.tours.values()),
    )
    return Intake(day, tuple(sorted(reading.bad, key=_where)))


def _where(bad: BadLine) -> tuple[int, int]:
    tables = list(COLUMNS)
    return (tables.index(bad.table) if bad.table in tables else len(tables), bad.line)
