"""Always an alternative: what does not ride has its reason, and what else there is is one call away."""

import pytest

from geodata.refusal import Refusal
from pooling.desk.market.other_ways import Taking, other_ways, take_other_way
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store.rows import NotFound
from pooling.store.touring import sign_up
from tests.desk.market import announced, bidden, crates, sent, the_bid, the_shipment
from tests.desk.touring import HOUR, Watch, joined, proposed, row
from tests.desk.touring import sent as sent_today

DAY = 24 * HOUR


def ways(town, shipment, who="neighbour"):
    return other_ways(town.house.desk, town.actor(who), shipment)


def taking(way, **other):
    names = ("crates", "ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
    words = {name: getattr(way, name) for name in names}
    offer = way.offer
    words |= {"kind": offer.kind, "ride_id": offer.ride_id, "most_cents": offer.most_cents}
    return Taking(**(words | other))


def taken(town, shipment, way, who="neighbour", **other):
    ask = town.ask(who, f"take-{shipment}")
    return take_other_way(town.house.desk, town.actor(who), ask, shipment, None, taking(way, **other))


def test_another_trip_of_the_day_is_one_call_away(town):
    trip, shipment = announced(town), sent(town)
    (way, *_) = ways(town, shipment).ways
    assert (way.kind, way.offer.ride_id) == ("ride", trip)
    assert the_bid(town, taken(town, shipment, way)).shipment_id == shipment


def test_who_says_no_most_bids_what_the_trip_costs_now_and_twice_is_once(town):
    trip, shipment = announced(town), sent(town)
    (way, *_) = ways(town, shipment).ways
    bid = the_bid(town, taken(town, shipment, way, most_cents=None))
    assert (bid.trip_id, bid.most_cents) == (trip, way.offer.price_cents)
    town.clock.forward(60)
    assert taken(town, shipment, way, most_cents=None) == bid.id


def test_a_tour_is_taken_without_an_amount_and_by_one_never_for_more(town):
    tour = proposed(town)
    shipment = sent_today(town, "neighbour")
    (way, *_) = ways(town, shipment).ways
    assert (way.offer.kind, way.offer.ride_id) == ("tour", tour)
    with pytest.raises(Refusal) as dearer:
        taken(town, shipment, way, most_cents=way.offer.price_cents - 1)
    assert (dearer.value.code, dearer.value.facts["because"]) == ("other_way_gone", "share_above_most")
    ask = town.ask("neighbour", "none said")
    words = taking(way, most_cents=None)
    place = take_other_way(town.house.desk, town.actor("neighbour"), ask, shipment, None, words)
    assert row(town, sign_up, place).share_cents == way.offer.price_cents


def test_fewer_crates_ride_where_there_is_room_for_some(town):
    announced(town, 6, 6, 6)
    shipment = sent(town, 10)
    found = ways(town, shipment)
    (way,) = [one for one in found.ways if one.kind == "size"]
    assert (way.crates, found.others[0].refusal.code) == (6, "no_room")
    taken(town, shipment, way)
    assert (the_shipment(town, shipment).crates, the_shipment(town, shipment).kg) == (6, 48)


def test_another_hour_of_the_day_is_found_and_taken(town):
    announced(town)
    words = crates(town)
    shipment = sent(town, deliver_by_at=words.ready_at + 1800, pickup_by_at=words.ready_at + 900)
    found = ways(town, shipment)
    (way, *_) = [one for one in found.ways if one.kind == "hours"]
    assert not [one for one in found.ways if one.kind == "ride"] and found.others
    taken(town, shipment, way)
    assert the_shipment(town, shipment).deliver_by_at == way.deliver_by_at


def test_another_day_is_found_for_what_a_refused_tour_left_and_taken(town):
    tour = proposed(town, fixed_cents=100_000)
    shipment = sent_today(town, "neighbour")
    joined(town, tour, "neighbour", shipment)
    town.clock.forward(11 * HOUR)
    plan_tour(town.house.desk, tour, Watch(), search_s=0.0)
    trip = announced(town)
    found = ways(town, shipment)
    assert "tour_not_payable" in [one["code"] for one in found.reasons]
    (way, *_) = [one for one in found.ways if one.kind == "day"]
    assert way.offer.ride_id == trip and way.ready_at - the_shipment(town, shipment).ready_at == DAY
    taken(town, shipment, way)
    assert str(the_shipment(town, shipment).day) == "2026-09-13"


def test_where_the_ride_is_gone_the_crates_stand_as_they_were_with_the_bids_that_wait_for_them(town):
    announced(town, 6, 6, 6)
    shipment = sent(town, 10)
    bid, stood = bidden(town, announced(town), shipment), the_shipment(town, shipment)
    (way,) = [one for one in ways(town, shipment).ways if one.kind == "size"]
    with pytest.raises(Refusal) as gone:
        taken(town, shipment, way, most_cents=1)
    assert gone.value.code == "other_way_gone" and the_shipment(town, shipment) == stood
    assert the_bid(town, bid).state == "open"


def test_nobody_else_sees_the_alternatives_of_a_shipment_or_takes_one(town):
    announced(town)
    shipment = sent(town)
    (way, *_) = ways(town, shipment).ways
    for name in ("restaurant", "shop", "carrier"):
        with pytest.raises(NotFound):
            ways(town, shipment, name)
        with pytest.raises(NotFound):
            taken(town, shipment, way, name)
