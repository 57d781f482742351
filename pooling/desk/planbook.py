"""
Plans as they are kept: routes as JSON, with the ids of their sites where a plan has rows of a matrix.

A stored plan is never computed anew. Its hours and loads are read back as they were agreed; only the
rows are those of the matrix that is at hand.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pooling.ground import Ground
from pooling.site import Site
from routing.plan import PlannedVisit, Route
from routing.task import Task

PLANS_KEPT = 2_048
"""Plans of trips that were read lately, by their words."""

SitesOfTasks = Mapping[Task, str]
"""At which site each task of a route is done."""


@lru_cache(maxsize=PLANS_KEPT)
def kept_plan(words: str) -> Mapping[str, Any]:
    """Read what a trip keeps; it is shared by whoever reads the same words, and changed by nobody."""
    plan: Mapping[str, Any] = json.loads(words)
    return plan


def route_words(route: Route, sites: SitesOfTasks) -> dict[str, Any]:
    """Return a route as it is kept."""
    words: dict[str, Any] = {
        "vehicle": route.vehicle,
        "leaves_s": route.leaves_s,
        "ends_s": route.ends_s,
        "load": list(route.load),
        "drive_s": route.drive_s,
        "distance_m": route.distance_m,
    }
    words["visits"] = [
        {
            "kind": visit.task.kind,
            "id": visit.task.id,
            "site": sites[visit.task],
            "arrives_s": visit.arrives_s,
            "begins_s": visit.begins_s,
            "leaves_s": visit.leaves_s,
            "load": list(visit.load),
        }
        for visit in route.visits
    ]
    return words


def route_of(words: Mapping[str, Any], ground: Ground) -> Route:
    """Read a kept route back, on the rows of this ground."""
    return Route(
        vehicle=words["vehicle"],
        leaves_s=words["leaves_s"],
        ends_s=words["ends_s"],
        load=tuple(words["load"]),
        drive_s=words["drive_s"],
        distance_m=words["distance_m"],
        visits=tuple(_visit(visit, ground) for visit in words["visits"]),
    )


def trip_plan_words(announced: Route, route: Route, sites: SitesOfTasks, places: Mapping[str, Site]) -> str:
    """
    Return what a trip keeps: its route as announced, the one it is committed to, and where sites lay.

    A site that moves later does not move a ride that was agreed.
    """
    used = {sites[task] for task in (*announced.tasks, *route.tasks)}
    return json.dumps(
        {
            "announced": route_words(announced, sites),
            "route": route_words(route, sites),
            "places": {one: [places[one].place.lat, places[one].place.lon] for one in sorted(used)},
        },
        separators=(",", ":"),
    )


def announced_again(kept: str) -> str:
    """Return what a trip keeps when every guest has left it: the route as it was announced."""
    announced, places = (json.loads(kept)[part] for part in ("announced", "places"))
    used = {visit["site"] for visit in announced["visits"]}
    places = {site: point for site, point in places.items() if site in used}
    words = {"announced": announced, "route": announced, "places": places}
    return json.dumps(words, separators=(",", ":"))


def _visit(words: Mapping[str, Any], ground: Ground) -> PlannedVisit:
    return PlannedVisit(
        task=Task(words["kind"], words["id"]),
        place=ground.row[words["site"]],
        arrives_s=words["arrives_s"],
        begins_s=words["begins_s"],
        leaves_s=words["leaves_s"],
        load=tuple(words["load"]),
    )
