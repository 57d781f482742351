"""A calendar as a file: RFC 5545, written by the ``icalendar`` library, which folds and escapes."""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar as File
from icalendar import Event
from sqlalchemy import Row

from api.papers.words import LOCALES, Words, message, words
from pooling.desk.telling.feeds import Calendar

MEDIA_TYPE = "text/calendar"
PRODUCER = "-//Carriole//Co-delivery//EN"
STOPS = message("Stops: {stops}")
CRATES = message("{crates} {crates:crate/crates}: {way}")


def calendar_file(calendar: Calendar, public_url: str, host: str) -> bytes:
    """Write the trips and rides of a calendar; the same rows give the same bytes."""
    said = words(calendar.language if calendar.language in LOCALES else "fr")
    file = File()
    file.add("prodid", PRODUCER)
    file.add("version", "2.0")
    file.add("x-wr-calname", "Carriole")
    for trip in calendar.trips:
        file.add_component(_trip(calendar, trip, said, public_url, host))
    for ride in calendar.rides:
        file.add_component(_ride(calendar, ride, said, public_url, host))
    written: bytes = file.to_ical()
    return written


def _trip(calendar: Calendar, trip: Row[Any], said: Words, public_url: str, host: str) -> Event:
    stops, names = calendar.stops[trip.id], calendar.site_names
    event = _event(f"{trip.id}@{host}", trip, f"{public_url}/trips/{trip.id}")
    event.add("summary", f"{names[stops[0].site_id]} → {names[stops[-1].site_id]}")
    event.add("location", names[stops[0].site_id])
    event.add("description", said.say(STOPS, stops=", ".join(names[stop.site_id] for stop in stops)))
    event.add("dtstart", _moment(stops[0].opens_at))
    event.add("dtend", _moment(stops[-1].closes_at))
    event.add("status", "CANCELLED" if trip.state == "cancelled" else "CONFIRMED")
    return event


def _ride(calendar: Calendar, ride: Row[Any], said: Words, public_url: str, host: str) -> Event:
    names = calendar.site_names
    way = f"{names[ride.from_site_id]} → {names[ride.to_site_id]}"
    event = _event(f"{ride.id}@{host}", ride, f"{public_url}/bids/{ride.id}")
    event.add("summary", said.say(CRATES, crates=ride.crates, way=way))
    event.add("location", names[ride.from_site_id])
    event.add("dtstart", _moment(ride.pickup_from_at))
    event.add("dtend", _moment(ride.drop_until_at))
    event.add("status", "CONFIRMED")
    return event


def _event(uid: str, row: Row[Any], url: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _moment(row.created_at))
    event.add("sequence", row.revision - 1)
    event.add("url", url)
    return event


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
