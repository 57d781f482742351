"""A trip that changes: with guests aboard every promise is kept, or each that would break is named."""

from dataclasses import replace

import pytest

from api.papers.words import words as catalogue
from geodata.refusal import Refusal
from pooling.desk.market.bids import withdraw_bid
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trip_books import load_trip
from pooling.regimes import Regime
from pooling.store.trips import find_trip
from routing.check import check
from tests.desk.market import (
    HOUR,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    owes,
    sent,
    sold,
    the_bid,
    the_trip,
    trip_words,
)
from tests.desk.market_wire import trip_wish
from tests.houses import MORNING

DAY = 24 * HOUR


def changed(town, trip, words, revision=None, who="farm"):
    return change_trip(town.house.desk, town.actor(who), town.ask(who), trip, revision, words)


def refused(town, trip, words, who="farm") -> Refusal:
    with pytest.raises(Refusal) as caught:
        changed(town, trip, words, who=who)
    return caught.value


def aboard(town, trip, who="neighbour", crates=4, end="restaurant") -> str:
    return accepted(town, bidden(town, trip, sent(town, crates, who, end), who=who))


def shifted(words, by_s):
    stops = tuple(
        replace(stop, opens_at=stop.opens_at + by_s, closes_at=stop.closes_at + by_s) for stop in words.stops
    )
    return replace(words, stops=stops)


def book_of(town, trip):
    with town.house.desk.store.view() as view:
        return load_trip(town.house.desk, view, find_trip(view, trip)).book


def promise_of(row):
    return (row.pickup_from_at, row.pickup_until_at, row.drop_from_at, row.drop_until_at)


def test_a_trip_without_guests_changes_as_its_owner_likes(town):
    trip = announced(town)
    changed(town, trip, trip_words(town, 30, 30, 30))
    assert sold(town, trip) == [0, 0, 0]
    assert aboard(town, trip, crates=25)


def test_no_bid_waits_longer_than_its_trip_takes_guests(town):
    trip, earlier = announced(town), MORNING + HOUR
    bid = bidden(town, trip, sent(town, 4))
    assert the_bid(town, bid).expires_at > earlier
    changed(town, trip, trip_words(town, cutoff_at=earlier))
    assert the_bid(town, bid).expires_at == earlier


def test_more_room_and_another_driver_leave_the_guest_as_it_was(town):
    trip = announced(town)
    bid = aboard(town, trip)
    before = the_bid(town, bid)
    changed(town, trip, trip_words(town, 30, 30, 30, driver="Rosa"))
    after = the_bid(town, bid)
    assert the_trip(town, trip).driver == "Rosa"
    assert promise_of(after) == promise_of(before)
    assert (after.state, after.price_cents) == ("accepted", before.price_cents)
    assert sold(town, trip) == [4 if after.first_leg <= leg <= after.last_leg else 0 for leg in range(3)]
    assert check(book_of(town, trip).problem, book_of(town, trip).plan) == ()


def test_a_stop_left_out_keeps_the_guest_on_the_legs_that_are_left(town):
    trip = announced(town)
    bid = aboard(town, trip)
    words = trip_words(town)
    first, restaurant, _shop, home = words.stops
    changed(town, trip, replace(words, stops=(first, restaurant, home)))
    row = the_bid(town, bid)
    assert promise_of(row)[0] <= row.pickup_at <= promise_of(row)[1]
    assert promise_of(row)[2] <= row.drop_at <= promise_of(row)[3]
    assert sold(town, trip) == [4 if row.first_leg <= leg <= row.last_leg else 0 for leg in range(2)]
    assert books(town).sum_cents == 0


def test_a_later_departure_that_breaks_an_hour_is_refused_with_whose(town):
    trip = announced(town)
    bid = aboard(town, trip)
    refusal = refused(town, trip, shifted(trip_words(town), 2 * HOUR))
    assert refusal.code == "change_breaks_promises"
    assert refusal.facts["broken"] == {the_bid(town, bid).shipment_id: ["the hours promised"]}
    assert "Neighbour" in refusal.sentence and "the hours promised" in refusal.sentence
    assert the_trip(town, trip).revision == 2


def test_another_day_breaks_every_hour_that_was_promised(town):
    trip, dairy = announced(town), newcomer(town, "dairy")
    bids = [aboard(town, trip), aboard(town, trip, dairy, 2, "shop")]
    refusal = refused(town, trip, shifted(trip_words(town), DAY))
    assert set(refusal.facts["broken"]) == {the_bid(town, bid).shipment_id for bid in bids}
    assert refusal.facts["count"] == 2 and len(refusal.facts["payers"]) == 2
    assert "Neighbour (the hours promised)" in refusal.sentence and "Dairy (the" in refusal.sentence
    assert "Dairy (les heures promises)" in catalogue("fr").refusal(refusal)[0]


