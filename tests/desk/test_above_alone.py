"""Who bids above its own alone is warned and asked, not stopped."""

import pytest

from pooling.desk.market.bids import counter_bid, place_bid, take_counter
from pooling.desk.market.clearing_trips import propose_clearing
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.trips.changing_trips import change_trip
from pooling.regimes import Regime
from tests.desk.bundling import bundled
from tests.desk.market import accepted, books, sent, the_bid, trip_words
from tests.desk.test_market import refused
from tests.desk.test_trip_asks import hired

MEANT = BidTerms(above_alone=True)


def bid_for(town, trip, shipment, cents, terms):
    who = town.actor("neighbour")
    return place_bid(town.house.desk, who, town.ask("neighbour"), trip, shipment, cents, terms)


def dear_ride(town):
    """Four crates that alone cost 15.41 €, and a carrier that asks 20.00 € for them."""
    return hired(town, 500), sent(town)


def test_a_bid_above_alone_is_warned_with_both_amounts_and_rides_where_it_is_meant(town):
    trip, shipment = dear_ride(town)
    refusal = refused(lambda: bid_for(town, trip, shipment, 2_500, BidTerms()))
    assert refusal.code == "dearer_than_alone"
    floor_cents, saved_cents = (int(refusal.facts[name]) for name in ("floor", "saved"))
    assert saved_cents < floor_cents == 2_000
    assert refused(lambda: bid_for(town, trip, shipment, 1_999, MEANT)).code == "bid_below_asked"
    bid = bid_for(town, trip, shipment, 2_500, MEANT)
    accepted(town, bid, "carrier")
    row = the_bid(town, bid)
    assert (row.state, row.price_cents, row.above_alone) == ("accepted", 2_000, True)
    assert books(town).sum_cents == 0


def test_a_clearing_honours_it_at_what_its_own_ride_costs(town):
    trip, shipment = dear_ride(town)
    bid = bid_for(town, trip, shipment, 99_000, MEANT)
    proposal = propose_clearing(town.house.desk, town.actor("carrier"), trip)
    assert proposal.prices == {bid: 2_000} and proposal.exact


def test_over_the_wire_it_is_told_to_its_payer_alone(client, town):
    trip, shipment = dear_ride(town)
    path, wish = f"/api/v1/trips/{trip}/bids", {"shipment": shipment, "most_cents": 2_500}
    warned = client.post(path, json=wish, headers=town.headers("neighbour"))
    assert warned.json()["code"] == "dearer_than_alone"
    placed = client.post(path, json=wish | {"above_alone": True}, headers=town.headers("neighbour")).json()
    read = client.get(f"/api/v1/bids/{placed['id']}", headers=town.headers("carrier")).json()
    assert (placed["above_alone"], read["above_alone"]) == (True, None)


def bundle_for(town, bids, kind="all", terms=MEANT):
    return bundled(town, kind, *bids, above_alone=terms.above_alone)


def test_a_bundle_above_alone_is_warned_for_all_of_it_and_counts_for_what_carrying_all_costs(town):
    trip = hired(town, 500)
    asked = [(trip, sent(town), 99_000), (trip, sent(town), 1_000)]
    refusal = refused(lambda: bundle_for(town, asked, terms=BidTerms()))
    assert refusal.code == "dearer_than_alone" and int(refusal.facts["floor"]) == 4_000
    assert int(refusal.facts["saved"]) < 4_000
    bids = bundle_for(town, asked)
    assert all(the_bid(town, one).above_alone for one in bids)
    proposal = propose_clearing(town.house.desk, town.actor("carrier"), trip)
    assert proposal.exact and sum(proposal.prices.values()) == 4_000
    accepted(town, bids[0], "carrier")
    rows = [the_bid(town, one) for one in bids]
    assert [one.state for one in rows] == ["accepted"] * 2
    assert sum(one.price_cents for one in rows) == 4_000 and books(town).sum_cents == 0
    assert all(one.price_cents <= one.most_cents for one in rows)


def test_of_a_choice_above_alone_the_one_that_is_accepted_pays_what_is_asked(town):
    shipment = sent(town)
    asked = [(hired(town, cents), shipment, 2_500) for cents in (500, 600)]
    refusal = refused(lambda: bundle_for(town, asked, "any", BidTerms()))
    assert (refusal.code, refusal.facts["why_code"]) == ("bundle_bid_refused", "dearer_than_alone")
    bids = bundle_for(town, asked, "any")
    accepted(town, bids[0], "carrier")
    assert [the_bid(town, one).state for one in bids] == ["accepted", "withdrawn"]
    assert the_bid(town, bids[0]).price_cents == 2_000


def countered(town, cents, *, many=1):
    """Bids for crates on a trip for hire whose carrier then wants more a crate than alone costs."""
    trip = hired(town, 0)
    shipments = [sent(town) for _ in range(many)]
    asked = [(trip, one, 1_000) for one in shipments]
    bids = [bid_for(town, *asked[0], BidTerms())] if many == 1 else bundle_for(town, asked, terms=BidTerms())
    words = trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR, asked_cents=500)
    change_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), trip, None, words)
    counter_bid(town.house.desk, town.actor("carrier"), town.ask("carrier"), bids[0], None, cents)
    return bids


@pytest.mark.parametrize("many", [1, 2])
def test_a_counter_above_alone_stands_and_its_payer_is_warned_as_it_takes_it(town, many):
    cents = 2_000 * many
    bids = countered(town, cents, many=many)
    assert [the_bid(town, one).state for one in bids] == ["countered"] * many
    tell_rivals(town.house.desk)
    assert {the_bid(town, one).reason for one in bids} == {""}, "it fits, if its payer means it"
    take = lambda **meant: take_counter(  # noqa: E731
        town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bids[0], None, **meant
    )
    refusal = refused(take)
    assert refusal.code == "dearer_than_alone" and refusal.facts["floor"] > refusal.facts["saved"]
    take(above_alone=True)
    rows = [the_bid(town, one) for one in bids]
    assert {(one.state, one.above_alone) for one in rows} == {("accepted", True)}
    assert sum(one.price_cents for one in rows) == cents


def test_over_the_wire_a_bundle_and_a_counter_are_meant_above_alone(client, town):
    trip = hired(town, 500)
    send = lambda path, words=None: client.post(path, json=words, headers=town.headers("neighbour")).json()  # noqa: E731
    bids = [{"trip": trip, "shipment": sent(town), "most_cents": 2_500} for _ in range(2)]
    wish = {"kind": "all", "bids": bids}
    assert send("/api/v1/bundles", wish)["code"] == "dearer_than_alone"
    placed = send("/api/v1/bundles", wish | {"above_alone": True})
    assert {one["above_alone"] for one in placed["bids"]} == {True}
    (bid,) = countered(town, 2_000)
    path = f"/api/v1/bids/{bid}/take-counter"
    assert send(path)["code"] == "dearer_than_alone"
    taken = send(path, {"above_alone": True})
    assert (taken["state"], taken["above_alone"], taken["price_cents"]) == ("accepted", True, 2_000)
