"""A house whose times come from a server: everything that is planned, drawn and refused follows it."""

import json

import pytest
from typer.testing import CliRunner

from api.commands.cli import app
from api.settings import settings
from geodata.osrm import RoadServerAway
from geodata.region import open_region
from pooling.desk import Grounds
from pooling.work.jobs import JOBS, enqueue, register
from pooling.work.working import work_once
from tests.desk.market import announced, bidden, the_bid
from tests.desk.market import sent as sent_tomorrow
from tests.desk.touring import frozen
from tests.geodata.osrm_speaker import speaking
from tests.houses import new_house, settle

UNAVAILABLE = (503, b"not now")


@pytest.fixture
def speaker():
    with speaking(open_region().roads) as speaker:
        yield speaker


@pytest.fixture
def town(tmp_path, clock, speaker):
    house = new_house(tmp_path, clock, ROADS_URL=speaker.url)
    yield settle(house, clock)
    house.close()


def test_a_tour_is_planned_and_its_manifest_drawn_by_the_server(town, speaker):
    frozen(town)
    services = {path.split("/")[1] for path in speaker.asked}
    assert services == {"table", "route"}


def test_a_bid_is_priced_by_the_server_and_refused_while_it_is_away(town, speaker):
    trip, shipment = announced(town), sent_tomorrow(town)
    speaker.first = [UNAVAILABLE] * 20
    with pytest.raises(RoadServerAway):
        bidden(town, trip, shipment)
    speaker.first = []
    assert the_bid(town, bidden(town, trip, shipment)).state == "open"


def test_a_job_that_finds_the_server_away_is_tried_again_later(town, clock):
    tries = []

    def plan(desk, arguments, progress):
        tries.append(clock.now())
        if len(tries) == 1:
            raise RoadServerAway(server="http://roads", detail="timed out")
        return {}

    before = dict(JOBS)
    try:
        register("roads", plan)
        desk = town.house.desk
        desk.store.change(lambda tx: enqueue(tx, "roads", {}, "tour", "t", None))
        assert work_once(desk) and not work_once(desk)
        clock.forward(5)
        assert work_once(desk) and len(tries) == 2
    finally:
        JOBS.clear()
        JOBS.update(before)


def test_matrices_of_two_engines_are_never_taken_for_each_other():
    shelf = {}
    region = open_region()

    class Shelf:
        get = shelf.get

        def put(self, key, matrix):
            shelf[key] = matrix

    for engine in ("", "http://one", "http://other"):
        Grounds(region, Shelf(), engine).ground([])
    assert len(shelf) == 3


def test_the_address_may_stand_in_a_file_like_other_secrets(tmp_path):
    (tmp_path / "url").write_text("http://anna:secret@roads:5000\n", encoding="utf-8")
    assert settings({"ROADS_URL_FILE": str(tmp_path / "url")}).roads_url == "http://anna:secret@roads:5000"
    assert not settings({}).roads_url


def test_a_day_is_planned_by_the_server_from_the_command_line(tmp_path, speaker, monkeypatch):
    monkeypatch.setenv("ROADS_URL", speaker.url)
    out = tmp_path / "out"
    answer = CliRunner().invoke(app, ["demo", "--out", str(out), "--seconds", "0.1", "--json"])
    assert answer.exit_code == 0 and speaker.asked
    speaker.first = [UNAVAILABLE] * 20
    day = ["plan", str(out / "day.json"), "--out", str(tmp_path / "again"), "--json"]
    refused = CliRunner().invoke(app, day)
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["error"]["code"] == "road_server_away"
