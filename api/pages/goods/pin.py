"""
A map to point at, without any script: a picture that is a button, which tells where it was clicked.

The picture is always ``PIN_UNITS`` wide and high on the screen, so a click in its pixels is a place.
"""

from dataclasses import dataclass, replace
from math import cos, radians

import numpy as np
import shapely

from api.pages.forms import Form
from api.pages.press import drawing
from api.papers.frame import METRES_PER_DEGREE, Frame
from api.papers.marks import Name, place_names
from api.papers.strokes import road_strokes
from geodata.region import Region

PIN_UNITS = 320
WIDTHS_M = (1_000, 3_000, 10_000, 30_000)
"""How much of the earth the map may show, from a hamlet to a valley."""
WIDEST_M = 300_000
NAMES_LIMIT = 40


@dataclass(frozen=True)
class PinMap:
    """Hold what a map to point at shows: its middle, how wide it is, and whether a pin stands there."""

    lat: float
    lon: float
    width_m: int
    set: bool

    @classmethod
    def of(cls, form: Form, region: Region) -> "PinMap":
        """Read the middle from a form; where it has none, show the middle of the region."""
        south, west, north, east = region.bounds
        middle = cls((south + north) / 2, (west + east) / 2, _extent_m(region), set=False)
        asked = Form(form.fields)
        lat, lon = asked.degrees("lat", 85), asked.degrees("lon", 180)
        return middle if asked.mistakes else cls(lat, lon, _width_m(form), set=not form.value("bare"))

    @property
    def frame(self) -> Frame:
        high = self.width_m / METRES_PER_DEGREE / 2
        wide = high / cos(radians(self.lat))
        return Frame(self.lat - high, self.lon - wide, self.lat + high, self.lon + wide, PIN_UNITS)

    @property
    def nearer(self) -> int:
        return max((one for one in WIDTHS_M if one < self.width_m), default=WIDTHS_M[0])

    @property
    def farther(self) -> int:
        return min((one for one in WIDTHS_M if one > self.width_m), default=WIDTHS_M[-1])

    def at(self, x: int, y: int) -> tuple[float, float]:
        """Return the place under a pixel, 1 m exact."""
        frame, part = self.frame, 1 / PIN_UNITS
        lat = frame.max_lat - (frame.max_lat - frame.min_lat) * y * part
        lon = frame.min_lon + (frame.max_lon - frame.min_lon) * x * part
        return round(lat, 5), round(lon, 5)


def pointed(form: Form) -> Form:
    """Turn a click on the map, if there was one, into the degrees of the form."""
    x, y = form.value("pin.x"), form.value("pin.y")
    if not (x.isdigit() and y.isdigit() and len(x) < 5 and len(y) < 5) or (x, y) == ("0", "0"):
        return form
    around = Form({"lat": form.value("at_lat"), "lon": form.value("at_lon")})
    lat, lon = around.degrees("lat", 85), around.degrees("lon", 180)
    if around.mistakes:
        return form
    lat, lon = PinMap(lat, lon, _width_m(form), set=True).at(int(x), int(y))
    return replace(form, fields={**form.fields, "lat": str(lat), "lon": str(lon)})


def pin_map(region: Region, shown: PinMap) -> str:
    """Draw the roads of a square of the earth; 3 km of it take a few milliseconds."""
    frame = shown.frame
    roads = road_strokes(region.roads.streets, frame)
    names = _names(region, frame)
    return drawing("pin.svg", roads=roads, names=names, size=PIN_UNITS, pin=shown.set)


def _names(region: Region, frame: Frame) -> tuple[Name, ...]:
    """Write the larger places where there is room for their names."""
    wanted = []
    for kind in ("city", "town", "village", "suburb", "hamlet"):
        for named in region.gazetteer.of_kind(kind):
            x, y = frame.on_sheet(np.array([[named.place.lat, named.place.lon]]))[0].tolist()
            if 0 < x < PIN_UNITS and 0 < y < PIN_UNITS:
                wanted.append((named.name, x, y, 0.0))
    return place_names(wanted[:NAMES_LIMIT], (), frame, shapely.MultiLineString())


def _width_m(form: Form) -> int:
    """Return how wide the map is asked to be, within what it can show; 3 km unless told."""
    wide = form.value("wide")
    known = wide.isdigit() and len(wide) < 8
    return min(max(int(wide), WIDTHS_M[0]), WIDEST_M) if known else WIDTHS_M[1]


def _extent_m(region: Region) -> int:
    south, west, north, east = region.bounds
    wide = (east - west) * cos(radians((south + north) / 2))
    return min(WIDEST_M, round(max(north - south, wide) * METRES_PER_DEGREE * 1.05))
