"""What was agreed and never done lapses sixty days after the day of its ride, not after it was agreed."""

import pytest

from geodata.refusal import Refusal
from pooling.desk.market.bids import withdraw_bid
from pooling.desk.payments import expire_forgotten
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.trips.trips import cancel_trip
from tests.desk import touring
from tests.desk.market import TOMORROW, accepted, announced, bidden, owes, sent, the_bid, the_trip

DAY_S = 24 * 3600


@pytest.fixture
def ride(town):
    """A ride agreed eighty days before its day."""
    town.clock.at = TOMORROW - 80 * DAY_S
    trip, shipment = announced(town), sent(town)
    bid = bidden(town, trip, shipment)
    accepted(town, bid)
    return trip, shipment, bid


def days_after(town, days):
    town.clock.at = TOMORROW + days * DAY_S
    expire_forgotten(town.house.desk)


def farms(town):
    return town.house.desk, town.actor("farm"), town.ask("farm")


def test_what_was_agreed_early_stands_until_its_day_and_may_be_withdrawn(town, ride):
    _, _, bid = ride
    days_after(town, -10)
    assert owes(town, "neighbour")["pending"] == -the_bid(town, bid).price_cents < 0
    withdraw_bid(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bid, None)
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}


def test_a_ride_that_never_set_out_lapses_and_can_still_be_cancelled(town, ride):
    trip, _, _ = ride
    days_after(town, 60)
    assert owes(town, "neighbour")["pending"] < 0
    days_after(town, 62)
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}
    cancel_trip(*farms(town), trip, None)
    assert the_trip(town, trip).state == "cancelled"


def test_a_run_that_has_begun_is_owed_however_late_its_phone_tells(town, ride):
    trip, shipment, bid = ride
    town.clock.at = TOMORROW - 3600
    manifest = freeze_trip(*farms(town), trip)
    begin_run(*farms(town), manifest)
    days_after(town, 90)
    for way in ("on", "off"):
        hand_over(*farms(town), manifest, HandoverWords(shipment_id=shipment, way=way, crates=4))
    end_run(*farms(town), manifest)
    assert owes(town, "farm") == {"pending": 0, "posted": the_bid(town, bid).price_cents}


def test_a_run_cannot_begin_once_what_was_agreed_for_it_may_lapse(town, ride):
    trip, _, _ = ride
    town.clock.at = TOMORROW - 3600
    manifest = freeze_trip(*farms(town), trip)
    days_after(town, 31)
    with pytest.raises(Refusal) as late:
        begin_run(*farms(town), manifest)
    assert late.value.code == "ride_long_past"
    days_after(town, 30)
    begin_run(*farms(town), manifest)


def test_a_tour_under_way_is_never_half_forgotten(town):
    manifest, shipments = touring.frozen(town)
    carrier = lambda: (town.house.desk, town.actor("carrier"), town.ask("carrier"))  # noqa: E731
    begin_run(*carrier(), manifest)
    days_after(town, 90)
    for shipment in shipments:
        for way in ("on", "off"):
            hand_over(*carrier(), manifest, HandoverWords(shipment_id=shipment, way=way, crates=4))
    end_run(*carrier(), manifest)
    assert owes(town, "carrier")["posted"] > 0 > owes(town, "farm")["posted"]
    assert touring.ledger(town).sum_cents == 0
