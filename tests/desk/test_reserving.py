"""Room reserved before its goods are named: sold once, named in its bounds, released; on both databases."""

import json

import pytest

from pooling.desk.goods.shipments import cancel_shipment
from pooling.desk.market.bids import expire_due, refuse_bid, withdraw_bid
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.naming_goods import GoodsWords, name_goods
from pooling.desk.trips.releasing import release_due
from pooling.desk.trips.reserving import RoomWords, release_room, reserve_room
from pooling.desk.trips.trips import cancel_trip
from pooling.figures import NAMING_LEAD
from pooling.store import Page
from pooling.store.manifests import find_manifest
from pooling.store.notices import events_after
from pooling.store.shipments import list_shipments
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    owes,
    sent,
    sold,
    the_bid,
    the_shipment,
    the_trip,
    trip_words,
)
from tests.desk.servers import at_once
from tests.desk.test_market import done, refused

ROOM = 5
NAMED_BY = TOMORROW - NAMING_LEAD.value


def room(town, number=4, start="neighbour", end="restaurant", **other):
    ends = (town.sites[start], town.sites[end])
    return RoomWords(town.parties[start], *ends, "ambient", number, **other)


def reserved(town, trip, number=4, who="neighbour", most_cents=5_000, **other):
    words = room(town, number, who, **other)
    return reserve_room(town.house.desk, town.actor(who), town.ask(who), trip, words, most_cents)


def held(town, number=4, *free, **other):
    """Announce a trip and agree on room there; returns both."""
    trip = announced(town, *free, **other)
    return trip, accepted(town, reserved(town, trip, number))


def named(town, bid, who="neighbour", **words):
    goods = GoodsWords(**words)
    return name_goods(town.house.desk, town.actor(who), town.ask(who), bid, None, goods)


def code(make):
    return refused(make).code


def test_room_is_held_like_a_bid_and_is_no_shipment(market):
    trip, bid = held(market)
    row = the_bid(market, bid)
    place = the_shipment(market, row.shipment_id)
    assert (row.state, place.state, place.rides_id) == ("accepted", "reserved", trip)
    assert row.name_by_at == NAMED_BY and row.price_cents > 0
    assert sold(market, trip)[0] == 4 and books(market).transfers == 1
    with market.house.desk.store.view() as view:
        assert list_shipments(view, None, Page())[0] == []


def test_what_is_held_is_sold_to_nobody_else(market):
    trip, _ = held(market, 4, 8, 8, 8)
    rival, other = newcomer(market, "rival"), newcomer(market, "other")
    assert code(lambda: bidden(market, trip, sent(market, 5, rival), who=rival)) == "no_room"
    accepted(market, bidden(market, trip, sent(market, 4, other), who=other))
    assert max(sold(market, trip)) == 8


def test_at_most_the_share_that_the_owner_gives_is_held(market):
    trip, _ = held(market, 6)
    assert code(lambda: reserved(market, trip, 5)) == "held_enough"
    accepted(market, reserved(market, trip, 4))
    closed = announced(market, reserve_percent=0)
    assert code(lambda: reserved(market, closed)) == "no_room_held"
    accepted(market, reserved(market, announced(market, reserve_percent=100), 20))


def test_two_that_wait_are_not_both_accepted_beyond_the_share(market):
    trip = announced(market)
    bids = [reserved(market, trip, 6), reserved(market, trip, 6)]
    accepted(market, bids[0])
    assert code(lambda: accepted(market, bids[1])) == "held_enough"


def test_room_that_its_owner_refuses_is_no_crates_of_that_day(market):
    """Left as a place it would be counted as driven alone, and spare its payer money that it never saves."""
    trip = announced(market)
    bid = reserved(market, trip, 4)
    done(market, refuse_bid, bid, "farm")
    row = the_bid(market, bid)
    assert (row.state, json.loads(row.reason)["code"]) == ("refused", "refused_by_owner")
    assert the_shipment(market, row.shipment_id).state == "released"


def test_a_clearing_holds_room_for_those_who_came_first(market):
    trip = announced(market)
    bids = [reserved(market, trip, 6)]
    market.clock.at += 1
    bids += [reserved(market, trip, 6), bidden(market, trip, sent(market, 3))]
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    assert set(proposal.chosen) == {bids[0], bids[2]}
    assert proposal.refused[bids[1]].code == "held_enough"
    clear_trip(market.house.desk, market.actor("farm"), market.ask("farm"), trip, None, list(proposal.chosen))
    assert sold(market, trip)[0] == 9


