"""Rivals told: bids that wait and no longer fit say why, as long as that is so."""

import json

import pytest

from pooling.desk.market.bids import counter_bid, place_bid, withdraw_bid
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rides import in_both_sights
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.releasing import release_due
from pooling.market.matching import NoRoom
from pooling.money import Cents
from pooling.pricing import DearerThanAlone
from pooling.store.bids import bundle_of
from tests.desk.market import TOMORROW, accepted, announced, bidden, newcomer, read, sent, the_bid, trip_words
from tests.desk.telling import Outside, tell_all
from tests.desk.test_market import refused
from tests.desk.test_reserving import named, reserved


def told(town):
    return tell_rivals(town.house.desk)


def why(town, bid):
    kept = the_bid(town, bid).reason
    return json.loads(kept)["code"] if kept else ""


@pytest.fixture
def rivals(town):
    """Six crates of room; the neighbour bids for four of them, and so does a newcomer."""
    trip = announced(town, 6, 6, 6)
    newcomer(town, "dairy")
    first = bidden(town, trip, sent(town, 4))
    second = bidden(town, trip, sent(town, 4, "dairy"), who="dairy")
    return trip, first, second


def test_a_bid_that_no_longer_fits_is_told_the_true_reason_once(town, rivals):
    _, first, second = rivals
    assert told(town) == 0
    accepted(town, first)
    assert why(town, second) == "", "an acceptance does not wait for the rivals"
    assert (told(town), told(town)) == (1, 0)
    kept = json.loads(the_bid(town, second).reason)
    assert kept["code"] == "no_room" and kept["facts"]["free"] == 2
    assert refused(lambda: accepted(town, second)).sentence == kept["detail"]


def test_it_goes_on_waiting_and_is_told_when_it_fits_again(town, rivals):
    _, first, second = rivals
    accepted(town, first)
    told(town)
    withdraw_bid(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), first, None)
    assert told(town) == 1
    assert (the_bid(town, second).state, why(town, second)) == ("open", "")
    accepted(town, second)
    assert the_bid(town, second).state == "accepted"


def test_only_its_payer_is_mailed(town, rivals):
    _, first, _ = rivals
    outside = Outside()
    accepted(town, first)
    tell_all(town, outside)
    before = len(outside.mails)
    told(town)
    tell_all(town, outside)
    assert [mail.to for mail in outside.mails[before:]] == ["dairy@example.org"]


def test_who_still_fits_is_told_nothing(town):
    trip = announced(town)
    newcomer(town, "dairy")
    first = bidden(town, trip, sent(town, 4))
    second = bidden(town, trip, sent(town, 4, "dairy"), who="dairy")
    accepted(town, first)
    assert told(town) == 0 and the_bid(town, second).revision == 1


def test_a_changed_trip_is_told_to_those_who_wait_for_it(town):
    trip = announced(town, 6, 6, 6)
    bid = bidden(town, trip, sent(town, 4))
    words = trip_words(town, 3, 3, 3)
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, words)
    assert (told(town), why(town, bid)) == (1, "no_room")
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, trip_words(town, 6, 6, 6))
    assert (told(town), why(town, bid)) == (1, "")


@pytest.fixture
def holding(town):
    """Six crates of room: four of them may be held for the neighbour, and a dairy bids for four."""
    trip = announced(town, 6, 6, 6, reserve_percent=100)
    newcomer(town, "dairy")
    room, crates, until = reserved(town, trip), sent(town, 4, "dairy"), BidTerms(expires_at=TOMORROW)
    dairy = town.actor("dairy"), town.ask("dairy")
    return trip, room, place_bid(town.house.desk, *dairy, trip, crates, 5_000, until)


def test_room_that_is_given_back_makes_room_for_those_who_wait(town, holding):
    _, room, bid = holding
    accepted(town, room)
    assert (told(town), why(town, bid)) == (1, "no_room")
    town.clock.at = the_bid(town, room).name_by_at
    release_due(town.house.desk)
    assert (told(town), why(town, bid)) == (1, "")


def test_goods_fewer_than_the_room_make_room_for_those_who_wait(town, holding):
    _, room, bid = holding
    accepted(town, room)
    told(town)
    named(town, room, crates=2)
    assert (told(town), why(town, bid)) == (1, "")


def test_room_that_is_asked_for_is_tried_as_room(town, holding):
    trip, room, bid = holding
    accepted(town, bid)
    assert (told(town), why(town, room)) == (1, "no_room")
    change_trip(
        town.house.desk,
        town.actor("farm"),
        town.ask("farm"),
        trip,
        None,
        trip_words(town, 9, 9, 9, reserve_percent=25),
    )
    assert (told(town), why(town, room)) == (1, "held_enough")


def test_a_bundle_is_told_as_one(town, rivals):
    trip, first, _ = rivals
    newcomer(town, "garden")
    crates = [sent(town, 2, "garden"), sent(town, 2, "garden")]
    words = BundleWords("all", tuple(BidWords(trip, one, 5_000) for one in crates))
    bundle = place_bundle(town.house.desk, town.actor("garden"), town.ask("garden"), words)
    accepted(town, first)
    assert told(town) == 3, "the dairy's bid, and both of the bundle"
    assert {one.reason != "" for one in read(town, bundle_of, bundle)} == {True}


def test_what_the_owner_asked_instead_counts_where_it_is_more(town):
    """A bid too low after an acceptance fits as long as the counter would do."""
    trip = announced(town, owner="farm")
    bid = bidden(town, trip, sent(town, 4), 5_000)
    counter_bid(town.house.desk, town.actor("farm"), town.ask("farm"), bid, None, 6_000)
    newcomer(town, "dairy")
    accepted(town, bidden(town, trip, sent(town, 4, "dairy"), who="dairy"))
    assert told(town) == 0


def test_what_a_clearing_told_is_not_told_anew(town, rivals):
    trip, _, _ = rivals
    shown = list(propose_clearing(town.house.desk, town.actor("farm"), trip).chosen)
    clear_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, shown)
    told(town)
    assert told(town) == 0


def test_the_owner_is_not_told_what_riding_would_spare_a_payer(town):
    """With crates of the same way entered besides, one of them riding spares its payer next to nothing."""
    trip = announced(town)
    newcomer(town, "hill", "neighbour")
    bid = bidden(town, trip, sent(town, 1, "hill"), who="hill")
    sent(town, 1, "hill")
    refusal = refused(lambda: accepted(town, bid))
    assert refusal.code == "dearer_than_alone" and "saved" not in refusal.facts
    newcomer(town, "corner", "carrier")
    accepted(town, bidden(town, trip, sent(town, 4, "corner"), who="corner"))
    assert (told(town), why(town, bid)) == (1, "dearer_than_alone")
    assert "saved" not in the_bid(town, bid).reason


def test_a_second_reason_is_told_in_both_sights_too():
    first = NoRoom(ride="", shipment="", free=1, crates=2, temperature="", leg_from="", leg_to="")
    first.besides = DearerThanAlone(floor=Cents(500), saved=Cents(499))
    assert "4.99" not in str(in_both_sights(first).plain_facts)
