"""A shipment's true price and what carrying it emits: who reads it, and what it adds up to."""

from dataclasses import replace

import pytest

from pooling.costs.carbon import emitted, reference_co2_g
from pooling.desk.goods.deposits import party_asks_deposits
from pooling.desk.goods.orders import Filling, OrderWords, accept_order, place_order
from pooling.desk.goods.ride_carbon import carbon_of
from pooling.desk.goods.true_prices import GreenTerms, seen_true_price, share_true_price
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.store.market import shipment as shipments
from pooling.store.orders import find_order
from pooling.store.rows import NotFound
from pooling.store.touring import plan, sign_up, tour
from tests.desk import touring
from tests.desk.carrying import van
from tests.desk.market import TOMORROW, accepted, announced, bidden, ridden, sent, the_bid, the_shipment
from tests.desk.test_custody import Run

HOUR = 3600
USUAL, PRICED = GreenTerms(), GreenTerms(cents_per_tonne=10_000)


def price(town, shipment_id, who="neighbour", terms=USUAL):
    return seen_true_price(town.house.desk, town.actor(who), shipment_id, terms)


def carbon(town, shipment_id):
    with town.house.desk.store.view() as view:
        return carbon_of(town.house.desk, view, touring.row(town, shipments, shipment_id), 150_000)


def ordered(town):
    """Let the restaurant order from the neighbour, who fills it; returns the shipment."""
    desk = town.house.desk
    words = OrderWords(
        buyer_id=town.parties["restaurant"],
        producer_id=town.parties["neighbour"],
        to_site_id=town.sites["restaurant"],
        product="Leeks",
        quantity=30,
        unit="kg",
        price_cents=9_600,
        deliver_from_at=TOMORROW,
        deliver_by_at=TOMORROW + 6 * HOUR,
        note="",
    )
    order_id = place_order(desk, town.actor("restaurant"), town.ask("restaurant"), words)
    filling = Filling(town.sites["neighbour"], "ambient", 4, TOMORROW, TOMORROW + 5 * HOUR)
    accept_order(desk, town.actor("neighbour"), town.ask("neighbour"), order_id, None, filling)
    with desk.store.view() as view:
        return find_order(view, order_id).shipment_id


def test_what_nothing_carries_has_its_goods_and_its_loading_and_no_carbon(town):
    found = price(town, ordered(town), terms=PRICED)
    assert found.price.lines == {"goods": 9_600, "loading": 33} and found.carbon is None


def test_a_deposit_stands_beside_the_price_and_in_no_sum_before_and_after_the_handover(town):
    run = Run(town)
    before = price(town, run.shipment).price
    party_asks_deposits(town.house.desk, town.actor("neighbour"), town.ask("neighbour"),
                        town.parties["neighbour"], {"ambient": 350})  # fmt: skip
    asked = price(town, run.shipment).price
    assert asked.deposit_cents == 6 * 350 and asked.lines == before.lines
    assert asked.total_cents == sum(asked.lines.values()) == before.total_cents
    run.hand("on")
    run.hand("off", crates=4)
    assert price(town, run.shipment).price.deposit_cents == 4 * 350


def test_on_a_trip_the_carriage_is_what_was_agreed_and_nothing_of_it_is_a_fee(town):
    trip, one = announced(town), ordered(town)
    agreed = the_bid(town, accepted(town, bidden(town, trip, one)))
    found = price(town, one, terms=PRICED)
    lines = found.price.lines
    assert (lines["goods"], lines["carriage"], lines["fee"]) == (9_600, agreed.price_cents, 0)
    assert lines["carbon"] == (found.carbon.statement.own.co2_g + 50) // 100
    assert found.price.total_cents == sum(lines.values())
    assert "carbon" not in price(town, one).price.lines


def test_on_a_trip_the_most_it_could_be_is_told_with_what_the_trip_drives_more(town):
    trip, one = announced(town), sent(town)
    accepted(town, bidden(town, trip, one))
    told = carbon(town, one)
    assert 0 < told.added_g < told.statement.own.co2_g
    assert told.statement.reference_g == reference_co2_g(32, 150_000) < told.statement.own.co2_g
    assert told.statement.worse_than_reference


def test_two_shipments_on_one_way_share_what_the_own_van_would_emit(town):
    trip, one = announced(town), sent(town)
    accepted(town, bidden(town, trip, one))
    whole_g = carbon(town, one).statement.alone_g
    sent(town)
    assert 0 < carbon(town, one).statement.alone_g <= whole_g // 2 + 1


def test_what_was_driven_is_read_off_its_manifest_and_stays(town):
    bid = the_bid(town, ridden(town))
    told = carbon(town, bid.shipment_id)
    assert the_shipment(town, bid.shipment_id).state == "delivered" and told.statement.own.co2_g > 0
    assert price(town, bid.shipment_id).price.lines["carriage"] == bid.price_cents


