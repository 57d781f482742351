"""Crates that a cancelled trip sets free, on both databases: re-matched at once, asked for, or listed."""

import json
import threading
from dataclasses import replace

import pytest

from pooling.desk.goods.shipments import cancel_shipment
from pooling.desk.market import rematching
from pooling.desk.market.bids import place_bid, refuse_bid, withdraw_bid
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rematching import rematch_freed
from pooling.desk.people.trust import block_party
from pooling.desk.trips.trips import announce_trip, cancel_trip
from pooling.figures import REMATCH_TIME
from pooling.regimes import Regime
from pooling.store import Page
from pooling.store.bids import bids_by_id, bundle_of, list_bids
from pooling.store.demand import list_unmet
from pooling.store.events import Reader, events_after
from pooling.store.rematching import rematches_of
from tests.desk.market import (
    HOUR,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    read,
    sent,
    sold,
    the_bid,
    the_shipment,
    trip_words,
)
from tests.desk.test_cancelling import SETS_OUT, look
from tests.desk.test_market import done


@pytest.fixture
def market(market):
    yield market
    look(market)


def another(town, *free, owner="shop_farm", **other):
    """Announce the same way by another farm, which is not asked by the first."""
    if owner not in town.parties:
        newcomer(town, owner, "farm")
    words = trip_words(town, *free, owner=owner, **other)
    return announce_trip(town.house.desk, town.actor(owner), town.ask(owner), words)


def let_down(town, *farms, crates=4, **terms):
    """Let farms ride on a trip that is then cancelled; returns its bids and their shipments."""
    trip = announced(town)
    bids = {}
    for farm in farms or ("neighbour",):
        shipment, words = sent(town, crates, farm), BidTerms(**terms)
        bids[farm] = place_bid(
            town.house.desk, town.actor(farm), town.ask(farm), trip, shipment, 5_000, words
        )
        accepted(town, bids[farm])
    done(town, cancel_trip, trip, "farm")
    return [the_bid(town, bid) for bid in bids.values()]


def matched(town):
    return rematch_freed(town.house.desk)


def matches(town, shipment=""):
    with town.house.desk.store.view() as view:
        return rematches_of(view, None, Page(limit=50), shipment_id=shipment)[0]


def told(town, topic):
    with town.house.desk.store.view() as view:
        return [one for one in events_after(view, Reader(everything=True), 0, 1_000) if one.topic == topic]


def everything(town):
    """Return all that a second look could have changed."""
    with town.house.desk.store.view() as view:
        bids = list_bids(view, None, Page(limit=100))[0]
        return bids, matches(town), [one.id for one in events_after(view, Reader(everything=True), 0, 1_000)]


def test_an_instant_trip_carries_them_at_no_more_than_before_and_once(market):
    instant = another(market, instant=True)
    (old,) = let_down(market)
    assert matched(market) == 1
    (row,) = matches(market)
    (new,) = read(market, bids_by_id, json.loads(row.bids))
    assert (row.state, row.rides_id, new.trip_id, new.state) == ("riding", instant, instant, "accepted")
    assert new.price_cents <= old.price_cents == new.most_cents
    crates = the_shipment(market, old.shipment_id)
    assert (crates.state, crates.rides_id) == ("riding", instant)
    assert new.pickup_from_at >= crates.ready_at and new.drop_until_at <= crates.deliver_by_at
    assert sold(market, instant)[0] == 4
    before = everything(market)
    assert matched(market) == 0 and everything(market) == before
    (event,) = told(market, "shipment.rematched")
    assert json.loads(event.facts)["rides"] == instant


def test_a_ride_that_was_matched_anew_is_left_for_nothing_for_two_hours(town, clock):
    clock.at = SETS_OUT - 3 * HOUR
    another(town, instant=True, cutoff_at=clock.at + 60)
    let_down(town)
    matched(town)
    (bid,) = json.loads(matches(town)[0].bids)
    clock.forward(REMATCH_TIME.value - 1)
    done(town, withdraw_bid, bid, "neighbour")
    assert (the_bid(town, bid).owed_cents, the_bid(town, bid).late_by) == (0, "")
    look(town)


