"""A guest that leaves others aboard who had come for its detour: what it owes, and when it owes no more."""

import pytest

from pooling.desk.market.bids import withdraw_bid
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.trips.trip_books import load_trip
from pooling.desk.trips.trips import cancel_trip
from pooling.pricing import shareable_cost
from pooling.store.trips import find_trip
from tests.desk.market import accepted, announced, bidden, books, newcomer, owes, sent, the_bid


@pytest.fixture
def left(town):
    """Four farms ride from one corner; all but the last leave again, the third at the loss of the owner."""
    trip = announced(town)
    farms = [newcomer(town, f"farm{number}") for number in range(4)]
    bids = {farm: bidden(town, trip, sent(town, 4, farm), who=farm) for farm in farms}
    for bid in bids.values():
        accepted(town, bid)
    for farm in farms[:3]:
        withdrawn(town, farm, bids)
    return trip, bids


def withdrawn(town, farm, bids):
    withdraw_bid(town.house.desk, town.actor(farm), town.ask(farm), bids[farm], None)


def the_book(town, trip):
    with town.house.desk.store.view() as view:
        return load_trip(town.house.desk, view, find_trip(view, trip)).book


def test_the_owner_is_no_worse_off_and_the_difference_is_agreed_not_yet_owed(town, left):
    trip, bids = left
    owed_cents = the_bid(town, bids["farm2"]).owed_cents
    assert owed_cents > 0 and owes(town, "farm2") == {"pending": -owed_cents, "posted": 0}
    book = the_book(town, trip)
    assert book.owner_cents == book.announced_cents and book.left_cents == owed_cents
    assert book.received_cents <= shareable_cost(book.route).total_cents
    assert [the_bid(town, bids[farm]).owed_cents for farm in ("farm0", "farm1")] == [0, 0]


def test_it_is_owed_once_the_trip_has_run(town, left):
    trip, bids = left
    owed_cents = the_bid(town, bids["farm2"]).owed_cents
    who = lambda: (town.actor("farm"), town.ask("farm"))  # noqa: E731
    manifest = freeze_trip(town.house.desk, *who(), trip)
    begin_run(town.house.desk, *who(), manifest)
    for way in ("on", "off"):
        words = HandoverWords(shipment_id=the_bid(town, bids["farm3"]).shipment_id, way=way, crates=4)
        hand_over(town.house.desk, *who(), manifest, words)
    assert owes(town, "farm2")["posted"] == 0
    end_run(town.house.desk, *who(), manifest)
    assert owes(town, "farm2") == {"pending": 0, "posted": -owed_cents}
    paid_cents = owed_cents + the_bid(town, bids["farm3"]).price_cents
    assert owes(town, "farm") == {"pending": 0, "posted": paid_cents}
    assert (books(town).sum_cents, books(town).unbalanced) == (0, 0)


def test_it_is_owed_no_more_where_the_last_guest_leaves_too(town, left):
    _, bids = left
    withdrawn(town, "farm3", bids)
    assert [the_bid(town, bid).owed_cents for bid in bids.values()] == [0, 0, 0, 0]
    assert owes(town, "farm2") == owes(town, "farm") == {"pending": 0, "posted": 0}


def test_it_is_owed_no_more_where_the_owner_cancels_its_trip(town, left):
    trip, bids = left
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None)
    assert the_bid(town, bids["farm2"]).owed_cents == 0
    assert owes(town, "farm2") == owes(town, "farm") == {"pending": 0, "posted": 0}
