"""
Trips that drive into the next day: what is ready only after midnight may ride on them too.

A trip is of the day on which it begins, crates of the day on which they are ready. Of the trips of the day
before, those that are still under way when crates are ready are tried beside the trips of their own day.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.hours import DayClock
from pooling.store import View
from pooling.store.sites import sites_by_id
from pooling.store.trips import stops_of, trips_over_midnight

NIGHTS_TRIED_LIMIT = 10
"""Trips of the night before that one search tries: of more, those that stop nearest."""

NIGHTS_SEEN_LIMIT = 200


class OtherDay(Refusal):
    code = "other_day"
    reason = "Trip {trip} runs on {trip_day}; the shipment is for {day}."
    cure = "Choose a trip of that day, or change the shipment's hours."


def is_of_its_day(trip: Row[Any], shipment: Row[Any]) -> bool:
    """Tell whether crates are of a trip's day, or of the next where the trip is still under way then."""
    if shipment.day == trip.day:
        return True
    return bool(shipment.day == trip.day + timedelta(days=1) and shipment.ready_at < trip.ends_at)


def days_under_way(trip: Row[Any]) -> tuple[date, ...]:
    """Return the days on which crates may be ready for a trip: its own, and the next if it lasts so long."""
    following, clock = trip.day + timedelta(days=1), DayClock(trip.day, trip.timezone)
    midnight_at = int(clock.midnight.timestamp()) + clock.seconds("24:00")
    return (trip.day, following) if trip.ends_at > midnight_at else (trip.day,)


def must_be_of_its_day(trip: Row[Any], shipment: Row[Any]) -> None:
    if not is_of_its_day(trip, shipment):
        raise OtherDay(trip=trip.id, trip_day=trip.day, day=shipment.day)


def night_trips(view: View, row: Row[Any]) -> tuple[list[Row[Any]], bool]:
    """Return the trips of the night before that may take crates, the nearest, and whether there are more."""
    before = row.day - timedelta(days=1)
    trips = trips_over_midnight(view, before, row.ready_at, NIGHTS_SEEN_LIMIT)
    if len(trips) > NIGHTS_TRIED_LIMIT:
        away_m = _away_m(view, trips, row)
        trips = sorted(trips, key=lambda one: (away_m[one.id], one.id))
    return trips[:NIGHTS_TRIED_LIMIT], len(trips) > NIGHTS_TRIED_LIMIT


def _away_m(view: View, trips: list[Row[Any]], row: Row[Any]) -> dict[str, float]:
    """Return how far the stops of each trip lie from both ends of a shipment, as the crow flies."""
    stops = stops_of(view, [one.id for one in trips])
    ends = (row.from_site_id, row.to_site_id)
    sites = sites_by_id(view, {*ends, *(stop.site_id for each in stops.values() for stop in each)})
    there = {one: [sites[stop.site_id].place for stop in each] for one, each in stops.items()}
    return {one: sum(_nearest_m(places, sites[end].place) for end in ends) for one, places in there.items()}


def _nearest_m(places: list[Place], end: Place) -> float:
    return min(crow_distance_m(one, end) for one in places)