def test_where_owners_must_answer_they_are_asked_for_at_most_the_old_bid(market):
    trip = another(market)
    (old,) = let_down(market)
    matched(market)
    (row,) = matches(market)
    (new,) = read(market, bids_by_id, json.loads(row.bids))
    assert (row.state, new.trip_id, new.state, new.most_cents) == ("asked", trip, "open", old.most_cents)
    assert matched(market) == 0
    accepted(market, new.id, "shop_farm")
    assert matched(market) == 1
    (row,) = matches(market)
    assert (row.state, row.rides_id) == ("riding", trip)
    assert matched(market) == 0


def test_a_no_asks_the_next_owner_and_in_the_end_leaves_it_to_the_payer(town):
    another(town)
    (old,) = let_down(town)
    matched(town)
    (bid,) = json.loads(matches(town)[0].bids)
    later = another(town, owner="late_farm")
    done(town, refuse_bid, bid, "shop_farm")
    matched(town)
    first, second = json.loads(matches(town)[0].bids)
    assert (first, the_bid(town, second).trip_id) == (bid, later)
    done(town, refuse_bid, second, "late_farm")
    matched(town)
    (row,) = matches(town)
    assert (row.state, the_shipment(town, old.shipment_id).state) == ("stranded", "open")
    assert json.loads(row.found)["why"]["code"] == "no_ride_within_bid"
    look(town)


def test_five_guests_of_a_cancelled_trip_are_all_rematched_or_listed(market):
    """A carrier takes five and cancels; a farm that takes guests at once has room for two of them."""
    farms = [newcomer(market, f"farm{number}") for number in range(5)]
    words = trip_words(market, owner="carrier", regime=Regime.TRANSPORTEUR)
    trip = announce_trip(market.house.desk, market.actor("carrier"), market.ask("carrier"), words)
    bids = [bidden(market, trip, sent(market, 4, farm), 900, who=farm) for farm in farms]
    for bid in bids:
        accepted(market, bid, "carrier")
    instant = another(market, 8, 8, 8, instant=True)
    old = {one.shipment_id: one for one in (the_bid(market, bid) for bid in bids)}
    done(market, cancel_trip, trip, "carrier")
    assert matched(market) == 5
    rows = matches(market)
    assert {row.shipment_id for row in rows} == set(old) and len(rows) == 5
    states = [row.state for row in rows]
    assert 1 <= states.count("riding") <= 2 and set(states) == {"riding", "stranded"}
    assert max(sold(market, instant)) <= 8
    for row in rows:
        crates, found = the_shipment(market, row.shipment_id), json.loads(row.found)
        assert (crates.state == "riding") == (row.state == "riding")
        for new in read(market, bids_by_id, json.loads(row.bids)):
            assert new.price_cents <= new.most_cents <= old[row.shipment_id].most_cents
        if row.state == "stranded":
            assert found["why"]["code"] == "no_ride_within_bid"
            assert [one["ride"] for one in found["offers"] + found["others"]] == [instant]
    before = everything(market)
    assert matched(market) == 0 and everything(market) == before
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)


def test_with_nothing_else_that_day_it_is_listed_told_and_counted_as_unmet(town):
    (old,) = let_down(town)
    matched(town)
    (row,) = matches(town)
    assert (row.state, json.loads(row.found)["offers"]) == ("stranded", [])
    (event,) = told(town, "shipment.stranded")
    assert (
        event.about_id == old.shipment_id and json.loads(event.facts)["why"]["code"] == "no_ride_within_bid"
    )
    day = the_shipment(town, old.shipment_id).day
    with town.house.desk.store.view() as view:
        assert [one.searches for one in list_unmet(view, day, day, 10, 0)] == [1]


def test_who_chose_not_to_be_matched_anew_is_only_told_what_there_is(town):
    trip = another(town, instant=True)
    let_down(town, rematch=False)
    matched(town)
    (row,) = matches(town)
    found = json.loads(row.found)
    assert (row.state, json.loads(row.bids), found["why"]["code"]) == ("stranded", [], "rematch_not_wanted")
    assert [one["ride"] for one in found["offers"]] == [trip]


