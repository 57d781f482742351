"""The manifest as a calendar (RFC 5545): an event for each stop, on the clock of its own time zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from api.papers.sheet import Halt, sheet_of
from api.papers.words import Words
from pooling.manifest import Manifest, ManifestStop, first_number, moment_of_hour

PRODUCER = "-//Carriole//Manifest//EN"


def manifest_ics(manifest: Manifest, words: Words) -> bytes:
    """Write the stops of a manifest; a later edition takes their place, and cancels what it left out."""
    file = Calendar()
    file.add("prodid", PRODUCER)
    file.add("version", "2.0")
    file.add("x-wr-calname", f"{manifest.title} · {words.day(manifest.date)}")
    for stop, halt in zip(manifest.stops, sheet_of(manifest, words).halts, strict=True):
        event = _event(manifest, stop)
        event.add("description", "\n".join(filter(None, (*_loads(halt), _whom(stop), stop.access))))
        file.add_component(event)
    for stop in manifest.left_out:
        event = _event(manifest, stop)
        event.add("status", "CANCELLED")
        file.add_component(event)
    written: bytes = file.to_ical()
    return written


def _event(manifest: Manifest, stop: ManifestStop) -> Event:
    """Begin the event of a stop, known again over all editions by its number, which it keeps."""
    event = Event()
    event.add("uid", f"{first_number(manifest.number)}-{stop.number}@carriole")
    event.add("dtstamp", _midnight(manifest))
    event.add("sequence", manifest.edition - 1)
    arrives, leaves = (moment_of_hour(manifest, stop, name) for name in ("arrives", "leaves"))
    event.add("dtstart", arrives)
    event.add("dtend", max(leaves, arrives))
    event.add("summary", f"{stop.number} · {stop.site}")
    event.add("location", stop.address or stop.site)
    event.add("geo", (stop.lat, stop.lon))
    return event


def _loads(halt: Halt) -> list[str]:
    return [
        f"{row.way} {row.crates} {row.unit}, {row.temperature}: {row.shipper} → {row.consignee}"
        for row in halt.rows
    ]


def _whom(stop: ManifestStop) -> str:
    return " ".join(filter(None, (stop.contact, stop.phone)))


def _midnight(manifest: Manifest) -> datetime:
    day = date.fromisoformat(manifest.date)
    return datetime.combine(day, time(), ZoneInfo(manifest.timezone)).astimezone(UTC)
