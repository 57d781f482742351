"""Who bids above its own alone is warned and asked, not stopped."""

from pooling.desk.market.bids import place_bid
from pooling.desk.market.clearing_trips import propose_clearing
from pooling.desk.market.placing import BidTerms
from tests.desk.market import accepted, books, sent, the_bid
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
