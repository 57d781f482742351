"""In which country a map lies, as far as its speed limits go: boxes that lie wholly inside, nothing finer."""

from collections import Counter
from collections.abc import Iterable

from geodata.maxspeed import HOME_COUNTRY

BOXES: tuple[tuple[str, float, float, float, float], ...] = (
    ("MC", 43.722, 7.408, 43.752, 7.440),
    ("LI", 47.05, 9.48, 47.27, 9.64),
    ("LU", 49.56, 5.95, 50.15, 6.37),
    ("CH", 46.50, 7.10, 47.38, 9.45),
    ("CH", 46.50, 6.55, 46.90, 7.10),
    ("BE", 50.82, 3.25, 51.20, 5.60),
    ("BE-WAL", 50.30, 4.25, 50.75, 6.00),
    ("DE", 47.85, 8.30, 54.80, 12.00),
    ("DE", 50.40, 6.50, 53.00, 8.30),
    ("IT", 44.45, 7.10, 45.80, 8.00),
    ("IT", 43.20, 8.00, 45.80, 13.00),
    ("IT", 36.50, 9.65, 43.20, 18.60),
    ("IT", 38.80, 8.10, 41.25, 9.90),
    ("ES", 36.00, -6.10, 42.30, 3.30),
    ("ES", 42.30, -6.10, 43.80, -2.00),
    ("ES", 42.30, -2.00, 42.62, 0.60),
)
"""Country, south, west, north, east in degrees."""


def country_of(points: Iterable[tuple[float, float]]) -> str:
    """
    Return the country in which most points of a map lie, as latitude and longitude.

    What lies in no box counts for ``FR``, and so does an empty map; say the country where that is wrong.
    """
    votes = Counter(_country_at(lat, lon) for lat, lon in points)
    return votes.most_common(1)[0][0] if votes else HOME_COUNTRY


def _country_at(lat: float, lon: float) -> str:
    inside = (
        name for name, south, west, north, east in BOXES if south <= lat <= north and west <= lon <= east
    )
    return next(inside, HOME_COUNTRY)
