"""Addresses on the wire: certain or listed, never guessed; what a geocoder is sent stays between the two."""

import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from geodata.geocoder import GeocoderUrlBad
from tests.houses import new_house, settle


def find(client, town, text):
    return client.get("/api/v1/addresses", params={"q": text}, headers=town.headers("farm"))


def test_a_certain_address_is_one_item(client, town):
    found = find(client, town, "Avenue de la Costa, Monaco").json()
    assert found["certain"] and found["warning"] == ""
    assert [(one["kind"], one["doubts"], one["score"]) for one in found["items"]] == [("street", [], 100)]


def test_a_doubtful_address_is_a_list_with_every_doubt(client, town):
    found = find(client, town, "12 avenue de la Costa, Monaco").json()
    assert not found["certain"]
    assert found["items"][0]["doubts"] == ["number_unknown"]
    assert all(one["doubts"] for one in found["items"]) and len(found["items"]) <= 20


def test_a_pin_is_an_address(client, town):
    found = find(client, town, "43.7431, 7.3652").json()
    assert found["certain"] and (found["items"][0]["lat"], found["items"][0]["lon"]) == (43.7431, 7.3652)


def test_an_unknown_address_is_refused_with_what_to_do(client, town):
    for text in ("xqzzk wvv", ",", "a" * 201):
        refused = find(client, town, text)
        assert (refused.status_code, refused.json()["code"]) == (404, "address_unknown")
        assert refused.json()["cure"]


def test_whoever_is_not_signed_in_finds_nothing(client):
    assert client.get("/api/v1/addresses?q=monaco").status_code == 401


@pytest.fixture
def geocoder():
    """Serve one house, then break: the first answer is BAN's, the others are status 500."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if len(asked) == 1 else 500)
            self.end_headers()
            told = {"type": "housenumber", "housenumber": "7", "street": "Rue Neuve", "city": "Beausoleil"}
            point = {"type": "Point", "coordinates": [7.4249, 43.7425]}
            self.wfile.write(json.dumps({"features": [{"geometry": point, "properties": told}]}).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/search"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_geocoder_of_the_setting_is_asked_and_told_of_when_it_is_down(
    tmp_path, clock, geocoder, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    house = new_house(tmp_path / "asking", clock, GEOCODER_URL=geocoder)
    town = settle(house, clock)
    with TestClient(make_app(house)) as client:
        first, second = (find(client, town, "7 rue Neuve, Beausoleil").json() for _ in range(2))
    house.close()
    assert first["certain"] and first["items"][0]["label"] == "7 Rue Neuve, Beausoleil"
    assert not second["certain"] and second["warning"] == "geocoder_down" and second["items"]
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]
    assert "Neuve" not in " ".join([*ours, *capfd.readouterr()])


def test_a_house_does_not_open_with_an_address_that_is_no_geocoder(tmp_path, clock):
    with pytest.raises(GeocoderUrlBad):
        new_house(tmp_path / "closed", clock, GEOCODER_URL="geocoder")
