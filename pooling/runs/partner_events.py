"""
What another carrier's system tells of a run, line by line: set out, handed over, late, arrived.

A line is known by the partner's own id of the event, so that a file sent again changes nothing twice.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from geodata.refusal import Refusal
from pooling.files.line import BadLine, FieldMissing, Line, NotOneOf, OutOfRange
from pooling.files.rawline import ColumnTwice
from pooling.files.spreadsheet import Spreadsheet
from pooling.files.tables import ColumnUnknown
from pooling.goods.warmth import COLDEST_TENTHS, WARMEST_TENTHS
from pooling.intake.reading import NameTwice
from pooling.load import CRATES_LIMIT, Temperature
from pooling.names import NAME_LIMIT
from pooling.phrases import excerpt
from pooling.runs.mishaps import NEXT_STEPS, REASONS

TABLE = "events"
EVENT_COLUMNS = (
    *("id", "kind", "manifest", "at", "plate", "minutes", "anyway"),
    *("shipment", "way", "outcome", "crates", "lost", "damaged", "condition"),
    *("receiver", "code", "reason", "next_step", "next_day", "next_with", "temperature_c"),
    *("empties_ambient", "empties_chilled", "empties_frozen", "lat", "lon", "note"),
)
LATE_LIMIT_MIN = 12 * 60


class EventKind(StrEnum):
    """Name what a partner tells."""

    DEPARTED = "departed"
    HANDOVER = "handover"
    LATE = "late"
    ARRIVED = "arrived"


class Way(StrEnum):
    """Name which way crates went."""

    ON = "on"
    OFF = "off"


class Outcome(StrEnum):
    """Name whether crates changed hands."""

    DONE = "done"
    FAILED = "failed"


class Condition(StrEnum):
    """Name in which state crates were."""

    GOOD = "good"
    DAMAGED = "damaged"
    SHORT = "short"
    REFUSED = "refused"


class NotAMoment(Refusal):
    code = "not_a_moment"
    reason = "{column}: “{text}” is no moment."
    cure = "Write day and hour, such as 2026-11-21T06:40 or 2026-11-21T06:40+01:00."


@dataclass(frozen=True, kw_only=True)
class PartnerEvent:
    """Hold one event as it was told; what its kind has no use for is empty."""

    line: int
    id: str
    kind: str
    manifest: str
    at: int | None = None
    plate: str = ""
    minutes: int = 0
    anyway: bool = False
    shipment: str = ""
    way: str = ""
    outcome: str = "done"
    crates: int = 0
    lost: int = 0
    damaged: int = 0
    condition: str = "good"
    receiver: str = ""
    code: str = ""
    reason: str = ""
    next_step: str = ""
    next_day: str = ""
    next_with: str = ""
    temperature_tenths: int | None = None
    empties: tuple[tuple[str, int], ...] = ()
    lat: float | None = None
    lon: float | None = None
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Return by what the words of an event are known again, wherever in a file they stand."""
        words = asdict(self) | {"line": 0}
        return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class EventsRead:
    """
    Hold the good lines, the bad ones, and what of the header was left unread.

    ``named`` is by what name its sender knows each line, readable or not.
    """

    good: tuple[PartnerEvent, ...]
    bad: tuple[BadLine, ...]
    unread: tuple[Refusal, ...]
    named: Mapping[int, str]


def read_events(sheet: Spreadsheet, timezone: str) -> EventsRead:
    """Read events; an hour without an offset is one on the wall of ``timezone``."""
    good: dict[str, PartnerEvent] = {}
    bad: list[BadLine] = []
    for raw in sheet.lines:
        line = Line(TABLE, raw)
        if raw.wrong is not None:
            bad.append(BadLine(TABLE, raw.number, "", raw.wrong))
            continue
        read = _event(line, timezone)
        if read.id in good:
            line.refuse("id", NameTwice(column="id", name=read.id))
        if line.bad:
            bad += line.found
        else:
            good[read.id] = read
    named = {raw.number: raw.cells.get("id", "")[:NAME_LIMIT] for raw in sheet.lines}
    return EventsRead(tuple(good.values()), tuple(bad), _unread(sheet.header), named)


