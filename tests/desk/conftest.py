"""A town in a real SQLite store, a clock that turns; PostgreSQL and Valkey servers for edge tests."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.problem import MEDIA_TYPE
from pooling.clock import TurnedClock
from tests.browsers import hurried
from tests.desk.declared import operation_of, undeclared
from tests.desk.servers import emptied, postgresql, redis_url, valkey
from tests.houses import MORNING, new_house, settle

SERVER_ERROR = 500
__all__ = ["postgresql", "redis_url", "valkey"]


DOCUMENT = {}


def document(app):
    """Return the OpenAPI document, made once for all: it takes seconds and is the same for every town."""
    if not DOCUMENT:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        shared = Path(os.environ["CARRIOLE_HOME"]).parents[1] / "openapi.json"
        if worker and shared.exists():
            DOCUMENT.update(json.loads(shared.read_bytes()))
            return DOCUMENT
        DOCUMENT.update(app.openapi())
        if worker:
            mine = shared.with_name(f"openapi-{worker}.json")
            mine.write_text(json.dumps(DOCUMENT), encoding="utf-8")
            mine.replace(shared)
    return DOCUMENT


@pytest.fixture
def clock():
    return TurnedClock(MORNING)


@contextmanager
def settled_town(folder, clock):
    """Settle a town in a house of its own."""
    house = new_house(folder, clock)
    yield settle(house, clock)
    house.close()


@pytest.fixture
def town(tmp_path, clock):
    with settled_town(tmp_path, clock) as settled:
        yield settled


@pytest.fixture(params=["sqlite", "postgresql"])
def market(request, tmp_path, clock):
    """Settle a town on each database: a file of its own has nothing to be emptied of."""
    more = {}
    if request.param == "postgresql":
        more["DATABASE_URL"] = request.getfixturevalue("postgresql")
    house = new_house(tmp_path, clock, **more)
    if more:
        house.desk.store.change(emptied)
    yield settle(house, clock)
    house.close()


@contextmanager
def judged(town):
    """Call the API; a refusal that its operation does not declare fails the test."""
    app = make_app(town.house)
    found = []

    def judge(answer):
        if answer.headers.get("content-type") != MEDIA_TYPE or answer.status_code >= SERVER_ERROR:
            return
        answer.read()
        operation = operation_of(document(app), answer.request.method, answer.request.url.path)
        if operation is not None:
            found.extend(filter(None, [undeclared(operation, answer)]))

    with TestClient(app, raise_server_exceptions=False) as opened:
        opened.event_hooks["response"].append(judge)
        yield hurried(opened)
    assert not found


@pytest.fixture
def client(town):
    with judged(town) as opened:
        yield opened
