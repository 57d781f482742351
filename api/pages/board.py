"""The day of a region, drawn: the ways of its manifests, of planned tours and of announced trips."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from api.pages.visit import Visit
from api.papers.frame import PHONE_WIDTH
from api.papers.picture import PALETTE, Picture, RouteLine, draw_map
from api.papers.single import towns_of
from geodata.region import Region
from pooling.runs.manifest_json import read_manifest
from pooling.site import Site
from pooling.store import Page, View
from pooling.store.days import parties_by_id
from pooling.store.manifests import list_manifests
from pooling.store.plans import find_plan
from pooling.store.sites import sites_by_id
from pooling.store.tours import list_tours
from pooling.store.trips import stops_of
from pooling.store.trips_ahead import next_trip_day, trips_on

LINES_LIMIT = 12
READ = Page(limit=100)

Points = tuple[tuple[float, float], ...]


def tours_of_day(view: View, day: date) -> list[Row[Any]]:
    return [row for row in list_tours(view, READ, day=day, state="")[0] if row.state != "cancelled"]


def trips_of_day(view: View, day: date) -> list[Row[Any]]:
    """List the day's trips by the hour at which they begin."""
    rows = trips_on(view, day, READ.limit)
    begins = {
        trip_id: stops[0].opens_at for trip_id, stops in stops_of(view, [row.id for row in rows]).items()
    }
    return sorted(rows, key=lambda row: (begins[row.id], row.id))


def next_busy_day(view: View, today: date) -> date:
    """Return today where something rides, else the next day on which something does, else today."""
    tours = list_tours(view, READ, day=None, state="")[0]
    days = [row.day for row in tours if row.day >= today and row.state != "cancelled"]
    trips_from = next_trip_day(view, today)
    return min([*days, *([trips_from] if trips_from else [])], default=today)


def manifests_of_day(view: View, day: date) -> list[Row[Any]]:
    rows = list_manifests(view, None, READ)[0]
    return [row for row in rows if row.day == day and row.state != "cancelled"]


def board_map(view: View, visit: Visit, day: date) -> str:
    """Draw the day; frozen rides as their manifests say, the others by their stops on the road."""
    region = visit.house.region
    lines = [_line(at, label, points) for at, (label, points) in enumerate(_ways(view, region, day))]
    picture = Picture(
        streets=region.roads.streets,
        lines=tuple(lines[:LINES_LIMIT]),
        stops=(),
        title=visit.words.say("Map of the day"),
        towns=tuple(towns_of(region)),
        attribution=region.meta.attribution,
        whole=True,
    )
    return draw_map(picture, visit.words.language, PHONE_WIDTH)


def _ways(view: View, region: Region, day: date) -> Iterable[tuple[str, Points]]:
    frozen = manifests_of_day(view, day)
    for row in frozen:
        written = read_manifest(row.body)
        yield written.title, written.line
    drawn = {(row.ride_kind, row.ride_id) for row in frozen}
    tours = [row for row in tours_of_day(view, day) if ("tour", row.id) not in drawn]
    trips = [row for row in trips_of_day(view, day) if ("trip", row.id) not in drawn]
    names = parties_by_id(view, [*(row.carrier_id for row in tours), *(row.owner_id for row in trips)])
    for row in tours:
        yield names[row.carrier_id].name, _on_road(view, region, _tour_sites(view, row))
    stops = stops_of(view, [row.id for row in trips])
    for row in trips:
        yield names[row.owner_id].name, _on_road(view, region, [stop.site_id for stop in stops[row.id]])


def _tour_sites(view: View, row: Row[Any]) -> list[str]:
    visits = json.loads(find_plan(view, row.plan_id).body)["visits"] if row.plan_id else []
    return [row.start_site_id, *(visit["site"] for visit in visits), row.end_site_id]


def _on_road(view: View, region: Region, site_ids: Sequence[str]) -> Points:
    """Return the way on the road through these sites."""
    known = sites_by_id(view, site_ids)
    stops: list[Site] = [known[site_id] for site_id in site_ids]
    snaps = [region.roads.snap(stop.place) for stop in stops]
    legs = [region.roads.line(start, end) for start, end in pairwise(snaps)]
    return tuple(point for leg in legs for point in leg.places)


def _line(at: int, label: str, points: Points) -> RouteLine:
    return RouteLine(label, PALETTE[at % len(PALETTE)], points)