def test_crates_that_are_named_ride_and_the_rest_of_the_room_is_given_back(market):
    trip, bid = held(market, 6)
    before = the_bid(market, bid)
    named(market, bid, crates=4, kg=30, goods_value_cents=9_000)
    row = the_bid(market, bid)
    goods = the_shipment(market, row.shipment_id)
    assert (goods.state, goods.crates, goods.kg, goods.rides_id) == ("riding", 4, 30, trip)
    assert the_shipment(market, before.shipment_id).state == "released"
    assert (row.price_cents, row.transfer_id) == (before.price_cents, before.transfer_id)
    assert before.pickup_from_at <= row.pickup_at <= before.pickup_until_at
    assert before.drop_from_at <= row.drop_at <= before.drop_until_at
    assert sold(market, trip)[0] == 4


def test_a_shipment_that_is_entered_takes_the_place_and_its_other_bids_end(market):
    trip, bid = held(market)
    other, shipment = announced(market), sent(market, 3)
    rival = bidden(market, other, shipment)
    named(market, bid, shipment_id=shipment)
    assert the_shipment(market, shipment).state == "riding"
    assert (the_bid(market, bid).shipment_id, the_bid(market, rival).state) == (shipment, "withdrawn")
    assert sold(market, trip)[0] == 3


@pytest.mark.parametrize(
    "other",
    [
        {"number": 5},
        {"number": 2, "end": "shop"},
        {"number": 2, "deliver_from_at": TOMORROW + 5 * HOUR, "pickup_by_at": TOMORROW + 5 * HOUR},
    ],
    ids=["more crates", "another drop", "hours that were not promised"],
)
def test_goods_unlike_the_room_are_refused_and_nothing_changes(market, other):
    trip, bid = held(market)
    shipment = sent(market, **other)
    before = the_trip(market, trip).revision
    assert code(lambda: named(market, bid, shipment_id=shipment)) == "goods_unlike_room"
    assert the_trip(market, trip).revision == before and the_shipment(market, shipment).state == "open"


def test_goods_are_named_once(market):
    _, bid = held(market)
    named(market, bid, crates=2)
    assert code(lambda: named(market, bid, crates=2)) == "reservation_closed"


def test_room_whose_goods_are_named_is_not_given_back_with_them(market):
    _, bid = held(market)
    named(market, bid, crates=2)
    release = (market.house.desk, market.actor("neighbour"), market.ask("neighbour"), bid, None)
    assert code(lambda: release_room(*release)) == "reservation_closed"
    assert the_bid(market, bid).state == "accepted"


def test_named_goods_are_withdrawn_like_any_guest(market):
    trip, bid = held(market)
    named(market, bid, crates=2)
    withdraw_bid(market.house.desk, market.actor("neighbour"), market.ask("neighbour"), bid, None)
    assert the_shipment(market, the_bid(market, bid).shipment_id).state == "open"
    assert max(sold(market, trip)) == 0


def test_room_is_given_back_by_its_holder_and_owes_nothing(market):
    trip, bid = held(market)
    release_room(market.house.desk, market.actor("neighbour"), market.ask("neighbour"), bid, None)
    row = the_bid(market, bid)
    assert (row.state, row.owed_cents) == ("withdrawn", 0)
    assert the_shipment(market, row.shipment_id).state == "released"
    assert max(sold(market, trip)) == 0 and owes(market, "neighbour")["pending"] == 0


def test_what_was_not_named_is_released_while_rivals_can_still_bid(market):
    trip, bid = held(market, 10)
    rival = newcomer(market, "rival")
    asking = sent(market, 12, rival)
    assert code(lambda: bidden(market, trip, asking, who=rival)) == "no_room"
    other = newcomer(market, "other")
    bidden(market, trip, sent(market, 2, other), who=other)
    market.clock.at = NAMED_BY
    assert release_due(market.house.desk) == 1 and release_due(market.house.desk) == 0
    row = the_bid(market, bid)
    assert (row.state, json.loads(row.reason)["code"], row.owed_cents) == ("withdrawn", "goods_not_named", 0)
    assert max(sold(market, trip)) == 0 and owes(market, "neighbour")["pending"] == 0
    accepted(market, bidden(market, trip, asking, who=rival))
    with market.house.desk.store.view() as view:
        told = {event.topic for event in events_after(view, 0, 100)}
    assert {"room.released", "room.free"} <= told


