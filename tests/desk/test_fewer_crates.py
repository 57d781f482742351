"""An hour that others count on would be missed: how many crates would still ride is said, and is true."""

from dataclasses import replace

from pooling.desk.goods.shipments import change_shipment
from pooling.desk.trips.trips import announce_trip
from tests.desk.market import TOMORROW, bidden, crates, sent, trip_words
from tests.desk.test_market import refused


def test_of_crates_whose_handling_takes_too_long_so_many_ride_as_the_refusal_names(town):
    words = trip_words(town, hour_cents=0, detour_s=400)
    start, restaurant, *rest = words.stops
    start = replace(start, closes_at=TOMORROW + 60)
    restaurant = replace(restaurant, opens_at=TOMORROW, closes_at=TOMORROW + 2_100)
    words = replace(words, stops=(start, restaurant, *rest), cutoff_at=TOMORROW)
    trip = announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)
    early = TOMORROW + 1_200
    refusal = refused(lambda: bidden(town, trip, sent(town, 20, pickup_by_at=early)))
    assert refusal.code == "promise_would_break" and refusal.facts["change"] == "handled_units"
    enough = refusal.facts["enough"]
    assert 0 < enough < 20 and f"{enough} of its 20 crates" in refusal.what_to_do
    assert (
        refused(lambda: bidden(town, trip, sent(town, enough + 1, pickup_by_at=early))).code
        == "promise_would_break"
    )
    assert bidden(town, trip, sent(town, enough, pickup_by_at=early))


def test_where_both_hours_must_move_the_refusal_names_them_and_they_do(town):
    words = trip_words(town, hour_cents=0, detour_s=1_800)
    start, restaurant, *rest = words.stops
    start = replace(start, closes_at=TOMORROW + 60)
    restaurant = replace(restaurant, opens_at=TOMORROW, closes_at=TOMORROW + 1_500)
    words = replace(words, stops=(start, restaurant, *rest), cutoff_at=TOMORROW)
    trip = announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)
    early = {"pickup_by_at": TOMORROW + 900, "deliver_by_at": TOMORROW + 3_000}
    shipment = sent(town, 20, **early)
    refusal = refused(lambda: bidden(town, trip, shipment))
    assert refusal.code == "promise_would_break"
    assert f"collected at {refusal.facts['pickup']}" in refusal.what_to_do
    pickup, drop = (TOMORROW + _after_six(refusal.facts[name]) for name in ("pickup", "drop"))
    assert pickup > early["pickup_by_at"] and drop > early["deliver_by_at"]
    moved = crates(town, 20, pickup_by_at=pickup, deliver_by_at=drop)
    change_shipment(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), shipment, None, moved)
    assert bidden(town, trip, shipment)


def _after_six(wall):
    return (int(wall[:2]) - 6) * 3_600 + int(wall[3:]) * 60
