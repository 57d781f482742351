"""A pooled day is the same each time and judged alike for everyone: what breaks a rule is put out."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bench.search_days import Size, make_day
from bench.search_legal import legal_plan
from bench.search_places import FARMS, SHOPS, YARDS, Places
from bench.search_pooled import Day, judged
from bench.search_runs import Answer
from geodata.matrix import Matrix
from routing.check import check
from routing.cost import plan_cents
from routing.insertion import empty_plan
from routing.task import Task


@pytest.fixture(scope="module")
def places():
    """Lie a thousand places at random on a plain of 60 km, driven straight at 60 km/h."""
    random = np.random.default_rng(1)
    count = FARMS + SHOPS + YARDS
    east, north = random.uniform(0, 60_000, (2, count))
    metres = np.hypot(east[:, None] - east, north[:, None] - north).astype(np.int64)
    lat, lon = (tuple((45 + one / 111_000).tolist()) for one in (north, east))
    return Places("plain", lat, lon, (1_000,) * count, Matrix(metres * 60 // 1_000, metres))


@pytest.fixture(scope="module")
def day(places):
    return make_day(places, Size(60))


def ride(*names):
    return tuple(Task(kind, name) for name in names for kind in ("pickup", "drop"))


def announced(vehicle):
    return tuple(Task("announced", stop.id) for stop in vehicle.announced)


def test_a_day_is_the_same_each_time_and_another_with_another_seed(places, day):
    assert make_day(places, Size(60)).requests == day.requests
    assert make_day(places, Size(60), seed=2).requests != day.requests


def test_a_third_of_the_vehicles_are_trips_with_stops_hours_and_a_longest_way(places):
    vehicles = make_day(places, Size(400)).vehicles
    trips = [vehicle for vehicle in vehicles if vehicle.announced]
    assert len(trips) * 3 == len(vehicles)
    assert all(trip.longest_m is not None and trip.longest_drive_s is None for trip in trips)
    for trip in trips:
        hours = [stop.visit.windows[0] for stop in trip.announced]
        assert all(a.closes_s < b.opens_s for a, b in pairwise(hours))


def test_announced_trips_keep_their_hours_and_nothing_must_be_carried(day):
    plan = empty_plan(day)
    assert plan is not None and check(day, plan) == ()
    assert all(request.prize_cents is not None for request in day.requests)


def test_a_legal_order_becomes_its_plan(day):
    van = next(vehicle for vehicle in day.vehicles if not vehicle.announced)
    names = [one.id for one in day.requests if legal_plan(day, {van.id: ride(one.id)}).served == {one.id}]
    assert names
    plan = legal_plan(day, {van.id: ride(names[0])})
    assert check(day, plan) == () and set(plan.unserved) == {one.id for one in day.requests} - {names[0]}


def test_what_breaks_a_rule_is_put_out_and_the_rest_stays(day):
    van = day.vehicles[-1]
    everything = tuple(Task(kind, one.id) for kind in ("pickup", "drop") for one in day.requests)
    plan = legal_plan(day, {van.id: everything})
    assert check(day, plan) == ()
    assert 0 < len(plan.served) < len(day.requests)


def test_stops_announced_in_the_wrong_order_or_not_at_all_are_made_in_theirs(day):
    trip = max(day.vehicles, key=lambda vehicle: len(vehicle.announced))
    assert len(trip.announced) > 1
    for order in ((), announced(trip)[::-1], announced(trip)[:1]):
        plan = legal_plan(day, {trip.id: order})
        assert check(day, plan) == () and plan.route(trip.id).tasks == announced(trip)


def test_a_shipment_rides_once_and_whole(day):
    vans = [vehicle.id for vehicle in day.vehicles if not vehicle.announced][:2]
    one = next(r.id for r in day.requests if legal_plan(day, {vans[0]: ride(r.id)}).served)
    twice = legal_plan(day, dict.fromkeys(vans, ride(one)))
    half = legal_plan(day, {vans[0]: (Task("drop", one), Task("pickup", one))})
    assert check(day, twice) == check(day, half) == ()
    assert twice.served == {one} and half.served == frozenset()


def test_the_cheapest_answer_counts_and_its_mended_cost_is_no_higher(day):
    van = next(vehicle for vehicle in day.vehicles if not vehicle.announced)
    answers = [Answer(0.5, {van.id: ride(*names)}) for names in ([], [r.id for r in day.requests[:4]])]
    found = judged(day, answers)
    assert found["cost"] <= plan_cents(day, legal_plan(day, answers[1].orders))
    assert found["mended_cost"] <= found["cost"]
    assert judged(day, [])["cost"] is None


def test_mending_is_not_needed_for_a_price_that_pays(day):
    rich = replace(day, requests=tuple(replace(one, prize_cents=10**6) for one in day.requests))
    assert plan_cents(rich, legal_plan(rich, {})) > 10**6 * len(rich.requests)


def test_a_day_that_changed_is_not_taken_for_the_former_one(tmp_path, places):
    kept = {name: getattr(places, name) for name in ("lat", "lon", "people")}
    matrix, file = places.matrix, tmp_path / "plain.npz"
    contents = []
    for seconds in (matrix.durations_s, matrix.durations_s + 1):
        np.savez(file, **kept, durations_s=seconds, distances_m=matrix.distances_m)
        contents += [Day("plain", file, 20).content(), Day("plain", file, 20, seed=2).content()]
        assert Day("plain", file, 20).content() == contents[-2]
    assert len(set(contents)) == 4
