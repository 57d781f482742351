"""A town in a real SQLite store, a clock that turns; PostgreSQL and Valkey servers for edge tests."""

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from pooling.clock import TurnedClock
from tests.desk.servers import postgresql, redis_url, valkey
from tests.houses import MORNING, new_house, settle

__all__ = ["postgresql", "redis_url", "valkey"]


@pytest.fixture
def clock():
    return TurnedClock(MORNING)


@pytest.fixture
def town(tmp_path, clock):
    house = new_house(tmp_path, clock)
    yield settle(house, clock)
    house.close()


@pytest.fixture
def client(town):
    with TestClient(make_app(town.house), raise_server_exceptions=False) as opened:
        yield opened
