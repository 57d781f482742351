"""A geocoder by URL, asked over a real socket: two shapes of answer, and every way to be down."""

import json
import logging
import socket
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from geodata.address_book import AddressBook
from geodata.addresses import Doubt, Kind
from geodata.geocoder import ANSWER_LIMIT_BYTES, GeocoderDown, GeocoderUrlBad, UrlGeocoder
from geodata.place import Place
from geodata.region import open_region

NEAR = Place(lat=43.74, lon=7.42)
BAN = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [7.4249, 43.7425]},
            "properties": {
                "label": "12bis Boulevard de la République 06240 Beausoleil",
                "score": 0.97,
                "housenumber": "12bis",
                "type": "housenumber",
                "name": "12bis Boulevard de la République",
                "street": "Boulevard de la République",
                "postcode": "06240",
                "citycode": "06012",
                "city": "Beausoleil",
            },
        },
        {"type": "Feature", "geometry": None, "properties": {"label": "no point"}},
    ],
}
NOMINATIM = [
    {
        "lat": "43.7425",
        "lon": "7.4249",
        "category": "building",
        "type": "yes",
        "importance": 0.4,
        "name": "",
        "display_name": "12 bis, Boulevard de la République, Beausoleil, Nice, 06240, France",
        "address": {
            "house_number": "12 bis",
            "road": "Boulevard de la République",
            "town": "Beausoleil",
            "postcode": "06240",
        },
    },
    {"lat": "north", "lon": "7.4", "display_name": "no point"},
    {"lat": "43.75", "lon": "7.43", "display_name": "Somewhere, Beausoleil", "type": "yes"},
]
TEXT = "12 bis boulevard de la République, 06240 Beausoleil"


@contextmanager
def serving(answer):
    """Serve on a port of this machine what ``answer(path)`` tells; yields the URL and what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body = answer(self.path)
            self.send_response(status)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/search", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    return open_region(home=tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("body", [BAN, NOMINATIM], ids=["BAN", "Nominatim"])
def test_an_answer_is_known_by_its_shape_and_judged_by_the_same_rule(region, tmp_path, body):
    with serving(lambda _: (200, body)) as (url, asked):
        match = AddressBook(region, tmp_path, UrlGeocoder(url)).find(TEXT).certain
    assert match and match.kind is Kind.HOUSE
    assert match.label == "12 bis Boulevard de la République, 06240 Beausoleil".replace(
        "12 bis", "12bis" if body is BAN else "12 bis"
    )
    query = parse_qs(urlsplit(asked[0]).query)
    assert query["q"] == [TEXT] and {"limit", "lat", "lon", "format"} <= query.keys()


def test_items_without_a_point_are_left_out_and_the_others_kept():
    with serving(lambda _: (200, NOMINATIM)) as (url, _):
        assert [known.kind for known in UrlGeocoder(url).ask(TEXT, NEAR)] == [Kind.HOUSE, Kind.PLACE]


def test_a_high_score_of_the_geocoder_makes_nothing_certain(region, tmp_path):
    with serving(lambda _: (200, BAN)) as (url, _):
        found = AddressBook(region, tmp_path, UrlGeocoder(url)).find("12 bis bd République, Beausoleil")
    assert found.certain is None and Doubt.SPELLED in found.matches[0].doubts


def test_a_street_of_a_geocoder_is_doubtful_since_nobody_knows_its_length(region, tmp_path):
    street = json.loads(json.dumps(BAN))
    street["features"][0]["properties"] |= {"type": "street", "name": "Rue Neuve", "street": "Rue Neuve"}
    del street["features"][0]["properties"]["housenumber"]
    with serving(lambda _: (200, street)) as (url, _):
        found = AddressBook(region, tmp_path, UrlGeocoder(url)).find("Rue Neuve, Beausoleil")
    assert set(found.matches[0].doubts) == {Doubt.STREET_LONG}


def test_a_strict_geocoder_is_asked_again_without_the_other_s_words():
    with serving(lambda path: (400, {}) if "format" in path else (200, BAN)) as (url, asked):
        assert UrlGeocoder(url).ask(TEXT, NEAR)
    assert len(asked) == 2


def test_words_of_the_url_are_kept():
    with serving(lambda _: (200, BAN)) as (url, asked):
        UrlGeocoder(f"{url}?index=address&key=1").ask(TEXT, NEAR)
    assert {"index", "key", "q"} <= parse_qs(urlsplit(asked[0]).query).keys()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (429, {}),
        (301, b""),
        (200, b"<html>"),
        (200, {"places": []}),
        (200, b"7"),
        (200, b"[" * 5000),
        (200, b"\xff\xfe"),
        (200, b" " * (ANSWER_LIMIT_BYTES + 10)),
    ],
)
def test_any_other_answer_means_that_it_is_down(status, body):
    with serving(lambda _: (status, body)) as (url, _), pytest.raises(GeocoderDown):
        UrlGeocoder(url).ask(TEXT, NEAR)


def test_a_geocoder_that_does_not_answer_is_waited_for_no_longer_than_told(region, tmp_path):
    done = Event()

    def slow(_):
        done.wait(5)
        return 200, BAN

    with serving(slow) as (url, _):
        found = AddressBook(region, tmp_path, UrlGeocoder(url, timeout_s=0.2)).find(
            "Rue Inconnue, Beausoleil"
        )
        done.set()
    assert found.warning and found.warning.code == "geocoder_down"
    assert found.matches, "what the region knows is still found"


def test_a_geocoder_that_trickles_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickle():
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    for _ in range(100):
                        connection.sendall(b" ")
                        Event().wait(0.05)
                except OSError:
                    pass

        thread = Thread(target=trickle)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/search"
        with pytest.raises(GeocoderDown, match="slow"):
            UrlGeocoder(url, timeout_s=0.3).ask(TEXT, NEAR)
        thread.join()


def test_a_port_where_nobody_listens_is_down():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(GeocoderDown):
        UrlGeocoder(f"http://127.0.0.1:{port}/search").ask(TEXT, NEAR)


@pytest.mark.parametrize("url", ["", "ftp://x/search", "search", "http://", "http://[::1", "http://a:b/"])
def test_an_address_that_is_none_is_refused_at_once(url):
    with pytest.raises(GeocoderUrlBad):
        UrlGeocoder(url)


def test_the_text_of_an_address_is_never_logged(region, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with serving(lambda _: (500, {})) as (url, _):
        found = AddressBook(region, tmp_path, UrlGeocoder(url)).find("7 rue Secrète, Beausoleil")
    assert "Secr" not in caplog.text
    assert found.warning and "Secr" not in found.warning.sentence