def test_a_bid_that_its_payer_takes_back_is_not_placed_elsewhere_again(town):
    another(town)
    let_down(town)
    matched(town)
    another(town, owner="late_farm")
    (bid,) = json.loads(matches(town)[0].bids)
    done(town, withdraw_bid, bid, "neighbour")
    matched(town)
    (row,) = matches(town)
    assert (row.state, json.loads(row.bids)) == ("stranded", [bid])


def test_a_payer_that_was_quicker_and_a_shipment_that_is_gone_are_left_alone(town):
    trip = another(town)
    (old,) = let_down(town)
    bid = bidden(town, trip, old.shipment_id, 4_000)
    matched(town)
    assert [(row.state, json.loads(row.bids)) for row in matches(town)] == [("asked", [])]
    accepted(town, bid, "shop_farm")
    matched(town)
    assert matches(town)[0].state == "settled"
    assert told(town, "shipment.rematched") == []


def test_a_cancelled_shipment_looks_for_no_ride(town):
    another(town, instant=True)
    (old,) = let_down(town)
    done(town, cancel_shipment, old.shipment_id, "neighbour")
    matched(town)
    assert matches(town)[0].state == "settled"


def test_a_blocked_pair_is_not_matched(town):
    another(town, instant=True)
    pair = town.parties["neighbour"], town.parties["shop_farm"]
    block_party(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), *pair)
    let_down(town)
    matched(town)
    (row,) = matches(town)
    assert row.state == "stranded"
    assert [one["why"]["code"] for one in json.loads(row.found)["others"]] == ["pair_blocked"]


def test_a_bundle_is_not_torn_apart(town):
    trip = announced(town)
    wanted = tuple(BidWords(trip, sent(town, number), 4_000) for number in (4, 3))
    bundle = place_bundle(
        town.house.desk, town.actor("neighbour"), town.ask("neighbour"), BundleWords("all", wanted)
    )
    accepted(town, read(town, bundle_of, bundle)[0].id)
    another(town, 4, 4, 4, instant=True)
    done(town, cancel_trip, trip, "farm")
    matched(town)
    assert {json.loads(row.found)["why"]["code"] for row in matches(town)} == {"bundle_not_torn"}


def test_a_dearer_instant_trip_is_offered_not_taken(town):
    """It carries for more than the guest paid before: that is the payer's to decide."""
    trip = announced(town)
    first = bidden(town, trip, sent(town), who="neighbour")
    accepted(town, first)
    cheap_cents = the_bid(town, first).price_cents
    dear = another(town, instant=True, owner="shop_farm")
    done(town, cancel_trip, trip, "farm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rematching, "offers_for", dearer(rematching.offers_for, cheap_cents + 1))
        matched(town)
    (row,) = matches(town)
    assert (row.state, [one["ride"] for one in json.loads(row.found)["offers"]]) == ("stranded", [dear])


def dearer(offers_for, floor_cents):
    def found(*words):
        offers = offers_for(*words)
        rides = tuple(replace(one, floor_cents=floor_cents, price_cents=floor_cents) for one in offers.rides)
        return replace(offers, rides=rides)

    return found


def test_two_workers_at_once_place_one_ride(market):
    instant = another(market, instant=True)
    (old,) = let_down(market)
    workers = [threading.Thread(target=matched, args=(market,)) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    matched(market)
    (row,) = matches(market)
    assert (row.state, sold(market, instant)[0]) == ("riding", 4)
    with market.house.desk.store.view() as view:
        placed = list_bids(view, None, Page(), shipment_id=old.shipment_id)[0]
    assert sorted(one.state for one in placed) == ["accepted", "refused"]


def test_what_goes_wrong_three_times_is_left_to_its_payer(town, monkeypatch):
    another(town, instant=True)
    let_down(town)

    def broken(*_words):
        raise RuntimeError

    monkeypatch.setattr(rematching, "decide_match", broken)
    for _ in range(4):
        matched(town)
    (row,) = matches(town)
    assert (row.state, json.loads(row.found)["why"]["code"]) == ("stranded", "match_went_wrong")


def test_a_worker_killed_before_the_commit_leaves_it_to_the_next(town, monkeypatch):
    instant = another(town, instant=True)
    let_down(town)

    def killed(*_words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rematching, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            matched(town)
    assert sold(town, instant)[0] == 0
    matched(town)
    assert (matches(town)[0].state, sold(town, instant)[0]) == ("riding", 4)
