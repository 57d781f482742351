"""
A map to point at, without any script: a picture that is a button, which tells where it was clicked.

The picture is always ``PIN_UNITS`` wide and high on the screen, so a click in its pixels is a place.
"""

from dataclasses import dataclass, replace
from math import cos, radians

import numpy as np

from api.pages.forms import Form
from api.pages.press import drawing
from api.papers.frame import METRES_PER_DEGREE, Frame
from api.papers.strokes import road_strokes
from geodata.region import Region

PIN_UNITS = 320
WIDTHS_M = (1_000, 3_000, 10_000, 30_000)
"""How much of the earth the map may show, from a hamlet to a valley."""


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
        middle = cls((south + north) / 2, (west + east) / 2, WIDTHS_M[-1], set=False)
        asked = Form(form.fields)
        lat, lon = asked.degrees("lat", 85), asked.degrees("lon", 180)
        wide = form.value("wide")
        width_m = int(wide) if wide in [str(one) for one in WIDTHS_M] else WIDTHS_M[1]
        return middle if asked.mistakes else cls(lat, lon, width_m, set=not form.value("bare"))

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
    wide = form.value("wide")
    shown = PinMap(lat, lon, int(wide) if wide in map(str, WIDTHS_M) else WIDTHS_M[1], set=True)
    lat, lon = shown.at(int(x), int(y))
    return replace(form, fields={**form.fields, "lat": str(lat), "lon": str(lon)})


def pin_map(region: Region, shown: PinMap) -> str:
    """Draw the roads of a square of the earth; 3 km of it take a few milliseconds."""
    frame = shown.frame
    edges = region.roads.edges_within(frame.min_lat, frame.min_lon, frame.max_lat, frame.max_lon)
    names = [
        (named.name, *frame.on_sheet(np.array([[named.place.lat, named.place.lon]]))[0].tolist())
        for named in region.gazetteer.of_kind("city", "town", "village", "suburb", "hamlet")
    ]
    shown_names = [(name, x, y) for name, x, y in names if 8 < x < PIN_UNITS - 60 and 12 < y < PIN_UNITS - 8]
    roads = road_strokes(list(edges), frame)
    return drawing("pin.svg", roads=roads, names=shown_names[:12], size=PIN_UNITS, pin=shown.set)
