"""The door: limits, health, metrics, and mistakes of ours that stay loud but say nothing inner."""

from threading import Event, Thread

from fastapi.testclient import TestClient

from api.app import make_app
from api.limits import BODY_LIMIT_BYTES
from api.rates import SIGN_INS_PER_MINUTE


def test_a_request_of_more_than_a_megabyte_is_refused_before_it_is_read(client, town):
    refused = client.post(
        "/api/v1/sites", content=b" " * (BODY_LIMIT_BYTES + 1), headers=town.headers("farm")
    )
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_a_body_that_hides_its_length_is_cut_off_as_well(client, town):
    endless = (b" " * 100_000 for _ in range(20))
    refused = client.post("/api/v1/sites", content=endless, headers=town.headers("farm"))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_who_knocks_too_often_waits_a_minute(client):
    answers = [client.post("/api/v1/sign-in", json={}).status_code for _ in range(SIGN_INS_PER_MINUTE + 1)]
    assert answers[-1] == 429 and 429 not in answers[:-1]


def test_a_house_tells_that_it_is_alive_and_ready(client):
    assert client.get("/healthz").text == "alive\n"
    assert client.get("/readyz").json() == {"ready": True, "region": "riviera"}


def test_a_house_that_still_lays_out_its_roads_is_alive_and_not_ready(client):
    done = Event()
    client.app.state.settling = settling = Thread(target=done.wait)
    settling.start()
    answer = client.get("/readyz")
    done.set()
    settling.join()
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "settling": True})
    assert client.get("/readyz").status_code == 200


def test_metrics_name_the_path_as_written_and_nobody_by_name(client, town):
    client.get(f"/api/v1/sites/{town.sites['farm']}", headers=town.headers("farm"))
    told = client.get("/metrics").text
    assert 'path="/api/v1/sites/{site_id}"' in told
    assert town.sites["farm"] not in told


def test_a_mistake_of_ours_is_a_500_that_keeps_its_inner_words(town, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("secret words")

    monkeypatch.setattr("api.routes.goods.sites.list_sites", broken)
    with TestClient(make_app(town.house), raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/sites", headers=town.headers("farm"))
    assert (answer.status_code, answer.json()["code"]) == (500, "our_mistake")
    assert "secret" not in answer.text
