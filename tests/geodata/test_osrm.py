"""A road server that is away, slow, wrong or confused: what is refused, and what is tried again."""

import json
import socket
import time

import pytest

from geodata import osrm
from geodata.osrm import (
    NoWayByRoad,
    OsrmServer,
    PlaceOffServer,
    RoadServerAway,
    RoadServerNonsense,
    RoadServerUnreadable,
)
from geodata.place import Place
from geodata.served_roads import served_roads
from geodata.snapping import PlaceOffMap
from tests.geodata.osrm_speaker import speaking
from tests.geodata.town import at, draw

HERE, THERE = Place(lat=44.0, lon=2.0), Place(lat=44.0, lon=2.01)


def table(**other):
    """Return a good answer for two places, with some of it replaced."""
    met = [{"location": [place.lon, place.lat]} for place in (HERE, THERE)]
    good = {
        "code": "Ok",
        "durations": [[0, 60.5], [60.5, 0]],
        "distances": [[0, 800], [801.5, 0]],
        "sources": met,
        "destinations": met,
    }
    return 200, json.dumps({**good, **other}).encode()


def ask(speaker, **other):
    return list(OsrmServer(speaker.url, **other).table([HERE, THERE]))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    "url",
    ["localhost:5000", "ftp://roads.example", "http://", "http://roads:port", "http://a b", "http://a/?x=1"],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(url):
    with pytest.raises(RoadServerUnreadable):
        OsrmServer(url)


def test_a_server_that_is_away_is_said_to_be_without_its_password():
    server = OsrmServer(f"http://anna:secret@127.0.0.1:{free_port()}")
    with pytest.raises(RoadServerAway) as refused:
        list(server.table([HERE, THERE]))
    assert refused.value.code == "road_server_away"
    assert "127.0.0.1" in refused.value.sentence and "secret" not in refused.value.sentence
    with pytest.raises(RoadServerUnreadable) as unread:
        OsrmServer("anna:secret@roads")
    assert "secret" not in unread.value.sentence


def test_user_and_password_of_the_address_are_sent_and_its_path_goes_before():
    heard = []

    def reply(handler):
        heard.append((handler.path, handler.headers["Authorization"]))
        handler.send_error(400)

    with speaking() as speaker:
        speaker.first = [reply]
        url = speaker.url.replace("//", "//anna:s%3Acret@") + "/roads/"
        with pytest.raises(RoadServerNonsense):
            list(OsrmServer(url).table([HERE, THERE]))
    ((path, authorization),) = heard
    assert path.startswith("/roads/table/v1/driving/2.000000,44.000000;2.010000,44.000000?")
    assert authorization == "Basic YW5uYTpzOmNyZXQ="


def test_a_failure_is_tried_once_again():
    def hang_up(handler):
        handler.close_connection = True

    for failure in ((503, b"busy"), hang_up):
        with speaking() as speaker:
            speaker.first = [failure, table()]
            (block,) = ask(speaker)
            assert len(speaker.asked) == 2 and block.seconds[0, 1] == 60.5
            speaker.first = [failure, failure, table()]
            with pytest.raises(RoadServerAway):
                ask(speaker)


def test_an_answer_that_never_ends_is_given_up():
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.01)

    with speaking() as speaker:
        speaker.first = [drip, drip]
        begun_s = time.monotonic()
        with pytest.raises(RoadServerAway):
            ask(speaker, answers_within_s=0.1)
        assert time.monotonic() - begun_s < 1


def test_an_answer_beyond_the_limit_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(osrm, "ANSWER_LIMIT_BYTES", 100)
    with speaking() as speaker, pytest.raises(RoadServerNonsense):
        speaker.first = [table()]
        ask(speaker)


