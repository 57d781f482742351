"""The market's audit finds what is broken: each promise is broken by hand in the store, and named."""

import json
from random import Random

import pytest
from sqlalchemy import select, update

from bench.market_audit import audit
from bench.market_kill import _is_lost
from bench.market_race import Racer
from bench.market_stage import build_stage
from bench.town import Market
from pooling.clock import TurnedClock
from pooling.store.market import bid, shipment, trip, trip_leg
from tests.desk.market import accepted, announced, bidden, sent
from tests.houses import MORNING, new_house, settle


@pytest.fixture
def town(tmp_path):
    clock = TurnedClock(MORNING)
    house = new_house(tmp_path, clock)
    found = settle(house, clock)
    found.trip = announced(found)
    found.bid = accepted(found, bidden(found, found.trip, sent(found)))
    yield found
    house.close()


def written(town, table, **values):
    town.house.desk.store.change(lambda tx: tx.connection.execute(update(table).values(**values)))


def broken(town):
    return set(audit(town.house).broken)


def test_what_is_sound_is_found_sound(town):
    assert audit(town.house).figures() == {
        "oversold": 0,
        "undersold": 0,
        "ledger_sum_cents": 0,
        "broken_promises": 0,
        "broken": {},
    }


def test_room_that_nobody_rides_in_and_guests_without_room_are_counted(town):
    written(town, trip_leg, ambient_sold=5)
    assert audit(town.house).undersold > 0
    written(town, trip_leg, ambient_sold=3)
    assert audit(town.house).oversold > 0


@pytest.mark.parametrize(
    ("values", "promise"),
    [
        ({"most_cents": 0}, "a bid is a ceiling"),
        ({"held_cents": 0}, "a quote holds"),
        ({"transfer_id": ""}, "what is agreed is pending"),
        ({"pickup_until_at": MORNING}, "a promised hour is kept"),
        ({"state": "expired"}, "what ended is not owed"),
        ({"state": "open", "bundle_id": "b", "bundle_kind": "all"}, "what rides asks no more"),
    ],
)
def test_a_bid_that_is_not_kept_is_named(town, values, promise):
    written(town, bid, **values)
    assert promise in broken(town)


def test_a_shipment_that_forgot_its_ride_is_named(town):
    written(town, shipment, rides_id="")
    assert broken(town) == {"a shipment rides once"}


def test_a_plan_without_a_guest_is_named(town):
    with town.house.desk.store.view() as view:
        plan = json.loads(view.connection.execute(select(trip.c.plan)).scalar_one())
    plan["route"] = plan["announced"]
    written(town, trip, plan=json.dumps(plan))
    assert broken(town) == {"the plan carries whom it promised"}


def test_a_cancelled_trip_with_guests_is_named(town):
    written(town, trip, state="cancelled")
    assert "nothing rides on what was cancelled" in broken(town)


@pytest.mark.parametrize(
    ("acknowledged", "stands", "lost"),
    [
        ("open", "", True),
        ("open", "withdrawn", False),
        ("countered", "open", True),
        ("countered", "accepted", False),
        ("accepted", "open", True),
        ("accepted", "withdrawn", False),
        ("withdrawn", "accepted", False),
        ("withdrawn", "open", True),
    ],
)
def test_a_bid_that_fell_back_behind_what_was_acknowledged_is_lost(acknowledged, stands, lost):
    assert _is_lost(acknowledged, stands) == lost


def test_a_racer_deals_and_what_it_leaves_is_sound(tmp_path):
    house = new_house(tmp_path, TurnedClock(MORNING))
    stage = build_stage(house, trips=6, farms=32)
    assert isinstance(stage.market, Market)
    racer = Racer(house, stage, Random(1), 0)
    told = [racer.once() for _ in range(60)]
    found = audit(house).figures()
    house.close()
    assert sum(one.startswith("done ") for one in told) > 10
    assert not [one for one in told if one.startswith("wrong ")]
    assert (found["oversold"], found["undersold"], found["broken_promises"]) == (0, 0, 0)