def test_after_its_hour_goods_are_not_named_and_nothing_is_reserved(market):
    trip, bid = held(market)
    waits = reserved(market, trip, 2)
    market.clock.at = NAMED_BY
    assert code(lambda: named(market, bid, crates=2)) == "naming_over"
    assert code(lambda: accepted(market, waits)) in ("naming_over", "bid_expired")
    assert code(lambda: reserved(market, trip)) == "naming_over"
    assert expire_due(market.house.desk) + release_due(market.house.desk) == 2
    assert the_shipment(market, the_bid(market, waits).shipment_id).state == "released"


def test_a_manifest_holds_no_goods_that_are_not_named(market):
    trip, bid = held(market)
    driver = market.actor("farm")
    assert code(lambda: freeze_trip(market.house.desk, driver, market.ask("farm"), trip)) == "room_still_held"
    market.clock.at = NAMED_BY
    manifest = freeze_trip(market.house.desk, driver, market.ask("farm"), trip)
    with market.house.desk.store.view() as view:
        body = find_manifest(view, manifest).body
    assert the_bid(market, bid).shipment_id not in body and "pickup" not in body
    assert the_bid(market, bid).state == "withdrawn"


def test_a_place_is_no_shipment_to_bid_for_or_to_cancel(market):
    trip = announced(market)
    place = the_bid(market, reserved(market, trip)).shipment_id
    assert code(lambda: bidden(market, announced(market), place)) == "shipment_not_open"
    cancel = lambda: cancel_shipment(  # noqa: E731
        market.house.desk, market.actor("neighbour"), market.ask("neighbour"), place, None
    )
    assert code(cancel) == "shipment_not_open"


def test_a_cancelled_trip_gives_no_place_back(market):
    trip, bid = held(market)
    cancel_trip(market.house.desk, market.actor("farm"), market.ask("farm"), trip, None)
    assert the_shipment(market, the_bid(market, bid).shipment_id).state == "released"
    assert owes(market, "neighbour")["pending"] == 0


def test_a_changed_trip_keeps_the_room_that_it_holds(market):
    trip, _ = held(market)
    change = lambda *free: change_trip(  # noqa: E731
        market.house.desk, market.actor("farm"), market.ask("farm"), trip, None, trip_words(market, *free)
    )
    assert code(lambda: change(3, 3, 3)) == "change_breaks_promises"
    change(4, 4, 4)
    assert sold(market, trip)[0] == 4


def test_the_same_wish_reserves_once_and_an_instant_trip_holds_at_once(market):
    trip = announced(market, instant=True)
    ask = market.ask("neighbour")
    twice = {
        reserve_room(market.house.desk, market.actor("neighbour"), ask, trip, room(market), 5_000)
        for _ in range(2)
    }
    (bid,) = twice
    assert the_bid(market, bid).state == "accepted" and sold(market, trip)[0] == 4


def test_a_crowd_reserves_names_and_bids_for_the_last_crates_at_once(market):
    """Five crates, two of them to be held at most: no more is sold than there is, nor held than the share."""
    trip = announced(market, ROOM, 0, 0, instant=True)
    farms = [newcomer(market, f"farm{number}") for number in range(8)]
    shipments = {farm: sent(market, 1, farm) for farm in farms[4:]}
    calls = [lambda farm=farm: reserved(market, trip, 1, farm) for farm in farms[:4]]
    calls += [lambda farm=farm: bidden(market, trip, shipments[farm], who=farm) for farm in farms[4:]]
    answers = at_once(*calls)
    agreed = [the_bid(market, one) for one in answers if isinstance(one, str)]
    rooms = [one for one in agreed if one.name_by_at]
    assert sold(market, trip)[0] == len(agreed) == ROOM and len(rooms) <= 2
    market.clock.at = NAMED_BY - 60
    done_at_once = at_once(
        *(lambda one=one: named(market, one.id, one_payer(market, one), crates=1) for one in rooms)
    )
    assert all(isinstance(one, str) for one in done_at_once) and sold(market, trip)[0] == ROOM


def one_payer(town, row):
    return next(name for name, party in town.parties.items() if party == row.payer_id)


def test_naming_and_releasing_at_once_end_in_one_of_both(market):
    trip, bid = held(market)
    market.clock.at = NAMED_BY - 1
    answers = at_once(
        lambda: named(market, bid, crates=3),
        lambda: release_room(
            market.house.desk, market.actor("neighbour"), market.ask("neighbour"), bid, None
        ),
    )
    assert len(answers) == 2
    row, expected = the_bid(market, bid), {"accepted": 3, "withdrawn": 0}
    assert sold(market, trip)[0] == expected[row.state]
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)
