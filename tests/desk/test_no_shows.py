"""Who was not there: noted once, paid for, counted for trust on both sides."""

import pytest

from pooling.desk.market.bids import withdraw_bid
from pooling.desk.people.trust import trust_in
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.no_shows import say_nobody_came
from pooling.desk.trips.trips import cancel_trip
from pooling.people.trust import HANDOVERS_FOR_SCORE, REPORT_WITHIN_S, Record
from pooling.store.events import Reader, events_after
from tests.desk.market import accepted, announced, bidden, owes, sent, sold, the_bid, the_shipment
from tests.desk.test_cancelling import CUTOFF, SETS_OUT, look, riding
from tests.desk.test_market import done, refused


@pytest.fixture
def under_way(town):
    """The neighbour's crates are awaited by the farm's van; returns the bid and the manifest."""
    bid = accepted(town, bidden(town, announced(town), sent(town)))
    driver = town.actor("farm")
    manifest = freeze_trip(town.house.desk, driver, town.ask("farm"), the_bid(town, bid).trip_id)
    begin_run(town.house.desk, driver, town.ask("farm"), manifest)
    return bid, manifest


def noted(town, bid, manifest, **words):
    words = HandoverWords(shipment_id=the_bid(town, bid).shipment_id, way="on", crates=4, **words)
    return hand_over(town.house.desk, town.actor("farm"), town.ask("farm"), manifest, words)


def said(town, bid, who="neighbour"):
    return say_nobody_came(town.house.desk, town.actor(who), town.ask(who), bid)


def record(town, name):
    with town.house.desk.store.view() as view:
        return trust_in(view, town.parties[name])[1]


def told(town, topic):
    with town.house.desk.store.view() as view:
        return [one for one in events_after(view, Reader(everything=True), 0, 1_000) if one.topic == topic]


def test_who_is_not_at_its_pickup_owes_its_price_and_is_counted_once(town, under_way):
    bid, manifest = under_way
    price_cents = the_bid(town, bid).price_cents
    for _ in range(2):
        noted(town, bid, manifest, nobody_there=True)
    assert the_shipment(town, the_bid(town, bid).shipment_id).state == "failed"
    assert owes(town, "neighbour") == {"pending": 0, "posted": -price_cents}
    assert (record(town, "neighbour").no_shows, record(town, "farm").no_shows) == (1, 0)
    assert len(told(town, "no_show.noted")) == 1
    end_run(town.house.desk, town.actor("farm"), town.ask("farm"), manifest)
    assert owes(town, "neighbour") == {"pending": 0, "posted": -price_cents}
    look(town)


def test_what_failed_otherwise_is_no_no_show(town, under_way):
    bid, manifest = under_way
    noted(town, bid, manifest, outcome="failed", note="Not ready")
    assert record(town, "neighbour") == Record()
    assert owes(town, "neighbour")["posted"] == 0


def test_a_payer_says_that_nobody_came_after_the_promised_hour_and_once(town, clock):
    bid = accepted(town, bidden(town, announced(town), sent(town)))
    assert refused(lambda: said(town, bid)).code == "hour_not_over"
    clock.at = the_bid(town, bid).pickup_until_at + 1
    for _ in range(2):
        assert said(town, bid) == bid
    assert (record(town, "farm").no_shows, record(town, "neighbour").no_shows) == (1, 0)
    assert len(told(town, "no_show.noted")) == 1
    assert owes(town, "farm")["posted"] == 0
    look(town)


def test_what_was_agreed_with_a_van_that_did_not_come_lapses_and_its_crates_are_free(town, clock):
    trip = announced(town)
    bid = accepted(town, bidden(town, trip, sent(town)))
    clock.at = the_bid(town, bid).pickup_until_at + 1
    said(town, bid)
    ended = the_bid(town, bid)
    assert ended.state == "refused" and "van_did_not_come" in ended.reason
    assert the_shipment(town, ended.shipment_id).state == "open"
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0} and sold(town, trip) == [0, 0, 0]
    look(town)


def test_who_may_say_it_when_and_of_what(town, clock):
    bid = bidden(town, announced(town), sent(town))
    assert refused(lambda: said(town, bid)).code == "bid_closed"
    accepted(town, bid)
    clock.at = the_bid(town, bid).pickup_until_at + 1
    assert refused(lambda: said(town, bid, "shop")).code == "not_found"
    assert refused(lambda: said(town, bid, "farm")).code == "not_allowed"
    assert refused(lambda: said(town, bid, "operator")).code == "not_allowed"
    clock.forward(REPORT_WITHIN_S + 1)
    assert refused(lambda: said(town, bid)).code == "report_late"


def test_a_driver_that_noted_the_pickup_was_there(town, under_way, clock):
    bid, manifest = under_way
    clock.at = the_bid(town, bid).pickup_until_at + 1
    said(town, bid)
    assert record(town, "farm").no_shows == 1
    noted(town, bid, manifest, happened_at=the_bid(town, bid).pickup_at)  # a phone without network until now
    assert record(town, "farm").no_shows == 0
    assert refused(lambda: said(town, bid)).code == "pickup_noted"


def test_late_cancellations_are_counted_apart_on_both_sides_and_early_ones_not(town, clock):
    _, early = riding(town)
    done(town, withdraw_bid, early["neighbour"], "neighbour")
    _, late = riding(town)
    other, let_down = riding(town)
    clock.at = CUTOFF
    done(town, withdraw_bid, late["neighbour"], "neighbour")
    clock.at = SETS_OUT - 1
    done(town, cancel_trip, other, "farm")
    assert record(town, "neighbour").late_cancellations == record(town, "farm").late_cancellations == 1
    assert (record(town, "neighbour").late_sending, record(town, "farm").late_driving) == (1, 1)
    assert record(town, "farm").no_shows == 0 and let_down


def test_a_van_that_did_not_come_is_an_hour_not_kept():
    hours = HANDOVERS_FOR_SCORE
    assert Record(timed=hours, punctual=hours).score == 100
    assert Record(timed=hours - 1, punctual=hours - 1, not_there_driving=1).score == 80
    assert Record(timed=hours, punctual=hours, not_there_sending=3, late_sending=9).score == 100
    assert Record(timed=hours - 1, punctual=hours - 1).score is None


def test_on_the_wire_who_reads_trust_reads_the_counts_and_only_the_party_what_they_are_made_of(
    town, client, clock
):
    bid = accepted(town, bidden(town, announced(town), sent(town)))
    early = client.post(f"/api/v1/bids/{bid}/no-show", headers=town.headers("neighbour"))
    assert (early.status_code, early.json()["code"]) == (409, "hour_not_over")
    clock.at = the_bid(town, bid).pickup_until_at + 1
    assert client.post(f"/api/v1/bids/{bid}/no-show", headers=town.headers("shop")).status_code == 404
    assert client.post(f"/api/v1/bids/{bid}/no-show", headers=town.headers("neighbour")).status_code == 200
    path = f"/api/v1/parties/{town.parties['farm']}/trust"
    own, strange = (client.get(path, headers=town.headers(who)).json() for who in ("farm", "shop"))
    assert own["record"]["not_there_driving"] == own["no_shows"] == strange["no_shows"] == 1
    assert (strange["record"], strange["late_cancellations"]) == (None, 0)
    assert client.get(path).status_code == 401