def test_room_that_is_sold_is_not_taken_away(town):
    trip = announced(town)
    bid = aboard(town, trip)
    refusal = refused(town, trip, trip_words(town, 3, 3, 3))
    assert refusal.facts["broken"] == {the_bid(town, bid).shipment_id: ["its room"]}
    changed(town, trip, trip_words(town, 4, 4, 4))
    assert max(sold(town, trip)) == 4


def test_a_detour_that_was_driven_for_a_guest_is_not_taken_back(town):
    trip = announced(town)
    bid = aboard(town, trip)
    refusal = refused(town, trip, trip_words(town, detour_s=0))
    assert refusal.facts["broken"] == {the_bid(town, bid).shipment_id: ["the detour that you allow"]}


def test_a_ground_on_which_the_guest_may_not_ride_is_refused(town):
    trip = announced(town)
    bid = aboard(town, trip)
    refusal = refused(town, trip, trip_words(town, regime=Regime.OWN_ACCOUNT))
    assert refusal.facts["broken"] == {the_bid(town, bid).shipment_id: ["the legal ground"]}


def test_nobody_else_takes_over_a_trip_with_guests(town):
    trip = announced(town)
    aboard(town, trip)
    dairy = newcomer(town, "dairy")

    def joins(tx):
        from pooling.store.people import membership

        duty = {"member_id": town.members["farm"], "party_id": town.parties[dairy]}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, **duty))

    town.house.desk.store.change(joins)
    assert refused(town, trip, trip_words(town, owner=dairy)).code == "guests_aboard"


def test_a_price_is_never_raised_by_a_change_and_money_stays_whole(town):
    trip = announced(town)
    bid = aboard(town, trip)
    before = the_bid(town, bid).price_cents
    words = trip_words(town)
    first, restaurant, _shop, home = words.stops
    changed(town, trip, replace(words, stops=(first, restaurant, home)))
    after = the_bid(town, bid)
    assert after.price_cents <= before <= after.most_cents
    assert owes(town, "neighbour")["pending"] == -after.price_cents
    book = book_of(town, trip)
    assert book.owner_cents <= book.announced_cents


def test_a_guest_that_stays_may_still_leave_and_gives_back_all_its_room(town):
    trip = announced(town)
    bid = aboard(town, trip)
    words = trip_words(town)
    first, restaurant, _shop, home = words.stops
    changed(town, trip, replace(words, stops=(first, restaurant, home)))
    withdraw_bid(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bid, None)
    assert sold(town, trip) == [0, 0]
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}


@pytest.mark.parametrize("seed", range(3))
def test_several_guests_keep_every_promise_or_nothing_changes(town, seed):
    trip = announced(town, 30, 30, 30)
    ends = ["restaurant", "shop", "farm"]
    bids = []
    for number, farm in enumerate(["neighbour", *(newcomer(town, f"farm{n}", "carrier") for n in range(3))]):
        try:
            bids.append(aboard(town, trip, farm, 1 + number, ends[(seed + number) % 3]))
        except Refusal:
            continue
    promised = {bid: promise_of(the_bid(town, bid)) for bid in bids}
    revision = the_trip(town, trip).revision
    taken = 0
    for words in (
        trip_words(town, 12, 12, 12),
        shifted(trip_words(town, 30, 30, 30), 300),
        shifted(trip_words(town, 30, 30, 30), -600),
        trip_words(town, 30, 30, 30, detour_s=600),
    ):
        try:
            changed(town, trip, words)
        except Refusal as refusal:
            assert refusal.code in ("change_breaks_promises", "change_costs_owner")
            assert the_trip(town, trip).revision == revision + taken
            continue
        taken += 1
        book = book_of(town, trip)
        assert check(book.problem, book.plan) == ()
        for bid, hours in promised.items():
            row = the_bid(town, bid)
            assert promise_of(row) == hours
            assert hours[0] <= row.pickup_at <= hours[1] and hours[2] <= row.drop_at <= hours[3]
    assert taken and books(town).sum_cents == 0


def test_the_list_of_broken_promises_is_told_over_the_wire(town, client):
    trip = announced(town)
    bid = aboard(town, trip)
    wish = trip_wish(town, detour_min=0)
    answer = client.put(f"/api/v1/trips/{trip}", json=wish, headers=town.headers("farm"))
    assert answer.status_code == 409 and answer.json()["code"] == "change_breaks_promises"
    assert list(answer.json()["facts"]["broken"]) == [the_bid(town, bid).shipment_id]


def test_whoever_is_not_the_owner_changes_nothing_and_reads_no_names(town, client):
    trip = announced(town)
    aboard(town, trip)
    answer = client.put(f"/api/v1/trips/{trip}", json=trip_wish(town), headers=town.headers("shop"))
    assert answer.status_code == 403 and "Neighbour" not in answer.text
