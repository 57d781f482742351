"""A point on the earth, and the refusal of one that cannot be."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

from geodata.refusal import Refusal

EARTH_RADIUS_M = 6_371_009
"""Mean radius of the earth, IUGG."""


class PlaceOffEarth(Refusal):
    code = "place_off_earth"
    reason = "Latitude {lat} and longitude {lon} are no point on the earth."
    cure = "Write degrees: latitude between -90 and 90, longitude between -180 and 180."


@dataclass(frozen=True, kw_only=True)
class Place:
    """Hold WGS 84 degrees. By keyword only, so that the two are never swapped in silence."""

    lat: float
    lon: float
    name: str = ""

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and isfinite(self.lon) and abs(self.lat) <= 90 and abs(self.lon) <= 180):
            raise PlaceOffEarth(lat=self.lat, lon=self.lon)


def crow_distance_m(a: Place, b: Place) -> float:
    """Return the great-circle distance (haversine), good to 0.5 %."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_chord = (
        sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half_chord)))
