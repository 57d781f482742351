"""A tail lift: what needs one rides where there is one, and a refusal names it."""

import json
from dataclasses import replace

import pytest

from geodata.refusal import Refusal
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.choosing_carrier import candidates, wanted_for
from pooling.desk.tours.tour_planning import plan_tour
from pooling.manifest_json import read_manifest
from pooling.store import touring
from pooling.store.people import site
from pooling.store.rows import changed, found
from pooling.store.touring import manifest
from tests.desk import market
from tests.desk.carrying import active, card, did, van
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
    trip = market.announced(town)
    assert refused(market.bidden, town, trip, shipment) == "no_tail_lift"


def test_only_a_van_with_a_tail_lift_is_chosen_where_one_is_needed(town):
    van_id = lifted(town)
    other = van(town, plate="CD-456-EF", ambient_crates=20, payload_kg=500)
    tour = row(town, touring.tour, proposed(town, vehicle_id=other, ambient_crates=4, payload_kg=100))
    with town.house.desk.store.view() as view:
        wanted = replace(wanted_for(tour), id="", opens_at=tour.opens_at, carrier_id="")
        chosen = {lift: candidates(view, replace(wanted, tail_lift=lift))[0] for lift in (True, False)}
    assert chosen[True].vehicle_id == van_id
    assert chosen[True].tail_lift
