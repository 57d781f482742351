"""Where a proposed tour goes: a polygon, or places with a radius by the crow; nothing outside joins it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.carriers.service_area import Area, kept_area, read_area

PLACES_LIMIT = 20
RADIUS_LIMIT_M = 100_000


class TourAreaUnreadable(Refusal):
    code = "tour_area_unreadable"
    reason = "The area of a tour is one polygon, or 1 to {places} places with a radius of 1 to {metres} m."
    cure = "Send either of the two; leave both out where the tour goes anywhere."


class OutsideTourArea(Refusal):
    code = "outside_tour_area"
    reason = "{site} lies outside the area that tour {tour} goes to."
    cure = "Choose another tour or trip, or ask the operator for a tour where you are."


@dataclass(frozen=True)
class Around:
    """Hold a place and how far around it a tour goes."""

    lat: float
    lon: float
    radius_m: int

    def covers(self, place: Place) -> bool:
        return crow_distance_m(Place(lat=self.lat, lon=self.lon), place) <= self.radius_m


@dataclass(frozen=True)
class TourArea:
    """Hold where a tour goes: within a polygon, or around any of some places."""

    polygon: Area | None = None
    around: tuple[Around, ...] = ()

    def covers(self, place: Place) -> bool:
        if self.polygon is not None:
            return self.polygon.serves(place)
        return any(one.covers(place) for one in self.around)

    def must_cover(self, places: Sequence[Place], tour: str) -> None:
        """Refuse the first place outside, by its name."""
        for place in places:
            if not self.covers(place):
                raise OutsideTourArea(site=place.name, tour=tour)


def tour_area_text(polygon: Mapping[str, Any] | None, places: Sequence[Around]) -> str:
    """Return an area as it is kept, empty where none is given; refuse what is none."""
    if polygon is None and not places:
        return ""
    fit = all(0 < one.radius_m <= RADIUS_LIMIT_M for one in places)
    if (polygon is not None and places) or len(places) > PLACES_LIMIT or not fit:
        raise TourAreaUnreadable(places=PLACES_LIMIT, metres=RADIUS_LIMIT_M)
    if polygon is not None:
        return json.dumps({"polygon": json.loads(read_area(polygon).text)}, separators=(",", ":"))
    told = [[one.lat, one.lon, one.radius_m] for one in places]
    return json.dumps({"places": told}, separators=(",", ":"))


def kept_tour_area(text: str) -> TourArea | None:
    """Return an area that was kept; ``None`` where a tour goes anywhere."""
    if not text:
        return None
    told = json.loads(text)
    if "polygon" in told:
        return TourArea(kept_area(json.dumps(told["polygon"])))
    return TourArea(None, tuple(Around(lat, lon, radius_m) for lat, lon, radius_m in told["places"]))
