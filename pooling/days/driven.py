"""
What a day's vans drive: empty and loaded metres, how full they are on each leg, and how much of it in towns.

Counted on routes and on the lines of their legs on the road, so that everyone alone and a pooled day are
counted alike. A town is a circle around its middle whose radius grows with the root of its people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geodata.place import Place, crow_distance_m
from pooling.costs.alone import Alone
from pooling.days.dayplan import DayPlan
from pooling.figures import OWN_VAN_CRATES
from pooling.ground import Ground, Way
from routing.plan import Route
from routing.request import Load

TOWN_PEOPLE = 10_000
"""A commune of so many people is a town whose streets are crowded."""

METRES_PER_ROOT = 8
"""A town's radius: 1.8 km for 50,000 people, 5.6 km for 500,000."""

CRATE_DIMENSIONS = 3
"""The first dimensions of a load are crates, one for each temperature class."""

Points = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Journey:
    """Hold a route with where it starts and ends, and how many crates its vehicle takes; 0 is unknown."""

    route: Route
    start: int
    end: int
    crates: int


@dataclass(frozen=True)
class Town:
    """Hold a town as a circle."""

    name: str
    place: Place
    radius_m: float


@dataclass(frozen=True)
class Driven:
    """
    Hold what some routes drive. ``fill_mean`` is the mean share of a vehicle's crates on its loaded legs.

    A leg is between two halts. ``entries`` counts how often a vehicle comes from outside into a town.
    """

    routes: int
    distance_m: int
    empty_m: int
    fill_mean: float
    town_m: int
    entries: int

    @property
    def loaded_m(self) -> int:
        return self.distance_m - self.empty_m

    @property
    def empty_share(self) -> float:
        return self.empty_m / self.distance_m if self.distance_m else 0.0


def town_of(name: str, place: Place, people: int) -> Town:
    """Return a commune as a circle; its radius is that of the streets, not of its fields."""
    return Town(name, place, METRES_PER_ROOT * people**0.5)


def journeys(plan: DayPlan) -> tuple[list[Journey], list[Journey]]:
    """Return what everyone drives alone, and what is driven as planned: tours, and what is left alone."""
    on_tours = [
        Journey(
            book.route,
            plan.ground.row[book.tour.start_site],
            plan.ground.row[book.tour.end_site],
            book.tour.room.crates,
        )
        for book in plan.tours
    ]
    return _own(plan, plan.alone), [*on_tours, *_own(plan, plan.still_alone)]


def _own(plan: DayPlan, alone: Mapping[str, Alone]) -> list[Journey]:
    found = []
    for party, one in alone.items():
        home = plan.ground.row[plan.day.home(party).id]
        found += [Journey(route, home, home, OWN_VAN_CRATES.value) for route in one.routes]
    return found


def driven(
    journeys: Sequence[Journey], ground: Ground, way: Way | None = None, towns: Sequence[Town] = ()
) -> Driven:
    """Count what these routes drive; without ``way`` nothing is known of towns."""
    legs = [leg for journey in journeys for leg in _legs(journey, ground)]
    loaded = [fill for _, _, distance_m, fill in legs if distance_m and fill]
    town_m, entries = (0, 0) if way is None else _in_towns(journeys, ground, way, towns)
    return Driven(
        routes=len(journeys),
        distance_m=sum(distance_m for _, _, distance_m, _ in legs),
        empty_m=sum(distance_m for _, _, distance_m, fill in legs if not fill),
        fill_mean=sum(loaded) / len(loaded) if loaded else 0.0,
        town_m=town_m,
        entries=entries,
    )


def _legs(journey: Journey, ground: Ground) -> Iterator[tuple[int, int, int, float]]:
    """Yield each leg of a route: from where, to where, its metres, and the share of crates on board."""
    stops = [(journey.start, journey.route.load), *((one.place, one.load) for one in journey.route.visits)]
    for (here, load), there in zip(
        stops, [*(one.place for one in journey.route.visits), journey.end], strict=True
    ):
        if here != there:
            yield here, there, int(ground.matrix.metres[here][there]), _fill(load, journey.crates)


def _fill(load: Load, crates: int) -> float:
    aboard = sum(load[:CRATE_DIMENSIONS])
    return min(1.0, aboard / crates) if crates else float(aboard > 0)


def _in_towns(
    journeys: Sequence[Journey], ground: Ground, way: Way, towns: Sequence[Town]
) -> tuple[int, int]:
    """Count metres in towns, and how often a route comes into one from outside."""
    known: dict[tuple[int, int], tuple[float, Numbers]] = {}
    metres, entries = 0.0, 0
    for journey in journeys:
        was = -1
        for here, there, _, _ in _legs(journey, ground):
            if (here, there) not in known:
                known[here, there] = _town_by_point(way(here, there).places, towns)
            share_m, at = known[here, there]
            metres += share_m
            path = at if was < 0 and not len(at) else np.concatenate([[was if was >= 0 else at[0]], at])
            entries += int(((path[1:] != path[:-1]) & (path[1:] > 0)).sum())
            was = int(at[-1]) if len(at) else was
    return round(metres), entries


def _town_by_point(places: Iterable[tuple[float, float]], towns: Sequence[Town]) -> tuple[float, Numbers]:
    """Return the metres of a line in towns, and in which town each of its points lies, 0 for none."""
    points = np.array(list(places), dtype=np.float64)
    at = np.zeros(len(points), dtype=np.int64)
    for number, town in enumerate(towns, start=1):
        at[_apart_m(points, town.place) <= town.radius_m] = number
    length_m = 0.0 + sum(
        crow_distance_m(Place(lat=a[0], lon=a[1]), Place(lat=b[0], lon=b[1]))
        for (a, b), inside in zip(pairwise(points), (at[1:] > 0) & (at[:-1] > 0), strict=True)
        if inside
    )
    return length_m, at


def _apart_m(points: Points, place: Place) -> Points:
    """Return how far points lie from a place by the crow, as on a plane: right within a few kilometres."""
    north = (points[:, 0] - place.lat) * 111_195
    east = (points[:, 1] - place.lon) * 111_195 * np.cos(np.radians(place.lat))
    apart: Points = np.hypot(north, east)
    return apart
