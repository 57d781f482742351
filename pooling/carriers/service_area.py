"""Where a carrier serves: one polygon of GeoJSON (RFC 7946), and what lies outside it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, inf, radians
from typing import Any

import shapely

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.phrases import Phrases, message

CORNERS_LIMIT = 500
LARGEST_KM2 = 100_000
"""A fifth of France: who serves more names no area."""

KM_PER_DEGREE = 111.32


class AreaUnreadable(Refusal):
    code = "area_unreadable"
    reason = "This is no service area: {what}."
    cure = "Send a GeoJSON Polygon: rings of [longitude, latitude], each closed by its first point."


class AreaCrossesItself(Refusal):
    code = "area_crosses_itself"
    reason = "The edge of the area crosses or touches itself near {lat}, {lon}."
    cure = "Draw it so that its edge never crosses itself."


class AreaTooLarge(Refusal):
    code = "area_too_large"
    reason = "An area has at most {corners} corners and {km2} km²."
    cure = "Draw it coarser or smaller; without an area a carrier serves anywhere."


class OutsideArea(Refusal):
    code = "outside_area"
    reason = "{site} lies outside the area that {carrier} serves."
    cure = "Choose another tour or trip, or ask the carrier to widen its area."


@dataclass(frozen=True)
class Area:
    """Hold a service area: its shape in degrees, and its GeoJSON as it is kept."""

    shape: shapely.Polygon
    text: str

    def serves(self, place: Place) -> bool:
        """Tell whether a place lies in the area; its edge is part of it."""
        return bool(self.shape.covers(shapely.Point(place.lon, place.lat)))

    def must_serve(self, places: Iterable[Place], carrier: str) -> None:
        """Refuse the first place outside, by its name."""
        for place in places:
            if not self.serves(place):
                raise OutsideArea(site=place.name, carrier=carrier)


def read_area(given: Mapping[str, Any] | str) -> Area:
    """Read an area, as GeoJSON or as its text; refuse what is none, is too large, or crosses itself."""
    told = _told(given)
    if not isinstance(told, Mapping) or told.get("type") != "Polygon":
        raise AreaUnreadable(what=Phrases((message("type Polygon is missing"),)))
    rings = told.get("coordinates")
    if not isinstance(rings, list) or not rings or not all(isinstance(ring, list) for ring in rings):
        raise AreaUnreadable(what=Phrases((message("it has no rings"),)))
    if sum(len(ring) for ring in rings) > CORNERS_LIMIT:
        raise AreaTooLarge(corners=CORNERS_LIMIT, km2=LARGEST_KM2)
    read = [_ring(ring) for ring in rings]
    shape = shapely.Polygon(read[0], read[1:])
    if not shape.is_valid:
        raise _crossing(shape)
    if _km2(shape) > LARGEST_KM2:
        raise AreaTooLarge(corners=CORNERS_LIMIT, km2=LARGEST_KM2)
    text = json.dumps({"type": "Polygon", "coordinates": read}, separators=(",", ":"))
    return Area(shape, text)


def kept_area(text: str) -> Area | None:
    """Return an area that was read before; ``None`` where none is kept."""
    if not text:
        return None
    rings = json.loads(text)["coordinates"]
    return Area(shapely.Polygon(rings[0], rings[1:]), text)


def _told(given: Mapping[str, Any] | str) -> object:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError) as error:
        raise AreaUnreadable(what=Phrases((message("it is no JSON"),))) from error


def _ring(ring: list[Any]) -> list[list[float]]:
    points = [_point(point) for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise AreaUnreadable(what=Phrases((message("a ring is not closed"),)))
    return points


def _point(point: object) -> list[float]:
    if isinstance(point, list) and 2 <= len(point) <= 3:
        lon, lat = point[:2]
        if (
            all(type(one) in (int, float) and abs(one) < inf for one in point)
            and -180 <= lon <= 180
            and -85 <= lat <= 85
        ):
            return [round(float(lon), 6), round(float(lat), 6)]
    raise AreaUnreadable(what=Phrases((message("a point is no longitude and latitude"),)))


def _crossing(shape: shapely.Polygon) -> Refusal:
    """Say where an edge crosses itself, as shapely explains it: ``Self-intersection[7.1 43.7]``."""
    said, _, spot = shapely.is_valid_reason(shape).partition("[")
    where = spot.rstrip("]").split()
    if "intersection" not in said or len(where) != 2:
        return AreaUnreadable(what=Phrases((message("its rings do not make a polygon"),)))
    return AreaCrossesItself(lat=round(float(where[1]), 4), lon=round(float(where[0]), 4))


def _km2(shape: shapely.Polygon) -> float:
    """Reckon the size on a plane through the middle of the area: good to a few percent."""
    return float(shape.area) * KM_PER_DEGREE**2 * cos(radians(shape.centroid.y))
