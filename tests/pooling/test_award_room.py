"""The room of a trip, bid by bid: what fits on every leg rides, and a full leg is named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pooling.load import Room, Space, Temperature
from tests.pooling.test_award import refused
from tests.pooling.worlds import (
    bidding,
    hours,
    opened,
    shipment,
    trip,
)
from tests.thorough import examples


def test_the_last_crate_that_is_free_on_every_leg_rides_and_one_more_does_not():
    assert bidding(opened(trip(9, 3, 20)), shipment(crates=3))[1] is None
    refusal = refused(opened(trip(9, 3, 20)), shipment(crates=4))
    assert refusal.code == "no_room"
    assert (refusal.facts["leg_from"], refusal.facts["leg_to"]) == ("Town", "Shop")
    assert (refusal.facts["free"], refusal.facts["would_do"]) == (3, 3)


@given(st.integers(1, 12), st.integers(1, 30))
@examples(25)
def test_as_many_crates_as_are_said_to_fit_do_fit_and_not_one_more(free, wanted):
    book = opened(trip(20, free, 20))
    _, refusal = bidding(book, shipment(crates=wanted))
    assert (refusal is None) == (wanted <= free)
    if refusal is not None:
        assert refusal.facts["would_do"] == free
        assert bidding(book, shipment(crates=refusal.facts["would_do"]))[1] is None
        assert bidding(book, shipment(crates=refusal.facts["would_do"] + 1))[1] is not None


def test_a_full_leg_is_said_to_be_full():
    refusal = refused(opened(trip(9, 0, 20)), shipment(crates=1))
    assert refusal.code == "no_room"
    assert refusal.sentence.endswith("has no room for one ambient crate between Town and Shop.")
    three = refused(opened(trip(9, 0, 20)), shipment(crates=3))
    assert three.sentence.endswith("has no room for 3 ambient crates between Town and Shop.")


def test_goods_from_the_trip_s_own_yard_name_the_leg_that_is_short_not_the_yard():
    """Loading in the yard may come before the announced start, where a trip counts as full."""
    stops = (replace(trip(9, 3, 20).stops[0], hours=hours("06:14", "06:15")), *trip(9, 3, 20).stops[1:])
    book = opened(replace(trip(), stops=stops))
    refusal = refused(book, shipment(start="farm", payer="dairy", crates=6, pickup=hours("06:00", "06:20")))
    assert (refusal.facts["leg_from"], refusal.facts["leg_to"]) == ("Town", "Shop")


def test_the_leg_home_is_named_by_its_two_ends_wherever_home_stands_in_the_matrix():
    refusal = refused(opened(trip(9, 9, 2)), shipment(start="shop", end="dairy", payer="dairy", crates=3))
    assert (refusal.facts["leg_from"], refusal.facts["leg_to"]) == ("Shop", "Dairy")
    assert refusal.facts["would_do"] == 2


def test_the_owner_s_own_goods_block_the_leg_they_ride_and_no_other():
    """Nothing free before Town, ten crates after it: Town to Shop rides, Dairy to Town does not."""
    book = opened(trip(0, 10, 0))
    assert bidding(book, shipment(start="town", end="shop", payer="dairy", crates=10))[1] is None
    refusal = refused(book, shipment(start="dairy", end="town", crates=1))
    assert refusal.code == "no_room"
    refusal = refused(book, shipment(start="shop", end="dairy", payer="dairy", crates=1))
    assert refusal.code == "no_room"


def test_a_guest_s_crates_block_its_own_legs_for_the_next_guest():
    book, _ = bidding(opened(trip(5, 5, 5)), shipment("S1", "dairy", "town", 5))
    assert refused(book, shipment("S2", "dairy", "shop", 1)).code == "no_room"
    after, refusal = bidding(book, shipment("S3", "town", "shop", 5, payer="orchard"))
    assert refusal is None and len(after.guests) == 2


def test_where_no_room_of_its_kind_is_announced_nothing_cold_rides():
    refusal = refused(opened(trip()), shipment(temperature=Temperature.CHILLED))
    assert refusal.code == "no_room"
    assert "announces no room for chilled crates" in refusal.sentence
    stops = [replace(s, free=Room(ambient=Space(9), chilled=Space(4))) for s in trip().stops[:-1]]
    cold = replace(trip(), stops=(*stops, trip().stops[-1]))
    assert bidding(opened(cold), shipment(crates=4, temperature=Temperature.CHILLED))[1] is None
    assert refused(opened(cold), shipment(crates=5, temperature=Temperature.CHILLED)).code == "no_room"


def test_a_van_that_is_full_on_every_leg_is_not_said_to_lack_a_compartment():
    refusal = refused(opened(trip(0, 0, 0)), shipment())
    assert refusal.code == "no_room" and "compartment" not in refusal.sentence


def test_a_van_that_may_carry_no_weight_is_said_to_carry_none():
    stops = [replace(s, free=Room(ambient=Space(9), payload_kg=0)) for s in trip().stops[:-1]]
    refusal = refused(opened(replace(trip(), stops=(*stops, trip().stops[-1]))), shipment())
    assert refusal.code == "no_payload"
