"""A tail lift: what needs one rides where there is one, and a refusal names it."""

import json
from dataclasses import replace

import pytest

from geodata.refusal import Refusal
from pooling.desk.market.offers import find_offers
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.choosing_carrier import candidates, wanted_for
from pooling.desk.tours.tour_planning import plan_tour
from pooling.runs.manifest_json import read_manifest
from pooling.store import touring
from pooling.store.people import site
from pooling.store.rows import changed, found
from pooling.store.touring import manifest
from tests.desk import market
from tests.desk.bundling import bundled
from tests.desk.carrying import active, card, did, van
from tests.desk.market_wire import crates_wish, series_wish, trip_wish
from tests.desk.test_carpool import asked
from tests.desk.test_changing_trips import refused as change_refused
from tests.desk.touring import Watch, joined, proposed, row, sent


def refused(do, *words):
    with pytest.raises(Refusal) as told:
        do(*words)
    return told.value.code


def lifted(town):
    """Bring the carrier in order, with a van that has a tail lift; returns the van."""
    active(town)
    card(town)
    return van(town, tail_lift=True)


def test_pallets_join_no_tour_without_a_tail_lift_and_ride_with_one(town):
    pallets = sent(town, "farm", tail_lift=True)
    assert refused(joined, town, proposed(town), "farm", pallets) == "no_tail_lift"
    van_id = lifted(town)
    tour_id = proposed(town, vehicle_id=van_id, fixed_cents=100, ambient_crates=None, payload_kg=None)
    assert row(town, touring.tour, tour_id).tail_lift
    joined(town, tour_id, "farm", pallets)
    joined(town, tour_id, "neighbour", sent(town, "neighbour"))
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    body = row(town, manifest, did(town, freeze_tour, "carrier", tour_id)).body
    lifts = {each.shipment: each.tail_lift for stop in read_manifest(body).stops for each in stop.handlings}
    assert lifts[pallets] and list(lifts.values()).count(True) == 1
    told = [each for stop in json.loads(body)["stops"] for each in stop["handlings"]]
    assert sum("tail_lift" in each for each in told) == 2


def test_a_site_that_needs_one_asks_it_of_all_that_is_entered_for_it(town):
    def work(tx):
        changed(tx, site, found(tx, site, town.sites["restaurant"]), {"tail_lift": True})

    town.house.desk.store.change(work)
    shipment = market.sent(town)
    assert market.the_shipment(town, shipment).tail_lift
    without, lift = market.announced(town), market.announced(town, tail_lift=True)
    assert refused(market.bidden, town, without, shipment) == "no_tail_lift"
    offers = find_offers(town.house.desk, town.actor("neighbour"), shipment)
    assert [one.ride_id for one in offers.rides] == [lift]
    assert {one.ride_id: one.refusal.code for one in offers.others} == {without: "no_tail_lift"}
    pair = [(without, market.sent(town, 2), 1_000), (without, market.sent(town, 3, end="shop"), 1_000)]
    assert refused(bundled, town, "all", *pair) == "no_tail_lift"


def test_a_van_changed_for_one_without_a_tail_lift_leaves_nobody_behind_who_needs_it(town):
    trip = market.announced(town, tail_lift=True)
    market.accepted(town, market.bidden(town, trip, market.sent(town, tail_lift=True)))
    refusal = change_refused(town, trip, market.trip_words(town))
    assert refusal.code == "change_breaks_promises"
    assert [*refusal.facts["broken"].values()] == [["the tail lift that it needs"]]
    market.accepted(town, market.bidden(town, trip, market.sent(town, 2)))


def test_trips_series_and_journeys_say_it_over_http(client, town):
    made, series = (
        client.post(f"/api/v1/{kind}", json=wish(town, tail_lift=True), headers=town.headers("farm")).json()
        for kind, wish in (("trips", trip_wish), ("trip-series", series_wish))
    )
    trip = f"/api/v1/trips/{series['occurrences'][0]['trip']}"
    first = client.get(trip, headers=town.headers("farm")).json()
    assert made["tail_lift"] and series["tail_lift"] and first["tail_lift"]
    assert any(one["tailLift"] for one in asked(client, town))
    pallets = crates_wish(town, tail_lift=True)
    french = {"Accept-Language": "fr"}
    shipment = client.post("/api/v1/shipments", json=pallets, headers=town.headers("neighbour")).json()["id"]
    other = client.post("/api/v1/trips", json=trip_wish(town), headers=town.headers("farm")).json()["id"]
    bid = {"shipment": shipment, "most_cents": 5_000}
    answer = client.post(f"/api/v1/trips/{other}/bids", json=bid, headers=french | town.headers("neighbour"))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_tail_lift")
    assert "hayon" in answer.json()["detail"] and "trajet" in answer.json()["cure"]


def test_only_a_van_with_a_tail_lift_is_chosen_where_one_is_needed(town):
    van_id = lifted(town)
    other = van(town, plate="CD-456-EF", ambient_crates=20, payload_kg=500)
    tour = row(town, touring.tour, proposed(town, vehicle_id=other, ambient_crates=4, payload_kg=100))
    with town.house.desk.store.view() as view:
        wanted = replace(wanted_for(tour), id="", opens_at=tour.opens_at, carrier_id="")
        chosen = {lift: candidates(view, replace(wanted, tail_lift=lift))[0] for lift in (True, False)}
    assert chosen[True].vehicle_id == van_id
    assert chosen[True].tail_lift
