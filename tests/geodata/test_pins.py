"""Pins as text: degrees as people type them, geo addresses, links of maps."""

import pytest

from geodata.pins import read_pin
from geodata.place import Place

MONACO = Place(lat=43.7325, lon=7.4189)


@pytest.mark.parametrize(
    "text",
    [
        "43.7325, 7.4189",
        "43.7325,7.4189",
        "43.7325 7.4189",
        "43.7325; 7.4189",
        " (43.7325, 7.4189) ",
        "43.7325°, 7.4189°",
        "43,7325 7,4189",
        "43,7325; 7,4189",
        "43,7325, 7,4189",
        "+43.7325, +7.4189",
        "geo:43.7325,7.4189",
        "geo:43.7325,7.4189;u=35?z=17",
        "geo:0,0?q=43.7325,7.4189(Farm)",
        "https://www.openstreetmap.org/#map=17/43.7325/7.4189",
        "https://www.openstreetmap.org/?mlat=43.7325&mlon=7.4189#map=15/43.70/7.40",
        "https://osm.org/?mlat=43.7325&mlon=7.4189",
        "https://www.google.com/maps/@43.7325,7.4189,17z",
        "https://www.google.fr/maps/place/Monaco/@43.70,7.40,14z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d43.7325!4d7.4189",
        "https://maps.google.com/?q=43.7325,7.4189",
        "https://www.google.com/maps/search/?api=1&query=43.7325%2C7.4189",
        "https://www.google.com/maps/dir/?api=1&destination=43.7325,7.4189",
        "https://www.google.com/maps/search/43.7325,+7.4189",
        "https://maps.apple.com/?ll=43.7325,7.4189",
        "https://www.waze.com/ul?ll=43.7325%2C7.4189&navigate=yes",
    ],
)
def test_a_pin_is_read_however_it_is_written(text):
    assert read_pin(text) == MONACO


def test_minutes_and_seconds_are_parts_of_degrees():
    found = read_pin("43°43'57.0\"N 7°25'08.04\"E")
    assert found and (round(found.lat, 4), round(found.lon, 4)) == (43.7325, 7.4189)
    west = read_pin("47°12′N, 1°33′O")
    assert west and (west.lat, west.lon) == (47.2, -1.55)


def test_degrees_west_and_south_are_below_zero():
    assert read_pin("-21.1, 55.5") == Place(lat=-21.1, lon=55.5)
    assert read_pin("47.2, -1.55") == Place(lat=47.2, lon=-1.55)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12, 14",
        "12 rue Haute",
        "43.73",
        "95.5, 7.42",
        "43.73, 200.5",
        "06240 Beausoleil",
        "https://maps.app.goo.gl/abcdef",
        "https://example.org/",
        "geo:here",
        "43.73, 7.42 rue Haute",
    ],
)
def test_what_is_no_pin_is_left_to_the_addresses(text):
    assert read_pin(text) is None