def test_the_parts_of_a_tour_are_all_that_it_drives_before_it_is_frozen_and_after(town):
    tour_id, ups = touring.confirmed(town)
    aboard = [touring.row(town, sign_up, one).shipment_id for one in ups]
    before = [carbon(town, one).statement.own for one in aboard]
    freeze_tour(town.house.desk, town.actor("carrier"), town.ask("carrier"), tour_id)
    after = [carbon(town, one).statement.own for one in aboard]
    assert after == before and all(one.empty_g < one.co2_g for one in before)
    driven = touring.row(town, plan, touring.row(town, tour, tour_id).plan_id)
    assert sum(one.co2_g for one in before) == emitted(driven.distance_m, 0).co2_g


def test_the_shares_of_a_tour_are_card_and_fee_and_the_fees_add_up(town):
    tour_id, ups = touring.confirmed(town)
    rows = [touring.row(town, sign_up, one) for one in ups]
    found = [price(town, one.shipment_id, who) for one, who in zip(rows, ("farm", "neighbour"), strict=True)]
    for one, row in zip(found, rows, strict=True):
        assert one.price.lines["carriage"] + one.price.lines["fee"] == row.share_cents
    assert sum(one.price.lines["fee"] for one in found) == touring.row(town, tour, tour_id).fee_cents


def test_an_electric_van_emits_what_its_grid_does(town):
    tour_id, ups = touring.confirmed(town)
    one = touring.row(town, sign_up, ups[0]).shipment_id
    diesel = carbon(town, one).statement.own.co2_g
    van_id = van(town, energy="electric")
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(tour.update().where(tour.c.id == tour_id).values(vehicle_id=van_id))
    )
    assert 0 < carbon(town, one).statement.own.co2_g * 10 < diesel


@pytest.mark.parametrize("who", ["restaurant", "farm", "shop", "operator", "carrier"])
def test_nobody_else_reads_it_not_even_the_buyer_until_its_producer_wants_that(town, who):
    one = ordered(town)
    with pytest.raises(NotFound):
        price(town, one, who)
    share_true_price(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), one, shared=True)
    if who == "restaurant":
        assert price(town, one, who).price == price(town, one).price
    else:
        with pytest.raises(NotFound):
            price(town, one, who)
    share_true_price(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), one, shared=False)
    with pytest.raises(NotFound):
        price(town, one, who)


def test_over_the_api_it_is_shared_once_and_the_buyer_is_not_told_what_alone_would_emit(town, client):
    trip, one = announced(town), ordered(town)
    accepted(town, bidden(town, trip, one))
    path = f"/api/v1/shipments/{one}/true-price"
    mine = client.get(path, headers=town.headers("neighbour")).json()
    assert sum(line["cents"] for line in mine["lines"]) == mine["total_cents"]
    assert not mine["shared"] and mine["carbon"]["transport_only"] and mine["carbon"]["alone_g"] > 0
    assert client.get(path, headers=town.headers("restaurant")).status_code == 404
    wanted = {"shared": True}
    refused = client.put(f"{path}/sharing", json=wanted, headers=town.headers("restaurant"))
    assert refused.status_code == 404
    for _ in range(2):
        shared = client.put(f"{path}/sharing", json=wanted, headers=town.headers("neighbour", "once"))
        assert shared.status_code == 200 and shared.json()["shared"]
    assert the_shipment(town, one).revision == 3, "entered, riding, shared"
    theirs = client.get(path, headers=town.headers("restaurant")).json()
    assert theirs["lines"] == mine["lines"] and theirs["carbon"]["alone_g"] is None


def test_whoever_sees_a_shipment_is_told_what_carrying_it_emits(town, client):
    trip, one = announced(town), ordered(town)
    path = f"/api/v1/shipments/{one}/co2"
    assert client.get(path, headers=town.headers("restaurant")).json() == {"carbon": None}
    accepted(town, bidden(town, trip, one))
    theirs = client.get(path, headers=town.headers("restaurant")).json()["carbon"]
    assert theirs["alone_g"] is None and theirs["co2_g"] > theirs["upstream_g"] > 0
    assert client.get(path, headers=town.headers("operator")).json()["carbon"]["alone_g"] > 0
    assert client.get(path, headers=town.headers("shop")).status_code == 404


def test_a_house_says_how_far_its_lorry_drives_and_what_carbon_costs(town, client):
    trip, one = announced(town), ordered(town)
    accepted(town, bidden(town, trip, one))
    settings = replace(town.house.settings, reference_km=600, carbon_cents_per_tonne=10_000)
    client.app.state.house = replace(town.house, settings=settings)
    found = client.get(f"/api/v1/shipments/{one}/true-price", headers=town.headers("neighbour")).json()
    assert found["carbon"]["reference_g"] == reference_co2_g(32, 600_000)
    assert [line["name"] for line in found["lines"]] == ["goods", "carriage", "fee", "loading", "carbon"]
    assert [line["paid"] for line in found["lines"]] == [True, True, True, False, False]
