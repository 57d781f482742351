"""Room leg by leg: which legs a guest rides, and what is free on them."""

from dataclasses import replace

from pooling.legs import LegRoom, Stretch, crates_that_fit, fits, sold_on, stretch_of, tightest
from pooling.load import Load, Temperature
from pooling.market.award import open_book
from tests.pooling.worlds import bidding, ground, shipment, trip

LOAD = Load(Temperature.CHILLED, 4, 30)
LEGS = (
    LegRoom((0, 9, 0, 100)),
    LegRoom((0, 6, 0, 100), (0, 3, 0, 0)),
    LegRoom((0, 9, 0, 100), (0, 0, 0, 85)),
)


def ridden(start, end, crates=3, **more):
    book, refusal = bidding(open_book(ground(), trip(20, 20, 20)), shipment("S1", start, end, crates, **more))
    assert refusal is None
    return stretch_of(book.route, "S1")


def test_a_guest_rides_every_leg_on_which_its_crates_are_driven():
    """Farm, Town, Shop and home: the Dairy lies on the first leg."""
    assert ridden("dairy", "town") == Stretch(0, 0)
    assert ridden("dairy", "shop") == Stretch(0, 1)


def test_crates_that_come_aboard_at_a_stop_ride_from_there():
    assert ridden("town", "shop", payer="dairy") == Stretch(1, 1)


def test_room_is_what_is_left_in_crates_and_in_kilos():
    assert [crates_that_fit(leg, LOAD) for leg in LEGS] == [4, 3, 2]
    assert fits(LEGS, Stretch(0, 0), LOAD) and not fits(LEGS, Stretch(0, 1), LOAD)
    assert tightest(LEGS, Stretch(0, 2), LOAD) == 2


def test_what_is_sold_is_sold_on_the_whole_stretch_and_nowhere_else():
    sold = sold_on(LEGS, Stretch(0, 0), LOAD)
    assert [leg.sold for leg in sold] == [(0, 4, 0, 30), (0, 3, 0, 0), (0, 0, 0, 85)]


def test_a_slot_on_legs_that_are_free_is_found_where_the_nearest_one_is_full():
    """The Shop may be served before Town: the leg between them is full, the first is not."""
    book = open_book(ground(), trip(20, 20, 20, detour_min=60))
    full = LegRoom((20, 0, 0, 500), (20, 0, 0, 0))
    free = LegRoom((20, 0, 0, 500))
    kept = replace(book, legs=(free, full, full))
    unkept, _ = bidding(book, shipment("S1", "dairy", "shop", 3))
    taken, _ = bidding(kept, shipment("S1", "dairy", "shop", 3))
    assert stretch_of(unkept.route, "S1") == Stretch(0, 1)
    assert stretch_of(taken.route, "S1") == Stretch(0, 0)
    none_free = replace(book, legs=(full, full, full))
    assert bidding(none_free, shipment("S1", "dairy", "shop", 3))[1].code == "no_room"
