"""Rates: counted together over Redis, by the true caller's address, and never a reason to stand still."""

import time

import httpx
import pytest
from fastapi.testclient import TestClient

from api import rates
from api.app import make_app
from api.rates import household
from tests.desk.servers import free_port, served
from tests.houses import new_house


@pytest.fixture
def house_at(tmp_path, clock):
    """Open houses with settings of their own."""
    opened = []

    def open_one(**environment):
        opened.append(new_house(tmp_path / str(len(opened)), clock, **environment))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(rates, "SIGN_INS_PER_MINUTE", 4)


def knocks(client, number, **headers):
    answers = [client.post("/api/v1/sign-in", json={}, headers=headers) for _ in range(number)]
    return [answer.status_code == 429 for answer in answers]


def _new_minute():
    """Fixed windows end with the minute: wait for the next where this one is nearly over."""
    if time.time() % 60 > 55:
        time.sleep(61 - time.time() % 60)


def test_two_processes_count_the_same_caller_together(house_at, redis_url):
    _new_minute()
    one, other = (make_app(house_at(REDIS_URL=redis_url)) for _ in range(2))
    with TestClient(one) as here, TestClient(other) as there:
        assert knocks(here, 2) + knocks(there, 2) == [False] * 4
        assert knocks(here, 1) + knocks(there, 1) == [True, True]


def test_where_redis_is_away_each_process_counts_for_itself_and_at_once(house_at):
    _new_minute()
    away = f"redis://127.0.0.1:{free_port()}/0"
    with TestClient(make_app(house_at(REDIS_URL=away))) as client:
        began = time.monotonic()
        assert knocks(client, 5) == [False] * 4 + [True]
        assert time.monotonic() - began < 3


def test_what_a_caller_claims_about_its_address_is_not_believed(house_at):
    _new_minute()
    with served(house_at()) as address, httpx.Client(base_url=address) as client:
        claimed = [knocks(client, 1, **{"X-Forwarded-For": f"203.0.113.{one}"})[0] for one in range(5)]
    assert claimed == [False] * 4 + [True]


def test_what_a_named_proxy_says_about_its_caller_is_believed(house_at):
    _new_minute()
    with served(house_at(), "127.0.0.1") as address, httpx.Client(base_url=address) as client:
        assert knocks(client, 5, **{"X-Forwarded-For": "203.0.113.1"}) == [False] * 4 + [True]
        assert knocks(client, 1, **{"X-Forwarded-For": "203.0.113.2"}) == [False]


def test_an_ipv6_household_counts_as_one():
    assert household("2001:db8:1:2:3::4") == household("2001:db8:1:2:ffff::1") != household("2001:db8:1:3::1")
    assert household("203.0.113.1") == household("::ffff:203.0.113.1") == "203.0.113.1"
    assert household("testclient") == "testclient"


def test_a_process_by_itself_counts_each_caller_and_begins_anew_with_the_minute():
    hour = [0.0]
    here = rates.Minute(lambda: hour[0])
    assert [here.knock("write", "a"), here.knock("write", "a"), here.knock("write", "b")] == [1, 2, 1]
    assert here.knock("sign-in", "a") == 1, "each kind by itself"
    hour[0] = rates.MINUTE_S
    assert here.knock("write", "a") == 1
