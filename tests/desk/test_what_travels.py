"""What may travel with a trip: the kinds of goods that its owner takes, asked wherever a ride is decided."""

import pytest

from pooling.desk.market.offers import find_offers
from pooling.desk.trips.naming_goods import GoodsWords, name_goods
from pooling.kinds import ANY_KIND, KIND_WORDS, GoodsKind, in_order, kind_of, kinds_words, read_kinds
from tests.desk.bundling import bundled
from tests.desk.market import accepted, announced, bidden, newcomer, sent, trip_words
from tests.desk.market_wire import crates_wish, series_wish, trip_wish
from tests.desk.test_carpool import asked
from tests.desk.test_changing_trips import changed, refused
from tests.desk.test_market import refused as refusal_of
from tests.desk.test_reserving import reserved

MEAT = frozenset({GoodsKind.MEAT, GoodsKind.POULTRY})


@pytest.mark.parametrize(
    ("temperature", "food", "kind"),
    [("ambient", "", "dry"), ("chilled", "", "cold"), ("frozen", "", "cold"), ("chilled", "meat", "meat")],
)
def test_the_kind_of_goods_is_their_class_of_food_or_else_their_cold(temperature, food, kind):
    assert kind_of(temperature, food) is GoodsKind(kind)
    assert set(KIND_WORDS) == set(GoodsKind) == set(in_order(GoodsKind)), "each kind has its words"
    assert read_kinds(kinds_words(MEAT)) == MEAT and read_kinds("") == ANY_KIND


def test_what_the_owner_does_not_take_is_refused_alone_and_in_a_bundle_and_found_with_that_reason(town):
    trip, open_trip = announced(town, carries=MEAT), announced(town)
    shipment = sent(town)
    refusal = refusal_of(lambda: bidden(town, trip, shipment))
    assert refusal.code == "kind_not_carried" and "change" not in refusal.facts
    assert KIND_WORDS[GoodsKind.DRY] in refusal.sentence and KIND_WORDS[GoodsKind.MEAT] in refusal.what_to_do
    found = find_offers(town.house.desk, town.actor("neighbour"), shipment)
    assert [one.ride_id for one in found.rides] == [open_trip]
    assert {one.ride_id: one.refusal.code for one in found.others} == {trip: "kind_not_carried"}
    pair = [(trip, sent(town, crates, newcomer(town, name)), 1_000) for crates, name in ((2, "dairy"),)]
    pair.append((trip, sent(town, 3, "dairy"), 1_000))
    assert refusal_of(lambda: bundled(town, "all", *pair, who="dairy")).code == "kind_not_carried"


def test_what_it_takes_rides_and_a_change_that_would_leave_it_behind_names_it(town):
    trip = announced(town, carries=frozenset({GoodsKind.DRY}))
    accepted(town, bidden(town, trip, sent(town)))
    refusal = refused(town, trip, trip_words(town, carries=MEAT))
    assert refusal.code == "change_breaks_promises"
    assert [*refusal.facts["broken"].values()] == [["the kind of its goods"]]
    changed(town, trip, trip_words(town, carries=MEAT | {GoodsKind.DRY}))
    changed(town, trip, trip_words(town))


def test_goods_named_for_room_that_was_reserved_are_of_a_kind_that_travels(town):
    trip = announced(town, carries=frozenset({GoodsKind.DRY}))
    bid = accepted(town, reserved(town, trip))
    changed_words = trip_words(town, carries=frozenset({GoodsKind.DRY, GoodsKind.COLD}))
    changed(town, trip, changed_words)
    name_goods(
        town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bid, None, GoodsWords(crates=3)
    )
    meat_only = announced(town, carries=MEAT)
    assert refusal_of(lambda: reserved(town, meat_only)).code == "kind_not_carried"


def test_it_is_said_over_http_by_trips_series_and_journeys(client, town):
    wish = trip_wish(town, carries=["meat", "dry"])
    made = client.post("/api/v1/trips", json=wish, headers=town.headers("farm")).json()
    assert made["carries"] == ["dry", "meat"]
    wish = crates_wish(town, temperature="chilled", food="poultry")
    crates = client.post("/api/v1/shipments", json=wish, headers=town.headers("neighbour")).json()["id"]
    bid = {"shipment": crates, "most_cents": 5_000}
    said = {"Accept-Language": "fr", **town.headers("neighbour")}
    answer = client.post(f"/api/v1/trips/{made['id']}/bids", json=bid, headers=said)
    assert (answer.status_code, answer.json()["code"]) == (409, "kind_not_carried")
    assert "volaille" in answer.json()["detail"] and "viande" in answer.json()["cure"]
    wish = series_wish(town, carries=["dry"])
    series = client.post("/api/v1/trip-series", json=wish, headers=town.headers("farm")).json()
    first = f"/api/v1/trips/{series['occurrences'][0]['trip']}"
    trip = client.get(first, headers=town.headers("farm")).json()
    assert series["carries"] == trip["carries"] == ["dry"]
    assert ["dry", "meat"] in [one["carries"] for one in asked(client, town)]
