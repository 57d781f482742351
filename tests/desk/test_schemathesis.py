"""
Whatever is sent, by whomever: every answer is one that the document declares, and none is a mistake of ours.

The quick form runs with every test; the long one sends 5,000 cases, half of them to PostgreSQL, in
rounds, each to a fresh town, for the first calls of a round close what the later ones find closed.
"""

import logging

import pytest
from fastapi.testclient import TestClient

from api import rates
from api.app import make_app
from pooling.clock import TurnedClock
from tests.desk.fuzzing import ENDLESS, Fuzz
from tests.desk.servers import emptied
from tests.houses import MORNING, new_house, settle

QUICK_EACH = 1
ROUNDS, ROUND_EACH = 4, 10
LONG_CASES = 5000


@pytest.fixture(autouse=True)
def _no_rates(monkeypatch):
    monkeypatch.setattr(rates, "SIGN_INS_PER_MINUTE", 1_000_000)
    monkeypatch.setattr(rates, "WRITES_PER_MINUTE", 1_000_000)
    logging.getLogger("hypothesis").setLevel(logging.ERROR)


def fuzzed(folder, each, seed, **environment):
    """Call every operation of a fresh town, and return what was seen."""
    clock = TurnedClock(MORNING)
    house = new_house(folder, clock, **environment)
    if environment:
        house.desk.store.change(emptied)
    try:
        with TestClient(make_app(house), raise_server_exceptions=False) as client:
            fuzz = Fuzz(settle(house, clock), client)
            fuzz.run(each, seed)
    finally:
        house.close()
    return fuzz


def test_some_hundred_generated_calls_are_answered_as_declared(tmp_path):
    fuzz = fuzzed(tmp_path, QUICK_EACH, seed=20260912)
    assert not fuzz.faults, "\n\n".join(fuzz.faults.values())
    assert fuzz.calls >= 0.8 * QUICK_EACH * (len(fuzz.operations) - len(ENDLESS))
    assert {200, 201, 401, 403, 404, 409, 422} <= set(fuzz.statuses)


@pytest.mark.slow
def test_five_thousand_generated_calls_are_answered_as_declared(tmp_path, postgresql):
    calls, faults = 0, {}
    for number in range(ROUNDS):
        for name, environment in (("sqlite", {}), ("postgresql", {"DATABASE_URL": postgresql})):
            folder = tmp_path / f"{name}-{number}"
            fuzz = fuzzed(folder, ROUND_EACH, seed=number, **environment)
            calls, faults = calls + fuzz.calls, faults | fuzz.faults
    assert not faults, "\n\n".join(faults.values())
    assert calls >= LONG_CASES