def _event(line: Line, timezone: str) -> PartnerEvent:
    kind = line.one_of("kind", EventKind)
    common = {
        "line": line.raw.number,
        "id": line.text("id"),
        "kind": kind.value,
        "manifest": line.text("manifest"),
        "at": _moment(line, timezone),
    }
    if kind is EventKind.DEPARTED:
        return PartnerEvent(**common, plate=line.text("plate", ""))  # type: ignore[arg-type]
    if kind is EventKind.LATE:
        late = {"minutes": line.whole("minutes", 1, LATE_LIMIT_MIN), "anyway": line.flag("anyway")}
        return PartnerEvent(**common, **late)  # type: ignore[arg-type]
    if kind is EventKind.HANDOVER:
        return PartnerEvent(**common, **_handover(line))  # type: ignore[arg-type]
    return PartnerEvent(**common)  # type: ignore[arg-type]


def _handover(line: Line) -> Mapping[str, object]:
    return {
        "shipment": line.text("shipment"),
        "way": line.one_of("way", Way).value,
        "outcome": line.one_of("outcome", Outcome, Outcome.DONE).value,
        "crates": line.whole("crates", 0, CRATES_LIMIT),
        "lost": line.whole("lost", 0, CRATES_LIMIT, 0),
        "damaged": line.whole("damaged", 0, CRATES_LIMIT, 0),
        "condition": line.one_of("condition", Condition, Condition.GOOD).value,
        "receiver": line.text("receiver", ""),
        "code": line.text("code", ""),
        "reason": _word(line, "reason", REASONS),
        "next_step": _word(line, "next_step", NEXT_STEPS),
        "next_day": str(line.day("next_day") or ""),
        "next_with": line.text("next_with", ""),
        "temperature_tenths": _tenths(line),
        "empties": _empties(line),
        "lat": _degrees(line, "lat", "lon", 90),
        "lon": _degrees(line, "lon", "lat", 180),
        "note": line.text("note", ""),
    }


def _moment(line: Line, timezone: str) -> int | None:
    text = line.text("at", "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        local = found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(timezone))
        return int(local.astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        line.refuse("at", NotAMoment(column="at", text=excerpt(text)))
        return None


def _word(line: Line, column: str, words: Sequence[str]) -> str:
    text = line.text(column, "").lower()
    if text and text not in words:
        line.refuse(column, NotOneOf(column=column, text=excerpt(text), choices=", ".join(words)))
    return text


def _tenths(line: Line) -> int | None:
    if not line.has("temperature_c"):
        return None
    tenths = round(10 * line.degrees("temperature_c"))
    if not COLDEST_TENTHS <= tenths <= WARMEST_TENTHS:
        low, high = COLDEST_TENTHS // 10, WARMEST_TENTHS // 10
        line.refuse(
            "temperature_c", OutOfRange(column="temperature_c", value=tenths / 10, low=low, high=high)
        )
    return tenths


def _empties(line: Line) -> tuple[tuple[str, int], ...]:
    counts = ((kind.value, line.whole(f"empties_{kind.value}", 0, CRATES_LIMIT, 0)) for kind in Temperature)
    return tuple((kind, crates) for kind, crates in counts if crates)


def _degrees(line: Line, column: str, other: str, limit: int) -> float | None:
    """Read half a place; the other half must stand beside it."""
    if not line.has(column):
        if line.has(other):
            line.refuse(column, FieldMissing(column=column))
        return None
    found = line.degrees(column)
    if abs(found) > limit:
        line.refuse(column, OutOfRange(column=column, value=found, low=-limit, high=limit))
    return round(found, 6)


def _unread(header: Sequence[str]) -> tuple[Refusal, ...]:
    unknown: list[Refusal] = [
        ColumnUnknown(table=TABLE, column=excerpt(name))
        for name in header
        if name and name not in EVENT_COLUMNS
    ]
    twice = [
        ColumnTwice(column=excerpt(name)) for at, name in enumerate(header) if name in header[:at] and name
    ]
    return (*unknown, *twice)