@pytest.mark.parametrize(
    "reply",
    [
        (200, b"<html>Welcome</html>"),
        (404, b"not here"),
        (200, b"[" * 100_000),
        (200, b"[1, 2]"),
        (200, b"{}"),
        (302, b'{"code": "Found"}'),
        (400, b'{"code": "TooBig", "message": "Too many table coordinates"}'),
        (400, b'{"code": "NoSegment", "message": "somewhere"}'),
        table(durations=None),
        table(durations=[[0, 1]]),
        table(durations=[[0, 1], [2]]),
        table(durations=[[0, "1"], [2, 0]]),
        table(durations=[[0, True], [2, 0]]),
        table(durations=[[0, -1], [2, 0]]),
        table(distances=[[0, 1e300], [2, 0]]),
        table(distances=[[0, float("inf")], [2, 0]]),
        table(distances=[[0, 10**400], [2, 0]]),
        table(sources=[{"location": [2.0, 44.0]}]),
        table(sources=[{"location": [2.0, 444.0]}, {"location": [2.0, 44.0]}]),
        table(destinations=[{"location": "here"}, {}]),
        table(destinations=7),
    ],
    ids=lambda reply: reply[1][:60].decode(),
)
def test_nonsense_is_refused_and_not_asked_for_again(reply):
    with speaking() as speaker:
        speaker.first = [reply, table()]
        with pytest.raises(RoadServerNonsense) as refused:
            ask(speaker)
        assert len(speaker.asked) == 1
    assert refused.value.code == "road_server_nonsense"


@pytest.mark.parametrize(
    "route", [{}, {"geometry": {"coordinates": [[2.0]]}, "legs": []}, {"geometry": 7}, []]
)
def test_a_route_without_points_is_refused(route):
    with speaking() as speaker, pytest.raises(RoadServerNonsense):
        speaker.first = [(200, json.dumps({"code": "Ok", "routes": [route]}).encode())]
        OsrmServer(speaker.url).drawn(HERE, THERE)


def test_negative_metres_of_a_table_are_asked_for_again_as_a_route():
    route = {"code": "Ok", "routes": [{"duration": 0.4, "distance": 1.1}]}
    with speaking() as speaker:
        speaker.first = [table(distances=[[0, -1.1], [2, 0]]), (200, json.dumps(route).encode())]
        (block,) = ask(speaker)
        assert (block.seconds[0, 1], block.metres[0, 1], block.metres[1, 0]) == (0.4, 1.1, 2)
        assert speaker.asked[1].startswith("/route/v1/driving/2.000000,44.000000;2.010000,44.000000?")
        for told in ({"duration": -1, "distance": 1}, {"duration": 1, "distance": None}, {"duration": 1}):
            again = {"code": "Ok", "routes": [told]}
            speaker.first = [table(distances=[[0, -1.1], [2, 0]]), (200, json.dumps(again).encode())]
            with pytest.raises(RoadServerNonsense):
                ask(speaker)


def test_places_without_a_way_between_them_are_named():
    with speaking() as speaker:
        speaker.first = [table(durations=[[0, None], [2, 0]])]
        with pytest.raises(NoWayByRoad) as refused:
            ask(speaker)
        assert refused.value.facts == {"from_lat": 44.0, "from_lon": 2.0, "to_lat": 44.0, "to_lon": 2.01}
        speaker.first = [(400, b'{"code": "NoRoute", "message": "Impossible route between points"}')]
        with pytest.raises(NoWayByRoad):
            OsrmServer(speaker.url).drawn(HERE, THERE)


def test_a_place_off_the_server_s_map_is_named():
    with speaking() as speaker:
        speaker.first = [(400, b'{"code": "NoSegment", "message": "no segment for coordinate 1"}')]
        with pytest.raises(PlaceOffServer) as refused:
            ask(speaker)
    assert (refused.value.code, refused.value.facts["lon"]) == ("place_off_map", 2.01)


def test_a_server_with_the_map_of_another_country_refuses_the_places(tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    elsewhere = [{"location": [9.5, 47.1]}] * 2
    with speaking() as speaker:
        roads = served_roads(town.roads(), OsrmServer(speaker.url))
        snaps = list(roads.snap_all([town.place("A"), town.place("B")]).snaps)
        speaker.first = [table(sources=elsewhere, destinations=elsewhere)]
        with pytest.raises(PlaceOffMap):
            roads.matrix(snaps)


def test_a_hundred_places_are_one_request_and_more_are_blocks(tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    with speaking(town.roads()) as speaker:
        roads = served_roads(town.roads(), OsrmServer(speaker.url))
        snaps = list(roads.snap_all([at(3 * step, 0) for step in range(120)]).snaps)
        assert not speaker.asked
        roads.matrix(snaps[:100])
        assert len(speaker.asked) == 1
        roads.matrix(snaps)
        assert len(speaker.asked) == 1 + 9
